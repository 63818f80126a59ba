"""Words for a crowd that give no number: "a large crowd", "many people", "packed the hall" (codebook section 5, last row)."""

from __future__ import annotations

from functools import cache

from headcount.codebook import table
from headcount.coding.quantities import Quantity
from headcount.coding.sizes import SizeMention, ends_like_people
from headcount.coding.sizes import words as size_words
from headcount.text import Text

_REACH = 6
"""Tokens before a crowd in which its article and its size are looked for: "a very large and noisy crowd"."""

_PEOPLE = 4
"""Tokens behind "of" in which the people are named: "of young anti-war protesters"."""

_LIMIT = 3
"""Such phrases of one event that are kept: more of them say nothing new."""


class _Words:
    def __init__(self) -> None:
        book = table("crowds")
        self.crowds = frozenset(book["crowds"]["words"])
        self.groups = frozenset(book["groups"]["words"])
        self.sizes = frozenset(book["sizes"]["words"])
        self.moods = frozenset(book["moods"]["words"])
        self.many = frozenset(book["many"]["words"])
        self.packed = frozenset(book["packed"]["words"])
        self.places = frozenset(book["packed"]["places"])
        self.suffered = frozenset(book["many"]["suffered"])
        self.heads = self.crowds | self.groups | self.many | self.packed


@cache
def _words() -> _Words:
    return _Words()


def find_crowd_words(text: Text, first: int, end: int, sizes: list[SizeMention]) -> list[SizeMention]:
    """The phrases between the tokens ``first`` and ``end`` as size mentions with both ends null; one with a number in it is none.

    ``sizes`` are the numbers of people found there.
    """
    known, lower = _words(), text.lower
    counted = {j for size in sizes for j in range(size.first, size.end)}
    found: list[SizeMention] = []
    i = first
    while i < end and len(found) < _LIMIT:
        span = _phrase(text, i, first, end) if lower[i] in known.heads else None
        if span is None or counted & set(range(span[0], span[1] + 2)):
            i += 1
            continue
        found.append(SizeMention(*span, Quantity(span[0], i, span[1], None, None, False, ""), "", "", ""))
        i = span[1]
    return found


def _phrase(text: Text, i: int, first: int, end: int) -> tuple[int, int] | None:
    """The span of the phrase whose head stands at ``i``, or None where it tells of no crowd."""
    known, lower = _words(), text.lower
    word = lower[i]
    if word in known.packed:
        for j in range(i + 1, min(i + 4, end)):
            if lower[j] in known.places:
                return i, j + 1
            if lower[j] not in ("the", "a", "an", "into", "in", "every", "city", "town", "school", "community", "campaign"):
                break
        return None
    if word in known.many:
        whole = _with_people(text, i, i + 1, end)
        return whole if whole is not None and not known.suffered & set(lower[whole[1] : min(whole[1] + 4, end)]) else None
    start, sized = i, False
    while start > first and i - start < _REACH and lower[start - 1] in known.sizes | known.moods:
        start -= 1
        sized = sized or lower[start] in known.sizes or lower[start] == "only"
    while start < i and lower[start] in (",", "and", "-"):
        start += 1
    article = lower[start - 1] if start > first else ""
    if word in known.groups:
        whole = _with_people(text, i + 2, i + 2, end) if sized and lower[i + 1 : i + 2] == ["of"] else None
        return (start - (article in ("a", "an")), whole[1]) if whole is not None else None
    if not (article in ("a", "an") or sized or word.endswith("s") and start == i and article not in ("the", "these", "those")):
        return None
    whole = _with_people(text, i + 2, i + 2, end) if lower[i + 1 : i + 2] == ["of"] else None
    return start - (article in ("a", "an")), whole[1] if whole is not None else i + 1


def _with_people(text: Text, first: int, start: int, end: int) -> tuple[int, int] | None:
    """The span from ``first`` to the noun for people at most a few words behind ``start``."""
    nouns = size_words().nouns
    for j in range(start, min(start + _PEOPLE, end)):
        if text.lower[j] in nouns or ends_like_people(text.words[j]):
            while j + 1 < end and (text.lower[j + 1] in nouns or text.lower[j + 1] == "-" and text.lower[j + 2 : j + 3] != ["-"]):
                j += 1
            return first, j + 1
        if not (text.words[j][0].isalnum() or text.lower[j] == "-") or text.lower[j] in ("of", "the", "and", "in", "at", "to"):
            return None
    return None

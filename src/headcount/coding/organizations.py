"""Who organised or called a gathering (codebook section 6)."""

from __future__ import annotations

from collections.abc import Set
from functools import cache

from headcount.codebook import table
from headcount.coding.actors import Ranges, Value, unique
from headcount.coding.cast import Cast
from headcount.coding.marks import Marks
from headcount.coding.nearby import triggers_near
from headcount.coding.phrases import Lexicon, clip_to_sentences, split_words, squeeze
from headcount.gazetteer import Gazetteer
from headcount.text import Text

_INSIDE = frozenset("of for the and to against in on de des du la le et y del der für & - '".split())
"""Words of small letters that may stand inside an organisation's name."""

_LISTED = 5
"""Organisations that one list may name."""

_TO_GATHERING = 9
"""Tokens between the verb and the gathering that is its object: "called for a huge national demonstration"."""


class _Words:
    def __init__(self) -> None:
        book = table("actors")["organizations"]
        self.passive = Lexicon({"passive": [p.strip() for p in book["passive"].replace("\n", "|").split("|") if p.strip()]})
        self.active = Lexicon({"active": [p.strip() for p in book["active"].replace("\n", "|").split("|") if p.strip()]})
        self.openers = Lexicon({"opener": book["of_a_group"].split("|")})
        self.nouns = split_words(book["nouns"])
        self.known = split_words(book["known"])
        self.never = split_words(book["never"])
        self.skip = split_words(table("people")["skip"]["words"])
        people = table("actors")["participants"]
        self.people = split_words(people["kinds"]) | split_words(people["general"])


@cache
def _words() -> _Words:
    return _Words()


def code_organizations(marks: Marks, ranges: Ranges, cast: Cast, gazetteer: Gazetteer) -> tuple[Value, ...]:
    """The organisations that called, organised or sponsored the event, by their names in the report."""
    text, known = marks.text, _words()
    named = cast.named
    found: list[Value] = []
    for first, end in clip_to_sentences(text, ranges):
        for hit in known.passive.find(text.lower, first, end):
            if not text.quoted[hit.first] and _tells_of_gathering(marks, hit.first, first, before=True):
                found.extend(_list_from(text, hit.end, end, named, gazetteer))
        for hit in known.active.find(text.lower, first, end):
            if text.quoted[hit.first] or hit.first == first or not _tells_of_gathering(marks, hit.end, end, before=False):
                continue
            stop = hit.first
            relative = text.lower[hit.first] in ("which", "that", "who") or text.lower[stop - 1] in ("which", "that", "who")
            while stop > first and text.lower[stop - 1] in (
                ",",
                "which",
                "that",
                "who",
                "also",
                "has",
                "have",
                "had",
                "is",
                "are",
                "will",
                "jointly",
            ):
                stop -= 1
            organization = _name_before(text, stop, first, named, gazetteer)
            if organization is not None and not (relative and organization[0] in known.people):
                found.append(organization)
    return unique(found)


def _tells_of_gathering(marks: Marks, at: int, limit: int, *, before: bool) -> bool:
    """Is a gathering the subject (or, in the active, the object) of the verb at ``at``?"""
    for trigger in triggers_near(marks, min(at, len(marks.text.words) - 1)):
        if trigger.kind not in ("noun", "plural") and not trigger.lemma.startswith("day"):
            continue
        if before and limit <= trigger.first and trigger.end <= at and at - trigger.end <= 16:
            return True
        if not before and at <= trigger.first < limit and trigger.first - at <= _TO_GATHERING:
            return True
    return False


def _list_from(text: Text, i: int, end: int, named: Set[int], gazetteer: Gazetteer) -> list[Value]:
    """The organisations listed from the token ``i`` on."""
    known = _words()
    found: list[Value] = []
    while i < end and len(found) < _LISTED:
        opener = known.openers.at(text.lower, i, end)
        if opener is not None:
            i = opener.end
        while i < end and text.lower[i] in ("the", "a", "an", "local", "both", "including"):
            i += 1
        if i >= end:
            break
        stop = _name_end(text, i, end)
        if stop == i or any(k in named for k in range(i, stop)) or not _is_organization(text, i, stop, gazetteer, listed=True):
            break
        found.append((squeeze(text.quote(i, stop)), text.span(i, stop)))
        i = stop
        if i < end and text.lower[i] in (",", "and", "&", "with"):
            i += 1 + (i + 1 < end and text.lower[i + 1] == "and")
        else:
            break
    return found


def _name_end(text: Text, i: int, end: int) -> int:
    """Where the name that begins at ``i`` ends: capitalised words, small words between them, an acronym in brackets."""
    known, stop, j = _words(), i, i
    while j < end and j - i < 14:
        word = text.words[j]
        if word[0].isupper() or word[0].isdecimal() and j > i:
            j += 1
            stop = j
        elif word in ("'s", "’s") and stop == j:
            j += 1
        elif word in "-‐‑" and stop == j and j + 1 < end and text.starts[j + 1] == text.ends[j]:
            j += 2
            stop = j
        elif stop > i and text.lower[j] in known.nouns and text.lower[j] != "action":
            j += 1
            stop = j
        elif stop > i and text.lower[j] in _INSIDE and j + 1 < end and _goes_on(text, i, j, end):
            j += 1
        else:
            break
    if stop + 2 < end and text.words[stop] == "(" and text.words[stop + 2] == ")" and text.words[stop + 1][:2].isupper():
        stop += 3
    return stop


def _goes_on(text: Text, i: int, j: int, end: int) -> bool:
    """Does the name go on behind the small word at ``j`` ("Coalition for Justice", but "Unite and the Students")?"""
    word = text.lower[j]
    following = text.words[j + 1]
    if word in ("and", "&"):
        joined = (
            following[0].isupper()
            and j + 2 < end
            and text.lower[j + 2] in _words().nouns
            and text.lower[j - 1] not in _words().nouns
            and not text.words[j - 1].isupper()
        )
        return joined and text.words[i] not in _words().known
    if word in ("the", "of", "for", "to", "against", "de", "des", "du", "la", "le", "del", "der"):
        return following[0].isupper() or following in ("the", "la", "les")
    if word in ("in", "on"):
        return False
    return following[0].isupper()


def _name_before(text: Text, stop: int, first: int, named: Set[int], gazetteer: Gazetteer) -> Value | None:
    """The organisation whose name ends right before the token ``stop``."""
    low = stop
    if low > first and text.words[low - 1] == ")" and low - 3 > first and text.words[low - 3] == "(":
        low -= 3
    while low > first and stop - low < 12:
        word = text.words[low - 1]
        if (
            word[0].isupper()
            or word in ("'s", "’s")
            or text.lower[low - 1] in _words().nouns
            or low < stop
            and text.lower[low - 1] in _INSIDE
            and low - 2 >= first
            and (text.words[low - 2][0].isupper() or text.lower[low - 1] == "the" and text.lower[low - 2] in _INSIDE)
        ):
            low -= 1
        else:
            break
    while low < stop and (
        text.lower[low] in ("the", "a", "an", "and", "of", "for", "to", "in", "on", "&", "-", "'")
        or text.lower[low] in _words().skip
        and low == text.sentences[text.sentence_of[low]][0]
    ):
        low += 1
    if low >= stop or any(k in named for k in range(low, stop)) or not _is_organization(text, low, stop, gazetteer, listed=False):
        return None
    return squeeze(text.quote(low, stop)), text.span(low, stop)


def _is_organization(text: Text, first: int, stop: int, gazetteer: Gazetteer, *, listed: bool) -> bool:
    """Do the words name an organisation, by a word of organisations, an acronym, or the list of known ones?"""
    known = _words()
    words, lower = text.words[first:stop], text.lower[first:stop]
    if (
        lower[0] in known.never
        or lower[-1] in known.never
        and lower[-1] not in known.nouns
        or len(words) == 1
        and lower[0] in known.people
    ):
        return False
    if not any(word[0].isupper() for word in words):
        return False
    if any(word in known.nouns for word in lower) or words[0] in known.known:
        return len(words) > 1 or words[0] in known.known
    if any(word.isupper() and 2 <= len(word) <= 8 for word in words):
        return not gazetteer.find(" ".join(words))
    if gazetteer.find(" ".join(words)) or gazetteer.namesake(lower[0]) == "word" and len(words) == 1:
        return False
    return len(words) >= 3 or listed and (len(words) == 2 or first != text.sentences[text.sentence_of[first]][0])

"""The words that tell of a gathering: what kind it is, and in which form the report says it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.text import Text

KINDS = ("noun", "plural", "past", "present", "ing", "agent", "weak")


class Trigger(NamedTuple):
    """A word or phrase of the codebook at the tokens ``first`` to ``end`` (half-open)."""

    first: int
    end: int
    event_type: str
    kind: str
    lemma: str


@cache
def _lexicon() -> dict[str, list[tuple[tuple[str, ...], str, str]]]:
    """Phrases by their first word, longest first; an earlier group of the codebook wins over a later one."""
    phrases: dict[tuple[str, ...], tuple[str, str]] = {}
    for group in table("forms")["trigger"]:
        for kind in KINDS:
            for phrase in group.get(kind, ()):
                phrases.setdefault(tuple(phrase.split()), (group["type"], kind))
    lexicon: dict[str, list[tuple[tuple[str, ...], str, str]]] = {}
    for parts, (event_type, kind) in phrases.items():
        lexicon.setdefault(parts[0], []).append((parts, event_type, kind))
    for found in lexicon.values():
        found.sort(key=lambda entry: -len(entry[0]))
    return lexicon


@cache
def _months_that_are_words() -> frozenset[str]:
    return frozenset(table("dates")["months"])


def find_triggers(text: Text) -> list[Trigger]:
    """All trigger words in the order of the text, the longest phrase at each place."""
    lexicon = _lexicon()
    lower, words, count = text.lower, text.words, len(text.lower)
    found: list[Trigger] = []
    i = 0
    while i < count:
        entries = lexicon.get(lower[i])
        if entries:
            for parts, event_type, kind in entries:
                end = i + len(parts)
                if len(parts) > 1 and tuple(lower[i:end]) != parts:
                    continue
                if lower[i] == "march" and words[i][0] == "M" and _is_month(text, i):
                    break
                if kind == "noun" and "present" in _kinds(parts) and _is_verb(text, i):
                    kind = "present"
                found.append(Trigger(i, end, event_type, kind, " ".join(parts)))
                i = end - 1
                break
        i += 1
    return found


@cache
def _kinds(parts: tuple[str, ...]) -> frozenset[str]:
    phrase = " ".join(parts)
    return frozenset(kind for group in table("forms")["trigger"] for kind in KINDS if phrase in group.get(kind, ()))


def _is_month(text: Text, i: int) -> bool:
    """Is the capitalised "March" at ``i`` the month?"""
    before = text.lower[i - 1] if i else ""
    after = text.lower[i + 1] if i + 1 < len(text.lower) else ""
    return (
        before[:1].isdecimal()
        or after[:1].isdecimal()
        or before in ("in", "since", "of", "last", "until", "by", "early", "late", "this", "mid", "from", "and")
        or after == ","
    )


def _is_verb(text: Text, i: int) -> bool:
    """Is a word that may be noun or verb ("march", "protest") a verb here, by the word before it?"""
    before = text.lower[i - 1] if i else ""
    return before in (
        "to",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "should",
        "must",
        "they",
        "we",
        "you",
        "who",
        "people",
        "students",
        "workers",
        "not",
        "n't",
        "don't",
        "didn't",
        "did",
        "i",
        "and",
        "or",
        "also",
        "then",
        "shall",
        "let's",
        "please",
    )

"""Is a named person a public figure here? The cues beside the name: titles, offices, and what stands behind it."""

from __future__ import annotations

from functools import cache
from typing import Literal

from headcount.codebook import table
from headcount.coding.phrases import Lexicon, split_words
from headcount.coding.runs import Run
from headcount.text import Text

_REACH = 10
"""Tokens behind a name in which the words that tell of an office are looked for."""

_STOPS = frozenset("of for with whose that which at from by in on to against who and".split())
"""Behind one of these the words tell of somebody or something else: "a friend of the president"."""

_COPULAS = frozenset("is was became remains".split())


class _Words:
    def __init__(self) -> None:
        book = table("people")
        self.offices = split_words(book["offices"]["words"])
        self.phrases = Lexicon({"office": book["offices"]["phrases"]})
        self.void = frozenset(book["offices"]["void"]) - {"former", "ex", "member"}
        self.cases = tuple(tuple(phrase.split()) for phrase in book["cases"]["phrases"])
        self.roles = split_words(book["roles"]["words"])
        self.family = split_words(book["family"]["words"])
        self.courtesy = split_words(book["titles"]["courtesy"])
        self.led = split_words(book["offices"]["led"])
        self.plain: str = book["roles"]["plain"]


@cache
def _words() -> _Words:
    return _Words()


def judge_standing(text: Text, run: Run) -> tuple[Literal["public", "private", "case"], str]:
    """(standing, role) of the person at ``run``: private unless a cue right here makes the person public."""
    role = _read_role(text, run)
    if run.office or _leads_a_crowd(text, run):
        return "public", ""
    if _is_case(text, run):
        return "case", ""
    behind = _office_behind(text, run)
    if behind == "office":
        return "public", ""
    if _office_before(text, run) and behind != "role":
        return "public", ""
    return "private", role


def _leads_a_crowd(text: Text, run: Run) -> bool:
    """Is it the person's own rally, campaign or government ("at Dale Hutchenson's rally")?"""
    behind = text.lower[run.end : run.end + 3]
    return len(behind) == 3 and behind[0] in ("'s", "’s") and any(word in _words().led for word in behind[1:])


def _is_case(text: Text, run: Run) -> bool:
    known = _words()
    before = tuple(text.lower[max(0, run.first - 7) : run.first])
    for phrase in known.cases:
        if before[-len(phrase) :] == phrase:
            return True
        if len(phrase) > 1 and len(before) > len(phrase):
            # "killing of teenager Michael Brown", "death of 14-year-old X"
            for skipped in (1, 2, 3):
                cut = before[: len(before) - skipped]
                tail = before[len(before) - skipped :]
                if cut[-len(phrase) :] == phrase and all(
                    w in known.roles
                    or w in ("black", "unarmed", "young", "old", "-", "year", "local", "a", "the")
                    or w[0].isdecimal()
                    for w in tail
                ):
                    return True
    return False


def _head_tells(text: Text, first: int, end: int) -> str:
    """What the words of an apposition say: "office", "role" (of a private person) or ""."""
    known = _words()
    lower = text.lower
    told = ""
    for i in range(first, end):
        word = lower[i]
        possessed = i + 1 < end and lower[i + 1] in ("'s", "’s")
        hit = known.phrases.at(lower, i, end)
        if hit is not None:
            return "office" if told != "void" else "role"
        if word in known.void and not possessed:
            told = "void"
        elif word in known.offices and not possessed and told != "void":
            return "office"
        elif word in known.roles:
            told = told or "role"
        if word in _STOPS and i > first and word != "and":
            break
        if word in '.;:!?()"“”' or (word == "," and i > first):
            break
        if word in ("said", "says", "told", "added", "wrote"):
            break
    return "role" if told else ""


def _office_behind(text: Text, run: Run) -> str:
    """What stands behind the name: "office", "role" or ""."""
    lower, end, count = text.lower, run.end, len(text.lower)
    sentence_end = text.sentences[text.sentence_of[run.first]][1]
    limit = min(end + _REACH, sentence_end, count)
    if end >= limit:
        return ""
    word = lower[end]
    if word in ("mp", "mep", "msp", "td", "mla", "mpp"):
        return "office"
    if word == "(":
        inner = text.words[end + 1 : end + 4]
        if inner[:1] and inner[0] in ("D", "R", "I", "Labour", "Lab", "Con", "Tory", "LD", "Democrat", "Republican"):
            return "office"
        return _head_tells(text, end + 1, limit)
    if word in ("—", "–", "-"):
        return _head_tells(text, end + 1, limit)
    if word == ",":
        i = end + 1
        if i < limit and lower[i][0].isdecimal():  # an age between two commas
            i += 1
            if i < limit and lower[i] == ",":
                i += 1
        if text.words[i : i + 2] in (["D", "-"], ["R", "-"], ["D", "–"], ["R", "–"]):
            return "office"
        if i < limit and lower[i] == "who":
            hit = _words().phrases.at(lower, i, limit)
            if hit is not None:
                return "office"
            if lower[i + 1 : i + 2] in (["is"], ["was"]):
                return _head_tells(text, i + 2, limit)
            return ""
        return _head_tells(text, i, limit)
    if word in _COPULAS:
        return "office" if _head_tells(text, end + 1, min(limit, end + 7)) == "office" else ""
    if word in ("of", "from", "for") or word == "with":
        return ""
    hit = _words().phrases.at(lower, end, limit)
    return "office" if hit is not None else ""


def _office_before(text: Text, run: Run) -> bool:
    """Does an office stand right before the name: "union leader X", "the chief executive, X", "general secretary of Y X"?"""
    known = _words()
    lower = text.lower
    low = text.sentences[text.sentence_of[run.first]][0]
    i = run.first - 1
    if run.courtesy and i > low:
        i -= 1 + (lower[i] == ".")  # "our chair, Prof. Leonard Quayle"
    comma = i >= low and lower[i] in (",", ":")
    if comma:
        i -= 1
    if i >= low and lower[i] == "." and lower[i - 1] in known.offices:
        i -= 1
    if i < low:
        return False
    if _of_relation(text, low, i):
        return False
    if lower[i] in known.offices or lower[i] == "executive" and lower[i - 1 : i] == ["chief"]:
        return not _is_plural_head(lower[i]) or not comma
    if (
        lower[i] in ("official", "officials", "officer", "boss")
        and lower[i - 1 : i]
        and lower[i - 1] in ("union", "press", "party", "national", "regional", "executive")
    ):
        return True
    # "president of the union, X", "mayor of London X": an office with its "of", no family word between
    j = i
    while j >= low and j > i - 9:
        word = lower[j]
        if word in known.family or word in known.roles and word not in known.offices:
            return False
        if word in known.offices and j + 1 <= i and lower[j + 1] in ("of", "for", "at"):
            owner = any(w in known.family or w in ("'s", "’s") for w in lower[max(low, j - 1) : j])
            return not owner and lower[max(low, j - 2) : j][:1] != ["of"]
        if (
            word in '.;:!?()"“”,'
            or word in ("said", "and", "who", "with", "told", "was", "were", "by", "to", "that", "from")
            or (
                not text.words[j][0].isupper()
                and word not in ("of", "the", "for", "at", "in", "&")
                and word not in known.offices
                and len(word) < 3
            )
        ):
            return False
        j -= 1
    return False


def _of_relation(text: Text, low: int, i: int) -> bool:
    """Is the office at ``i`` somebody else's, of whom the person is a relation or a friend ("the wife of the president, X")?"""
    known = _words()
    for j in range(i, max(low, i - 6), -1):
        if text.lower[j] == "of":
            return text.lower[j - 1] in known.family or text.lower[j - 1] in known.void
        if text.lower[j] in (",", ";", "said"):
            return False
    return False


def _is_plural_head(word: str) -> bool:
    return word in ("leaders", "candidates", "organisers", "organizers", "spokespeople")


def _read_role(text: Text, run: Run) -> str:
    """What a private person is ("a student"): the noun before the name, or the head of the words behind it."""
    known = _words()
    lower = text.lower
    low, high = text.sentences[text.sentence_of[run.first]]
    i = run.first - 1
    if i >= low and lower[i] in known.roles:
        return _with_article(lower[i])
    end = run.end
    limit = min(end + 10, high)
    if end < limit and lower[end] in (",", "(", "—", "–"):
        j = end + 1
        while j < limit and (
            lower[j][0].isdecimal() or lower[j] in (",", "a", "an", "the", "aged", "who", "is", "was", "one", "of")
        ):
            j += 1
        found = ""
        while j < limit:
            word = lower[j]
            if word in known.roles and lower[j + 1 : j + 2] not in (["'s"], ["’s"]):
                found = word
            elif found or word in _STOPS or not word[0].isalpha():
                break
            j += 1
        if found:
            return _with_article(found)
    return known.plain


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"

"""What came of a gathering: arrests, injuries, deaths, damage, measures, and how it compares (codebook section 6)."""

from __future__ import annotations

from functools import cache
from typing import Literal, cast

from headcount.codebook import table
from headcount.coding.actors import Ranges
from headcount.coding.marks import Marks
from headcount.coding.phrases import Hit, Lexicon, clip_to_sentences, split_words, squeeze
from headcount.coding.quantities import Quantity, read_quantity
from headcount.coding.quantities import words as number_words
from headcount.models import Comparison, Outcome
from headcount.text import Text

Variable = Literal[
    "arrests", "injuries_crowd", "injuries_police", "deaths",
    "property_damage", "police_measures", "participant_measures", "chemical_agents",
]  # fmt: skip

_COMPARED_WORDS = 10
"""Words that tell what an event is compared with."""


def _phrases(listed: str) -> list[str]:
    return [phrase.strip() for phrase in listed.split("|") if phrase.strip()]


class _Words:
    def __init__(self) -> None:
        book = table("outcomes")
        counted = book["counted"]
        self.counted = Lexicon({kind: _phrases(counted[kind]) for kind in ("arrests", "injuries", "deaths")})
        self.none = Lexicon({"none": _phrases(counted["none"])})
        self.police = frozenset(_phrases(counted["police_nouns"]))
        self.reach = int(counted["reach"])
        self.gaps = split_words(counted["gaps"])
        self.void = Lexicon({"void": [w.replace("_", " ") for w in counted["void"].split()]})
        self.void_deaths = Lexicon({"void": [w.replace("_", " ") for w in counted["void_deaths"].split()]})
        self.measures = Lexicon({kind: _phrases(words) for kind, words in book["measures"].items() if kind != "why"})
        compare = book["comparison"]
        self.than = Lexicon({side: _phrases(compare[side]) for side in ("larger", "smaller", "same")})
        self.since = Lexicon({"larger": _phrases(compare["since_larger"]), "smaller": _phrases(compare["since_smaller"])})
        self.times = split_words(compare["times"])


@cache
def _words() -> _Words:
    return _Words()


def code_outcomes(marks: Marks, ranges: Ranges) -> tuple[Outcome, ...]:
    """All outcomes told in the ranges, each variable's number or words once."""
    text, known = marks.text, _words()
    found: dict[tuple[str, object, object, str], Outcome] = {}
    for first, end in clip_to_sentences(text, ranges):
        absent = [hit for hit in known.none.find(text.lower, first, end) if not text.quoted[hit.first]]
        for hit in absent:
            variable = _kind(text, _named(text, hit), hit.first, hit.end)
            _keep(
                found,
                Outcome(
                    variable=variable,
                    text=squeeze(text.quote(hit.first, hit.end)),
                    low=0,
                    high=0,
                    span=text.span(hit.first, hit.end),
                ),
            )
        taken = {i for hit in absent for i in range(hit.first, hit.end)}
        if next(known.void.find(text.lower, first, end), None) is None:
            for hit in known.counted.find(text.lower, first, end):
                if text.quoted[hit.first] or hit.first in taken:
                    continue
                if hit.label == "deaths" and next(known.void_deaths.find(text.lower, first, end), None) is not None:
                    continue
                outcome = _counted(text, hit, first, end)
                if outcome is not None:
                    _keep(found, outcome)
        for hit in known.measures.find(text.lower, first, end):
            if not text.quoted[hit.first] and not _unreal(text, hit.first, first):
                words = squeeze(text.quote(hit.first, hit.end))
                _keep(found, Outcome(variable=cast("Variable", hit.label), text=words, span=text.span(hit.first, hit.end)))
    return tuple(found.values())


def _keep(found: dict[tuple[str, object, object, str], Outcome], outcome: Outcome) -> None:
    words = outcome.text.casefold() if outcome.low is None and outcome.high is None else ""
    found.setdefault((outcome.variable, outcome.low, outcome.high, words), outcome)


def _named(text: Text, hit: Hit) -> str:
    words = " ".join(text.lower[hit.first : hit.end])
    return "arrests" if "arrest" in words else "deaths" if "death" in words else "injuries"


def _unreal(text: Text, at: int, first: int) -> bool:
    """Is it told as what might have been: "threatened to", "without", "not"?"""
    return any(
        word in ("not", "without", "no", "if", "would", "could", "never", "didn't") for word in text.lower[max(first, at - 4) : at]
    )


def _kind(text: Text, label: str, low: int, high: int) -> Variable:
    """Whose injuries: those of police where a word for police stands between the number and the verb."""
    if label != "injuries":
        return cast("Variable", label)
    return "injuries_police" if any(text.lower[i] in _words().police for i in range(low, high)) else "injuries_crowd"


def _counted(text: Text, hit: Hit, first: int, end: int) -> Outcome | None:
    """The number of a counted outcome: before its word ("35 people were arrested") or behind it ("arrested 35 people")."""
    if _unreal(text, hit.first, first):
        return None
    before = _number_before(text, hit.first, first)
    if before is not None:
        quantity, stop = before, hit.end
        low = quantity.first
    else:
        behind = _number_behind(text, hit.end, end)
        if behind is None or text.lower[hit.first] in ("died", "dead", "hurt") or text.lower[hit.first] == "arrests":
            return None
        quantity, low, stop = behind, hit.first, _noun_end(text, behind.end, end)
    if quantity.vague and quantity.low is None:
        return None
    variable = _kind(text, hit.label, low, stop)
    return Outcome(
        variable=variable, text=squeeze(text.quote(low, stop)), low=quantity.low, high=quantity.high, span=text.span(low, stop)
    )


def _noun_end(text: Text, i: int, end: int) -> int:
    stop = i
    while (
        stop < end
        and stop - i < 3
        and text.lower[stop][0].isalpha()
        and (text.lower[stop] in _words().gaps or text.lower[stop] in _words().police)
    ):
        stop += 1
        if text.lower[stop - 1] not in ("of", "the", "police", "more", "other"):
            break
    return stop


def _number_before(text: Text, at: int, first: int) -> Quantity | None:
    """The number phrase that ends before ``at`` with only its noun and auxiliaries between."""
    known = _words()
    i = at - 1
    while i >= first and at - i <= known.reach:
        word = text.lower[i]
        if word[0].isdecimal() or word in number_words().starters and word not in ("a", "m", "k", "one", "many", "few"):
            start = i
            while start > first and (text.lower[start - 1][0].isdecimal() or text.lower[start - 1] in number_words().starters):
                start -= 1
            for core in range(start, i + 1):
                quantity = read_quantity(text.lower, core)
                if quantity is not None and quantity.first >= first and quantity.end <= at and _is_of_people(text, quantity):
                    return quantity
            return None
        if not (
            word in known.gaps
            or word in known.police
            or word.endswith("ly")
            or word.endswith("s")
            and word.isalpha()
            and i + 4 > at
        ):
            return None
        i -= 1
    return None


def _number_behind(text: Text, at: int, end: int) -> Quantity | None:
    known = _words()
    for i in range(at, min(end, at + 4)):
        word = text.lower[i]
        if word[0].isdecimal() or word in number_words().starters and word not in ("a", "m", "k", "many", "few"):
            quantity = read_quantity(text.lower, i)
            if quantity is None or quantity.end > end or not _is_of_people(text, quantity):
                return None
            after = text.lower[quantity.end : quantity.end + 3]
            return (
                quantity
                if any(w in known.gaps or w in known.police or w == "," or w == "." or w.endswith("s") for w in after[:2])
                or not after
                else None
            )
        if word not in (
            "at",
            "least",
            "about",
            "around",
            "more",
            "than",
            "some",
            "up",
            "to",
            "nearly",
            "over",
            "another",
            "a",
            "total",
            "of",
            "as",
            "many",
        ):
            return None
    return None


def _is_of_people(text: Text, quantity: Quantity) -> bool:
    """No year, no sum of money, no time."""
    core = quantity.core
    after = text.lower[quantity.end] if quantity.end < len(text.lower) else ""
    if (
        core
        and text.words[core - 1] in "$£€"
        or after in ("%", "percent", "per", "years", "year", "-", "minutes", "hours", "days", "miles")
    ):
        return False
    word = text.lower[core]
    return not (word.isdecimal() and len(word) == 4 and 1900 <= int(word) <= 2099)


def code_comparison(marks: Marks, ranges: Ranges) -> Comparison | None:
    """The first statement that sets the event against an earlier one; it is no event itself."""
    text, known = marks.text, _words()
    for first, end in clip_to_sentences(text, ranges):
        for hit in known.since.find(text.lower, first, end):
            at = next((i for i in range(hit.end, min(end, hit.end + 14)) if text.lower[i] == "since"), None)
            if at is not None and not text.quoted[hit.first]:
                return _compared(text, hit, at, end)
        for hit in known.than.find(text.lower, first, end):
            if text.quoted[hit.first] or not (
                marks.triggers_in[text.sentence_of[first]] or marks.sizes_in[text.sentence_of[first]] or _of_crowd(text, first, end)
            ):
                continue
            at = next((i for i in range(hit.end, min(end, hit.end + 8)) if text.lower[i] == "than"), None)
            if at is None and text.lower[hit.first] in (
                "double",
                "twice",
                "half",
                "down",
                "up",
                "outnumbered",
                "exceeded",
                "as",
                "matched",
                "similar",
                "same",
                "about",
            ):
                at = hit.end - 1
            if at is None or at + 1 >= end:
                continue
            compared = text.lower[at + 1 : min(end, at + 1 + _COMPARED_WORDS)]
            if compared[0][0].isdecimal() and not _year(compared[0]):
                continue
            if any(word in known.times or _year(word) for word in compared):
                return _compared(text, hit, at, end)
    return None


def _of_crowd(text: Text, first: int, end: int) -> bool:
    return any(text.lower[i] in ("people", "crowd", "turnout", "attendance", "audience", "numbers") for i in range(first, end))


def _year(word: str) -> bool:
    return word.isdecimal() and len(word) == 4 and 1800 <= int(word) <= 2099


def _compared(text: Text, hit: Hit, at: int, end: int) -> Comparison:
    stop = at + 1
    while (
        stop < end
        and stop - at <= _COMPARED_WORDS
        and text.lower[stop] not in '.,;:!?()"“”—–'
        and text.lower[stop] not in ("and", "but", "when", "which", "who", "said", "with")
    ):
        stop += 1
    stop = max(stop, min(at + 2, end))
    direction = cast("Literal['larger', 'smaller', 'same']", hit.label)
    return Comparison(
        direction=direction,
        compared_with=squeeze(text.quote(at + 1, stop)),
        text=squeeze(text.quote(hit.first, stop)),
        span=text.span(hit.first, stop),
    )

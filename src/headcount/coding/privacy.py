"""Private people are never named in what leaves Headcount: their names in quotes and values are replaced.

A private person is everybody whom no cue makes a public figure (codebook section 6: a political
opinion is sensitive personal data). Spans keep pointing at the report's own characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.coding.persons import Person, find_persons
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Size, Span
from headcount.text import Text

_WORD = re.compile(r"[^\W_]+")


class PrivateName(NamedTuple):
    """A private person's name, at the characters ``first`` to ``end`` (half-open) of the report."""

    first: int
    end: int
    role: str
    """What stands in the person's place as a value: "a student", or "a person" where nothing is told."""


@cache
def marker() -> str:
    """What stands in place of a private name in a quote."""
    return str(table("people")["roles"]["marker"])


def find_private_names(text: Text, gazetteer: Gazetteer) -> list[PrivateName]:
    """Every mention of a private person in the report, in order, none overlapping; handles and addresses, too."""
    return private_names(text, find_persons(text, gazetteer))


def private_names(text: Text, persons: Sequence[Person]) -> list[PrivateName]:
    """The same of persons that were found already."""
    found = [PrivateName(text.starts[p.first], text.ends[p.end - 1], p.role) for p in persons if p.standing == "private"]
    found.extend(_find_handles(text))
    found.sort()
    apart: list[PrivateName] = []
    for name in found:
        if not apart or name.first >= apart[-1].end:
            apart.append(name)
        elif name.end > apart[-1].end:
            apart[-1] = apart[-1]._replace(end=name.end)
    return apart


def _find_handles(text: Text) -> list[PrivateName]:
    """Names of accounts ("@colette_b") and mail addresses: whose they are is not known, so they are private."""
    plain = str(table("people")["roles"]["plain"])
    words, starts, ends, count = text.words, text.starts, text.ends, len(text.words)
    found = []
    for i, word in enumerate(words):
        if word != "@" or i + 1 >= count or starts[i + 1] != ends[i]:
            continue
        first = end = i
        while (
            first > 0
            and ends[first - 1] == starts[first]
            and (words[first - 1][0].isalnum() or words[first - 1] in "._-")
            and i - first < 12
        ):
            first -= 1
        end = i + 1
        while end < count and starts[end] == ends[end - 1] and (words[end][0].isalnum() or words[end] in "._-") and end - i < 12:
            end += 1
        while words[end - 1] in ".-":
            end -= 1
        if any(_WORD.search(one) for one in words[first:end]):  # "(@)" names nobody
            found.append(PrivateName(starts[first], ends[end - 1], plain))
    return found


class NameMask:
    """The private names of one report, indexed so that masking takes time in proportion to the words that are masked."""

    def __init__(self, raw: str, names: Sequence[PrivateName]) -> None:
        """``names`` are those of the whole report, in order, none overlapping."""
        self.raw = raw
        self.names = names
        self._roles: dict[str, str] = {}
        self._free: dict[str, bool] = {}
        lengths: dict[str, set[int]] = {}
        for name in names:
            written = raw[name.first : name.end]
            self._roles.setdefault(written, name.role)
            lengths.setdefault(_WORD.findall(written)[0], set()).add(len(written))
        self._lengths = {word: sorted(found, reverse=True) for word, found in lengths.items()}

    def at(self, span: Span) -> str:
        """The report's words at ``span``, each private name in them, whole or in part, replaced by the marker."""
        names = self.names
        i = max(0, bisect_right(names, span.start, key=lambda n: n.first) - 1)
        pieces: list[str] = []
        at = span.start
        while i < len(names) and names[i].first < span.end:
            if names[i].end > at:
                pieces.append(self.raw[at : max(at, names[i].first)])
                pieces.append(marker())
                at = min(names[i].end, span.end)
            i += 1
        pieces.append(self.raw[at : span.end])
        return "".join(pieces)

    def _is_hidden(self, at: int) -> bool:
        """Does the character belong to a private name?"""
        i = bisect_right(self.names, at, key=lambda n: n.first) - 1
        return i >= 0 and at < self.names[i].end

    def within(self, span: Span, words: str) -> str:
        """The same where ``words`` are those at the span, else (shortened or masked before) by the names written in them."""
        return self.at(span) if self.raw[span.start : span.end] == words else self.words(words)

    def _stands_free(self, words: str) -> bool:
        """Is it a name that also stands in the report as something else: Leeds the town beside April Leeds?"""
        if words not in self._roles:
            return False
        if words not in self._free:
            self._free[words] = any(
                not self._is_hidden(m.start()) for m in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", self.raw)
            )
        return self._free[words]

    def words(self, words: str, *, role: bool = False) -> str:
        """Words that have no span of their own, every private name in them replaced.

        With ``role`` the person's role stands in the name's place, as values want it, else the marker.
        """
        if not self._roles or self._stands_free(words):
            return words
        pieces: list[str] = []
        at = 0
        for m in _WORD.finditer(words):
            if m.start() < at:
                continue
            for length in self._lengths.get(m.group(), ()):
                end = m.start() + length
                told = self._roles.get(words[m.start() : end])
                if told is not None and not words[end : end + 1].isalnum():
                    pieces.append(words[at : m.start()])
                    pieces.append(told if role else marker())
                    at = end
                    break
        pieces.append(words[at:])
        return "".join(pieces)


def mask(raw: str, span: Span, names: Sequence[PrivateName]) -> str:
    """The words of a span with each private name, or the part of it that lies in the span, replaced by the marker.

    ``names`` are those of the whole report, in order. Nothing outside the names changes.
    """
    return NameMask(raw, names).at(span)


_PLACED = ("locality", "state", "country")
"""Values that the gazetteer gives, never a person's: "Leeds" stays a town where somebody is called Leeds."""


def mask_event(event: CandidateEvent, masked: NameMask) -> CandidateEvent:
    """The event with no private name in its words; spans stay as they are."""
    if not masked.names:
        return event
    within = masked.within

    def size(told: Size) -> Size:
        claimant = told.claimant
        if claimant and told.claimant_span is not None:
            claimant = within(told.claimant_span, claimant)
        return replace(told, text=within(told.span, told.text), claimant=claimant)

    def values(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(masked.words(value, role=True) for value in words)

    comparison = event.comparison
    if comparison is not None:
        against = masked.words(comparison.compared_with, role=True)
        comparison = replace(comparison, text=within(comparison.span, comparison.text), compared_with=against)
    statements = tuple(
        replace(
            s,
            quote=within(s.span, s.quote),
            value=getattr(event, s.variable)
            if s.variable in _PLACED
            else masked.words(s.value, role=True)
            if isinstance(s.value, str)
            else s.value,
        )
        for s in event.statements
    )
    return replace(
        event,
        quote=within(event.quote_span, event.quote),
        sizes=tuple(size(told) for told in event.sizes),
        size_expected=tuple(size(told) for told in event.size_expected),
        date_words=masked.words(event.date_words),
        place_words=masked.words(event.place_words),
        location_detail=masked.words(event.location_detail, role=True),
        organizations=values(event.organizations),
        participants=values(event.participants),
        speakers=values(event.speakers),
        targets=values(event.targets),
        claims=values(event.claims),
        chants=values(event.chants),
        outcomes=tuple(replace(o, text=within(o.span, o.text)) for o in event.outcomes),
        comparison=comparison,
        series=masked.words(event.series, role=True) if event.series else event.series,
        statements=statements,
    )

"""Private people are never named in what leaves Headcount: their names in quotes and values are replaced.

A private person is everybody whom no cue makes a public figure (codebook section 6: a political
opinion is sensitive personal data). Spans keep pointing at the report's own characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.coding.persons import find_persons
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Size, Span
from headcount.text import Text


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
    found = [
        PrivateName(text.starts[p.first], text.ends[p.end - 1], p.role) for p in find_persons(text, gazetteer) if p.standing == "private"
    ]
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
        while first > 0 and ends[first - 1] == starts[first] and (words[first - 1][0].isalnum() or words[first - 1] in "._-") and i - first < 12:
            first -= 1
        end = i + 1
        while end < count and starts[end] == ends[end - 1] and (words[end][0].isalnum() or words[end] in "._-") and end - i < 12:
            end += 1
        while words[end - 1] in ".-":
            end -= 1
        found.append(PrivateName(starts[first], ends[end - 1], plain))
    return found


def mask(raw: str, span: Span, names: Sequence[PrivateName]) -> str:
    """The words of a span with each private name, or the part of it that lies in the span, replaced by the marker.

    ``names`` are those of the whole report, in order. Nothing outside the names changes.
    """
    pieces: list[str] = []
    at = span.start
    for name in names[max(0, bisect_right(names, span.start, key=lambda n: n.first) - 1) :]:
        if name.first >= span.end:
            break
        if name.end <= at:
            continue
        pieces.append(raw[at : max(at, name.first)])
        pieces.append(marker())
        at = min(name.end, span.end)
    pieces.append(raw[at : span.end])
    return "".join(pieces)


def mask_words(words: str, raw: str, names: Sequence[PrivateName], *, role: bool = False) -> str:
    """Words that were taken from the report but have no span of their own, with every private name replaced.

    With ``role`` the person's role stands in the name's place, as values want it, else the marker.
    """
    shown = words
    for written, stand_in in sorted({(raw[n.first : n.end], n.role) for n in names}, key=lambda pair: (-len(pair[0]), pair)):
        if written in shown:
            shown = _replace_whole(shown, written, stand_in if role else marker())
    return shown


def _replace_whole(words: str, written: str, stand_in: str) -> str:
    """Replace ``written`` where it stands as words of its own: "Pat", not "Patagonia"."""
    pieces: list[str] = []
    at = 0
    while (found := words.find(written, at)) >= 0:
        end = found + len(written)
        whole = not (found and words[found - 1].isalnum()) and not (end < len(words) and words[end].isalnum())
        pieces.append(words[at:found])
        pieces.append(stand_in if whole else written)
        at = end
    pieces.append(words[at:])
    return "".join(pieces)


def mask_event(event: CandidateEvent, names: Sequence[PrivateName], raw: str) -> CandidateEvent:
    """The event with no private name in its words; spans stay as they are."""
    if not names:
        return event

    def within(span: Span, words: str) -> str:
        return mask(raw, span, names) if raw[span.start : span.end] == words else mask_words(words, raw, names)

    def size(told: Size) -> Size:
        claimant = told.claimant
        if claimant and told.claimant_span is not None:
            claimant = within(told.claimant_span, claimant)
        return replace(told, text=within(told.span, told.text), claimant=claimant)

    def values(words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(mask_words(value, raw, names, role=True) for value in words)

    comparison = event.comparison
    if comparison is not None:
        comparison = replace(
            comparison, text=within(comparison.span, comparison.text), compared_with=mask_words(comparison.compared_with, raw, names, role=True)
        )
    statements = tuple(
        replace(
            s,
            quote=within(s.span, s.quote),
            value=mask_words(s.value, raw, names, role=True) if isinstance(s.value, str) else s.value,
        )
        for s in event.statements
    )
    return replace(
        event,
        quote=within(event.quote_span, event.quote),
        sizes=tuple(size(told) for told in event.sizes),
        size_expected=tuple(size(told) for told in event.size_expected),
        place_words=mask_words(event.place_words, raw, names),
        location_detail=mask_words(event.location_detail, raw, names),
        organizations=values(event.organizations),
        participants=values(event.participants),
        speakers=values(event.speakers),
        targets=values(event.targets),
        claims=values(event.claims),
        chants=values(event.chants),
        outcomes=tuple(replace(o, text=within(o.span, o.text)) for o in event.outcomes),
        comparison=comparison,
        series=mask_words(event.series, raw, names) if event.series else event.series,
        statements=statements,
    )

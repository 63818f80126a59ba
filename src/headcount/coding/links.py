"""Ties between the events of one report: series (one campaign, tour or day of action) and macroevents.

A macroevent ties a counter-protest to the event it is directed at (the Crowd Counting Consortium's
sense); neither tie makes two events one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.coding.marks import Marks
from headcount.coding.phrases import Lexicon, clip_to_sentences, split_words, squeeze
from headcount.models import CandidateEvent, Span
from headcount.text import Text

_NAME_TOKENS = 7

FAR = 40
"""Events between a counter-protest and what it targets: more than the longest round-ups of dev hold in one town."""


class Located(NamedTuple):
    """An event with the token ranges that tell of it."""

    event: CandidateEvent
    ranges: Sequence[tuple[int, int]]


class _Words:
    def __init__(self) -> None:
        book = table("links")["series"]
        self.known = Lexicon({"known": book["known"]})
        self.patterns = Lexicon({"pattern": book["patterns"].split("|")})
        self.heads = split_words(book["heads"])
        self.days = Lexicon({"day": book["days"].split("|")})
        self.generic = Lexicon({"generic": book["generic"].split("|")})
        self.tour = Lexicon({"tour": book["tour"].split("|")})


@cache
def _words() -> _Words:
    return _Words()


def _named(text: Text, first: int, end: int) -> list[tuple[int, int]]:
    """Named series between two tokens of one sentence, in capitals: known ones, and "March for …", "… Climate Strike"."""
    known = _words()
    found = [(hit.first, hit.end) for hit in known.known.find(text.lower, first, end) if text.words[hit.first][0].isupper()]
    for hit in known.patterns.find(text.lower, first, end):
        if not text.words[hit.first][0].isupper():
            continue
        stop = hit.end
        while (
            stop < end
            and stop - hit.first < _NAME_TOKENS
            and (
                text.words[stop][0].isupper()
                or text.lower[stop] in ("our", "the", "of", "and", "'s", "’s")
                and stop + 1 < end
                and text.words[stop + 1][0].isupper()
            )
        ):
            stop += 1
        if stop > hit.end:
            found.append((hit.first, stop))
    i = first
    while i < end:
        if not text.words[i][0].isupper():
            i += 1
            continue
        stop = i
        while stop < end and stop - i < _NAME_TOKENS and (text.words[stop][0].isupper() or text.words[stop] in ("'s", "’s")):
            stop += 1
        if stop - i >= 3 and text.words[stop - 1] in known.heads:
            found.append((i, stop))
        i = max(stop, i + 1)
    return found


def code_series(marks: Marks, located: Sequence[Located]) -> dict[str, str]:
    """The series of each event that belongs to one, by ``event_id``.

    A name in an event's own words ties it; "the tour" and "day of action" tie only events that share them.
    """
    return {event_id: name for event_id, (name, _) in find_series(marks, located).items()}


def find_series(marks: Marks, located: Sequence[Located]) -> dict[str, tuple[str, Span]]:
    """The same, each with the place of the words that tie the event."""
    text, known = marks.text, _words()
    series: dict[str, str] = {}
    where: dict[str, Span] = {}
    shared: dict[str, list[tuple[str, Span]]] = {}
    written: dict[str, str] = {}
    for event, ranges in located:
        for first, end in clip_to_sentences(text, ranges):
            named = _named(text, first, end)
            if named and event.event_id not in series:
                series[event.event_id] = squeeze(text.quote(*named[0]))
                where[event.event_id] = text.span(*named[0])
            for lexicon in (known.days, known.generic, known.tour):
                for hit in lexicon.find(text.lower, first, end):
                    name = squeeze(text.quote(hit.first, hit.end))
                    key = name.casefold().removeprefix("the ")
                    written.setdefault(key, name)
                    shared.setdefault(key, []).append((event.event_id, text.span(hit.first, hit.end)))
    by_folded = {name.casefold().replace("’", "'"): name for name in reversed(series.values())}
    series = {event_id: by_folded[name.casefold().replace("’", "'")] for event_id, name in series.items()}
    for name, told in shared.items():
        if len({event_id for event_id, _ in told}) > 1:
            for event_id, span in told:
                series.setdefault(event_id, written[name])
                where.setdefault(event_id, span)
    return {event_id: (name, where[event_id]) for event_id, name in series.items()}


def code_macroevents(events: Sequence[CandidateEvent]) -> dict[str, str]:
    """For each counter-protest and the event that it targets their common macroevent, by ``event_id``.

    The target is an event of the same town and day, the nearest before, else the nearest behind; a counter-protest
    whose town or day is unknown takes the nearest before whose own do not contradict it.
    """
    macro: dict[str, str] = {}
    for k, event in enumerate(events):
        if event.event_type != "counter-protest":
            continue
        around = [*reversed(events[max(0, k - FAR) : k]), *events[k + 1 : k + 1 + FAR]]
        target = next((other for other in around if other.event_type != "counter-protest" and _together(event, other)), None)
        if target is None:
            continue
        name = macro.get(target.event_id) or "m-" + hashlib.blake2b(target.event_id.encode(), digest_size=8).hexdigest()
        macro[target.event_id] = macro[event.event_id] = name
    return macro


def _together(a: CandidateEvent, b: CandidateEvent) -> bool:
    """Do the places and days of two events allow that they met?"""
    if a.locality and b.locality and (a.locality, a.country) != (b.locality, b.country):
        return False
    if (
        a.date_start
        and b.date_start
        and (a.date_start > (b.date_end or b.date_start) or b.date_start > (a.date_end or a.date_start))
    ):
        return False
    return a.status == b.status or "held" in (a.status, b.status)

"""From the words of an event to hashes: what linkage keeps of a text, and how an account is made of a candidate event."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from headcount.codebook import table
from headcount.linkage.accounts import Account
from headcount.linkage.terms import fold, hash_term
from headcount.models import CandidateEvent, Report

SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
LONGEST_SENTENCE: Final = 600
"""Code points of a sentence that are looked at on either side of a statement: a text without a full stop stays cheap."""

SHORTEST_WORD: Final = 3
MOST_WORDS: Final = 80
"""Words kept of one account, the first told: a whole chronicle in one sentence is no description."""


@cache
def _left_out() -> frozenset[str]:
    words = table("linkage")["words"]
    return frozenset(fold(word) for group in ("stop", "news", "days") for word in words[group].split())


@cache
def _times() -> dict[str, str]:
    return {word: part for part, words in table("linkage")["times"]["parts"].items() for word in words.split()}


def _stem(word: str) -> str:
    """The word without the endings by which two papers tell one thing: closures and closure, hospital's and hospital."""
    for ending in ("ies", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_WORD:
            return word[: -len(ending)] + ("y" if ending == "ies" else "e" if ending == "es" and word[-3] not in "sxhz" else "")
    return word


def content_words(text: str | Iterable[str], *, leave_out: Iterable[str] = ()) -> list[str]:
    """The words that tell this event from another, folded, in order: no stop words, no words of every report, no numbers."""
    told = text if isinstance(text, str) else " ".join(text)
    out = _left_out()
    own = {part for name in leave_out for part in fold(name).split()}
    words = []
    for word in fold(told.replace("’s", "").replace("'s", "")).split():
        if len(word) >= SHORTEST_WORD and not word[0].isdigit() and word not in out and word not in own:
            stem = _stem(word)
            if stem not in out:
                words.append(stem)
    return words


def hash_words(text: str | Iterable[str], *, leave_out: Iterable[str] = ()) -> tuple[int, ...]:
    """Sorted 32-bit hashes of the content words of a text, each once, for ``Account.words``.

    ``leave_out`` names what every account of a block shares anyway: the town, the venue.
    """
    first = dict.fromkeys(content_words(text, leave_out=leave_out))
    return tuple(sorted({hash_term(word) for word in list(first)[:MOST_WORDS]}))


@cache
def _generic() -> frozenset[str]:
    return frozenset(table("linkage")["venues"]["generic"].split())


@lru_cache(maxsize=100_000)
def hash_venue(venue: str) -> tuple[int, ...]:
    """Hashes of the words that tell a venue from others; of its whole name where all its words are generic (City Hall)."""
    name = fold(venue)
    words = [word for word in name.split() if word not in _generic()]
    return tuple(sorted({hash_term(word) for word in words or [name]}))


def pack_words(words: Iterable[int]) -> bytes:
    """Hashes as little-endian uint32, for a column of a table; ``Terms.from_blobs`` reads them."""
    packed = array("I", words)
    if packed.itemsize != 4:  # pragma: no cover - no platform that is tested
        raise RuntimeError(f"expected 4 bytes in an unsigned int, found {packed.itemsize}")
    return packed.tobytes()


def find_times(text: str) -> tuple[str, ...]:
    """The parts of the day that a text tells: morning, midday, afternoon, evening, night."""
    parts = _times()
    return tuple(sorted({parts[word] for word in fold(text).split() if word in parts}))


def telling_sentences(event: CandidateEvent, report: Report) -> list[str]:
    """The sentences of a report that the statements of an event stand in, in order, each once."""
    spans = sorted({(statement.span.start, statement.span.end) for statement in event.statements})
    spans.append((event.quote_span.start, event.quote_span.end))
    bounds: set[tuple[int, int]] = set()
    for start, end in spans:
        before = report.text[max(0, start - LONGEST_SENTENCE) : start]
        begin = start - len(before)
        for found in SENTENCE_END.finditer(before + report.text[start : start + 2]):
            if found.end() <= len(before):
                begin = start - len(before) + found.end()
        after = SENTENCE_END.search(report.text, end, end + LONGEST_SENTENCE)
        bounds.add((begin, after.start() + 1 if after else min(len(report.text), end + LONGEST_SENTENCE)))
    told: list[str] = []
    reached = 0
    for begin, finish in sorted(bounds):
        if finish > reached:
            told.append(report.text[max(begin, reached) : finish])
            reached = finish
    return told


def describe_account(
    event: CandidateEvent, report: Report, *, candidate_id: str | None = None, copy_group: str | None = None
) -> Account:
    """One report's account of one event, as linkage sees it: its values, and hashes of the sentences that tell of it.

    ``candidate_id`` defaults to the report's id and the event's, which is unique among reports.
    """
    sentences = telling_sentences(event, report)
    told = " ".join(sentences)
    people = event.size_unit == "people"
    return Account(
        candidate_id=candidate_id or f"{report.report_id}/{event.event_id}",
        report_id=report.report_id,
        event_type=event.event_type,
        status=event.status,
        published=report.published,
        publisher=report.publisher,
        copy_group=copy_group,
        date_start=event.date_start,
        date_end=event.date_end,
        date_precision=event.date_precision,
        locality=event.locality,
        state=event.state,
        country=event.country,
        location_detail=event.location_detail,
        lat=event.lat,
        lon=event.lon,
        geonames_id=event.geonames_id,
        size_low=event.size_low if people else None,
        size_high=event.size_high if people else None,
        organizations=event.organizations,
        claims=event.claims,
        issues=event.issues,
        targets=event.targets,
        times=find_times(f"{event.date_words} {event.quote}"),
        series=event.series,
        macroevent=f"{report.report_id}/{event.macroevent}" if event.macroevent else None,
        words=hash_words(told, leave_out=(event.locality or "", event.place_words, event.state or "")),
    )

"""How an account is made of a candidate event: its values, and hashes of the sentences that tell of it."""

from __future__ import annotations

import re
from typing import Final

from headcount.linkage.accounts import Account
from headcount.linkage.hashing import find_times, hash_words, pack_words
from headcount.models import CandidateEvent, Report

SENTENCE_END: Final = re.compile(r"[.!?][\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])|\n+")
LONGEST_SENTENCE: Final = 600
"""Code points of a sentence that are looked at on either side of a statement: a text without a full stop stays cheap."""


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


__all__ = ["describe_account", "find_times", "hash_words", "pack_words", "telling_sentences"]

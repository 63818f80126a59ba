"""Readings written out a line at a time: what is written is complete, and flushed, before the next report is read.

Every writer takes a binary file and yields each reading after it is written, so that a caller can count and show
progress in the same pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import BinaryIO, Final

import msgspec

from headcount.exports.cells import LIST_SEPARATOR, Cell, escape_unseen, write_cell, write_comparison, write_row
from headcount.models import CandidateEvent, Reading, Report
from headcount.wording import write_size_statement

COLUMNS: Final[dict[str, Callable[[Report, CandidateEvent], Cell]]] = {
    "report_id": lambda report, _: report.report_id,
    "published": lambda report, _: report.published.isoformat() if report.published else None,
    "publisher": lambda report, _: report.publisher,
    "url": lambda report, _: report.url,
    "event_id": lambda _, event: event.event_id,
    "event_type": lambda _, event: event.event_type,
    "status": lambda _, event: event.status,
    "background": lambda _, event: event.background,
    "date_start": lambda _, event: event.date_start.isoformat() if event.date_start else None,
    "date_end": lambda _, event: event.date_end.isoformat() if event.date_end else None,
    "date_precision": lambda _, event: event.date_precision,
    "date_words": lambda _, event: event.date_words,
    "location_detail": lambda _, event: event.location_detail,
    "locality": lambda _, event: event.locality,
    "state": lambda _, event: event.state,
    "country": lambda _, event: event.country,
    "place_words": lambda _, event: event.place_words,
    "place_precision": lambda _, event: event.place_precision,
    "lat": lambda _, event: event.lat,
    "lon": lambda _, event: event.lon,
    "geonames_id": lambda _, event: event.geonames_id,
    "size_low": lambda _, event: event.size_low,
    "size_high": lambda _, event: event.size_high,
    "size_unit": lambda _, event: event.size_unit,
    "size_derived": lambda _, event: event.size_derived,
    "claimant_role": lambda _, event: event.claimant_role,
    "size_texts": lambda _, event: LIST_SEPARATOR.join(size.text for size in event.sizes),
    "size_claims": lambda _, event: LIST_SEPARATOR.join(write_size_statement(size) for size in event.sizes),
    "size_expected": lambda _, event: LIST_SEPARATOR.join(write_size_statement(size) for size in event.size_expected),
    "organizations": lambda _, event: LIST_SEPARATOR.join(event.organizations),
    "participants": lambda _, event: LIST_SEPARATOR.join(event.participants),
    "speakers": lambda _, event: LIST_SEPARATOR.join(event.speakers),
    "targets": lambda _, event: LIST_SEPARATOR.join(event.targets),
    "claims": lambda _, event: LIST_SEPARATOR.join(event.claims),
    "chants": lambda _, event: LIST_SEPARATOR.join(event.chants),
    "issues": lambda _, event: LIST_SEPARATOR.join(event.issues),
    "outcomes": lambda _, event: LIST_SEPARATOR.join(f"{found.variable}: {found.text}" for found in event.outcomes),
    "comparison": lambda _, event: write_comparison(event.comparison) if event.comparison else "",
    "macroevent": lambda _, event: event.macroevent,
    "series": lambda _, event: event.series,
    "inferred": lambda _, event: event.inferred,
    "quote": lambda _, event: event.quote,
    "quote_start": lambda _, event: event.quote_span.start,
    "quote_end": lambda _, event: event.quote_span.end,
}
"""The columns of the CSV, in order, and what stands in each; docs/formats.md tells what they mean."""

_encoder = msgspec.json.Encoder()


def write_jsonl(readings: Iterable[Reading], out: BinaryIO) -> Iterator[Reading]:
    """One line a reading, flushed as it goes."""
    for reading in readings:
        out.write(escape_unseen(_encoder.encode(reading.to_dict())) + b"\n")
        out.flush()
        yield reading


def write_json(readings: Iterable[Reading], out: BinaryIO) -> Iterator[Reading]:
    """One JSON array, a reading a line; it is valid JSON only once it is complete."""
    opened = False
    out.write(b"[")
    for reading in readings:
        out.write((b",\n" if opened else b"\n") + escape_unseen(_encoder.encode(reading.to_dict())))
        out.flush()
        opened = True
        yield reading
    out.write(b"\n]\n")
    out.flush()


def write_csv(readings: Iterable[Reading], out: BinaryIO) -> Iterator[Reading]:
    """One row an event, UTF-8, after a head of column names. Roll-ups and problems have no row."""
    write_row(out, COLUMNS)
    for reading in readings:
        for event in reading.events:
            write_row(out, (write_cell(read_cell(reading.report, event)) for read_cell in COLUMNS.values()))
        out.flush()
        yield reading


def read_schema() -> str:
    """The JSON Schema of one line of ``--format jsonl``, as it is published with the package."""
    return files("headcount.exports").joinpath("reading.schema.json").read_text("utf-8")

"""Lets through what the record does not hold, and gives each report the id that the record will know it by."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import sqlalchemy as sa

from headcount.models import Origin, Problem, Reading, Report
from headcount.record.engine import reading
from headcount.record.origins import shorten
from headcount.record.packing import hash_content, make_storable
from headcount.record.storing import Current, current_versions, known_contents
from headcount.run.balance import stand_for
from headcount.run.earlier import is_remote

LOOKED_UP_AT_ONCE: Final = 32
"""Reports whose hashes are looked up together; so many are also held back from the readers."""

BYTES_AT_ONCE: Final = 8 * 1024 * 1024
"""Fewer are looked up together where the bytes that they came out of, packed, are more than this."""

ALIKE_AT_LEAST: Final = 0.3
"""Share of common words (Jaccard) from which a text under a known id is a new version of that report; corrected articles keep
over 0.6, other articles under one id (two exports that both count from 1) have under 0.25."""

SAME_ID_AT_MOST: Final = 8
"""Reports that may share one id and still be known again when they change; a source that gives more of them one id gives none."""

ID_BYTES: Final = 400
"""A longer id is kept as its hash: PostgreSQL's indexes refuse values from 2,700 bytes."""

STANDARD_INPUT: Final = "-"


class Gate:
    """Lets through what the record does not hold, under the id that the record will know it by; a Reading stands for the others.

    What it decides depends on the record and on the reports before, never on how far the storing has come.
    """

    def __init__(self, engine: sa.Engine, *, record: str) -> None:
        self._engine = engine
        self._record = record
        self._sources: dict[str, str] = {}
        self._in_flight: dict[str, str | None] = {}
        """Content hashes of what is let through and not yet stored, with that of the version that it was judged a new version
        of, None for a new report, "" for a version of one that is in flight itself."""
        self._newest: dict[str, Report] = {}
        """By id the newest version in flight."""

    def let_through(self, items: Iterable[Report | Problem | Reading]) -> Iterator[Report | Problem | Reading]:
        """The new and changed reports, a Reading in place of each that the record holds, and the problems, in order."""
        for group in _in_groups(items):
            yield from self._choose(group)

    def stored(self, readings: Iterable[Reading]) -> None:
        """Told what has been stored: the record knows it now. What failed stays in flight: its copies fail no second time."""
        for one in readings:
            self._in_flight.pop(hash_content(one.report), None)
            if self._newest.get(one.report.report_id) == one.report:
                del self._newest[one.report.report_id]

    def expects(self, report: Report) -> str | None:
        """The content hash that the record should hold under the id of a report in flight; "" where that is in flight, too."""
        return self._in_flight.get(hash_content(report))

    def name_source(self, source: str) -> str:
        """A source as the record calls it: by its absolute path or its URL."""
        if source not in self._sources:
            named = source if source == STANDARD_INPUT or "://" in source or not source else os.path.abspath(source)
            key = shorten(named)
            self._sources[source] = self._sources[key] = key
        return self._sources[source]

    def _choose(self, group: Sequence[Report | Problem | Reading]) -> list[Report | Problem | Reading]:
        clean = [item if isinstance(item, Reading) else _make_storable(item) for item in group]
        hashes = [hash_content(item) if isinstance(item, Report) else "" for item in clean]
        chosen: list[Report | Problem | Reading] = []
        notes: list[Problem] = []
        with reading(self._engine, record=self._record) as connection:
            known = known_contents(connection, {one for one in hashes if one and one not in self._in_flight})
            fresh = [
                item
                for item, found in zip(clean, hashes, strict=True)
                if isinstance(item, Report) and found not in known and found not in self._in_flight
            ]
            held = current_versions(connection, {name_report(item) for item in fresh})
            for item, found in zip(clean, hashes, strict=True):
                if isinstance(item, Reading):
                    chosen += [*notes, item]
                    notes = []
                    continue
                if isinstance(item, Problem):
                    notes.append(item)
                    if not item.fatal:
                        continue
                elif found in known or found in self._in_flight:
                    chosen += [note for note in notes if note.record != item.record]
                    chosen.append(stand_for(item.record, item.origin, url=item.url))
                    notes = []
                    continue
                else:
                    report = self._take(connection, item, found, held)
                    if report.given_id != name_report(item):
                        reason = (
                            f"the id {name_report(item)!r} belongs to another report of the record; "
                            f"this one is kept as {report.given_id!r}"
                        )
                        notes.append(Problem(stage="record", record=item.record, reason=reason, fatal=False))
                    chosen += [*notes, report]
                    notes = []
                    continue
                chosen += notes
                notes = []
        return [*chosen, *notes]

    def _take(self, connection: sa.Connection, item: Report, found: str, held: dict[str, Current]) -> Report:
        """The report under its id: that of the report that it is a new version of, or one that is free."""
        own = name_report(item)
        for name in (own, *(f"{own}~{number}" for number in range(2, SAME_ID_AT_MOST + 1))):
            if name != own and name not in self._newest and name not in held:
                held |= current_versions(connection, [name])
            newest, current = self._newest.get(name), held.get(name)
            older = newest or (current.report if current else None)
            if older is None or is_new_version(older, item):
                break
        else:
            name, newest, current = f"{own}~{found[:12]}", None, None
        report = replace(item, given_id=name, origin=self._named(item.origin))
        self._in_flight[found] = "" if newest else current.content_hash if current else None
        self._newest[name] = replace(report, origin=None) if report.origin else report
        return report

    def _named(self, origin: Origin | None) -> Origin | None:
        if origin is None or self.name_source(origin.source) == origin.source:
            return origin
        return replace(origin, source=self.name_source(origin.source))


def name_report(report: Report) -> str:
    """The id by which the record knows a report again when its text has changed: its own, its URL's, its file's, its content's."""
    if report.given_id:
        short = len(report.given_id.encode("utf-8", "replace")) <= ID_BYTES
        return report.given_id if short else "i-" + _digest(report.given_id)
    if report.url:
        return "u-" + _digest(report.url)
    if report.record and os.path.isfile(report.record):
        return "f-" + _digest(os.path.abspath(report.record))
    return report.report_id


def is_new_version(older: Report, newer: Report) -> bool:
    """Whether a text under a known id is that report, changed, and not another one."""
    if older.title and older.title == newer.title and older.publisher == newer.publisher:
        return True
    left, right = set(older.text.casefold().split()), set(newer.text.casefold().split())
    return len(left & right) >= ALIKE_AT_LEAST * max(1, len(left | right))


def _make_storable(item: Report | Problem) -> Report | Problem:
    """The item without the characters that a database refuses, one for one, so that spans stay true."""
    changed: dict[str, Any] = {
        name: clean
        for name in item.__slots__
        if isinstance(value := getattr(item, name), str) and (clean := make_storable(value)) is not value
    }
    return replace(item, **changed) if changed else item


def _was_fetched(item: Report | Problem | Reading) -> bool:
    """Whether a report came over the network by itself: the next one may be long in coming."""
    if not isinstance(item, Report) or not is_remote(item.record):
        return False
    return item.origin is None or item.origin.position is None


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _in_groups(items: Iterable[Report | Problem | Reading]) -> Iterator[list[Report | Problem | Reading]]:
    """Items in groups that end with a report or a fatal problem, so that a note stays with the report that it is about."""
    group: list[Report | Problem | Reading] = []
    size = 0
    for item in items:
        group.append(item)
        if isinstance(item, Problem) and not item.fatal:
            continue
        if isinstance(item, Report):
            size += len(item.origin.packed) if item.origin is not None and item.origin.packed else 0
        if len(group) >= LOOKED_UP_AT_ONCE or size >= BYTES_AT_ONCE or _was_fetched(item):
            yield group
            group, size = [], 0
    if group:
        yield group

"""Ingest: reads what the record does not hold yet, and stores it in batches that are there in full or not at all.

Crash-only: there is no state but the record's. A run that is killed has stored whole batches, each with its counts; the
same command again finds those reports in the record, reads the others, and links.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from headcount.models import Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.engine import RecordError, reading, shown, writing
from headcount.record.packing import failed, hash_content, hash_problem, make_storable
from headcount.record.storing import (
    Current,
    Rows,
    current_versions,
    known_contents,
    known_problems,
    next_id,
    store_problems,
    store_readings,
)
from headcount.run import ReportReader, read_reports

BATCH_REPORTS: Final = 512
BATCH_SECONDS: Final = 2.0
"""A batch is stored when it holds so many reports, or when so much time has gone by: what a crash makes to be read again."""

LOOKED_UP_AT_ONCE: Final = 32
"""Reports whose hashes are looked up together; so many are also held back from the readers."""

ALIKE_AT_LEAST: Final = 0.3
"""Share of common words (Jaccard) from which a text under a known id is a new version of that report; corrected articles keep
over 0.6, other articles under one id (two exports that both count from 1) have under 0.25."""

SAME_ID_AT_MOST: Final = 8
"""Reports that may share one id and still be known again when they change; a source that gives more of them one id gives none."""

ID_BYTES: Final = 400
"""A longer id is kept as its hash: PostgreSQL's indexes refuse values from 2,700 bytes."""

Step = Callable[[str], None]
"""Told the name of each step as it is reached, for tests that end the process there."""


@dataclass(slots=True, kw_only=True)
class Balance:
    """What became of the reports of one run; ``reports_in`` is always the sum of the four outcomes."""

    reports_in: int = 0
    coded: int = 0
    screened_out: int = 0
    duplicate: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0
    near_copies: int = 0
    events: int = 0
    """Candidate events stored."""

    problems: int = 0

    def holds(self) -> bool:
        """Whether every report that went in has come out once."""
        return self.reports_in == self.coded + self.screened_out + self.duplicate + self.failed


def ingest_reports(
    engine: sa.Engine,
    items: Iterable[Report | Problem | Reading],
    *,
    record: str,
    command: str,
    coder: str,
    clock: Callable[[], dt.datetime],
    reader: ReportReader | None = None,
    jobs: int | None = None,
    screen: bool = True,
    batch: int = BATCH_REPORTS,
    on_reading: Callable[[Reading], None] = lambda _: None,
    on_step: Step = lambda _: None,
) -> Balance:
    """Reads and stores the reports that are new or changed, batch by batch; returns the balance of the run.

    ``record`` names the record in messages, ``coder`` the coder in it; ``batch`` reports are stored together. Nothing is
    written, not even the run, where nothing is new. Raises RecordError for what the storage refuses; the batches before are stored.
    """
    balance = Balance()
    gate = Gate(engine, balance, record=record)
    keeper = _Keeper(engine, balance, gate, record=record, command=command, coder=coder, clock=clock, batch=batch, on_step=on_step)
    for one in read_reports(gate.let_through(items), reader=reader, jobs=jobs, screen=screen):
        on_step("read")
        on_reading(one)
        keeper.take(one)
    keeper.store(last=True)
    return balance


class Gate:
    """Lets through what the record does not hold, under the id that the record will know it by; counts the others as duplicates.

    What it decides depends on the record and on the reports before, never on how far the storing has come.
    """

    def __init__(self, engine: sa.Engine, balance: Balance, *, record: str) -> None:
        self._engine = engine
        self._balance = balance
        self._record = record
        self._in_flight: dict[str, str | None] = {}
        """Content hashes of what is let through and not yet stored, with that of the version that it was judged a new version
        of, None for a new report, "" for a version of one that is in flight itself."""
        self._newest: dict[str, Report] = {}
        """By id the newest version in flight."""

    def let_through(self, items: Iterable[Report | Problem | Reading]) -> Iterator[Report | Problem | Reading]:
        """The new and changed reports and the fatal problems, in order."""
        for group in _in_groups(items, LOOKED_UP_AT_ONCE):
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
                    self._balance.reports_in += 1
                    self._balance.duplicate += 1
                    notes = [note for note in notes if note.record != item.record]
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
        report = replace(item, given_id=name)
        self._in_flight[found] = "" if newest else current.content_hash if current else None
        self._newest[name] = report
        return report


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


class _Keeper:
    """Holds the readings of the next batch, and the run that they are stored under."""

    def __init__(
        self,
        engine: sa.Engine,
        balance: Balance,
        gate: Gate,
        *,
        record: str,
        command: str,
        coder: str,
        clock: Callable[[], dt.datetime],
        batch: int,
        on_step: Step,
    ) -> None:
        self._engine = engine
        self._balance = balance
        self._gate = gate
        self._record = record
        self._command = command
        self._coder = coder
        self._clock = clock
        self._batch = batch
        self._step = on_step
        self._started = clock()
        self._run_id: int | None = None
        self._waiting: deque[Reading] = deque()
        self._since = time.monotonic()

    def take(self, one: Reading) -> None:
        """Takes a reading in, and stores the batch when it is full or old."""
        self._waiting.append(one)
        if len(self._waiting) >= self._batch or time.monotonic() - self._since >= BATCH_SECONDS:
            self.store(last=False)

    def store(self, *, last: bool) -> None:
        """Stores what waits, with the run's counts so far, in one transaction; the counts move only once it has held."""
        batch, self._waiting = list(self._waiting), deque()
        self._since = time.monotonic()
        good = [one for one in batch if _is_read(one) and one.report.text]
        after = self._count(batch)
        told = [problem for one in batch if not _is_read(one) for problem in one.problems]
        if self._run_id is not None or good or self._is_news(told):
            self._step("before the batch")
            with writing(self._engine, record=self._record) as connection:
                good = self._leave_out_known(connection, good, after)
                run_id = self._run_id if self._run_id is not None else next_id(connection, s.run.c.run_id)
                self._write_run(connection, run_id, after, last=last)
                self._step("run written")
                stored = store_readings(connection, good, run_id=run_id, coder=self._coder)
                after.changed += stored.changed
                after.new -= stored.changed
                after.near_copies += stored.near_copies
                self._step("readings written")
                rows = Rows()
                store_problems(connection, rows, told, run_id=run_id)
                rows.insert(connection)
                self._step("before the commit")
            self._run_id = run_id
            self._step("after the commit")
        for name in Balance.__slots__:
            setattr(self._balance, name, getattr(after, name))
        self._gate.stored([one for one in batch if not failed(one)])

    def _is_news(self, told: Sequence[Problem]) -> bool:
        if not told:
            return False
        ids = {hash_problem(one.stage, one.record, one.reason) for one in told}
        with reading(self._engine, record=self._record) as connection:
            return bool(ids - known_problems(connection, ids))

    def _leave_out_known(self, connection: sa.Connection, good: list[Reading], after: Balance) -> list[Reading]:
        """Without what another process has stored since the gate looked: now, with the writer's lock, none comes between."""
        known = known_contents(connection, (hash_content(one.report) for one in good))
        left = []
        for one in good:
            if hash_content(one.report) in known:
                after.duplicate += 1
                after.screened_out -= one.screened_out
                after.coded -= not one.screened_out
                after.new -= 1
                after.events -= len(one.events)
            else:
                left.append(one)
        held = current_versions(connection, (one.report.report_id for one in left))
        for one in left:
            expected, current = self._gate.expects(one.report), held.get(one.report.report_id)
            if expected != "" and expected != (current.content_hash if current else None):
                raise RecordError(
                    f"{shown(self._record)}: another process has stored the report {one.report.report_id!r} meanwhile; "
                    "nothing is lost: run the same command again"
                )
        return left

    def _count(self, batch: Sequence[Reading]) -> Balance:
        """The balance as it will be when the batch is stored."""
        after = replace(self._balance)
        for one in batch:
            after.problems += len(one.problems)
            if failed(one):
                after.reports_in += 1
                after.failed += 1
            elif _is_read(one):
                after.reports_in += 1
                after.screened_out += one.screened_out
                after.coded += not one.screened_out
                after.new += bool(one.report.text)
                after.events += len(one.events)
        return after

    def _write_run(self, connection: sa.Connection, run_id: int, balance: Balance, *, last: bool) -> None:
        counts = {name: getattr(balance, name) for name in ("reports_in", "coded", "screened_out", "duplicate", "failed")}
        ended = self._clock() if last else None
        if self._run_id is None:
            values = {"command": make_storable(self._command), "coder": self._coder, "started_at": self._started, "ended_at": ended}
            connection.execute(sa.insert(s.run).values(run_id=run_id, **values, **counts))
        else:
            connection.execute(sa.update(s.run).where(s.run.c.run_id == run_id).values(ended_at=ended, **counts))


def _is_read(one: Reading) -> bool:
    """Whether this is the reading of a report, rather than of an input that failed or of a note that stands alone."""
    return not failed(one) and (bool(one.report.text) or one.screened_out)


def _make_storable(item: Report | Problem) -> Report | Problem:
    """The item without the characters that a database refuses, one for one, so that spans stay true."""
    changed: dict[str, Any] = {
        name: clean
        for name in item.__slots__
        if isinstance(value := getattr(item, name), str) and (clean := make_storable(value)) is not value
    }
    return replace(item, **changed) if changed else item


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _in_groups(items: Iterable[Report | Problem | Reading], size: int) -> Iterator[list[Report | Problem | Reading]]:
    """Items in groups that end with a report or a fatal problem, so that a note stays with the report that it is about."""
    group: list[Report | Problem | Reading] = []
    for item in items:
        group.append(item)
        if len(group) >= size and (not isinstance(item, Problem) or item.fatal):
            yield group
            group = []
    if group:
        yield group

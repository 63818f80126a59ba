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
from typing import Final

import sqlalchemy as sa

from headcount.models import Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from headcount.record.packing import failed, hash_content, hash_problem
from headcount.record.storing import (
    Rows,
    current_texts,
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
    items: Iterable[Report | Problem],
    *,
    record: str,
    command: str,
    coder: str,
    clock: Callable[[], dt.datetime],
    reader: ReportReader | None = None,
    jobs: int | None = None,
    screen: bool = True,
    on_reading: Callable[[Reading], None] = lambda _: None,
    on_step: Step = lambda _: None,
) -> Balance:
    """Reads and stores the reports that are new or changed, batch by batch; returns the balance of the run.

    ``record`` names the record in messages, ``coder`` the coder in it. Nothing is written, not even the run, where nothing
    is new. Raises RecordError for what the storage refuses; the batches before are stored.
    """
    balance = Balance()
    gate = Gate(engine, balance, record=record)
    keeper = _Keeper(engine, balance, gate, record=record, command=command, coder=coder, clock=clock, on_step=on_step)
    for one in read_reports(gate.let_through(items), reader=reader, jobs=jobs, screen=screen):
        on_step("read")
        on_reading(one)
        keeper.take(one)
    keeper.store(last=True)
    return balance


class Gate:
    """Lets through what the record does not hold, under the id that the record will know it by; counts the others as duplicates."""

    def __init__(self, engine: sa.Engine, balance: Balance, *, record: str) -> None:
        self._engine = engine
        self._balance = balance
        self._record = record
        self._in_flight: dict[str, str] = {}
        """Content hashes of what is let through and not yet stored, with the report's id."""
        self._texts: dict[str, Report] = {}

    def let_through(self, items: Iterable[Report | Problem]) -> Iterator[Report | Problem]:
        """The new and changed reports and the fatal problems, in order."""
        for group in _in_groups(items, LOOKED_UP_AT_ONCE):
            yield from self._let_group_through(group)

    def stored(self, readings: Iterable[Reading]) -> None:
        """Told what has been stored: from now on the record knows it."""
        for one in readings:
            self._in_flight.pop(hash_content(one.report), None)
            self._texts.pop(one.report.report_id, None)

    def _let_group_through(self, group: Sequence[Report | Problem]) -> Iterator[Report | Problem]:
        hashes = {index: hash_content(item) for index, item in enumerate(group) if isinstance(item, Report)}
        with reading(self._engine, record=self._record) as connection:
            known = known_contents(connection, hashes.values())
            fresh = {index for index, found in hashes.items() if found not in known and found not in self._in_flight}
            names = {index: name_report(group[index]) for index in fresh}  # type: ignore[arg-type]
            before = current_texts(connection, set(names.values())) | self._texts
        notes: list[Problem] = []
        for index, item in enumerate(group):
            if isinstance(item, Problem):
                notes.append(item)
                if item.fatal:
                    yield from notes
                    notes = []
                continue
            if index not in fresh or hashes[index] in self._in_flight:
                self._balance.reports_in += 1
                self._balance.duplicate += 1
                notes = [note for note in notes if note.record != item.record]
                continue
            report = replace(item, given_id=names[index])
            older = before.get(names[index]) or self._texts.get(names[index])
            if older is not None and not is_new_version(older, report):
                report = replace(report, given_id=f"{names[index]}~{hashes[index][:8]}")
                reason = f"the id {names[index]!r} belongs to another report of the record; this one is kept as {report.given_id!r}"
                notes.append(Problem(stage="record", record=item.record, reason=reason, fatal=False))
            self._in_flight[hashes[index]] = report.report_id
            self._texts[report.report_id] = report
            yield from notes
            yield report
            notes = []
        yield from notes


def name_report(report: Report) -> str:
    """The id by which the record knows a report again when its text has changed: its own, its URL's, its file's, else its content's."""
    if report.given_id:
        return report.given_id
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
        on_step: Step,
    ) -> None:
        self._engine = engine
        self._balance = balance
        self._gate = gate
        self._record = record
        self._command = command
        self._coder = coder
        self._clock = clock
        self._step = on_step
        self._started = clock()
        self._run_id: int | None = None
        self._waiting: deque[Reading] = deque()
        self._since = time.monotonic()

    def take(self, one: Reading) -> None:
        """Takes a reading in, and stores the batch when it is full or old."""
        self._waiting.append(one)
        if len(self._waiting) >= BATCH_REPORTS or time.monotonic() - self._since >= BATCH_SECONDS:
            self.store(last=False)

    def store(self, *, last: bool) -> None:
        """Stores what waits, with the run's counts so far, in one transaction; the counts move only once it has held."""
        batch, self._waiting = list(self._waiting), deque()
        self._since = time.monotonic()
        good = [one for one in batch if one.report.text and not failed(one)]
        bad = [one for one in batch if failed(one)]
        after = self._count(batch)
        with reading(self._engine, record=self._record) as connection:
            told = {hash_problem(p.stage, p.record, p.reason) for one in batch for p in one.problems}
            something_new = bool(good) or bool(told - known_problems(connection, told))
        if something_new or self._run_id is not None:
            self._step("before the batch")
            with writing(self._engine, record=self._record) as connection:
                run_id = self._run_id if self._run_id is not None else next_id(connection, s.run.c.run_id)
                self._write_run(connection, run_id, after, last=last)
                self._step("run written")
                stored = store_readings(connection, good, run_id=run_id, coder=self._coder)
                after.changed += stored.changed
                after.new -= stored.changed
                after.near_copies += stored.near_copies
                self._step("readings written")
                rows = Rows()
                store_problems(connection, rows, [p for one in batch if one not in good for p in one.problems], run_id=run_id)
                rows.insert(connection)
                self._step("before the commit")
            self._run_id = run_id
            self._step("after the commit")
        for name in Balance.__slots__:
            setattr(self._balance, name, getattr(after, name))
        self._gate.stored([*good, *bad])

    def _count(self, batch: Sequence[Reading]) -> Balance:
        """The balance as it will be when the batch is stored."""
        after = replace(self._balance)
        for one in batch:
            after.problems += len(one.problems)
            if failed(one):
                after.reports_in += 1
                after.failed += 1
            elif one.report.text:
                after.reports_in += 1
                after.screened_out += one.screened_out
                after.coded += not one.screened_out
                after.new += 1
                after.events += len(one.events)
        return after

    def _write_run(self, connection: sa.Connection, run_id: int, balance: Balance, *, last: bool) -> None:
        counts = {name: getattr(balance, name) for name in ("reports_in", "coded", "screened_out", "duplicate", "failed")}
        ended = self._clock() if last else None
        if self._run_id is None:
            values = {"command": self._command, "coder": self._coder, "started_at": self._started, "ended_at": ended}
            connection.execute(sa.insert(s.run).values(run_id=run_id, **values, **counts))
        else:
            connection.execute(sa.update(s.run).where(s.run.c.run_id == run_id).values(ended_at=ended, **counts))


def _digest(name: str) -> str:
    return hashlib.blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _in_groups(items: Iterable[Report | Problem], size: int) -> Iterator[list[Report | Problem]]:
    """Items in groups that end with a report or a fatal problem, so that a note stays with the report that it is about."""
    group: list[Report | Problem] = []
    for item in items:
        group.append(item)
        if len(group) >= size and (isinstance(item, Report) or item.fatal):
            yield group
            group = []
    if group:
        yield group

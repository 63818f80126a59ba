"""Recode: reads the stored reports again with the coder of this release, and stages what it finds until it is accepted.

Crash-only, as ingest is: a run that is killed has staged whole batches, and the same command reads the others.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa

from headcount.models import Reading, Report
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from headcount.record.packing import failed
from headcount.record.recoding import find_unread, stage_readings
from headcount.record.rows import Rows, next_id
from headcount.record.storing import store_problems
from headcount.run import ReportReader, read_reports

BATCH_REPORTS: Final = 512
BATCH_SECONDS: Final = 2.0
"""A batch is staged when it holds so many reports, or when so much time has gone by."""

LOADED_AT_ONCE: Final = 64
"""Reports that are taken from the record together."""


@dataclass(slots=True, kw_only=True)
class Recoded:
    """What became of the reports of one recoding; ``reports_in`` = coded + screened out + duplicate + failed."""

    reports_in: int = 0
    coded: int = 0
    screened_out: int = 0
    duplicate: int = 0
    """Reports of which a newer version arrived meanwhile: they were read in vain."""

    failed: int = 0
    events: int = 0
    other_language: int = 0
    """Of those screened out, those that are not in English."""


def recode_reports(
    engine: sa.Engine,
    *,
    record: str,
    command: str,
    coder: str,
    clock: Callable[[], dt.datetime],
    every: bool = False,
    reader: ReportReader | None = None,
    jobs: int | None = None,
    screen: bool = True,
    on_reading: Callable[[Reading], None] = lambda _: None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Recoded:
    """Stages a coding by ``coder`` of each current version that it has not read; with ``every`` of all that it has not staged.

    A report that it cannot read keeps its current coding. Nothing is written where there is nothing to read. Raises
    RecordError for what the storage refuses; the batches before are staged.
    """
    told = Recoded()
    versions: dict[str, int] = {}
    stager = _Stager(engine, told, record=record, command=command, coder=coder, clock=clock, on_step=on_step)
    reports = _unread(engine, versions, record=record, coder=coder, every=every)
    for one in read_reports(reports, reader=reader, jobs=jobs, screen=screen):
        on_step("read")
        on_reading(one)
        stager.take(versions.pop(one.report.report_id), one)
    stager.store(last=True)
    return told


def _unread(engine: sa.Engine, versions: dict[str, int], *, record: str, coder: str, every: bool) -> Iterator[Report]:
    """The reports to read, a few at a time; ``versions`` is told the version of each."""
    after = 0
    while True:
        with reading(engine, record=record) as connection:
            found = find_unread(connection, coder=coder, every=every, after=after, limit=LOADED_AT_ONCE)
        for version_id, report in found:
            versions[report.report_id] = after = version_id
            yield report
        if len(found) < LOADED_AT_ONCE:
            return


class _Stager:
    """Holds the readings of the next batch, and the run that they are staged under."""

    def __init__(
        self,
        engine: sa.Engine,
        told: Recoded,
        *,
        record: str,
        command: str,
        coder: str,
        clock: Callable[[], dt.datetime],
        on_step: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._told = told
        self._record = record
        self._command = command
        self._coder = coder
        self._clock = clock
        self._step = on_step
        self._started = clock()
        self._run_id: int | None = None
        self._waiting: list[tuple[int, Reading]] = []
        self._since = time.monotonic()

    def take(self, version_id: int, one: Reading) -> None:
        """Takes a reading in, and stages the batch when it is full or old."""
        self._waiting.append((version_id, one))
        if len(self._waiting) >= BATCH_REPORTS or time.monotonic() - self._since >= BATCH_SECONDS:
            self.store(last=False)

    def store(self, *, last: bool) -> None:
        """Stages what waits, with the run's counts so far, in one transaction; the counts move only once it has held."""
        batch, self._waiting = self._waiting, []
        self._since = time.monotonic()
        if not batch and self._run_id is None:
            return
        good = [(version_id, one) for version_id, one in batch if not failed(one)]
        after = replace(self._told)
        self._step("before the batch")
        with writing(self._engine, record=self._record) as connection:
            run_id = self._run_id if self._run_id is not None else next_id(connection, s.run.c.run_id)
            if self._run_id is None:
                self._write_run(connection, run_id, after)
            stored = stage_readings(connection, good, run_id=run_id, coder=self._coder)
            rows = Rows()
            store_problems(connection, rows, [p for _, one in batch if failed(one) for p in one.problems], run_id=run_id)
            rows.insert(connection)
            _count(after, batch, stored)
            self._update_run(connection, run_id, after, last=last)
            self._step("before the commit")
        self._run_id = run_id
        self._step("after the commit")
        for name in Recoded.__slots__:
            setattr(self._told, name, getattr(after, name))

    def _write_run(self, connection: sa.Connection, run_id: int, told: Recoded) -> None:
        values = {"command": self._command, "coder": self._coder, "started_at": self._started}
        connection.execute(sa.insert(s.run).values(run_id=run_id, **values, ended_at=None, **_counts(told)))

    def _update_run(self, connection: sa.Connection, run_id: int, told: Recoded, *, last: bool) -> None:
        ended = self._clock() if last else None
        connection.execute(sa.update(s.run).where(s.run.c.run_id == run_id).values(ended_at=ended, **_counts(told)))


def _counts(told: Recoded) -> dict[str, int]:
    return {name: getattr(told, name) for name in ("reports_in", "coded", "screened_out", "duplicate", "failed", "other_language")}


def _count(told: Recoded, batch: list[tuple[int, Reading]], stored: set[int]) -> None:
    for version_id, one in batch:
        told.reports_in += 1
        if failed(one):
            told.failed += 1
        elif version_id not in stored:
            told.duplicate += 1
        else:
            told.screened_out += one.screened_out
            told.other_language += one.screened_by == "language"
            told.coded += not one.screened_out
            told.events += len(one.events)

"""Ingest: reads what the record does not hold yet, and stores it in batches that are there in full or not at all.

Crash-only: there is no state but the record's. A run that is killed has stored whole batches, each with its counts; the
same command again finds those reports in the record, reads the others, and links.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from headcount.models import Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.engine import RecordBusyError, RecordError, reading, shown, writing
from headcount.record.packing import failed, hash_content, hash_problem, make_storable
from headcount.record.rows import Rows, next_id
from headcount.record.storing import current_versions, known_contents, known_problems, store_problems, store_readings
from headcount.run import ReportReader, read_reports
from headcount.run.balance import Balance, outcome_of
from headcount.run.earlier import Earlier
from headcount.run.gate import Gate
from headcount.run.sightings import Sightings

__all__ = ["Balance", "Earlier", "ingest_reports"]

BATCH_REPORTS: Final = 512
BATCH_SECONDS: Final = 2.0
BATCH_BYTES: Final = 32 * 1024 * 1024
"""A batch is stored when it holds so many reports, when so much time has gone by, or when the bytes of its documents, packed, are
so many: what a crash makes to be read again, and what memory holds."""

OPENED_AT_ONCE: Final = 5_000
"""Documents that gave nothing new and are noted together."""

Step = Callable[[str], None]
"""Told the name of each step as it is reached, for tests that end the process there."""

COUNTED: Final = ("reports_in", "coded", "screened_out", "duplicate", "failed", "other_language", "unopened")
"""What the row of a run holds of its balance."""


def ingest_reports(
    engine: sa.Engine,
    items: Iterable[Report | Problem | Reading],
    *,
    record: str,
    command: str,
    coder: str,
    clock: Callable[[], dt.datetime],
    earlier: Earlier | None = None,
    kinds: Mapping[str, str] | None = None,
    reader: ReportReader | None = None,
    jobs: int | None = None,
    screen: bool = True,
    batch: int = BATCH_REPORTS,
    on_reading: Callable[[Reading], None] = lambda _: None,
    on_step: Step = lambda _: None,
) -> Balance:
    """Reads and stores the reports that are new or changed, batch by batch; returns the balance of the run.

    ``record`` names the record in messages, ``coder`` the coder in it; ``batch`` reports are stored together. ``earlier`` is what
    the items went through (``leave_out``), so that what is read now is known as such to the next run; ``kinds`` says of sources
    what they are. Where nothing is new the sources alone are told that they were looked at. Raises RecordError for what the
    storage refuses; the batches before are stored.
    """
    balance = Balance()
    gate = Gate(engine, record=record)
    sightings = Sightings(gate.name_source, clock, {} if kinds is None else kinds, earlier)
    keeper = _Keeper(
        engine, balance, gate, sightings, record=record, command=command, coder=coder, clock=clock, batch=batch, on_step=on_step
    )
    for one in read_reports(gate.let_through(items), reader=reader, jobs=jobs, screen=screen):
        if outcome_of(one) != "unchanged":
            on_step("read")
            on_reading(one)
        keeper.take(one)
    keeper.store(last=True)
    balance.archives_unchanged = len(earlier.resumed) if earlier is not None else 0
    return balance


class _Keeper:
    """Holds the readings of the next batch, and the run that they are stored under."""

    def __init__(
        self,
        engine: sa.Engine,
        balance: Balance,
        gate: Gate,
        sightings: Sightings,
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
        self._ahead = Balance()
        """The balance as it is when all that was taken is stored."""
        self._gate = gate
        self._sightings = sightings
        self._record = record
        self._command = command
        self._coder = coder
        self._clock = clock
        self._batch = batch
        self._step = on_step
        self._started = clock()
        self._run_id: int | None = None
        self._waiting: list[Reading] = []
        self._since = time.monotonic()

    def take(self, one: Reading) -> None:
        """Takes a reading in, and stores the batch when it is full or old; all that one document gives is of one batch."""
        if self._sightings.begins_anew(one):
            self._sightings.end_document()
            if self._is_due():
                self.store(last=False)
        outcome = outcome_of(one)
        self._ahead.count(one)
        self._sightings.take(one, outcome)
        if one.report.text or one.problems:
            self._waiting.append(one)
        if not self._sightings.in_document() and self._is_due():
            self.store(last=False)

    def _is_due(self) -> bool:
        sightings = self._sightings
        if len(self._waiting) >= self._batch or sightings.packed_bytes >= BATCH_BYTES or len(sightings.opened) >= OPENED_AT_ONCE:
            return True
        return bool(self._waiting or sightings.positions) and time.monotonic() - self._since >= BATCH_SECONDS

    def store(self, *, last: bool) -> None:
        """Stores what waits, with the run's counts so far, in one transaction; the counts move only once it has held."""
        if last:
            self._sightings.end_document()
        batch, self._waiting = self._waiting, []
        self._since = time.monotonic()
        good = [one for one in batch if one.report.text and not failed(one)]
        after = replace(self._ahead)
        told = [problem for one in batch if failed(one) or not one.report.text for problem in one.problems]
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
                self._sightings.store(connection, run_id=run_id)
                self._step("sources written")
                self._step("before the commit")
            self._run_id = run_id
            self._sightings.clear()
            self._step("after the commit")
        elif self._sightings.is_any():
            self._note_what_was_seen()
        for name in Balance.__slots__:
            setattr(self._balance, name, getattr(after, name))
        self._ahead = after
        self._gate.stored([one for one in batch if not failed(one)])

    def _note_what_was_seen(self) -> None:
        """Tells the sources that they were looked at. Nothing hangs on it, so no other writer is waited for."""
        try:
            with writing(self._engine, record=self._record, wait=False) as connection:
                self._sightings.store(connection, run_id=None)
        except RecordBusyError:
            return  # what was seen waits for the next batch, or is lost with it: the next run sees it again
        self._sightings.clear()

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
                after.count_as_duplicate(one)
                self._sightings.held_meanwhile(one)
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

    def _write_run(self, connection: sa.Connection, run_id: int, balance: Balance, *, last: bool) -> None:
        counts = {name: getattr(balance, name) for name in COUNTED}
        ended = self._clock() if last else None
        if self._run_id is None:
            values = {"command": make_storable(self._command), "coder": self._coder, "started_at": self._started, "ended_at": ended}
            connection.execute(sa.insert(s.run).values(run_id=run_id, **values, **counts))
        else:
            connection.execute(sa.update(s.run).where(s.run.c.run_id == run_id).values(ended_at=ended, **counts))

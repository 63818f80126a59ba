"""Runs an ingest in a process of its own and ends it: killed at a named step or at a random moment, or with its disk full.

The process is forked from one that has loaded the coder, so that two hundred of them cost minutes. What it tells on its pipe
is the proof: ``begun`` before it opens the record, each step as it is reached, ``ended`` when all is done.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from databases import dump
from headcount.linkage import rulebook
from headcount.models import Reading, Report
from headcount.record.deriving import derive_events, is_up_to_date
from headcount.record.engine import RecordError, connect, is_url, reading, writing
from headcount.record.schema import metadata
from headcount.run import ReportReader
from headcount.run.extracting import open_documents
from headcount.run.ingesting import Balance, Earlier, ingest_reports
from headcount.sources import Asked, find_reports

STEPS: Final = (
    "begun", "opened", "read", "before the batch", "run written", "readings written", "sources written", "before the commit",
    "after the commit", "linking", "linked", "clusters written", "events written", "derived",
)  # fmt: skip
"""Every step that an ingest tells of, in order."""

BATCH: Final = 8
NOW: Final = dt.datetime.fromisoformat("2026-01-01")
WITHOUT: Final = ("run_id",)
COUNTED_AT_EACH_LOOK: Final = ("fetched", "unchanged", "screened_out", "failed")
"""Of a source: what a killed run had counted, the next run sees and counts once more."""

OPENS: Final = Asked(keep_bytes=True)
REFUSED: Final = 5


rulebook()  # loaded here, once, and not in every process that is killed


class RememberingReader:
    """Reads each report once, so that what is killed spends its time on storing; ``load`` lets the processes to come know it."""

    def __init__(self, reader: ReportReader) -> None:
        self._reader = reader
        self._known: dict[Report, Reading] = {}

    def load(self, source: Path) -> None:
        """Reads all of a source."""
        for item in open_documents(find_reports(named_in(source), asked=OPENS), asked=OPENS):
            if isinstance(item, Report):
                self.read(item)

    def read(self, report: Report) -> Reading:
        """The reading, made now or before."""
        if report not in self._known:
            self._known[report] = self._reader.read(report)
        return self._known[report]


class FaultError(AssertionError):
    """A record that a fault has harmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: ``status`` as ``os.waitpid`` gives it, the steps that it told of, and what it said."""

    status: int
    steps: tuple[str, ...]
    said: str

    @property
    def killed(self) -> bool:
        """Whether SIGKILL hit it while it ran: it had begun and had not ended."""
        died = os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL
        return died and "begun" in self.steps and "ended" not in self.steps

    @property
    def code(self) -> int:
        """Its exit code."""
        return os.waitstatus_to_exitcode(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: which source into which record, with how many readers."""

    record: str
    source: Path
    reader: ReportReader
    jobs: int = 1
    lock_seconds: float = 30.0
    set_up: Callable[[], None] = lambda: None
    """Done first in the process, to take something away from it."""


def named_in(source: Path) -> list[Path]:
    """What is named on the command line: the file, or each thing in the folder."""
    return sorted(source.iterdir()) if source.is_dir() else [source]


def ingest_and_link(command: Command, *, on_step: Callable[[str], None]) -> Balance:
    """What ``headcount ingest`` does."""
    on_step("begun")
    engine = connect(command.record, create=True, lock_seconds=command.lock_seconds)
    on_step("opened")
    earlier = Earlier(engine, record=command.record, coder="test", asked=OPENS)
    found = find_reports(named_in(command.source), asked=OPENS, resume=earlier.resume)
    balance = ingest_reports(
        engine, open_documents(earlier.leave_out(found), asked=OPENS), record=command.record, command="test", coder="test",
        clock=lambda: NOW, earlier=earlier, reader=command.reader, jobs=command.jobs, batch=BATCH, on_step=on_step,
    )  # fmt: skip
    on_step("linking")
    with reading(engine, record=command.record) as connection:
        done = is_up_to_date(connection)
    if not done:
        with writing(engine, record=command.record) as connection:
            derive_events(connection, on_step=on_step)
    on_step("derived")
    engine.dispose()
    return balance


def run(command: Command) -> Ended:
    """Runs it to its end."""
    with _child(command) as (pid, pipe):
        return _wait(pid, pipe)


def kill_at(command: Command, step: str, *, occurrence: int = 1) -> Ended:
    """Runs it until it has told of ``step`` so many times, where it stops, and kills it there."""
    with _child(command, stop_at=(step, occurrence)) as (pid, pipe):
        told = b""
        while not told.endswith(b"stopped\n"):
            part = os.read(pipe, 65536)
            if not part:
                raise FaultError(f"it ended before step {step!r} came {occurrence} times: {told.decode()[-2000:]}")
            told += part
        return _kill(pid, pipe, told)


def kill_after(command: Command, seconds: float) -> Ended:
    """Runs it and kills it so long after it has begun; it may have ended by then, which ``Ended.killed`` tells."""
    with _child(command) as (pid, pipe):
        told = os.read(pipe, 65536)
        time.sleep(seconds)
        return _kill(pid, pipe, told)


def check_whole(record: str) -> None:
    """Raises FaultError where the database itself finds something wrong with the file, or a row without the row it belongs to."""
    if is_url(record) or not Path(record).exists():
        return
    raw = sqlite3.connect(record)
    try:
        found = raw.execute("PRAGMA integrity_check").fetchall() + raw.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        raw.close()
    if found != [("ok",)]:
        raise FaultError(f"{record} is damaged: {found[:5]}")


def contents(record: str) -> dict[str, list[tuple[object, ...]]]:
    """All that a record holds, but which run stored it, and how often a source was looked at."""
    engine = connect(record)
    try:
        others = tuple(name for name in metadata.tables if name != "source")
        sources = dump(engine, but=others, without=COUNTED_AT_EACH_LOOK)
        return {**dump(engine, but=("run", "source"), without=WITHOUT), **sources}
    finally:
        engine.dispose()


def check_balances(record: str, *, interrupted: int | None = None) -> None:
    """Raises FaultError where the counts of a run do not add up, or as many runs as said have no end."""
    engine = connect(record)
    try:
        runs = dump(engine)["run"]
    finally:
        engine.dispose()
    for _, _, _, _, _, reports_in, coded, screened_out, duplicate, failed, *_ in runs:
        if reports_in != coded + screened_out + duplicate + failed:  # type: ignore[operator]
            raise FaultError(f"the balance of a run does not hold: {runs}")
    if interrupted is not None and sum(one[4] is None for one in runs) != interrupted:
        raise FaultError(f"expected {interrupted} runs without an end, found {runs}")


def kill_at_random(
    make_command: Callable[[], Command], *, kills: int, seed: int, expected: dict[str, list[tuple[object, ...]]], lasts: float
) -> Iterator[Ended]:
    """Kills running ingests until ``kills`` were hit, one to four times each record, then lets the same command end.

    Each yielded run was hit. ``expected`` is what an undisturbed run makes in ``lasts`` seconds; another record is a FaultError.
    """
    rng = random.Random(seed)
    hit = 0
    while hit < kills:
        command = make_command()
        for _ in range(min(rng.randint(1, 4), kills - hit)):
            ended = kill_after(command, rng.random() * lasts)
            check_whole(command.record)
            if not ended.killed:
                break
            hit += 1
            yield ended
        last = run(command)
        if last.code:
            raise FaultError(f"the command after the kill ended with {last.code}: {last.said}")
        check_whole(command.record)
        check_balances(command.record)
        compare(contents(command.record), expected)


def compare(found: dict[str, list[tuple[object, ...]]], expected: dict[str, list[tuple[object, ...]]]) -> None:
    """Raises FaultError with the first table that differs, and how."""
    for name, rows in expected.items():
        if found[name] != rows:
            more = [row for row in found[name] if row not in rows][:2]
            less = [row for row in rows if row not in found[name]][:2]
            raise FaultError(f"{name}: {len(found[name])} rows, {len(rows)} expected; too many {more}; missing {less}"[:4000])


@contextmanager
def _child(command: Command, *, stop_at: tuple[str, int] | None = None) -> Iterator[tuple[int, int]]:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        _be_the_child(command, theirs, stop_at)
    os.close(theirs)
    try:
        yield pid, ours
    finally:
        os.close(ours)


def _be_the_child(command: Command, pipe: int, stop_at: tuple[str, int] | None) -> NoReturn:
    """Never returns into the tests."""
    counted: dict[str, int] = {}

    def tell(step: str) -> None:
        os.write(pipe, step.encode() + b"\n")
        counted[step] = counted.get(step, 0) + 1
        if stop_at == (step, counted[step]):
            os.write(pipe, b"stopped\n")
            while True:
                signal.pause()

    code = 70
    try:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        command.set_up()
        balance = ingest_and_link(command, on_step=tell)
        tell("ended")
        os.write(pipe, f"#{balance}\n".encode())
        code = 0
    except RecordError as error:
        os.write(pipe, f"#{error}\n".encode())
        code = REFUSED
    except BaseException:
        os.write(pipe, "".join(f"#{line}\n" for line in traceback.format_exc().splitlines()).encode())
    finally:
        os._exit(code)


def _kill(pid: int, pipe: int, told: bytes) -> Ended:
    alive, status = os.waitpid(pid, os.WNOHANG)
    if alive:  # it had ended before
        return _ended(status, told + _rest(pipe))
    os.kill(pid, signal.SIGKILL)
    return _wait(pid, pipe, told)


def _wait(pid: int, pipe: int, told: bytes = b"") -> Ended:
    told += _rest(pipe)
    return _ended(os.waitpid(pid, 0)[1], told)


def _rest(pipe: int) -> bytes:
    told = b""
    while part := os.read(pipe, 65536):
        told += part
    return told


def _ended(status: int, told: bytes) -> Ended:
    lines = told.decode(errors="replace").splitlines()
    return Ended(
        status=status,
        steps=tuple(line for line in lines if not line.startswith("#")),
        said="\n".join(line[1:] for line in lines if line.startswith("#")),
    )

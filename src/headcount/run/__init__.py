"""Runs the reader over many reports: in this process, or in a few local ones, in the order given and in bounded memory.

The only module that knows how the work is spread. A report that the coder cannot read, or that kills the process that
reads it, becomes a fatal ``Problem`` that names it, and the others are read all the same.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, Protocol

from headcount.models import Origin, Problem, Reading, Report
from headcount.run.workers import WorkerDied, WorkerPool

IN_PROCESS_REPORTS: Final = 8
IN_PROCESS_CHARACTERS: Final = 64_000
"""Fewer reports or less text than this is read before a pool would stand (0.1 s for two workers)."""

CHUNK_REPORTS: Final = 64
CHUNK_CHARACTERS: Final = 256_000
"""What a worker is sent at a time: about 2 s of coding, or 1 ms where the screen lets nothing through."""


class ReportReader(Protocol):
    """What reads one report; ``headcount.coding.Reader`` is the one that is used."""

    def read(self, report: Report) -> Reading:
        """All that the report says."""
        ...


_NO_REPORT: Final = Report(text="")

Task = tuple[Report, tuple[Problem, ...]]
"""A report and what its source found doubtful in it."""


def load_reader(*, screen: bool = True) -> ReportReader:
    """The reader with its codebook, gazetteer and weights; loading them takes about 0.2 s."""
    from headcount.coding import Reader

    return Reader(screen=screen)


def read_reports(
    items: Iterable[Report | Problem | Reading], *, reader: ReportReader | None = None, jobs: int | None = None, screen: bool = True
) -> Iterator[Reading]:
    """One reading for each report and for each fatal Problem, in the order given, as they are asked for.

    A fatal Problem of a source becomes a reading of an empty report with the Problem's record as its id. A non-fatal
    one goes into the reading of the report that follows with the same record, else into one of its own. A Reading among the
    items was settled before (a page without a word of a gathering) and goes through as it is. ``jobs`` is how
    many processes read (None: as many as this process may use cores); no more than two chunks of reports a process are
    held at a time. With ``jobs=1`` each report is read when its reading is asked for.

    Raises ValueError for ``jobs`` below 1; what the source iterable raises goes through.
    """
    jobs = usable_cores() if jobs is None else jobs
    if jobs < 1:
        raise ValueError(f"jobs: expected at least 1, found {jobs}")
    return _read_in_order(items, ChunkReader(reader, screen=screen), jobs)


class ChunkReader:
    """What a worker does. The reader is loaded at the first report; a spawned worker loads its own."""

    def __init__(self, reader: ReportReader | None, *, screen: bool = True) -> None:
        self._given = reader
        self._screen = screen
        self._loaded = reader

    def __reduce__(self) -> tuple[object, ...]:
        return partial(ChunkReader, screen=self._screen), (self._given,)

    @property
    def reader(self) -> ReportReader:
        """The reader that was given, or else Headcount's own."""
        if self._loaded is None:
            self._loaded = load_reader(screen=self._screen)
        return self._loaded

    def __call__(self, chunk: list[Task]) -> list[Reading]:
        """The readings without their reports, which the parent has: half of what would go through the pipe."""
        return [replace(read_one(self.reader, task), report=_NO_REPORT) for task in chunk]


def _read_in_order(items: Iterable[Report | Problem | Reading], work: ChunkReader, jobs: int) -> Iterator[Reading]:
    tasks = _pair_problems(items)
    reports = characters = 0
    for task in tasks:
        if isinstance(task, Reading):
            yield task
            continue
        yield read_one(work.reader, task)
        reports += 1
        characters += len(task[0].text)
        if jobs > 1 and reports >= IN_PROCESS_REPORTS and characters >= IN_PROCESS_CHARACTERS:
            yield from _read_in_workers(tasks, work, jobs)


def read_one(reader: ReportReader, task: Task) -> Reading:
    """The reading of one report; an exception of a coder becomes a fatal Problem with its type and message."""
    report, problems = task
    try:
        reading = reader.read(report)
    except Exception as error:
        what = f"{type(error).__name__}: {str(error)[:500]}"
        reason = f"the coder failed on this report ({what}); this is a defect of Headcount: report it with the text"
        return Reading(report=report, problems=(*problems, Problem(stage="coding", record=_name(report), reason=reason)))
    return replace(reading, problems=(*problems, *reading.problems)) if problems else reading


def usable_cores() -> int:
    """How many cores this process may use (a container's or taskset's limit counts)."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def _pair_problems(items: Iterable[Report | Problem | Reading]) -> Iterator[Task | Reading]:
    """Reports with the problems of their source; a Reading where there is no report to read."""
    waiting: list[Problem] = []
    for item in items:
        if waiting and (isinstance(item, Reading) or waiting[-1].record != item.record):
            yield _reading_of_problems(waiting)
            waiting = []
        if isinstance(item, Reading):
            yield item
        elif isinstance(item, Report):
            yield item, tuple(waiting)
            waiting = []
        else:
            waiting.append(item)
            if item.fatal:
                yield _reading_of_problems(waiting)
                waiting = []
    if waiting:
        yield _reading_of_problems(waiting)


def _reading_of_problems(problems: list[Problem]) -> Reading:
    record = problems[0].record
    origin = Origin(source=problems[0].source) if problems[0].source else None
    return Reading(report=Report(text="", given_id=record, record=record, origin=origin), problems=tuple(problems))


def _read_in_workers(tasks: Iterator[Task | Reading], work: ChunkReader, jobs: int) -> Iterator[Reading]:
    """Readings in order: chunks go to whichever worker is free, and wait here until those before them are out."""
    with WorkerPool(work, size=jobs) as pool:
        chunks: Iterator[list[Task | Reading]] = _chunked(tasks)
        held: deque[tuple[list[Task | Reading], int]] = deque()
        more = True
        while more or held:
            while more and len(held) < 2 * jobs and (pool.has_free_worker() or not held):
                chunk = next(chunks, None)
                if chunk is None:
                    more = False
                    break
                held.append((chunk, pool.submit([_bare(item) for item in chunk if not isinstance(item, Reading)])))
            if not held:
                return
            chunk, ticket = held[0]
            if not pool.is_done(ticket):
                pool.wait()
                continue
            held.popleft()
            yield from _in_order(chunk, pool.result(ticket), work)


def _bare(task: Task) -> Task:
    """The task without the bytes of its page, which a worker has no use for."""
    report, problems = task
    return (replace(report, origin=None), problems) if report.origin else task


def _in_order(chunk: list[Task | Reading], outcome: list[Reading] | WorkerDied, work: ChunkReader) -> Iterator[Reading]:
    if isinstance(outcome, WorkerDied):
        for item in chunk:
            yield item if isinstance(item, Reading) else _read_alone(item, work)
        return
    readings = iter(outcome)
    for item in chunk:
        yield item if isinstance(item, Reading) else replace(next(readings), report=item[0])


def _read_alone(task: Task, work: ChunkReader) -> Reading:
    """A report whose worker died, once more in a worker of its own; if that dies too, the report is what kills it."""
    report, problems = task
    with WorkerPool(work, size=1) as pool:
        ticket = pool.submit([_bare(task)])
        while not pool.is_done(ticket):
            pool.wait()
        outcome = pool.result(ticket)
    if isinstance(outcome, WorkerDied):
        reason = f"the process that read this report died ({outcome.how}), twice; look for a lack of memory, or report it"
        return Reading(report=report, problems=(*problems, Problem(stage="coding", record=_name(report), reason=reason)))
    return replace(outcome[0], report=report)


def _chunked(tasks: Iterator[Task | Reading]) -> Iterator[list[Task | Reading]]:
    chunk: list[Task | Reading] = []
    characters = 0
    for task in tasks:
        chunk.append(task)
        characters += 0 if isinstance(task, Reading) else _weight(task[0])
        if len(chunk) >= CHUNK_REPORTS or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _weight(report: Report) -> int:
    """What a report counts in a chunk: its text, and a share of the bytes that it came out of, which wait with it."""
    packed = report.origin.packed if report.origin is not None else None
    return len(report.text) + (len(packed) // 16 if packed else 0)


def _name(report: Report) -> str:
    return report.record or report.report_id

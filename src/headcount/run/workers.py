"""A few local processes that each work on one chunk at a time, so that a dead one costs exactly the chunk it held.

The standard library's pools either hang when a worker is killed (multiprocessing.Pool) or give up all chunks in flight
(concurrent.futures); here each worker has a pipe of its own. No threads: forking beside threads can deadlock.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import signal
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

CAN_FORK: Final = sys.platform != "darwin" and "fork" in multiprocessing.get_all_start_methods()
"""Forked workers share the loaded codebook and gazetteer at no cost. Apple's frameworks do not survive a fork."""

_HELD_BACK: Final = {signal.SIGINT, signal.SIGTERM}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerDied:
    """The outcome of a chunk whose worker ended before it answered."""

    how: str
    overdue: bool = False
    """True where it was cut off for taking longer than the pool allows."""


@dataclass(slots=True, kw_only=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ticket: int | None = None
    until: float = float("inf")
    """When it is cut off, by the monotonic clock."""

    began_with: int = 0
    """Bytes of memory that it had when it began, those shared with its parent among them."""


class WorkerPool(Generic[Given, Made]):
    """Workers that apply ``work`` to what is submitted; used in a ``with`` block, after which none is left."""

    def __init__(
        self, work: Callable[[Given], Made], *, size: int, seconds: float = float("inf"), grown_by: float = float("inf")
    ) -> None:
        """``seconds`` is how long a worker may take over one chunk; it is killed past that. ``grown_by`` is how many bytes it may
        have taken since it began and still be given another chunk: one large document leaves a process large for good."""
        self._work = work
        self._size = size
        self._seconds = seconds
        self._grown_by = grown_by
        self._workers: list[_Worker] = []
        self._queue: deque[tuple[int, Given]] = deque()
        self._outcomes: dict[int, Made | WorkerDied] = {}
        self._tickets = 0

    def __enter__(self) -> WorkerPool[Given, Made]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(2)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.process.close()
        self._workers.clear()

    def has_free_worker(self) -> bool:
        """Whether something submitted now would be begun at once."""
        busy = sum(worker.ticket is not None for worker in self._workers)
        return not self._queue and busy < self._size

    def submit(self, given: Given) -> int:
        """Has a worker do this; returns the ticket to ask with."""
        self._tickets += 1
        self._queue.append((self._tickets, given))
        self._send()
        return self._tickets

    def is_done(self, ticket: int) -> bool:
        """Whether there is a result to fetch."""
        return ticket in self._outcomes

    def result(self, ticket: int) -> Made | WorkerDied:
        """What the worker made, or how it died; each result can be fetched once."""
        return self._outcomes.pop(ticket)

    def wait(self) -> None:
        """Waits until at least one worker has answered or died."""
        by_pipe = {worker.pipe: worker for worker in self._workers if worker.ticket is not None}
        first = min((worker.until for worker in by_pipe.values()), default=math.inf)
        timeout = None if first == math.inf else max(0.0, first - time.monotonic())
        for ready in wait(list(by_pipe), timeout):
            self._receive(by_pipe[ready])  # type: ignore[index]  # wait() gives back what it was given
        for worker in [worker for worker in self._workers if worker.ticket is not None and worker.until <= time.monotonic()]:
            if not worker.pipe.poll():
                worker.process.kill()
                self._bury(worker, overdue=True)
        self._send()

    def _receive(self, worker: _Worker) -> None:
        assert worker.ticket is not None  # noqa: S101
        try:
            self._outcomes[worker.ticket] = worker.pipe.recv()
            worker.ticket = None
        except (EOFError, OSError):
            self._bury(worker)
            return
        if memory_of(worker.process.pid) - worker.began_with > self._grown_by:
            self._workers.remove(worker)
            worker.pipe.close()  # its end: it has nothing left to do
            worker.process.join(2)
            worker.process.kill()
            worker.process.join()
            worker.process.close()

    def _bury(self, worker: _Worker, *, overdue: bool = False) -> None:
        worker.pipe.close()
        worker.process.join(2)
        code = worker.process.exitcode
        if code is None:
            worker.process.kill()
            worker.process.join()
        if worker.ticket is not None:
            self._outcomes[worker.ticket] = WorkerDied(how=_how_it_ended(code), overdue=overdue)
        worker.process.close()
        self._workers.remove(worker)

    def _send(self) -> None:
        while self._queue:
            worker = next((worker for worker in self._workers if worker.ticket is None), None)
            if worker is None:
                if len(self._workers) >= self._size:
                    return
                worker = self._start()
            ticket, given = self._queue.popleft()
            worker.ticket = ticket
            worker.until = time.monotonic() + self._seconds
            try:
                worker.pipe.send(given)
            except (BrokenPipeError, ConnectionError):
                self._bury(worker)

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
        ours, theirs = context.Pipe()
        inherited = [worker.pipe for worker in self._workers] + [ours] if CAN_FORK else []
        with warnings.catch_warnings():
            # Python 3.12 warns of threads (a progress bar's, a notebook's): a worker takes none of their locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            process: Any = context.Process(  # type: ignore[attr-defined]
                target=_work_until_closed, args=(theirs, inherited, self._work), daemon=True, name="headcount-reader"
            )
            # A signal between the fork and the worker's own handlers would run the parent's in it.
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD_BACK) if CAN_FORK else set()
            try:
                process.start()
            finally:
                if CAN_FORK:
                    signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        theirs.close()
        worker = _Worker(process=process, pipe=ours, began_with=memory_of(process.pid))
        self._workers.append(worker)
        return worker


def _work_until_closed(pipe: Connection, inherited: list[Connection], work: Callable[[Any], Any]) -> None:
    """What a worker does. It ends with its pipe: it must hold no other worker's end, or none would ever see the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if CAN_FORK:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD_BACK)
    for other in inherited:
        other.close()
    while True:
        try:
            given = pipe.recv()
        except (EOFError, OSError):
            return
        made = work(given)
        try:
            pipe.send(made)
        except (BrokenPipeError, ConnectionError):
            return


def memory_of(pid: int | None) -> int:
    """The memory that a process holds, in bytes; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def _how_it_ended(code: int | None) -> str:
    if code is None:
        return "it stopped answering"
    if code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"

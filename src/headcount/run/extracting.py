"""Opens documents in processes of their own, with a limit of time and memory, and hands on their reports in order.

A page that takes too long, or that kills the process that opens it, becomes a fatal ``Problem`` that names it; the others
are opened all the same.
"""

from __future__ import annotations

import resource
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from headcount.models import Document, Problem, Reading, Report
from headcount.run import usable_cores
from headcount.run.workers import WorkerDied, WorkerPool
from headcount.sources import Asked, Item, open_document
from headcount.sources.limits import DOCUMENT_MEMORY, DOCUMENT_SECONDS

CHUNK_DOCUMENTS: Final = 16
CHUNK_BYTES: Final = 1024 * 1024
"""What a worker is sent at a time: so many documents, or the first with which they have so many bytes."""

HELD_BYTES: Final = 64 * 1024 * 1024
"""Bytes of documents that wait or are worked on; a larger one is taken alone."""

GROWN_BYTES: Final = 100 * 1024 * 1024
"""A worker that holds so much more than it began with gives way to a fresh one: what opens pages takes some 70 MiB, and one
large page leaves as much again."""

Opened = Report | Problem | Reading


def open_documents(
    items: Iterable[Item], *, asked: Asked, jobs: int | None = None, seconds: float = DOCUMENT_SECONDS.most
) -> Iterator[Opened]:
    """The items with each Document opened: its reports, each after its doubts, or a fatal Problem; all in the order given.

    ``jobs`` is how many processes open documents (None: one a core that this process may use); ``seconds`` how long one
    document may take. No process is started before the first document. What the iterable raises goes through.
    """
    iterator = iter(items)
    for item in iterator:
        if isinstance(item, Document):
            yield from _open_in_workers(item, iterator, _Opening(asked), jobs or usable_cores(), seconds)
        else:
            yield item


class _Opening:
    """What a worker does: the reports of some documents, without their bytes where nobody keeps them."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._bounded = False

    def __call__(self, documents: list[Document]) -> list[list[Opened]]:
        if not self._bounded:
            _bound_memory()
            self._bounded = True
        return [open_document(document, self._asked) for document in documents]


Chunk = list[Item]


def _open_in_workers(first: Document, rest: Iterator[Item], work: _Opening, jobs: int, seconds: float) -> Iterator[Opened]:
    """In order: chunks go to whichever worker is free, and wait here until those before them are out."""
    chunks = _chunked(first, rest)
    held: deque[tuple[Chunk, int | None]] = deque()
    waiting_bytes = 0
    more = True
    with WorkerPool(work, size=jobs, seconds=seconds, grown_by=GROWN_BYTES) as pool:
        while more or held:
            while more and len(held) < 2 * jobs and (not held or waiting_bytes < HELD_BYTES):
                if held and _was_fetched(held[-1][0][-1]):
                    break
                chunk = next(chunks, None)
                if chunk is None:
                    more = False
                    break
                documents = [item for item in chunk if isinstance(item, Document)]
                waiting_bytes += _size(chunk)
                held.append((chunk, pool.submit(documents) if documents else None))
            if not held:
                return
            chunk, ticket = held[0]
            if ticket is not None and not pool.is_done(ticket):
                pool.wait()
                continue
            held.popleft()
            waiting_bytes -= _size(chunk)
            yield from _in_order(chunk, pool.result(ticket) if ticket is not None else [], work, seconds)


def _in_order(chunk: Chunk, outcome: list[list[Opened]] | WorkerDied, work: _Opening, seconds: float) -> Iterator[Opened]:
    opened = None if isinstance(outcome, WorkerDied) else iter(outcome)
    alone = sum(isinstance(item, Document) for item in chunk) == 1
    for item in chunk:
        if not isinstance(item, Document):
            yield item
        elif opened is not None:
            yield from next(opened)
        elif alone:
            assert isinstance(outcome, WorkerDied)  # noqa: S101
            yield _why_unopened(item, outcome)
        else:
            yield from _open_alone(item, work, seconds)


def _open_alone(document: Document, work: _Opening, seconds: float) -> list[Opened]:
    """A document whose worker died over several, once more in a worker of its own; if that dies too, it is what kills it."""
    with WorkerPool(work, size=1, seconds=seconds) as pool:
        ticket = pool.submit([document])
        while not pool.is_done(ticket):
            pool.wait()
        outcome = pool.result(ticket)
    return [_why_unopened(document, outcome)] if isinstance(outcome, WorkerDied) else outcome[0]


def _why_unopened(document: Document, died: WorkerDied) -> Problem:
    if died.overdue:
        reason = str(DOCUMENT_SECONDS)
    else:
        reason = f"the process that opened it died ({died.how}), maybe for a lack of memory: save its text instead"
    return Problem(stage="sources", record=document.record, source=document.source, reason=reason)


def _chunked(first: Document, rest: Iterator[Item]) -> Iterator[Chunk]:
    chunk: Chunk = []
    size = 0
    for item in chain([first], rest):
        if size and (size >= CHUNK_BYTES or len(chunk) >= CHUNK_DOCUMENTS):
            yield chunk
            chunk, size = [], 0
        chunk.append(item)
        size += _size([item])
        if _was_fetched(item):
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _was_fetched(item: Item) -> bool:
    """Whether it came over the network by itself: the next one may be seconds away, and this one is not held back for it."""
    return isinstance(item, Document) and item.fetched is not None and item.position is None


def _size(chunk: Chunk) -> int:
    return sum(
        len(item.data) if isinstance(item, Document) else len(item.text) if isinstance(item, Report) else 1 for item in chunk
    )


def _bound_memory() -> None:
    """Lets this process take no more than ``DOCUMENT_MEMORY`` beyond what it has: past that a reader gets a MemoryError."""
    try:
        with open("/proc/self/statm") as file:
            has = int(file.read().split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = has + DOCUMENT_MEMORY.most
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    except (OSError, ValueError):
        return  # not Linux: the limit of time still holds

"""Web archives read from the web as they come, in constant memory, and taken up again where the connection broke off."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from headcount.fetching.addresses import Address
from headcount.fetching.connecting import ConnectionBrokenError
from headcount.fetching.crawls import is_common_crawl
from headcount.fetching.fetcher import FetchError
from headcount.fetching.politeness import RETRY_AFTER
from headcount.models import Document, Problem, Reading
from headcount.sources.finding import Item, Named, items_of
from headcount.sources.limits import LimitError

if TYPE_CHECKING:
    from headcount.fetching.fetcher import Fetcher

CONNECTIONS_AT_MOST: Final = 100
"""A file of 1 GB is read over one to three; a server that ends each after a few bytes is left alone."""

STALLS_AT_MOST: Final = 5
"""Connections of one file that may go silent before it is given up."""

RECORD_BEGINS: Final = (b"\x1f\x8b", b"WARC/")

RANGE: Final = re.compile(r"bytes (\d{1,18})-\d{1,18}/(?:\d{1,18}|\*)")


class RemoteFile(io.RawIOBase):
    """The bytes of a file on the web from ``start``, once from front to back. OSError where they cannot be had."""

    def __init__(self, fetcher: Fetcher, address: Address, *, start: int = 0, pause: Callable[[float], None]) -> None:
        super().__init__()
        self._fetcher = fetcher
        self._address = address
        self._pause = pause
        self._at = start
        self._blocks: Iterator[bytes] = iter(())
        self._open = ExitStack()
        self._etag = ""
        self._total: int | None = None
        self._begun = False
        self._ended = False
        self._left = b""
        self._connections = 0
        self._stalls = 0

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """The next bytes, as many as fit and are there."""
        view = memoryview(into).cast("B")
        block = self.read1(len(view))
        view[: len(block)] = block
        return len(block)

    def read1(self, size: int = 65_536) -> bytes:
        """At most ``size`` bytes; none at the end."""
        if not self._left:
            self._left = self._next()
        block, self._left = self._left[:size], self._left[size:]
        return block

    def give_back(self, block: bytes) -> None:
        """Has the next reading begin with this block, which was only looked at."""
        self._left = block + self._left

    def close(self) -> None:
        """Ends the connection."""
        self._open.close()
        super().close()

    def _next(self) -> bytes:
        """The next block, from a new connection where the one before broke off; three times in a row without a byte is the end."""
        why = ""
        for pause in (0.0, *RETRY_AFTER):
            if self._ended:
                return b""
            if pause:
                self._pause(pause)
            try:
                if not self._begun:
                    self._begin()
                block = next(self._blocks, b"")
            except ConnectionBrokenError as error:
                why = str(error)
                self._begun = False
                self._stalls += not error.again
                if self._stalls > STALLS_AT_MOST:
                    break
                continue
            self._at += len(block)
            self._ended = not block
            if block or self._total is None or self._at >= self._total:
                return block
            why, self._begun, self._ended = "the answer broke off before its end", False, False
        raise OSError(f"broke off at byte {self._at:,} ({why}): the records before it were read; run the same again for the others")

    def _begin(self) -> None:
        self._connections += 1
        if self._connections > CONNECTIONS_AT_MOST:
            raise OSError(
                f"broke off {CONNECTIONS_AT_MOST} times, the last at byte {self._at:,}: fetch the file yourself and give it"
            )
        self._open.close()
        self._open = ExitStack()
        headers = {"Range": f"bytes={self._at}-"} if self._at else {}
        if headers and self._etag and not self._etag.startswith("W/"):
            headers["If-Range"] = self._etag
        try:
            follow = not is_common_crawl(self._address)
            _, answer = self._open.enter_context(self._fetcher.open(self._address, headers, follow_robots=follow))
        except FetchError as error:
            raise OSError(error.reason) from None
        if answer.headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            raise OSError("the server compresses it on the way, although it was asked not to: fetch it yourself and give the file")
        if answer.status == 206:
            told = RANGE.fullmatch(answer.headers.get("content-range", "").strip())
            if not told or int(told[1]) != self._at:
                raise OSError(f"the server went on at another byte than {self._at:,}: fetch the file yourself and give it")
        elif answer.status == 416 and self._at:
            self._ended = True
            return
        elif answer.status != 200:
            if answer.status in {429, 500, 502, 503, 504}:
                raise ConnectionBrokenError(f"status {answer.status}")
            raise OSError(f"the server gave no file (status {answer.status})")
        elif self._at and self._etag and answer.headers.get("etag", "") != self._etag:
            raise OSError("the file on the server has changed while it was read: run the same again")
        self._blocks = answer.blocks if answer.status == 206 else _without(answer.blocks, self._at)
        self._etag = self._etag or answer.headers.get("etag", "")
        length = answer.headers.get("content-length", "")
        if length.isascii() and length.isdigit():
            self._total = int(length[:18]) + (self._at if answer.status == 206 else 0)
        self._begun = True


def _without(blocks: Iterator[bytes], passed: int) -> Iterator[bytes]:
    """The blocks without the first ``passed`` bytes: a server that knows no ranges sends the file from its beginning."""
    for block in blocks:
        if passed >= len(block):
            passed -= len(block)
            continue
        yield block[passed:]
        passed = 0


def records_from(
    fetcher: Fetcher,
    address: Address,
    named: Named,
    *,
    start: int = 0,
    pause: Callable[[float], None],
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[Item]:
    """What a web archive holds from the record at ``start``; from its beginning where there is no record at that place any more.

    A record of a packed archive is a gzip member of its own, so that what begins at one is an archive itself. Its places
    are told as they are in the whole file.
    """
    with RemoteFile(fetcher, address, start=start, pause=pause) as remote:
        if start:
            try:
                head = remote.read1()
            except (OSError, LimitError):
                head = b""  # asked once more from the beginning, where the reason is told
            else:
                if not head:
                    return  # read to its end before
            if head.startswith(RECORD_BEGINS):
                remote.give_back(head)
                for item in items_of(remote, named, on_bytes=on_bytes):  # type: ignore[arg-type]  # read1 is all that is asked for
                    yield _moved(item, named.record, start)
                return
    with RemoteFile(fetcher, address, pause=pause) as remote:
        yield from items_of(remote, named, on_bytes=on_bytes)  # type: ignore[arg-type]


def _moved(item: Item, record: str, start: int) -> Item:
    """An item of a part of an archive with its place in the whole."""
    place = re.fullmatch(re.escape(record) + r":(\d+)(.*)", _record_of(item), re.S)
    told = f"{record}:{int(place[1]) + start}{place[2]}" if place else _record_of(item)
    if isinstance(item, Document):
        return replace(item, record=told, position=_plus(item.position, start), after=_plus(item.after, start))
    if isinstance(item, Problem):
        return replace(item, record=told)
    report = item.report if isinstance(item, Reading) else item
    origin = report.origin
    if origin is not None:
        origin = replace(origin, position=_plus(origin.position, start), after=_plus(origin.after, start))
    report = replace(report, record=told, origin=origin)
    return replace(item, report=report) if isinstance(item, Reading) else report


def _record_of(item: Item) -> str:
    return item.report.record if isinstance(item, Reading) else item.record


def _plus(place: int | None, start: int) -> int | None:
    return None if place is None else place + start

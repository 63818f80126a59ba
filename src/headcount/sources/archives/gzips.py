"""Gzip, unpacked member by member: what is cut off, broken, no gzip at all or a bomb is told with the place where it lies.

A web archive packs each record as a member of its own, so that it can be read from any of them; ``Members`` knows where
each begins in the packed file, and finds the next one past a broken one.
"""

from __future__ import annotations

import os
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO, Final, cast

from headcount.models import Problem
from headcount.sources.finding import Item, Named, items_of
from headcount.sources.limits import RATIO_FROM_BYTES, UNPACKED_RATIO, LimitError
from headcount.sources.media import sniff_media
from headcount.sources.streams import CHUNK, Input

MAGIC: Final = b"\x1f\x8b"
MEMBER: Final = b"\x1f\x8b\x08"
RAW: Final = 64 * 1024

HELD: Final = 4 * 1024 * 1024
"""Packed bytes of a member that are kept, to look for the next member in where this one proves broken; a page has 0.02 MB."""

TRIED: Final = 20_000
"""Places that look like a member and prove to be none, before no more are looked for; by chance there is one in 16 MB."""

SHOWN: Final = 4096
"""How much of a member is unpacked to see whether it is one."""


class BrokenGzipError(OSError):
    """The packed bytes are no whole gzip; the message says where and what to do."""


class TrailingError(BrokenGzipError):
    """Bytes that are no gzip, after a whole member."""


class Members:
    """The bytes that a gzip file unpacks to, in pieces of which none reaches over the border of two members."""

    def __init__(self, opened: Input, *, offset: int = 0) -> None:
        self._opened = opened
        self._raw = b""
        self._offset = offset
        """Where in the packed file ``_raw`` begins."""

        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._held_from = offset
        self._unpacker: zlib._Decompress | None = None
        self._member_packed = self._member_unpacked = self._packed = self._unpacked = 0
        self._buffer = b""
        self._ended = False
        self._failure: BrokenGzipError | LimitError | None = None
        self.started = offset
        """Where the member begins that was unpacked last."""

        self.doubt: str | None = None
        """What was found after the last member."""

    def next_piece(self) -> tuple[bytes, int | None]:
        """Some bytes, and where their member begins if they are its first; no bytes at the end, and the file's length.

        Raises BrokenGzipError where the file is cut off or broken, LimitError for a bomb, and again until ``recover``.
        """
        if self._failure is None:
            try:
                return self._unpack()
            except (BrokenGzipError, LimitError) as error:
                self._failure = error
        raise self._failure

    def _unpack(self) -> tuple[bytes, int | None]:
        begins: int | None = None
        while True:
            if self._unpacker is None:
                if not self._begin_member():
                    return b"", self._offset
                begins = self.started
            unpacker = cast("zlib._Decompress", self._unpacker)
            if not self._raw and not self._fill():
                where = f"within the gzip member that begins at byte {self.started:,}"
                raise BrokenGzipError(f"cut off at byte {self._offset:,}, {where}: fetch it again")
            try:
                piece = unpacker.decompress(self._raw, CHUNK)
            except zlib.error as error:
                what = str(error).rpartition(": ")[2]
                where = f"in the member that begins at byte {self.started:,}"
                raise BrokenGzipError(f"broken gzip ({what}) {where}: fetch it again") from None
            self._count(unpacker, len(piece))
            if unpacker.eof:
                self._unpacker = None
            if piece:
                return piece, begins

    def read1(self, size: int = CHUNK) -> bytes:
        """At most ``size`` unpacked bytes, over all members; none at the end. Bytes after the last member are a doubt."""
        if not self._buffer and not self._ended:
            try:
                self._buffer, _ = self.next_piece()
            except TrailingError as error:
                self._failure, self._ended = None, True
                self.doubt = str(error)
        block, self._buffer = self._buffer[:size], self._buffer[size:]
        return block

    def read(self, size: int = -1) -> bytes:
        """As ``read1``: what reads streams asks again for the rest."""
        return self.read1(size if size >= 0 else CHUNK)

    def recover(self, is_wanted: Callable[[bytes], bool]) -> int | None:
        """Goes on at the next member whose first bytes are wanted, and says where it begins; None where there is none."""
        pool = b"".join(self._held) + self._raw
        base = self._held_from
        self._unpacked -= self._member_unpacked
        self._packed -= self._member_packed
        self._unpacker = self._failure = None
        start = max(0, self.started + 1 - base)
        tried = 0
        while tried < TRIED:
            found = pool.find(MEMBER, start)
            if found < 0 or len(pool) - found < SHOWN:
                more = self._opened.read1(RAW)
                if more:
                    keep = found if found >= 0 else max(start, len(pool) - len(MEMBER) + 1)
                    pool, base, start = pool[keep:] + more, base + keep, 0
                    continue
            if found < 0:
                self._raw, self._offset = b"", base + len(pool)
                return None
            if is_wanted(_first_bytes(pool[found : found + 4 * SHOWN])):
                self._raw, self._offset = pool[found:], base + found
                self._hold_from(self._offset)
                return self._offset
            start = found + 1
            tried += 1
        return None

    def _begin_member(self) -> bool:
        """Stands at a member's first byte; False at the end of the file. Zeros between members, as tapes have them, are skipped."""
        self._raw = self._fill_to(2)
        while self._raw and not self._raw.strip(b"\0"):
            self._offset += len(self._raw)
            self._raw = b""
            self._fill()
        if self._raw[:1] == b"\0":
            zeros = len(self._raw) - len(self._raw.lstrip(b"\0"))
            self._raw = self._raw[zeros:]
            self._offset += zeros
            self._fill_to(2)
        if not self._raw:
            return False
        self.started = self._offset
        self._hold_from(self.started)
        self._member_packed = self._member_unpacked = 0
        if not self._raw.startswith(MAGIC) and not (len(self._raw) == 1 and MAGIC.startswith(self._raw)):
            raise TrailingError(f"no gzip at byte {self.started:,}, after its last whole member: passed over")
        self._unpacker = zlib.decompressobj(31)
        return True

    def _count(self, unpacker: zlib._Decompress, unpacked: int) -> None:
        left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        taken = len(self._raw) - len(left)
        self._held.append(self._raw[:taken])
        self._held_bytes += taken
        while self._held_bytes > HELD:
            dropped = len(self._held.popleft())
            self._held_bytes -= dropped
            self._held_from += dropped
        self._raw = left
        self._offset += taken
        self._member_packed += taken
        self._packed += taken
        self._member_unpacked += unpacked
        self._unpacked += unpacked
        for out, packed in ((self._member_unpacked, self._member_packed), (self._unpacked, self._packed)):
            if out > RATIO_FROM_BYTES and out > UNPACKED_RATIO.most * packed:
                raise LimitError(UNPACKED_RATIO)

    def _hold_from(self, offset: int) -> None:
        self._held, self._held_bytes, self._held_from = deque(), 0, offset

    def _fill(self) -> bool:
        self._raw += self._opened.read1(RAW)
        return bool(self._raw)

    def _fill_to(self, size: int) -> bytes:
        while len(self._raw) < size and (more := self._opened.read1(RAW)):
            self._raw += more
        return self._raw


def read_gzip(opened: Input, named: Named) -> Iterator[Item]:
    """What a gzip file holds, by content: a text, JSON Lines, a page, a web archive ... whatever its name is."""
    inner = replace(named.inside("", ending=_inner_ending(named)), path=named.path)
    if sniff_media(_first_bytes(opened.head), ending=inner.ending) == "warc":
        from headcount.sources.archives.warc import read_packed_warc

        yield from read_packed_warc(opened, inner)
        return
    members = Members(opened)
    yield from items_of(cast("BinaryIO", members), replace(inner, path=None))
    if members.doubt:
        yield Problem(stage="sources", record=named.record, source=named.source, reason=members.doubt, fatal=False)


def is_member_of(path: str, offset: int, is_wanted: Callable[[bytes], bool]) -> bool:
    """Whether a member begins at this place of the file, and its first bytes are wanted."""
    with open(path, "rb") as file:
        file.seek(offset)
        packed = file.read(RAW)
    return packed.startswith(MEMBER) and is_wanted(_first_bytes(packed))


def _inner_ending(named: Named) -> str:
    """What the name ends in before .gz: ``.jsonl`` of ``reports.jsonl.gz``."""
    stem, ending = os.path.splitext(named.record)
    return os.path.splitext(stem)[1].lower() if ending.lower() == ".gz" else ending.lower()


def _first_bytes(packed: bytes) -> bytes:
    """What these first packed bytes begin with, unpacked; nothing where they are no gzip."""
    try:
        return zlib.decompressobj(31).decompress(packed, SHOWN)
    except zlib.error:
        return b""

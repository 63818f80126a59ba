"""An input read forward once, in bounded memory: its first bytes, its bytes as they are, or its text line by line."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from headcount.sources.encoding import KEEP_HALVES, mark_lies, wide_encoding
from headcount.sources.limits import SNIFF_BYTES

CHUNK = 256 * 1024


class TooLongError(Exception):
    """What was asked for is longer than the limit it was asked with."""


class Input:
    """The bytes of one input as they are, read once from front to back, after a look at the first of them."""

    def __init__(self, file: BinaryIO, *, on_bytes: Callable[[int], None] | None = None) -> None:
        self._file = file
        self._on_bytes = on_bytes
        self._buffer = b""
        self.head = self._read_head()
        """The first bytes; they are still to be read."""

        self._buffer = self.head

    def read(self, size: int = -1) -> bytes:
        """Exactly ``size`` bytes, fewer only at the end; all that is left where it is negative."""
        pieces = []
        left = size
        while left != 0 and (piece := self.read1(left if left > 0 else CHUNK)):
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def read1(self, size: int = CHUNK) -> bytes:
        """At most ``size`` bytes, as many as are there without waiting for more; none at the end."""
        if self._buffer:
            block, self._buffer = self._buffer[:size], self._buffer[size:]
            return block
        return self._read_raw(size)

    def rest(self, *, limit: int) -> bytes:
        """All that is still to be read. Raises TooLongError past the limit."""
        pieces: list[bytes] = []
        length = 0
        while block := self.read1(CHUNK):
            length += len(block)
            if length > limit:
                raise TooLongError
            pieces.append(block)
        return b"".join(pieces)

    def skip(self, size: int) -> int:
        """Passes over ``size`` bytes, and says how many there were; a file is not read for it."""
        skipped = min(size, len(self._buffer))
        self._buffer = self._buffer[skipped:]
        left = size - skipped
        if left and self._can_seek():
            here = self._file.tell()
            there = max(here, min(here + left, self._file.seek(0, io.SEEK_END)))
            self._file.seek(there)
            skipped += there - here
            if self._on_bytes:
                self._on_bytes(there - here)
            return skipped
        while skipped < size and (block := self.read1(min(CHUNK, size - skipped))):
            skipped += len(block)
        return skipped

    def _can_seek(self) -> bool:
        seekable = getattr(self._file, "seekable", None)
        return seekable is not None and bool(seekable())

    def _read_head(self) -> bytes:
        """Enough to sniff at; a pipe that has said a whole line is not waited for."""
        head = self._read_raw(SNIFF_BYTES)
        while len(head) < SNIFF_BYTES // 16 and b"\n" not in head and (more := self._read_raw(SNIFF_BYTES)):
            head += more
        return head

    def _read_raw(self, size: int) -> bytes:
        read1 = getattr(self._file, "read1", None)
        raw: bytes = read1(size) if read1 is not None else self._file.read(size)
        if raw and self._on_bytes:
            self._on_bytes(len(raw))
        return raw


class ByteStream:
    """The text of one input as UTF-8 (or as it is, where no wide encoding is seen), read once from front to back."""

    def __init__(self, file: Input) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None
        self._buffer = file.read1(SNIFF_BYTES)
        wide = wide_encoding(self._buffer)
        self.note: str | None = None
        """What had to be assumed of a byte order mark, or of one that is missing."""
        if wide and wide[1] and mark_lies(self._buffer[wide[1] :], wide[0]):
            self._buffer = self._buffer[wide[1] :]
            self.note = f"its byte order mark says {wide[0]}, and its bytes are not: passed over it and assumed UTF-8"
            wide = None
            self._buffer = self._buffer.removeprefix(codecs.BOM_UTF8)
        elif wide and not wide[1]:
            self.note = f"no byte order mark: assumed {wide[0]} from its bytes"
        if wide:
            encoding, mark = wide
            self._decoder = codecs.getincrementaldecoder(encoding)(KEEP_HALVES)
            self._buffer = self._decoder.decode(self._buffer[mark:]).encode("utf-8", "surrogatepass")
        else:
            self._buffer = self._buffer.removeprefix(codecs.BOM_UTF8)
        self._ended = False

    @property
    def head(self) -> bytes:
        """The first bytes, without a byte order mark; they are still to be read."""
        return self._buffer

    def lines(self, *, limit: int) -> Iterator[bytes | TooLongError]:
        """The lines, split at newlines only, without their ends; TooLongError in place of one over the limit, which is skipped."""
        pieces: list[bytes] = []
        length = 0
        while block := self._next():
            parts = block.split(b"\n")
            for index, part in enumerate(parts):
                length += len(part)
                if length <= limit:
                    pieces.append(part)
                else:
                    pieces.clear()
                if index < len(parts) - 1:
                    yield TooLongError() if length > limit else b"".join(pieces).removesuffix(b"\r")
                    pieces, length = [], 0
        if length:
            yield TooLongError() if length > limit else b"".join(pieces).removesuffix(b"\r")

    def first_line(self, *, limit: int) -> bytes:
        """The first line that is not blank, still to be read by ``lines`` or ``rest``; cut where it is over the limit."""
        read = [self._buffer]
        line = [self._buffer.lstrip()]
        length = len(self._buffer)
        while b"\n" not in line[-1] and length <= limit and (more := self._next_raw()):
            read.append(more)
            line.append(more if any(line) else more.lstrip())
            length += len(more)
        self._buffer = b"".join(read)
        return b"".join(line).partition(b"\n")[0]

    def rest(self, *, limit: int) -> bytes:
        """All that is still to be read. Raises TooLongError past the limit."""
        pieces: list[bytes] = []
        length = 0
        while block := self._next():
            length += len(block)
            if length > limit:
                raise TooLongError
            pieces.append(block)
        return b"".join(pieces)

    def _next(self) -> bytes:
        if self._buffer:
            block, self._buffer = self._buffer, b""
            return block
        return self._next_raw()

    def _next_raw(self) -> bytes:
        if self._ended:
            return b""
        if self._decoder is None:
            return self._file.read1(CHUNK)
        while raw := self._file.read1(CHUNK):
            if text := self._decoder.decode(raw):
                return text.encode("utf-8", "surrogatepass")
        self._ended = True
        return self._decoder.decode(b"", True).encode("utf-8", "surrogatepass")

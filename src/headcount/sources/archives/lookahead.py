"""The bytes of an archive, taken record by record, with the place of each and a way back where a record proves broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Piece = tuple[bytes, int | None]
"""Some bytes, and the place in the file where a reader can begin with them, where there is one; no bytes at the end."""

BEGINNING: Final = re.compile(rb"(?:\A|(?<=\n))WARC/\d\.\d{1,2}[ \t]*\r?\n")
BEGUN: Final = re.compile(rb"W(?:A(?:R(?:C(?:/(?:\d(?:\.(?:\d{1,2}[ \t]*\r?)?)?)?)?)?)?)?")
"""Such a line where the file is cut off within it."""

LONGEST_BEGINNING: Final = 16


class LookAhead:
    """Unpacked bytes, looked at before they are taken. ``at`` counts those taken; ``begins`` is the place in the file, if any.

    ``next_piece`` gives the bytes; what it raises goes through, and may be tried again.
    """

    def __init__(self, next_piece: Callable[[], Piece], *, at: int = 0) -> None:
        self._next_piece = next_piece
        self._buffer = b""
        self._from = 0
        self._waiting: Piece | None = None
        """A piece with which a reader can begin: it stays apart until all before it is taken."""

        self.at = at
        self.begins: int | None = None
        self.ended = False
        self.length: int | None = None
        """The place at which the file ended."""

    def take(self, size: int) -> bytes:
        """Exactly ``size`` bytes; fewer at the end, and where another record begins before them as a member of its own."""
        pieces: list[bytes] = []
        while size > 0 and (self._from < len(self._buffer) or self._reach_over()):
            piece = self._buffer[self._from : self._from + size]
            pieces.append(piece)
            self._move(len(piece))
            size -= len(piece)
        return b"".join(pieces)

    def take_line(self, limit: int) -> bytes:
        """Up to and with the next newline; without one at the limit, and where the bytes end or another record begins."""
        pieces: list[bytes] = []
        left = limit
        while left > 0 and (self._from < len(self._buffer) or self._reach_over()):
            end = self._buffer.find(b"\n", self._from, self._from + left)
            piece = self._buffer[self._from : (end + 1 if end >= 0 else self._from + left)]
            pieces.append(piece)
            self._move(len(piece))
            left -= len(piece)
            if end >= 0:
                break
        return b"".join(pieces)

    def give_back(self, taken: bytes) -> None:
        """Puts bytes back that were just taken."""
        self._buffer = taken + self._buffer[self._from :]
        self._from = 0
        self.at -= len(taken)
        self.begins = None

    @property
    def at_end(self) -> bool:
        """Whether all was taken and the file has ended; only known after ``skip_blank``."""
        return self.ended and self._waiting is None and self._from >= len(self._buffer)

    def skip_blank(self, most: int = 4096) -> bytes:
        """Passes over the line ends between two records, and gives them. Then something stands here, or the end."""
        skipped = bytearray()
        while len(skipped) < most and (self._from < len(self._buffer) or self._reach()):
            rest = self._buffer[self._from : self._from + 64]
            blank = rest[: len(rest) - len(rest.lstrip(b"\r\n"))]
            self._move(len(blank))
            skipped += blank
            if len(blank) < len(rest):
                break
        return bytes(skipped)

    def next_is_record(self) -> bool:
        """Whether a record begins here; what is looked at is still to be taken."""
        while len(self._buffer) - self._from < LONGEST_BEGINNING and self._waiting is None and self._reach(keep=True):
            pass
        rest = self._buffer[self._from : self._from + 64]
        return BEGINNING.match(rest) is not None or (self.ended and BEGUN.fullmatch(rest) is not None)

    def skip_to_record(self, most: int | None = None) -> int:
        """Passes over ``most`` bytes (None: any number), but not over a line with which a record begins; how many there were."""
        skipped = 0
        while most is None or skipped < most:
            if self._from >= len(self._buffer) and not self._reach():
                break
            if self.begins is not None and self.next_is_record():
                break
            if len(self._buffer) - self._from < 2 * LONGEST_BEGINNING:
                self._reach(keep=True)
            rest = self._buffer[self._from :] if most is None else self._buffer[self._from : self._from + most - skipped]
            found = BEGINNING.search(rest, 1) if len(rest) > 1 else None
            whole = self._waiting is not None or self.ended or (most is not None and skipped + len(rest) >= most)
            step = found.start() if found else len(rest) if whole else max(1, len(rest) - LONGEST_BEGINNING)
            self._move(step)
            skipped += step
            if found:
                break
        return skipped

    def restart(self) -> None:
        """Forgets what is held, after the bytes were moved on to another place."""
        self._buffer, self._from, self._waiting, self.begins = b"", 0, None, None

    def _move(self, size: int) -> None:
        self._from += size
        self.at += size
        if size:
            self.begins = None

    def _reach_over(self) -> bool:
        """More bytes of the record at hand; False at the end, and where the next piece begins another record."""
        if self._waiting is None:
            self._wait()
        if self._waiting is None:
            return False
        if self._waiting[1] is not None and self._waiting[0].startswith(b"WARC/"):
            return False
        return self._reach()

    def _reach(self, *, keep: bool = False) -> bool:
        """More bytes, of whatever record; with ``keep`` behind those held, and none where a reader could begin with them."""
        if self._waiting is None:
            self._wait()
        if self._waiting is None:
            return False
        piece, begins = self._waiting
        if keep and self._from < len(self._buffer):
            if begins is not None:
                return False
            self._buffer = self._buffer[self._from :] + piece
        else:
            self._buffer = piece
            self.begins = begins
        self._from = 0
        self._waiting = None
        return True

    def _wait(self) -> None:
        if self.ended:
            return
        piece, place = self._next_piece()
        if piece:
            self._waiting = piece, place
        else:
            self.ended, self.length = True, place

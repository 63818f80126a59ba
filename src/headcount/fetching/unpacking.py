"""The bodies of answers as they were before the server compressed them, within bounds: a few kilobytes may unpack to gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol

from headcount.sources.limits import FETCHED_BYTES, KIB, RATIO_FROM_BYTES, UNPACKED_RATIO, LimitError

ENCODINGS_AT_MOST: Final = 2
STEP: Final = 256 * KIB
"""How much is unpacked at a time, at most."""

ACCEPTED: Final = "gzip, deflate, br"


class UnpackError(Exception):
    """A body that is not compressed as its headers say, or that breaks off; the message is for a person."""


class Unpacker(Protocol):
    """Unpacks a stream piece by piece, never more than ``STEP`` at once."""

    def feed(self, block: bytes) -> Iterator[bytes]:
        """What the block unpacks to."""
        ...

    def is_whole(self) -> bool:
        """Whether the stream has come to its end."""
        ...


def read_body(blocks: Iterable[bytes], encoding: str, *, most: int = FETCHED_BYTES.most) -> bytes:
    """The whole body, unpacked as ``Content-Encoding`` says.

    Raises LimitError where it is, or unpacks to, more than ``most``, or to more than 250 times its size; UnpackError where it is
    broken, cut off or compressed in a way that was not asked for.
    """
    names = [name for name in (one.strip().lower() for one in encoding.split(",")) if name not in {"", "identity"}]
    if len(names) > ENCODINGS_AT_MOST:
        raise UnpackError(f"the server compressed it {len(names)} times over")
    unpackers = [_unpacker(name) for name in reversed(names)]
    sent = 0

    def counted() -> Iterator[bytes]:
        nonlocal sent
        for block in blocks:
            sent += len(block)
            yield block

    stream: Iterator[bytes] = counted()
    for unpacker in unpackers:
        stream = _through(unpacker, stream)
    pieces: list[bytes] = []
    length = 0
    for piece in stream:
        length += len(piece)
        if length > most:
            raise LimitError(FETCHED_BYTES)
        if unpackers and length > RATIO_FROM_BYTES and length > UNPACKED_RATIO.most * sent:
            raise LimitError(UNPACKED_RATIO)
        pieces.append(piece)
    if sent and not all(unpacker.is_whole() for unpacker in unpackers):
        raise UnpackError("the compressed answer breaks off before its end")
    return b"".join(pieces)


def unpack_gzip(data: bytes, *, most: int = FETCHED_BYTES.most) -> bytes:
    """What gzipped bytes hold (a sitemap.xml.gz), within the same bounds."""
    return read_body([data], "gzip", most=most)


def _through(unpacker: Unpacker, stream: Iterator[bytes]) -> Iterator[bytes]:
    for block in stream:
        yield from unpacker.feed(block)


def _unpacker(name: str) -> Unpacker:
    if name in {"gzip", "x-gzip"}:
        return _Zlib(16 + zlib.MAX_WBITS, members=True)
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _Brotli()
    raise UnpackError(f"the server compressed it as {name[:20]!a}, which was not asked for")


class _Zlib:
    def __init__(self, bits: int, *, members: bool = False) -> None:
        self._bits = bits
        self._members = members
        self._inner = zlib.decompressobj(bits)
        self._begun = False

    def feed(self, block: bytes) -> Iterator[bytes]:
        while block:
            if self._inner.eof:
                if not self._members or not block.startswith(b"\x1f\x8b"):
                    return  # padding after the end, which some servers send
                self._inner = zlib.decompressobj(self._bits)
            try:
                piece = self._inner.decompress(block, STEP)
            except zlib.error:
                raise UnpackError("the answer is not compressed as its headers say") from None
            if piece:
                yield piece
            block = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

    def is_whole(self) -> bool:
        return self._inner.eof


class _Deflate:
    """``deflate``: with the head of zlib as the standard says, or without as some servers send it."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None

    def feed(self, block: bytes) -> Iterator[bytes]:
        if block and self._inner is None:
            has_head = block[0] & 0x0F == 8 and (len(block) == 1 or (block[0] << 8 | block[1]) % 31 == 0)
            self._inner = _Zlib(zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS)
        if self._inner:
            yield from self._inner.feed(block)

    def is_whole(self) -> bool:
        return self._inner is not None and self._inner.is_whole()


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self._error: type[Exception] = brotli.error
        self._inner = brotli.Decompressor()

    def feed(self, block: bytes) -> Iterator[bytes]:
        given: Callable[..., bytes] = self._inner.process
        try:
            piece = given(block, output_buffer_limit=STEP)
            while piece:
                yield piece
                if self._inner.is_finished() or self._inner.can_accept_more_data():
                    return
                piece = given(b"", output_buffer_limit=STEP)
        except self._error:
            raise UnpackError("the answer is not compressed as its headers say") from None

    def is_whole(self) -> bool:
        return bool(self._inner.is_finished())

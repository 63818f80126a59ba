"""What a server answered, as a web archive keeps it: the page in it, with its transfer and content encodings taken off."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from headcount.sources.limits import DOCUMENT_BYTES, RATIO_FROM_BYTES, UNPACKED_RATIO, LimitError
from headcount.sources.media import sniff_media

STATUS: Final = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b[^\n]*\n")
HEAD_BYTES: Final = 64 * 1024
SNIFFED_BYTES: Final = 16 * 1024
PIECE: Final = 256 * 1024
CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]{0,1000})?\r?\n")
MOST_CHUNKS: Final = 100_000
CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)

PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "application/html", "text/xhtml"})
DOCUMENTS: Final = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/epub+zip": "epub",
}
"""Types of documents that the first bytes do not tell from other zips."""

OTHERS: Final = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript", "application/json")
"""Types whose packed bodies are not unpacked to see whether they lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page or document that a server sent: its bytes, what they are, and the charset that the server declared."""

    data: bytes
    media: str
    charset: str | None = None
    doubt: str | None = None


def page_of_answer(block: bytes) -> Page | None:
    """The page in a server's answer, head and body; None for redirects, errors, pictures, scripts and the like.

    Raises LimitError for a body that unpacks to more than is taken.
    """
    status = STATUS.match(block)
    if status is None or status[1] != b"200":
        return None
    headers, start = _headers(block, status.end())
    body, doubt = block[start:], None
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body, doubt = _joined(body)
    elif "content-encoding" not in headers:
        body = _as_declared(body, headers.get("content-length", ""))
    declared = headers.get("content-type", "")
    encodings = [name.strip().lower() for name in headers.get("content-encoding", "").split(",") if name.strip()]
    if encodings and declared.lower().startswith(OTHERS):
        return None
    for encoding in reversed(encodings[:3]):
        body, broken = _unpacked(body, encoding)
        doubt = broken or doubt
    return page_of_bytes(body, declared, doubt=doubt)


def page_of_bytes(body: bytes, declared: str, *, doubt: str | None = None) -> Page | None:
    """The page that these bytes are, by what they look like and then by the type that was declared; None where they are none."""
    sniffed = sniff_media(body[:SNIFFED_BYTES])
    kind = declared.partition(";")[0].strip().lower()
    if sniffed in {"html", "pdf", "rtf"}:
        media = sniffed
    elif kind in PAGES and sniffed in {"text", "jsonl", "json", "bibtex", "ris", "eml"}:
        media = "html"
    elif kind in DOCUMENTS and sniffed == "zip":
        media = DOCUMENTS[kind]
    else:
        return None
    charset = CHARSET.search(declared)
    return Page(data=body, media=media, charset=charset[1] if charset else None, doubt=doubt)


def _headers(block: bytes, start: int) -> tuple[dict[str, str], int]:
    """The headers by their names in lower case, the first of each, and where the body begins."""
    headers: dict[str, str] = {}
    most = start + HEAD_BYTES
    while start < most:
        end = block.find(b"\n", start, most)
        if end < 0:
            break
        line = block[start:end].rstrip(b"\r")
        start = end + 1
        if not line:
            break
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().lower().decode("latin-1"), value.strip().decode("latin-1"))
    return headers, start


def _as_declared(body: bytes, length: str) -> bytes:
    """The body up to the length that the server declared; what comes after it is another answer, or noise."""
    return body[: int(length)] if length.isascii() and length.isdecimal() and 0 < len(length) < 12 and int(length) else body


def _joined(body: bytes) -> tuple[bytes, str | None]:
    """The body out of its chunks, where it is in chunks: archives often keep the header and join the chunks."""
    at = 0
    pieces: list[bytes] = []
    while len(pieces) < MOST_CHUNKS and (size := CHUNK_SIZE.match(body, at)):
        length = int(size[1], 16)
        if not length:
            return b"".join(pieces), None
        piece = body[size.end() : size.end() + length]
        pieces.append(piece)
        at = size.end() + length
        if len(piece) < length:
            break
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    if not pieces:
        return body, None
    if len(pieces) == MOST_CHUNKS:
        return b"".join(pieces), f"the page was sent in more than {MOST_CHUNKS:,} chunks: the others are not read"
    return b"".join(pieces), "the page is cut off within a chunk that the server sent: what came is read"


def _unpacked(body: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The body without this content encoding, where it has it: archives often keep the header and unpack the body."""
    if encoding in {"gzip", "x-gzip"}:
        if not body.startswith(b"\x1f\x8b"):
            return body, None
        pieces = _inflated(body, 31)
    elif encoding == "deflate":
        zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0
        pieces = _inflated(body, 15 if zlib_head else -15)
    elif encoding == "br":
        pieces = _unbrotlied(body)
    else:
        return body, None
    kept: list[bytes] = []
    length = 0
    broken = None
    try:
        for piece in pieces:
            length += len(piece)
            if length > RATIO_FROM_BYTES and length > UNPACKED_RATIO.most * len(body):
                raise LimitError(UNPACKED_RATIO)
            if length > DOCUMENT_BYTES.most:
                raise LimitError(DOCUMENT_BYTES)
            kept.append(piece)
    except (zlib.error, EOFError):
        if sniff_media(body[:SNIFFED_BYTES]) == "html":
            return body, None
        broken = f"the page, packed with {encoding}, is broken or cut off after {length:,} bytes: what came before is read"
    return b"".join(kept), broken


def _inflated(body: bytes, window: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(window)
    rest = body
    while rest and not unpacker.eof:
        yield unpacker.decompress(rest, PIECE)
        rest = unpacker.unconsumed_tail
    if not unpacker.eof:
        yield unpacker.flush(PIECE)
    if not unpacker.eof:
        raise EOFError


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    import brotli

    unpacker = brotli.Decompressor()
    rest = body
    try:
        while not unpacker.is_finished():
            piece: bytes = unpacker.process(rest, output_buffer_limit=PIECE)
            if not piece and not rest:
                raise EOFError
            rest = b""
            yield piece
    except brotli.error:
        raise EOFError from None

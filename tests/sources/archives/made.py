"""Small archives of our own, byte by byte, whole and broken; and what comes out of a file that holds them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from headcount.models import Document, Problem
from headcount.sources import find_reports
from headcount.sources.finding import Item

CRLF = b"\r\n"


def page(number: int, *, words: str = "marched", filler: int = 0) -> bytes:
    """A page of the invented Ashby Courier."""
    story = f"<p>About {100 + number} people {words} through Ashby on Monday against the closure of ward {number}.</p>"
    return f"<!DOCTYPE html><html><head><title>Story {number}</title></head><body>{story}{'<br>' * filler}</body></html>".encode()


def answer(body: bytes, *, status: str = "200 OK", kind: str | None = "text/html; charset=utf-8", **headers: str) -> bytes:
    """What a server says: status line, headers, body. ``content_length="7"`` becomes ``Content-Length: 7``."""
    lines = [f"HTTP/1.1 {status}"] + ([f"Content-Type: {kind}"] if kind else [])
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + CRLF * 2 + body


def record(
    block: bytes,
    *,
    kind: str = "response",
    url: str = "https://courier.example/story",
    version: str = "1.0",
    declared: str = "application/http; msgtype=response",
    length: int | str | None = None,
    end: bytes = CRLF * 2,
    date: str = "2021-03-02T10:11:12Z",
) -> bytes:
    """One record of a web archive."""
    head = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"WARC-Date: {date}", f"Content-Type: {declared}"]
    if length != "":
        head.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join(head).encode() + CRLF * 2 + block + end


def pages(count: int, **how: int) -> list[bytes]:
    """A warcinfo, and ``count`` pages, each after the request for it."""
    made = [record(b"software: ours\r\n", kind="warcinfo", declared="application/warc-fields")]
    for number in range(count):
        url = f"https://courier.example/{number}"
        made.append(record(b"GET / HTTP/1.1\r\n\r\n", kind="request", url=url, declared="application/http; msgtype=request"))
        made.append(record(answer(page(number, **how)), url=url))
    return made


def packed(records: Iterable[bytes]) -> list[bytes]:
    """Each record as a gzip member of its own."""
    return [gzip.compress(one, mtime=0) for one in records]


def starts(pieces: list[bytes]) -> list[int]:
    """Where each piece begins, and where the last one ends."""
    places = [0]
    for piece in pieces:
        places.append(places[-1] + len(piece))
    return places


def found(data: bytes, folder: Path, *, name: str = "a.warc", resume: Callable[[str], int | None] = lambda _: None) -> list[Item]:
    """What comes out of a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return list(find_reports([path], resume=resume))


def streamed(data: bytes, *, resume: Callable[[str], int | None] = lambda _: None) -> list[Item]:
    """What comes out of these bytes on standard input, which cannot be read backwards."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

    return list(find_reports(["-"], stdin=Pipe(data), resume=resume))


def documents(items: Iterable[Item]) -> list[Document]:
    return [item for item in items if isinstance(item, Document)]


def failures(items: Iterable[Item]) -> list[Problem]:
    """What could not be read at all."""
    return [item for item in items if isinstance(item, Problem) and item.fatal]


def doubts(items: Iterable[Item]) -> list[Problem]:
    return [item for item in items if isinstance(item, Problem) and not item.fatal]


def urls(items: Iterable[Item]) -> list[str]:
    """The last part of each page's address: ``0`` for the first of ``pages``."""
    return [(document.url or "").rpartition("/")[2] for document in documents(items)]

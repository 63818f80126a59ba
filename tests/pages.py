"""Saved pages and web archives of our own for tests: marches and other news in a plain template, as bytes."""

from __future__ import annotations

import datetime as dt
import gzip
import random
from collections.abc import Iterator
from pathlib import Path

from corpus import CAUSES, TOWNS, write_march, write_other


def make_page(title: str, text: str, *, day: dt.date, publisher: str = "Morning Post") -> bytes:
    """A page as a paper's site has it: the story, with the day of publication and the paper in its head."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{day}"><meta property="og:site_name" content="{publisher}"></head>'
        f"<body><nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    ).encode()


def make_pages(count: int, *, seed: int) -> Iterator[bytes]:
    """Pages of which two in three tell of a march; one in seven is a copy of the one before, byte for byte."""
    rng = random.Random(seed)
    page = b""
    for number in range(count):
        if number % 7 != 6:
            text = write_march(rng, rng.choice(TOWNS), rng.choice(CAUSES), rng.randint(2, 90) * 50)
            if number % 3 == 2:
                text = write_other(rng) + " " + write_other(rng)
            day = dt.date(2022, 5, 2) + dt.timedelta(days=rng.randint(0, 90))
            page = make_page(f"Page {seed}-{number}", text, day=day)
        yield page


def write_pages(folder: Path, count: int, *, seed: int) -> Path:
    """A folder of saved pages, with an empty one and a broken document among them."""
    folder.mkdir()
    for number, page in enumerate(make_pages(count, seed=seed)):
        (folder / f"{number:03}.html").write_bytes(page)
    (folder / "004-broken.pdf").write_bytes(b"%PDF-1.4 cut off")
    (folder / "007-empty.html").write_bytes(b"")
    return folder


def make_record(page: bytes, url: str, *, day: dt.date = dt.date(2022, 9, 1)) -> bytes:
    """One response of a web archive."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {day}T08:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{sum(url.encode()):032x}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def write_archive(path: Path, count: int, *, seed: int, begin: int = 0) -> Path:
    """A web archive packed record by record; from ``begin`` on it is added to what is there."""
    records = [make_record(page, f"https://post.example/{number}") for number, page in enumerate(make_pages(count, seed=seed))]
    with path.open("ab" if begin else "wb") as out:
        for record in records[begin:]:
            out.write(gzip.compress(record, mtime=0))
    return path

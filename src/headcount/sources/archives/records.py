"""The records of a web archive, one after the other: head, block, and what they hold for Headcount."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from headcount.models import Document, Origin, Problem
from headcount.sources.archives.lookahead import BEGINNING, LookAhead
from headcount.sources.archives.responses import HEAD_BYTES, Page, page_of_answer, page_of_bytes
from headcount.sources.encoding import decode_text
from headcount.sources.fields import report_from_fields
from headcount.sources.finding import Item, Named
from headcount.sources.limits import DOCUMENT_BYTES, LimitError
from headcount.sources.media import SCREENABLE

LONGEST_HEAD: Final = 256 * 1024
LENGTH: Final = re.compile(r"\d{1,18}")
DAY: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
WEB: Final = re.compile(r"(?:https?|ftp|file)://", re.I)
AGAIN: Final = "fetch the archive again"


class BrokenRecordError(Exception):
    """A record that cannot be taken apart; the reading goes on where the next one begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: its headers by their names in lower case, its block, and where it lies."""

    headers: dict[str, str]
    block: bytes
    length: int
    """What it says that its block is long; more than ``block`` where that is longer than any page."""

    @property
    def kind(self) -> str:
        """``response``, ``resource``, ``conversion``, ``request`` ..."""
        return self.headers.get("warc-type", "").lower()

    @property
    def url(self) -> str | None:
        """The address that it was fetched from."""
        return self.headers.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None

    @property
    def day(self) -> dt.date | None:
        """The day on which it was fetched."""
        found = DAY.match(self.headers.get("warc-date", ""))
        try:
            return dt.date(*map(int, found.groups())) if found else None
        except ValueError:
            return None


def take_record(look: LookAhead) -> Record:
    """The record that begins here. Raises BrokenRecordError where it is none, or not all there."""
    headers = _take_headers(look)
    said = headers.get("content-length", "")
    if not LENGTH.fullmatch(said):
        found = f"the Content-Length {said[:20]!r}" if said else "no Content-Length"
        raise BrokenRecordError(f"expected a record with its length, found {found}: passed over to the next record")
    length = int(said)
    most = DOCUMENT_BYTES.most + HEAD_BYTES
    block = look.take(length if length <= most else HEAD_BYTES)
    if length > most and len(block) == HEAD_BYTES and not swallowed(block):
        passed = HEAD_BYTES + look.skip_to_record(length - HEAD_BYTES)
    else:
        passed = len(block)
    if passed < length:
        raise _short(look, block, length=length, passed=passed)
    return Record(headers=headers, block=block, length=length)


def swallowed(block: bytes) -> bytes:
    """What a block that is too long has of the records after it: from the line with which the next begins."""
    found = BEGINNING.search(block, 1)
    return block[found.start() :] if found else b""


def items_of_record(record: Record, named: Named, *, name: str, place: int | None, after: int | None) -> Iterator[Item]:
    """The page or the text of a record; nothing for requests, pictures, redirects and the like."""
    if record.kind not in {"response", "resource", "conversion"} or record.headers.get("warc-segment-number", "1") != "1":
        return
    try:
        page = _page_of(record)
    except LimitError as error:
        yield Problem(stage="sources", record=name, source=named.source, reason=str(error))
        return
    if page is None:
        yield from _report_of(record, named, name=name, place=place, after=after)
        return
    if len(page.data) > DOCUMENT_BYTES.most or record.length > len(record.block):
        yield Problem(stage="sources", record=name, source=named.source, reason=str(DOCUMENT_BYTES))
        return
    if page.doubt:
        yield Problem(stage="sources", record=name, source=named.source, reason=page.doubt, fatal=False)
    yield Document(
        data=page.data, media=page.media, record=name, source=named.source, url=record.url, charset=page.charset,
        fetched=record.day, may_screen=page.media in SCREENABLE, position=place, after=after,
    )  # fmt: skip


def _take_headers(look: LookAhead) -> dict[str, str]:
    line = look.take_line(LONGEST_HEAD)
    if not BEGINNING.match(line):
        if look.at_end and len(line) < 16 and b"\n" not in line:
            raise _cut(look)
        raise BrokenRecordError(
            f"expected a WARC record, found {line[:40].decode('latin-1').strip()!r}: passed over to the next one"
        )
    headers: dict[str, str] = {}
    name = ""
    left = LONGEST_HEAD
    while left > 0:
        line = look.take_line(left)
        left -= len(line)
        if not line.endswith(b"\n"):
            break
        if BEGINNING.match(line):
            look.give_back(line)
            raise BrokenRecordError("its head ends within, where the next record begins")
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        if not text:
            return headers
        if text[0] in " \t" and name:
            headers[name] = f"{headers[name]} {text.strip()}".strip()
            continue
        key, colon, value = text.partition(":")
        if colon:
            name = key.strip().lower()
            headers.setdefault(name, value.strip())
    if left <= 0:
        raise BrokenRecordError("its head is longer than 256 KiB: passed over to the next record")
    if look.at_end:
        raise _cut(look)
    raise BrokenRecordError("its head ends within, where the next record begins")


def _short(look: LookAhead, block: bytes, *, length: int, passed: int) -> BrokenRecordError:
    if rest := swallowed(block):
        look.give_back(rest)
        return BrokenRecordError(
            f"it claims {length:,} bytes, and the next record begins after {len(block) - len(rest):,}: not read"
        )
    if look.at_end:
        return _cut(look, of=length)
    return BrokenRecordError(f"it claims {length:,} bytes, and the next record begins after {passed:,}: not read")


def _cut(look: LookAhead, *, of: int | None = None) -> BrokenRecordError:
    within = f"within this record of {of:,} bytes" if of is not None else "within the head of this record"
    return BrokenRecordError(f"cut off at byte {look.at:,}, {within}: {AGAIN}")


def _page_of(record: Record) -> Page | None:
    if record.block.startswith(b"HTTP/"):
        return page_of_answer(record.block)
    declared = record.headers.get("content-type", "")
    return None if record.kind == "conversion" and "html" not in declared.lower() else page_of_bytes(record.block, declared)


def _report_of(record: Record, named: Named, *, name: str, place: int | None, after: int | None) -> Iterator[Item]:
    """The text of a record that holds nothing else: what a crawl's WET files are made of."""
    declared = record.headers.get("content-type", "").partition(";")[0].strip().lower()
    on_web = record.kind == "conversion" or (
        record.url is not None and WEB.match(record.url) and not record.url.endswith("/robots.txt")
    )
    if record.kind == "response" or declared != "text/plain" or not on_web or not record.block.strip():
        return
    if record.length > len(record.block):
        yield Problem(stage="sources", record=name, source=named.source, reason=str(DOCUMENT_BYTES))
        return
    text, note = decode_text(record.block)
    report, problems = report_from_fields({"text": text, "url": record.url or ""}, record=name, defaults=named.asked.defaults)
    if note:
        yield Problem(stage="sources", record=name, source=named.source, reason=note, fatal=False)
    for problem in problems:
        yield replace(problem, source=named.source)
    if report is not None:
        yield replace(report, origin=Origin(source=named.source, position=place, after=after))

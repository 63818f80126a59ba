"""Web pages that a browser saved as one file (.mhtml): the page in it, its address, and the day on which it was saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from headcount.models import Document
from headcount.sources.opening import Asked, Found
from headcount.sources.pages.html import read_page
from headcount.sources.pages.naming import is_web


def read_archive(document: Document, asked: Asked) -> Iterator[Found]:
    """The report of the page that was saved; pictures, styles and frames beside it are passed over."""
    message = message_from_bytes(document.data)
    part = page_part(message)
    if part is None:
        yield Found(fatal=True, doubts=("no page in this web archive: expected a part of text/html; save the page once more",))
        return
    page = replace(
        document,
        data=part_bytes(part),
        media="html",
        url=address_of_part(message, part) or document.url,
        charset=part.get_content_charset() or document.charset,
        fetched=document.fetched or _saved_on(message),
    )
    yield from read_page(page, asked)


def page_part(message: Message) -> Message | None:
    """The part that is the page: what ``start`` or the snapshot's address names, else the first of text/html."""
    parts = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    start = message.get_param("start")
    address = _one_line(message["Snapshot-Content-Location"])
    for part in parts:
        if isinstance(start, str) and start and _one_line(part["Content-ID"]) == start.strip():
            return part
    for part in parts:
        if address and _one_line(part["Content-Location"]) == address:
            return part
    return parts[0] if parts else None


def page_bytes(data: bytes) -> tuple[bytes, str | None]:
    """The bytes of the page in an archive, out of its transfer encoding, and the character encoding that the archive declares."""
    part = page_part(message_from_bytes(data))
    return (b"", None) if part is None else (part_bytes(part), part.get_content_charset())


def part_bytes(part: Message) -> bytes:
    """The page's bytes, out of the archive's transfer encoding."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def address_of_part(message: Message, part: Message) -> str | None:
    """Where the page was saved from."""
    for address in (_one_line(part["Content-Location"]), _one_line(message["Snapshot-Content-Location"])):
        if is_web(address):
            return address
    return None


def _saved_on(message: Message) -> dt.date | None:
    try:
        return parsedate_to_datetime(_one_line(message["Date"]) or "").date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _one_line(header: object) -> str | None:
    """A header's value as one line; long addresses are folded."""
    return None if header is None else " ".join(str(header).split())

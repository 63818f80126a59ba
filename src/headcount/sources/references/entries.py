"""What all lists of references have in common: an entry, where its text stands, and the report that comes of it.

The fields of an entry go before what its attached file says of itself: a person or a library put them together, while a saved
page may show the day on which it was saved.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from headcount.models import Document
from headcount.sources.documents.letters import paragraphs_of, words_in
from headcount.sources.encoding import decode_text
from headcount.sources.limits import DOCUMENT_BYTES
from headcount.sources.opening import Found
from headcount.sources.streams import ByteStream, Input

ATTACHED: Final = "attached"
"""The field of an export's Document that says, as JSON, which entries are ``served`` by files that are read as documents of
their own, and which have ``missed`` theirs and why."""

ABSTRACT_ONLY: Final = "only the abstract was read: export with files to have the whole report read"
NO_TEXT: Final = "no text attached: export with files or give an abstract"
NOTE_WORDS: Final = 40
"""Shorter notes are a section, a page, a reader's remark, and no report."""

TAG: Final = re.compile(r"<(?:/?[a-zA-Z][^<>]{0,500}|!--.{0,500}?--)>", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of a list of references: what it says of a report, and where the report's text is."""

    name: str
    """How messages call it: its place in the list, with its key."""

    fields: dict[str, object] = field(default_factory=dict)
    abstract: str = ""
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Paths of attached files as they stand in it."""

    doubts: tuple[str, ...] = ()
    broken: str = ""
    """Why the entry could not be read."""


def read_export(document: Document, entries_of: Callable[[str], Iterator[Reference]]) -> Iterator[Found]:
    """The reports of the entries that an export's text holds; what was assumed of its encoding is told with the first."""
    text, note = decode_export(document.data)
    for number, found in enumerate(found_of(entries_of(text), document)):
        yield replace(found, doubts=(note, *found.doubts)) if note and number == 0 else found


def found_of(references: Iterable[Reference], document: Document) -> Iterator[Found]:
    """The reports of the entries, but for those whose attached files are read instead."""
    attached = json.loads(dict(document.fields).get(ATTACHED, "{}"))
    served = set(attached.get("served", ()))
    missed = attached.get("missed", {})
    for reference in references:
        if reference.broken:
            yield Found(doubts=(reference.broken,), part=reference.name, fatal=True)
        elif reference.name not in served:
            found = _found(reference)
            yield replace(found, doubts=(*found.doubts, *missed.get(reference.name, ())))


def _found(reference: Reference) -> Found:
    abstract = plain_text(reference.abstract)
    notes = "\n\n".join(plain_text(note) for note in reference.notes)
    title = str(reference.fields.get("title", ""))
    text, doubt = abstract, ABSTRACT_ONLY
    if words_in(notes) > 2 * words_in(abstract) + NOTE_WORDS:
        text, doubt = notes, "read from the notes of the reference"
    if not text.strip():
        told = f"{title[:80]!r}: {NO_TEXT}" if title else NO_TEXT
        return Found(doubts=(told,), part=reference.name, fatal=True)
    return Found(fields={**reference.fields, "text": text}, doubts=(*reference.doubts, doubt), part=reference.name)


def plain_text(text: str) -> str:
    """A field's text with its paragraphs parted by blank lines and without the tags that some exports leave in it."""
    if TAG.search(text):
        text = re.sub(r"<(?:/p|br ?/?|/div|/h\d|/li)>", "\n\n", text, flags=re.I)
        text = html.unescape(TAG.sub("", text))
    return "\n\n".join(paragraphs_of(text.replace("\r\n", "\n").replace("\r", "\n")))


def told_day(value: str) -> tuple[str | None, str | None]:
    """The day that an entry's date gives as an ISO string, or why it gives none."""
    from headcount.sources.pages.days import read_day

    value = value.strip().rstrip("/").strip()
    if not value:
        return None, None
    day = read_day(value, regions=[])
    if day is None:
        return None, f"the date {value[:60]!r} names no day: read as if the day of publication were unknown"
    if day.other is not None:
        return None, f"the date {value[:60]!r} may be two days: read as if the day of publication were unknown"
    return day.day.isoformat(), None


def fields_of(*, title: str, publisher: str, url: str, date: str) -> tuple[dict[str, object], tuple[str, ...]]:
    """The fields of a report from those of an entry, without the empty ones, and what is doubtful in them."""
    day, doubt = told_day(date)
    given = {"title": " ".join(title.split()), "publisher": " ".join(publisher.split()), "url": url.strip(), "published": day}
    return {key: value for key, value in given.items() if value}, (doubt,) if doubt else ()


def decode_export(data: bytes) -> tuple[str, str | None]:
    """The characters of an export, and what had to be assumed of its encoding."""
    stream = ByteStream(Input(io.BytesIO(data)))
    text, note = decode_text(stream.rest(limit=4 * DOCUMENT_BYTES.most))
    return text, stream.note or note

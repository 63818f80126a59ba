"""RIS, as Zotero, EndNote and the databases of libraries export it: one report for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from headcount.models import Document
from headcount.sources.opening import Asked, Found
from headcount.sources.references.entries import Reference, decode_export, fields_of, read_export

ENTRY: Final = re.compile(r"^TY  - ?", re.M)
END: Final = re.compile(r"^ER  -", re.M)
CONTINUED: Final = re.compile(r"\n(?![A-Z][A-Z0-9]  -)")
LINE_BREAK: Final = "\ue000"
"""Stands for a line break within a field while rispy reads it, which would make a blank of it; no text has this character."""


def read_ris(document: Document, asked: Asked) -> Iterator[Found]:  # noqa: ARG001
    """The reports of the entries: their abstracts or notes, where their attached files are not read instead."""
    return read_export(document, _entries)


def references_of(data: bytes) -> Iterator[Reference]:
    """The entries of an export."""
    return _entries(decode_export(data)[0])


def _entries(text: str) -> Iterator[Reference]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in ENTRY.finditer(text)]
    for number, (start, end) in enumerate(pairwise([*starts, len(text)]), start=1):
        yield _entry(text[start:end], f"entry {number}")


def _entry(chunk: str, name: str) -> Reference:
    import rispy

    ended = END.search(chunk)
    whole = chunk[: ended.start()] if ended else chunk
    body = CONTINUED.sub(LINE_BREAK, whole.rstrip("\n"))
    try:
        found = rispy.loads(f"{body}\nER  - \n", enforce_list_tags=False)
    except (ValueError, KeyError, IndexError, TypeError, OSError) as error:
        return Reference(name=name, broken=f"no entry of RIS that can be read ({str(error)[:100]}): export it again")
    if not found:
        return Reference(name=name, broken="an entry without fields: export it again")
    entry: Mapping[str, Any] = found[0]
    fields, doubts = fields_of(
        title=_first(entry, "title", "primary_title", "short_title"),
        publisher=_first(entry, "secondary_title", "journal_name", "alternate_title3", "alternate_title2", "publisher"),
        url=_first(entry, "urls"),
        date=_first(entry, "date", "publication_year", "year"),
    )
    if not ended:
        doubts = (*doubts, "the entry has no end (ER): the export is cut off, and the text may be")
    return Reference(
        name=name,
        fields=fields,
        abstract=max(_first(entry, "abstract"), _first(entry, "notes_abstract"), key=len),
        notes=tuple(_all(entry, "notes", "research_notes")),
        files=tuple(_all(entry, "file_attachments1", "file_attachments2")),
        doubts=doubts,
    )


def _all(entry: Mapping[str, Any], *keys: str) -> Iterator[str]:
    for key in keys:
        value = entry.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and one.strip(f" \n{LINE_BREAK}"):
                yield one.replace(LINE_BREAK, "\n").strip()


def _first(entry: Mapping[str, Any], *keys: str) -> str:
    return next(_all(entry, *keys), "")

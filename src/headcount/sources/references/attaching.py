"""Finds the files that lie beside an export of references, so that its entries are read with their text.

Only files within the export's own folder are opened: no path that leads up or begins at the root, and no link that leads out.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Final

from headcount.models import Document, Origin, Problem
from headcount.sources.encoding import decode_text, why_not_text
from headcount.sources.fields import report_from_fields
from headcount.sources.finding import Item, Named, document_of, show_path
from headcount.sources.limits import DOCUMENT_BYTES, DOCUMENT_REPORTS
from headcount.sources.media import sniff_media
from headcount.sources.references.entries import ATTACHED, Reference
from headcount.sources.streams import Input

LISTS: Final = {
    "ris": "headcount.sources.references.ris",
    "bibtex": "headcount.sources.references.bibtex",
    "json": "headcount.sources.references.csl",
    "zotero": "headcount.sources.references.zotero",
}
MARKS: Final = {"ris": (b"L1  -", b"L2  -"), "bibtex": (b"file",), "json": (b'"path"', b'"localPath"'), "zotero": (b"resource",)}
"""Without one of these in it an export has no attached files, and need not be read here."""

LIST_BYTES: Final = 8 * 2**20
"""The longest export that is read here, in the process that finds the reports, where nothing bounds its time: 10,000 entries
with abstracts. As objects of JSON or XML it takes 30 times its size at worst."""

FILES_OF_ENTRY: Final = 20
BEST: Final = ("html", "mhtml", "text", "docx", "pdf", "rtf", "epub")
"""What is read of several files of one entry, which are one report: the kind whose text comes out best."""


class _LeftOutError(Exception):
    """This file is not read; the message says why."""


def read_with_files(opened: Input, named: Named, media: str) -> Iterator[Item]:
    """The files attached to the entries, each with its entry's fields, and the export itself for the other entries."""
    document = document_of(opened, named, media)
    if not isinstance(document, Document) or named.path is None or not any(mark in document.data for mark in MARKS[media]):
        yield document
        return
    if len(document.data) > LIST_BYTES:
        reason = f"longer than {LIST_BYTES // 2**20} MiB: its attached files were not looked for; export it in parts"
        yield _doubt(named, named.record, reason)
        yield document
        return
    served: list[str] = []
    missed: dict[str, list[str]] = {}
    others = False
    for number, reference in enumerate(_references_of(document), start=1):
        readable, why = _files_of(reference, str(named.path))
        if not readable or number > DOCUMENT_REPORTS.most:
            others = True
            missed.update({reference.name: why} if why else {})
        else:
            served.append(reference.name)
            yield from _items_of(reference, readable, why, named)
        if number > DOCUMENT_REPORTS.most:
            break
    if others or not served:
        yield replace(document, fields=((ATTACHED, json.dumps({"served": served, "missed": missed})),))


def _references_of(document: Document) -> Iterator[Reference]:
    """The entries; where the export cannot be read, those before, and its reader says why."""
    read: Callable[[bytes], Iterator[Reference]] = import_module(LISTS[document.media]).references_of
    try:
        yield from read(document.data)
    except Exception:  # a library's reader on bytes that nobody foresaw: the worker that opens the export meets it again
        yield Reference(name="", broken="unread")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file attached to an entry."""

    path: str
    media: str
    data: bytes


def _files_of(reference: Reference, export: str) -> tuple[list[_File], list[str]]:
    """The files of an entry that can be read, the best first, and why others cannot."""
    readable: list[_File] = []
    missed: list[str] = []
    for file in reference.files[:FILES_OF_ENTRY]:
        try:
            readable.append(_open_beside(export, file))
        except _LeftOutError as error:
            missed.append(f"its attached file {file[:100]!r} was not read: {error}")
    return sorted(readable, key=lambda one: BEST.index(one.media)), missed


def _items_of(reference: Reference, files: list[_File], missed: list[str], named: Named) -> Iterator[Item]:
    """The best of an entry's files as a document, or as a report of plain text, after what is doubtful about it."""
    best = files[0]
    named.taken.update(os.path.realpath(file.path) for file in files)
    record = show_path(best.path)
    doubts = [*reference.doubts, *missed]
    if len(files) > 1:
        others = ", ".join(show_path(os.path.basename(file.path)) for file in files[1:])
        doubts.append(f"also attached to this entry, and taken for the same report: {others}")
    for doubt in doubts:
        yield _doubt(named, record, doubt)
    fields = {key: str(value) for key, value in reference.fields.items()}
    if best.media == "text":
        yield from _report_of(best.data, fields, record, named)
    else:
        yield Document(
            data=best.data,
            media=best.media,
            record=record,
            source=named.source,
            fields=tuple(fields.items()),
            fields_first=True,
        )


def _report_of(data: bytes, fields: dict[str, str], record: str, named: Named) -> Iterator[Item]:
    text, note = decode_text(data)
    if note:
        yield _doubt(named, record, note)
    report, problems = report_from_fields({**fields, "text": text}, record=record, defaults=named.asked.defaults)
    for problem in problems:
        yield replace(problem, source=named.source)
    if report is not None:
        yield replace(report, origin=Origin(source=named.source))


def _open_beside(export: str, file: str) -> _File:
    """A file within the folder of the export. Raises _LeftOutError."""
    file = file.removeprefix("./")
    if not file or "\0" in file or "://" in file or file.lower().startswith(("file:", "internal-pdf:")):
        raise _LeftOutError("it is no path within the export's folder")
    if os.path.isabs(file) or file.startswith(("\\", "~")) or file[1:2] == ":" or ".." in file.replace("\\", "/").split("/"):
        raise _LeftOutError("it lies outside the export's folder; export with files to have it beside")
    folder = os.path.realpath(os.path.dirname(export) or ".")
    path = os.path.join(os.path.dirname(export), file)
    try:
        real = os.path.realpath(path, strict=True)
        if os.path.commonpath([folder, real]) != folder:
            raise _LeftOutError("it is a link that leads out of the export's folder")
        status = os.stat(real)
        if not stat.S_ISREG(status.st_mode):
            raise _LeftOutError("it is no file")
        if status.st_size > DOCUMENT_BYTES.most:
            raise _LeftOutError(str(DOCUMENT_BYTES))
        with open(real, "rb") as opened:
            data = opened.read(DOCUMENT_BYTES.most + 1)
    except FileNotFoundError:
        raise _LeftOutError("no such file") from None
    except (OSError, ValueError) as error:
        raise _LeftOutError(getattr(error, "strerror", None) or str(error)) from None
    return _File(path=path, media=_medium_of(data, os.path.splitext(file)[1].lower()), data=data)


def _medium_of(data: bytes, ending: str) -> str:
    media = sniff_media(data, ending=ending)
    if media == "zip":
        media = {".docx": "docx", ".epub": "epub"}.get(ending, media)
    if media not in BEST or (media == "text" and why_not_text(data)):
        raise _LeftOutError("it is empty" if not data else "it is no page, document or text")
    return media


def _doubt(named: Named, record: str, reason: str) -> Problem:
    return Problem(stage="sources", record=record, source=named.source, reason=reason, fatal=False)

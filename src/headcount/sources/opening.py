"""From a document to its reports: one reader for each kind of bytes. Pure: no file, no network, no clock.

``run.extracting`` calls this in a process of its own, with a limit of time and memory; a reader may therefore be slow or
fail on hostile bytes, but must not write, fetch or spawn anything.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Final

from headcount.models import Document, Origin, Problem, Reading, Report
from headcount.sources.fields import Defaults, report_from_fields
from headcount.sources.limits import DOCUMENT_REPORTS, LimitError

READERS: Final[Mapping[str, str]] = {
    "html": "headcount.sources.pages.html:read_page",
    "mhtml": "headcount.sources.pages.mhtml:read_archive",
    "feed": "headcount.sources.feeds:read_feed",
    "sitemap": "headcount.sources.sitemaps:read_sitemap",
    "eml": "headcount.sources.documents.eml:read_message",
    "mbox": "headcount.sources.documents.eml:read_mailbox",
    "pdf": "headcount.sources.documents.pdf:read_pdf",
    "docx": "headcount.sources.documents.docx:read_docx",
    "rtf": "headcount.sources.documents.rtf:read_rtf",
    "epub": "headcount.sources.documents.epub:read_epub",
    "ris": "headcount.sources.references.ris:read_ris",
    "bibtex": "headcount.sources.references.bibtex:read_bibtex",
    "zotero": "headcount.sources.references.zotero:read_zotero",
    "json": "headcount.sources.references.csl:read_json",
}
"""By medium the function that opens it; imported when the first such document is met."""

Opener = Callable[[Document, "Asked"], Iterable["Found"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the caller wants of all documents."""

    today: dt.date | None = None
    """A date of publication after this day is doubted; None doubts none."""

    defaults: Defaults = field(default_factory=Defaults)
    columns: Mapping[str, str] = field(default_factory=dict)
    """By key of a report (``text``, ``published`` ...) the column or key that holds it, from ``--map``."""

    keep_bytes: bool = False
    """Whether the bytes of documents are kept (a record) or only their hash (a single reading)."""

    screen: bool = True
    """Whether documents of bulk archives without a word of a gathering may stay unopened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One report as a reader of documents found it: values as they stand there, not yet checked.

    ``fields`` has the keys of a JSON Lines report: text, title, published, publisher, url, id, country. ``doubts`` are told
    beside the report; with ``fatal`` they say why there is none. ``part`` names it within its document ("article 3").
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    part: str = ""
    charset: str | None = None
    fatal: bool = False


def open_document(document: Document, asked: Asked) -> list[Report | Problem | Reading]:
    """The reports of one document, each after the doubts about it; a fatal Problem where it cannot be opened.

    A Reading stands for what may not be opened because no word of a gathering is in it (``may_screen``).
    """
    made: list[Report | Problem | Reading] = []
    number = 0
    try:
        if document.may_screen and asked.screen and not _may_tell(document):
            return [_turned_away(document)]
        opener = _load(document.media)
        digest = hashlib.sha256(document.data).hexdigest()
        packed = zlib.compress(document.data, 6) if asked.keep_bytes else None
        for number, found in enumerate(opener(document, asked), start=1):
            if number > DOCUMENT_REPORTS.most:
                made.append(_problem(document, str(DOCUMENT_REPORTS)))
                break
            made.extend(_checked(found, document, asked, digest=digest, packed=packed))
    except LimitError as error:
        made.append(_problem(document, str(error)))
    except MemoryError:
        made.append(_problem(document, "too little memory to open it: save its text instead"))
    except RecursionError:
        made.append(_problem(document, "nested too deeply to open: save its text instead"))
    except Exception as error:  # a library's reader on bytes that nobody foresaw
        what = f"{type(error).__name__}: {str(error)[:200]}"
        made.append(_problem(document, f"it could not be opened as {document.media} ({what}): save its text instead"))
    if not number and not made:
        made.append(_problem(document, f"no report in this {document.media} document: nothing to read"))
    return made


def _checked(
    found: Found, document: Document, asked: Asked, *, digest: str, packed: bytes | None
) -> Iterator[Report | Problem | Reading]:
    record = f"{document.record}#{found.part}" if found.part else document.record
    if found.fatal:
        yield Problem(stage="sources", record=record, source=document.source, reason="; ".join(found.doubts))
        return
    known = {key: value for key, value in (*document.fields, ("url", document.url)) if value}
    given = {key: value for key, value in found.fields.items() if value not in (None, "")}
    told = {**given, **known} if document.fields_first else {**known, **given}
    report, problems = report_from_fields(told, record=record, defaults=asked.defaults)
    for doubt in found.doubts:
        yield Problem(stage="sources", record=record, source=document.source, reason=doubt, fatal=False)
    for problem in problems:
        yield replace(problem, source=document.source)
    if report is not None:
        yield replace(report, origin=origin_of(document, charset=found.charset, digest=digest, packed=packed))


def origin_of(document: Document, *, charset: str | None = None, digest: str | None = None, packed: bytes | None = None) -> Origin:
    """Where a report of this document comes from."""
    return Origin(
        source=document.source, media=document.media, charset=charset or document.charset, digest=digest, packed=packed,
        position=document.position, after=document.after,
    )  # fmt: skip


def _may_tell(document: Document) -> bool:
    from headcount.sources.pages.glance import may_tell_page

    return may_tell_page(document.data, charset=document.charset)


def _turned_away(document: Document) -> Reading:
    return Reading(
        report=Report(text="", given_id=document.record, record=document.record, url=document.url, origin=origin_of(document)),
        screened_out=True,
    )


def _load(media: str) -> Opener:
    module, _, name = READERS[media].partition(":")
    opener: Opener = getattr(import_module(module), name)
    return opener


def _problem(document: Document, reason: str) -> Problem:
    return Problem(stage="sources", record=document.record, source=document.source, reason=reason)

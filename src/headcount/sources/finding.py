"""Finds the reports of files, folders and streams: text at once, documents as they are, archives record by record."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

from headcount.models import Document, Origin, Problem, Reading, Report
from headcount.sources.encoding import why_not_text
from headcount.sources.fields import Defaults
from headcount.sources.jsonl import parse_object, reports_from_lines
from headcount.sources.limits import DOCUMENT_BYTES, LINE_BYTES, NESTING, RATIO_FROM_BYTES, UNPACKED_RATIO, LimitError
from headcount.sources.media import sniff_media
from headcount.sources.opening import READERS, Asked
from headcount.sources.plain import reports_from_text
from headcount.sources.streams import ByteStream, Input, TooLongError
from headcount.wording import write_count

Item = Report | Problem | Document | Reading
"""A report; what could not be read; what is still to be opened; what was settled without being opened."""

STREAMS: Final = {
    "gzip": "headcount.sources.archives.gzips:read_gzip",
    "zip": "headcount.sources.archives.zips:read_zip",
    "warc": "headcount.sources.archives.warc:read_warc",
    "csv": "headcount.sources.tables.csvs:read_csv",
    "tsv": "headcount.sources.tables.csvs:read_tsv",
    "parquet": "headcount.sources.tables.parquet:read_parquet",
}
"""By medium the function that reads it forward: ``(Input, Named) -> Iterator[Item]``."""

REFERENCES: Final = frozenset({"ris", "bibtex", "json", "zotero"})
"""Lists of references, whose text may lie in files beside them."""

BESIDE_PAGES: Final = frozenset(
    ".css .js .mjs .map .json5 .svg .xsl .xslt .dtd .ini .cfg .toml .yaml .yml .py .sh .sql .ics .vcf .srt .vtt .bak .log "
    ".db-wal .db-shm .db-journal".split()
)
"""Endings of text files that are no reports; in a folder they are passed over. Named on the command line they are read."""


PAGE_FOLDERS: Final = (
    "_files", "_archivos", "_arquivos", "_ficheiros", "_fichiers", "_bestanden", "_file", "_pliki", "-Dateien", "_Dateien",
    ".files",
)  # fmt: skip
"""What browsers in several languages append to a page's name, for the folder in which they save what belongs to it."""

REPORT_ENDINGS: Final = frozenset(
    (
        ".txt .text .md .markdown .html .htm .xhtml .mhtml .mht .jsonl .ndjson .json .csv .tsv .parquet .pdf .docx .rtf .epub .eml "
        ".mbox .ris .bib .rdf .xml .rss .atom .warc .wacz .gz .zip"
    ).split()
)


@dataclass(slots=True)
class Unpacked:
    """Counts what all files of a zip unpack to, those of zips within it included: many small bombs are a large one."""

    packed: int
    count: int = 0

    def add(self, count: int) -> None:
        """Told of further bytes. Raises LimitError, and again each time, where they are more than news is packed to."""
        self.count += count
        if self.count > RATIO_FROM_BYTES and self.count > UNPACKED_RATIO.most * self.packed:
            raise LimitError(UNPACKED_RATIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One input on its way: how messages call it, what was named by the caller, and what is asked of it."""

    record: str
    source: str
    ending: str = ""
    path: str | None = None
    """Where it lies, for readers that have to go back and forth in it (zip, Parquet); None for a stream."""

    asked: Asked = field(default_factory=Asked)
    resume: Callable[[str], int | None] = lambda _: None
    """By path or URL of an archive where in it an earlier run got to, in bytes; None to begin at its beginning."""

    taken: set[str] = field(default_factory=set, compare=False)
    """Real paths of files that were read as attached to a list of references: a folder does not give them once more."""

    unpacked: Unpacked | None = field(default=None, compare=False)
    """What the zip that this lies in, at whatever depth, has unpacked to so far."""

    depth: int = 0
    in_folder: bool = False

    def inside(self, name: str, *, ending: str | None = None) -> Named:
        """Something within this archive. Raises LimitError past the depth to which archives may stand in each other."""
        if self.depth >= NESTING.most:
            raise LimitError(NESTING)
        told = f"{self.record}/{name}" if name else self.record
        return replace(
            self,
            record=told,
            depth=self.depth + 1,
            path=None,
            ending=os.path.splitext(name)[1].lower() if ending is None else ending,
        )


def find_reports(
    paths: Iterable[str | os.PathLike[str]],
    *,
    defaults: Defaults | None = None,
    asked: Asked | None = None,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], None] | None = None,
    resume: Callable[[str], int | None] = lambda _: None,
) -> Iterator[Item]:
    """What files, folders and ``-`` (standard input) hold, in the order given, folders in the order of their names.

    Text and JSON Lines come out as reports; pages and documents as ``Document``s, which ``run.extracting`` opens in
    processes of their own. ``defaults`` fills what a report lacks; ``on_bytes`` is told how many bytes were read, for a
    progress bar. Never raises for what an input holds.
    """
    asked = asked or Asked(defaults=defaults or Defaults())
    for path in paths:
        name = os.fspath(path)
        named = Named(record=show_path(name), source=show_path(name), asked=asked, resume=resume)
        if name == "-" and stdin is None and sys.stdin is None:
            yield _problem(named, "standard input is closed: give a file or a folder")
        elif name == "-":
            yield from items_of(stdin or sys.stdin.buffer, named, on_bytes=on_bytes)
        elif not name:
            yield _problem(replace(named, record='""'), "the path is empty: give a file, a folder, or - for standard input")
        elif os.path.isdir(name):
            yield from _items_of_folder(Path(name), named, on_bytes=on_bytes)
        else:
            yield from _items_of_file(Path(name), named, on_bytes=on_bytes)


def _items_of_folder(folder: Path, named: Named, *, on_bytes: Callable[[int], None] | None) -> Iterator[Item]:
    """Every report below the folder; hidden files and folders are passed over, links to folders not followed.

    The folder that a browser saves beside a page (``march_files`` beside ``march.html``) is part of the page.
    """
    unreadable: list[OSError] = []
    other: list[str] = []
    found = False
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        stems = {os.path.splitext(name)[0] for name in files if name.lower().endswith((".html", ".htm", ".xhtml"))}
        pages = {stem + ending for stem in stems for ending in PAGE_FOLDERS}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in pages)
        for name in sorted(files):
            path = Path(parent, name)
            if name.startswith(".") or not _is_regular(path):
                continue
            if os.path.realpath(path) in named.taken:
                continue
            if _is_no_report(path):
                other.append(name)
                continue
            found = True
            yield from _items_of_file(path, replace(named, in_folder=True), on_bytes=on_bytes)
        yield from _unreadable_folders(unreadable, named)
        found = found or bool(unreadable)
        unreadable.clear()
    yield from _unreadable_folders(unreadable, named)  # the last ones, after which the walk gives nothing more
    shown = ", ".join(show_path(name) for name in other[:3]) + (", ..." if len(other) > 3 else "")
    if not found and not unreadable:
        passed = f" ({write_count(len(other), 'other file')}: {shown})" if other else ""
        reason = "a folder without reports: expected saved pages, texts, documents or archives in it or below it" + passed
        yield _problem(named, reason)
    elif other:
        reason = f"passed over {write_count(len(other), 'file')} without a report ({shown}); name one to have it read"
        yield Problem(stage="sources", record=named.record, source=named.source, reason=reason, fatal=False)


def _is_no_report(path: Path) -> bool:
    """Whether a file of a folder is a picture, a style sheet, a database: something that nobody means to have read.

    Binary data under a name that promises a report (``march.html``) is a broken report, and fails.
    """
    ending = path.suffix.lower()
    if ending in BESIDE_PAGES:
        return True
    if ending in REPORT_ENDINGS:
        return False
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        return sniff_media(head, ending=ending) in {"binary", "text"} and why_not_text(head) is not None
    except OSError:
        return False  # opening it says why


def _unreadable_folders(errors: list[OSError], named: Named) -> Iterator[Problem]:
    for error in errors:
        yield _problem(replace(named, record=show_path(error.filename or named.record)), why_unread(error))


def _items_of_file(path: Path, named: Named, *, on_bytes: Callable[[int], None] | None) -> Iterator[Item]:
    named = replace(named, record=show_path(path), ending=path.suffix.lower(), path=os.fspath(path))
    try:
        with path.open("rb") as file:
            yield from items_of(file, named, on_bytes=on_bytes)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield _problem(named, why_unread(error))


def items_of(file: BinaryIO, named: Named, *, on_bytes: Callable[[int], None] | None = None) -> Iterator[Item]:
    """What one open file or stream holds, told from its first bytes."""
    try:
        yield from _items_of_input(Input(file, on_bytes=on_bytes), named)
    except LimitError as error:
        yield _problem(named, str(error))
    except OSError as error:
        yield _problem(named, why_unread(error))
    except Exception as error:  # a library's reader on bytes that nobody foresaw: it costs this input, not the run
        what = f"{type(error).__name__}: {str(error)[:200]}"
        yield _problem(named, f"could not be read to its end ({what}); this is a defect of Headcount: report it with the file")


def _items_of_input(opened: Input, named: Named) -> Iterator[Item]:
    media = sniff_media(opened.head, ending=named.ending)
    if media == "text" and named.asked.columns and _is_mapped_table(opened.head, named):
        media = "csv"
    if media in STREAMS:
        module, _, name = STREAMS[media].partition(":")
        yield from getattr(import_module(module), name)(opened, named)
    elif media in REFERENCES and named.path is not None:
        from headcount.sources.references.attaching import read_with_files

        yield from read_with_files(opened, named, media)
    elif media in READERS:
        yield document_of(opened, named, media)
    elif media == "empty":
        yield _problem(named, "the input is empty: nothing to read")
    elif media == "binary":
        yield _problem(named, why_not_text(opened.head) or "expected text, found binary data")
    else:
        yield from _told_of(named, _reports_of_text(ByteStream(opened), media, named))


def _is_mapped_table(head: bytes, named: Named) -> bool:
    from headcount.sources.tables.csvs import is_table

    return is_table(head, named.asked.columns)


def _reports_of_text(stream: ByteStream, media: str, named: Named) -> Iterable[Report | Problem]:
    if why := why_not_text(stream.head):
        return [_problem(named, why)]
    if media == "jsonl" or _is_lines(stream):
        return reports_from_lines(stream, record=named.record, asked=named.asked)
    return reports_from_text(stream, record=named.record, asked=named.asked)


def document_of(opened: Input, named: Named, media: str, **known: object) -> Item:
    """The rest of an input as one document, or a Problem where it is too long for one."""
    try:
        data = opened.rest(limit=DOCUMENT_BYTES.most)
    except TooLongError:
        return _problem(named, str(DOCUMENT_BYTES))
    return Document(data=data, media=media, record=named.record, source=named.source, **known)  # type: ignore[arg-type]


def _told_of(named: Named, items: Iterable[Report | Problem]) -> Iterator[Report | Problem]:
    """The items with the input that they are counted under."""
    for item in items:
        if isinstance(item, Problem):
            yield replace(item, source=named.source)
        else:
            yield replace(item, origin=item.origin or Origin(source=named.source))


def _is_lines(stream: ByteStream) -> bool:
    """Whether what begins with a brace is JSON Lines: its first line has a text."""
    if stream.head.lstrip()[:1] != b"{":
        return False
    try:
        return "text" in parse_object(stream.first_line(limit=LINE_BYTES))
    except ValueError:
        return False


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True  # a dangling link, no permission: opening it says why


def why_unread(error: OSError | ValueError) -> str:
    """Why an input could not be read, and what to do."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder: check the path"
    if isinstance(error, PermissionError):
        return "no permission to read it: check its rights"
    return f"could not be read: {getattr(error, 'strerror', None) or error}"


def show_path(path: str | os.PathLike[str]) -> str:
    """A path as messages and outputs can hold it, whatever bytes its name has."""
    return os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _problem(named: Named, reason: str) -> Problem:
    return Problem(stage="sources", record=named.record, source=named.source, reason=reason)

"""Zips, looked into: a Word document, a book or a web archive (WACZ) as what it is, any other file by file.

Nothing is unpacked to disk, whatever the names in it say. A zip is only read from its list of files, which stands at its
end: what comes through a pipe or lies within another archive is put into a temporary file first, up to a limit.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO, Final, cast

from headcount.models import Document, Problem
from headcount.sources.encoding import why_not_text
from headcount.sources.finding import BESIDE_PAGES, PAGE_FOLDERS, REPORT_ENDINGS, Item, Named, Unpacked, items_of
from headcount.sources.limits import (
    DOCUMENT_BYTES,
    RATIO_FROM_BYTES,
    SPOOLED_BYTES,
    UNPACKED_RATIO,
    ZIP_MEMBERS,
    LimitError,
)
from headcount.sources.media import sniff_media
from headcount.sources.streams import CHUNK, Input
from headcount.wording import make_harmless, write_count

IN_MEMORY: Final = 16 * 1024 * 1024
LIST_BYTES: Final = 64 * 1024 * 1024
"""The longest list of files: 200,000 of them take about 25 MB."""

LONGEST_NAME: Final = 300
FOLDERS: Final = 64
"""How deep in folders a saved page is looked for; a name may have 32,000 of them."""

LOCAL_HEAD: Final = 30
END: Final = struct.Struct("<4s4H2LH")
ENCRYPTED: Final = 0x1
BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OverflowError)
"""What ``zipfile`` raises on broken bytes."""

REMEDIES: Final = {
    "xl/workbook.xml": "an Excel workbook: save its sheet as CSV (UTF-8) and give that",
    "xl/workbook.bin": "an Excel workbook: save its sheet as CSV (UTF-8) and give that",
    "ppt/presentation.xml": "slides: save them as PDF or plain text and give that",
    "application/vnd.oasis.opendocument.text": "an OpenDocument text: save it as .docx or plain text and give that",
    "application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument sheet: save it as CSV (UTF-8) and give that",
    "application/vnd.oasis.opendocument.presentation": "slides: save them as PDF or plain text and give that",
}
"""What is no archive although it is a zip, by a file in it or by what its file ``mimetype`` says."""


class BrokenZipError(OSError):
    """A file in a zip that cannot be unpacked; the message says why and what to do."""


def read_zip(opened: Input, named: Named) -> Iterator[Item]:
    """What a zip holds: one document, the records of a web archive, or each of its files by content."""
    with _on_disk(opened, named) as file:
        if named.unpacked is None:
            named = replace(named, unpacked=Unpacked(file.seek(0, os.SEEK_END)))
        try:
            _check_list(file)
            archive = zipfile.ZipFile(file)
        except BROKEN:
            yield _problem(named, "a zip whose list of files is broken or cut off: fetch it again, or mend it (zip -FF)")
            return
        with archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            if len(infos) > ZIP_MEMBERS.most:
                raise LimitError(ZIP_MEMBERS)
            yield from _items_of_zip(archive, infos, opened, named)


def _items_of_zip(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], opened: Input, named: Named) -> Iterator[Item]:
    if _overlap(infos):
        yield _problem(named, "its files overlap each other, as in bombs: unpack it yourself if you trust it")
        return
    names = {info.filename for info in infos}
    kind = _mimetype(archive, names)
    told = next((remedy for mark, remedy in REMEDIES.items() if mark in names or mark == kind), None)
    if told is not None:
        yield _problem(named, f"expected reports, found {told}")
    elif "word/document.xml" in names:
        yield _document(archive, named, "docx")
    elif kind == "application/epub+zip" or "META-INF/container.xml" in names:
        yield _document(archive, named, "epub")
    elif any(_is_wacz(name) for name in names) and {"datapackage.json", "webdata.yaml"} & names:
        for info in infos:
            if _is_wacz(info.filename):
                yield from _items_of_member(archive, info, named)
    else:
        yield from _items_of_files(archive, infos, opened, named)


def _items_of_files(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], opened: Input, named: Named) -> Iterator[Item]:
    """Each file by its content; what is no report is passed over and counted, as in a folder."""
    named.inside("")  # raises for a zip too deep in others
    stems = {os.path.splitext(info.filename)[0] for info in infos if info.filename.lower().endswith((".html", ".htm"))}
    pages = {stem + ending for stem in stems for ending in PAGE_FOLDERS}
    other: list[str] = []
    found = False
    for info in infos:
        if named.unpacked is not None:
            named.unpacked.add(0)  # once it is a bomb, no more of it is read
        on_disk = named.path is not None and named.depth == 0
        parts = info.filename.replace("\\", "/").split("/")
        if parts[0] == "__MACOSX" or any(part.startswith(".") and part not in {".", ".."} for part in parts):
            continue
        if any(
            part.endswith(PAGE_FOLDERS) and "/".join(parts[: depth + 1]) in pages for depth, part in enumerate(parts[:-1][:FOLDERS])
        ):
            continue
        if _is_no_report(archive, info):
            other.append(_shown(info.filename))
        else:
            found = True
            yield from _items_of_member(archive, info, named)
        if on_disk:
            opened.skip(LOCAL_HEAD + len(info.filename) + info.compress_size)  # for who is told of the bytes that were read
    listed = ", ".join(other[:3]) + (", ..." if len(other) > 3 else "")
    if not found:
        passed = f" ({write_count(len(other), 'other file')}: {listed})" if other else ""
        yield _problem(named, "a zip without reports: expected saved pages, texts, documents or archives in it" + passed)
    elif other:
        passed = f"passed over {write_count(len(other), 'file')} without a report ({listed})"
        reason = f"{passed}; unpack the zip and name one to have it read"
        yield Problem(stage="sources", record=named.record, source=named.source, reason=reason, fatal=False)


def _items_of_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: Named) -> Iterator[Item]:
    """One file in the zip, by its content; what is wrong with it costs this file alone."""
    inner = None
    try:
        inner = named.inside(_shown(info.filename))
        with _Member(archive, info, named.unpacked) as member:
            yield from items_of(cast("BinaryIO", member), inner)
    except (LimitError, BrokenZipError) as error:
        record = inner.record if inner else f"{named.record}/{_shown(info.filename)}"
        yield Problem(stage="sources", record=record, source=named.source, reason=str(error))


class _Member:
    """The unpacked bytes of one file in a zip, read forward; a bomb is a LimitError, broken bytes a BrokenZipError."""

    def __init__(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, total: Unpacked | None = None) -> None:
        if info.flag_bits & ENCRYPTED:
            raise BrokenZipError("it is encrypted: unpack it with its password and give what is inside")
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # zipfile unpacks the others without a bound
            raise BrokenZipError("it is packed by another method than zips mostly are: unpack it yourself and give what is inside")
        if info.file_size > RATIO_FROM_BYTES and info.file_size > UNPACKED_RATIO.most * max(info.compress_size, 1):
            raise LimitError(UNPACKED_RATIO)  # zipfile gives no more bytes than the size that is checked here
        self._info = info
        self._total = total
        self._unpacked = 0
        try:
            self._file = archive.open(info)
        except (*BROKEN, RuntimeError, OSError) as error:
            raise BrokenZipError(_why(error)) from None

    def __enter__(self) -> _Member:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read1(self, size: int = CHUNK) -> bytes:
        """At most ``size`` bytes; none at the end."""
        try:
            piece = self._file.read(size if 0 <= size < CHUNK else CHUNK)
        except (*BROKEN, RuntimeError, OSError) as error:
            raise BrokenZipError(_why(error)) from None
        self._unpacked += len(piece)
        if self._total is not None:
            self._total.add(len(piece))
        if not piece and self._unpacked < self._info.file_size:
            raise BrokenZipError(f"it ends after {self._unpacked:,} of {self._info.file_size:,} bytes: fetch the zip again")
        return piece

    read = read1


def _is_no_report(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """As for the files of a folder: a picture, a style sheet, a database; not binary data under a name that promises a report."""
    ending = os.path.splitext(info.filename)[1].lower()
    if ending in BESIDE_PAGES:
        return True
    if ending in REPORT_ENDINGS or info.flag_bits & ENCRYPTED:
        return False
    try:
        with _Member(archive, info) as member:
            head = member.read1(4096)
    except (BrokenZipError, LimitError):
        return False  # opening it says why
    return sniff_media(head, ending=ending) in {"binary", "text"} and why_not_text(head) is not None


def _is_wacz(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))


def _document(archive: zipfile.ZipFile, named: Named, media: str) -> Item:
    """The zip itself, as the document that it is."""
    file = cast("BinaryIO", archive.fp)
    file.seek(0)
    data = file.read(DOCUMENT_BYTES.most + 1)
    if len(data) > DOCUMENT_BYTES.most:
        return _problem(named, str(DOCUMENT_BYTES))
    return Document(data=data, media=media, record=named.record, source=named.source)


def _mimetype(archive: zipfile.ZipFile, names: set[str]) -> str:
    """What a book or an OpenDocument file says that it is."""
    if "mimetype" not in names:
        return ""
    try:
        with _Member(archive, archive.getinfo("mimetype")) as member:
            return member.read1(200).decode("latin-1").strip()
    except (BrokenZipError, LimitError):
        return ""


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two files share bytes of the zip, so that few bytes unpack to many."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + LOCAL_HEAD + info.compress_size
    return False


def _check_list(file: BinaryIO) -> None:
    """Raises LimitError where the list of files is longer than any that is taken, before it is read."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - (1 << 16) - END.size))
    tail = file.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < END.size:
        raise zipfile.BadZipFile
    _, _, _, _, entries, size, _, _ = END.unpack_from(tail, start)
    wide = tail.rfind(b"PK\x06\x06", 0, start)
    if wide >= 0 and len(tail) - wide >= 56:
        entries, size = struct.unpack_from("<QQ", tail, wide + 32)
    if entries > 2 * ZIP_MEMBERS.most or size > LIST_BYTES:
        raise LimitError(ZIP_MEMBERS)


@contextmanager
def _on_disk(opened: Input, named: Named) -> Iterator[BinaryIO]:
    """A file that can be read back and forth: the zip itself, else a temporary one."""
    if named.path is not None:
        with open(named.path, "rb") as file:
            yield file
        return
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        length = 0
        while block := opened.read1(CHUNK):
            length += len(block)
            if length > SPOOLED_BYTES.most:
                raise LimitError(SPOOLED_BYTES)
            spooled.write(block)
        spooled.seek(0)
        yield cast("BinaryIO", spooled)


def _why(error: Exception) -> str:
    said = make_harmless(str(error))[:100]
    return f"it cannot be unpacked ({said or type(error).__name__}): fetch the zip again"


def _shown(name: str) -> str:
    """A name as messages can hold it; it is never used as a path."""
    return make_harmless(name)[:LONGEST_NAME] or "(no name)"


def _problem(named: Named, reason: str) -> Problem:
    return Problem(stage="sources", record=named.record, source=named.source, reason=reason)

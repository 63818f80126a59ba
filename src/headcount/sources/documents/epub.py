"""EPUB: a book or an issue of a periodical; one report for each chapter of its spine that has a text of some length."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from headcount.models import Document
from headcount.sources.documents.letters import words_in
from headcount.sources.documents.nested import open_nested, without_date_doubts
from headcount.sources.limits import DOCUMENT_BYTES, RATIO_FROM_BYTES, UNPACKED_BYTES, UNPACKED_RATIO, ZIP_MEMBERS, LimitError
from headcount.sources.opening import Asked, Found

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CONTAINER: Final = "META-INF/container.xml"
CHAPTER_WORDS: Final = 40
"""Fewer words than this are a cover, a title page or a heading of a part."""

FRONT_MATTER: Final = re.compile(
    r"(?:^|[/_.-])(?:cover|titlepage|title[-_]page|toc|nav|contents?|copyright|colophon|imprint|dedication|feed_0/index|index)[\d_-]*\.x?html?$",
    re.I,
)
PAGES: Final = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
FONTS: Final = (b"http://www.idpf.org/2008/embedding", b"http://ns.adobe.com/pdf/enc#RC")
"""How fonts are disguised in books that are otherwise open."""

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class _BrokenError(Exception):
    """This is no EPUB that can be opened; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """What the package of an EPUB says: its chapters in the order of reading, and its own fields."""

    chapters: tuple[str, ...]
    title: str
    fields: dict[str, object]


def read_epub(document: Document, asked: Asked) -> Iterator[Found]:
    """The reports of the chapters, in the order of reading; covers, contents and other short pages are passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            members = _Members(archive, packed=len(document.data))
            book = _open_book(members)
            yield from _chapters_of(book, members, document, asked)
    except _BrokenError as error:
        yield Found(doubts=(str(error),), fatal=True)
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        yield Found(doubts=(f"it could not be opened as EPUB ({str(error)[:200]}): it is broken or cut off",), fatal=True)


def _chapters_of(book: _Book, members: _Members, document: Document, asked: Asked) -> Iterator[Found]:
    told = tuple((key, str(value)) for key, value in book.fields.items())
    found_any = False
    for number, name in enumerate(book.chapters, start=1):
        part = f"chapter {number}"
        if FRONT_MATTER.search(name):
            continue
        try:
            data = members.read(name)
        except _BrokenError as error:
            yield Found(doubts=(str(error),), part=part, fatal=True)
            found_any = True
            continue
        if len(data) < CHAPTER_WORDS:
            continue
        inner = replace(
            document, data=data, media="html", charset=None, url=None, fields=(*document.fields, *told), may_screen=False
        )
        for found in open_nested(inner, asked, part=part):
            if words_in(str(found.fields.get("text", ""))) >= CHAPTER_WORDS:
                found_any = True
                yield _of_book(found, book)
    if not found_any:
        raise _BrokenError(f"no chapter of {CHAPTER_WORDS} words or more in it: save its text instead")


def _of_book(found: Found, book: _Book) -> Found:
    own = {key: value for key, value in found.fields.items() if value not in (None, "")}
    if book.title and str(own.get("title", "")).casefold() == book.title.casefold():
        own.pop("title")  # many books put their own title on every chapter
    doubts = without_date_doubts(found) if book.fields.get("published") and not own.get("published") else found.doubts
    if book.fields.get("published") and not own.get("published"):
        doubts = (*doubts, "it says no date of its own: that of the whole book or issue stands for it")
    return replace(found, fields={**book.fields, **own}, doubts=doubts)


class _Members:
    """The files in the archive, read within limits whatever their sizes claim to be."""

    def __init__(self, archive: zipfile.ZipFile, *, packed: int) -> None:
        if len(archive.infolist()) > ZIP_MEMBERS.most:
            raise LimitError(ZIP_MEMBERS)
        self._archive = archive
        self._packed = packed
        self._read = 0

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """One file whole. Raises LimitError past a limit, and _BrokenError where it is missing, locked or broken."""
        member = self._archive.NameToInfo.get(name)
        if member is None:
            raise _BrokenError(f"{_shown(name)} is missing in it: it is broken; get it again")
        if member.flag_bits & 1:
            raise _BrokenError(f"{_shown(name)} in it is encrypted: save the book without protection")
        most = DOCUMENT_BYTES.most
        if member.file_size > most:
            raise LimitError(DOCUMENT_BYTES)
        try:
            with self._archive.open(member) as file:
                data = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
            raise _BrokenError(f"{_shown(name)} in it is broken ({str(error)[:100]}): get it again") from None
        self._read += len(data)
        if len(data) > most:
            raise LimitError(DOCUMENT_BYTES)
        if self._read > UNPACKED_BYTES.most:
            raise LimitError(UNPACKED_BYTES)
        if self._read > RATIO_FROM_BYTES and self._read > UNPACKED_RATIO.most * self._packed:
            raise LimitError(UNPACKED_RATIO)
        return data


# --- the package ---


def _open_book(members: _Members) -> _Book:
    if CONTAINER not in members:
        raise _BrokenError(f"no {CONTAINER} in it: a zip, and no EPUB; unpack it and give what is inside")
    _refuse_locked(members)
    roots = [element.get("full-path") for element in _parse(members, CONTAINER).iter() if _tag(element) == "rootfile"]
    if not roots or not roots[0]:
        raise _BrokenError(f"{CONTAINER} names no package: it is broken; get it again")
    package = _parse(members, roots[0])
    folder = posixpath.dirname(roots[0])
    manifest = {str(element.get("id")): element for element in package.iter() if _tag(element) == "item" and element.get("href")}
    chapters: list[str] = []
    for reference in package.iter():
        item = manifest.get(str(reference.get("idref"))) if _tag(reference) == "itemref" else None
        if item is None or (item.get("media-type") or "application/xhtml+xml") not in PAGES:
            continue
        if "nav" in (item.get("properties") or "").split():
            continue
        name = posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href"))).partition("#")[0]))
        if name not in chapters:
            chapters.append(name)
    if not chapters:
        raise _BrokenError("its package lists no chapters: it is broken, or no book")
    title = _told(package, "title")
    return _Book(chapters=tuple(chapters), title=title, fields=_fields_of(package))


def _fields_of(package: Element) -> dict[str, object]:
    fields: dict[str, object] = {}
    day = DAY.match(_told(package, "date"))
    if day and not day[0].startswith("0101"):  # Calibre's word for an unknown date
        fields["published"] = day[0]
    publisher = _told(package, "publisher")
    if publisher and publisher.casefold() != "calibre":
        fields["publisher"] = publisher
    return fields


def _told(package: Element, name: str) -> str:
    """The text of the first element of the Dublin Core with this name."""
    for element in package.iter():
        if _tag(element) == name and "purl.org/dc" in str(element.tag):
            return " ".join("".join(element.itertext()).split())
    return ""


def _refuse_locked(members: _Members) -> None:
    name = "META-INF/encryption.xml"
    if name not in members:
        return
    methods = [str(element.get("Algorithm")) for element in _parse(members, name).iter() if _tag(element) == "EncryptionMethod"]
    if any(method.encode() not in FONTS for method in methods):
        raise _BrokenError("it is locked by a seller's protection (DRM): get it without")


def _parse(members: _Members, name: str) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(members.read(name))
    except DefusedXmlException:
        raise _BrokenError(f"{_shown(name)} in it declares entities, as XML bombs do: it was not opened") from None
    except (ParseError, ValueError, LookupError) as error:
        raise _BrokenError(f"{_shown(name)} in it is no XML ({str(error)[:100]}): it is broken; get it again") from None
    return root


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _shown(name: str) -> str:
    return ascii(name[:100])

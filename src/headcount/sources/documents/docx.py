"""Word documents (.docx): their paragraphs and tables in order as one report, or the articles of a newspaper database's export.

What was deleted under tracked changes, footnotes, text boxes and the headers of pages are left out; insertions and the words of
links stay. python-docx opens the package, and parses its XML without resolving entities; its members' sizes are checked first.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from headcount.models import Document
from headcount.sources.databases import split_export
from headcount.sources.limits import RATIO_FROM_BYTES, UNPACKED_BYTES, UNPACKED_RATIO, ZIP_MEMBERS, LimitError
from headcount.sources.opening import Asked, Found

if TYPE_CHECKING:
    from docx.document import Document as Opened

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DESCENDED: Final = frozenset(
    f"{W}{name}" for name in "r hyperlink ins moveTo smartTag sdt sdtContent fldSimple dir bdo customXml".split()
)
"""What text of a paragraph may stand in. Not in it: ``del`` and ``moveFrom`` (taken out), ``drawing`` and ``pict`` (text boxes)."""

BLANKS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
TITLES: Final = frozenset({"title", "heading 1"})
PLACEHOLDERS: Final = frozenset({"", "word document", "document", "untitled", "microsoft word document"})
"""Titles among a document's properties that its program put there."""

FIRST: Final = 10
"""The title is looked for among so many paragraphs at the beginning."""

NESTED: Final = 256
"""Tables within tables and runs within links are followed so deep: as deep as libxml2 reads."""

Line = tuple[str, str]
"""A paragraph or a row of a table, and the name of its style ("heading 1") or ""."""


def read_docx(document: Document, asked: Asked) -> Iterator[Found]:
    """The articles of an export, else the document as one report."""
    _check_size(document.data)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        opened = docx.Document(io.BytesIO(document.data))
        if opened.element.body is None:
            raise ValueError("it has no body")
    except (PackageNotFoundError, zipfile.BadZipFile, SyntaxError, KeyError, ValueError) as error:  # lxml's are SyntaxErrors
        reason = f"no readable Word document ({str(error)[:100]}): open it in a word processor and save it anew, or save its text"
        yield Found(doubts=(reason,), fatal=True)
        return
    lines = [line for line in _lines_of(opened) if line[0].strip()]
    found = split_export("\n\n".join(text for text, _ in lines))
    if found is not None:
        yield from _with_addresses(found, opened)
    elif lines:
        yield _one_report(opened, lines, asked)


def _check_size(data: bytes) -> None:
    """Raises LimitError for a bomb. ``zipfile`` gives of a member no more than the size that is checked here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except zipfile.BadZipFile:
        return  # opening it says so
    if len(members) > ZIP_MEMBERS.most:
        raise LimitError(ZIP_MEMBERS)
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_BYTES.most:
        raise LimitError(UNPACKED_BYTES)
    if unpacked > RATIO_FROM_BYTES and unpacked > UNPACKED_RATIO.most * len(data):
        raise LimitError(UNPACKED_RATIO)


def _lines_of(opened: Opened) -> Iterator[Line]:
    """The paragraphs, and the rows of tables with a tab between their cells, in the order of the document."""
    styles = {style.style_id: (style.name or "").lower() for style in opened.styles if style.style_id}
    yield from _blocks_in(opened.element.body, styles, 0)


def _blocks_in(element: Any, styles: dict[str, str], depth: int) -> Iterator[Line]:
    if depth > NESTED:
        return
    for child in element.iterchildren():
        if child.tag == f"{W}p":
            yield _text_of(child), _style_of(child, styles)
        elif child.tag == f"{W}tbl":
            for row in child.iterchildren(f"{W}tr"):
                cells = (
                    "\n".join(text for text, _ in _blocks_in(cell, styles, depth + 1) if text.strip())
                    for cell in row.iterchildren(f"{W}tc")
                )
                yield "\t".join(cells), ""
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _blocks_in(child, styles, depth + 1)


def _style_of(paragraph: Any, styles: dict[str, str]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return styles.get(style.get(f"{W}val", ""), "") if style is not None else ""


def _text_of(paragraph: Any) -> str:
    pieces: list[str] = []
    open_elements = [iter(paragraph.iterchildren())]
    while open_elements:
        child = next(open_elements[-1], None)
        if child is None:
            open_elements.pop()
        elif child.tag == f"{W}t":
            pieces.append(child.text or "")
        elif child.tag in BLANKS:
            pieces.append(BLANKS[child.tag])
        elif child.tag in DESCENDED and len(open_elements) < NESTED:
            open_elements.append(iter(child.iterchildren()))
    return "".join(pieces)


def _with_addresses(found: list[Found], opened: Opened) -> Iterator[Found]:
    """The articles, those without an address with that to which their title is linked, as Nexis does."""
    targets = {name: part.target_ref for name, part in opened.part.rels.items() if part.is_external}
    linked: dict[str, str] = {}
    for link in opened.element.body.iter(f"{W}hyperlink"):
        target = targets.get(link.get(f"{R}id", ""), "")
        if target.startswith(("http://", "https://")) and link.getparent().tag == f"{W}p":
            linked.setdefault(" ".join(_text_of(link.getparent()).split()), target)
    for article in found:
        url = None if article.fields.get("url") else linked.get(str(article.fields.get("title")))
        yield replace(article, fields={**article.fields, "url": url}) if url else article


def _one_report(opened: Opened, lines: list[Line], asked: Asked) -> Found:
    """The document as a report: its title from its first heading, else from its properties. They date the file, not the report."""
    heading = next((at for at, (_, style) in enumerate(lines[:FIRST]) if style in TITLES), None)
    title = None
    if heading is not None:
        title = " ".join(lines[heading][0].split())
        if heading == 0 and len(lines) > 1:
            lines = lines[1:]
    elif (named := (opened.core_properties.title or "").strip()).lower() not in PLACEHOLDERS:
        title = named
    doubts = []
    if asked.defaults.published is None:
        made = opened.core_properties.created
        when = f"; its file was made on {made.date().isoformat()}" if made else ""
        doubts.append(f"no date of publication in a Word document{when}: give it with --published")
    paragraphs = "\n\n".join(piece.strip() for line, _ in lines for piece in line.split("\n") if piece.strip())
    return Found(fields={"text": paragraphs, "title": title}, doubts=tuple(doubts))

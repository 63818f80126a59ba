"""Word documents: what a reader sees comes out in order, what was deleted does not, and hostile packages are named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from headcount.models import Document, Problem, Report
from headcount.sources import Defaults
from headcount.sources.limits import RATIO_FROM_BYTES, UNPACKED_BYTES, UNPACKED_RATIO
from headcount.sources.opening import Asked, open_document

NAMESPACES = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINK = RELATIONSHIP_TYPE.HYPERLINK
PARAGRAPH = b"<w:p><w:r><w:t>They marched.</w:t></w:r></w:p>"
DATED = Asked(defaults=Defaults(published=dt.date(2016, 8, 2)))


def package(body: bytes, *, before: bytes = b"") -> bytes:
    """A docx with this XML in its body."""
    return with_part(
        b'<?xml version="1.0"?>' + before + b"<w:document " + NAMESPACES + b"><w:body>" + body + b"</w:body></w:document>"
    )


def with_part(xml: bytes) -> bytes:
    empty = io.BytesIO()
    docx.Document().save(empty)
    made = io.BytesIO()
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, xml if name == "word/document.xml" else source.read(name))
    return made.getvalue()


def written(write: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    write(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def opened(data: bytes, asked: Asked = DATED) -> list[Report | Problem]:
    items = open_document(Document(data=data, media="docx", record="a.docx", source="a.docx"), asked)
    return [item for item in items if isinstance(item, Report | Problem)]


def only_report(data: bytes) -> Report:
    [report] = opened(data)
    assert isinstance(report, Report)
    return report


def only_reason(data: bytes) -> str:
    [problem] = opened(data)
    assert isinstance(problem, Problem)
    assert problem.fatal
    return problem.reason


def test_paragraphs_and_tables_come_in_order() -> None:
    """A table between two paragraphs stands between them, its cells parted by tabs; lines broken by hand are paragraphs."""

    def write(document: docx.document.Document) -> None:
        document.add_paragraph("About 300 people marched.")
        table = document.add_table(rows=2, cols=2)
        for cell, words in zip([cell for row in table.rows for cell in row.cells], ["Town", "People", "Elm", "300"], strict=True):
            cell.text = words
        document.add_paragraph("They went home.\nIt rained.")

    assert (
        only_report(written(write)).text == "About 300 people marched.\n\nTown\tPeople\n\nElm\t300\n\nThey went home.\n\nIt rained."
    )


def test_the_first_heading_is_the_title() -> None:
    """A first heading is the title and no part of the text; later ones are paragraphs."""

    def write(document: docx.document.Document) -> None:
        document.add_heading("March in Elm", level=1)
        document.add_paragraph("About 300 people marched.")
        document.add_heading("Police", level=2)
        document.add_paragraph("The police counted 250.")

    report = only_report(written(write))
    assert report.title == "March in Elm"
    assert report.text == "About 300 people marched.\n\nPolice\n\nThe police counted 250."


def test_properties_are_a_weak_hint() -> None:
    """Without a heading the title is the document's property; the day it was made is told and not taken for that of publication."""

    def write(document: docx.document.Document) -> None:
        document.core_properties.title = "Minutes of the march"
        document.core_properties.created = dt.datetime(2016, 8, 3, 10, 0, tzinfo=dt.UTC)
        document.add_paragraph("About 300 people marched.")

    problem, report = opened(written(write), Asked())
    assert isinstance(report, Report)
    assert isinstance(problem, Problem)
    assert (report.title, report.published) == ("Minutes of the march", None)
    assert not problem.fatal
    assert problem.reason == "no date of publication in a Word document; its file was made on 2016-08-03: give it with --published"


def test_changes_links_and_notes() -> None:
    """Insertions and the words of links stay; deletions, what was moved away, instructions and marks of notes do not."""
    body = b"""<w:p><w:del><w:r><w:delText>Nobody</w:delText></w:r></w:del>
    <w:ins><w:r><w:t xml:space="preserve">Sixty </w:t></w:r></w:ins>
    <w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:hyperlink><w:r><w:t>dockers</w:t></w:r></w:hyperlink>
    <w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t> came.</w:t></w:r></w:p>
    <w:sdt><w:sdtContent><w:p><w:r><w:t>They</w:t><w:tab/><w:t>sat</w:t></w:r></w:p></w:sdtContent></w:sdt>"""
    assert only_report(package(body)).text == "Sixty dockers came.\n\nThey\tsat"


def test_the_link_of_a_title_is_the_address_of_an_article() -> None:
    """Nexis links each title to the article; other links of the document are no address of a report."""

    def write(document: docx.document.Document) -> None:
        for number in (1, 2):
            title = document.add_paragraph()
            part = document.part.relate_to(f"https://nexis.example/doc/{number}", LINK, is_external=True)
            link = parse_xml(f'<w:hyperlink {nsdecls("w", "r")} r:id="{part}"><w:r><w:t>March {number}</w:t></w:r></w:hyperlink>')
            title._p.append(link)
            for words in (
                "Elm Herald",
                "August 2, 2016 Tuesday",
                "Copyright 2016 Elm Herald",
                "Length: 5 words",
                "Body",
                "A march.",
            ):
                document.add_paragraph(words)
            document.add_paragraph("End of Document")

    reports = opened(written(write))
    assert [report.url for report in reports if isinstance(report, Report)] == [
        "https://nexis.example/doc/1",
        "https://nexis.example/doc/2",
    ]
    assert [report.record for report in reports] == ["a.docx#article 1", "a.docx#article 2"]


def test_entities_are_not_resolved() -> None:
    """A file named in an entity is not read, and a bomb of entities is named."""
    outer = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    text = only_report(package(b"<w:p><w:r><w:t>They marched. &a;</w:t></w:r></w:p>", before=outer)).text
    assert text == "They marched."
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(10))
    bomb = package(b"<w:p><w:r><w:t>&k;</w:t></w:r></w:p>", before=b'<!DOCTYPE x [<!ENTITY a "ha">' + entities + b"]>")
    assert "no readable Word document" in only_reason(bomb)


def test_a_bomb_is_named_before_it_is_unpacked() -> None:
    """By its ratio, and by its size however well it is packed."""
    assert only_reason(package(b" " * (8 * RATIO_FROM_BYTES))) == str(UNPACKED_RATIO)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        target.writestr("word/document.xml", bytes(UNPACKED_BYTES.most + 1))
    assert only_reason(made.getvalue()) == str(UNPACKED_BYTES)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 and nothing else",
        package(PARAGRAPH)[:3000],
        with_part(b"<<<"),
        with_part(b"<w:document " + NAMESPACES + b"/>"),
        package(b"<w:tbl><w:tr><w:tc>" * 300 + PARAGRAPH + b"</w:tc></w:tr></w:tbl>" * 300),
    ],
    ids=["no zip", "cut off", "no XML", "no body", "too deep"],
)
def test_a_broken_document_is_named(data: bytes) -> None:
    """What cannot be opened is a Problem that says what to do."""
    assert "no readable Word document" in only_reason(data)
    assert "save its text" in only_reason(data)


def test_a_document_without_text_is_named() -> None:
    """An empty document is no empty report."""
    assert "nothing to read" in only_reason(package(b"<w:p/>"))


def test_100_000_paragraphs_are_read() -> None:
    """All of a long document comes out."""
    assert (
        only_report(package(b"".join(b"<w:p><w:r><w:t>%d marched.</w:t></w:r></w:p>" % at for at in range(100_000)))).text.count(
            "marched"
        )
        == 100_000
    )


def test_tables_in_tables_are_read() -> None:
    """What stands forty tables deep, as in a mail that was pasted in, is still there."""
    assert only_report(package(b"<w:tbl><w:tr><w:tc>" * 40 + PARAGRAPH + b"</w:tc></w:tr></w:tbl>" * 40)).text == "They marched."

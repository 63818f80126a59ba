"""EPUB: chapters to reports, the fields of the book, and archives that are hostile or broken."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.limits import DOCUMENT_BYTES, UNPACKED_RATIO

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
STORY = (
    "<p>About 400 people marched through {town} on Saturday against the closure of its only library, the police said, and many "
    "more lined the streets to cheer them on.</p><p>The march began at noon and ended two hours later in Castle Park, where "
    "the mayor was booed by some of those who had come to hear her speak.</p>"
)


def chapter(title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    )


def epub(*chapters: tuple[str, str], container: str = CONTAINER, date: str = "2016-08-06T00:00:00Z", **more: str | bytes) -> bytes:
    """A book with these chapters by name of file; ``more`` by name in META-INF."""
    items = "".join(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, (name, _) in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>Weekend issue</dc:title><dc:publisher>The Tarn Herald</dc:publisher><dc:date>{date}</dc:date></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/content.opf", package)
        for name, text in chapters:
            archive.writestr("OEBPS/" + name.replace("%20", " "), text)
        for name, content in more.items():
            archive.writestr(f"META-INF/{name}.xml", content)
    return file.getvalue()


def read(data: bytes) -> list[Report | Problem]:
    document = Document(data=data, media="epub", record="a.epub", source="a.epub")
    return [item for item in open_document(document, Asked()) if isinstance(item, Report | Problem)]


def why(data: bytes) -> str:
    [problem] = read(data)
    assert isinstance(problem, Problem)
    assert problem.fatal
    return problem.reason


def march(town: str) -> str:
    return chapter(f"Library march in {town}", STORY.format(town=town))


def test_each_chapter_with_a_text_is_a_report() -> None:
    """In the order of reading, with its own title and the book's publisher and date; covers and contents are passed over."""
    book = epub(
        ("cover.xhtml", chapter("Cover", "<img src='a.png'/>")),
        ("toc.xhtml", chapter("Contents", STORY.format(town="Nowhere"))),
        ("a%20b.xhtml", march("Brackwater")),
        ("part.xhtml", chapter("Part two", "<p>Two</p>")),
        ("c2.xhtml", march("Tarn Vale")),
    )
    items = read(book)
    first, second = (item for item in items if isinstance(item, Report))
    assert (first.title, second.title) == ("Library march in Brackwater", "Library march in Tarn Vale")
    assert (first.record, second.record) == ("a.epub#chapter 3", "a.epub#chapter 5")
    assert (first.published, first.publisher) == (dt.date(2016, 8, 6), "The Tarn Herald")
    assert first.text.startswith("About 400 people marched through Brackwater")
    assert "\n\nThe march began at noon" in first.text
    doubts = [item for item in items if isinstance(item, Problem)]
    assert not any(doubt.fatal for doubt in doubts)
    assert {doubt.reason for doubt in doubts} == {"it says no date of its own: that of the whole book or issue stands for it"}


def test_a_book_without_a_date_leaves_it_unknown() -> None:
    """Calibre writes the year 101 for what it does not know."""
    [report] = [
        item for item in read(epub(("a.xhtml", march("Brackwater")), date="0101-01-01T00:00:00+00:00")) if isinstance(item, Report)
    ]
    assert report.published is None


def test_what_is_no_book_is_named() -> None:
    """No zip, cut off, a zip without a container, a container without a package, a spine without chapters, a chapter missing."""
    good = epub(("a.xhtml", march("Brackwater")))
    assert "cut off" in why(good[: len(good) // 2])
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "no EPUB" in why(plain.getvalue())
    assert "names no package" in why(epub(container="<container/>"))
    assert "lists no chapters" in why(epub())
    assert "40 words or more" in why(epub(("a.xhtml", chapter("Spring", "<p>About 200 people marched in Brackwater.</p>"))))
    assert "no XML" in why(epub(("a.xhtml", march("Brackwater")), container="<container"))
    gone = good.replace(b"OEBPS/a.xhtml", b"OEBPS/z.xhtml")
    assert any(isinstance(item, Problem) and "missing" in item.reason for item in read(gone))


def test_a_broken_chapter_costs_itself() -> None:
    """Its bytes do not unpack; the next is read."""
    book = epub(("a.xhtml", march("Brackwater")), ("b.xhtml", march("Tarn Vale")))
    start = book.index(b"OEBPS/a.xhtml") + len(b"OEBPS/a.xhtml")
    items = read(book[: start + 20] + bytes(40) + book[start + 60 :])
    assert [item.record for item in items if isinstance(item, Problem) and item.fatal] == ["a.epub#chapter 1"]
    assert [item.record for item in items if isinstance(item, Report)] == ["a.epub#chapter 2"]


def test_protection_is_named_and_disguised_fonts_are_none() -> None:
    """A book locked by a seller is not opened; one whose fonts alone are disguised is."""

    def encryption(method: str) -> str:
        space = 'xmlns="http://www.w3.org/2001/04/xmlenc#"'
        return f'<encryption><EncryptedData {space}><EncryptionMethod Algorithm="{method}"/></EncryptedData></encryption>'

    locked = epub(("a.xhtml", march("Brackwater")), encryption=encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    assert "DRM" in why(locked)
    fonts = epub(("a.xhtml", march("Brackwater")), encryption=encryption("http://www.idpf.org/2008/embedding"))
    assert any(isinstance(item, Report) for item in read(fonts))


def test_bombs_are_not_set_off() -> None:
    """Entities in entities, files outside, a chapter of blanks packed 1,000 to 1, one that is over the limit."""
    entities = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]><container>&c;</container>'
    )
    assert "declares entities" in why(epub(("a.xhtml", march("Brackwater")), container=entities))
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><container>&a;</container>'
    assert "declares entities" in why(epub(("a.xhtml", march("Brackwater")), container=outside))
    assert why(epub(("a.xhtml", chapter("A", " " * 8_000_000)))) == str(UNPACKED_RATIO)
    assert why(epub(("a.xhtml", " " * (DOCUMENT_BYTES.most + 1)))) == str(DOCUMENT_BYTES)


def test_a_size_that_lies_does_not_help_a_bomb() -> None:
    """The sizes in the list of members say 100 bytes: the chapter is cut there or refused, and never unpacked past a limit."""
    book = epub(("a.xhtml", chapter("A", " " * 8_000_000)))
    real = (len(chapter("A", " " * 8_000_000))).to_bytes(4, "little")
    items = read(book.replace(real, (100).to_bytes(4, "little")))
    assert items
    assert all(isinstance(item, Problem) for item in items)


def test_deep_xml_ends() -> None:
    """100,000 nested tags in the container."""
    assert why(epub(("a.xhtml", march("Brackwater")), container="<a>" * 100_000 + "</a>" * 100_000))

"""PDF: lines to paragraphs, what is left out at the edges of pages, and files that cannot be opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, Defaults, open_document
from headcount.sources.limits import PDF_PAGES
from headcount.sources.media import sniff_media

Line = tuple[int, int, int, str]
"""Size of type, and the place from the lower left corner."""


def pdf(*pages: Iterable[Line], title: str = "", change: Mapping[bytes, bytes] | None = None) -> bytes:
    """A PDF of these pages, with Helvetica and no compression; ``change`` replaces bytes before offsets are counted."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    objects[3] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = []
    for place, lines in enumerate(pages):
        number = 5 + 2 * place
        content = b"BT\n"
        for size, left, base, text in lines:
            raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            content += b"/F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj\n" % (size, left, base, raw)
        content += b"ET"
        objects[number] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
        objects[number + 1] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % number
        )
        kids.append(b"%d 0 R" % (number + 1))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects[4] = b"<< /Title (%s) /CreationDate (D:20160802120000Z) >>" % title.encode("cp1252")
    out = b"%PDF-1.4\n"
    places = {}
    for number, body in sorted(objects.items()):
        for old, new in (change or {}).items():
            body = body.replace(old, new)
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def read(data: bytes, *, asked: Asked | None = None) -> list[Report | Problem]:
    document = Document(data=data, media="pdf", record="a.pdf", source="a.pdf")
    return [item for item in open_document(document, asked or Asked()) if isinstance(item, Report | Problem)]


def text_of(data: bytes) -> str:
    [report] = [item for item in read(data) if isinstance(item, Report)]
    return report.text


def why(data: bytes) -> str:
    [problem] = read(data)
    assert isinstance(problem, Problem)
    assert problem.fatal
    return problem.reason


BODY = [
    (18, 50, 780, "Thousands march in Brackwater"),
    (10, 50, 750, "About 2,000 people marched in Brackwater on Satur-"),
    (10, 50, 738, "day against the closure of the library, the police"),
    (10, 50, 726, "said, and were met by a small counter-"),
    (10, 50, 714, "protest of about 40."),
    (10, 50, 690, "It ended in Castle Park, where the mayor spoke for a"),
    (10, 50, 678, "few minutes."),
    (10, 62, 666, "Organisers said 5,000 had come, the most since they"),
    (10, 50, 654, "began in 2012."),
]


def test_lines_become_paragraphs_and_cut_words_are_joined() -> None:
    """A larger size, a gap and an indent begin a paragraph; a hyphen goes where it only cuts, and stays where it belongs."""
    assert sniff_media(pdf(BODY)) == "pdf"
    assert text_of(pdf(BODY)).split("\n\n") == [
        "Thousands march in Brackwater",
        "About 2,000 people marched in Brackwater on Saturday against the closure of the library, the police said, "
        "and were met by a small counter-protest of about 40.",
        "It ended in Castle Park, where the mayor spoke for a few minutes.",
        "Organisers said 5,000 had come, the most since they began in 2012.",
    ]


def test_double_spacing_makes_no_paragraphs() -> None:
    """What counts is a gap wider than the usual one of this text."""
    lines = [
        (10, 50, 780 - 24 * number, f"line {word} goes on as far as the right margin does") for number, word in enumerate("abcdef")
    ]
    assert "\n" not in text_of(pdf(lines))


def test_a_sentence_goes_on_in_the_next_column_and_on_the_next_page() -> None:
    """Columns and pages are joined where no sentence has ended, and parted where one has."""
    first = [
        (10, 50, 700, "Hundreds rallied in the"),
        (10, 50, 688, "main square, and then"),
        (10, 320, 700, "walked to the town hall."),
    ]
    first += [(10, 320, 688, "Nobody was hurt, said")]
    second = [(10, 50, 700, "the police."), (10, 50, 688, "The end came at noon.")]
    text = text_of(pdf(first, second))
    assert "main square, and then walked to the town hall." in text
    assert "Nobody was hurt, said the police." in text


def test_running_heads_and_page_numbers_are_left_out() -> None:
    """What repeats at the edges of the pages, digits aside, is no part of the story."""
    towns = ["Brackwater", "Tarn Vale", "Oxbridge", "Hallow"]
    pages = [
        [
            (8, 50, 815, "The Brackwater Post"),
            (8, 450, 815, f"2 August 2016, page {number}"),
            (10, 50, 760, f"A crowd of hundreds gathered in {town} to hear the speakers"),
            (10, 50, 748, f"in {town} for an hour before it broke up."),
            (8, 290, 30, str(number)),
        ]
        for number, town in enumerate(towns, start=1)
    ]
    text = text_of(pdf(*pages))
    assert "Brackwater Post" not in text
    assert "page" not in text
    assert [town for town in towns if f"gathered in {town} to" in text] == towns


def test_what_a_browser_prints_at_the_edges_is_left_out() -> None:
    """The minute of printing is no date of the story; the address is the report's."""
    head = (8, 30, 820, "11/24/26, 2:06 AM Thousands march in Brackwater")
    foot = (8, 30, 15, "https://brackwaterpost.example/march 1/2")
    [report] = [item for item in read(pdf([*BODY, head, foot])) if isinstance(item, Report)]
    assert report.text == text_of(pdf(BODY))
    assert report.url == "https://brackwaterpost.example/march"


def test_an_indent_begins_a_paragraph_though_no_sentence_ends() -> None:
    """A byline before the story; lines that hang under a first one are no paragraphs."""
    byline = [
        (10, 50, 700, "By Mary Doe, The Brackwater Post"),
        (10, 62, 688, "Hundreds marched in the"),
        (10, 50, 676, "town on Saturday."),
    ]
    assert text_of(pdf(byline)) == "By Mary Doe, The Brackwater Post\n\nHundreds marched in the town on Saturday."
    hanging = [
        (10, 50, 700, "Leeds: hundreds came to the"),
        (10, 70, 688, "square to hear speeches and"),
        (10, 70, 676, "songs of old."),
    ]
    assert text_of(pdf(hanging)) == "Leeds: hundreds came to the square to hear speeches and songs of old."


def test_a_sentence_that_ends_with_its_column_ends_no_paragraph() -> None:
    """The next column begins without an indent, and the line before was full."""
    left = [(10, 50, 700, "Police said that 400 had come"), (10, 50, 688, "to the march on Saturday noon.")]
    right = [(10, 320, 700, "Organisers said that there had"), (10, 320, 688, "been 900 of them.")]
    assert "noon. Organisers" in text_of(pdf(left + right))


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("Thousands march in Brackwater", True),
        ("Microsoft Word - march final.doc", False),
        ("untitled document one", False),
        ("page_12 final.indd", False),
        ("Brackwater", False),
    ],
)
def test_a_title_is_taken_where_it_is_one(title: str, taken: bool) -> None:
    """Programs put names of files there."""
    [report] = [item for item in read(pdf(BODY, title=title)) if isinstance(item, Report)]
    assert report.title == (title if taken else None)


def test_the_date_of_the_file_is_no_date_of_publication() -> None:
    """It has one of creation; the day stays unknown with a doubt, or is what the caller says."""
    doubt, report = read(pdf(BODY))
    assert isinstance(report, Report)
    assert report.published is None
    assert isinstance(doubt, Problem)
    assert doubt.reason == "no date of publication in this PDF: give it with --published"
    [alone] = read(pdf(BODY), asked=Asked(defaults=Defaults(published=dt.date(2016, 8, 3))))
    assert isinstance(alone, Report)


def test_a_scan_is_named_with_the_remedy() -> None:
    """No text, or a stamp alone."""
    assert why(pdf([])) == "no text layer: run OCR (ocrmypdf) first"
    assert why(pdf([(8, 50, 30, "Scan 12")])) == "no text layer: run OCR (ocrmypdf) first"


def test_a_page_without_text_among_others_is_doubted() -> None:
    """The others are read."""
    items = read(pdf(BODY, []))
    assert isinstance(items[-1], Report)
    assert any(isinstance(item, Problem) and item.reason.startswith("page 2 of 2 has no text layer") for item in items)


def test_broken_and_encrypted_files_are_named() -> None:
    """Cut off, garbage after the mark, and a dictionary of encryption that no password opens."""
    good = pdf(BODY)
    assert "broken or cut off" in why(good[:300])
    assert "broken or cut off" in why(b"%PDF-1.4\n" + bytes(range(256)) * 20)
    locked = good.replace(
        b"trailer << ",
        b"trailer << /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> " % (b"aa" * 32, b"bb" * 32),
    )
    assert "password" in why(locked)


def test_a_tree_of_pages_that_goes_round_ends() -> None:
    """Pages that are their own children: a Problem, or the pages that there are."""
    assert "broken" in why(pdf(BODY, change={b"/Kids [6 0 R]": b"/Kids [2 0 R]"}))
    items = read(pdf(BODY, change={b"/Kids [6 0 R] /Count 1": b"/Kids [2 0 R 6 0 R 2 0 R] /Count 3"}))
    assert all(isinstance(item, Problem) for item in items[:-1])


def test_a_count_of_pages_that_lies_is_over_the_limit() -> None:
    """Nothing is read page by page for hours."""
    assert why(pdf(BODY, change={b"/Count 1": b"/Count 99999"})) == str(PDF_PAGES)

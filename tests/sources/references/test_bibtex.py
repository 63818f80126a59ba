"""BibTeX: LaTeX to characters, macros, days of several layouts, and entries that are broken."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.media import sniff_media
from headcount.sources.references.bibtex import decode_latex, references_of

ENTRY = r"""
@article{doe_hundreds_2016,
	title = {Hundreds rally in {Tarn} {Vale}},
	url = {https://tarncourier.example/a\_b~c},
	abstract = {Hundreds of people -- 300 \& more -- rallied in Tarn Vale.},
	journal = {The Tarn Courier},
	author = {Doe, Mary},
	month = aug,
	year = {2016},
	date = {2016-08-02},
}
"""


def read(export: str) -> list[Report | Problem]:
    document = Document(data=export.encode(), media="bibtex", record="a.bib", source="a.bib")
    return [item for item in open_document(document, Asked()) if isinstance(item, Report | Problem)]


def reports_of(export: str) -> list[Report]:
    return [item for item in read(export) if isinstance(item, Report)]


def test_an_abstract_is_read_with_a_doubt() -> None:
    """As Zotero exports it."""
    assert sniff_media(ENTRY.encode()) == "bibtex"
    assert sniff_media(("% Encoding: UTF-8\n\n@string{a = {b}}\n" + ENTRY).encode()) == "bibtex"
    doubt, report = read(ENTRY)
    assert isinstance(report, Report)
    assert report.text == "Hundreds of people – 300 & more – rallied in Tarn Vale."
    assert (report.title, report.publisher) == ("Hundreds rally in Tarn Vale", "The Tarn Courier")
    assert (report.published, report.url) == (dt.date(2016, 8, 2), "https://tarncourier.example/a_b~c")
    assert report.record == "a.bib#entry 1 (doe_hundreds_2016)"
    assert isinstance(doubt, Problem)
    assert "only the abstract" in doubt.reason


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Caf\'{e}, caf\'e, na{\"i}ve, Stra{\ss}e", "Café, café, naïve, Straße"),
        (r"50\% of 1,000, \$5 \& more", "50% of 1,000, $5 & more"),
        ("50% of them stayed", "50% of them stayed"),
        (r"``No more'', {\textquoteleft}they{\textquoteright} cried", "“No more”, ‘they’ cried"),
        ("pages 3--5 --- all", "pages 3–5 — all"),
        (r"One.\par Two.", "One.\n\nTwo."),
    ],
)
def test_latex_is_read_as_characters(latex: str, text: str) -> None:
    """A sign of per cent that is not escaped hides no words."""
    assert decode_latex(latex) == text


@pytest.mark.parametrize(
    "date",
    [
        "year = 2016, month = aug, day = 2",
        "year = {2016}, month = {08}, day = {2}",
        'year = 2016, month = aug # "~2"',
        "date = {2 August 2016}",
    ],
)
def test_days_are_read_from_their_fields(date: str) -> None:
    """BibTeX has a year, a month by name or number, and a day somewhere."""
    [report] = reports_of(f"@misc{{a, title = {{A}}, abstract = {{Some rallied.}}, {date}}}")
    assert report.published == dt.date(2016, 8, 2)


def test_macros_are_put_in_every_entry() -> None:
    """The name of a paper is often one."""
    export = (
        "@string{tc = {The Tarn Courier}}\n"
        + "@misc{a, journal = tc, abstract = {One.}}\n@misc{b, journal = tc, abstract = {Two.}}\n"
    )
    assert [report.publisher for report in reports_of(export)] == ["The Tarn Courier"] * 2


def test_a_broken_entry_costs_itself() -> None:
    """A brace that never closes; a field twice and a key twice are no loss."""
    items = read(
        "@article{broken, title = {never closed\n" + ENTRY + "@misc{b, title = {x}, title = {y}, abstract = {One.}}\n" + ENTRY
    )
    assert [item.record for item in items if isinstance(item, Problem) and item.fatal] == ["a.bib#entry 1 (broken)"]
    assert len([item for item in items if isinstance(item, Report)]) == 3


def test_files_are_told_apart_in_their_field() -> None:
    """Zotero writes names and types around a path, JabRef leaves the name out, others write the path alone."""
    written = r"{Snapshot:files/12/a\:b.html:text/html;PDF\; x:files/13/b.pdf:application/pdf;:c.pdf:PDF;d.txt}"
    [reference] = references_of(f"@misc{{a, file = {written}}}".encode())
    assert reference.files == ("files/12/a:b.html", "files/13/b.pdf", "c.pdf", "d.txt")


def test_nothing_is_said_beside_the_problems(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """The library's own warnings go nowhere."""
    with caplog.at_level(logging.DEBUG):
        read("@article{broken, title = {never closed\n")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "export",
    [
        "@a{" * 3000,
        "@misc{a, abstract={" + "{" * 20_000,
        "@misc{a," + "b={c}," * 3000 + "}",
        "@misc{\n" * 500,
        "@misc{a, abstract = {" + "\\" * 5000 + "}}",
    ],
)
def test_strange_exports_never_raise(export: str) -> None:
    """Braces without an end, thousands of fields, keys that are missing."""
    items = read(export)
    assert items
    assert not any("could not be opened" in item.reason for item in items if isinstance(item, Problem))

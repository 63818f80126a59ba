"""RIS: which fields become the report's, where its text is, and what an entry without one says."""

from __future__ import annotations

import datetime as dt

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.media import sniff_media

ZOTERO = """TY  - NEWS
TI  - Hundreds rally in Tarn Vale
T2  - The Tarn Courier
AU  - Doe, Mary
AB  - Hundreds of people rallied in Tarn Vale on Monday.

The police counted 300.
DA  - 2016/08/02/
PY  - 2016
LA  - en
UR  - https://tarncourier.example/rally
Y2  - 2017/01/01/
KW  - protest
ER  -

"""


def read(export: str | bytes) -> list[Report | Problem]:
    data = export.encode() if isinstance(export, str) else export
    document = Document(data=data, media="ris", record="a.ris", source="a.ris")
    return [item for item in open_document(document, Asked()) if isinstance(item, Report | Problem)]


def test_an_abstract_is_read_with_a_doubt() -> None:
    """As Zotero exports it: the paper, the day, the address; its paragraphs stay paragraphs."""
    assert sniff_media(ZOTERO.encode()) == "ris"
    doubt, report = read(ZOTERO)
    assert isinstance(report, Report)
    assert report.text == "Hundreds of people rallied in Tarn Vale on Monday.\n\nThe police counted 300."
    assert (report.title, report.publisher) == ("Hundreds rally in Tarn Vale", "The Tarn Courier")
    assert (report.published, report.url) == (dt.date(2016, 8, 2), "https://tarncourier.example/rally")
    assert report.record == "a.ris#entry 1"
    assert isinstance(doubt, Problem)
    assert doubt.reason == "only the abstract was read: export with files to have the whole report read"


def test_a_database_s_names_of_fields_are_known_too() -> None:
    """N2, T1, JO and Y1, as EBSCO and ProQuest write them, with the line ends of Windows."""
    export = "TY  - NEWS\nT1  - A rally\nJO  - The Hallow Mail\nY1  - 2016/08/02\nN2  - Some 40 people rallied.\nER  - \n"
    [report] = [item for item in read(export.replace("\n", "\r\n")) if isinstance(item, Report)]
    assert (report.title, report.publisher, report.published) == ("A rally", "The Hallow Mail", dt.date(2016, 8, 2))


def test_notes_are_the_text_where_they_are_long() -> None:
    """A note with the whole story goes before the abstract, its tags taken off; a short one is no text."""
    story = "".join(f"<p>{word} people rallied in the town, and their number grew by the hour until noon.</p>" for word in "ABCDEF")
    [report] = [item for item in read(ZOTERO.replace("LA  - en", f"N1  - {story}")) if isinstance(item, Report)]
    assert report.text.startswith("A people rallied in the town, and their number grew by the hour until noon.\n\nB people")
    [problem] = read("TY  - NEWS\nTI  - A rally\nN1  - Section: News, page 4\nER  - \n")
    assert isinstance(problem, Problem)
    assert problem.reason == "'A rally': no text attached: export with files or give an abstract"
    assert problem.fatal


@pytest.mark.parametrize("date", ["2016//", "2016/08//", "02/08/2016", "Summer 2016"])
def test_a_date_that_names_no_day_is_doubted(date: str) -> None:
    """A year, a month, or what may be two days, is unknown."""
    items = read(ZOTERO.replace("2016/08/02/", date).replace("PY  - 2016\n", ""))
    assert isinstance(items[-1], Report)
    assert items[-1].published is None
    assert any(isinstance(item, Problem) and "read as if the day of publication were unknown" in item.reason for item in items)


def test_an_export_cut_off_says_so_and_gives_what_is_there() -> None:
    """The last entry has no end; those before are read without a word on it."""
    items = read(ZOTERO + "TY  - NEWS\nTI  - Cut\nAB  - Some people ra")
    assert [item.record for item in items if isinstance(item, Report)] == ["a.ris#entry 1", "a.ris#entry 2"]
    cut = [item.record for item in items if isinstance(item, Problem) and "cut off" in item.reason]
    assert cut == ["a.ris#entry 2"]


def test_an_entry_without_fields_costs_itself() -> None:
    """The others are read."""
    items = read("TY  - \nER  - \nTY  - NEWS\nER  - \n" + ZOTERO)
    assert [item.record for item in items if isinstance(item, Report)] == ["a.ris#entry 3"]
    assert [item.record for item in items if isinstance(item, Problem) and item.fatal] == ["a.ris#entry 1", "a.ris#entry 2"]


def test_an_export_in_windows_1252_is_read_with_a_doubt() -> None:
    """Old databases write it."""
    items = read(ZOTERO.replace("Hundreds of people", "Café workers – hundreds –").encode("cp1252"))
    assert isinstance(items[-1], Report)
    assert items[-1].text.startswith("Café workers – hundreds –")
    assert any(isinstance(item, Problem) and "cp1252" in item.reason for item in items)


@pytest.mark.parametrize(
    "export", ["TY  - NEWS", "TY  - NEWS\n" * 3000, "TY  - NEWS\nAB  - " + "x\n" * 100_000, "TY  - NEWS\nL1  - \0\nER  - "]
)
def test_strange_exports_never_raise(export: str) -> None:
    """Entries that never end, a field of 100,000 lines, a NUL for a path."""
    items = read(export)
    assert items
    assert not any("could not be opened" in item.reason for item in items if isinstance(item, Problem))

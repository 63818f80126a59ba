"""Files attached to references: read with their entry's fields, never from outside the export's folder, and never twice."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, find_reports, open_document
from headcount.sources.limits import DOCUMENT_BYTES

STORY = "".join(
    f"<p>About {number} people marched through Brackwater on Saturday against the closure of its only library, the police said.</p>"
    for number in (400, 500, 600)
)
PAGE = "<html><head><title>Saved page</title></head>"
PAGE += f"<body><h1>Saved page</h1>{STORY}</body></html>"
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
    <bib:Article rdf:about="https://tarncourier.example/z">
        <z:itemType>newspaperArticle</z:itemType>
        <dcterms:isPartOf><bib:Newspaper><dc:title>The Tarn Courier</dc:title></bib:Newspaper></dcterms:isPartOf>
        <link:link rdf:resource="#item_2"/>
        <dc:title>Hundreds march</dc:title>
        <dc:date>2016-08-07</dc:date>
    </bib:Article>
    <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><rdf:resource rdf:resource="%s"/></z:Attachment>
</rdf:RDF>
"""
ZOTERO = '{\n "items": [{"itemType": "newspaperArticle", "title": "Hundreds march", "publicationTitle": "The Tarn Courier",'
ZOTERO += ' "date": "2016-08-07", "attachments": [{"path": "%s"}]}]}'
RIS = "TY  - NEWS\nTI  - Hundreds march\nT2  - The Tarn Courier\nDA  - 2016/08/07/\nL1  - %s\nER  - \n"
BIB = "@article{a,\n title = {Hundreds march}, journal = {The Tarn Courier}, date = {2016-08-07},"
BIB += "\n file = {Snapshot:%s:text/html}\n}\n"
EXPORTS = {"a.ris": RIS, "a.bib": BIB, "a.json": ZOTERO, "a.rdf": RDF}


def read(*paths: Path) -> list[Report | Problem]:
    asked = Asked()
    items = []
    for item in find_reports(paths, asked=asked):
        items.extend(open_document(item, asked) if isinstance(item, Document) else [item])
    return [item for item in items if isinstance(item, Report | Problem)]


def place(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("name", EXPORTS)
def test_an_attached_page_is_read_with_the_fields_of_its_entry(tmp_path: Path, name: str) -> None:
    """The reference's word goes before the page's own; the report's record and bytes are those of the page."""
    page = place(tmp_path, "files/12/page.html", PAGE)
    export = place(tmp_path, name, EXPORTS[name] % "files/12/page.html")
    [report] = [item for item in read(export) if isinstance(item, Report)]
    assert report.text.startswith("About 400 people marched")
    assert (report.title, report.publisher, report.published) == ("Hundreds march", "The Tarn Courier", dt.date(2016, 8, 7))
    assert report.record == str(page)
    assert report.origin is not None
    assert (report.origin.media, report.origin.source) == ("html", str(export))


def test_a_folder_gives_an_attached_file_once(tmp_path: Path) -> None:
    """What was read with its entry is not read again for itself; other files beside it are."""
    place(tmp_path, "files/12/page.html", PAGE)
    place(tmp_path, "files/13/other.txt", "Another 30 people marched.")
    place(tmp_path, "a.ris", RIS % "files/12/page.html")
    titles = [item.title for item in read(tmp_path) if isinstance(item, Report)]
    assert titles == ["Hundreds march", None]


def test_an_attached_text_is_a_report(tmp_path: Path) -> None:
    """As Zotero's plain text of a page."""
    place(tmp_path, "files/12/page.txt", "About 400 people marched.")
    [report] = read(place(tmp_path, "a.ris", RIS % "files/12/page.txt"))
    assert isinstance(report, Report)
    assert (report.text, report.published) == ("About 400 people marched.", dt.date(2016, 8, 7))


def test_of_several_files_of_an_entry_one_is_read(tmp_path: Path) -> None:
    """They are one report: the page goes before the PDF, and a doubt names what was not read."""
    place(tmp_path, "a.pdf", b"%PDF-1.4")
    place(tmp_path, "b.html", PAGE)
    items = read(place(tmp_path, "a.ris", RIS % "a.pdf\nL1  - b.html"))
    assert [item.title for item in items if isinstance(item, Report)] == ["Hundreds march"]
    assert any(isinstance(item, Problem) and item.reason.endswith("taken for the same report: a.pdf") for item in items)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "files/../../secret.html",
        "{absolute}",
        "~/secret.html",
        "file://{absolute}",
        "link.html",
        "linked/secret.html",
        "..\\secret.html",
        "C:/secret.html",
    ],
)
@pytest.mark.parametrize("name", ["a.ris", "a.json"])
def test_nothing_outside_the_folder_is_opened(tmp_path: Path, path: str, name: str) -> None:
    """No way up, no root, no home, no link to a file or a folder that leads out: the entry fails and says why."""
    secret = place(tmp_path, "secret.html", PAGE)
    folder = tmp_path / "export"
    folder.mkdir()
    os.symlink(secret, folder / "link.html")
    os.symlink(tmp_path, folder / "linked")
    written = path.replace("{absolute}", str(secret))
    if name == "a.json":
        written = written.replace("\\", "\\\\")
    items = read(place(folder, name, EXPORTS[name] % written))
    [problem] = items
    assert isinstance(problem, Problem)
    assert problem.fatal
    assert "no text attached" in problem.reason
    assert "was not read: it " in problem.reason


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    """It leads nowhere else."""
    place(tmp_path, "files/page.html", PAGE)
    os.symlink("files/page.html", tmp_path / "link.html")
    assert any(isinstance(item, Report) for item in read(place(tmp_path, "a.ris", RIS % "link.html")))


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no such file"), (b"", "it is empty"), (b"\x89PNG\r\n", "no page, document or text")]
)
def test_a_file_that_cannot_be_read_leaves_the_abstract(tmp_path: Path, content: bytes | None, words: str) -> None:
    """It is missing, empty or a picture: the abstract is read, and a doubt beside it says why it alone."""
    if content is not None:
        place(tmp_path, "x.bin", content)
    items = read(place(tmp_path, "a.ris", (RIS % "x.bin").replace("ER  -", "AB  - Some 40 people marched.\nER  -")))
    assert isinstance(items[-1], Report)
    assert items[-1].text == "Some 40 people marched."
    assert any(isinstance(item, Problem) and words in item.reason and item.record == items[-1].record for item in items)


def test_a_folder_and_a_file_over_the_limit_are_refused(tmp_path: Path) -> None:
    """Neither is opened."""
    (tmp_path / "dir.html").mkdir()
    with (tmp_path / "big.html").open("wb") as file:
        file.truncate(DOCUMENT_BYTES.most + 1)
    for name, words in (("dir.html", "it is no file"), ("big.html", "32 MiB")):
        [problem] = read(place(tmp_path, "a.ris", RIS % name))
        assert isinstance(problem, Problem)
        assert words in problem.reason


def test_entries_with_and_without_files_stand_in_one_export(tmp_path: Path) -> None:
    """Each is read once: one by its file, one by its abstract, one fails."""
    place(tmp_path, "page.html", PAGE)
    other = "TY  - NEWS\nTI  - Abstract\nAB  - Some 40 people marched.\nER  - \nTY  - NEWS\nTI  - Nothing\nER  - \n"
    items = read(place(tmp_path, "a.ris", RIS % "page.html" + other))
    assert [item.title for item in items if isinstance(item, Report)] == ["Hundreds march", "Abstract"]
    assert [item.record for item in items if isinstance(item, Problem) and item.fatal] == [f"{tmp_path / 'a.ris'}#entry 3"]


def test_xml_bombs_in_rdf_are_not_set_off(tmp_path: Path) -> None:
    """Entities are refused, with the reason, and so is XML that is cut off."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n' + RDF.replace("Hundreds march", "&b;") % "x.html"
    document = Document(data=bomb.encode(), media="zotero", record="a.rdf", source="a.rdf")
    [problem] = open_document(document, Asked())
    assert isinstance(problem, Problem)
    assert "declares entities" in problem.reason
    [cut] = read(place(tmp_path, "a.rdf", (RDF % "x.html")[:600]))
    assert isinstance(cut, Problem)
    assert "cut off" in cut.reason

"""JSON: an array of reports, CSL JSON, Zotero's own, a list within an object; and what is none of them."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.media import sniff_media

CSL = {
    "id": "doe2016", "type": "article-newspaper", "abstract": "About 50 people rallied.", "container-title": "The Tarn Courier",
    "title": "A rally", "URL": "https://tarncourier.example/c", "issued": {"date-parts": [["2016", 8, 2]]},
}  # fmt: skip
ZOTERO = {
    "itemType": "newspaperArticle", "title": "A rally", "publicationTitle": "The Tarn Courier", "abstractNote": "About 50 rallied.",
    "date": "2016-08-02", "url": "https://tarncourier.example/c",
}  # fmt: skip


def read(value: object, **columns: str) -> list[Report | Problem]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    document = Document(data=data, media="json", record="a.json", source="a.json")
    return [item for item in open_document(document, Asked(columns=columns)) if isinstance(item, Report | Problem)]


def reports_of(value: object, **columns: str) -> list[Report]:
    return [item for item in read(value, **columns) if isinstance(item, Report)]


def test_an_array_of_reports_is_read_as_json_lines_are() -> None:
    """The same keys, the same mapping, the place of each in its record."""
    first, second = reports_of([{"text": "One.", "published": "2016-08-02", "id": 7}, {"text": "Two.", "publisher": "P"}])
    assert (first.text, first.published, first.given_id, first.record) == ("One.", dt.date(2016, 8, 2), "7", "a.json#item 1")
    assert (second.publisher, second.record) == ("P", "a.json#item 2")
    [mapped] = reports_of([{"body": "One.", "when": "2016-08-02"}], text="body", published="when")
    assert (mapped.text, mapped.published) == ("One.", dt.date(2016, 8, 2))


@pytest.mark.parametrize(
    ("value", "media"),
    [
        (json.dumps([CSL]), "json"),
        (json.dumps([CSL], indent="\t"), "json"),
        (json.dumps({"items": [ZOTERO]}, indent=2), "json"),
        ('{"articles": [{"text": "One.",\n  "id": 1}]}', "json"),
        (json.dumps({"text": "One."}), "jsonl"),
        ('{"text": "One."},\n{"text": "Two."},\n', "jsonl"),
        ('[sic] "quoted"', "text"),
    ],
)
def test_json_is_told_from_its_first_bytes(value: str, media: str) -> None:
    """In one line or in many; JSON Lines and prose stay what they are."""
    assert sniff_media(value.encode()) == media


def test_one_object_in_a_file_called_json_is_json() -> None:
    """Many programs write their answer in one line."""
    assert sniff_media(b'{"response": {"results": [{"body": "One."}]}}', ending=".json") == "json"
    assert sniff_media(b'{"text": "One."}\n{"text": "Two."}\n', ending=".json") == "jsonl"


@pytest.mark.parametrize(
    "value",
    [[CSL], [ZOTERO], {"items": [ZOTERO], "collections": {"a": {"items": [1]}}}, [{"key": "A", "version": 1, "data": ZOTERO}]],
)
def test_references_are_read_by_their_abstracts(value: object) -> None:
    """CSL JSON, Zotero's items, Better BibTeX's export and Zotero's interface, each with a doubt."""
    doubt, report = read(value)
    assert isinstance(report, Report)
    assert report.text.startswith("About 50")
    assert (report.title, report.publisher, report.published) == ("A rally", "The Tarn Courier", dt.date(2016, 8, 2))
    assert report.url == "https://tarncourier.example/c"
    assert isinstance(doubt, Problem)
    assert "only the abstract" in doubt.reason


def test_attachments_in_zotero_s_list_are_parts_of_others() -> None:
    """They are no reports, and no failures."""
    assert len(read([{"data": ZOTERO}, {"data": {"itemType": "attachment", "title": "Snapshot"}}])) == 2


@pytest.mark.parametrize("issued", [{"date-parts": [[2016, 8]]}, {"date-parts": [[2016]]}, {"raw": "02/08/2016"}])
def test_a_date_that_names_no_day_is_doubted(issued: object) -> None:
    """CSL may have a year alone."""
    items = read([CSL | {"issued": issued}])
    assert isinstance(items[-1], Report)
    assert items[-1].published is None
    assert sum("names no day" in item.reason or "two days" in item.reason for item in items if isinstance(item, Problem)) == 1


def test_a_list_within_an_object_is_found() -> None:
    """As the interfaces of newspapers answer; a single report is one."""
    assert reports_of({"response": {"status": "ok", "results": [{"text": "One."}]}})[0].text == "One."
    assert reports_of({"text": "One.", "tags": [{"a": 1}]})[0].text == "One."


def test_what_is_no_report_says_which_keys_it_has() -> None:
    """The others are read; each failure has its place."""
    items = read([{"foo": 1, "bar": 2}, 5, {"text": "One."}, {}])
    assert [type(item) for item in items] == [Problem, Problem, Report, Problem]
    assert items[0].reason == 'no key "text": its keys are foo, bar; say which holds the text with --map text=KEY'  # type: ignore[union-attr]
    assert items[1].reason == "expected an object with a report's text, found a number"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b'[{"text": "One."}, {"te', "cut off"), (b"[" * 200_000, "nested too deeply"), (b"5", "found a number"), (b"[{]", "no JSON")],
)
def test_broken_json_is_named(data: bytes, words: str) -> None:
    """Cut off, bottomless, no list: one Problem."""
    [problem] = read(data)
    assert isinstance(problem, Problem)
    assert words in problem.reason


@pytest.mark.parametrize(
    "item",
    [
        {"itemType": 5, "notes": [1, {"note": 2}], "attachments": 3},
        {"type": "x", "issued": {"date-parts": [[[]]]}, "abstract": 4},
        {"data": {"itemType": []}},
        {"type": "x", "issued": [1], "URL": {}},
    ],
)
def test_values_of_other_types_never_raise(item: object) -> None:
    """Each fails for itself."""
    items = read([item, {"text": "One."}])
    assert isinstance(items[-1], Report)
    assert not any("could not be opened" in item.reason for item in items if isinstance(item, Problem))

"""The mapping of columns, for tables and JSON Lines alike."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest

from headcount.models import Problem, Report
from headcount.sources import Asked, find_reports
from headcount.sources.tables.columns import ColumnsError, find_columns

ROW = {"body": "Hundreds marched.", "when": "2016-08-02", "head": "A march", "outlet": "The Tarn Courier", "text": "teaser"}
MAPPING = {"text": "body", "published": "when", "title": "head", "publisher": "outlet"}


def read(data: str) -> list[Report | Problem]:
    items = find_reports(["-"], stdin=io.BytesIO(data.encode()), asked=Asked(columns=MAPPING))
    return [item for item in items if isinstance(item, Report | Problem)]


@pytest.mark.parametrize("form", ["jsonl", "csv", "tsv"])
def test_one_mapping_reads_the_same_report_from_every_form(form: str) -> None:
    """A key that is mapped is never taken from a column of its own name."""
    delimiter = "\t" if form == "tsv" else ","
    table = "".join(delimiter.join(line) + "\n" for line in (ROW, ROW.values()))
    [report] = read(json.dumps(ROW) + "\n" if form == "jsonl" else table)
    assert isinstance(report, Report)
    assert (report.text, report.published) == ("Hundreds marched.", dt.date(2016, 8, 2))
    assert (report.title, report.publisher) == ("A march", "The Tarn Courier")


def test_a_line_without_the_mapped_key_fails_for_itself() -> None:
    """It is not read from another key."""
    items = read(json.dumps(ROW) + "\n" + json.dumps({"text": "teaser", "body": None}) + "\n")
    assert [type(item) for item in items] == [Report, Problem]


def test_of_columns_with_one_name_the_first_is_taken() -> None:
    """And of several that mean the same the likeliest."""
    assert find_columns(["text", "a", "text"], {}).places == {"text": 0}
    assert find_columns(["Article", "full text", "Body"], {}).places == {"text": 2}


def test_two_columns_that_differ_in_capitals_are_not_guessed_between() -> None:
    """The name has to be exact there."""
    with pytest.raises(ColumnsError):
        find_columns(["BODY", "Body"], {"text": "body"})
    assert find_columns(["BODY", "body"], {"text": "body"}).places["text"] == 1


def test_an_empty_first_row_is_told() -> None:
    """A table without names of columns."""
    with pytest.raises(ColumnsError, match="first row is empty"):
        find_columns(["", " "], {})

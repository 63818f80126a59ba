"""Totals and exports from outside."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from headcount.cli import exporting
from headcount.cli.summing import write_people
from headcount.exports.registry import EXPORTERS
from headcount.record.totals import Sum

Headcount = Any  # the fixture of conftest.py


def test_a_total_is_never_a_bare_number(headcount_in: Headcount, record: Path) -> None:
    """Beside the people stands how many of how many events they are of, and what was left out."""
    said = headcount_in("totals")
    told = json.loads(headcount_in("totals", "--format", "json").out)["overall"]
    assert told["people"]["known"] < told["events"]
    assert f"in the {told['people']['known']} of {told['events']} events whose size is known" in said.out
    assert "left out: " in said.err
    assert "planned" in said.err


def test_totals_are_of_held_events_alone(headcount_in: Headcount, record: Path) -> None:
    """Asked for planned ones or history it refuses, and says which command lists them."""
    for arguments in (("--status", "planned"), ("--background",)):
        said = headcount_in("totals", *arguments)
        assert said.code == 2
        assert "headcount events lists" in said.err


def test_groups_are_rows_of_csv(headcount_in: Headcount, record: Path) -> None:
    """Unknown is an empty cell, and the events of all months are all events."""
    rows = list(csv.DictReader(headcount_in("totals", "--by", "month", "--format", "csv").out.splitlines()))
    told = json.loads(headcount_in("totals", "--by", "month", "--format", "json").out)
    assert sum(int(row["events"]) for row in rows) == told["overall"]["events"]
    unknown = [row for row in rows if row["events_of_known_size"] == "0"]
    assert all(row["participants_low"] == row["participants_high"] == "" for row in unknown)


def test_overlapping_groups_are_told(headcount_in: Headcount, record: Path) -> None:
    """An event with two issues stands in both, and a note says that the groups overlap."""
    assert "the groups overlap" in headcount_in("totals", "--by", "issue").err


@pytest.mark.parametrize(
    ("told", "written"),
    [
        (Sum(), "unknown"),
        (Sum(known=2, low=300, high=300), "300"),
        (Sum(known=2, low=300, high=1200), "300 to 1,200"),
        (Sum(known=2, low=300, low_open=1, high=10_300), "300* to 10,300"),
        (Sum(known=1, low=None, low_open=1, high=10_000), "up to 10,000"),
        (Sum(known=2, low=500, high=700, high_open=1), "500 to 700+"),
        (Sum(known=1, low=500, high=500, high_open=1), "at least 500"),
        (Sum(known=2, low=2_000, low_open=1, high=2_100, high_open=1), "2,000* to 2,100+"),
    ],
)
def test_sums_are_written_with_their_open_ends(told: Sum, written: str) -> None:
    """An open end is marked, an unknown sum is not zero."""
    assert write_people(told) == written


def test_export_writes_what_the_registry_holds() -> None:
    """The names that the command takes are those of the exporters."""
    assert tuple(EXPORTERS) == exporting.FORMATS


@pytest.mark.parametrize("form", ["csv", "jsonl", "geojson", "ccc"])
def test_an_export_goes_to_a_file_or_to_standard_output(headcount_in: Headcount, record: Path, tmp_path: Path, form: str) -> None:
    """Both hold the same, and the note says how many events."""
    printed = headcount_in("export", form)
    written = headcount_in("export", form, "--output", "out.txt")
    assert printed.code == written.code == 0
    assert (tmp_path / "out.txt").read_bytes().decode() == printed.out != ""
    assert written.err == printed.err.replace("\n", " written to out.txt\n")


def test_the_sources_of_a_ccc_row_can_be_looked_up(headcount_in: Headcount, tmp_path: Path) -> None:
    """The address of a report, else its publisher and day, else its id."""
    text = "About 600 people marched through Carlisle on Saturday against the closure of the library."
    wire = {"id": "a", "published": "2023-09-10", "publisher": "Wire", "url": "https://wire.example/1", "text": text}
    mail = {"id": "b", "published": "2023-09-11", "publisher": "Mail", "text": text + " Police said so."}
    blog = {"id": "c", "published": "2023-09-12", "text": text + " It rained."}
    lines = "\n".join(json.dumps(one) for one in (wire, mail, blog))
    (tmp_path / "news.jsonl").write_text(lines, encoding="utf-8")
    headcount_in("ingest", "news.jsonl")
    (row,) = csv.DictReader(io.StringIO(headcount_in("export", "ccc").out))
    assert [row[f"source_{number}"] for number in (1, 2, 3, 4)] == ["https://wire.example/1", "Mail, 11 Sep 2023", "c", ""]


def test_an_export_over_its_record_is_refused(headcount_in: Headcount, record: Path) -> None:
    """The record would be gone."""
    before = record.read_bytes()
    assert headcount_in("export", "csv", "--output", "headcount.db").code == 2
    assert record.read_bytes() == before


def test_an_export_that_cannot_be_written_is_exit_code_5(headcount_in: Headcount, record: Path) -> None:
    """The folder that is missing is told."""
    said = headcount_in("export", "csv", "--output", "none/out.csv")
    assert said.code == 5
    assert "make the folder first" in said.err

"""headcount sources and headcount original from outside: what they say, and how they end."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from headcount.record.engine import connect
from pages import make_page, write_archive, write_pages

Headcount = Any  # the fixture of conftest.py

MARCH = "About 300 people marched in Leeds on Saturday against rent rises. Police put the crowd at 200."


@pytest.fixture
def pages(headcount_in: Headcount, tmp_path: Path) -> Path:
    """A record of a folder with pages, an empty one and a broken document."""
    folder = write_pages(tmp_path / "pages", 7, seed=5)
    for number, day in enumerate((1, 2, 3, 4, 20)):
        page = make_page(f"Day {day}", f"{MARCH} It was day {day}.", day=dt.date(2021, 3, day), publisher=f"Paper {number}")
        (folder / f"day{day}.html").write_bytes(page)
    assert headcount_in("ingest", "pages").code == 3
    return folder


def test_the_health_of_a_source_is_told(headcount_in: Headcount, pages: Path) -> None:
    """What was seen and what became of it, the last failure, the last day, the gaps; nothing of it is an error by itself."""
    said = headcount_in("sources")
    assert said.code == 0
    assert said.err == "headcount: 1 source, 1 failing\n"
    assert said.out.startswith(f"{pages}  folder\n  14 seen: ")
    assert "failing: pages/007-empty.html: " in said.out
    assert "21 Mar 2021 to 14 May 2022 (420 days)" in said.out
    assert headcount_in("sources", "--check").code == 1


def test_a_source_that_was_mended_fails_no_more(headcount_in: Headcount, pages: Path) -> None:
    """The failures stay counted; the last run met none."""
    for name in ("007-empty.html", "004-broken.pdf"):
        (pages / name).unlink()
    assert headcount_in("ingest", "pages").code == 0
    said = headcount_in("sources", "--check")
    assert (said.code, said.err) == (0, "headcount: 1 source\n")
    assert "failing" not in said.out
    assert "2 failed" in said.out
    assert "13 unchanged" in said.out


def test_the_formats_hold_the_same(headcount_in: Headcount, pages: Path) -> None:
    """JSON has the gaps as objects, CSV in one cell."""
    [told] = json.loads(headcount_in("sources", "--format", "json").out)
    [row] = csv.DictReader(headcount_in("sources", "--format", "csv").out.splitlines())
    assert row.keys() == told.keys()
    assert (told["source"], told["kind"], told["fetched"]) == (str(pages), "folder", 14)
    assert told["fetched"] == told["new"] + told["unchanged"] + told["screened_out"] + told["failed"]
    assert told["gaps"] == [{"since": "2021-03-21", "until": "2022-05-14", "days": 420}]
    assert row["gaps"] == "2021-03-21/2022-05-14"
    assert (row["fetched"], row["last_fetched"], row["silent_days"]) == ("14", "", "")


def test_without_a_source_the_answer_is_empty(headcount_in: Headcount, tmp_path: Path) -> None:
    """A record of an older release, or of reports given in Python, knows none; no record at all is wrong usage."""
    connect(str(tmp_path / "headcount.db"), create=True).dispose()
    for form, empty in (("table", ""), ("json", "[]\n")):
        said = headcount_in("sources", "--format", form)
        assert (said.code, said.out, said.err) == (0, empty, "headcount: 0 sources\n")
    assert headcount_in("sources", "--record", "none.db").code == 2


def test_an_archive_that_was_read_is_said_to_be_unchanged(headcount_in: Headcount, tmp_path: Path) -> None:
    """Nothing of it comes out again, and the command says why."""
    write_archive(tmp_path / "news.warc.gz", 6, seed=6)
    assert "6 reports in" in headcount_in("ingest", "news.warc.gz").err
    again = headcount_in("ingest", "news.warc.gz").err
    assert "0 reports in" in again
    assert "1 archive unchanged since read to the end: nothing was read again" in again


def test_the_page_of_a_report_is_written_out(headcount_in: Headcount, pages: Path, tmp_path: Path) -> None:
    """explain names the bytes; original writes them, whole."""
    events = [json.loads(line) for line in headcount_in("events", "--format", "jsonl").out.splitlines()]
    event = next(one for one in events if one["date_start"] and one["date_start"].startswith("2021-02"))
    shown = json.loads(headcount_in("explain", event["event_id"], "size", "--format", "json").out)
    told = shown["columns"][0]["sources"][0]["report"]
    assert told["media"] == "html"
    assert f"kept: html {told['digest'][:12]}" in " ".join(headcount_in("explain", event["event_id"], "size").out.split())
    said = headcount_in("original", told["report_id"], "--output", "page.html")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("headcount: html, ")
    assert (tmp_path / "page.html").read_bytes() in [path.read_bytes() for path in pages.iterdir()]
    assert headcount_in("original", told["digest"][:10]).out.encode() == (tmp_path / "page.html").read_bytes()


@pytest.mark.parametrize("name", ["x", "deadbeef", "r-0123"])
def test_what_has_no_page_is_wrong_usage(name: str, headcount_in: Headcount, record: Path) -> None:
    """One line with what was expected."""
    said = headcount_in("original", name)
    assert (said.code, said.out) == (2, "")
    assert "expected the id of a report of this record, or a hash" in said.err

"""No ordinary text is taken for an export, hostile ones end soon, and dates and lines are read as databases write them."""

from __future__ import annotations

import datetime as dt
import gc
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import headcount
from headcount.models import Problem, Report
from headcount.sources import Defaults, find_reports
from headcount.sources.databases import split_export
from headcount.sources.databases.days import find_day, is_date_line, names_no_day
from headcount.sources.databases.lines import paragraphs_of
from headcount.sources.limits import DOCUMENT_REPORTS

SAMPLES = Path(__file__).parent / "samples"
REPORTS = sorted((Path(headcount.__file__).parent / "samples").glob("*.md"))


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_no_report_is_an_export(path: Path) -> None:
    """The reports that come with Headcount are one report each."""
    assert split_export(path.read_text(encoding="utf-8")) is None


ORDINARY = {
    "a report with a file's words": "The memo ended with the words End of Document.\n\nEnd of Document\n\nNobody signed it.\n",
    "a list of papers": "The inquiry published its file.\n\n1 of 50 DOCUMENTS\n\nThe rest is to follow in August 2016.\n",
    "an essay with a body": "Body\n\nHundreds marched.\n\nEnd of Document\n",
    "a digest": "From: desk@herald.example\nSubject: Digest\n\n1. March in Elm\n512 words\nFull text: https://herald.example/1\n\n"
    "2. Rally in Leeds\n300 words\nFull text: https://herald.example/2\n\nPublication title: The Herald\n",
    "codes in capitals": "HD was the code of the union hall.\nBY JANE ROE\n"
    "IN LONDON a crowd met.\nRE the letter: no word.\n\nDocument 7 words\n",
    "a leak": "Document EXTMS00020160802ec820001x\n\nThat is what stood on the page that 500 protesters carried.\n",
    "a ruled page": "_" * 60 + "\n\nLocation: Leeds\n\nSubject: the march of 2 August 2016\n\n" + "_" * 60 + "\n",
    "minutes": "LENGTH: two hours\n\nSECTION: North\n\nThe branch met. 60 members came.\n",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_words_of_exports_alone_make_none(name: str) -> None:
    """A word, a line or a field of a database's layout without the others around it is an ordinary text."""
    assert split_export(ORDINARY[name]) is None


HOSTILE: dict[str, Callable[[int], str]] = {
    "marks of ProQuest": lambda n: "".join(f"Document {i} of {n}\nProQuest document ID: {i}\n" for i in range(n)),
    "marks of LexisNexis": lambda n: "".join(f"{i} of {n} DOCUMENTS\n\nLENGTH: 5\nLANGUAGE: E\n" for i in range(n)),
    "ends of Nexis": lambda n: "Body\nLength: 5\nEnd of Document\n" * n,
    "numbers of Factiva": lambda n: "HD\tx\nWC\t5\nPD\t1\nDocument EXTMS00020160802ec820001x\n" * n,
    "words without a date": lambda n: "5 words\n" * n + "Document EXTMS00020160802ec820001x\n",
    "one field again and again": lambda n: "Body\nLength: 5\n" + "Subject: x\n" * n + "Load-Date: x\nEnd of Document\n",
    "a tail of fields": lambda n: "Full text: x\nProQuest document ID: 1\nPublication title: x\n" + "Location: x\n" * n,
    "one long line": lambda n: "1 of 2 DOCUMENTS\nLENGTH: 5\nLANGUAGE: " + "x " * (10 * n),
    "one long blank": lambda n: "1 of 2 DOCUMENTS\nLENGTH: 5\nLANGUAGE: x\n" + " " * (20 * n) + "x",
    "one long word": lambda n: "Body\nLength: 5\n" + "A" * (20 * n) + "\nLoad-Date: x\nEnd of Document\n",
    "one long paragraph": lambda n: (
        "1 of 2 DOCUMENTS\n\nAugust 2, 2016\n\nT\n\nLENGTH: 5\n\n" + ("word " * 15 + "\n") * n + "LANGUAGE: x\n"
    ),
    "numbers": lambda n: "1," * n + "\nDocument EXTMS00020160802ec820001x words\n",
}


TIMES = 8
GROWTH_AT_MOST = 30.0
LEAST = 0.002
"""Seconds that are added to both: what takes less than this is not timed."""


def measure(text: str) -> float:
    gc.collect()
    gc.disable()
    try:
        begun = time.process_time()
        split_export(text)
        return time.process_time() - begun + LEAST
    finally:
        gc.enable()


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_of_the_export(name: str) -> None:
    """Eight times the lines take nowhere near 64 times as long (only growth is asserted): nothing is searched again and again."""
    short, long = HOSTILE[name](4_000), HOSTILE[name](TIMES * 4_000)
    growth = min(measure(long) / measure(short) for _ in range(4))
    assert growth < GROWTH_AT_MOST, f"{TIMES} times the text took {growth:.1f} times as long"


def test_more_articles_than_are_read_are_said() -> None:
    """Past the limit of articles the rest is one Problem that names the limit."""
    text = "Body\nLength: 5\n\nA march.\n\nEnd of Document\n" * (DOCUMENT_REPORTS.most + 5)
    items = list(find_reports(["-"], stdin=io.BytesIO(text.encode())))
    assert sum(isinstance(item, Report) for item in items) == DOCUMENT_REPORTS.most
    assert [item.reason for item in items if isinstance(item, Problem) and item.fatal] == [str(DOCUMENT_REPORTS)]


def test_a_text_file_gives_its_articles_as_reports() -> None:
    """Each has its number in the record; what it lacks comes from the defaults; a broken one is a fatal Problem."""
    path = SAMPLES / "nexis_uni.txt"
    items = list(find_reports([path], defaults=Defaults(country="GB")))
    reports = [item for item in items if isinstance(item, Report)]
    assert [report.record for report in reports] == [f"{path}#article {number}" for number in (1, 2, 4)]
    assert {report.country for report in reports} == {"GB"}
    assert reports[0].published == dt.date(2016, 8, 2)
    [problem] = [item for item in items if isinstance(item, Problem)]
    assert problem.fatal
    assert problem.record == f"{path}#article 3"
    assert problem.source == str(path)


@pytest.mark.parametrize(
    "line",
    [
        "August 2, 2016 Tuesday", "August 2, 2016 Tuesday 2:15 PM GMT", "Tuesday, August 2, 2016", "Tuesday 2 August 2016",
        "02 Aug 2016", "Aug 2, 2016", "Aug. 2, 2016", "2 August 2016", "2nd August 2016", "2. August 2016 Dienstag",
        "Dienstag 2. August 2016", "2 août 2016", "2 augustus 2016 dinsdag", "2 de agosto de 2016", "2016-08-02",
        "August 2, 2016 Tuesday Late Edition - Final", "August 2,\xa02016 Tuesday",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_form(line: str) -> None:
    """Order, weekday, time, edition and language of a date change nothing."""
    assert find_day(line) == dt.date(2016, 8, 2)
    assert is_date_line(line)


@pytest.mark.parametrize("line", ["August 2016", "Aug 2016", "August 1 - 7, 2016", "2016"])
def test_a_month_is_no_day(line: str) -> None:
    """What names no day is a date all the same, so that the line above it is the publisher's."""
    assert find_day(line) is None
    assert names_no_day(line) is (line != "2016")


@pytest.mark.parametrize(
    "line",
    [
        "02/08/2016",
        "31 June 2016",
        "On August 2, 2016 they marched.",
        "August 2, 2016: the day we marched",
        "Fact 2, 2016",
        "",
        "x" * 10_000,
    ],
)
def test_a_sentence_is_no_date_line(line: str) -> None:
    """A date of digits alone, a day that there is not and a sentence with a day in it are no line of a date."""
    assert not is_date_line(line)


def test_wrapped_lines_are_joined_and_the_writers_breaks_kept() -> None:
    """A break where the next word did not fit is the export's; any other, as in a list, is the writer's."""
    lines = [
        "About 300 people crossed the bridge in silence on Monday, in what they called a",
        "half-hour without words, and",
        "then went home.",
        "",
        "They asked for a well-lit, a well-staffed and above all a better known and well-",
        "kept office.",
    ]
    assert paragraphs_of(lines) == [
        "About 300 people crossed the bridge in silence on Monday, in what they called a half-hour without words, and",
        "then went home.",
        "They asked for a well-lit, a well-staffed and above all a better known and well-kept office.",
    ]


def test_lines_that_are_sentences_are_paragraphs() -> None:
    """Where an export breaks no lines, each is a paragraph, however short."""
    lines = ["Sixty dockers blocked the gate at Port Elm on Monday.", "Ten bakers joined them at noon on the same day."]
    assert paragraphs_of(lines) == lines

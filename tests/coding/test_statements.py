"""Every value of a reading has a statement of its own: what the record resolves, it resolves through these."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from importlib.resources import files

import pytest

from headcount.coding import Reader
from headcount.models import CandidateEvent, Report
from headcount.sources import find_reports

LISTS = ("organizations", "participants", "speakers", "targets", "claims", "chants", "issues")
SINGLE = ("event_type", "status", "locality", "state", "country", "location_detail", "series")


def values_without_statement(event: CandidateEvent) -> list[str]:
    """The columns of an event whose value no statement gives, or that a statement gives otherwise."""
    told: dict[str, list[object]] = {}
    for statement in event.statements:
        told.setdefault(statement.variable, []).append(statement.value)
    wrong = [name for name in SINGLE if getattr(event, name) and getattr(event, name) not in told.get(name, ())]
    wrong += [name for name in LISTS if list(getattr(event, name)) != told.get(name, [])]
    if event.date_start is not None and [event.date_start.isoformat()] != told.get("date_start"):
        wrong.append("date_start")
    if event.date_precision != "unknown" and [event.date_precision] != told.get("date_precision"):
        wrong.append("date_precision")
    if event.lat is not None and not told.keys() & {"locality", "location_detail"}:
        wrong.append("lat")
    if len(event.sizes) + len(event.size_expected) != len(told.get("size", ())):
        wrong.append("sizes")
    outcomes = Counter(outcome.variable for outcome in event.outcomes)
    wrong += [name for name, count in outcomes.items() if len(told.get(name, ())) != count]
    if event.comparison is not None and told.get("comparison") != [event.comparison.direction]:
        wrong.append("comparison")
    return wrong


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_every_value_of_the_samples_has_its_statement(reader: Reader) -> None:
    """Whatever is coded of our own reports leads to the words that give it."""
    events = 0
    for report in find_reports([str(files("headcount") / "samples")]):
        assert isinstance(report, Report)
        for event in reader.read(report).events:
            events += 1
            assert values_without_statement(event) == [], (report.report_id, event.event_id)
    assert events >= 100


def read_one(reader: Reader, text: str) -> tuple[CandidateEvent, Report]:
    report = Report(text=text, country="GB", published=dt.date(2022, 6, 7))
    (event,) = reader.read(report).events
    return event, report


def test_a_venue_a_series_and_an_issue_have_their_words(reader: Reader) -> None:
    """A square gives the venue, a campaign's name the series, the demand or else the words before the gathering the issue."""
    event, report = read_one(
        reader, "Some 3,000 people joined the Global Climate Strike against fracking in Trafalgar Square on 4 June."
    )
    words = {one.variable: report.text[one.span.start : one.span.end] for one in event.statements}
    assert (event.location_detail, words["location_detail"]) == ("Trafalgar Square", "Trafalgar Square")
    assert event.series == "Global Climate Strike"
    assert event.series in words["series"]
    assert event.issues
    assert words["issues"] in report.text
    event, _ = read_one(reader, "Hundreds of people turned out for an immigrant rights rally in Leeds on Saturday, police said.")
    issue = next(one for one in event.statements if one.variable == "issues")
    assert ((issue.value,), issue.quote) == (event.issues, "an immigrant rights")
    assert event.issues == ("immigration",)

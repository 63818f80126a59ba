"""Sizes, dates and places are written as a person would write them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest

from fakes import full_event
from headcount.models import CandidateEvent, EventSize, Size, Span
from headcount.wording import make_harmless, write_dates, write_event_size, write_number_range, write_place, write_size

NOWHERE = Span(start=0, end=1)
BARE = CandidateEvent(event_id="e", event_type="march", quote_span=NOWHERE)


def size(text: str, low: int | None, high: int | None, **more: object) -> Size:
    return Size(text=text, low=low, high=high, span=NOWHERE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "more", "written"),
    [
        (3000, 3000, {}, "3,000"),
        (3000, 3000, {"hedge": "around"}, "about 3,000"),
        (3000, 3000, {"hedge": "nearly"}, "nearly 3,000"),
        (2000, None, {}, "2,000+"),
        (None, 10_000, {}, "up to 10,000"),
        (None, 50, {"hedge": "fewer than"}, "under 50"),
        (300, 400, {}, "300–400"),
        (200, 999, {"vague": True}, "hundreds"),
        (20_000, 99_999, {"vague": True}, "tens of thousands"),
        (2_000_000, None, {"vague": True}, "millions"),
        (None, None, {}, ""),
    ],
)
def test_intervals_in_words(low: int | None, high: int | None, more: dict[str, object], written: str) -> None:
    """The codebook's table of size words, backwards."""
    assert write_number_range(low, high, **more) == written  # type: ignore[arg-type]


def test_sizes_name_who_gives_them() -> None:
    """The report's own voice is not named; a range names both its ends."""
    police = size("500", 500, 500, claimant_role="police")
    organisers = size("2,000", 2000, 2000, claimant_role="organisers")
    over = size("over 1,000", 1000, None, claimant_role="organisers")
    assert (
        write_size(replace(BARE, sizes=(police, organisers), size_low=500, size_high=2000)) == "500 (police) to 2,000 (organisers)"
    )
    assert write_size(replace(BARE, sizes=(over,), size_low=1000)) == "1,000+ (organisers)"
    assert write_size(replace(BARE, sizes=(size("300", 300, 300),), size_low=300, size_high=300)) == "300"
    named = size("300", 300, 300, claimant_role="media", claimant="BBC")
    assert write_size(replace(BARE, sizes=(named,), size_low=300, size_high=300)) == "300 (BBC)"


def test_sizes_of_other_kinds() -> None:
    """Added parts, other units, expected numbers, mere words, and nothing."""
    parts = (size("1,600", 1600, 1600, scope="part"), size("600", 600, 600, scope="part"))
    assert write_size(replace(BARE, sizes=parts, size_low=2200, size_high=2200, size_derived=True)) == "2,200 (added up)"
    tractors = size("40 tractors", 40, 40, unit="tractors")
    assert write_size(replace(BARE, sizes=(tractors,), size_low=40, size_high=40, size_unit="tractors")) == "40 tractors"
    assert write_size(replace(BARE, size_expected=(size("5,000", 5000, 5000),))) == "expected 5,000"
    assert write_size(replace(BARE, sizes=(size("a large crowd", None, None),))) == "a large crowd"
    assert write_size(BARE) == ""


@pytest.mark.parametrize(
    ("start", "end", "precision", "written"),
    [
        ("2016-07-30", "2016-07-30", "day", "Sat 30 Jul 2016"),
        ("2016-07-30", "2016-07-31", "range", "30–31 Jul 2016"),
        ("2016-07-30", "2016-08-02", "range", "30 Jul – 2 Aug 2016"),
        ("2016-12-30", "2017-01-02", "range", "30 Dec 2016 – 2 Jan 2017"),
        ("2016-06-01", "2016-06-30", "month", "June 2016"),
        ("1968-01-01", "1968-12-31", "year", "1968"),
    ],
)
def test_dates_in_words(start: str, end: str, precision: str, written: str) -> None:
    """In English, whatever the locale."""
    first, last = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    assert write_dates(replace(BARE, date_start=first, date_end=last, date_precision=precision)) == written  # type: ignore[arg-type]


def test_unknown_dates_and_places_keep_their_words() -> None:
    """In quotation marks; a guess is never shown."""
    assert write_dates(replace(BARE, date_words="last week")) == "“last week”"
    assert write_dates(BARE) == "date unknown"
    assert write_place(replace(BARE, place_words="Little Snoring")) == "“Little Snoring”"
    assert write_place(BARE) == "place unknown"
    assert write_place(full_event()) == "City Square, Leeds, GB"
    assert write_place(replace(BARE, state="Texas", country="US")) == "Texas, US"


def test_a_terminal_is_safe_from_a_report() -> None:
    """Escape sequences become visible signs, direction overrides vanish, a line stays a line."""
    assert make_harmless("a\x1b[2Jb\r\nc\u202ed\u2066e\x9bf\x00") == "a␛[2Jb  cde�f␀"


def test_the_size_of_an_event_is_written_with_who_says_so() -> None:
    """As that of an account; what was expected stands in only where nothing is told, and a hedge is found in the words."""

    def told_size(text: str, low: int | None, high: int | None, role: str = "report", **changed: object) -> EventSize:
        told = {"vague": False, "claimant": "", "scope": "total", "unit": "people", "report_id": "r", "candidate_id": "c"}
        return EventSize(text=text, low=low, high=high, claimant_role=role, statement_id="s", **(told | changed))  # type: ignore[arg-type]

    def event(low: int | None, high: int | None, *sizes: EventSize) -> SimpleNamespace:
        return SimpleNamespace(size_low=low, size_high=high, size_derived=False, size_unit=sizes[0].unit, sizes=sizes)

    police, organisers = told_size("500", 500, 500, "police"), told_size("about 2,000", 2000, 2000, "organisers")
    assert write_event_size(event(500, 2000, police, organisers)) == "500 (police) to 2,000 (organisers)"
    assert write_event_size(event(2000, 2000, organisers)) == "about 2,000 (organisers)"
    assert write_event_size(event(None, 50, told_size("fewer than 50", None, 50))) == "under 50"
    assert write_event_size(event(None, None, told_size("3,000", 3000, 3000, expected=True))) == "expected 3,000"
    assert write_event_size(event(40, 40, told_size("40 tractors", 40, 40, unit="tractors"))) == "40 tractors"

"""What a person's word on a statement makes of the event that it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from headcount.models import CandidateEvent, Outcome, Review, Size, Span
from headcount.record import ledger
from headcount.record.engine import writing
from headcount.record.packing import Packed
from headcount.record.reviewing import apply_reviews, parse_value
from keeping import LEEDS, LEEDS_TOO, NOW, events_of, findings, keep, link, report, statement_of

HERE = Span(start=0, end=1)
POLICE = Size(text="900", low=900, high=900, claimant_role="police", claimant="Police", span=HERE, claimant_span=HERE)
ORGANISERS = Size(text="about 2,000", low=2000, high=2000, hedge="about", claimant_role="organisers", span=HERE, claimant_span=HERE)
WORDS = Size(text="hundreds", low=200, high=999, vague=True, span=HERE)
EVENT = CandidateEvent(
    event_id="e", event_type="march", date_start=dt.date(2022, 10, 1), date_end=dt.date(2022, 10, 1), date_precision="day",
    locality="Leeds", state="England", country="GB", location_detail="City Square", lat=53.8, lon=-1.5, geonames_id=7,
    place_precision="venue", sizes=(WORDS, POLICE, ORGANISERS), size_low=900, size_high=2000, claimant_role="police",
    organizations=("Unison", "Stop the Cuts"), claims=("against cuts",), issues=("wages",), quote="q", quote_span=HERE,
    outcomes=(
        Outcome(variable="injuries_crowd", text="2 hurt", low=2, high=2, span=HERE),
        Outcome(variable="arrests", text="3 arrested", low=3, high=3, span=HERE),
        Outcome(variable="arrests", text="5 arrested", low=5, high=5, span=HERE),
    ),
)  # fmt: skip
LINEAGE = {
    "event_type": ["type"], "status": ["status"], "date_precision": ["precision"], "date_start": ["start"], "date_end": ["end"],
    "locality": ["locality"], "state": ["state"], "country": ["country"], "location_detail": ["venue"],
    "size": ["words", "police", "organisers"], "claimant_role": ["by police", "by organisers"],
    "organizations": ["unison", "stop"], "claims": ["claim"], "issues": ["issue"],
    "injuries_crowd": ["hurt"], "arrests": ["three", "five"],
}  # fmt: skip


def reviewed(**decisions: Any) -> CandidateEvent:
    """The event with statements accepted (True), rejected (None) or replaced by a value."""
    reviews = {}
    for name, value in decisions.items():
        decision = "accept" if value is True else "reject" if value is None else "replace"
        told = value if decision == "replace" else None
        name = name.replace("_", " ")
        reviews[name] = Review(statement_id=name, decision=decision, value=told, by="ann")  # type: ignore[arg-type]
    return apply_reviews(Packed(EVENT, LINEAGE), reviews).event


def test_what_nobody_reviewed_stays() -> None:
    """No review, or one that says that the statement is right, changes nothing."""
    assert reviewed() is EVENT
    assert reviewed(police=True, type=True, three=True) == EVENT


def test_a_size_is_rejected_or_replaced() -> None:
    """The range follows, and the numbers keep their places beside each other."""
    assert (reviewed(police=None).size_low, reviewed(police=None).size_high) == (2000, 2000)
    assert (reviewed(police="1000+").size_low, reviewed(organisers="-5000").size_high) == (1000, 5000)
    assert [size.text for size in reviewed(police=None).sizes] == ["hundreds", "900", "about 2,000"]
    nothing = reviewed(words=None, police=None, organisers=None)
    assert (nothing.size_low, nothing.size_high, nothing.claimant_role) == (None, None, None)


def test_a_claimant_is_put_right() -> None:
    """The statement says who gives the second of the numbers whose claimant the report names, not the second number."""
    event = reviewed(by_organisers="officials")
    assert [size.claimant_role for size in event.sizes] == ["report", "police", "officials"]
    event = reviewed(by_police=None)
    assert (event.sizes[1].claimant_role, event.sizes[1].claimant, event.claimant_role) == ("report", "", "report")


def test_a_day_put_right_moves_an_event_of_one_day() -> None:
    """The first day alone makes no run of days of it; the last day does."""
    moved = reviewed(start="2022-09-30")
    assert (moved.date_start, moved.date_end, moved.date_precision) == (dt.date(2022, 9, 30), dt.date(2022, 9, 30), "day")
    longer = reviewed(end="2022-10-03")
    assert (longer.date_start, longer.date_end, longer.date_precision) == (dt.date(2022, 10, 1), dt.date(2022, 10, 3), "range")
    both = reviewed(start="2022-09-30", end="2022-10-03")
    assert (both.date_start, both.date_end) == (dt.date(2022, 9, 30), dt.date(2022, 10, 3))


def test_a_rejected_day_is_unknown() -> None:
    """Words that fix no day leave none, whether the day or its precision is rejected."""
    for event in (reviewed(start=None), reviewed(end=None)):
        assert (event.date_start, event.date_end, event.date_precision) == (None, None, "unknown")
    week = reviewed(precision="week")
    assert (week.date_start, week.date_precision) == (None, "week")


def test_another_town_takes_the_point_with_it() -> None:
    """The coordinates were those of the town that was wrong; how closely the place is known follows."""
    event = reviewed(locality="Hull", venue=None)
    assert (event.locality, event.lat, event.geonames_id, event.place_precision) == ("Hull", None, None, "locality")
    assert reviewed(locality=None, venue=None).place_precision == "region"
    assert reviewed(locality=None, venue=None, state=None, country=None).place_precision == "unknown"


def test_what_cannot_be_unknown_has_its_default() -> None:
    """A type that is rejected leaves the general word, a status what is told without a word."""
    event = reviewed(type=None, status=None, venue=None)
    assert (event.event_type, event.status, event.location_detail) == ("demonstration", "held", "")


def test_items_of_lists_are_taken_out_or_replaced_one_by_one() -> None:
    """The others keep their places."""
    assert reviewed(unison=None).organizations == ("Stop the Cuts",)
    assert reviewed(unison="Unite", stop=None).organizations == ("Unite",)
    assert (reviewed(issue=None).issues, reviewed(claim="for pay").claims) == ((), ("for pay",))


def test_outcomes_are_told_apart_by_what_they_count() -> None:
    """The second statement about arrests is the second arrest, whatever stands between them."""
    assert [outcome.text for outcome in reviewed(five=None).outcomes] == ["2 hurt", "3 arrested"]
    put_right = reviewed(three="4").outcomes[1]
    assert (put_right.variable, put_right.low, put_right.high) == ("arrests", 4, 4)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("size", "many"), ("size", "400-300"), ("size", "+"), ("size", "9" * 40), ("date_start", "1 Oct"), ("status", "over"),
        ("background", "yes"), ("country", "England"), ("claimant_role", "army"), ("comparison", "bigger"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_refused(variable: str, value: str) -> None:
    """With what was expected and what was found."""
    with pytest.raises(ValueError, match=f"{variable}: expected .* found '{value[:3]}" if value != "+" else "size: expected"):
        parse_value(variable, value)


@pytest.mark.parametrize(
    ("value", "ends"),
    [
        ("400", (400, 400)),
        ("300-400", (300, 400)),
        ("2,000+", (2000, None)),
        ("-10000", (None, 10_000)),
        ("300 to 400", (300, 400)),
    ],
)
def test_sizes_as_they_are_written(value: str, ends: tuple[int | None, int | None]) -> None:
    """A number, two ends, or one that is open."""
    assert parse_value("size", value) == ends


def test_a_review_holds_until_it_is_taken_back(record: sa.Engine) -> None:
    """The newest review that stands wins; each can be undone, and the event is then as it was."""
    keep(record, report("a", LEEDS))
    link(record)
    before = events_of(record)
    police = next(one.statement_id for one in before[0].sizes if one.claimant_role == "police")
    assert police is not None
    with writing(record) as connection:
        first = ledger.review(connection, police, "replace", value="1,100", by="ann", at=NOW)
        second = ledger.review(connection, police, "reject", by="ben", at=NOW)
    link(record)
    assert (events_of(record)[0].size_low, findings(record)) == (2000, [])
    with writing(record) as connection:
        ledger.unreview(connection, second, by="ann", at=NOW)
    link(record)
    assert (events_of(record)[0].size_low, findings(record)) == (1100, [])
    with writing(record) as connection:
        ledger.unreview(connection, first, by="ann", at=NOW)
        with pytest.raises(ValueError, match="taken back before"):
            ledger.unreview(connection, first, by="ann", at=NOW)
    link(record)
    assert events_of(record) == before


def test_a_town_put_right_is_compared_as_it_is_now(record: sa.Engine) -> None:
    """Two papers tell of one march; a person finds that one of them means another town: they are two events."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO))
    link(record)
    assert len(events_of(record)) == 1
    with writing(record) as connection:
        ledger.review(connection, statement_of(record, "locality", "b"), "replace", value="Cardiff", by="ann", at=NOW)
    link(record)
    assert {event.reports[0]: event.locality for event in events_of(record)} == {"a": "Leeds", "b": "Cardiff"}
    assert findings(record) == []

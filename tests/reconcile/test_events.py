"""One event from its accounts: votes of independent reports, in no order, with the statements of every value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.models import CandidateEvent, Comparison, Event, Outcome, Size, Span
from headcount.reconcile import Member, reconcile_event
from headcount.record.resolving import Said, find_unresolved

HERE = Span(start=0, end=1)
DAY = dt.date(2022, 10, 1)


def size(low: int | None, high: int | None, **values: Any) -> Size:
    return Size(text=f"{low}-{high}", low=low, high=high, span=HERE, **values)


def member(name: str, *, report: str | None = None, witness: str = "", published: str = "2022-10-02", **values: Any) -> Member:
    """An account with a statement for each of its values, as the reader writes them."""
    event = CandidateEvent(event_id=name, quote=f"quote of {name}", quote_span=HERE, **{"event_type": "march", **values})
    lineage: dict[str, list[str]] = {"event_type": [f"{name}.type"], "status": [f"{name}.status"]}
    for column in ("date_start", "date_end", "locality", "state", "country", "location_detail", "series"):
        if getattr(event, column):
            lineage[column] = [f"{name}.{column}"]
    if event.date_precision != "unknown":
        lineage["date_precision"] = [f"{name}.date_precision"]
    if event.background:
        lineage["background"] = [f"{name}.background"]
    if event.comparison is not None:
        lineage["comparison"] = [f"{name}.comparison"]
    for column in ("organizations", "participants", "claims", "issues"):
        lineage[column] = [f"{name}.{column}.{place}" for place in range(len(getattr(event, column)))]
    for place, outcome in enumerate(event.outcomes):
        lineage.setdefault(outcome.variable, []).append(f"{name}.{outcome.variable}.{place}")
    lineage["size"] = [f"{name}.size.{place}" for place in range(len(event.sizes) + len(event.size_expected))]
    return Member(candidate=event, lineage=lineage, report_id=report or f"r-{name}", published=published, witness=witness or name)


def on(day: dt.date, **values: Any) -> dict[str, Any]:
    return {"date_start": day, "date_end": day, "date_precision": "day", **values}


def town(name: str, **values: Any) -> dict[str, Any]:
    told = {"locality": name, "state": "England", "country": "GB", "lat": 53.0, "lon": -1.0, "geonames_id": 7}
    return {**told, "place_precision": "locality", **values}


def made_of(*members: Member) -> Event:
    return reconcile_event("ev-1", members)


def test_the_best_supported_day_is_taken_and_the_others_listed() -> None:
    """Two papers against one; the one's day stays beside it, and the statements are those of the two."""
    event = made_of(
        member("a", **on(dt.date(2022, 10, 2))),
        member("b", **on(DAY)),
        member("c", **on(DAY)),
    )
    assert (event.date_start, event.date_end, event.date_precision) == (DAY, DAY, "day")
    assert event.others["date"] == ("Sun 2 Oct 2022",)
    assert event.lineage["date_start"] == ("b.date_start", "b.date_end", "c.date_start", "c.date_end")


def test_near_copies_have_one_vote() -> None:
    """A wire story in three papers does not outvote two papers that were there."""
    wire = [member(name, witness="a", **on(dt.date(2022, 10, 2)), **town("Hull")) for name in ("a", "b", "c")]
    own = [member(name, **on(DAY), **town("Leeds")) for name in ("d", "e")]
    event = made_of(*wire, *own)
    assert (event.date_start, event.locality, event.witnesses) == (DAY, "Leeds", 3)
    assert len(event.reports) == 5


def test_two_accounts_of_one_report_are_one_witness() -> None:
    """A person may join two accounts of one report; that makes no second witness of it, nor of its copies."""
    one = member("a", report="r", witness="a")
    two = member("b", report="r", witness="b")
    copy = member("c", report="other", witness="b")
    assert made_of(one, two).witnesses == 1
    assert made_of(one, two, copy).witnesses == 1


def test_of_two_days_as_well_supported_the_more_precise_is_taken() -> None:
    """ "At the weekend" in one paper, "on Saturday" in another: Saturday."""
    weekend = {"date_start": DAY, "date_end": DAY + dt.timedelta(days=1), "date_precision": "range"}
    assert made_of(member("a", **weekend), member("b", **on(DAY))).date_end == DAY


def test_vague_words_fix_no_day() -> None:
    """ "Last week" and "this month": no day, and the narrower of the two."""
    event = made_of(member("a", date_precision="month"), member("b", date_precision="week"))
    assert (event.date_start, event.date_precision) == (None, "week")
    assert event.lineage["date_precision"] == ("b.date_precision",)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (("planned", "held", "planned"), "held"),
        (("planned", "cancelled"), "cancelled"),
        (("planned", "planned"), "planned"),
        (("cancelled", "held"), "held"),
    ],
)
def test_what_happened_outweighs_what_was_planned(told: Sequence[str], status: str) -> None:
    """Held if any report tells it as held, else cancelled; the other words are listed."""
    event = made_of(*(member(str(number), status=one) for number, one in enumerate(told)))
    assert event.status == status
    assert set(event.others.get("status", ())) == set(told) - {status}


def test_numbers_of_an_event_that_was_not_held_decide_no_size() -> None:
    """The 5,000 expected of a march that was banned marched nowhere; the number stays beside it."""
    event = made_of(member("a", status="cancelled", sizes=(size(5000, 5000),)))
    assert (event.size_low, event.size_high, len(event.sizes)) == (None, None, 1)
    event = made_of(member("a", status="planned", size_expected=(size(5000, 5000),)))
    assert (event.size_low, event.sizes[0].expected) == (None, True)


def test_an_event_is_history_only_if_every_report_says_so() -> None:
    """A look back after a year makes no history of what another paper told as news."""
    look_back = member("a", background=True)
    assert made_of(look_back).background is True
    assert made_of(look_back, member("b")).background is False


def test_a_wider_place_is_no_other_place() -> None:
    """Two papers that say Scotland do not outvote the one that says Glasgow, and are not listed against it."""
    wide = [member(name, state="Scotland", country="GB", place_precision="region") for name in ("a", "b")]
    event = made_of(*wide, member("c", **town("Glasgow", state="Scotland")))
    assert (event.locality, event.lat, "place" in event.others) == ("Glasgow", 53.0, False)


def test_a_square_supports_its_town() -> None:
    """A landmark of London and London are one place; the venue, its point and its words are taken with it."""
    square = member(
        "b", **town("London", lat=51.508, lon=-0.128, geonames_id=None, location_detail="Trafalgar Square", place_precision="venue")
    )
    event = made_of(member("a", **town("London")), square, member("c", **town("Leeds")))
    assert (event.locality, event.location_detail, event.place_precision, event.lat) == (
        "London",
        "Trafalgar Square",
        "venue",
        51.508,
    )
    assert event.others["place"] == ("Leeds, GB",)
    assert event.lineage["location_detail"] == event.lineage["lat"] == ("b.location_detail",)


def test_the_specific_word_is_kept_of_two_as_well_supported() -> None:
    """ "Protest" in one paper, "march" in another: a march; two against one, the two."""
    general = {"event_type": "demonstration"}
    assert made_of(member("a", **general), member("b")).event_type == "march"
    assert made_of(member("a", event_type="rally"), member("b", event_type="rally"), member("c")).event_type == "rally"


def test_what_a_copy_repeats_is_told_once() -> None:
    """The same arrests in five papers are listed once, with the statements of all five; another number is listed, too."""
    arrests = Outcome(variable="arrests", text="12 arrested", low=12, high=12, span=HERE)
    more = replace(arrests, text="15 arrests", low=15, high=15)
    larger = Comparison(direction="larger", compared_with="last year", text="bigger than last year", span=HERE)
    event = made_of(
        member("a", outcomes=(arrests,), comparison=larger),
        member("b", outcomes=(arrests,), comparison=larger),
        member("c", outcomes=(more,)),
    )
    assert [outcome.low for outcome in event.outcomes] == [12, 15]
    assert event.lineage["arrests"] == ("a.arrests.0", "b.arrests.0", "c.arrests.0")
    assert event.comparisons == (larger,)


def test_values_of_lists_are_joined_the_best_supported_first() -> None:
    """Every organiser that any report names, one spelling each."""
    event = made_of(
        member("a", organizations=("Unison",)),
        member("b", organizations=("Stop the Cuts", "UNISON")),
    )
    assert event.organizations == ("Unison", "Stop the Cuts")


def test_the_type_of_an_apostrophe_makes_no_other_claim() -> None:
    """A paper and a website set one demand in their own type: it is told once."""
    told = made_of(member("a", claims=("against the town's plan",)), member("b", claims=("against the town’s plan",)))
    assert len(told.claims) == 1


def test_no_account_is_no_event() -> None:
    """An event without an account is a defect, not an empty event."""
    with pytest.raises(ValueError, match="ev-1: expected at least one account"):
        reconcile_event("ev-1", [])


DAYS = st.sampled_from([on(DAY), on(DAY + dt.timedelta(days=1)), {"date_precision": "week"}, {}])
PLACES = st.sampled_from(
    [
        town("Leeds"),
        town("Leeds", geonames_id=None, lat=53.8, location_detail="City Square", place_precision="venue"),
        town("Hull", geonames_id=9),
        {"locality": "Nowhere", "place_precision": "locality"},
        {"state": "England", "country": "GB", "place_precision": "region"},
        {},
    ]
)
NUMBER = st.sampled_from([20, 300, 500, 2000])
SIZES = st.lists(
    st.builds(
        lambda ends, vague, scope, unit, role: size(*ends, vague=vague, scope=scope, unit=unit, claimant_role=role),
        st.tuples(NUMBER | st.none(), NUMBER | st.none()).map(
            lambda ends: ends if None in ends else tuple(sorted(ends))
        ),
        st.booleans(), st.sampled_from(["total", "peak", "part", "cumulative"]),
        st.sampled_from(["people", "people", "tractors"]), st.sampled_from(["police", "organisers", "report"]),
    ),
    max_size=3,
).map(tuple)  # fmt: skip


@st.composite
def accounts(draw: st.DrawFn) -> list[Member]:
    """A handful of accounts of some reports, some of them near-copies of another."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        sizes = draw(SIZES)
        status = draw(st.sampled_from(["held", "held", "planned", "cancelled"]))
        told: dict[str, Any] = {"size_expected": sizes} if status == "planned" else {"sizes": sizes}
        found.append(
            member(
                f"c{number}",
                report=f"r{draw(st.integers(0, number))}",
                witness=f"c{draw(st.integers(0, number))}",
                published=draw(st.sampled_from(["", "2022-10-02", "2022-10-03"])),
                event_type=draw(st.sampled_from(["march", "rally", "demonstration"])),
                status=status,
                background=draw(st.booleans()),
                series=draw(st.sampled_from([None, "Climate Strike"])),
                organizations=draw(st.sampled_from([(), ("Unison",), ("UNISON", "Stop the Cuts")])),
                issues=draw(st.sampled_from([(), ("wages",)])),
                **draw(DAYS), **draw(PLACES), **told,
            )
        )  # fmt: skip
    return found


@given(members=accounts(), data=st.data())
@settings(max_examples=300)
def test_the_order_of_reports_changes_nothing(members: list[Member], data: st.DataObject) -> None:
    """The whole event is equal, lineage and lists and all, in whatever order its accounts are given."""
    assert reconcile_event("ev-1", members) == reconcile_event("ev-1", data.draw(st.permutations(members)))


@given(members=accounts(), data=st.data())
def test_a_near_copy_never_makes_an_event_better_attested(members: list[Member], data: st.DataObject) -> None:
    """A copy of one of its reports adds a report, and neither a witness nor a person; day, place and type stay as they were."""
    copied = data.draw(st.sampled_from(members))
    copy = replace(copied, report_id="r-copy", candidate=replace(copied.candidate, event_id="copy"), published="2022-10-09")
    before, after = reconcile_event("ev-1", members), reconcile_event("ev-1", [*members, copy])
    assert after.witnesses == before.witnesses
    for column in ("event_type", "status", "date_start", "date_end", "locality", "state", "country", "size_low", "size_high"):
        assert getattr(after, column) == getattr(before, column), column
    assert len(after.reports) == len(before.reports) + 1


@given(members=accounts())
def test_every_value_leads_to_a_statement_of_its_accounts(members: list[Member]) -> None:
    """Whatever the accounts say, no column of the event stands without the statements that give it."""
    event = reconcile_event("ev-1", members, macroevent="m-1")
    quotes = {f"{one.candidate.event_id}.size.{place}": told.text for one in members for place, told in enumerate(
        (*one.candidate.sizes, *one.candidate.size_expected))}  # fmt: skip
    statements = {
        name: Said(variable, '""', quotes.get(name, ""))
        for one in members
        for variable, names in one.lineage.items()
        for name in names
    }
    assert list(find_unresolved(event, statements, statements)) == []


@given(members=accounts(), more=NUMBER)
def test_one_more_report_with_a_number_never_narrows_the_range(members: list[Member], more: int) -> None:
    """Where a report has counted people in total, one more that does moves no known end inwards."""
    counted = [*members, member("held", sizes=(size(500, 500),))]
    before = reconcile_event("ev-1", counted)
    after = reconcile_event("ev-1", [*counted, member("more", sizes=(size(more, more),))])
    if before.size_low is not None:
        assert after.size_low is None or after.size_low <= before.size_low
    if before.size_high is not None:
        assert after.size_high is None or after.size_high >= before.size_high

"""Totals over made events, on both databases: no unknown is a zero, and nothing is in a sum that should not be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from headcount.models import Event
from headcount.record import schema as s
from headcount.record.asking import Filters
from headcount.record.deriving import event_row
from headcount.record.engine import reading, writing
from headcount.record.totals import Sum, Totals, total_events

DAY = dt.date(2019, 3, 16)


def made(number: int, **changed: Any) -> Event:
    """An event in Leeds on a Saturday, held, of unknown size."""
    told: dict[str, Any] = {
        "event_id": f"ev-{number}", "event_type": "march", "status": "held", "background": False, "date_start": DAY,
        "date_end": changed.get("date_start", DAY), "date_precision": "day", "locality": "Leeds", "state": "England",
        "country": "GB",
        "location_detail": "", "lat": None, "lon": None, "geonames_id": None, "place_precision": "locality", "size_low": None,
        "size_high": None, "size_derived": False, "size_unit": "people", "claimant_role": None,
    }  # fmt: skip
    return Event(**(told | changed))


def fill(engine: sa.Engine, *events: Event) -> None:
    """Writes the events, and the ids that they need."""
    with writing(engine) as connection:
        for number, event in enumerate(events, start=1):
            name = {"event_id": event.event_id, "number": number, "founder": event.event_id, "state": "live", "reason": ""}
            connection.execute(sa.insert(s.event_name).values(**name))
            connection.execute(sa.insert(s.event).values(**event_row(event, "x")))


def total(engine: sa.Engine, **asked: Any) -> Totals:
    with reading(engine) as connection:
        return total_events(connection, **asked)


def test_unknown_is_not_zero(record: sa.Engine) -> None:
    """Events without a number are counted as events, and add nothing to the people."""
    fill(record, made(1, size_low=100, size_high=300), made(2), made(3))
    found = total(record).overall
    assert (found.events, found.unknown) == (3, 2)
    assert found.people == Sum(known=1, low=100, low_open=0, high=300, high_open=0)


def test_with_no_number_at_all_there_is_no_sum(record: sa.Engine) -> None:
    """None, never 0."""
    fill(record, made(1), made(2))
    assert total(record).overall.people == Sum(known=0, low=None, high=None)


def test_open_ends_are_marked(record: sa.Engine) -> None:
    """An open lowest number adds nothing, an open highest adds the lowest; both are counted."""
    fill(record, made(1, size_low=2000), made(2, size_high=10_000), made(3, size_low=5, size_high=5))
    assert total(record).overall.people == Sum(known=3, low=2005, low_open=1, high=12_005, high_open=1)


def test_a_lowest_sum_over_open_ends_alone_is_unknown(record: sa.Engine) -> None:
    """ "up to 10,000" has no lowest number: their sum is None."""
    fill(record, made(1, size_high=10_000), made(2))
    assert total(record).overall.people.low is None


def test_planned_cancelled_and_background_events_are_left_out_and_counted(record: sa.Engine) -> None:
    """Whatever status the filters ask for."""
    fill(
        record,
        made(1, size_low=10, size_high=10),
        made(2, size_low=10, status="planned"),
        made(3, size_low=10, status="cancelled"),
        made(4, size_low=10, background=True),
        made(5, size_low=10, status="planned", background=True),
    )
    for filters in (Filters(), Filters(status="planned", background=True)):
        found = total(record, filters=filters)
        assert (found.overall.events, found.overall.people.high) == (1, 10)
        assert found.left_out == {"planned": 2, "cancelled": 1, "background": 1}


def test_other_units_stand_apart(record: sa.Engine) -> None:
    """Forty tractors are no forty people, and the event is not one of unknown size."""
    fill(record, made(1, size_low=40, size_high=40, size_unit="tractors"), made(2, size_low=7, size_high=7))
    found = total(record).overall
    assert found.people == Sum(known=1, low=7, high=7)
    assert found.units == {"tractors": Sum(known=1, low=40, high=40)}
    assert found.unknown == 0


@pytest.mark.parametrize(("by", "keys"), [("day", ["2019-03-16", "2019-04-01", ""]), ("week", ["2019-W11", "2019-W14", ""])])
def test_periods_come_in_time_and_the_unknown_last(record: sa.Engine, by: Any, keys: list[str]) -> None:
    """An event whose day no report fixes is in a group of its own."""
    fill(
        record,
        made(1, date_start=dt.date(2019, 4, 1)),
        made(2),
        made(3, date_start=None, date_end=None, date_precision="week"),
    )
    assert [one.key for one in total(record, by=by).groups] == keys


def test_a_month_is_no_day(record: sa.Engine) -> None:
    """An event told only of a month counts in that month, and in no day and no week."""
    fill(record, made(1, date_start=dt.date(2019, 3, 1), date_end=dt.date(2019, 3, 31), date_precision="month"))
    assert [one.key for one in total(record, by="month").groups] == ["2019-03"]
    assert [one.key for one in total(record, by="day").groups] == [""]
    assert [one.key for one in total(record, by="week").groups] == [""]


def test_an_event_over_the_end_of_a_month_counts_once(record: sa.Engine) -> None:
    """In the month of its first day, and it is said that it reaches into another."""
    fill(record, made(1, date_start=dt.date(2019, 3, 30), date_end=dt.date(2019, 4, 2), date_precision="range"))
    found = total(record, by="month")
    assert [(one.key, one.events) for one in found.groups] == [("2019-03", 1)]
    assert found.astride == 1


def test_several_issues_count_in_each_and_once_in_all(record: sa.Engine) -> None:
    """The groups overlap, and that is told."""
    fill(record, made(1, issues=("housing", "wages"), size_low=10, size_high=10), made(2, issues=("wages",)), made(3))
    found = total(record, by="issue")
    assert [(one.key, one.events) for one in found.groups] == [("wages", 2), ("housing", 1), ("", 1)]
    assert (found.overall.events, found.overall.people.low, found.overlapping) == (3, 10, 1)


def test_towns_of_one_name_are_two_places(record: sa.Engine) -> None:
    """Apart by state and country; a place that is not known is the last."""
    fill(
        record,
        made(1, locality="Portland", state="Maine", country="US"),
        made(2, locality="Portland", state="Oregon", country="US"),
        made(3, locality=None, state=None, country=None),
    )
    labels = [one.label for one in total(record, by="place").groups]
    assert labels == ["Portland, Maine, US", "Portland, Oregon, US", "place not known"]


def test_the_order_of_events_changes_nothing(record: sa.Engine) -> None:
    """Groups of equal size come by their key."""
    fill(record, made(2, event_type="vigil"), made(1, event_type="rally"), made(3, event_type="march"))
    assert [one.key for one in total(record, by="type").groups] == ["march", "rally", "vigil"]


def test_roll_ups_are_a_check_and_never_added(record: sa.Engine) -> None:
    """A roll-up stands beside the month in which its report was published, and changes no number."""
    fill(record, made(1, size_low=100, size_high=100))
    with writing(record) as connection:
        run = {"run_id": 1, "command": "", "coder": "", "started_at": dt.datetime(2019, 4, 1), "reports_in": 1}  # noqa: DTZ001
        connection.execute(sa.insert(s.run).values(**run, coded=1, screened_out=0, duplicate=0, failed=0))
        connection.execute(sa.insert(s.report).values(report_id="r1", current_version=1))
        version = {
            "version_id": 1,
            "report_id": "r1",
            "number": 1,
            "content_hash": "h",
            "record": "a",
            "published": DAY,
            "text": "t",
        }
        connection.execute(sa.insert(s.version).values(**version, outcome="coded", run_id=1))
        connection.execute(
            sa.insert(s.coding).values(coding_id=1, version_id=1, coder="c", state="current", run_id=1, screened_out=False)
        )
        told = {"size_text": "thousands", "size_low": 2000, "size_high": 9999, "place": "Leeds", "quote": "Thousands marched."}
        connection.execute(sa.insert(s.rollup).values(coding_id=1, position=0, span_start=0, span_end=9, **told))
    for by in ("month", "place"):
        (group,) = total(record, by=by).groups
        assert group.people == Sum(known=1, low=100, high=100)
        assert [one.size_text for one in group.rollups] == ["thousands"]
    assert total(record, filters=Filters(country="FR")).overall.rollups == ()


def test_no_such_grouping_is_an_error(record: sa.Engine) -> None:
    """A closed list stops."""
    with pytest.raises(ValueError, match="expected day, week, month"):
        total(record, by="year")

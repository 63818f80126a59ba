"""A gap is a stretch without reports that is long for its source; a source that is fetched is silent when it would be one."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from headcount.api import Record
from headcount.models import Origin
from headcount.record.health import Gap, SourceHealth, find_gaps, find_sources
from keeping import LEEDS, keep, reading, report

FIRST = dt.date(2022, 5, 2)


def days(*numbers: int) -> list[dt.date]:
    return [FIRST + dt.timedelta(days=number) for number in numbers]


def gap(since: int, until: int) -> Gap:
    return Gap(since=days(since)[0], until=days(until)[0])


@pytest.mark.parametrize(
    ("told", "usual", "gaps"),
    [
        ((0, 1, 2), None, ()),  # too few days to tell
        ((0, 1, 2, 3, 4), 1.0, ()),
        ((0, 1, 2, 5, 6, 7), 1.0, ()),  # a long weekend
        ((0, 1, 2, 6, 7, 8), 1.0, ((3, 5),)),
        ((0, 1, 2, 6, 7, 8, 20, 21), 1.0, ((9, 19), (3, 5))),
        ((0, 7, 14, 21, 42, 49), 7.0, ()),  # a weekly that left out two
        ((0, 7, 14, 21, 43, 50), 7.0, ((22, 42),)),
    ],
)
def test_a_gap_is_long_for_its_source(told: tuple[int, ...], usual: float | None, gaps: tuple[tuple[int, int], ...]) -> None:
    """Over three days, and over three times what is usual; the newest first."""
    assert find_gaps(days(*told)) == (usual, tuple(gap(*one) for one in gaps))


def test_the_days_of_a_gap_are_those_without_a_report() -> None:
    """From the day after the last report to the day before the next."""
    assert gap(3, 5).days == 3


def health(**values: object) -> SourceHealth:
    at = dt.datetime.fromisoformat("2022-05-09")
    given: dict[str, object] = {
        "source": "https://a.example/feed", "kind": "feed", "first_seen": at, "last_seen": at, "last_fetched": at,
        "fetched": 9, "new": 9, "unchanged": 0, "screened_out": 0, "failed": 0, "last_why": None,
        "last_published": FIRST, "usual_interval": 2.0, "gaps": (),
    }  # fmt: skip
    return SourceHealth(**{**given, **values})  # type: ignore[arg-type]


def test_a_feed_is_silent_from_a_gap_on() -> None:
    """A folder never is, however old what lies in it; nor is what has told too little to have a usual interval."""
    assert health().silent_days(days(6)[0]) is None
    assert health().silent_days(days(7)[0]) == 7
    assert health(last_fetched=None).silent_days(days(700)[0]) is None
    assert health(usual_interval=None).silent_days(days(700)[0]) is None
    assert health(last_published=None).silent_days(days(700)[0]) is None


def test_sources_are_told_with_the_gaps_of_their_versions(record: sa.Engine) -> None:
    """Each by the days on which its own reports were published; the Python interface gives the same."""
    reports = []
    for source, told in (("https://a.example/feed", (0, 1, 2, 9, 10)), ("/b", (0, 30, 60, 90))):
        for day in told:
            published = str(days(day)[0])
            one = report(f"{source}{day}", f"{LEEDS} {source} {day}", published=published)
            reports.append(one)
            object.__setattr__(one, "origin", Origin(source=source))
    keep(record, *reports)
    with reading(record) as connection:
        found = list(find_sources(connection))
    assert [(one.source, one.kind, one.new, one.usual_interval, one.gaps) for one in found] == [
        ("/b", "file", 4, 30.0, ()),
        ("https://a.example/feed", "page", 5, 1.0, (gap(3, 8),)),
    ]
    assert found[0].last_published == days(90)[0]
    assert Record("r", record).sources() == tuple(found)

"""Totals: how many events, how many of known size, how many people from low to high; never a bare number over unknowns.

Only held events that are no history are counted. People alone are added up; other units stand apart. Roll-ups ("thousands
marched across the North") stand beside a sum as a check and never enter it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

import sqlalchemy as sa

from headcount.record import schema as s
from headcount.record.asking import FETCHED_AT_ONCE, Filters, conditions
from headcount.wording import STATES_SHOWN

By = Literal["day", "week", "month", "place", "series", "issue", "type"]
PERIODS: Final = ("day", "week", "month")
UNKNOWN: Final = ""
"""The key of the group of events whose day, place, series or issue is not known."""

ASKED_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Numbers of one unit, added up: over the events whose size is known, and no others."""

    known: int = 0
    """Events with a number, at either end."""

    low: int | None = None
    """The lowest numbers together; None where no event has one."""

    low_open: int = 0
    """Events whose lowest number is open ("up to 10,000"): they add nothing to ``low``."""

    high: int | None = None
    """The highest numbers together, the lowest in place of one that is open."""

    high_open: int = 0
    """Events whose highest number is open ("over 2,000"): the true sum is higher than ``high``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupCheck:
    """A plural mention of the same period or place: to be held against a sum, never added to it."""

    size_text: str
    size_low: int | None
    size_high: int | None
    place: str
    quote: str
    report_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One group of events. ``key`` sorts and says it to a program, ``""`` where it is not known; ``label`` says it to a person."""

    key: str
    label: str
    events: int
    people: Sum
    units: Mapping[str, Sum] = field(default_factory=dict)
    """Events whose crowd is told in another unit only: families, tractors."""

    rollups: tuple[RollupCheck, ...] = ()

    @property
    def unknown(self) -> int:
        """Events without any number."""
        return self.events - self.people.known - sum(one.known for one in self.units.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The groups in order, and all of their events taken once."""

    by: By | None
    groups: tuple[Total, ...]
    overall: Total
    left_out: Mapping[str, int]
    """How many events that the filters let through are not counted: planned, cancelled, background."""

    overlapping: int = 0
    """Events that stand in several groups: the groups add up to more than ``overall``."""

    astride: int = 0
    """Events on several days that reach into another period; they stand in that of their first day."""


class _Count:
    """One sum or group while it grows."""

    __slots__ = ("events", "sums")

    def __init__(self) -> None:
        self.events = 0
        self.sums: dict[str, list[int]] = {}

    def add(self, unit: str, low: int | None, high: int | None) -> None:
        self.events += 1
        if low is None and high is None:
            return
        one = self.sums.setdefault(unit, [0, 0, 0, 0, 0])
        one[0] += 1
        one[1] += low or 0
        one[2] += low is None
        one[3] += high if high is not None else low or 0
        one[4] += high is None

    def freeze(self, key: str, label: str) -> Total:
        sums = {
            unit: Sum(known=known, low=low if low_open < known else None, low_open=low_open, high=high, high_open=high_open)
            for unit, (known, low, low_open, high, high_open) in sorted(self.sums.items())
        }
        people = sums.pop("people", Sum())
        return Total(key=key, label=label, events=self.events, people=people, units=sums)


def total_events(connection: sa.Connection, *, by: By | None = None, filters: Filters | None = None) -> Totals:
    """The totals of the events that ``filters`` let through, whatever status they ask for. Raises ValueError for no such ``by``."""
    if by is not None and by not in get_args(By):
        raise ValueError(f"by: expected {', '.join(get_args(By))}, found {by!r}")
    asked = replace(filters or Filters(), status=None, background=None)
    rollups = _rollups(connection)
    tellers = _events_of(connection, {one.report_id for one, _ in rollups})
    told: dict[str, set[str]] = {}
    counts: dict[str, _Count] = {}
    labels: dict[str, str] = {}
    overall = _Count()
    left_out = {"planned": 0, "cancelled": 0, "background": 0}
    overlapping = astride = 0
    for row in _rows(connection, asked):
        if row.status != "held" or row.background:
            left_out["background" if row.status == "held" else row.status] += 1
            continue
        keys = _groups_of(row, by)
        overlapping += len(keys) > 1
        astride += by in PERIODS and bool(keys[0][0]) and row.date_end != row.date_start and _period(row.date_end, by) != keys[0][0]
        overall.add(row.size_unit, row.size_low, row.size_high)
        for key, label in keys:
            labels.setdefault(key, label)
            counts.setdefault(key, _Count()).add(row.size_unit, row.size_low, row.size_high)
        for report_id in tellers.get(row.event_id, ()):
            told.setdefault(report_id, set()).update(key for key, _ in keys)
    groups = [counts[key].freeze(key, labels[key]) for key in _in_order(counts, by)] if by else []
    whole = overall.freeze(UNKNOWN, "all")
    kept = [(one, day) for one, day in rollups if one.report_id in told or asked == Filters()]
    placed = _place_rollups(kept, by, told, {group.key for group in groups})
    return Totals(
        by=by,
        groups=tuple(replace(group, rollups=tuple(placed.get(group.key, ()))) for group in groups),
        overall=replace(whole, rollups=tuple(one for one, _ in kept)),
        left_out=left_out,
        overlapping=overlapping,
        astride=astride,
    )


def _rows(connection: sa.Connection, filters: Filters) -> Iterator[Any]:
    event = s.event.c
    query = sa.select(
        event.event_id, event.event_type, event.status, event.background, event.date_start, event.date_end, event.date_precision,
        event.locality, event.state, event.country, event.series, event.issues, event.size_low, event.size_high, event.size_unit,
    )  # fmt: skip
    query = query.where(*conditions(filters)).order_by(event.event_id)  # the first spelling of a label is always the same
    yield from connection.execution_options(yield_per=FETCHED_AT_ONCE).execute(query)


def _groups_of(row: Any, by: By | None) -> list[tuple[str, str]]:
    """The groups of an event, each as key and label."""
    if by is None:
        return [(UNKNOWN, "all")]
    if by in PERIODS:
        key = _period_of(row, by)
        return [(key, key or f"{by} not known")]
    if by == "place":
        if not row.locality and not row.state and not row.country:
            return [(UNKNOWN, "place not known")]
        parts = (row.country or "", row.state or "", row.locality or "")
        words = [
            part
            for part in (row.locality, row.state if not row.locality or row.country in STATES_SHOWN else None, row.country)
            if part
        ]
        return [("/".join(parts), ", ".join(words))]
    if by == "issue":
        issues = [one for one in row.issues.split("|") if one]
        return [(one, one) for one in issues] or [(UNKNOWN, "no issue told")]
    value = row.series if by == "series" else row.event_type
    return [(value, value)] if value else [(UNKNOWN, "in no series")]


def _period_of(row: Any, by: str) -> str:
    """The period of an event: that of its first day. One that is told only of a month has no day and no week."""
    if row.date_start is None:
        return UNKNOWN
    first, last = _period(row.date_start, by), _period(row.date_end or row.date_start, by)
    if row.date_precision in ("week", "month", "year", "unknown") and first != last:
        return UNKNOWN
    return first


def _period(day: dt.date, by: str | None) -> str:
    if by == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}" if by == "month" else day.isoformat()


def _in_order(counts: Mapping[str, _Count], by: By | None) -> list[str]:
    """Periods in time; others the most events first; what is not known last."""
    if by in PERIODS:
        return sorted(counts, key=lambda key: (key == UNKNOWN, key))
    return sorted(counts, key=lambda key: (key == UNKNOWN, -counts[key].events, key))


def _rollups(connection: sa.Connection) -> list[tuple[RollupCheck, dt.date | None]]:
    """The roll-ups of the reports as they stand, each quote once however many papers copied it, with the day of publication."""
    query = (
        sa.select(s.rollup, s.version.c.report_id, s.version.c.published)
        .join(s.coding, s.coding.c.coding_id == s.rollup.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
        .join(s.report, s.report.c.current_version == s.version.c.version_id)
        .where(s.coding.c.state == "current")
    )
    found: dict[str, tuple[RollupCheck, dt.date | None]] = {}
    for row in sorted(connection.execute(query), key=lambda one: (one.report_id, one.position)):
        check = RollupCheck(
            size_text=row.size_text,
            size_low=row.size_low,
            size_high=row.size_high,
            place=row.place,
            quote=row.quote,
            report_id=row.report_id,
        )
        found.setdefault(row.quote, (check, row.published))
    return list(found.values())


def _events_of(connection: sa.Connection, report_ids: set[str]) -> dict[str, list[str]]:
    """By event those of these reports that tell of it."""
    found: dict[str, list[str]] = {}
    every = sorted(report_ids)
    for begin in range(0, len(every), ASKED_AT_ONCE):
        query = (
            sa.select(s.event_member.c.event_id, s.candidate.c.report_id)
            .join(s.candidate, s.candidate.c.candidate_id == s.event_member.c.candidate_id)
            .where(s.candidate.c.live, s.candidate.c.report_id.in_(every[begin : begin + ASKED_AT_ONCE]))
        )
        for event_id, report_id in connection.execute(query):
            found.setdefault(event_id, []).append(report_id)
    return found


def _place_rollups(
    rollups: Sequence[tuple[RollupCheck, dt.date | None]], by: By | None, told: Mapping[str, set[str]], keys: set[str]
) -> dict[str, list[RollupCheck]]:
    """By group the roll-ups to hold against it: of a period those whose report tells of no other period, else of the one in
    which it was published; of a place those that name it. No roll-up is told of an issue, a series or a type."""
    placed: dict[str, list[RollupCheck]] = {}
    names = {key.rstrip("/").rpartition("/")[2].casefold(): key for key in sorted(keys) if key} if by == "place" else {}
    for one, day in rollups:
        key: str | None = None
        if by in PERIODS:
            periods = told.get(one.report_id, set()) - {UNKNOWN}
            key = next(iter(periods)) if len(periods) == 1 else _period(day, by) if day is not None else None
        elif by == "place":
            key = names.get(one.place.casefold())
        if key is not None and key in keys:
            placed.setdefault(key, []).append(one)
    return placed

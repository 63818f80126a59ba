"""Asks a record for its events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from headcount.models import Event
from headcount.record import schema as s
from headcount.record.packing import unpack_event

FETCHED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which events are asked for; None asks nothing. Text is compared without regard to case."""

    since: dt.date | None = None
    until: dt.date | None = None
    """The last day that is wanted. An event on several days counts where any of them lies between the two."""

    country: str | None = None
    state: str | None = None
    locality: str | None = None
    event_type: str | None = None
    status: str | None = None
    background: bool | None = None
    series: str | None = None
    issue: str | None = None
    min_size: int | None = None
    """At least so many people by the lowest number told, or by the highest where the lowest is open."""

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The filters as conditions on the rows of ``event``."""
        event = s.event.c
        found: list[sa.ColumnElement[bool]] = []
        if self.since is not None:
            found.append(event.date_end >= self.since)
        if self.until is not None:
            found.append(event.date_start <= self.until)
        for column, wanted in ((event.country, self.country), (event.status, self.status), (event.event_type, self.event_type)):
            if wanted is not None:
                found.append(column == wanted)
        for column, wanted in ((event.locality, self.locality), (event.state, self.state), (event.series, self.series)):
            if wanted is not None:
                found.append(sa.func.lower(column) == wanted.lower())
        if self.background is not None:
            found.append(event.background == self.background)
        if self.issue is not None:
            found.append(event.issues.contains(f"|{self.issue}|", autoescape=True))
        if self.min_size is not None:
            found.append(event.size_unit == "people")
            found.append(sa.func.coalesce(event.size_low, event.size_high) >= self.min_size)
        return found


def find_events(connection: sa.Connection, filters: Filters | None = None, *, limit: int | None = None) -> Iterator[Event]:
    """The events asked for, the earliest first, those of an unknown day last; read as they are wanted, in constant memory."""
    query = sa.select(s.event.c.content).where(*(filters or Filters()).conditions())
    query = query.order_by(s.event.c.date_start.nulls_last(), s.event.c.event_id).limit(limit)
    streamed = connection.execution_options(yield_per=FETCHED_AT_ONCE).execute(query)
    for (content,) in streamed:
        yield unpack_event(content)


def count_events(connection: sa.Connection, filters: Filters | None = None) -> int:
    """How many events ``find_events`` gives."""
    query = sa.select(sa.func.count()).select_from(s.event).where(*(filters or Filters()).conditions())
    return int(connection.execute(query).scalar_one())


def load_event(connection: sa.Connection, event_id: str) -> Event | None:
    """The event of this very id; None where the id is merged, gone, withdrawn or unknown (``ledger.follow`` says which)."""
    content = connection.execute(sa.select(s.event.c.content).where(s.event.c.event_id == event_id)).scalar()
    return None if content is None else unpack_event(content)


def describe_record(connection: sa.Connection) -> dict[str, Any]:
    """How much a record holds: reports, versions, statements, candidate events, events, runs."""
    counted = {
        "reports": s.report, "versions": s.version, "statements": s.statement, "events": s.event, "runs": s.run, "problems": s.problem,
    }  # fmt: skip
    told = {
        name: int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for name, table in counted.items()
    }
    live = sa.select(sa.func.count()).select_from(s.candidate).where(s.candidate.c.live)
    return {**told, "accounts": int(connection.execute(live).scalar_one())}

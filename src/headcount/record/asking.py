"""Asks a record for its events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from headcount.models import Event
from headcount.record import schema as s
from headcount.record.filters import Filters
from headcount.record.packing import fold_key, unpack_event
from headcount.wording import write_day

__all__ = ["Filters", "conditions", "count_events", "describe_record", "describe_source", "find_events", "load_event"]

FETCHED_AT_ONCE: Final = 1_000


def conditions(filters: Filters, event: sa.FromClause = s.event) -> list[sa.ColumnElement[bool]]:
    """The filters as conditions on the rows of ``event``."""
    column = event.c
    found: list[sa.ColumnElement[bool]] = []
    if filters.since is not None:
        found.append(column.date_end >= filters.since)
    if filters.until is not None:
        found.append(column.date_start <= filters.until)
    for exact, wanted in (
        (column.country, filters.country),
        (column.status, filters.status),
        (column.event_type, filters.event_type),
    ):
        if wanted is not None:
            found.append(exact == wanted)
    keys = ((column.locality_key, filters.locality), (column.state_key, filters.state), (column.series_key, filters.series))
    for key, wanted in keys:
        if wanted is not None:
            found.append(key == fold_key(wanted))
    if filters.background is not None:
        found.append(column.background == filters.background)
    if filters.issue is not None:
        found.append(column.issues.contains(f"|{filters.issue}|", autoescape=True))
    if filters.min_size is not None:
        found.append(column.size_unit == "people")
        found.append(sa.func.coalesce(column.size_low, column.size_high) >= filters.min_size)
    return found


def find_events(connection: sa.Connection, filters: Filters | None = None, *, limit: int | None = None) -> Iterator[Event]:
    """The events asked for, the earliest first, those of an unknown day last; read as they are wanted, in constant memory."""
    asked = s.event.alias("asked")  # found in the index alone; only what is wanted is fetched from the rows
    query = sa.select(s.event.c.content).join_from(asked, s.event, s.event.c.event_id == asked.c.event_id)
    query = query.where(*conditions(filters or Filters(), asked))
    query = query.order_by(asked.c.date_start.nulls_last(), asked.c.event_id).limit(limit)
    streamed = connection.execution_options(yield_per=FETCHED_AT_ONCE).execute(query)
    for (content,) in streamed:
        yield unpack_event(content)


def count_events(connection: sa.Connection, filters: Filters | None = None) -> int:
    """How many events ``find_events`` gives."""
    query = sa.select(sa.func.count()).select_from(s.event).where(*conditions(filters or Filters()))
    return int(connection.execute(query).scalar_one())


def load_event(connection: sa.Connection, event_id: str) -> Event | None:
    """The event of this very id; None where the id is merged, gone, withdrawn or unknown (``ledger.follow`` says which)."""
    content = connection.execute(sa.select(s.event.c.content).where(s.event.c.event_id == event_id)).scalar()
    return None if content is None else unpack_event(content)


def describe_source(connection: sa.Connection, report_id: str) -> str:
    """Where a report can be looked up: its address, else its publisher and day, else its id. Its title may name somebody."""
    query = (
        sa.select(s.version.c.url, s.version.c.publisher, s.version.c.published)
        .join(s.report, s.report.c.current_version == s.version.c.version_id)
        .where(s.report.c.report_id == report_id)
    )
    found = connection.execute(query).first()
    if found is None:
        return report_id
    day = f", {write_day(found.published)}" if found.published else ""
    return str(found.url or (f"{found.publisher}{day}" if found.publisher else report_id))


def describe_record(connection: sa.Connection) -> dict[str, Any]:
    """How much a record holds: reports, versions, statements, candidate events, events, runs."""
    counted = {
        "reports": s.report,
        "versions": s.version,
        "statements": s.statement,
        "events": s.event,
        "runs": s.run,
        "problems": s.problem,
    }
    told = {
        name: int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for name, table in counted.items()
    }
    live = sa.select(sa.func.count()).select_from(s.candidate).where(s.candidate.c.live)
    return {**told, "accounts": int(connection.execute(live).scalar_one())}

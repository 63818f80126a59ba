"""The events of a question straight out of an SQLite file: what ``asking`` gives, without the 0.15 s that SQLAlchemy takes to load.

Anything unusual (a URL, no record, another revision, a locked or damaged file) gives None: the long way then says what it is.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec

from headcount.models import Event
from headcount.record.filters import Filters
from headcount.record.packing import fold_key, unpack_event

HEAD: Final = "0002"
"""``schema.HEAD``, which a test compares."""

QUERY: Final = """
SELECT event.content FROM event AS asked JOIN event ON event.event_id = asked.event_id
WHERE {conditions} ORDER BY asked.date_start NULLS LAST, asked.event_id LIMIT {limit}
"""


def find_events_quickly(record: str, filters: Filters, *, limit: int | None = None) -> Iterator[Event] | None:
    """The events asked for, in the order of ``asking.find_events``; None where the record must be opened the long way."""
    conditions, values = _where(filters)
    asked = _ask(record, QUERY.format(conditions=conditions, limit=-1 if limit is None else int(limit)), values)
    return None if asked is None else _read(*asked, record)


def count_events_quickly(record: str) -> int | None:
    """How many events the record holds; None where it must be opened the long way."""
    asked = _ask(record, "SELECT count(*) FROM event", {})
    if asked is None:
        return None
    connection, found = asked
    with closing(connection):
        return int(found.fetchone()[0])


def _ask(record: str, query: str, values: dict[str, Any]) -> tuple[sqlite3.Connection, sqlite3.Cursor] | None:
    if "://" in record or not os.path.isfile(record):
        return None
    try:
        connection = sqlite3.connect(f"{Path(record).absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    except sqlite3.Error:
        return None
    try:
        connection.execute("BEGIN")
        if connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]:
            return connection, connection.execute(query, values)
    except sqlite3.Error:
        pass  # the long way says what it is
    connection.close()
    return None


def _read(connection: sqlite3.Connection, found: sqlite3.Cursor, record: str) -> Iterator[Event]:
    with closing(connection):
        try:
            for (content,) in found:
                yield unpack_event(content)
        except (sqlite3.Error, msgspec.MsgspecError, UnicodeDecodeError):
            from headcount.record.engine import saying_what_failed

            with saying_what_failed(record):
                raise


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """The conditions of ``asking.conditions`` as SQLite reads them."""
    told: dict[str, tuple[str, Any]] = {}
    if filters.since is not None:
        told["since"] = ("asked.date_end >= :since", filters.since.isoformat())
    if filters.until is not None:
        told["until"] = ("asked.date_start <= :until", filters.until.isoformat())
    for name in ("country", "status", "event_type", "background"):
        if (wanted := getattr(filters, name)) is not None:
            told[name] = (f"asked.{name} = :{name}", wanted)
    for name in ("locality", "state", "series"):
        if (wanted := getattr(filters, name)) is not None:
            told[name] = (f"asked.{name}_key = :{name}", fold_key(wanted))
    if filters.issue is not None:
        told["issue"] = ("instr(lower(asked.issues), lower(:issue))", f"|{filters.issue}|")
    if filters.min_size is not None:
        size = "asked.size_unit = 'people' AND coalesce(asked.size_low, asked.size_high) >= :size"
        told["size"] = (size, filters.min_size)
    conditions = " AND ".join(condition for condition, _ in told.values()) or "1"
    return conditions, {name: value for name, (_, value) in told.items()}

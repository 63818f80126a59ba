"""Rows on their way into the record: gathered by table, sent many at once, looked up many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from headcount.record import schema as s

Row = dict[str, Any]

ASKED_AT_ONCE: Final = 400
"""Values in one IN (...): SQLite takes 999 in its oldest builds."""

SENT_AT_ONCE: Final = 12_000
"""Values in one INSERT of several rows: PostgreSQL takes 65,535."""


@dataclass(slots=True)
class Rows:
    """Rows to insert, by table, in the order in which the tables refer to each other."""

    of: dict[sa.Table, list[Row]] = field(default_factory=dict)

    def add(self, table: sa.Table, **values: Any) -> None:
        """One more row of ``table``."""
        self.of.setdefault(table, []).append(values)

    def insert(self, connection: sa.Connection) -> None:
        """Inserts all of them, tables in the order of the schema."""
        for table in s.metadata.sorted_tables:
            insert_rows(connection, table, self.of.get(table, []))


def insert_rows(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Inserts rows that all have the same columns. pg8000 sends row by row, so PostgreSQL is given many in one command."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(sa.insert(table), rows)
        return
    size = SENT_AT_ONCE // len(rows[0])
    for start in range(0, len(rows), size):
        connection.execute(sa.insert(table).values(list(rows[start : start + size])))


def next_id(connection: sa.Connection, column: sa.Column[Any]) -> int:
    """One more than the largest; safe because a record has one writer at a time."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(column), 0))).scalar_one()) + 1


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that fit into one IN (...)."""
    waiting: list[Any] = []
    for value in values:
        waiting.append(value)
        if len(waiting) == ASKED_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting

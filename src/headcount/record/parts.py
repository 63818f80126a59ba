"""Rows of a record read in order and in parts, so that verifying one of any size takes little memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from headcount.record import schema as s
from headcount.record.rows import in_chunks

AT_ONCE: Final = 200
"""Codings, or events, whose statements are held at a time."""


def streamed(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of a query as they are wanted."""
    yield from connection.execution_options(yield_per=AT_ONCE).execute(query)


def parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Rows, so many at once."""
    for _, part in groupby(enumerate(rows), key=lambda one: one[0] // AT_ONCE):
        yield [row for _, row in part]


def of_codings(connection: sa.Connection, table: sa.Table, coding_ids: Mapping[int, object]) -> Iterator[Any]:
    """The rows of a table that are of these codings."""
    for chunk in in_chunks(sorted(coding_ids)):
        yield from connection.execute(sa.select(table).where(table.c.coding_id.in_(chunk)))


def codings_of(connection: sa.Connection, candidates: Iterator[str]) -> dict[str, int]:
    """By live candidate event its coding."""
    found: dict[str, int] = {}
    for chunk in in_chunks(candidates):
        query = sa.select(s.candidate.c.candidate_id, s.candidate.c.coding_id)
        for row in connection.execute(query.where(s.candidate.c.candidate_id.in_(chunk), s.candidate.c.live)):
            found[row.candidate_id] = row.coding_id
    return found

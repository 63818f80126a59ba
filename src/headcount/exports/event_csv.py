"""Events as CSV: one row an event, one documented column a thing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import BinaryIO, cast

from headcount.exports.cells import Cell, join_list, write_cell, write_row
from headcount.exports.columns import EVENT_COLUMNS
from headcount.models import Event


def write_event_csv(events: Iterable[Event], out: BinaryIO) -> int:
    """UTF-8, CRLF, a head of column names; unknown is an empty cell, lists are joined by `` | ``. Returns how many were written."""
    write_row(out, (column.name for column in EVENT_COLUMNS))
    number = 0
    for event in events:
        write_row(out, (write_cell(flatten(column.read(event))) for column in EVENT_COLUMNS))
        number += 1
    out.flush()
    return number


def flatten(value: object) -> Cell:
    """A column's value where there is no room for a list or a date: joined, or as ISO text."""
    if isinstance(value, list):
        return join_list(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return cast("Cell", value)

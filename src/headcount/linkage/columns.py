"""Values of many accounts, as they come from Python or from a table, to columns of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.hashing import hash_claims, hash_venue
from headcount.linkage.terms import Terms

Ints: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]
Column: TypeAlias = Sequence[Any] | NDArray[Any]
"""The values of one field, one an account: an array of numbers is taken as it is."""

NO_DAY: Final = -(2**31)
"""A day that is unknown, in columns of days since 1970-01-01."""

NO_CODE: Final = -1
"""An unknown value in a column of codes."""

TIMES: Final = ("morning", "midday", "afternoon", "evening", "night")


def read_days(column: Column) -> Ints:
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    seen: dict[object, int] = {None: NO_DAY, "": NO_DAY}
    epoch = dt.date(1970, 1, 1).toordinal()
    days = np.empty(len(column), dtype=np.int32)
    for row, value in enumerate(column):
        day = seen.get(value)
        if day is None:
            date = dt.date.fromisoformat(value) if isinstance(value, str) else cast("dt.date", value)
            day = seen[value] = date.toordinal() - epoch
        days[row] = day
    return days


def read_codes(column: Column) -> Ints:
    """Codes in order of first appearance; only their equality has a meaning."""
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    seen: dict[object, int] = {None: NO_CODE, "": NO_CODE}
    next_code = 0
    codes = np.empty(len(column), dtype=np.int32)
    for row, value in enumerate(column):
        code = seen.get(value)
        if code is None:
            code = seen[value] = next_code
            next_code += 1
        codes[row] = code
    return codes


def read_listed(column: Column, listed: tuple[str, ...], *, default: int = NO_CODE) -> Ints:
    """Codes by a closed list; what is not in it gets codes past its end."""
    seen: dict[object, int] = {None: default, "": default, **{name: code for code, name in enumerate(listed)}}
    codes = np.empty(len(column), dtype=np.int32)
    next_code = len(listed)
    for row, value in enumerate(column):
        code = seen.get(value)
        if code is None:
            code = seen[value] = next_code
            next_code += 1
        codes[row] = code
    return codes


def read_times(column: Column) -> Ints:
    """The parts of the day that are told, a bit each; an array is taken as it is."""
    if isinstance(column, np.ndarray):
        return column.astype(np.int32)
    bit = {part: 1 << at for at, part in enumerate(TIMES)}
    told = cast("Sequence[Sequence[str] | None]", column)
    return np.array([sum(bit[part] for part in set(parts)) if parts else 0 for parts in told], dtype=np.int32)


def read_numbers(column: Column) -> Floats:
    if isinstance(column, np.ndarray):
        return column.astype(np.float64)
    return np.array([np.nan if value is None else value for value in column], dtype=np.float64)


def read_venues(column: object, count: int) -> Terms:
    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    return Terms.from_rows([hash_venue(str(value)) if value else () for value in cast("Sequence[object]", column)])


def read_claims(column: object, count: int) -> Terms:
    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    claims = cast("Sequence[Sequence[str] | None]", column)
    return Terms.from_rows([hash_claims(several) if several else () for several in claims])


def read_words(column: object, count: int) -> Terms:
    if column is None or isinstance(column, Terms):
        return Terms.empty(count) if column is None else column
    rows = cast("Sequence[object]", column)
    if count and all(row is None or isinstance(row, bytes) for row in rows):
        return Terms.from_blobs([cast("bytes | None", row) or b"" for row in rows])
    return Terms.from_rows([cast("Sequence[int] | None", row) or () for row in rows])

"""Events as tables in memory: Arrow, pandas and Polars, with nullable whole numbers and real days. Unknown is null, never zero.

The three libraries are optional and imported when they are asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from headcount.exports.cells import make_encodable
from headcount.exports.columns import EVENT_COLUMNS, Column
from headcount.models import Event

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

BATCH_EVENTS: Final = 5_000
"""Events held at once, and rows of a row group. Writing 100,000 events of 0.9 kB to Parquet takes 106 MB with it, 75 MB with
2,000, and no more for 100,000 than for 20,000. More rows a group compress and scan better."""


class MissingExtraError(ImportError):
    """An optional library is not installed; the message says how to install it."""


def import_extra(module: str, extra: str) -> Any:
    """The module of an optional library. Raises MissingExtraError, which says what to install, where there is none."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        missing = module.split(".")[0]
        raise MissingExtraError(
            f"expected the library {missing}, found none ({error}); install it with: pip install 'headcount[{extra}]'", name=missing
        ) from error


def make_arrow_schema() -> pa.Schema:
    """Names and types of the columns, each field with its meaning as metadata."""
    pa = import_extra("pyarrow", "arrow")
    return pa.schema([pa.field(c.name, _arrow_type(pa, c), metadata={"description": c.meaning}) for c in EVENT_COLUMNS])


def make_batches(events: Iterable[Event], *, size: int = BATCH_EVENTS) -> Iterator[tuple[list[Event], pa.RecordBatch]]:
    """The events in lots of ``size``, each with its record batch; one lot is held at a time."""
    pa = import_extra("pyarrow", "arrow")
    schema = make_arrow_schema()
    rest = iter(events)
    while held := list(islice(rest, size)):
        arrays = [_make_array(pa, column, held) for column in EVENT_COLUMNS]
        yield held, pa.record_batch(arrays, schema=schema)


def to_arrow(events: Iterable[Event]) -> pa.Table:
    """The events as an Arrow table: int64, date32, bool, float64, string, and lists of strings, all nullable."""
    pa = import_extra("pyarrow", "arrow")
    return pa.Table.from_batches((batch for _, batch in make_batches(events)), schema=make_arrow_schema())


def to_pandas(events: Iterable[Event]) -> pd.DataFrame:
    """The events as a pandas frame: Int64, boolean and string with NA, days as datetime64[s], degrees as float64, lists."""
    pandas = import_extra("pandas", "pandas")
    pa = import_extra("pyarrow", "pandas")
    table = to_arrow(events)
    nullable = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype(), pa.string(): pandas.StringDtype()}
    series = {}
    for column in EVENT_COLUMNS:
        values = table.column(column.name)
        if column.type == "list":
            series[column.name] = pandas.Series(values.to_pylist(), dtype=object)
        elif column.type == "date":
            series[column.name] = values.cast(pa.timestamp("s")).to_pandas()
        else:
            series[column.name] = values.to_pandas(types_mapper=nullable.get)
    return pandas.DataFrame(series)


def to_polars(events: Iterable[Event]) -> pl.DataFrame:
    """The events as a Polars frame: Int64, Boolean, String, Date, Float64 and List(String), null for unknown."""
    polars = import_extra("polars", "polars")
    import_extra("pyarrow", "polars")
    return polars.from_arrow(to_arrow(events))  # type: ignore[no-any-return]


def _arrow_type(pa: Any, column: Column) -> Any:
    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
    }
    return types[column.type]


def _make_array(pa: Any, column: Column, events: list[Event]) -> Any:
    values = [column.read(event) for event in events]
    try:
        return pa.array(values, type=_arrow_type(pa, column))
    except UnicodeEncodeError:
        return pa.array([_clean(value) for value in values], type=_arrow_type(pa, column))


def _clean(value: object) -> object:
    if isinstance(value, list):
        return [make_encodable(item) for item in value]
    return make_encodable(value) if isinstance(value, str) else value

"""The events of a record in Arrow, pandas and Polars: real days, nullable whole numbers, unknown never zero."""

from __future__ import annotations

import datetime as dt
import io
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.made_events import any_event, bare_event, full_event
from headcount.exports import EVENT_COLUMNS, EXPORTERS, MissingExtraError, to_arrow, to_pandas, to_polars
from headcount.models import Event


@settings(max_examples=50)
@given(st.lists(any_event, max_size=3))
def test_arrow_gives_back_every_value(events: list[Event]) -> None:
    """The same values in the same columns, null where unknown."""
    table = to_arrow(iter(events))
    assert table.to_pylist() == [{column.name: column.read(event) for column in EVENT_COLUMNS} for event in events]


def test_unknown_is_null_and_never_zero() -> None:
    """In Arrow, pandas and Polars alike; zero stays zero."""
    events = [bare_event(), full_event(size_low=0, size_high=0)]
    assert to_arrow(events).column("size_low").to_pylist() == [None, 0]
    frame = to_pandas(events)
    assert frame["size_low"].isna().tolist() == [True, False]
    assert frame["size_low"][1] == 0
    assert to_polars(events)["size_low"].to_list() == [None, 0]


def test_arrow_types() -> None:
    """Whole numbers, days, truth and texts are what they are; the meaning of each column travels with it."""
    schema = to_arrow([]).schema
    types = {
        "string": "string",
        "integer": "int64",
        "number": "double",
        "boolean": "bool",
        "date": "date32[day]",
        "list": "list<item: string>",
    }
    for column in EVENT_COLUMNS:
        field = schema.field(column.name)
        assert str(field.type).replace("element:", "item:") == types[column.type]
        assert field.nullable
        assert field.metadata[b"description"].decode() == column.meaning


def test_pandas_types() -> None:
    """Nullable whole numbers, truth and texts, real days, lists that are lists, also where there is nothing."""
    for events in ([full_event(), bare_event()], [bare_event()], []):
        frame = to_pandas(iter(events))
        assert list(frame.columns) == [column.name for column in EVENT_COLUMNS]
        assert len(frame) == len(events)
        assert [str(frame[name].dtype) for name in ("size_low", "background", "locality", "lat", "date_start", "claims")] == [
            "Int64",
            "boolean",
            "string",
            "float64",
            "datetime64[s]",
            "object",
        ]
    frame = to_pandas([full_event(), bare_event()])
    assert frame["date_start"].dt.year.tolist()[0] == 2020
    assert frame["claims"].tolist() == [list(full_event().claims), []]
    assert frame["date_start"].isna().tolist() == [False, True]
    assert frame["size_high"].sum() == 2000


def test_polars_types() -> None:
    """The same in Polars."""
    import polars

    frame = to_polars([full_event(), bare_event()])
    found = {name: frame.schema[name] for name in ("size_low", "background", "locality", "lat", "date_start", "claims")}
    assert list(found.values()) == [
        polars.Int64,
        polars.Boolean,
        polars.String,
        polars.Float64,
        polars.Date,
        polars.List(polars.String),
    ]
    assert frame["date_start"].to_list() == [dt.date(2020, 6, 6), None]
    assert to_polars([]).shape == (0, len(EVENT_COLUMNS))


@pytest.mark.parametrize(
    ("module", "extra", "make"),
    [
        ("pyarrow", "arrow", to_arrow),
        ("pyarrow", "arrow", lambda events: EXPORTERS["parquet"](events, io.BytesIO())),
        ("pandas", "pandas", to_pandas),
        ("pyarrow", "pandas", to_pandas),
        ("polars", "polars", to_polars),
    ],
)
def test_a_missing_library_says_how_to_install_it(module: str, extra: str, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extras are optional; CSV, JSON Lines, GeoJSON and CCC's columns need none."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'headcount\[{extra}\]'"):
        make([full_event()])
    for name in ("csv", "jsonl", "geojson", "ccc"):
        assert EXPORTERS[name]([full_event()], io.BytesIO()) == 1

"""Events as GeoJSON and GeoParquet: by the letter of RFC 7946 and of GeoParquet 1.1."""

from __future__ import annotations

import gc
import io
import json
import struct
from pathlib import Path
from typing import Any

import pandas
import pyarrow
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from exports.made_events import any_event, bare_event, full_event, hostile_event
from headcount.exports import EVENT_COLUMNS, write_geojson, write_parquet
from headcount.exports import frames as frames_module
from headcount.models import Event

FLAT = {"type": ["string", "number", "boolean", "null"]}
RFC_7946 = Draft202012Validator(
    {
        "type": "object",
        "required": ["type", "features"],
        "additionalProperties": False,  # no "crs", which RFC 7946 took out
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type", "id", "geometry", "properties"],
                    "additionalProperties": False,
                    "properties": {
                        "type": {"const": "Feature"},
                        "id": {"type": "string"},
                        "properties": {"type": "object", "additionalProperties": FLAT},
                        "geometry": {
                            "oneOf": [
                                {"type": "null"},
                                {
                                    "type": "object",
                                    "required": ["type", "coordinates"],
                                    "additionalProperties": False,
                                    "properties": {
                                        "type": {"const": "Point"},
                                        "coordinates": {
                                            "type": "array",
                                            "prefixItems": [
                                                {"type": "number", "minimum": -180, "maximum": 180},
                                                {"type": "number", "minimum": -90, "maximum": 90},
                                            ],
                                            "minItems": 2,
                                            "maxItems": 2,
                                        },
                                    },
                                },
                            ]
                        },
                    },
                },
            },
        },
    }
)
GEOPARQUET_1_1 = Draft202012Validator(
    {
        "type": "object",
        "required": ["version", "primary_column", "columns"],
        "properties": {
            "version": {"const": "1.1.0"},
            "primary_column": {"type": "string", "minLength": 1},
            "columns": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "type": "object",
                    "required": ["encoding", "geometry_types"],
                    "properties": {
                        "encoding": {"const": "WKB"},
                        "geometry_types": {
                            "type": "array",
                            "uniqueItems": True,
                            "items": {"pattern": "^(GeometryCollection|(Multi)?(Point|LineString|Polygon))( Z)?$"},
                        },
                        "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                    },
                },
            },
        },
    }
)
"""Of format-specs/schema.json in opengeospatial/geoparquet, what a column of WKB points needs."""


def geojson_of(*events: Event) -> Any:
    out = io.BytesIO()
    assert write_geojson(iter(events), out) == len(events)
    found = json.loads(out.getvalue())
    RFC_7946.validate(found)
    return found


def parquet_of(*events: Event) -> io.BytesIO:
    out = io.BytesIO()
    assert write_parquet(iter(events), out) == len(events)
    out.seek(0)
    return out


def geo_of(file: io.BytesIO) -> Any:
    """The metadata where GeoParquet asks for it; pyarrow must find the same on the schema, where many readers look."""
    found = pq.read_metadata(file).metadata[b"geo"]
    assert pq.read_schema(file).metadata[b"geo"] == found
    geo = json.loads(found)
    GEOPARQUET_1_1.validate(geo)
    return geo


def test_geojson_of_nothing_is_a_collection() -> None:
    """With no features."""
    assert geojson_of() == {"type": "FeatureCollection", "features": []}


def test_a_feature() -> None:
    """Longitude before latitude, a flat property for each column, the event's id as its id."""
    [feature] = geojson_of(full_event())["features"]
    assert feature["id"] == "e-full"
    assert feature["geometry"] == {"type": "Point", "coordinates": [-70.2589, 43.65737]}
    assert list(feature["properties"]) == [column.name for column in EVENT_COLUMNS if column.name not in {"lat", "lon"}]
    assert feature["properties"]["size_low"] == 500
    assert feature["properties"]["date_start"] == "2020-06-06"
    assert feature["properties"]["participants"] == "students | nurses"


@pytest.mark.parametrize(
    ("lat", "lon", "coordinates"),
    [
        (None, None, None),
        (53.8, None, None),
        (None, -1.5, None),
        (float("nan"), 1.0, None),
        (90.1, 0.0, None),
        (0.0, 180.5, None),
        (0.0, 0.0, [0, 0]),
        (-90.0, 180.0, [180, -90]),
        (53.123456789, -1.987654321, [-1.987654, 53.123457]),
    ],
)
def test_a_place_that_is_unknown_has_no_geometry(lat: float | None, lon: float | None, coordinates: list[float] | None) -> None:
    """Nor has one that is not on Earth; the point at 0, 0 is a place. Six decimals are a tenth of a metre."""
    event = bare_event(lat=lat, lon=lon)
    [feature] = geojson_of(event)["features"]
    assert feature["geometry"] == (coordinates and {"type": "Point", "coordinates": coordinates})
    [wkb] = pq.read_table(parquet_of(event)).column("geometry").to_pylist()
    assert (wkb is None) == (coordinates is None)


@settings(max_examples=50)
@given(st.lists(any_event, max_size=3))
def test_any_event_is_a_feature(events: list[Event]) -> None:
    """Whatever its texts are."""
    found = geojson_of(*events)
    assert [feature["id"] for feature in found["features"]] == [event.event_id for event in events]


def test_geoparquet_metadata() -> None:
    """Version, primary column, WKB points, their box; no ``crs`` key, which means OGC:CRS84: longitude, latitude."""
    events = (full_event(), bare_event(), full_event(lat=10.0, lon=20.0), full_event(lat=-5.5, lon=-80.0))
    file = parquet_of(*events)
    assert geo_of(file) == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "bbox": [-80.0, -5.5, 20.0, 43.65737]}},
    }
    column = pq.ParquetFile(file).schema.column(len(pq.read_schema(file)) - 1)
    assert (column.name, column.physical_type, column.max_repetition_level) == ("geometry", "BYTE_ARRAY", 0)


def test_geometry_is_well_known_binary() -> None:
    """Byte order 1, type 1, x, y: 21 bytes, spelt out here by hand."""
    geometry = pq.read_table(parquet_of(full_event(lat=1.0, lon=2.0), bare_event())).column("geometry").to_pylist()
    assert geometry == [bytes.fromhex("01010000000000000000000040000000000000f03f"), None]
    assert struct.unpack("<BIdd", geometry[0]) == (1, 1, 2.0, 1.0)


def test_geoparquet_without_points_claims_none() -> None:
    """No type, no box; also with no events at all."""
    for events in ((), (bare_event(),)):
        file = parquet_of(*events)
        assert geo_of(file)["columns"]["geometry"] == {"encoding": "WKB", "geometry_types": []}
        assert pq.read_table(file).num_rows == len(events)


@settings(max_examples=25)
@given(st.lists(any_event, max_size=3))
def test_parquet_gives_back_every_value(events: list[Event]) -> None:
    """The same as Arrow does, after a file."""
    rows = pq.read_table(parquet_of(*events)).drop_columns(["geometry"]).to_pylist()
    assert rows == [{column.name: column.read(event) for column in EVENT_COLUMNS} for event in events]


def test_parquet_types_and_meanings() -> None:
    """Days are days and lists are lists without Arrow's own schema in the file; each column says what it means."""
    schema = pq.read_schema(parquet_of(full_event()))
    assert [str(schema.field(name).type) for name in ("size_low", "date_start", "background", "lat", "claims")] == [
        "int64",
        "date32[day]",
        "bool",
        "double",
        "list<element: string>",
    ]


def test_pandas_reads_the_file(tmp_path: Path) -> None:
    """With nullable types where asked for; unknown is NA."""
    path = tmp_path / "events.parquet"
    with path.open("wb") as out:
        write_parquet([full_event(), bare_event(), hostile_event()], out)
        assert not out.closed
    frame = pandas.read_parquet(path, dtype_backend="numpy_nullable")
    assert str(frame["size_low"].dtype) == "Int64"
    assert frame["size_low"].isna().tolist() == [False, True, True]
    assert frame["quote"][2] == hostile_event().quote


def test_row_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is written before the next is made; the box is that of all of them."""
    monkeypatch.setattr(frames_module.make_batches, "__kwdefaults__", {"size": 2})
    file = parquet_of(*(full_event(event_id=f"e-{n}", lat=float(n), lon=0.0) for n in range(5)))
    metadata = pq.read_metadata(file)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [2, 2, 1]
    assert geo_of(file)["columns"]["geometry"]["bbox"] == [0.0, 0.0, 0.0, 4.0]


def test_a_failure_midway_is_no_file_that_reads_as_complete() -> None:
    """What breaks the events breaks the export, and half a file reads as no file: pyarrow would have ended it all the same."""

    def events() -> Any:
        yield full_event()
        yield from [full_event()] * 6_000
        raise RuntimeError("the record went away")

    out = io.BytesIO()
    with pytest.raises(RuntimeError, match="went away"):
        write_parquet(events(), out)
    gc.collect()
    with pytest.raises(pyarrow.ArrowInvalid):
        pq.read_metadata(out)
    out = io.BytesIO()
    with pytest.raises(RuntimeError, match="went away"):
        write_geojson(events(), out)
    with pytest.raises(json.JSONDecodeError):
        json.loads(out.getvalue())

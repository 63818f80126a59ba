"""Events as GeoParquet 1.1: the columns of the other tables, and a point in well-known binary.

https://geoparquet.org/releases/v1.1.0/
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, Final

from headcount.exports.columns import find_point
from headcount.exports.frames import import_extra, make_arrow_schema, make_batches
from headcount.models import Event

if TYPE_CHECKING:
    from typing_extensions import Buffer

GEOMETRY: Final = "geometry"
_POINT: Final = struct.Struct("<BIdd")
"""Little-endian mark, geometry type 1 (Point), x, y: OGC 06-103r4, section 8.2."""


def write_parquet(events: Iterable[Event], out: BinaryIO) -> int:
    """Row group by row group; the bounding box, known at the end, stands in the file's metadata. Returns how many were written.

    Raises MissingExtraError where pyarrow is not installed.
    """
    pa = import_extra("pyarrow", "arrow")
    parquet = import_extra("pyarrow.parquet", "arrow")
    schema = make_arrow_schema().append(pa.field(GEOMETRY, pa.binary(), metadata={"description": "A point in WKB."}))
    number = 0
    bbox: tuple[float, float, float, float] | None = None
    # Without a stored Arrow schema a reader takes the metadata of the file for those of the table, so that "geo" is found in both.
    sink = _Sink(out)
    writer = parquet.ParquetWriter(sink, schema, compression="zstd", store_schema=False)
    try:
        for held, batch in make_batches(events):
            points = [find_point(event) for event in held]
            bbox = _widen(bbox, [point for point in points if point is not None])
            geometry = pa.array([make_wkb(*point) if point else None for point in points], type=pa.binary())
            writer.write_batch(pa.record_batch([*batch.columns, geometry], schema=schema), row_group_size=len(held))
            number += len(held)
        writer.add_key_value_metadata({"geo": json.dumps(make_geo_metadata(bbox))})
    except BaseException:
        sink.abandoned = True
        raise
    finally:
        writer.close()
    out.flush()
    return number


class _Sink(io.RawIOBase):
    """The file, until the export fails: pyarrow ends a file even then, and half the events would read as all of them."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.abandoned = False

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        return len(memoryview(data)) if self.abandoned else self._out.write(data)


def make_wkb(lon: float, lat: float) -> bytes:
    """A point in well-known binary, x before y."""
    return _POINT.pack(1, 1, lon, lat)


def make_geo_metadata(bbox: tuple[float, float, float, float] | None) -> dict[str, object]:
    """What GeoParquet asks of a file. Without ``crs`` the coordinates are OGC:CRS84; without points there is no ``bbox``."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"] if bbox else []}
    if bbox:
        column["bbox"] = list(bbox)
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _widen(
    bbox: tuple[float, float, float, float] | None, points: list[tuple[float, float]]
) -> tuple[float, float, float, float] | None:
    if not points:
        return bbox
    west, south, east, north = bbox or (*points[0], *points[0])
    return (
        min(west, *(lon for lon, _ in points)),
        min(south, *(lat for _, lat in points)),
        max(east, *(lon for lon, _ in points)),
        max(north, *(lat for _, lat in points)),
    )

"""Events as GeoJSON (RFC 7946): a feature an event, written one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from headcount.exports.cells import escape_unseen, make_encodable
from headcount.exports.columns import EVENT_COLUMNS, find_point
from headcount.exports.event_csv import flatten
from headcount.models import Event

_PROPERTIES = tuple(column for column in EVENT_COLUMNS if column.name not in {"lat", "lon"})
_encoder = msgspec.json.Encoder()


def write_geojson(events: Iterable[Event], out: BinaryIO) -> int:
    """One FeatureCollection, a feature a line; valid only once it is complete, and with no events too. Returns how many."""
    out.write(b'{"type":"FeatureCollection","features":[')
    number = 0
    for event in events:
        out.write((b",\n" if number else b"\n") + escape_unseen(_encoder.encode(make_feature(event))))
        number += 1
    out.write(b"\n]}\n")
    out.flush()
    return number


def make_feature(event: Event) -> dict[str, object]:
    """The event as a feature: a Point of longitude and latitude, or no geometry where the place is unknown; flat properties.

    Coordinates are WGS 84, which RFC 7946 prescribes, so there is no ``crs``. Lists are joined by `` | ``.
    """
    point = find_point(event)
    properties = {column.name: flatten(column.read(event)) for column in _PROPERTIES}
    return {
        "type": "Feature",
        "id": make_encodable(event.event_id),
        "geometry": {"type": "Point", "coordinates": point} if point else None,
        "properties": {name: make_encodable(value) if isinstance(value, str) else value for name, value in properties.items()},
    }

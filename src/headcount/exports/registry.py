"""What ``headcount export`` can write, by name, and which ending of a file means which."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from headcount.exports.ccc import write_ccc
from headcount.exports.event_csv import write_event_csv
from headcount.exports.event_jsonl import write_event_jsonl
from headcount.exports.geojson import write_geojson
from headcount.exports.parquet import write_parquet
from headcount.models import Event


class Exporter(Protocol):
    """Writes events as they come, holding few at once, and returns how many it wrote."""

    def __call__(self, events: Iterable[Event], out: BinaryIO, /) -> int: ...


EXPORTERS: Final[dict[str, Exporter]] = {
    "csv": write_event_csv,
    "jsonl": write_event_jsonl,
    "geojson": write_geojson,
    "parquet": write_parquet,
    "ccc": write_ccc,
}

ENDINGS: Final[dict[str, str]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".geojson": "geojson",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
}
"""``ccc`` is CSV too, and is only ever asked for by name."""


def find_export_format(path: str) -> str | None:
    """The format that a file's ending means, None where it means none."""
    return ENDINGS.get(Path(path).suffix.lower())

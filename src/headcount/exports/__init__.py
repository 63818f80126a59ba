"""What others take: readings as JSON Lines, JSON and CSV; the events of a record as tables, maps, frames and CCC's columns."""

from headcount.exports.ccc import CCC_COLUMNS, write_ccc
from headcount.exports.columns import EVENT_COLUMNS, Column
from headcount.exports.event_csv import write_event_csv
from headcount.exports.event_jsonl import read_event_schema, write_event_jsonl
from headcount.exports.frames import MissingExtraError, to_arrow, to_pandas, to_polars
from headcount.exports.geojson import write_geojson
from headcount.exports.parquet import write_parquet
from headcount.exports.reading import COLUMNS, read_schema, write_csv, write_json, write_jsonl
from headcount.exports.registry import ENDINGS, EXPORTERS, Exporter, find_export_format

__all__ = [
    "CCC_COLUMNS",
    "COLUMNS",
    "ENDINGS",
    "EVENT_COLUMNS",
    "EXPORTERS",
    "Column",
    "Exporter",
    "MissingExtraError",
    "find_export_format",
    "read_event_schema",
    "read_schema",
    "to_arrow",
    "to_pandas",
    "to_polars",
    "write_ccc",
    "write_csv",
    "write_event_csv",
    "write_event_jsonl",
    "write_geojson",
    "write_json",
    "write_jsonl",
    "write_parquet",
]

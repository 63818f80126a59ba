"""Readings as others take them: JSON Lines, JSON and CSV, and the JSON Schema that promises their shape."""

from headcount.exports.reading import COLUMNS, read_schema, write_csv, write_json, write_jsonl

__all__ = ["COLUMNS", "read_schema", "write_csv", "write_json", "write_jsonl"]

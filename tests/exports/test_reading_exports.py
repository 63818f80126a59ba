"""The formats hold what they promise: the JSON Schema, the columns of the CSV, a line at a time."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from fakes import MarchReader, full_event
from headcount.exports import COLUMNS, read_schema, write_csv, write_json, write_jsonl
from headcount.exports.reading import write_cell
from headcount.models import PROBLEM_KEYS, CandidateEvent, Problem, Reading, Report, Rollup
from headcount.run import read_reports

SCHEMA = json.loads(read_schema())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
GOLD_KEYS = {
    "event_type", "status", "background", "date_start", "date_end", "date_precision", "locality", "state", "country",
    "location_detail", "lat", "lon", "geonames_id", "sizes", "size_low", "size_high", "claimant_role", "quote",
}  # fmt: skip


def jsonl_of(*readings: Reading) -> list[dict[str, object]]:
    out = io.BytesIO()
    assert list(write_jsonl(readings, out)) == list(readings)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_schema_is_a_schema() -> None:
    """Draft 2020-12, closed at every level, and every property of an object is required."""
    Draft202012Validator.check_schema(SCHEMA)
    for name, definition in [("root", SCHEMA), *SCHEMA["$defs"].items()]:
        assert definition["additionalProperties"] is False, name
        assert set(definition["required"]) == set(definition["properties"]), name


def test_a_full_reading_keeps_the_promise(reading: Reading) -> None:
    """With every field filled."""
    [line] = jsonl_of(reading)
    VALIDATOR.validate(line)
    assert list(line) == ["id", "published", "language", "screened_out", "events", "rollups", "problems"]
    assert line == reading.to_dict()


def test_an_event_has_the_keys_of_gold_records(reading: Reading) -> None:
    """score.py and the codebook's section 7 read them."""
    [line] = jsonl_of(reading)
    [event] = line["events"]  # type: ignore[misc]
    assert set(event) >= GOLD_KEYS
    assert (event["date_start"], event["date_end"]) == ("2016-07-30", "2016-07-31")
    assert event["sizes"][0]["span"] == {"start": 25, "end": 38}
    assert event["statements"][0]["variable"] == "size_high"


def test_the_schema_names_the_fields_of_the_nouns() -> None:
    """A field that is added to a noun must be added to the promise."""
    assert list(SCHEMA["$defs"]["event"]["properties"]) == [field.name for field in dataclasses.fields(CandidateEvent)]
    assert list(SCHEMA["$defs"]["rollup"]["properties"]) == [field.name for field in dataclasses.fields(Rollup)]
    assert list(SCHEMA["$defs"]["problem"]["properties"]) == list(PROBLEM_KEYS)


def test_readings_of_every_outcome_keep_the_promise(march_reader: MarchReader) -> None:
    """Read, without an event, crashed, not readable."""
    items = [
        Report(text="2,000 marched in Leeds on Saturday."),
        Report(text="Nothing."),
        Report(text="CRASH"),
        Problem(stage="sources", record="a.jsonl:2", reason="no JSON"),
    ]
    lines = jsonl_of(*read_reports(items, reader=march_reader))
    for line in lines:
        VALIDATOR.validate(line)
    assert [len(line["problems"]) for line in lines] == [0, 0, 1, 1]  # type: ignore[arg-type]


def test_a_line_says_why_the_coders_were_not_asked(reading: Reading) -> None:
    """No word of a gathering, another language; null where they were asked, and where nobody asked for the language."""
    told = [
        reading,
        Reading(report=reading.report, language="en"),
        Reading(report=reading.report, screened_out=True, language="en"),
        Reading(report=reading.report, screened_out=True),
        Reading(report=reading.report, screened_out=True, language="cy"),
        Reading(report=reading.report, screened_out=True, language="pcm"),
    ]
    lines = jsonl_of(*told)
    for line in lines:
        VALIDATOR.validate(line)
    assert [(line["language"], line["screened_out"]) for line in lines] == [
        (None, None),
        ("en", None),
        ("en", "words"),
        (None, "words"),
        ("cy", "language"),
        ("pcm", "language"),
    ]


def test_the_schema_refuses_what_was_not_promised(reading: Reading) -> None:
    """An unknown key, an unknown status and a size of text are no readings."""
    [line] = jsonl_of(reading)
    for key, value in [("colour", "red"), ("status", "rumoured"), ("size_low", "many"), ("size_low", -1)]:
        broken = json.loads(json.dumps(line))
        broken["events"][0][key] = value
        with pytest.raises(ValidationError):
            VALIDATOR.validate(broken)


def test_lines_are_flushed_before_the_next_report_is_read(march_reader: MarchReader) -> None:
    """Whoever follows the output sees each reading as soon as it is there."""

    class Flushed(io.BytesIO):
        seen = b""

        def flush(self) -> None:
            self.seen = self.getvalue()

    for write in (write_jsonl, write_json, write_csv):
        out = Flushed()

        def reports(out: Flushed = out) -> Iterator[Report]:
            yield Report(text="2,000 marched in Leeds.", given_id="one")
            assert b"Leeds" in out.seen
            yield Report(text="3 marched in Hull.", given_id="two")

        assert len(list(write(read_reports(reports(), reader=march_reader, jobs=1), out))) == 2


def test_json_is_one_array(reading: Reading) -> None:
    """Of none, one and two readings."""
    for number in range(3):
        out = io.BytesIO()
        list(write_json([reading] * number, out))
        assert json.loads(out.getvalue()) == [reading.to_dict()] * number


def rows_of(*readings: Reading) -> list[dict[str, str]]:
    out = io.BytesIO()
    list(write_csv(readings, out))
    return list(csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")))


def test_csv_has_a_row_for_each_event(reading: Reading) -> None:
    """In the documented columns; unknown is empty, numbers are numbers."""
    [row] = rows_of(reading, Reading(report=Report(text="Nothing.")))
    assert list(row) == list(COLUMNS)
    assert row["size_low"] == ""
    assert row["size_high"] == "10000"
    assert row["lon"] == "-1.54785"
    assert row["background"] == "true"
    assert row["size_claims"] == "up to 10,000 (organisers)"
    assert row["outcomes"] == "arrests: three arrests"
    assert row["comparison"] == "larger than last year"


def test_csv_without_events_has_its_head() -> None:
    """An empty table is a table."""
    out = io.BytesIO()
    list(write_csv([], out))
    assert out.getvalue().decode().rstrip("\r\n").split(",") == list(COLUMNS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start: str) -> None:
    """A spreadsheet runs text that begins so; reports are written by strangers."""
    evil = f"{start}HYPERLINK(1)"
    event = dataclasses.replace(full_event(), quote=evil, chants=(evil,), locality=evil)
    [row] = rows_of(Reading(report=Report(text="x", given_id=evil, publisher=evil, url=evil), events=(event,)))
    for column in ("quote", "chants", "locality", "report_id", "publisher", "url"):
        assert row[column] == "'" + evil


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_comes_back_from_a_csv_cell(text: str) -> None:
    """Quotation marks, newlines and commas survive; only a formula's mark and NUL are changed."""
    event = dataclasses.replace(full_event(), quote=text)
    [row] = rows_of(Reading(report=Report(text="x"), events=(event,)))
    assert row["quote"] == write_cell(text).encode("utf-8", "replace").decode()
    assert row["quote"].lstrip("'").startswith(("=", "@")) <= row["quote"].startswith("'")


def test_a_notebook_shows_a_table_without_markup_of_the_report(reading: Reading) -> None:
    """What a report says is escaped."""
    event = dataclasses.replace(full_event(), quote="<script>alert(1)</script> & \u202e")
    html = dataclasses.replace(reading, events=(event,))._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html
    assert "up to 10,000 (organisers)" in html
    assert "roll-ups (not counted)" in html
    assert "no event" in Reading(report=Report(text="x"))._repr_html_()


def test_every_key_and_column_is_documented() -> None:
    """docs/formats.md names each; what is not documented is not promised."""
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()
    keys = {key for definition in [SCHEMA, *SCHEMA["$defs"].values()] for key in definition["properties"]}
    assert not {name for name in keys | set(COLUMNS) if f"`{name}`" not in page}

"""The events of a record as tables: nothing invented, nothing lost, nothing run, and few events held at once."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from exports.made_events import HOSTILE, any_event, bare_event, full_event, hostile_event, make_size
from headcount.exports import (
    ENDINGS,
    EVENT_COLUMNS,
    EXPORTERS,
    find_export_format,
    read_event_schema,
    to_arrow,
    write_event_csv,
    write_event_jsonl,
)
from headcount.exports.cells import FORMULA_STARTS, SHOWN_CONTROLS
from headcount.exports.columns import Column, write_size_claim
from headcount.exports.frames import BATCH_EVENTS
from headcount.models import Comparison, Event, EventSize, Outcome, Span

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads(read_event_schema())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def exported(name: str, *events: Event) -> bytes:
    out = io.BytesIO()
    written = EXPORTERS[name](iter(events), out)
    assert written == len(events) or name == "ccc"
    return out.getvalue()


def rows_of(*events: Event) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported("csv", *events).decode(), newline="")))


@pytest.mark.parametrize("name", ["csv", "jsonl", "geojson", "ccc"])
def test_goldens(name: str) -> None:
    """A full event, one of which nothing is known, and one that is hostile, byte for byte. See golden/README.md."""
    golden = (GOLDEN / f"events.{name}").read_bytes()
    assert exported(name, full_event(), bare_event(), hostile_event()) == golden


def test_the_schema_is_a_schema() -> None:
    """Draft 2020-12, closed at every level, and every property of an object is required."""
    Draft202012Validator.check_schema(SCHEMA)
    for name, definition in [("root", SCHEMA), *SCHEMA["$defs"].items()]:
        assert definition["additionalProperties"] is False, name
        assert set(definition["required"]) == set(definition["properties"]), name


def test_the_schema_names_the_fields_of_the_nouns() -> None:
    """A field that is added to a noun must be added to the promise."""
    nouns = {"size": EventSize, "outcome": Outcome, "comparison": Comparison, "span": Span}
    assert list(SCHEMA["properties"]) == [field.name for field in dataclasses.fields(Event)]
    for name, noun in nouns.items():
        assert list(SCHEMA["$defs"][name]["properties"]) == [field.name for field in dataclasses.fields(noun)]


@pytest.mark.parametrize("event", [full_event(), bare_event(), hostile_event()], ids=lambda event: event.event_id)
def test_jsonl_keeps_its_promise_and_holds_everything(event: Event) -> None:
    """Every key is there; sizes, others and lineage are in it."""
    [line] = exported("jsonl", event).splitlines()
    found = json.loads(line)
    VALIDATOR.validate(found)
    assert list(found) == [field.name for field in dataclasses.fields(Event)]
    assert found["quote"] == event.quote
    assert found["lineage"] == {column: list(ids) for column, ids in event.lineage.items()}
    assert len(found["sizes"]) == len(event.sizes)


def test_the_schema_refuses_what_was_not_promised() -> None:
    """An unknown key, an unknown status, a size of text and a size below nought are no events."""
    line = json.loads(exported("jsonl", full_event()))
    for key, value in [("colour", "red"), ("status", "rumoured"), ("size_low", "many"), ("size_low", -1), ("lineage", {"a": "b"})]:
        with pytest.raises(ValidationError):
            VALIDATOR.validate({**line, key: value})


@settings(max_examples=50)
@given(st.lists(any_event, max_size=3))
def test_any_event_keeps_the_promise(events: list[Event]) -> None:
    """Whatever the texts are, a line is one event and one line."""
    lines = exported("jsonl", *events).splitlines()
    assert len(lines) == len(events)
    for event, line in zip(events, lines, strict=True):
        found = json.loads(line)
        VALIDATOR.validate(found)
        assert (found["event_id"], found["size_low"], found["date_start"] is None) == (
            event.event_id,
            event.size_low,
            event.date_start is None,
        )


def read_back(column: Column, cell: str) -> object:
    """A cell of the CSV as the value that it stands for: how docs/formats.md tells to read it."""
    text = cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell
    if column.type == "list":
        return text.split(" | ") if text else []
    if text == "":
        return None
    readers: dict[str, Any] = {
        "integer": int,
        "number": float,
        "boolean": {"true": True, "false": False}.__getitem__,
        "date": dt.date.fromisoformat,
        "string": str,
    }
    if column.type in {"integer", "number"}:
        text = cell
    return readers[column.type](text)


@settings(max_examples=75)
@given(st.lists(any_event, max_size=3))
def test_csv_gives_back_every_value(events: list[Event]) -> None:
    """Quotation marks, newlines, commas and formulas survive; None comes back as None and never as zero."""
    rows = rows_of(*events)
    assert len(rows) == len(events)
    for event, row in zip(events, rows, strict=True):
        for column in EVENT_COLUMNS:
            assert read_back(column, row[column.name]) == shown(column.read(event)), column.name


def shown(value: object) -> object:
    """The value with its control characters made visible, as CSV has them."""
    if isinstance(value, list):
        return [shown(item) for item in value]
    return value.translate(SHOWN_CONTROLS) if isinstance(value, str) else value


@pytest.mark.parametrize("name", ["csv", "ccc", "jsonl", "geojson"])
def test_no_export_commands_a_terminal(name: str) -> None:
    """ESC and the controls of eight bits are visible or escaped; so is, in JSON, what turns the direction of the text."""
    evil = "\x1b[31m\x9b31m\x07\x7f\u202egnp"
    event = full_event(quote=evil, locality=evil, organizations=(evil,), reports=(evil,))
    text = exported(name, event).decode()
    assert not set(text) & {"\x1b", "\x9b", "\x07", "\x7f"}
    if name in ("jsonl", "geojson"):
        assert "\u202e" not in text
        found = json.loads(text)
        assert (found if name == "jsonl" else found["features"][0]["properties"])["quote"] == evil


def test_csv_of_nothing_has_its_head() -> None:
    """An empty table is a table."""
    assert exported("csv").decode() == ",".join(column.name for column in EVENT_COLUMNS) + "\r\n"


def test_csv_lines_end_as_rfc_4180_says() -> None:
    """CR LF, in UTF-8 without a byte order mark."""
    text = exported("csv", full_event(locality="Łódź"))
    assert text.count(b"\r\n") == 2
    assert "Łódź".encode() in text
    assert not text.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["csv", "ccc"])
def test_no_cell_is_a_formula(name: str) -> None:
    """A spreadsheet runs text that begins so; reports are written by strangers."""
    for row in csv.reader(io.StringIO(exported(name, hostile_event(), full_event()).decode(), newline="")):
        for cell in row:
            assert not cell.startswith(FORMULA_STARTS) or cell.replace("-", "", 1).replace(".", "", 1).isdecimal()
            assert "\0" not in cell


def test_sizes_are_words_with_their_claimants() -> None:
    """The hedge is in the words of the figure; another unit is named."""
    [row] = rows_of(full_event())
    assert row["size_claims"] == "about 500 (police) | 2,000 (organisers) | 40 tractors"
    assert row["size_expected"] == "1,000+"
    assert row["size_texts"] == "about 500 people | 2,000 | 40 tractors"
    assert (row["size_low"], row["size_high"], row["size_unit"]) == ("500", "2000", "people")


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (make_size(500, 500, text="About 500", role="police"), "about 500 (police)"),
        (make_size(500, 500, text="500 or so"), "about 500"),
        (make_size(None, 50, text="fewer than 50"), "under 50"),
        (make_size(None, 50, text="up to 50", role="witness"), "up to 50 (witness)"),
        (make_size(2000, None, text="over 2,000", role="media", claimant="AP"), "2,000+ (AP)"),
        (make_size(200, 999, text="hundreds", vague=True), "hundreds"),
        (make_size(None, None, text="a large crowd"), "a large crowd"),
        (make_size(40, 40, text="40 tractors", unit="tractors"), "40 tractors"),
        (make_size(0, 0, text="nobody"), "0"),
    ],
)
def test_a_size_claim_in_words(size: EventSize, written: str) -> None:
    """One figure and who gives it."""
    assert write_size_claim(size) == written


def test_half_a_surrogate_pair_breaks_no_export() -> None:
    """No UTF-8 can hold it; a record should not, but one that does is still exported."""
    event = full_event(quote="half \ud83d", locality="\udc00Leeds", claims=("for \ud83d",), others={"pl\ud83d": ("x",)})
    for name in EXPORTERS:
        assert b"half ?" in exported(name, event) or name in {"ccc", "parquet"}
    assert to_arrow([event]).column("claims").to_pylist() == [["for ?"]]
    assert to_arrow([event]).column("quote").to_pylist() == ["half ?"]


def test_degrees_that_are_no_number_are_unknown() -> None:
    """NaN is in no promise."""
    event = full_event(lat=float("nan"), lon=float("inf"))
    [row] = rows_of(event)
    assert (row["lat"], row["lon"]) == ("", "")
    assert to_arrow([event]).column("lat").to_pylist() == [None]
    VALIDATOR.validate(json.loads(exported("jsonl", event)))


def test_a_long_text_is_not_cut() -> None:
    """A spreadsheet may cut it; the file does not."""
    [row] = rows_of(full_event(quote="x" * 100_000))
    assert len(row["quote"]) == 100_000


class Others(Mapping[str, tuple[str, ...]]):
    """Other values that tell when their event is let go."""

    alive = 0

    def __init__(self) -> None:
        type(self).alive += 1
        weakref.finalize(self, type(self)._let_go)

    @classmethod
    def _let_go(cls) -> None:
        cls.alive -= 1

    def __getitem__(self, key: str) -> tuple[str, ...]:
        return {"place": ("Hull, GB",)}[key]

    def __iter__(self) -> Iterator[str]:
        return iter(("place",))

    def __len__(self) -> int:
        return 1


class Nowhere(io.RawIOBase):
    """Takes everything and keeps nothing."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.size += len(data)
        return len(data)


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_few_of_twenty_thousand_events_are_held_at_once(name: str) -> None:
    """Memory stays flat, however many there are: one event at a time, or one row group."""
    Others.alive = 0
    most = 0

    def events() -> Iterator[Event]:
        nonlocal most
        for number in range(20_000):
            yield bare_event(event_id=f"e-{number}", locality="Leeds", others=Others())
            most = max(most, Others.alive)

    out = Nowhere()
    assert EXPORTERS[name](events(), out) == 20_000  # type: ignore[arg-type]
    assert out.size > 50_000
    assert most <= (BATCH_EVENTS * 2 if name == "parquet" else 3)


def test_formats_and_endings() -> None:
    """The names of ``headcount export``; an ending that means none is not guessed."""
    assert list(EXPORTERS) == ["csv", "jsonl", "geojson", "parquet", "ccc"]
    assert set(ENDINGS.values()) <= set(EXPORTERS)
    assert find_export_format("a/b.GeoJSON") == "geojson"
    assert find_export_format("events.tar.gz") is None
    assert find_export_format("events") is None


def test_every_column_and_key_is_documented() -> None:
    """docs/formats.md names each; what is not documented is not promised."""
    page = (DOCS / "formats.md").read_text()
    start = page.index("## Out: `headcount export`")
    keys = {key for definition in [SCHEMA, *SCHEMA["$defs"].values()] for key in definition["properties"]}
    assert not {name for name in keys | {column.name for column in EVENT_COLUMNS} if f"`{name}`" not in page[start:]}
    for column in EVENT_COLUMNS:
        assert f"| `{column.name}` | {column.type} | {column.meaning} |" in page


def test_a_column_says_what_it_means() -> None:
    """Each once, in one sentence or two."""
    names = [column.name for column in EVENT_COLUMNS]
    assert len(names) == len(set(names))
    assert all(
        column.meaning.endswith(".") or column.meaning.endswith("`.") for column in EVENT_COLUMNS if "..." not in column.meaning
    )


def test_the_writers_return_how_many() -> None:
    """So that a caller need not count."""
    assert write_event_csv([bare_event()] * 3, io.BytesIO()) == 3
    assert write_event_jsonl([], io.BytesIO()) == 0
    assert HOSTILE.startswith("=")

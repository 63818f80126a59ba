"""What every fuzz target shares: atheris around our modules, and the promise that is checked of what comes out."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Final, TypeVar

import atheris

from headcount.models import Document, Problem, Reading, Report
from headcount.sources import Asked, Named, find_reports, open_document, report_from_fields
from headcount.sources.limits import FIELD_CHARACTERS, LimitError
from headcount.sources.opening import Found
from headcount.sources.streams import Input

T = TypeVar("T")

KEYS: Final = frozenset({"text", "title", "published", "publisher", "url", "id", "country", "language"})
ITEMS: Final = (Report, Problem, Document, Reading)
ITEMS_AT_MOST: Final = 200_000
"""A kilobyte that gives more than this many items is a bomb that no limit has stopped."""


def watched() -> AbstractContextManager[object]:
    """Modules imported inside are watched by atheris, so that it learns which bytes lead where."""
    return atheris.instrument_imports(include=["headcount"])  # type: ignore[no-any-return]


def fuzz(one: Callable[[bytes], None]) -> None:
    """Runs one target with libFuzzer's own options, until it is told to stop or finds what breaks the promise."""
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


def read_stream(data: bytes, *, asked: Asked | None = None) -> list[object]:
    """What the bytes give as standard input, with each document opened, checked."""
    asked = asked or Asked()
    made: list[object] = []
    for item in find_reports(["-"], asked=asked, stdin=io.BytesIO(data)):
        check_item(item)
        if isinstance(item, Document):
            for opened in open_document(item, asked):
                check_item(opened)
                assert not isinstance(opened, Document)
                made.append(opened)
        made.append(item)
        assert len(made) < ITEMS_AT_MOST, "too much comes of too little"
    assert made or data == b"", "an input that gives nothing, and not even a reason"
    return made


def read_named(data: bytes, reader: Callable[[Input, Named], Iterable[object]]) -> list[object]:
    """What a reader of streams gives of the bytes, checked."""
    made = []
    for item in _within_limits(reader(Input(io.BytesIO(data)), Named(record="-", source="-"))):
        check_item(item)
        made.append(item)
        assert len(made) < ITEMS_AT_MOST, "too much comes of too little"
    return made


def read_document(data: bytes, media: str, reader: Callable[[Document, Asked], Iterable[Found]]) -> list[Found]:
    """What a reader of documents finds in the bytes, checked, without the guard that holds any exception in real use."""
    document = Document(data=data, media=media, record="-", source="-")
    made = []
    for found in _within_limits(reader(document, Asked(today=dt.date(2026, 1, 1)))):
        check_found(found)
        made.append(found)
        assert len(made) < ITEMS_AT_MOST, "too much comes of too little"
    return made


def _within_limits(items: Iterable[T]) -> Iterator[T]:
    with suppress(LimitError):
        yield from items


def check_found(found: object) -> None:
    """A report as a document has it, or words that say why there is none."""
    assert isinstance(found, Found)
    assert found.doubts or not found.fatal, "a failure without words"
    assert all(isinstance(doubt, str) and doubt for doubt in found.doubts)
    published = found.fields.get("published")
    assert published is None or isinstance(published, dt.date | str)
    for key, value in found.fields.items():
        assert key in KEYS, key
        assert value is None or isinstance(value, str | dt.date), f"{key} is {type(value)}"
    if not found.fatal:
        report, problems = report_from_fields(found.fields, record="-")
        check_items([*problems, *([report] if report else [])])


def check_items(items: Iterable[object]) -> None:
    """Each item keeps the promise."""
    for number, item in enumerate(items):
        check_item(item)
        assert number < ITEMS_AT_MOST, "too much comes of too little"


def check_item(item: object) -> None:
    """Only nouns come out; texts are text, problems have words, and all of it can be written as UTF-8."""
    assert isinstance(item, ITEMS), f"not an item: {type(item)}"
    if isinstance(item, Report):
        assert item.text, "a report without a text"
        assert not item.text.isspace(), "a report of blanks"
        for value in (item.text, item.given_id, item.publisher, item.title, item.url, item.country, item.record):
            (value or "").encode("utf-8")
        for value in (item.given_id, item.publisher, item.title, item.url):
            assert value is None or 0 < len(value) <= FIELD_CHARACTERS, f"a field of {len(value)} characters"
    elif isinstance(item, Problem):
        assert item.reason, "a problem without words"
        assert item.record, "a problem of nothing"
        assert len(item.reason) < 20_000, "a reason that nobody reads"
        assert "defect of Headcount" not in item.reason, item.reason
        f"{item.record}{item.reason}".encode()

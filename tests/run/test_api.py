"""headcount.read and headcount.read_many: the same reading as the command's, from Python."""

from __future__ import annotations

import datetime as dt
import itertools
import subprocess
import sys
from collections.abc import Iterator

import pytest

import headcount
from fakes import MarchReader

MARCH = "2,000 marched in Leeds on Saturday."


@pytest.fixture(autouse=True)
def fake_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headcount._reader", MarchReader())
    monkeypatch.setattr("headcount.run.load_reader", lambda *, screen=True: MarchReader())


def test_one_text_is_read_with_what_is_known_of_it() -> None:
    """Published as text or as a date."""
    for published in ("2016-08-02", dt.date(2016, 8, 2), dt.datetime(2016, 8, 2, 9)):  # noqa: DTZ001
        reading = headcount.read(MARCH, published=published, publisher="Post", title="T", country="uk", url="u")
        assert reading.report == headcount.Report(
            text=MARCH, published=dt.date(2016, 8, 2), publisher="Post", title="T", country="GB", url="u"
        )
    assert reading.events[0].locality == "Leeds"
    assert reading.to_dict()["published"] == "2016-08-02"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"published": "yesterday"}, "published: expected .* 'yesterday'"), ({"country": "Britain"}, "country")],
)
def test_what_is_no_date_or_country_is_refused(arguments: dict[str, str], message: str) -> None:
    """With what was expected and what was found."""
    with pytest.raises(ValueError, match=message):
        headcount.read(MARCH, **arguments)  # type: ignore[arg-type]


def test_a_text_must_be_a_string() -> None:
    """Bytes are not guessed at."""
    with pytest.raises(TypeError, match="bytes"):
        headcount.read(b"x")  # type: ignore[arg-type]


def test_an_empty_text_has_no_event() -> None:
    """It is no error."""
    assert headcount.read("").events == ()


def test_many_are_read_from_texts_mappings_and_reports() -> None:
    """In order; what is no report gives a reading with a fatal problem."""
    given = [MARCH, {"text": MARCH, "published": "2016-08-02", "id": "a"}, headcount.Report(text=MARCH), {"id": "b"}, 5, ""]
    readings = list(headcount.read_many(given))  # type: ignore[arg-type]
    assert [len(reading.events) for reading in readings] == [1, 1, 1, 0, 0, 0]
    assert readings[1].report.report_id == "a"
    assert [reading.problems[0].record for reading in readings[3:]] == ["report 4", "report 5", "report 6"]


def test_many_are_read_lazily() -> None:
    """An endless iterable is no trouble."""

    def endless() -> Iterator[str]:
        while True:
            yield MARCH

    assert len(list(itertools.islice(headcount.read_many(endless(), jobs=1), 20))) == 20


def test_one_report_is_not_many() -> None:
    """A string is a sequence of strings, but nobody means that."""
    with pytest.raises(TypeError, match="list"):
        list(headcount.read_many(MARCH))


def test_half_characters_are_replaced() -> None:
    """So that any reading can be written."""
    assert headcount.read("a\ud800b").report.text == "a�b"


def test_importing_headcount_loads_nothing() -> None:
    """The nouns and the reader come when they are asked for."""
    code = "import sys, headcount; sys.exit(any(name.startswith('headcount.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert headcount.Span(start=0, end=1).end == 1
    assert "CandidateEvent" in dir(headcount)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = headcount.Nothing  # type: ignore[attr-defined]

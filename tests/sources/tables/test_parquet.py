"""Parquet: the columns that are needed, days of every type, and files that are none."""

from __future__ import annotations

import datetime as dt
import io
import random
import sys
from pathlib import Path

import pytest

from headcount.models import Problem, Report
from headcount.sources import Asked, Named, find_reports
from headcount.sources.finding import Item, items_of

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


def packed(**columns: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def read(data: bytes, **columns: str) -> list[Item]:
    return list(items_of(io.BytesIO(data), Named(record="a", source="a", asked=Asked(columns=columns))))


def test_rows_are_reports_with_their_number(tmp_path: Path) -> None:
    """From a path as from a stream, known by its first bytes; columns that nobody asked for are ignored."""
    data = packed(text=["One.", "Two."], title=["A", None], date=["2016-08-02", "August 3, 2016"], other=[1, 2])
    path = tmp_path / "reports"
    path.write_bytes(data)
    for items, record in ((list(find_reports([path])), str(path)), (read(data), "a")):
        first, second = items
        assert isinstance(first, Report)
        assert isinstance(second, Report)
        assert (first.text, first.title, first.published, first.record) == ("One.", "A", dt.date(2016, 8, 2), f"{record}:1")
        assert (second.text, second.title, second.published) == ("Two.", None, dt.date(2016, 8, 3))


@pytest.mark.parametrize("kind", ["date32", "ms", "us", "ns"])
def test_days_and_moments_are_days(kind: str) -> None:
    """A date, and moments of every unit, in their own time zone."""
    moment = dt.datetime(2016, 8, 2, 22, 30, tzinfo=dt.UTC)
    kinds = {"date32": pa.array([moment.date()], pa.date32())}
    kinds |= {unit: pa.array([moment], pa.timestamp(unit, tz="UTC")) for unit in ("ms", "us", "ns")}
    [report] = read(packed(text=["One."], published=kinds[kind]))
    assert isinstance(report, Report)
    assert report.published == dt.date(2016, 8, 2)


def test_text_as_bytes_and_as_a_dictionary_is_text() -> None:
    """Some writers keep text as binary, and repeat it by number."""
    [plain] = read(packed(text=pa.array(["Café".encode()], pa.binary())))
    [coded] = read(packed(text=pa.array(["Café"]).dictionary_encode()))
    assert isinstance(plain, Report)
    assert isinstance(coded, Report)
    assert plain.text == coded.text == "Café"


def test_a_row_without_text_is_a_problem_and_the_others_are_read() -> None:
    """Null, a number and an empty text fail for themselves."""
    items = read(packed(Body=["One.", None, "", "Two."]))
    assert [item.text for item in items if isinstance(item, Report)] == ["One.", "Two."]
    assert [item.record for item in items if isinstance(item, Problem) and item.fatal] == ["a:2", "a:3"]


def test_columns_are_mapped_or_named() -> None:
    """A column that is missing is one fatal Problem with those that there are."""
    data = packed(story=["One."], when=["2016-08-02"])
    [report] = read(data, text="story", published="when")
    assert isinstance(report, Report)
    assert report.published == dt.date(2016, 8, 2)
    [problem] = read(data, text="tale")
    assert isinstance(problem, Problem)
    assert "its columns are story, when" in problem.reason


def test_broken_files_are_named() -> None:
    """Cut off, empty of rows, and with garbage in the middle: a Problem, and nothing raised."""
    data = packed(text=["One." * 200] * 50)
    cut, empty = read(data[:200]), read(packed(text=pa.array([], pa.string())))
    spoilt = read(data[:8] + bytes(60) + data[68:])
    for items in (cut, empty, spoilt):
        assert [type(item) for item in items] == [Problem]
    assert "cut off" in cut[0].reason  # type: ignore[union-attr]
    assert "without rows" in empty[0].reason  # type: ignore[union-attr]
    assert "row 0" in spoilt[0].reason  # type: ignore[union-attr]


def test_a_text_told_a_million_times_is_not_kept_a_million_times() -> None:
    """A dictionary of one long text and many rows: the rows come one at a time."""
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 5000, pa.int32()), pa.array([random.Random(1).randbytes(500_000).hex()]))
    items = items_of(io.BytesIO(packed(text=long)), Named(record="a", source="a"))
    assert sum(1 for _ in zip(items, range(100), strict=False)) == 100


def test_without_pyarrow_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    [problem] = read(packed(text=["One."]))
    assert isinstance(problem, Problem)
    assert "headcount[arrow]" in problem.reason


def test_a_short_file_of_endless_rows_is_a_bomb() -> None:
    """A dictionary of one text stands for millions of them: what came before the limit is read, and then the limit is told."""
    text = "Some 300 people marched in Leeds. " * 30
    items = read(packed(text=[text] * 400_000))
    reports = [item for item in items if isinstance(item, Report)]
    assert 0 < len(reports) < 400_000
    assert isinstance(items[-1], Problem)
    assert items[-1].fatal
    assert "250 times its size" in items[-1].reason

"""A question finds the events that meet all of it, in order, whatever the database and however a name is typed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from fakes import full_event
from headcount.models import Event
from headcount.record import schema as s
from headcount.record.asking import Filters, count_events, describe_record, find_events, load_event
from headcount.record.deriving import event_row
from headcount.record.engine import connect, reading, writing
from headcount.record.quick import HEAD, find_events_quickly
from headcount.record.rows import insert_rows

SHARED = {one.name for one in fields(Event)} & {one.name for one in fields(full_event())} - {"sizes", "event_id"}
PLAIN = Event(event_id="", sizes=(), **{name: getattr(full_event(), name) for name in SHARED})  # type: ignore[arg-type]


def make(name: str, day: str | None, **changed: Any) -> Event:
    start = dt.date.fromisoformat(day) if day else None
    values = {"status": "held", "background": False, "date_start": start, "date_end": start, "size_low": None, "size_high": None}
    return replace(PLAIN, event_id=name, **{**values, **changed})


EVENTS = (
    make("ev-b", "2020-05-01", locality="Leeds", size_low=100, size_high=300, issues=("housing",)),
    make("ev-a", "2020-05-01", locality="São Paulo", country="BR", event_type="march", size_high=5000, issues=("housing_costs",)),
    make("ev-c", "2020-04-30", date_end=dt.date(2020, 5, 2), locality="Évry", country="FR", series="Jour de Colère"),
    make("ev-d", None, locality="Leeds", status="planned", size_low=9000, size_unit="vehicles"),
    make("ev-e", "2021-01-01", locality=None, state="Île-de-France", country="FR", background=True, size_low=5000),
)

FOUND: list[tuple[dict[str, Any], str]] = [
    ({"since": dt.date(2020, 5, 2)}, "ce"),
    ({"until": dt.date(2020, 4, 30)}, "c"),
    ({"since": dt.date(2020, 5, 1), "until": dt.date(2020, 5, 1)}, "cab"),
    ({"country": "FR"}, "ce"),
    ({"locality": "LEEDS"}, "bd"),
    ({"locality": "sao paulo"}, "a"),
    ({"locality": "évry"}, "c"),
    ({"locality": "Lee"}, ""),
    ({"state": "ile de france"}, "e"),
    ({"series": "JOUR DE COLÈRE"}, "c"),
    ({"event_type": "march"}, "a"),
    ({"status": "planned"}, "d"),
    ({"background": True}, "e"),
    ({"issue": "housing"}, "b"),
    ({"issue": "%"}, ""),
    ({"min_size": 101}, "ae"),
    ({"min_size": 100, "country": "GB"}, "b"),
    ({"locality": "Leeds", "since": dt.date(2020, 1, 1)}, "b"),
    ({"locality": "'; DROP TABLE event; --"}, ""),
]
QUESTIONS = [question for question, _ in FOUND]


@pytest.fixture
def asked(record: sa.Engine) -> Iterator[sa.Connection]:
    """A record of these five events."""
    with writing(record) as connection:
        names = [
            {"event_id": event.event_id, "number": number, "founder": "e", "state": "live", "reason": ""}
            for number, event in enumerate(EVENTS)
        ]
        insert_rows(connection, s.event_name, names)
        insert_rows(connection, s.event, [event_row(event, "") for event in EVENTS])
    with reading(record) as connection:
        yield connection


def test_all_events_come_in_the_order_of_days(asked: sa.Connection) -> None:
    """The earliest first, then by id, those of an unknown day last; each as it was put in."""
    found = list(find_events(asked))
    assert [event.event_id for event in found] == ["ev-c", "ev-a", "ev-b", "ev-e", "ev-d"]
    assert found[0] == EVENTS[2]
    assert [event.event_id for event in find_events(asked, limit=2)] == ["ev-c", "ev-a"]


@pytest.mark.parametrize(("question", "found"), FOUND)
def test_each_filter_keeps_what_meets_it(question: dict[str, Any], found: str, asked: sa.Connection) -> None:
    """An event of several days counts where one lies within; an unknown size, day or town meets no question for it."""
    filters = Filters(**question)
    assert [event.event_id.removeprefix("ev-") for event in find_events(asked, filters)] == list(found)
    assert count_events(asked, filters) == len(found)


@pytest.mark.parametrize("record_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_short_way_gives_what_the_long_way_gives(question: dict[str, Any], asked: sa.Connection, record_url: str) -> None:
    """The command that lists events reads the file itself: every question has the same answer, in the same order."""
    for limit in (None, 1):
        quick = find_events_quickly(record_url, Filters(**question), limit=limit)
        assert quick is not None
        assert list(quick) == list(find_events(asked, Filters(**question), limit=limit))


def test_the_short_way_leaves_what_is_unusual_to_the_long(tmp_path: Path) -> None:
    """No file, no record, another revision, a URL: it finds nothing wrong and says nothing, it steps aside."""
    path = tmp_path / "r.db"
    assert find_events_quickly("postgresql://host/db", Filters()) is None
    assert find_events_quickly(str(path), Filters()) is None
    path.write_text("Dear diary")
    assert find_events_quickly(str(path), Filters()) is None
    path.unlink()
    engine = connect(str(path), create=True)
    empty = find_events_quickly(str(path), Filters())
    assert empty is not None
    assert list(empty) == []
    assert HEAD == s.HEAD
    with writing(engine) as connection:
        connection.execute(sa.update(s.revision).values(version_num="9999"))
    engine.dispose()
    assert find_events_quickly(str(path), Filters()) is None


def test_the_short_way_loads_no_sqlalchemy() -> None:
    """What it is for: the command answers in half the time."""
    code = "import sys, headcount.record.quick; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_an_event_is_loaded_by_its_very_id(asked: sa.Connection) -> None:
    """An unknown id has no event."""
    assert load_event(asked, "ev-a") == EVENTS[1]
    assert load_event(asked, "ev-z") is None


def test_a_record_tells_how_much_it_holds(asked: sa.Connection) -> None:
    """Each kind is counted, those that are missing as none."""
    assert describe_record(asked) == {
        "reports": 0, "versions": 0, "statements": 0, "events": 5, "runs": 0, "problems": 0, "accounts": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        Filters(), Filters(country="GB", since=dt.date(2020, 1, 1), until=dt.date(2020, 2, 1)), Filters(locality="Leeds"),
        Filters(series="x"), Filters(event_type="march", min_size=9), Filters(issue="housing"), Filters(status="held"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("record_url", ["sqlite"], indirect=True)
def test_no_question_looks_through_the_rows_themselves(question: Filters, asked: sa.Connection) -> None:
    """On SQLite each is answered from an index and sorts nothing but what it found: rows hold the content, ten times as much."""
    steps: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if statement.startswith("SELECT event.content"):
            plan = asked.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(row[3] for row in plan)

    sa.event.listen(asked.engine, "before_cursor_execute", explain)
    list(find_events(asked, question))
    [outer, inner, *rest] = [step for step in steps if step != "USE TEMP B-TREE FOR ORDER BY"]
    assert rest == []
    assert "USING COVERING INDEX ix_event_asked" in outer or "USING INDEX ix_event_locality_key" in outer or "series_key" in outer
    assert inner.startswith("SEARCH event USING INDEX")
    if question == Filters():
        assert len(steps) == 2, "all events must come without being sorted"

"""A verification finds whatever is off, and finds nothing where nothing is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from databases import new_record
from headcount.record import ledger
from headcount.record import schema as s
from headcount.record.engine import connect, writing
from headcount.record.packing import pack_event, unpack_event
from headcount.record.resolving import SAID, stands_at
from keeping import CARDIFF, LEEDS, LEEDS_TOO, NEWS, NOW, findings, keep, link, report

PLACARDS = (
    "Colette Dubois, a student, was one of 400 people at a rally for cheaper rents in Trafalgar Square on Saturday. A march of "
    "300 members of the Tenants' Union went on to Downing Street. Counter-protesters, about 50 of them, held a counter-protest "
    "against the rally in Trafalgar Square on Saturday. Thousands marched across the North at the weekend, too."
)


def fill(record: sa.Engine) -> None:
    """Two versions of a report, a merged event, a planned one, a report without an event, and a decision."""
    keep(
        record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS), report("e", PLACARDS),
        report("f", "Unison will march through Hull on 9 October against cuts; 500 people are expected."),
    )  # fmt: skip
    keep(record, report("c", CARDIFF.replace("300", "350")), report("d", NEWS))
    link(record)
    with writing(record) as connection:
        ledger.judge(connection, *_two_events(connection), "different", by="ann", at=NOW)
    link(record)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record on SQLite with nothing off."""
    with new_record("sqlite", tmp_path_factory.mktemp("sound")) as name:
        engine = connect(name)
        fill(engine)
        engine.dispose()
        return Path(name)


@pytest.fixture
def kept(sound: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """A copy of it."""
    engine = connect(str(shutil.copy(sound, tmp_path / "copy.db")))
    yield engine
    engine.dispose()


def _two_events(connection: sa.Connection) -> tuple[str, str]:
    first, second, *_ = connection.execute(sa.select(s.event.c.event_id).order_by(s.event.c.event_id)).scalars()
    return first, second


def test_a_sound_record_has_no_findings(record: sa.Engine) -> None:
    """Every value of every event leads to its words, and the balance of every run holds, on either database."""
    fill(record)
    assert findings(record) == []


def test_every_check_runs_on_either_database(record: sa.Engine) -> None:
    """What is off is found in a PostgreSQL database as in a file."""
    fill(record)
    change(record, sa.update(s.run).values(reports_in=99))
    change(record, sa.update(s.statement).values(quote="nothing of the kind"))
    change(record, sa.delete(s.event_member))
    assert {"runs", "spans", "values", "accounts"} <= {one.check for one in findings(record)}


def change(engine: sa.Engine, statement: Any) -> None:
    with writing(engine) as connection:
        connection.execute(statement)


def of_report(name: str) -> sa.Select[Any]:
    """The current coding of a report."""
    return (
        sa.select(s.coding.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
        .where(s.version.c.report_id == name, s.coding.c.state == "current")
    )


def first_event(*columns: Any) -> Any:
    return sa.select(*columns).order_by(s.event.c.event_id).limit(1).scalar_subquery()


TAMPERED: dict[str, tuple[str, Any]] = {
    "a word of a report": (
        "versions",
        sa.update(s.version).where(s.version.c.report_id == "a").values(text=LEEDS.replace("Leeds", "Derby")),
    ),
    "which version is current": (
        "versions",
        sa.update(s.report)
        .where(s.report.c.report_id == "c")
        .values(
            current_version=sa.select(sa.func.min(s.version.c.version_id)).where(s.version.c.report_id == "c").scalar_subquery()
        ),
    ),
    "a span": ("spans", sa.update(s.statement).where(s.statement.c.coding_id.in_(of_report("a"))).values(span_start=0)),
    "a span beyond the text": ("spans", sa.update(s.statement).where(s.statement.c.variable == "size").values(span_end=10**6)),
    "a quote": ("spans", sa.update(s.statement).where(s.statement.c.variable == "locality").values(quote="Paris")),
    "a quote of a roll-up": ("spans", sa.update(s.rollup).values(quote="nothing of the kind")),
    "statements that are lost": ("values", sa.delete(s.statement).where(s.statement.c.variable == "size")),
    "a value of a statement": (
        "values",
        sa.update(s.statement).where(s.statement.c.variable == "locality").values(value='"Paris"'),
    ),
    "what a statement is about": (
        "values",
        sa.update(s.statement).where(s.statement.c.variable == "size").values(variable="arrests"),
    ),
    "which account counts": (
        "codings",
        sa.update(s.candidate).where(s.candidate.c.report_id == "a").values(live=False),
    ),
    "an old account that counts again": ("codings", sa.update(s.candidate).where(s.candidate.c.report_id == "c").values(live=True)),
    "two current codings": ("codings", sa.update(s.coding).values(state="current")),
    "no current coding": ("codings", sa.update(s.coding).where(s.coding.c.coding_id.in_(of_report("d"))).values(state="retired")),
    "the balance of a run": ("runs", sa.update(s.run).where(s.run.c.run_id == 1).values(reports_in=7)),
    "how many were coded": (
        "runs",
        sa.update(s.run).where(s.run.c.run_id == 1).values(coded=s.run.c.coded + 1, screened_out=s.run.c.screened_out - 1),
    ),
    "a column of an event": ("values", sa.update(s.event).values(size_low=12345)),
    "an event that cannot be read": ("values", sa.update(s.event).values(content=b"{")),
    "an account of no event": ("accounts", sa.delete(s.event_member)),
    "an event that is lost": ("accounts", sa.delete(s.event).where(s.event.c.event_id == first_event(s.event.c.event_id))),
    "members of another event": ("accounts", sa.update(s.event_member).values(event_id=first_event(s.event.c.event_id))),
    "an id that leads nowhere": ("ids", sa.update(s.event_name).values(state="merged", merged_into="ev-none")),
    "an id that leads to itself": ("ids", sa.update(s.event_name).values(state="merged", merged_into=s.event_name.c.event_id)),
    "an id without a reason": ("ids", sa.update(s.event_name).values(state="gone", reason="")),
    "a decision about nothing": ("decisions", sa.update(s.judgement).values(left_id="e-none")),
    "a review of nothing": (
        "decisions",
        sa.insert(s.review).values(
            review_id=1, statement_id="s-none", decision="accept", made_by="ann", made_at=NOW, note="", reverted_at=NOW
        ),
    ),
    "how an event was made": ("derived", sa.update(s.event).values(fingerprint="x")),
    "what events were made from": ("derived", sa.update(s.state).values(value="x")),
    "what an id is": ("derived", sa.update(s.event_name).values(founder="e-other")),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_found(what: str, kept: sa.Engine) -> None:
    """One thing is changed behind Headcount's back, and the check that is there for it says so, with what to do."""
    check, statement = TAMPERED[what]
    change(kept, statement)
    found = [one for one in findings(kept) if one.check == check]
    assert found
    assert all(one.where and one.found and one.todo for one in found)


@pytest.mark.parametrize("column", ["claims", "locality", "size_low", "issues", "date_start", "place_precision", "quote"])
def test_a_value_without_its_statement_is_found(column: str, kept: sa.Engine) -> None:
    """An event that holds a value and forgot where it comes from is not sound, though its row and its content agree."""
    with writing(kept) as connection:
        for row in connection.execute(sa.select(s.event)).all():
            event = unpack_event(row.content)
            event.lineage.pop(column, None)  # type: ignore[attr-defined]
            connection.execute(sa.update(s.event).where(s.event.c.event_id == row.event_id).values(content=pack_event(event)))
    assert any(one.check == "values" and one.where.endswith(column) for one in findings(kept))
    assert column in SAID


def test_only_a_deep_verification_makes_events_anew(kept: sa.Engine) -> None:
    """A number of witnesses that its accounts do not give, in row and content, is found by making the event again."""
    with writing(kept) as connection:
        row = connection.execute(sa.select(s.event).order_by(s.event.c.event_id)).first()
        assert row is not None
        content = row.content.replace(b'"witnesses":', b'"witnesses":1')
        values = {"content": content, "witnesses": unpack_event(content).witnesses}
        connection.execute(sa.update(s.event).where(s.event.c.event_id == row.event_id).values(**values))
    assert [(one.check, one.where) for one in findings(kept)] == [("derived", row.event_id)]


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Colette marched", True),
        ("⟨name⟩ marched", True),
        ("Colette ⟨name⟩", True),
        ("⟨name⟩", True),
        ("⟨name⟩ ran", False),
        ("Ann ⟨name⟩", False),
        ("Colette marched⟨name⟩", False),
        ("Colette", False),
    ],
)
def test_a_masked_name_stands_for_any_words(quote: str, stands: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the marker of a private name the quote is what the report says, to the letter."""
    monkeypatch.setattr("headcount.record.resolving.marker", lambda: "⟨name⟩")
    text = "Then Colette marched."
    assert stands_at(text, 5, 20, quote) is stands
    assert stands_at(text, 5, 99, quote) is False

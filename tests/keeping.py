"""Keeps reports in a record and asks it, for the tests of what is done to a record afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from headcount.models import Event, Reading, Report
from headcount.record import schema as s
from headcount.record.asking import find_events
from headcount.record.deriving import Derived, derive_events
from headcount.record.engine import reading, writing
from headcount.record.recoding import accept_staged
from headcount.record.verifying import Finding, verify_record
from headcount.run import ReportReader, load_reader
from headcount.run.ingesting import Balance, ingest_reports
from headcount.run.recoding import Recoded, recode_reports

NOW = dt.datetime.fromisoformat("2026-01-01T12:00:00")
CODER = "coder 1"

LEEDS = (
    "About 2,000 people marched through Leeds on Saturday against the closure of the library, organisers said. Police put the "
    "crowd at 900. The march began at the market. Three people were arrested."
)
LEEDS_TOO = (
    "Hundreds of readers marched in Leeds on Saturday 1 October 2022 over the closure of the central library. Officers counted "
    "1,200 marchers, and the Readers' Union says that it will march again if the council does not yield."
)
CARDIFF = "Some 300 nurses stood on a picket line outside the hospital in Cardiff on Monday over pay, the union said."
NEWS = "The council has bought a new lawnmower. It is green, and the gardeners like it."


@cache
def own_reader() -> ReportReader:
    """Headcount's own reader, loaded once."""
    return load_reader()


def report(name: str, text: str, *, published: str = "2022-10-04", **values: Any) -> Report:
    """A report of the tests."""
    told = {"publisher": f"The {name}", "title": f"Title {name}", "country": "GB", **values}
    return Report(text=text, given_id=name, published=dt.date.fromisoformat(published), record=f"{name}.txt", **told)


def keep(engine: sa.Engine, *reports: Report, coder: str = CODER, reader: ReportReader | None = None) -> Balance:
    """Ingests reports in this process."""
    return ingest_reports(
        engine, reports, record="the test's", command="test", coder=coder, clock=lambda: NOW, reader=reader or own_reader(), jobs=1
    )


def link(engine: sa.Engine) -> Derived:
    """Derives the events."""
    with writing(engine) as connection:
        return derive_events(connection)


def events_of(engine: sa.Engine) -> list[Event]:
    """All events, in the order of the record."""
    with reading(engine) as connection:
        return list(find_events(connection))


def findings(engine: sa.Engine) -> list[Finding]:
    """What a deep verification finds."""
    with reading(engine) as connection:
        return list(verify_record(connection, deep=True))


def statement_of(engine: sa.Engine, variable: str, report_id: str) -> str:
    """The id of the first statement about a variable that is live in a report."""
    query = (
        sa.select(s.statement.c.statement_id)
        .join(s.coding, s.coding.c.coding_id == s.statement.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
        .where(s.coding.c.state == "current", s.statement.c.variable == variable, s.version.c.report_id == report_id)
        .order_by(s.statement.c.span_start)
    )
    with reading(engine) as connection:
        return str(connection.execute(query).scalars().first())


class Otherwise:
    """Headcount's reader as another release might read: ``changes`` holds by report id what is made of its reading."""

    def __init__(self, **changes: Callable[[Reading], Reading]) -> None:
        self._changes = changes

    def read(self, report: Report) -> Reading:
        """The reading, changed."""
        told = own_reader().read(report)
        return self._changes.get(report.report_id, lambda same: same)(told)


def police_counted(number: int) -> Callable[[Reading], Reading]:
    """The same words of the police, "900", read as another number."""

    def change(told: Reading) -> Reading:
        event = told.events[0]
        sizes = tuple(replace(one, low=number, high=number) if one.claimant_role == "police" else one for one in event.sizes)
        statements = tuple(
            replace(one, statement_id=f"s-{number}", value=str(number)) if one.variable == "size" and "900" in one.quote else one
            for one in event.statements
        )
        return replace(told, events=(replace(event, sizes=sizes, size_low=number, statements=statements), *told.events[1:]))

    return change


def without(variable: str) -> Callable[[Reading], Reading]:
    """Nothing is read about a variable of the first event; it is one of outcomes, or of the lists."""

    def change(told: Reading) -> Reading:
        event = told.events[0]
        outcomes = tuple(one for one in event.outcomes if one.variable != variable)
        values: dict[str, Any] = {variable: ()} if hasattr(event, variable) else {}
        statements = tuple(one for one in event.statements if one.variable != variable)
        return replace(told, events=(replace(event, outcomes=outcomes, statements=statements, **values), *told.events[1:]))

    return change


def nothing(told: Reading) -> Reading:
    """No event is read."""
    return replace(told, events=(), rollups=())


def fails(told: Reading) -> Reading:
    """The coder meets a defect of its own."""
    raise ZeroDivisionError("a defect")


def recode(engine: sa.Engine, *, coder: str = "coder 2", reader: ReportReader | None = None, **options: Any) -> Recoded:
    """Reads the stored reports again in this process."""
    return recode_reports(
        engine, record="the test's", command="recode", coder=coder, clock=lambda: NOW, reader=reader or own_reader(), jobs=1,
        **options,
    )  # fmt: skip


def accept(engine: sa.Engine) -> Derived:
    """Accepts what is staged."""
    with writing(engine) as connection:
        accept_staged(connection)
        return derive_events(connection)

"""What staged codings would change: statement by statement, event by event; and which decisions would be about nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa

from headcount.models import Event
from headcount.record import schema as s
from headcount.record.deriving import Derivation, plan_events, reconcile_planned, reviews_of, stored_prints
from headcount.record.packing import unpack_event
from headcount.record.recoding import if_accepted
from headcount.record.rows import in_chunks
from headcount.wording import write_event_dates, write_event_place

AT_ONCE: Final = 100
"""Reports whose statements are held at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChange:
    """A statement that the new coding makes, makes no more, or makes of the same words with another value."""

    kind: Literal["gained", "lost", "changed"]
    report_id: str
    variable: str
    quote: str
    before: Any = None
    after: Any = None
    statement_id: str
    """The id in the new coding, or in the old one where it is lost."""

    lost_id: str | None = None
    """The id of the statement that is made no more."""

    reviewed: bool = False
    """True where a person has reviewed the statement that is lost: that review would count no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChange:
    """An event that is gained, gone, merged into another, or holds other values."""

    kind: Literal["gained", "gone", "merged", "changed"]
    event_id: str
    label: str
    """Type, day and place, for a person."""

    merged_into: str | None = None
    columns: Mapping[str, tuple[Any, Any]]
    """By column what it holds and what it would hold."""


class Lost(NamedTuple):
    """A decision about accounts of which one would be told no more: it is kept, and has no effect until that one is told again."""

    decision: int
    accounts: tuple[str, ...]


def diff_statements(connection: sa.Connection) -> Iterator[StatementChange]:
    """The statements that differ between the current and the staged codings, report by report in the order of the record."""
    reviewed = reviews_of(connection).keys()
    old, new = s.coding.alias("old"), s.coding.alias("new")
    query = (
        sa.select(s.version.c.version_id, s.version.c.report_id, old.c.coding_id.label("old"), new.c.coding_id.label("new"))
        .join(new, (new.c.version_id == s.version.c.version_id) & (new.c.state == "staged"))
        .join(old, (old.c.version_id == s.version.c.version_id) & (old.c.state == "current"))
        .order_by(s.version.c.version_id)
        .limit(AT_ONCE)
    )
    after = 0
    while part := connection.execute(query.where(s.version.c.version_id > after)).all():
        after = part[-1].version_id
        told = _statements_of(connection, [coding for row in part for coding in (row.old, row.new)])
        for row in part:
            yield from _compare(row.report_id, told.get(row.old, {}), told.get(row.new, {}), reviewed)


def plan_accepted(connection: sa.Connection) -> Derivation:
    """What the events would be if what is staged were accepted; reads the record and writes nothing.

    Near-copies among reports that tell of an event for the first time are looked for only when they are accepted.
    """
    return plan_events(connection, live=if_accepted())


def diff_events(connection: sa.Connection, plan: Derivation) -> Iterator[EventChange]:
    """The events that differ between what is stored and a plan."""
    stored = stored_prints(connection)
    names = {name.event_id: name for name in plan.names}
    for chunk in in_chunks(sorted(one for one in stored if one not in plan.prints)):
        for event in _stored_events(connection, chunk).values():
            name = names.get(event.event_id)
            into = name.merged_into if name is not None else None
            kind: Literal["merged", "gone"] = "merged" if into else "gone"
            yield EventChange(kind=kind, event_id=event.event_id, label=_label(event), merged_into=into, columns={})
    for chunk in in_chunks(sorted(one for one, found in plan.prints.items() if stored.get(one) != found)):
        before = _stored_events(connection, chunk)
        for event in reconcile_planned(connection, plan, chunk):
            old = before.get(event.event_id)
            columns = {} if old is None else _columns_that_differ(old, event)
            if old is None or columns:
                kind_of: Literal["gained", "changed"] = "gained" if old is None else "changed"
                yield EventChange(kind=kind_of, event_id=event.event_id, label=_label(event), columns=columns)


def find_lost_decisions(connection: sa.Connection) -> list[Lost]:
    """People's judgements that hold now and would not be about live accounts any more."""
    query = sa.select(s.judgement).where(s.judgement.c.reverted_at.is_(None)).order_by(s.judgement.c.judgement_id)
    rows = connection.execute(query).all()
    live: set[str] = set()
    then: set[str] = set()
    for chunk in in_chunks(sorted({one for row in rows for one in (row.left_id, row.right_id)})):
        judged = sa.select(s.candidate.c.candidate_id).where(s.candidate.c.candidate_id.in_(chunk))
        live.update(connection.execute(judged.where(s.candidate.c.live)).scalars())
        then.update(connection.execute(judged.where(if_accepted())).scalars())
    lost: dict[int, list[str]] = {}
    for row in rows:
        for one in (row.left_id, row.right_id):
            if one in live and one not in then:
                lost.setdefault(row.decision, []).append(one)
    return [Lost(decision, tuple(dict.fromkeys(accounts))) for decision, accounts in lost.items()]


def summarise(connection: sa.Connection, plan: Derivation) -> dict[str, int]:
    """How much would change: reports staged, statements and events by kind of change, reviews and decisions without an object."""
    statements: Counter[str] = Counter()
    reviews = 0
    for change in diff_statements(connection):
        statements[change.kind] += 1
        reviews += change.reviewed
    events = Counter(change.kind for change in diff_events(connection, plan))
    staged = sa.select(sa.func.count()).where(s.coding.c.state == "staged")
    return {
        "reports": int(connection.execute(staged).scalar_one()),
        **{f"statements_{kind}": statements[kind] for kind in ("gained", "lost", "changed")},
        **{f"events_{kind}": events[kind] for kind in ("gained", "gone", "merged", "changed")},
        "reviews_lost": reviews,
        "decisions_lost": len(find_lost_decisions(connection)),
    }


def _statements_of(connection: sa.Connection, codings: list[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for chunk in in_chunks(codings):
        for row in connection.execute(sa.select(s.statement).where(s.statement.c.coding_id.in_(chunk))):
            found.setdefault(row.coding_id, {})[row.statement_id] = row
    return found


def _compare(report_id: str, old: Mapping[str, Any], new: Mapping[str, Any], reviewed: Any) -> Iterator[StatementChange]:
    """Both codings are of one text: what stands at the same place about the same variable is the same words read otherwise."""
    lost = sorted((row for name, row in old.items() if name not in new), key=_place)
    gained = sorted((row for name, row in new.items() if name not in old), key=_place)
    at: dict[tuple[int, int, str], list[Any]] = {}
    for row in lost:
        at.setdefault(_place(row)[:3], []).append(row)
    changed: set[str] = set()
    for row in gained:
        pair = at.get(_place(row)[:3])
        if pair:
            was = pair.pop(0)
            changed.add(was.statement_id)
            yield StatementChange(
                kind="changed", report_id=report_id, variable=row.variable, quote=row.quote, before=json.loads(was.value),
                after=json.loads(row.value), statement_id=row.statement_id, lost_id=was.statement_id,
                reviewed=was.statement_id in reviewed,
            )  # fmt: skip
        else:
            yield StatementChange(
                kind="gained", report_id=report_id, variable=row.variable, quote=row.quote, after=json.loads(row.value),
                statement_id=row.statement_id,
            )  # fmt: skip
    for row in lost:
        if row.statement_id not in changed:
            yield StatementChange(
                kind="lost", report_id=report_id, variable=row.variable, quote=row.quote, before=json.loads(row.value),
                statement_id=row.statement_id, lost_id=row.statement_id, reviewed=row.statement_id in reviewed,
            )  # fmt: skip


def _place(row: Any) -> tuple[int, int, str, str]:
    return row.span_start, row.span_end, row.variable, row.statement_id


def _stored_events(connection: sa.Connection, event_ids: list[str]) -> dict[str, Event]:
    query = sa.select(s.event.c.event_id, s.event.c.content).where(s.event.c.event_id.in_(event_ids)).order_by(s.event.c.event_id)
    return {row.event_id: unpack_event(row.content) for row in connection.execute(query)}


MADE_OF: Final = ("event_id", "lineage", "quote")
"""Fields of an event that are no values of it."""


def _columns_that_differ(old: Event, new: Event) -> dict[str, tuple[Any, Any]]:
    """Only what a person sees: ids of statements and spans may differ where no value does."""
    found = {}
    for name in (field.name for field in fields(Event) if field.name not in MADE_OF):
        before, after = _seen(getattr(old, name)), _seen(getattr(new, name))
        if before != after:
            found[name] = (before, after)
    return found


def _seen(value: Any) -> Any:
    """A value as it can be shown and compared: sizes, outcomes and comparisons by their words and numbers, days as text."""
    if isinstance(value, tuple):
        return [_seen(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _seen(item) for key, item in value.items()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "__slots__"):
        told = {name: getattr(value, name) for name in value.__slots__}
        return {name: item for name, item in told.items() if name not in ("span", "statement_id") and item not in ("", False, None)}
    return value


def _label(event: Event) -> str:
    return ", ".join((event.event_type, write_event_dates(event), write_event_place(event)))

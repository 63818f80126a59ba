"""What people decide: judgements of pairs, merges, splits, reviews of statements, withdrawals. Reverted, never deleted."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple, get_args

import sqlalchemy as sa

from headcount.models import Decision, Verdict
from headcount.record import schema as s
from headcount.record.rows import Row, in_chunks, next_id


class UnknownIdError(ValueError):
    """An id that the record does not hold."""


class Decided(NamedTuple):
    """What a decision was written as: its number, with which it is taken back, and the pairs that it is about."""

    decision: int
    pairs: tuple[tuple[str, str], ...]


def judge(
    connection: sa.Connection, left: str, right: str, verdict: Verdict, *, by: str, at: dt.datetime, note: str = ""
) -> Decided:
    """Decides whether two events (or candidate events) are one. For events every pair of their accounts is decided.

    Raises UnknownIdError for an id that the record does not hold, ValueError for a verdict that is none or one thing twice.
    """
    if verdict not in get_args(Verdict):
        raise ValueError(f"verdict: expected {', '.join(get_args(Verdict))}, found {verdict!r}")
    mine, theirs = accounts_of(connection, left), accounts_of(connection, right)
    if set(mine) & set(theirs):
        raise ValueError(f"{left} and {right} are one event already: headcount split takes accounts out of an event")
    pairs = _joining(connection, mine, theirs) if verdict == "same" else [(a, b) for a in mine for b in theirs]
    return _write(connection, pairs, verdict, by=by, at=at, note=note)


def merge(connection: sa.Connection, events: Sequence[str], *, by: str, at: dt.datetime, note: str = "") -> Decided:
    """Joins events into one; the id of the oldest stays, the others lead to it."""
    if len(events) < 2:
        raise ValueError("merge: expected at least two events")
    groups = [accounts_of(connection, name) for name in events]
    told: dict[str, str] = {}
    for name, group in zip(events, groups, strict=True):
        if shared := next((one for one in group if one in told), None):
            raise ValueError(f"merge: {told[shared]} and {name} are one event already")
        told.update(dict.fromkeys(group, name))
    pairs = [pair for place, group in enumerate(groups) for other in groups[:place] for pair in _joining(connection, other, group)]
    return _write(connection, pairs, "same", by=by, at=at, note=note)


def split(
    connection: sa.Connection, event_id: str, accounts: Sequence[str], *, by: str, at: dt.datetime, note: str = ""
) -> Decided:
    """Takes accounts (candidate ids, or the ids of reports) out of an event into one of their own."""
    every = accounts_of(connection, event_id)
    out = list(dict.fromkeys(one for name in accounts for one in _accounts_in(connection, every, name)))
    stay = [one for one in every if one not in out]
    if not out:
        raise ValueError(f"split: expected at least one account of {event_id} to take out")
    if not stay:
        raise ValueError(f"split: {event_id} has no account left if all of {', '.join(accounts)} are taken out")
    decided = _write(connection, [(a, b) for a in stay for b in out], "different", by=by, at=at, note=note)
    joined = _rows(connection, list(itertools.pairwise(out)), "same", decision=decided.decision, by=by, at=at, note=note)
    if joined:
        connection.execute(sa.insert(s.judgement), joined)
    return decided


def unjudge(connection: sa.Connection, decision: int, *, by: str, at: dt.datetime) -> int:
    """Takes a decision back (a judgement, a merge or a split); returns how many pairs it was about.

    Raises UnknownIdError where there is none of this number, ValueError where it was taken back before.
    """
    rows = connection.execute(sa.select(s.judgement.c.reverted_at).where(s.judgement.c.decision == decision)).all()
    if not rows:
        raise UnknownIdError(f"decision {decision}: the record holds none of this number; headcount judgements lists them")
    if all(row.reverted_at is not None for row in rows):
        raise ValueError(f"decision {decision} was taken back before, on {rows[0].reverted_at:%d %b %Y}")
    connection.execute(
        sa.update(s.judgement)
        .where(s.judgement.c.decision == decision, s.judgement.c.reverted_at.is_(None))
        .values(reverted_at=at, reverted_by=by)
    )
    return len(rows)


def review(
    connection: sa.Connection,
    statement_id: str,
    decision: Decision,
    *,
    value: str | None = None,
    by: str,
    at: dt.datetime,
    note: str = "",
) -> int:
    """A person's word on one statement; returns its number. The newest that is not taken back wins."""
    if decision not in get_args(Decision):
        raise ValueError(f"decision: expected {', '.join(get_args(Decision))}, found {decision!r}")
    if decision != "replace" and value is not None:
        raise ValueError(f"{decision} takes no value; replace does")
    found = connection.execute(sa.select(s.statement.c.variable).where(s.statement.c.statement_id == statement_id)).first()
    if found is None:
        raise UnknownIdError(f"{statement_id}: the record holds no such statement; headcount explain EVENT shows their ids")
    if decision == "replace":
        from headcount.record.reviewing import parse_value

        parse_value(found.variable, value)
    number = next_id(connection, s.review.c.review_id)
    connection.execute(
        sa.insert(s.review).values(
            review_id=number, statement_id=statement_id, decision=decision, value=value, made_by=by, made_at=at, note=note
        )
    )
    return number


def unreview(connection: sa.Connection, number: int, *, by: str, at: dt.datetime) -> None:
    """Takes a review back. Raises UnknownIdError, or ValueError where it was taken back before."""
    found = connection.execute(sa.select(s.review.c.reverted_at).where(s.review.c.review_id == number)).first()
    if found is None:
        raise UnknownIdError(f"review {number}: the record holds none of this number")
    if found.reverted_at is not None:
        raise ValueError(f"review {number} was taken back before")
    connection.execute(sa.update(s.review).where(s.review.c.review_id == number).values(reverted_at=at, reverted_by=by))


def withdraw(connection: sa.Connection, event_id: str, *, reason: str, by: str, at: dt.datetime) -> None:
    """Takes an event out of every answer and export; its id says why from then on."""
    if not reason.strip():
        raise ValueError("withdraw: expected a reason; it is shown under the event's id")
    name = follow(connection, event_id)
    state = connection.execute(sa.select(s.event_name.c.state).where(s.event_name.c.event_id == name)).scalar_one()
    if state != "live":
        raise ValueError(say_why_gone(connection, name))
    connection.execute(
        sa.update(s.event_name)
        .where(s.event_name.c.event_id == name)
        .values(state="withdrawn", reason=reason, withdrawn_by=by, withdrawn_at=at)
    )


def restore(connection: sa.Connection, event_id: str) -> None:
    """Undoes a withdrawal. The event is in the answers again once events are derived."""
    name = follow(connection, event_id)
    state = connection.execute(sa.select(s.event_name.c.state).where(s.event_name.c.event_id == name)).scalar_one()
    if state != "withdrawn":
        raise ValueError(f"{event_id} is not withdrawn")
    connection.execute(
        sa.update(s.event_name)
        .where(s.event_name.c.event_id == name)
        .values(state="live", reason="", withdrawn_by=None, withdrawn_at=None)
    )


def follow(connection: sa.Connection, event_id: str) -> str:
    """The id under which an event stands today: its own, or that of the event that it was merged into."""
    names = s.event_name
    for _ in range(1000):
        found = connection.execute(sa.select(names.c.state, names.c.merged_into).where(names.c.event_id == event_id)).first()
        if found is None:
            raise UnknownIdError(f"{event_id}: the record holds no event of this id; headcount events lists them")
        if found.state != "merged":
            return event_id
        event_id = found.merged_into
    raise ValueError(f"{event_id}: the ids lead in a circle; headcount verify says more")


def say_why_gone(connection: sa.Connection, event_id: str) -> str:
    """Why an id has no event: withdrawn, with the reason, or told by no report any more."""
    found = connection.execute(sa.select(s.event_name).where(s.event_name.c.event_id == event_id)).first()
    if found is None:
        return f"{event_id}: the record holds no event of this id; headcount events lists them"
    if found.state == "withdrawn":
        when = f" on {found.withdrawn_at:%-d %b %Y}" if found.withdrawn_at else ""
        return f"{event_id} was withdrawn{when}: {found.reason}"
    if found.state == "gone":
        return f"{event_id}: {found.reason}"
    return f"{event_id}: its event is not derived yet; run headcount link"


def accounts_of(connection: sa.Connection, name: str) -> list[str]:
    """The candidate ids of an event, its founder first, or of a candidate event itself."""
    live = connection.execute(
        sa.select(s.candidate.c.candidate_id).where(s.candidate.c.candidate_id == name, s.candidate.c.live)
    ).scalar()
    if live is not None:
        return [live]
    try:
        event_id = follow(connection, name)
    except UnknownIdError:
        raise UnknownIdError(f"{name}: the record holds no event and no account of this id; headcount events lists them") from None
    found = connection.execute(
        sa.select(s.event_member.c.candidate_id)
        .where(s.event_member.c.event_id == event_id)
        .order_by(s.event_member.c.candidate_id)
    ).scalars()
    members = list(found)
    founder = connection.execute(sa.select(s.event_name.c.founder).where(s.event_name.c.event_id == event_id)).scalar()
    if not members:
        raise UnknownIdError(f"{name}: this event has no account left; headcount show {name} says why")
    return sorted(members, key=lambda one: one != founder)


def _accounts_in(connection: sa.Connection, every: Sequence[str], name: str) -> list[str]:
    if name in every:
        return [name]
    found = connection.execute(
        sa.select(s.candidate.c.candidate_id).where(s.candidate.c.report_id == name, s.candidate.c.live)
    ).scalars()
    of_report = [one for one in found if one in every]
    if not of_report:
        raise UnknownIdError(f"{name}: no account or report of this event; headcount show lists them")
    return of_report


def _joining(connection: sa.Connection, mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs that join two events: one of each, and every pair that people hold to be different, whose word this overrules.

    For the rest each of them holds together as before.
    """
    parted = []
    for chunk in in_chunks(mine):
        for one, other in ((s.judgement.c.left_id, s.judgement.c.right_id), (s.judgement.c.right_id, s.judgement.c.left_id)):
            query = sa.select(one, other).where(
                one.in_(chunk), s.judgement.c.verdict == "different", s.judgement.c.reverted_at.is_(None)
            )
            parted += [(a, b) for a, b in connection.execute(query) if b in theirs]
    return list(dict.fromkeys([(mine[0], theirs[0]), *sorted(parted)]))


def _write(
    connection: sa.Connection, pairs: Iterable[tuple[str, str]], verdict: Verdict, *, by: str, at: dt.datetime, note: str
) -> Decided:
    decision = next_id(connection, s.judgement.c.decision)
    ordered = [(min(pair), max(pair)) for pair in pairs]
    rows = _rows(connection, ordered, verdict, decision=decision, by=by, at=at, note=note)
    connection.execute(sa.insert(s.judgement), rows)
    return Decided(decision=decision, pairs=tuple(ordered))


def _rows(
    connection: sa.Connection,
    pairs: Iterable[tuple[str, str]],
    verdict: str,
    *,
    decision: int,
    by: str,
    at: dt.datetime,
    note: str,
) -> list[Row]:
    number = next_id(connection, s.judgement.c.judgement_id)
    return [
        {
            "judgement_id": number + index,
            "decision": decision,
            "left_id": min(pair),
            "right_id": max(pair),
            "verdict": verdict,
            "made_by": by,
            "made_at": at,
            "note": note,
        }
        for index, pair in enumerate(pairs)
    ]

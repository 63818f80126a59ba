"""Why accounts are one event, or two: what linkage judged of each pair, with its reasons, and what people decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from headcount.models import Verdict
from headcount.record import schema as s
from headcount.record.rows import in_chunks

if TYPE_CHECKING:
    from headcount.linkage import Account

PERHAPS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudged:
    """What linkage judged of two accounts."""

    left: str
    right: str
    verdict: Verdict
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision of a person on pairs of accounts; a merge or a split is one decision on several."""

    decision: int
    verdicts: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    by: str
    at: dt.datetime
    note: str
    reverted_at: dt.datetime | None = None
    reverted_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Why the accounts of one event belong together, and which other events may be it, too."""

    pairs: tuple[PairJudged, ...]
    """The strongest ties that hold all of them together, and after them the pairs that linkage would part."""

    decisions: tuple[Decided, ...] = ()
    perhaps: tuple[tuple[str, PairJudged], ...] = ()
    """Events of which linkage is unsure whether they are this one, with the pair that it doubts."""


def load_joining(connection: sa.Connection, event_id: str, candidates: Sequence[str]) -> Joined:
    """Why these accounts are one event."""
    mine = set(candidates)
    inner: dict[tuple[str, str], Any] = {}
    outer: list[Any] = []
    c = s.comparison.c
    for chunk in in_chunks(candidates):
        for row in connection.execute(sa.select(s.comparison).where(c.left_id.in_(chunk) | c.right_id.in_(chunk))):
            if row.left_id in mine and row.right_id in mine:
                inner[row.left_id, row.right_id] = row
            elif row.verdict == "unsure":
                outer.append(row)
    shown = _strongest(inner.values()) + sorted(
        (row for row in inner.values() if row.verdict != "same"), key=lambda row: (row.score, row.left_id, row.right_id)
    )
    near = _nearest(connection, event_id, mine, outer)
    accounts = _accounts(connection, {one for row in [*shown, *(row for _, row in near)] for one in (row.left_id, row.right_id)})
    return Joined(
        pairs=tuple(dict.fromkeys(_judged(row, accounts) for row in shown)),
        decisions=load_decisions(connection, candidates=candidates),
        perhaps=tuple((name, _judged(row, accounts)) for name, row in near),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Why two events are two: what linkage judges of their accounts, the nearest pair first, and what people decided."""

    pairs: tuple[PairJudged, ...]
    decisions: tuple[Decided, ...] = ()
    compared: bool = True
    """False where linkage never set their accounts beside each other, because they lie too far apart in time or place."""


def load_parting(connection: sa.Connection, left: Sequence[str], right: Sequence[str]) -> Parted:
    """Why the accounts of two events are not of one."""
    mine, theirs, c = set(left), set(right), s.comparison.c
    rows: list[Any] = []
    for chunk in in_chunks(left):
        query = sa.select(s.comparison).where(c.left_id.in_(chunk) | c.right_id.in_(chunk))
        rows += [
            row for row in connection.execute(query) if {row.left_id, row.right_id} & mine and {row.left_id, row.right_id} & theirs
        ]
    rows.sort(key=lambda row: (-row.score, row.left_id, row.right_id))
    both = {one.decision: one for one in load_decisions(connection, candidates=left)}
    about = tuple(one for one in both.values() if any(theirs & set(pair) for pair in one.pairs))
    if rows:
        shown = rows[:PERHAPS_SHOWN]
        accounts = _accounts(connection, {one for row in shown for one in (row.left_id, row.right_id)})
        return Parted(pairs=tuple(_judged(row, accounts) for row in shown), decisions=about)
    from headcount.linkage import judge_pair

    accounts = _accounts(connection, {min(left), min(right)})
    judged = judge_pair(accounts[min(left)], accounts[min(right)])
    pair = PairJudged(left=min(left), right=min(right), verdict=judged.verdict, score=judged.score, reasons=judged.reasons)
    return Parted(pairs=(pair,), decisions=about, compared=False)


def load_decisions(connection: sa.Connection, *, candidates: Iterable[str] | None = None) -> tuple[Decided, ...]:
    """People's decisions, the oldest first: all of them, or those that stand and are about these accounts."""
    j = s.judgement.c
    rows: dict[int, Any] = {}
    if candidates is None:
        rows = {row.judgement_id: row for row in connection.execute(sa.select(s.judgement))}
    else:
        for chunk in in_chunks(candidates):
            query = sa.select(s.judgement).where(j.reverted_at.is_(None), j.left_id.in_(chunk) | j.right_id.in_(chunk))
            rows.update((row.judgement_id, row) for row in connection.execute(query))
    found: dict[int, list[Any]] = {}
    for number in sorted(rows):
        found.setdefault(rows[number].decision, []).append(rows[number])
    return tuple(
        Decided(
            decision=decision,
            verdicts=tuple(row.verdict for row in pairs),
            pairs=tuple((row.left_id, row.right_id) for row in pairs),
            by=pairs[0].made_by,
            at=pairs[0].made_at,
            note=pairs[0].note,
            reverted_at=pairs[0].reverted_at,
            reverted_by=pairs[0].reverted_by,
        )
        for decision, pairs in found.items()
    )


def events_of(connection: sa.Connection, candidates: Iterable[str]) -> dict[str, str]:
    """By account the event that it belongs to; accounts of reports that have changed since may belong to none."""
    found: dict[str, str] = {}
    for chunk in in_chunks(sorted(set(candidates))):
        query = sa.select(s.event_member).where(s.event_member.c.candidate_id.in_(chunk))
        found.update((row.candidate_id, row.event_id) for row in connection.execute(query))
    return found


def _strongest(rows: Iterable[Any]) -> list[Any]:
    """The strongest pairs that are needed to hold all accounts together: a spanning tree, the highest score first."""
    first: dict[str, str] = {}

    def find(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    kept = []
    for row in sorted(rows, key=lambda one: (-one.score, one.left_id, one.right_id)):
        left, right = find(row.left_id), find(row.right_id)
        if left != right and row.verdict != "different":
            first[right] = left
            kept.append(row)
    return kept


def _nearest(connection: sa.Connection, event_id: str, mine: set[str], rows: Sequence[Any]) -> list[tuple[str, Any]]:
    """The other events that linkage is unsure about, each with its strongest pair."""
    of = events_of(connection, {row.right_id if row.left_id in mine else row.left_id for row in rows})
    best: dict[str, Any] = {}
    for row in sorted(rows, key=lambda one: (-one.score, one.left_id, one.right_id)):
        other = of.get(row.right_id if row.left_id in mine else row.left_id)
        if other is not None and other != event_id:
            best.setdefault(other, row)
    return list(best.items())[:PERHAPS_SHOWN]


def _accounts(connection: sa.Connection, names: set[str]) -> dict[str, Account]:
    if not names:
        return {}
    from dataclasses import replace

    from headcount.record.packing import unpack_account

    c = s.candidate.c
    found: dict[str, Account] = {}
    for chunk in in_chunks(sorted(names)):
        for row in connection.execute(sa.select(c.candidate_id, c.report_id, c.account).where(c.live, c.candidate_id.in_(chunk))):
            found[row.candidate_id] = replace(unpack_account(row.account), candidate_id=row.candidate_id, report_id=row.report_id)
    return found


def _judged(row: Any, accounts: Mapping[str, Account]) -> PairJudged:
    reasons: tuple[str, ...] = ()
    if row.left_id in accounts and row.right_id in accounts:
        import numpy as np

        from headcount.linkage import write_reasons

        levels = np.array([int(code) for code in row.levels.split(".")], dtype=np.int8)
        reasons = write_reasons(accounts[row.left_id], accounts[row.right_id], levels)
    return PairJudged(left=row.left_id, right=row.right_id, verdict=row.verdict, score=row.score, reasons=reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A person's word on a statement, with the words that it is about and the event that they are of today."""

    number: int
    statement_id: str
    decision: str
    value: str | None
    by: str
    at: dt.datetime
    note: str
    reverted_at: dt.datetime | None
    reverted_by: str | None
    variable: str | None
    quote: str | None
    """None where no current reading of the report holds the statement."""

    event_id: str | None


def load_reviewed(connection: sa.Connection) -> tuple[Reviewed, ...]:
    """All reviews, the oldest first."""
    rows = connection.execute(sa.select(s.review).order_by(s.review.c.review_id)).all()
    found: dict[str, tuple[str, str]] = {}
    events: dict[str, str | None] = {}
    for name in {row.statement_id for row in rows}:
        query = (
            sa.select(s.statement.c.variable, s.statement.c.quote)
            .join(s.coding, s.coding.c.coding_id == s.statement.c.coding_id)
            .where(s.statement.c.statement_id == name, s.coding.c.state == "current")
        )
        if (told := connection.execute(query).first()) is not None:
            found[name] = (told.variable, told.quote)
            held = events_of(connection, accounts_stating(connection, statement=name))
            events[name] = next(iter(sorted(held.values())), None)
    return tuple(
        Reviewed(
            number=row.review_id,
            statement_id=row.statement_id,
            decision=row.decision,
            value=row.value,
            by=row.made_by,
            at=row.made_at,
            note=row.note,
            reverted_at=row.reverted_at,
            reverted_by=row.reverted_by,
            variable=found.get(row.statement_id, (None, None))[0],
            quote=found.get(row.statement_id, (None, None))[1],
            event_id=events.get(row.statement_id),
        )
        for row in rows
    )


def accounts_stating(connection: sa.Connection, *, statement: str | None = None, review: int | None = None) -> list[str]:
    """The live accounts that a statement is of: one named itself, or the one that a review is about."""
    from headcount.record.storing import statements_of

    if statement is None:
        statement = connection.execute(sa.select(s.review.c.statement_id).where(s.review.c.review_id == review)).scalar()
    query = (
        sa.select(s.candidate.c.candidate_id, s.candidate.c.content)
        .join(s.statement, s.statement.c.coding_id == s.candidate.c.coding_id)
        .where(s.statement.c.statement_id == statement, s.candidate.c.live)
        .order_by(s.candidate.c.candidate_id)
    )
    return [row.candidate_id for row in connection.execute(query) if statement in statements_of(row.content)]

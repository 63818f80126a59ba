"""Derives events: links the live candidate events, names the clusters, and reconciles each into one event.

Everything written here can be deleted and made again from what reports say and people decided. A record whose events were
derived from what it holds now is left alone, so that the same command twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from headcount.linkage import VERDICTS, Accounts, Decision, Linked, link
from headcount.models import Event, Review
from headcount.reconcile import Member, reconcile_event
from headcount.record import schema as s
from headcount.record.naming import Name, name_clusters
from headcount.record.packing import pack_event, unpack_account, unpack_candidate
from headcount.record.reviewing import apply_reviews
from headcount.record.storing import SHARED, Row, in_chunks

DERIVED_FROM: Final = "derived_from"
RULES: Final = "1"
"""Changes when linkage, reconciling or the columns of events do: every record is then derived anew at its next ingest or link."""

INSERTED_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What a derivation did."""

    candidates: int
    events: int
    new: int
    changed: int
    merged: int
    gone: int
    overruled: tuple[Decision, ...] = ()
    """People's decisions that newer ones contradict; they do not hold."""

    up_to_date: bool = False


def sign(connection: sa.Connection) -> str:
    """What the events are derived from, in few words: it changes whenever they may."""
    counts = [RULES]
    for query in (
        sa.select(sa.func.count(), sa.func.max(s.candidate.c.candidate_key), sa.func.sum(s.candidate.c.candidate_key)).where(
            s.candidate.c.live
        ),
        sa.select(sa.func.count(), sa.func.count(s.judgement.c.reverted_at)).select_from(s.judgement),
        sa.select(sa.func.count(), sa.func.count(s.review.c.reverted_at)).select_from(s.review),
        sa.select(sa.func.count()).select_from(s.near_copy),
        sa.select(sa.func.count()).select_from(s.event_name).where(s.event_name.c.state == "withdrawn"),
    ):
        counts += [str(value or 0) for value in connection.execute(query).one()]
    return ".".join(counts)


def is_up_to_date(connection: sa.Connection) -> bool:
    """Whether the events are derived from what the record holds now."""
    told = connection.execute(sa.select(s.state.c.value).where(s.state.c.name == DERIVED_FROM)).scalar()
    return told == sign(connection)


def derive_events(connection: sa.Connection, *, on_step: Callable[[str], None] = lambda _: None) -> Derived:
    """Links, names and reconciles, in the caller's transaction. Only events whose accounts or reviews changed are written."""
    groups = copy_groups(connection)
    keys: dict[str, int] = {}
    reports: dict[str, str] = {}
    accounts = []
    query = sa.select(s.candidate.c.candidate_id, s.candidate.c.candidate_key, s.candidate.c.report_id, s.candidate.c.account)
    live = connection.execute(query.where(s.candidate.c.live))
    for row in sorted(live, key=lambda one: one.candidate_id):  # databases differ in how they order text
        keys[row.candidate_id] = row.candidate_key
        reports[row.candidate_id] = row.report_id
        account = unpack_account(row.account)
        group = groups.get(row.report_id)
        accounts.append(replace(account, candidate_id=row.candidate_id, report_id=row.report_id, copy_group=group))
    linked = link(Accounts.from_accounts(accounts), decisions_of(connection))
    on_step("linked")
    ids = [account.candidate_id for account in accounts]
    labels = dict(zip(ids, linked.cluster.tolist(), strict=True))
    witnesses = {name: ids[row] for name, row in zip(ids, linked.witness.tolist(), strict=True)}
    before = {row.candidate_id: row.event_id for row in connection.execute(sa.select(s.event_member))}
    ledger = [_name_of(row) for row in connection.execute(sa.select(s.event_name))]
    named = name_clusters(labels, ledger, before)
    after = {candidate: named.of_label[label] for candidate, label in labels.items()}
    withdrawn = {name.event_id for name in named.names if name.state == "withdrawn"}

    _write_names(connection, ledger, named.names)
    _write_members(connection, before, after)
    _write_comparisons(connection, linked, ids)
    ties = sorted({(min(pair), max(pair)) for pair in _tied_events(linked, named.of_label)})
    macroevents = _write_ties(connection, ties)
    on_step("clusters written")

    clusters: dict[str, list[str]] = {}
    for candidate, event_id in after.items():
        if event_id not in withdrawn:
            clusters.setdefault(event_id, []).append(candidate)
    reviews = reviews_of(connection)
    touched = _candidates_reviewed(connection, reviews)
    prints = {
        event_id: _fingerprint(
            [(keys[one], witnesses[one], touched.get(one)) for one in sorted(members)], macroevents.get(event_id)
        )
        for event_id, members in clusters.items()
    }
    stored = {row.event_id: row.fingerprint for row in connection.execute(sa.select(s.event.c.event_id, s.event.c.fingerprint))}
    stale = [event_id for event_id, found in stored.items() if prints.get(event_id) != found]
    for chunk in in_chunks(stale):
        connection.execute(sa.delete(s.event).where(s.event.c.event_id.in_(chunk)))
    fresh = [event_id for event_id in sorted(prints) if stored.get(event_id) != prints[event_id]]
    _write_events(connection, fresh, clusters, prints, witnesses, reviews, macroevents)
    on_step("events written")
    _remember(connection, sign(connection))
    known = {name.event_id: name.state for name in ledger}
    return Derived(
        candidates=len(ids),
        events=len(clusters),
        new=sum(event_id not in known for event_id in clusters),
        changed=sum(event_id in stored for event_id in fresh),
        merged=sum(name.state == "merged" and known.get(name.event_id) != "merged" for name in named.names),
        gone=sum(name.state == "gone" and known.get(name.event_id) != "gone" for name in named.names),
        overruled=linked.overruled,
    )


def copy_groups(connection: sa.Connection) -> dict[str, str]:
    """By report the name of its group of near-copies: that of the first of them by id. Reports without a copy have none."""
    left, right = s.version.alias("a"), s.version.alias("b")
    mine, theirs = s.report.alias("ra"), s.report.alias("rb")
    query = (
        sa.select(left.c.report_id, right.c.report_id)
        .join_from(s.near_copy, left, left.c.version_id == s.near_copy.c.left_version)
        .join(right, right.c.version_id == s.near_copy.c.right_version)
        .join(mine, mine.c.current_version == left.c.version_id)
        .join(theirs, theirs.c.current_version == right.c.version_id)
    )
    first: dict[str, str] = {}

    def find(name: str) -> str:
        while first.setdefault(name, name) != name:
            first[name] = first[first[name]]
            name = first[name]
        return name

    for a, b in connection.execute(query):
        one, other = sorted((find(a), find(b)))
        first[other] = one
    return {name: find(name) for name in list(first)}


def decisions_of(connection: sa.Connection) -> list[Decision]:
    """People's judgements that stand, the oldest first."""
    query = sa.select(s.judgement).where(s.judgement.c.reverted_at.is_(None)).order_by(s.judgement.c.judgement_id)
    return [(row.left_id, row.right_id, row.verdict) for row in connection.execute(query)]


def reviews_of(connection: sa.Connection) -> dict[str, Review]:
    """By statement the review that counts: the newest that is not taken back."""
    query = sa.select(s.review).where(s.review.c.reverted_at.is_(None)).order_by(s.review.c.review_id)
    return {
        row.statement_id: Review(
            review_id=row.review_id, statement_id=row.statement_id, decision=row.decision, value=row.value,
            by=row.made_by, at=row.made_at, note=row.note,
        )
        for row in connection.execute(query)
    }  # fmt: skip


def load_members(
    connection: sa.Connection, candidates: Iterable[str], *, witnesses: Mapping[str, str], reviews: Mapping[str, Review]
) -> dict[str, Member]:
    """The live candidate events of these ids as reconcile sees them, reviews applied; ``witnesses`` names by candidate event the
    first account that tells the same text."""
    found: dict[str, Member] = {}
    columns = (
        s.candidate.c.candidate_id,
        s.candidate.c.report_id,
        s.candidate.c.content,
        s.version.c.published,
        s.version.c.publisher,
    )
    joined = (
        sa.select(*columns)
        .join(s.coding, s.coding.c.coding_id == s.candidate.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
    )
    for chunk in in_chunks(candidates):
        for row in connection.execute(joined.where(s.candidate.c.candidate_id.in_(chunk), s.candidate.c.live)):
            packed = apply_reviews(unpack_candidate(row.content), reviews)
            found[row.candidate_id] = Member(
                candidate=packed.event,
                lineage=packed.lineage,
                report_id=row.report_id,
                published=row.published.isoformat() if row.published else "",
                publisher=row.publisher or "",
                witness=witnesses.get(row.candidate_id, row.candidate_id),
            )
    return found


def event_row(event: Event, fingerprint: str) -> Row:
    """The event as its row holds it."""
    return {
        "event_id": event.event_id,
        **{name: getattr(event, name) for name in SHARED},
        "series": event.series,
        "size_derived": event.size_derived,
        "claimant_role": event.claimant_role,
        "macroevent": event.macroevent,
        "witnesses": event.witnesses,
        "report_count": len(event.reports),
        "issues": "|" + "|".join(event.issues) + "|" if event.issues else "",
        "content": pack_event(event),
        "fingerprint": fingerprint,
    }


def _write_events(
    connection: sa.Connection,
    fresh: list[str],
    clusters: Mapping[str, list[str]],
    prints: Mapping[str, str],
    witnesses: Mapping[str, str],
    reviews: Mapping[str, Review],
    macroevents: Mapping[str, str],
) -> None:
    for part in _in_parts(fresh, INSERTED_AT_ONCE):
        members = load_members(connection, (one for name in part for one in clusters[name]), witnesses=witnesses, reviews=reviews)
        rows = []
        for event_id in part:
            event = reconcile_event(event_id, [members[one] for one in clusters[event_id]], macroevent=macroevents.get(event_id))
            rows.append(event_row(event, prints[event_id]))
        connection.execute(sa.insert(s.event), rows)


def _write_names(connection: sa.Connection, before: list[Name], after: Iterable[Name]) -> None:
    known = {name.event_id: name for name in before}
    new = []
    for name in after:
        values = {"founder": name.founder, "state": name.state, "merged_into": name.merged_into, "reason": name.reason}
        if name.event_id not in known:
            new.append({"event_id": name.event_id, "number": name.number, **values})
        elif known[name.event_id] != name:
            connection.execute(sa.update(s.event_name).where(s.event_name.c.event_id == name.event_id).values(**values))
    for part in _in_parts(new, INSERTED_AT_ONCE):
        connection.execute(sa.insert(s.event_name), part)


def _write_members(connection: sa.Connection, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    moved = [candidate for candidate, event_id in before.items() if after.get(candidate) != event_id]
    for chunk in in_chunks(moved):
        connection.execute(sa.delete(s.event_member).where(s.event_member.c.candidate_id.in_(chunk)))
    new = [{"candidate_id": one, "event_id": event_id} for one, event_id in after.items() if before.get(one) != event_id]
    for part in _in_parts(new, INSERTED_AT_ONCE):
        connection.execute(sa.insert(s.event_member), part)


def _write_comparisons(connection: sa.Connection, linked: Linked, ids: list[str]) -> None:
    connection.execute(sa.delete(s.comparison))
    for part in _in_parts(_comparison_rows(linked, ids), INSERTED_AT_ONCE):
        connection.execute(sa.insert(s.comparison), part)


def _comparison_rows(linked: Linked, ids: list[str]) -> Iterator[Row]:
    """The pairs that linkage compared, the smaller id first; a person's decision on one is in the ledger, not here."""
    pairs = linked.pairs
    columns = (pairs.left.tolist(), pairs.right.tolist(), pairs.score.tolist(), pairs.levels.tolist(), pairs.verdict.tolist())
    for left, right, score, levels, verdict in zip(*columns, strict=True):
        one, other = sorted((ids[left], ids[right]))
        yield {
            "left_id": one,
            "right_id": other,
            "verdict": VERDICTS[verdict],
            "score": round(score, 3),
            "levels": ".".join(map(str, levels)),
        }


def _tied_events(linked: Linked, of_label: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for left, right in linked.ties.tolist():
        if left != right:
            yield of_label[left], of_label[right]


def _write_ties(connection: sa.Connection, ties: list[tuple[str, str]]) -> dict[str, str]:
    """Writes the ties; returns by event the name of the macroevent that it belongs to: the smallest id of those tied together."""
    connection.execute(sa.delete(s.tie))
    if ties:
        connection.execute(sa.insert(s.tie), [{"left_event": left, "right_event": right} for left, right in ties])
    names: dict[str, str] = {}
    for left, right in ties:
        one, other = sorted((names.get(left, left), names.get(right, right)))
        for event_id, name in list(names.items()):
            if name == other:
                names[event_id] = one
        names[left] = names[right] = one
    return {event_id: "m-" + name.removeprefix("ev-") for event_id, name in names.items()}


def _candidates_reviewed(connection: sa.Connection, reviews: Mapping[str, Review]) -> dict[str, str]:
    """By candidate event which reviews touch it."""
    touched: dict[str, list[str]] = {}
    for chunk in in_chunks(sorted(reviews)):
        codings = (
            sa.select(s.statement.c.coding_id, s.statement.c.statement_id).where(s.statement.c.statement_id.in_(chunk)).subquery()
        )
        query = sa.select(s.candidate.c.candidate_id, s.candidate.c.content, codings.c.statement_id).join(
            codings, codings.c.coding_id == s.candidate.c.coding_id
        )
        for row in connection.execute(query.where(s.candidate.c.live)):
            if any(row.statement_id in one for one in unpack_candidate(row.content).lineage.values()):
                touched.setdefault(row.candidate_id, []).append(str(reviews[row.statement_id].review_id))
    return {candidate: ".".join(sorted(found)) for candidate, found in touched.items()}


def _fingerprint(members: list[tuple[Any, ...]], macroevent: str | None) -> str:
    return hashlib.blake2b(repr((RULES, members, macroevent)).encode(), digest_size=12).hexdigest()


def _remember(connection: sa.Connection, value: str) -> None:
    connection.execute(sa.delete(s.state).where(s.state.c.name == DERIVED_FROM))
    connection.execute(sa.insert(s.state).values(name=DERIVED_FROM, value=value))


def _name_of(row: Any) -> Name:
    return Name(
        event_id=row.event_id,
        number=row.number,
        founder=row.founder,
        state=row.state,
        merged_into=row.merged_into,
        reason=row.reason,
    )


def _in_parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    part: list[Any] = []
    for item in items:
        part.append(item)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part

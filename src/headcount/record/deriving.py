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

from headcount.linkage import VERDICTS, Account, Accounts, Decision, Linked, link, sign_rules
from headcount.models import Event, Review
from headcount.reconcile import Member, reconcile_event
from headcount.record import schema as s
from headcount.record.grouping import copy_groups, name_macroevents
from headcount.record.naming import Name, name_clusters
from headcount.record.packing import fold_key, pack_event, unpack_account, unpack_candidate
from headcount.record.reviewing import apply_reviews
from headcount.record.rows import Row, in_chunks, insert_rows
from headcount.record.storing import SHARED

DERIVED_FROM: Final = "derived_from"
RULES: Final = "1"
"""Changes when the code of linkage, reconciling or the columns of events do: every record is then derived anew at its next ingest
or link. What linkage.toml and the constants of linkage say is seen without it (``sign_rules``)."""

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
    counts = [RULES, sign_rules()]
    for query in (
        sa.select(sa.func.count(), sa.func.max(s.candidate.c.candidate_key), sa.func.sum(s.candidate.c.candidate_key)).where(
            s.candidate.c.live
        ),
        sa.select(sa.func.count(), sa.func.count(s.judgement.c.reverted_at)).select_from(s.judgement),
        sa.select(sa.func.count(), sa.func.count(s.review.c.reverted_at)).select_from(s.review),
        sa.select(sa.func.count()).select_from(s.near_copy),
    ):
        counts += [str(value or 0) for value in connection.execute(query).one()]
    withdrawn = sa.select(s.event_name.c.number).where(s.event_name.c.state == "withdrawn").order_by(s.event_name.c.number)
    counts.append("-".join(str(number) for number in connection.execute(withdrawn).scalars()))
    return ".".join(counts)


def is_up_to_date(connection: sa.Connection) -> bool:
    """Whether the events are derived from what the record holds now."""
    told = connection.execute(sa.select(s.state.c.value).where(s.state.c.name == DERIVED_FROM)).scalar()
    return told == sign(connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What the events are by what the record holds, before any of it is written."""

    ids: list[str]
    """The live candidate events, in order."""

    linked: Linked
    ledger: list[Name]
    names: tuple[Name, ...]
    """The ledger of ids as it was, and as it will be."""

    before: dict[str, str]
    after: dict[str, str]
    """By candidate event the id of its event, as it was and as it will be."""

    ties: list[tuple[str, str]]
    macroevents: dict[str, str]
    clusters: dict[str, list[str]]
    """The candidate events of each event that is not withdrawn."""

    prints: dict[str, str]
    """By event a hash of all that it is made of: one that is stored with the same has the same content."""

    witnesses: dict[str, str]
    reviews: dict[str, Review]
    live: sa.ColumnElement[bool]


LIVE: Final[sa.ColumnElement[bool]] = s.candidate.c.live.is_(True)
"""Which candidate events count."""


def plan_events(connection: sa.Connection, *, live: sa.ColumnElement[bool] = LIVE) -> Derivation:
    """Links and names the live candidate events; reads the record and writes nothing. ``live`` says which are to count."""
    groups = copy_groups(connection)
    reviews = reviews_of(connection)
    touched = _candidates_reviewed(connection, reviews, live=live)
    keys: dict[str, int] = {}
    accounts = []
    query = sa.select(s.candidate.c.candidate_id, s.candidate.c.candidate_key, s.candidate.c.report_id, s.candidate.c.account)
    for row in sorted(
        connection.execute(query.where(live)), key=lambda one: one.candidate_id
    ):  # databases differ in how they order text
        keys[row.candidate_id] = row.candidate_key
        account = unpack_account(row.account)
        group = groups.get(row.report_id)
        account = replace(account, candidate_id=row.candidate_id, report_id=row.report_id, copy_group=group)
        accounts.append(_reviewed(connection, account, reviews, live=live) if row.candidate_id in touched else account)
    linked = link(Accounts.from_accounts(accounts), decisions_of(connection))
    ids = [account.candidate_id for account in accounts]
    labels = dict(zip(ids, linked.cluster.tolist(), strict=True))
    witnesses = {name: ids[row] for name, row in zip(ids, linked.witness.tolist(), strict=True)}
    before = {row.candidate_id: row.event_id for row in connection.execute(sa.select(s.event_member))}
    ledger = [_name_of(row) for row in connection.execute(sa.select(s.event_name))]
    told = {account.candidate_id: account.published.isoformat() for account in accounts if account.published is not None}
    named = name_clusters(labels, ledger, before, told=told)
    after = {candidate: named.of_label[label] for candidate, label in labels.items()}
    withdrawn = {name.event_id for name in named.names if name.state == "withdrawn"}
    ties = sorted({(min(pair), max(pair)) for pair in _tied_events(linked, named.of_label)})
    macroevents = name_macroevents(ties)
    clusters: dict[str, list[str]] = {}
    for candidate, event_id in after.items():
        if event_id not in withdrawn:
            clusters.setdefault(event_id, []).append(candidate)
    prints = {
        event_id: _fingerprint(
            [(keys[one], witnesses[one], touched.get(one)) for one in sorted(members)], macroevents.get(event_id)
        )
        for event_id, members in clusters.items()
    }
    return Derivation(
        ids=ids, linked=linked, ledger=ledger, names=named.names, before=before, after=after, ties=ties,
        macroevents=macroevents, clusters=clusters, prints=prints, witnesses=witnesses, reviews=reviews, live=live,
    )  # fmt: skip


def stored_prints(connection: sa.Connection) -> dict[str, str]:
    """The hash that each stored event was derived with."""
    return {row.event_id: row.fingerprint for row in connection.execute(sa.select(s.event.c.event_id, s.event.c.fingerprint))}


def reconcile_planned(connection: sa.Connection, plan: Derivation, event_ids: Iterable[str]) -> Iterator[Event]:
    """The events of these ids as the plan makes them, in order, some thousands held at a time."""
    for part in _in_parts(event_ids, INSERTED_AT_ONCE):
        wanted = (one for name in part for one in plan.clusters[name])
        members = load_members(connection, wanted, witnesses=plan.witnesses, reviews=plan.reviews, live=plan.live)
        for event_id in part:
            told = [members[one] for one in plan.clusters[event_id]]
            yield reconcile_event(event_id, told, macroevent=plan.macroevents.get(event_id))


def derive_events(connection: sa.Connection, *, on_step: Callable[[str], None] = lambda _: None) -> Derived:
    """Links, names and reconciles, in the caller's transaction. Only events whose accounts or reviews changed are written."""
    plan = plan_events(connection)
    on_step("linked")
    _write_names(connection, plan.ledger, plan.names)
    _write_members(connection, plan.before, plan.after)
    _write_comparisons(connection, plan.linked, plan.ids)
    _write_ties(connection, plan.ties)
    on_step("clusters written")
    stored = stored_prints(connection)
    for chunk in in_chunks(event_id for event_id, found in stored.items() if plan.prints.get(event_id) != found):
        connection.execute(sa.delete(s.event).where(s.event.c.event_id.in_(chunk)))
    fresh = [event_id for event_id in sorted(plan.prints) if stored.get(event_id) != plan.prints[event_id]]
    for events in _in_parts(reconcile_planned(connection, plan, fresh), INSERTED_AT_ONCE):
        insert_rows(connection, s.event, [event_row(event, plan.prints[event.event_id]) for event in events])
    on_step("events written")
    _remember(connection, sign(connection))
    known = {name.event_id: name.state for name in plan.ledger}
    return Derived(
        candidates=len(plan.ids),
        events=len(plan.clusters),
        new=sum(event_id not in known for event_id in plan.clusters),
        changed=sum(event_id in stored for event_id in fresh),
        merged=sum(name.state == "merged" and known.get(name.event_id) != "merged" for name in plan.names),
        gone=sum(name.state == "gone" and known.get(name.event_id) != "gone" for name in plan.names),
        overruled=plan.linked.overruled,
    )


def derive_anew(connection: sa.Connection) -> Derived:
    """Forgets every event and makes it again; ids and decisions stay."""
    connection.execute(sa.delete(s.event))
    return derive_events(connection)


TOLD_OF_AN_ACCOUNT: Final = (
    "event_type", "status", "date_start", "date_end", "date_precision", "locality", "state", "country", "location_detail",
    "lat", "lon", "geonames_id", "organizations", "claims", "issues", "targets", "series",
)  # fmt: skip
"""What linkage compares and a person's review may change."""


def _reviewed(
    connection: sa.Connection, account: Account, reviews: Mapping[str, Review], *, live: sa.ColumnElement[bool]
) -> Account:
    """The account as the reviewers leave it: a town that was put right is compared as it is now."""
    query = sa.select(s.candidate.c.content).where(s.candidate.c.candidate_id == account.candidate_id, live)
    event = apply_reviews(unpack_candidate(connection.execute(query).scalar_one()), reviews).event
    people = event.size_unit == "people"
    changes: dict[str, Any] = {name: getattr(event, name) for name in TOLD_OF_AN_ACCOUNT}
    changes["size_low"], changes["size_high"] = (event.size_low, event.size_high) if people else (None, None)
    return replace(account, **changes)


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
    connection: sa.Connection,
    candidates: Iterable[str],
    *,
    witnesses: Mapping[str, str],
    reviews: Mapping[str, Review],
    live: sa.ColumnElement[bool] = LIVE,
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
        for row in connection.execute(joined.where(s.candidate.c.candidate_id.in_(chunk), live)):
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
    keyed = {"locality": event.locality, "state": event.state, "series": event.series}
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
        **{f"{name}_key": None if found is None else fold_key(found) for name, found in keyed.items()},
        "content": pack_event(event),
        "fingerprint": fingerprint,
    }


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
        insert_rows(connection, s.event_name, part)


def _write_members(connection: sa.Connection, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    moved = [candidate for candidate, event_id in before.items() if after.get(candidate) != event_id]
    for chunk in in_chunks(moved):
        connection.execute(sa.delete(s.event_member).where(s.event_member.c.candidate_id.in_(chunk)))
    new = [{"candidate_id": one, "event_id": event_id} for one, event_id in after.items() if before.get(one) != event_id]
    for part in _in_parts(new, INSERTED_AT_ONCE):
        insert_rows(connection, s.event_member, part)


def _write_comparisons(connection: sa.Connection, linked: Linked, ids: list[str]) -> None:
    connection.execute(sa.delete(s.comparison))
    for part in _in_parts(_comparison_rows(linked, ids), INSERTED_AT_ONCE):
        insert_rows(connection, s.comparison, part)


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


def _write_ties(connection: sa.Connection, ties: list[tuple[str, str]]) -> None:
    connection.execute(sa.delete(s.tie))
    if ties:
        connection.execute(sa.insert(s.tie), [{"left_event": left, "right_event": right} for left, right in ties])


def _candidates_reviewed(
    connection: sa.Connection, reviews: Mapping[str, Review], *, live: sa.ColumnElement[bool]
) -> dict[str, str]:
    """By candidate event which reviews touch it."""
    touched: dict[str, list[str]] = {}
    for chunk in in_chunks(sorted(reviews)):
        codings = (
            sa.select(s.statement.c.coding_id, s.statement.c.statement_id).where(s.statement.c.statement_id.in_(chunk)).subquery()
        )
        query = sa.select(s.candidate.c.candidate_id, s.candidate.c.content, codings.c.statement_id).join(
            codings, codings.c.coding_id == s.candidate.c.coding_id
        )
        for row in connection.execute(query.where(live)):
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

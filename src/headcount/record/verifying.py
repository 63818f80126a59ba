"""Verifies a record: every value leads to its words, every word stands in its report, every report is counted once.

Everything is read in order and in parts; only the check that the events are derived from what the record holds takes the
memory that linking takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from headcount.models import Event, Report
from headcount.record import schema as s
from headcount.record.deriving import (
    Derivation,
    event_row,
    is_up_to_date,
    plan_events,
    reconcile_planned,
    reviews_of,
    stored_prints,
)
from headcount.record.originals import find_unfounded, find_unsourced
from headcount.record.packing import hash_content, unpack_candidate, unpack_event
from headcount.record.parts import codings_of, of_codings, parts, streamed
from headcount.record.resolving import Said, find_unresolved, stands_at
from headcount.record.rows import in_chunks
from headcount.record.storing import statements_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is off: what was looked at, where, what was found, and what to do."""

    check: str
    """``file``, ``versions``, ``spans``, ``codings``, ``runs``, ``sources``, ``values``, ``accounts``, ``ids``, ``decisions``,
    ``originals`` or ``derived``."""

    where: str
    found: str
    todo: str


RESTORE: Final = "the record was changed by something else than Headcount, or damaged: restore a copy"
LINK: Final = "run headcount link"
DEFECT: Final = "this is a defect of Headcount: report it; headcount recode --all reads the report again"


def verify_record(
    connection: sa.Connection, *, deep: bool = False, on_check: Callable[[str], None] = lambda _: None
) -> Iterator[Finding]:
    """Whatever is off, as it is found.

    With ``deep`` each event is made anew from its accounts and compared in full, the bytes of pages and documents are hashed, and
    the words of statements are looked for in them. ``on_check`` is told the name of each check as it begins.
    """
    for name, check in CHECKS.items():
        on_check(name)
        yield from check(connection)
    if deep:
        on_check("originals")
        yield from _check_originals(connection)
    on_check("derived")
    yield from _check_derived(connection, deep=deep)


def _check_file(connection: sa.Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong with the file."""
    if connection.dialect.name != "sqlite":
        return
    for (told,) in connection.exec_driver_sql("PRAGMA quick_check(20)"):
        if told != "ok":
            yield Finding(check="file", where="the file", found=str(told), todo="restore a copy; sqlite3 FILE .recover may save it")
    for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding(
            check="file", where=f"{row[0]} row {row[1]}", found=f"it refers to a row of {row[2]} that is missing", todo=RESTORE
        )


def _check_versions(connection: sa.Connection) -> Iterator[Finding]:
    """Every version is the report that was stored, every report has a current one, and that is its newest."""
    for row in streamed(connection, sa.select(s.version)):
        told = Report(
            text=row.text, title=row.title, publisher=row.publisher, published=row.published, url=row.url, country=row.country
        )
        if hash_content(told) != row.content_hash:
            yield Finding(
                check="versions", where=f"{row.report_id} version {row.number}", found="its text has changed", todo=RESTORE
            )
    newest = sa.select(s.version.c.report_id, sa.func.max(s.version.c.number).label("number")).group_by(s.version.c.report_id)
    newest_of = newest.subquery()
    query = (
        sa.select(s.report.c.report_id)
        .outerjoin(s.version, s.version.c.version_id == s.report.c.current_version)
        .outerjoin(newest_of, newest_of.c.report_id == s.report.c.report_id)
        .where(
            s.version.c.version_id.is_(None)
            | (s.version.c.report_id != s.report.c.report_id)
            | (s.version.c.number != newest_of.c.number)
        )
    )
    for (report_id,) in streamed(connection, query):
        yield Finding(check="versions", where=report_id, found="its current version is not its newest", todo=RESTORE)


def _check_spans(connection: sa.Connection) -> Iterator[Finding]:
    """Every quote of a statement or a roll-up stands at its span, and every account's statements are among its coding's."""
    codings = sa.select(s.coding.c.coding_id, s.version.c.report_id, s.version.c.text).join(
        s.version, s.version.c.version_id == s.coding.c.version_id
    )
    for part in parts(streamed(connection, codings.order_by(s.coding.c.coding_id))):
        texts = {row.coding_id: (row.report_id, row.text) for row in part}
        told: dict[int, set[str]] = {coding_id: set() for coding_id in texts}
        for row in of_codings(connection, s.statement, texts):
            told[row.coding_id].add(row.statement_id)
            report_id, text = texts[row.coding_id]
            if wrong := _misplaced(text, row):
                yield Finding(check="spans", where=f"{report_id} statement {row.statement_id}", found=wrong, todo=DEFECT)
        for row in of_codings(connection, s.rollup, texts):
            report_id, text = texts[row.coding_id]
            if wrong := _misplaced(text, row):
                yield Finding(check="spans", where=f"{report_id} roll-up {row.position}", found=wrong, todo=DEFECT)
        for row in of_codings(connection, s.candidate, texts):
            where = f"{texts[row.coding_id][0]} account {row.candidate_id}"
            try:
                packed = unpack_candidate(row.content)
            except msgspec.MsgspecError:
                yield Finding(check="spans", where=where, found="its content cannot be read", todo=RESTORE)
                continue
            lost = statements_of(row.content) - told[row.coding_id]
            if lost:
                yield Finding(check="spans", where=where, found=f"its statement {min(lost)} is missing", todo=RESTORE)
            span = packed.event.quote_span
            if not stands_at(texts[row.coding_id][1], span.start, span.end, packed.event.quote):
                yield Finding(check="spans", where=where, found="its sentence does not stand at its span", todo=DEFECT)


def _misplaced(text: str, row: Any) -> str | None:
    if row.span_end > len(text) or not 0 <= row.span_start <= row.span_end:
        return f"its span {row.span_start}..{row.span_end} lies outside the text of {len(text):,} characters"
    return None if stands_at(text, row.span_start, row.span_end, row.quote) else "its quote does not stand at its span"


def _check_codings(connection: sa.Connection) -> Iterator[Finding]:
    """Each report has one current coding, of its current version, and the accounts of that one alone are live."""
    current = (
        sa.select(s.version.c.report_id, sa.func.count().label("count"))
        .join(s.coding, s.coding.c.version_id == s.version.c.version_id)
        .where(s.coding.c.state == "current")
        .group_by(s.version.c.report_id)
        .subquery()
    )
    query = (
        sa.select(s.report.c.report_id, sa.func.coalesce(current.c.count, 0))
        .outerjoin(current, current.c.report_id == s.report.c.report_id)
        .where(sa.func.coalesce(current.c.count, 0) != 1)
    )
    for report_id, count in streamed(connection, query):
        yield Finding(check="codings", where=report_id, found=f"it has {count} current codings, expected one", todo=RESTORE)
    counts = sa.and_(s.coding.c.state == "current", s.report.c.current_version == s.coding.c.version_id)
    joined = (
        sa.select(s.candidate.c.candidate_id, s.coding.c.state, s.candidate.c.live, s.candidate.c.report_id)
        .join(s.coding, s.coding.c.coding_id == s.candidate.c.coding_id)
        .join(s.version, s.version.c.version_id == s.coding.c.version_id)
        .join(s.report, s.report.c.report_id == s.version.c.report_id)
        .where((s.candidate.c.live != counts) | (s.candidate.c.report_id != s.report.c.report_id))
    )
    for row in streamed(connection, joined):
        found = f"it is {'live' if row.live else 'not live'}, its coding {row.state}"
        yield Finding(check="codings", where=f"{row.report_id} account {row.candidate_id}", found=found, todo=RESTORE)
    twice = sa.select(s.candidate.c.candidate_id).where(s.candidate.c.live).group_by(s.candidate.c.candidate_id)
    for (name,) in streamed(connection, twice.having(sa.func.count() > 1)):
        yield Finding(check="codings", where=f"account {name}", found="it is live twice", todo=RESTORE)


def _check_runs(connection: sa.Connection) -> Iterator[Finding]:
    """The balance of every run: what went in came out once, and what was coded or screened out is stored."""
    stored = (
        sa.select(
            s.coding.c.run_id, sa.func.count().label("all"), sa.func.count(sa.case((s.coding.c.screened_out, 1))).label("out")
        )
        .group_by(s.coding.c.run_id)
        .subquery()
    )
    for row in streamed(
        connection, sa.select(s.run, stored.c.all, stored.c.out).outerjoin(stored, stored.c.run_id == s.run.c.run_id)
    ):
        where = f"run {row.run_id} ({row.started_at:%Y-%m-%d %H:%M})"
        outcomes = row.coded + row.screened_out + row.duplicate + row.failed
        if row.reports_in != outcomes:
            found = f"{row.reports_in:,} reports went in, {outcomes:,} came out"
            yield Finding(check="runs", where=where, found=found, todo=RESTORE)
        readings, out = row.all or 0, row.out or 0
        if (row.coded, row.screened_out - row.unopened) != (readings - out, out):
            unopened = f", {row.unopened:,} of them unopened" if row.unopened else ""
            found = (
                f"it counts {row.coded:,} coded and {row.screened_out:,} screened out{unopened}; "
                f"the record holds {readings - out:,} and {out:,} of it"
            )
            yield Finding(check="runs", where=where, found=found, todo=RESTORE)
        if row.other_language > row.screened_out:
            found = f"it counts {row.other_language:,} in another language among {row.screened_out:,} screened out"
            yield Finding(check="runs", where=where, found=found, todo=RESTORE)
    lost = (
        sa.select(s.version.c.report_id, s.version.c.number)
        .outerjoin(s.coding, s.coding.c.version_id == s.version.c.version_id)
        .where(s.coding.c.coding_id.is_(None))
    )
    for report_id, number in streamed(connection, lost):
        yield Finding(check="runs", where=f"{report_id} version {number}", found="it was stored but never read", todo=RESTORE)


def _check_sources(connection: sa.Connection) -> Iterator[Finding]:
    """What was seen in a source came out once, and every report that has a source has one that is known."""
    for where, found in find_unsourced(connection):
        yield Finding(check="sources", where=where, found=found, todo=RESTORE)


def _check_originals(connection: sa.Connection) -> Iterator[Finding]:
    """The bytes of pages and documents are what they were, and the words of every statement stand in them."""
    from headcount.sources.pages.tracing import stands_in

    for where, found in find_unfounded(connection, stands_in):
        yield Finding(check="originals", where=where, found=found, todo=RESTORE if where.startswith("capture") else DEFECT)


def _check_values(connection: sa.Connection) -> Iterator[Finding]:
    """Every value of every event leads to statements of its accounts, and its row says what its content says."""
    reviewed = reviews_of(connection)
    for part in parts(streamed(connection, sa.select(s.event).order_by(s.event.c.event_id))):
        events: dict[str, Event] = {}
        for row in part:
            try:
                event = unpack_event(row.content)
            except msgspec.MsgspecError:
                yield Finding(check="values", where=row.event_id, found="its content cannot be read", todo=LINK_AGAIN)
                continue
            events[row.event_id] = event
            told = event_row(event, row.fingerprint)
            wrong = [name for name, value in row._mapping.items() if name in told and name != "content" and told[name] != value]
            if wrong:
                yield Finding(
                    check="values", where=f"{row.event_id} {wrong[0]}", found="its row and its content differ", todo=LINK_AGAIN
                )
        codings = codings_of(connection, (one for event in events.values() for one in event.candidates))
        statements: dict[int, dict[str, Said]] = {coding_id: {} for coding_id in codings.values()}
        for row in of_codings(connection, s.statement, statements):
            statements[row.coding_id][row.statement_id] = Said(row.variable, row.value, row.quote)
        for event in events.values():
            of_event: dict[str, Said] = {}
            for one in event.candidates:
                of_event |= statements.get(codings.get(one, -1), {})
            for column, wrong_with in find_unresolved(event, of_event, reviewed.keys()):
                yield Finding(check="values", where=f"{event.event_id} {column}", found=wrong_with, todo=DEFECT)


LINK_AGAIN: Final = "run headcount upgrade --rebuild, which makes every event anew"


def _check_accounts(connection: sa.Connection) -> Iterator[Finding]:
    """Every live account belongs to one event, every event has the accounts that it says, and no other."""
    live = sa.select(s.candidate.c.candidate_id).where(s.candidate.c.live)
    members = sa.select(s.event_member.c.candidate_id)
    for (name,) in streamed(connection, live.where(s.candidate.c.candidate_id.not_in(members))):
        yield Finding(check="accounts", where=f"account {name}", found="it belongs to no event", todo=LINK)
    for (name,) in streamed(connection, members.where(s.event_member.c.candidate_id.not_in(live))):
        yield Finding(check="accounts", where=f"account {name}", found="it belongs to an event but counts no more", todo=LINK)
    query = (
        sa.select(s.event_member.c.event_id, s.event_name.c.state)
        .distinct()
        .outerjoin(s.event_name, s.event_name.c.event_id == s.event_member.c.event_id)
        .outerjoin(s.event, s.event.c.event_id == s.event_member.c.event_id)
        .where(s.event.c.event_id.is_(None) & (sa.func.coalesce(s.event_name.c.state, "") != "withdrawn"))
    )
    for event_id, _ in streamed(connection, query):
        yield Finding(check="accounts", where=event_id, found="it has accounts but is no event", todo=LINK)
    for part in parts(streamed(connection, sa.select(s.event.c.event_id, s.event.c.content))):
        held: dict[str, set[str]] = {row.event_id: set() for row in part}
        for chunk in in_chunks(held):
            for row in connection.execute(sa.select(s.event_member).where(s.event_member.c.event_id.in_(chunk))):
                held[row.event_id].add(row.candidate_id)
        for row in part:
            try:
                event = unpack_event(row.content)
            except msgspec.MsgspecError:
                continue  # told under values
            if set(event.candidates) != held[row.event_id]:
                yield Finding(
                    check="accounts", where=row.event_id, found="it was made of other accounts than it has", todo=LINK_AGAIN
                )


def _check_ids(connection: sa.Connection) -> Iterator[Finding]:
    """Every id that an event ever had leads to an event, or to a reason why there is none."""
    into = {
        row.event_id: row.merged_into
        for row in streamed(connection, sa.select(s.event_name).where(s.event_name.c.state == "merged"))
    }
    ends: dict[str, str] = {}
    for name in into:
        seen = [name]
        while (last := seen[-1]) in into and into[last] is not None and into[last] not in seen:
            seen.append(into[last])
        if last in into:
            found = "it leads to no id" if into[last] is None else f"it leads in a circle, by {into[last]}"
            yield Finding(check="ids", where=name, found=found, todo=RESTORE)
        else:
            ends[name] = last
    known: set[str] = set()
    for chunk in in_chunks(sorted(set(ends.values()))):
        known.update(connection.execute(sa.select(s.event_name.c.event_id).where(s.event_name.c.event_id.in_(chunk))).scalars())
    for name, last in ends.items():
        if last not in known:
            yield Finding(check="ids", where=name, found=f"it leads to {last}, which the record does not know", todo=RESTORE)
    unlike = (
        sa.select(s.event_name.c.event_id, s.event_name.c.state, s.event_name.c.reason, s.event.c.event_id.label("stands"))
        .outerjoin(s.event, s.event.c.event_id == s.event_name.c.event_id)
        .where((s.event_name.c.state == "live") != s.event.c.event_id.is_not(None))
    )
    for row in streamed(connection, unlike):
        found = f"its id is {row.state}, and there is {'an' if row.stands else 'no'} event of it"
        yield Finding(check="ids", where=row.event_id, found=found, todo=LINK)
    silent = sa.select(s.event_name.c.event_id).where(s.event_name.c.state.in_(("gone", "withdrawn")), s.event_name.c.reason == "")
    for (name,) in streamed(connection, silent):
        yield Finding(check="ids", where=name, found="it has no event and no reason is kept", todo=RESTORE)


def _check_decisions(connection: sa.Connection) -> Iterator[Finding]:
    """Every decision of a person is about accounts and statements that the record knows, of this coding or an older one."""
    known = sa.select(s.candidate.c.candidate_id)
    for side in (s.judgement.c.left_id, s.judgement.c.right_id):
        for number, name in streamed(connection, sa.select(s.judgement.c.decision, side).where(side.not_in(known))):
            found = f"it is about account {name}, which the record does not know"
            yield Finding(check="decisions", where=f"decision {number}", found=found, todo=RESTORE)
    told = sa.select(s.statement.c.statement_id)
    query = sa.select(s.review.c.review_id, s.review.c.statement_id).where(s.review.c.statement_id.not_in(told))
    for number, name in streamed(connection, query):
        found = f"it is about statement {name}, which the record does not know"
        yield Finding(check="decisions", where=f"review {number}", found=found, todo=RESTORE)


def _check_derived(connection: sa.Connection, *, deep: bool) -> Iterator[Finding]:
    """Linking, naming and reconciling anew gives the events that are stored."""
    if not is_up_to_date(connection):
        found = "they are not derived from what the record holds now"
        yield Finding(check="derived", where="events", found=found, todo=LINK)
        return
    plan = plan_events(connection)
    stored = stored_prints(connection)
    for event_id in sorted(plan.prints.keys() | stored.keys()):
        if plan.prints.get(event_id) != stored.get(event_id):
            found = "a fresh derivation does not make it" if event_id not in plan.prints else "a fresh derivation makes another"
            yield Finding(check="derived", where=event_id, found=found, todo=LINK_AGAIN)
    names = {name.event_id: name for name in plan.ledger}
    for name in plan.names:
        if names.get(name.event_id) != name:
            found = f"a fresh derivation makes this id {name.state}"
            yield Finding(check="derived", where=name.event_id, found=found, todo=LINK_AGAIN)
    if deep:
        yield from _compare_contents(connection, plan, [one for one in sorted(plan.prints) if stored.get(one) == plan.prints[one]])


def _compare_contents(connection: sa.Connection, plan: Derivation, event_ids: Sequence[str]) -> Iterator[Finding]:
    for chunk in in_chunks(event_ids):
        query = sa.select(s.event.c.event_id, s.event.c.content).where(s.event.c.event_id.in_(chunk))
        contents = {row.event_id: bytes(row.content) for row in connection.execute(query)}
        for event in reconcile_planned(connection, plan, chunk):
            if event_row(event, "")["content"] != contents[event.event_id]:
                found = "its accounts make another content"
                yield Finding(check="derived", where=event.event_id, found=found, todo=LINK_AGAIN)


CHECKS: Final[Mapping[str, Callable[[sa.Connection], Iterator[Finding]]]] = {
    "file": _check_file,
    "versions": _check_versions,
    "spans": _check_spans,
    "codings": _check_codings,
    "runs": _check_runs,
    "sources": _check_sources,
    "values": _check_values,
    "accounts": _check_accounts,
    "ids": _check_ids,
    "decisions": _check_decisions,
}

"""Stores what was read: a report's version, its coding, and every statement, in the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import sqlalchemy as sa

from headcount.coding.stamps import with_printed_day
from headcount.linkage import describe_account, sketch_text
from headcount.models import CandidateEvent, Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.copying import Sketched, store_sketches
from headcount.record.packing import (
    hash_content,
    hash_problem,
    make_storable,
    pack_account,
    pack_candidate,
    unpack_candidate,
)
from headcount.record.rows import Row, Rows, in_chunks, next_id


class Stored(NamedTuple):
    """What a batch held: reports that are a new version of one that was known, and reports that are a near-copy of another."""

    changed: int
    near_copies: int


def store_readings(connection: sa.Connection, readings: Sequence[Reading], *, run_id: int, coder: str) -> Stored:
    """Stores readings of reports that are new or changed, each under the id that the record knows it by.

    A changed report becomes a new version: the coding before is retired, and its candidate events hand on their ids to those
    that share a statement with them, so that people's decisions stay with what they were made about.
    """
    rows = Rows()
    version_id = next_id(connection, s.version.c.version_id)
    coding_id = next_id(connection, s.coding.c.coding_id)
    writer = CodingWriter(rows, next_id(connection, s.candidate.c.candidate_key))
    numbers = _newest_numbers(connection, [reading.report.report_id for reading in readings])
    sketched: list[Sketched] = []
    changed = 0
    for reading in readings:
        report = reading.report
        number = numbers.get(report.report_id, 0) + 1
        old: list[tuple[str, set[str]]] = []
        if number == 1:
            rows.add(s.report, report_id=report.report_id, current_version=version_id)
        else:
            changed += 1
            _flush(connection, rows)  # the version before may be of this very batch
            old = retire_coding(connection, report.report_id)
            connection.execute(
                sa.update(s.report).where(s.report.c.report_id == report.report_id).values(current_version=version_id)
            )
        numbers[report.report_id] = number
        rows.add(
            s.version,
            version_id=version_id,
            report_id=report.report_id,
            number=number,
            content_hash=hash_content(report),
            record=report.record,
            published=report.published,
            publisher=report.publisher,
            title=report.title,
            url=report.url,
            country=report.country,
            text=report.text,
            outcome="screened_out" if reading.screened_out else "coded",
            run_id=run_id,
            language=reading.language,
            **_origin_of(report),
        )
        writer.add_coding(reading, coding_id=coding_id, version_id=version_id, coder=coder, state="current", run_id=run_id, old=old)
        if reading.events:
            sketched.append(Sketched(version_id, report.report_id, sketch_text(report.text)))
        version_id += 1
        coding_id += 1
    store_problems(connection, rows, [problem for reading in readings for problem in reading.problems], run_id=run_id)
    _flush(connection, rows)
    return Stored(changed=changed, near_copies=store_sketches(connection, sketched))


def _origin_of(report: Report) -> Row:
    """The columns of a version that say where it came from."""
    origin = report.origin
    if origin is None:
        return dict.fromkeys(("source", "media", "charset", "digest", "position"))
    charset = make_storable(origin.charset) if origin.charset else None
    return {
        "source": origin.source or None, "media": origin.media, "charset": charset,
        "digest": origin.digest, "position": origin.position,
    }  # fmt: skip


class CodingWriter:
    """Writes the rows of codings. Holds the next key of a candidate."""

    def __init__(self, rows: Rows, next_key: int) -> None:
        self._rows = rows
        self._next_key = next_key

    def add_coding(
        self,
        reading: Reading,
        *,
        coding_id: int,
        version_id: int,
        coder: str,
        state: str,
        run_id: int,
        old: Sequence[tuple[str, set[str]]],
    ) -> None:
        """One reading as a coding; ``old`` are the candidate ids of the coding before, with their statements."""
        rows = self._rows
        rows.add(
            s.coding,
            coding_id=coding_id,
            version_id=version_id,
            coder=coder,
            state=state,
            run_id=run_id,
            screened_out=reading.screened_out,
        )
        told: set[str] = set()
        dated = with_printed_day(reading.report) if reading.events else reading.report
        for event in carry_ids(reading.events, old):
            rows.add(
                s.candidate,
                candidate_key=self._next_key,
                candidate_id=event.event_id,
                coding_id=coding_id,
                report_id=reading.report.report_id,
                live=state == "current",
                series=event.series,
                content=pack_candidate(event),
                account=pack_account(describe_account(event, dated, candidate_id=event.event_id)),
                **{name: getattr(event, name) for name in SHARED},
            )
            self._next_key += 1
            for statement in event.statements:
                if statement.statement_id in told:
                    continue
                told.add(statement.statement_id)
                rows.add(
                    s.statement,
                    coding_id=coding_id,
                    statement_id=statement.statement_id,
                    variable=statement.variable,
                    value=json.dumps(statement.value, ensure_ascii=False),
                    quote=statement.quote,
                    span_start=statement.span.start,
                    span_end=statement.span.end,
                    rule=statement.rule,
                )
        for position, rollup in enumerate(reading.rollups):
            rows.add(
                s.rollup,
                coding_id=coding_id,
                position=position,
                size_text=rollup.size_text,
                size_low=rollup.size_low,
                size_high=rollup.size_high,
                place=rollup.place,
                quote=rollup.quote,
                span_start=rollup.span.start,
                span_end=rollup.span.end,
            )


SHARED: Final = (
    "event_type", "status", "background", "date_start", "date_end", "date_precision", "locality", "state", "country",
    "location_detail", "lat", "lon", "geonames_id", "place_precision", "size_low", "size_high", "size_unit",
)  # fmt: skip
"""The columns that a candidate event and an event share."""


def carry_ids(events: Sequence[CandidateEvent], old: Sequence[tuple[str, set[str]]]) -> list[CandidateEvent]:
    """The events of a new reading under the ids of those of the reading before that they share the most statements with.

    The largest overlap is matched first; ties go by the order of the report. What shares nothing keeps its own id, with a
    mark behind it where another event holds that id already.
    """
    own = [{statement.statement_id for statement in event.statements} for event in events]
    pairs = sorted(
        (-len(mine & theirs), new, before)
        for new, mine in enumerate(own)
        for before, (_, theirs) in enumerate(old)
        if mine & theirs
    )
    named: dict[int, str] = {}
    taken: set[int] = set()
    for _, new, before in pairs:
        if new not in named and before not in taken:
            named[new] = old[before][0]
            taken.add(before)
    used = set(named.values())
    carried = []
    for new, event in enumerate(events):
        name = named.get(new)
        if name is None:
            name, mark = event.event_id, 2
            while name in used or any(name == before for before, _ in old):
                name, mark = f"{event.event_id}-{mark}", mark + 1
            used.add(name)
        carried.append(replace(event, event_id=name))
    return carried


def retire_coding(connection: sa.Connection, report_id: str) -> list[tuple[str, set[str]]]:
    """Ends the current coding of a report; returns its candidate ids with the ids of their statements."""
    live = (s.candidate.c.report_id == report_id) & s.candidate.c.live
    found = connection.execute(
        sa.select(s.candidate.c.candidate_id, s.candidate.c.content).where(live).order_by(s.candidate.c.candidate_key)
    ).all()
    connection.execute(sa.update(s.candidate).where(live).values(live=False))
    versions = sa.select(s.version.c.version_id).where(s.version.c.report_id == report_id)
    connection.execute(
        sa.update(s.coding)
        .where(s.coding.c.version_id.in_(versions), s.coding.c.state.in_(("current", "staged")))
        .values(state="retired")
    )
    return [(name, statements_of(content)) for name, content in found]


def statements_of(content: bytes) -> set[str]:
    """The ids of the statements of a packed candidate event."""
    return {one for ids in unpack_candidate(content).lineage.values() for one in ids}


def store_problems(connection: sa.Connection, rows: Rows, problems: Iterable[Problem], *, run_id: int) -> int:
    """Adds the problems that the record does not know yet; returns how many."""
    new: dict[str, Problem] = {}
    for one in problems:
        clean = replace(one, record=make_storable(one.record), reason=make_storable(one.reason))
        new[hash_problem(clean.stage, clean.record, clean.reason)] = clean
    for known in known_problems(connection, new):
        del new[known]
    for problem_id, problem in new.items():
        rows.add(
            s.problem,
            problem_id=problem_id,
            stage=problem.stage,
            record=problem.record,
            reason=problem.reason,
            fatal=problem.fatal,
            version_id=None,
            run_id=run_id,
        )
    return len(new)


def known_problems(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """Which of these problem ids the record holds."""
    found: set[str] = set()
    for chunk in in_chunks(list(ids)):
        found.update(connection.execute(sa.select(s.problem.c.problem_id).where(s.problem.c.problem_id.in_(chunk))).scalars())
    return found


def known_contents(connection: sa.Connection, hashes: Iterable[str]) -> set[str]:
    """Which of these content hashes the record holds, under whatever id."""
    found: set[str] = set()
    for chunk in in_chunks(hashes):
        found.update(connection.execute(sa.select(s.version.c.content_hash).where(s.version.c.content_hash.in_(chunk))).scalars())
    return found


class Current(NamedTuple):
    """The current version of a report."""

    report: Report
    content_hash: str


def current_versions(connection: sa.Connection, report_ids: Iterable[str]) -> dict[str, Current]:
    """The current versions of the reports of these ids that the record holds."""
    v = s.version.c
    found: dict[str, Current] = {}
    joined = sa.select(v.report_id, v.text, v.title, v.publisher, v.published, v.content_hash).join(
        s.report, s.report.c.current_version == v.version_id
    )
    for chunk in in_chunks(report_ids):
        for row in connection.execute(joined.where(s.report.c.report_id.in_(chunk))):
            report = Report(
                text=row.text, given_id=row.report_id, title=row.title, publisher=row.publisher, published=row.published
            )
            found[row.report_id] = Current(report, row.content_hash)
    return found


def _newest_numbers(connection: sa.Connection, report_ids: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in in_chunks(report_ids):
        query = sa.select(s.version.c.report_id, sa.func.max(s.version.c.number)).where(s.version.c.report_id.in_(chunk))
        found.update((name, number) for name, number in connection.execute(query.group_by(s.version.c.report_id)))
    return found


def _flush(connection: sa.Connection, rows: Rows) -> None:
    rows.insert(connection)
    rows.of.clear()

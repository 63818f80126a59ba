"""Staged codings: stored reports as another coder reads them, kept beside the current ones until a person accepts them.

Nothing that is staged counts anywhere. A new version of an article drops what was staged of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from headcount.linkage import sketch_text
from headcount.models import Reading, Report
from headcount.record import schema as s
from headcount.record.copying import Sketched, store_sketches
from headcount.record.rows import Rows, in_chunks, next_id
from headcount.record.storing import CodingWriter, statements_of, store_problems


class Waiting(NamedTuple):
    """A stored report that another coder is to read."""

    version_id: int
    report: Report


def find_unread(connection: sa.Connection, *, coder: str, every: bool, after: int, limit: int) -> list[Waiting]:
    """Current versions that ``coder`` has not read, in order, behind the version ``after``.

    With ``every`` also those that it has read before. One that it has read for staging is not read again.
    """
    staged = sa.select(s.coding.c.version_id).where(s.coding.c.state == "staged", s.coding.c.coder == coder)
    query = (
        sa.select(s.version)
        .join(s.report, s.report.c.current_version == s.version.c.version_id)
        .join(s.coding, s.coding.c.version_id == s.version.c.version_id)
        .where(s.coding.c.state == "current", s.version.c.version_id > after, s.version.c.version_id.not_in(staged))
        .order_by(s.version.c.version_id)
        .limit(limit)
    )
    if not every:
        query = query.where(s.coding.c.coder != coder)
    return [
        Waiting(
            row.version_id,
            Report(
                text=row.text, given_id=row.report_id, published=row.published, publisher=row.publisher, title=row.title,
                url=row.url, country=row.country, record=row.record,
            ),
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def count_staged(connection: sa.Connection) -> int:
    """How many reports have a coding that waits to be accepted."""
    return int(connection.execute(sa.select(sa.func.count()).where(s.coding.c.state == "staged")).scalar_one())


def stage_readings(connection: sa.Connection, readings: Sequence[tuple[int, Reading]], *, run_id: int, coder: str) -> set[int]:
    """Stores readings of stored versions as staged codings; returns the versions that are still current and were stored.

    What was staged of a version before gives way. The candidate events have the ids of those that they will follow.
    """
    rows = Rows()
    still = _still_current(connection, (version_id for version_id, _ in readings))
    coding_id = next_id(connection, s.coding.c.coding_id)
    writer = CodingWriter(rows, next_id(connection, s.candidate.c.candidate_key))
    kept = [(version_id, reading) for version_id, reading in readings if version_id in still]
    for chunk in in_chunks(version_id for version_id, _ in kept):
        connection.execute(
            sa.update(s.coding).where(s.coding.c.version_id.in_(chunk), s.coding.c.state == "staged").values(state="retired")
        )
    for version_id, reading in kept:
        old = _live_accounts(connection, reading.report.report_id)
        writer.add_coding(reading, coding_id=coding_id, version_id=version_id, coder=coder, state="staged", run_id=run_id, old=old)
        coding_id += 1
    store_problems(connection, rows, [problem for _, reading in readings for problem in reading.problems], run_id=run_id)
    rows.insert(connection)
    return {version_id for version_id, _ in kept}


def accept_staged(connection: sa.Connection) -> int:
    """Makes the staged codings current; returns how many. The codings before are kept, retired. Events are to be derived then."""
    staged = sa.select(s.coding.c.version_id).where(s.coding.c.state == "staged")
    count = count_staged(connection)
    _sketch_new(connection)
    old = sa.select(s.coding.c.coding_id).where(s.coding.c.state == "current", s.coding.c.version_id.in_(staged))
    new = sa.select(s.coding.c.coding_id).where(s.coding.c.state == "staged")
    out = sa.select(s.coding.c.version_id).where(s.coding.c.state == "staged", s.coding.c.screened_out)
    told = s.version.c.version_id
    connection.execute(sa.update(s.candidate).where(s.candidate.c.coding_id.in_(old)).values(live=False))
    connection.execute(sa.update(s.candidate).where(s.candidate.c.coding_id.in_(new)).values(live=True))
    outcome = sa.case((told.in_(out), "screened_out"), else_="coded")
    connection.execute(sa.update(s.version).where(told.in_(staged)).values(outcome=outcome))
    connection.execute(
        sa.update(s.coding).where(s.coding.c.state == "current", s.coding.c.version_id.in_(staged)).values(state="retired")
    )
    connection.execute(sa.update(s.coding).where(s.coding.c.state == "staged").values(state="current"))
    return count


def discard_staged(connection: sa.Connection) -> int:
    """Drops the staged codings, which are kept as history; returns how many."""
    return int(connection.execute(sa.update(s.coding).where(s.coding.c.state == "staged").values(state="retired")).rowcount)


def if_accepted() -> sa.ColumnElement[bool]:
    """Which candidate events would count if what is staged were accepted."""
    staged = sa.select(s.coding.c.coding_id).where(s.coding.c.state == "staged")
    reports = (
        sa.select(s.version.c.report_id)
        .join(s.coding, s.coding.c.version_id == s.version.c.version_id)
        .where(s.coding.c.state == "staged")
    )
    return s.candidate.c.coding_id.in_(staged) | (s.candidate.c.live.is_(True) & s.candidate.c.report_id.not_in(reports))


def _still_current(connection: sa.Connection, version_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for chunk in in_chunks(version_ids):
        query = sa.select(s.report.c.current_version).where(s.report.c.current_version.in_(chunk))
        found.update(connection.execute(query).scalars())
    return found


def _live_accounts(connection: sa.Connection, report_id: str) -> list[tuple[str, set[str]]]:
    query = sa.select(s.candidate.c.candidate_id, s.candidate.c.content).where(s.candidate.c.report_id == report_id)
    rows = connection.execute(query.where(s.candidate.c.live).order_by(s.candidate.c.candidate_key))
    return [(name, statements_of(content)) for name, content in rows]


def _sketch_new(connection: sa.Connection) -> None:
    """Sketches the reports that tell of an event for the first time, and finds their near-copies, older and newer."""
    telling = (
        sa.select(s.version.c.version_id, s.version.c.report_id)
        .distinct()
        .join(s.coding, s.coding.c.version_id == s.version.c.version_id)
        .join(s.candidate, s.candidate.c.coding_id == s.coding.c.coding_id)
        .where(s.coding.c.state == "staged", s.version.c.version_id.not_in(sa.select(s.sketch.c.version_id)))
        .order_by(s.version.c.version_id)
    )
    for row in connection.execute(telling).all():
        text = connection.execute(sa.select(s.version.c.text).where(s.version.c.version_id == row.version_id)).scalar_one()
        store_sketches(connection, [Sketched(row.version_id, row.report_id, sketch_text(text))])

"""Groups that hang together by pairs: near-copies of one text, events tied as a macroevent."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from headcount.record import schema as s


def first_of_group(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name the least name of all that the pairs tie it to; names without a pair are left out."""
    first: dict[str, str] = {}

    def find(name: str) -> str:
        while first.setdefault(name, name) != name:
            first[name] = first[first[name]]
            name = first[name]
        return name

    for a, b in pairs:
        one, other = sorted((find(a), find(b)))
        first[other] = one
    return {name: find(name) for name in list(first)}


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
    return first_of_group((a, b) for a, b in connection.execute(query))


def name_macroevents(ties: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By event the name of the macroevent that it belongs to, made of the least id of those tied together."""
    return {event_id: "m-" + name.removeprefix("ev-") for event_id, name in first_of_group(ties).items()}

"""The bytes that reports came out of: found by report or by hash, and whether the words of statements stand in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from headcount.record import schema as s
from headcount.record.ledger import UnknownIdError
from headcount.record.origins import CaptureDamagedError, unpack_capture
from headcount.record.parts import streamed

FEWEST_LETTERS = 8
"""Of a hash; fewer could mean several."""

StandsIn = Callable[..., bool]
"""``sources.pages.tracing.stands_in``: whether words stand in the bytes of a page or document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes of a page or document as they were found."""

    digest: str
    media: str
    size: int
    data: bytes


def find_original(connection: sa.Connection, name: str) -> Original:
    """The bytes that the current version of a report came out of, by the report's id, or those of a hash or its beginning.

    Raises UnknownIdError where the record holds none, CaptureDamagedError where they are not what they were.
    """
    digest = _digest_of(connection, name)
    row = connection.execute(sa.select(s.capture).where(s.capture.c.digest == digest)).first()
    if row is None:
        raise UnknownIdError(f"{name}: the bytes that it came out of are not kept")
    data = unpack_capture(row.digest, row.packed, row.size)
    return Original(digest=row.digest, media=row.media, size=row.size, data=data)


def _digest_of(connection: sa.Connection, name: str) -> str:
    v = s.version.c
    of_report = sa.select(v.digest, v.media).join(s.report, s.report.c.current_version == v.version_id)
    row = connection.execute(of_report.where(v.report_id == name)).first()
    if row is not None and row.digest is None:
        raise UnknownIdError(
            f"{name}: this report came out of {row.media or 'text'}, whose words are its own: nothing else is kept"
        )
    if row is not None:
        return str(row.digest)
    if len(name) >= FEWEST_LETTERS and set(name) <= set("0123456789abcdef"):
        c = s.capture.c
        found = connection.execute(sa.select(c.digest).where(c.digest >= name, c.digest < name + "g").limit(2)).scalars().all()
        if len(found) == 1:
            return str(found[0])
        if found:
            raise UnknownIdError(f"{name}: several hashes begin so; give more of it")
    raise UnknownIdError(f"{name}: expected the id of a report of this record, or a hash that headcount explain shows")


def find_unfounded(connection: sa.Connection, stands_in: StandsIn) -> Iterator[tuple[str, str]]:
    """What is wrong with the bytes that are kept: by name of a capture or statement what was found. One document at a time.

    Each capture must have its hash, and the words of each statement of its reports' current codings must stand in it.
    """
    digests = connection.execute(sa.select(s.capture.c.digest).order_by(s.capture.c.digest)).scalars().all()
    versions: dict[str, list[Any]] = {}
    v = s.version.c
    told = sa.select(v.version_id, v.report_id, v.digest, v.media, v.charset).where(v.digest.is_not(None))
    for row in connection.execute(told.order_by(v.version_id)):
        versions.setdefault(row.digest, []).append(row)
    for digest in digests:
        row = connection.execute(sa.select(s.capture).where(s.capture.c.digest == digest)).one()
        try:
            data = unpack_capture(row.digest, row.packed, row.size)
        except CaptureDamagedError as error:
            yield f"capture {digest[:12]}", str(error).partition(": ")[2]
            continue
        for version in versions.get(digest, ()):
            for line, statements in _lines_of(connection, version.version_id).items():
                how = {"media": version.media, "charset": version.charset}
                if len(statements) > 1 and stands_in(data, line, **how):
                    continue  # and with it all that is said in it
                for words, statement_id in statements.items():
                    if not stands_in(data, words, **how):
                        where = f"{version.report_id} statement {statement_id}"
                        yield where, f"its words do not stand in the bytes of {digest[:12]}"


def find_unsourced(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """What is wrong with the sources: by name what was found."""
    c = s.source.c
    uneven = sa.select(c.source, c.fetched).where(c.fetched != c.new + c.unchanged + c.screened_out + c.failed)
    for name, fetched in streamed(connection, uneven):
        yield name, f"{fetched:,} reports were seen in it, and what became of them does not add up"
    told = sa.select(s.version.c.source).where(s.version.c.source.is_not(None)).distinct()
    for (name,) in streamed(connection, told.where(s.version.c.source.not_in(sa.select(c.source)))):
        yield name, "reports of it are stored, and it is not known"


def _lines_of(connection: sa.Connection, version_id: int) -> dict[str, dict[str, str]]:
    """By line of a version's text the words in it that its statements are about, each with the first such statement.

    Words as they stand there: in a quote a private name may be masked. Opening a page takes longer than looking for a line.
    """
    text = connection.execute(sa.select(s.version.c.text).where(s.version.c.version_id == version_id)).scalar_one()
    st = s.statement.c
    query = (
        sa.select(st.statement_id, st.span_start, st.span_end)
        .join(s.coding, s.coding.c.coding_id == st.coding_id)
        .where(s.coding.c.version_id == version_id, s.coding.c.state == "current")
        .order_by(st.span_start, st.statement_id)
    )
    lines: dict[str, dict[str, str]] = {}
    for row in connection.execute(query):
        words = text[row.span_start : row.span_end]
        if words.strip():
            begin = text.rfind("\n", 0, row.span_start) + 1
            end = text.find("\n", row.span_end)
            line = text[begin : end if end >= 0 else len(text)]
            lines.setdefault(line, {}).setdefault(words, row.statement_id)
    return lines

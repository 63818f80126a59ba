"""Where reports come from: sources and what was seen in them, the bytes of documents, and how far archives were read.

All of it is stored in the transaction of the batch that it tells of, a few rows at a time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from headcount.record import schema as s
from headcount.record.packing import make_storable
from headcount.record.rows import SENT_AT_ONCE, Row, in_chunks, insert_rows

KEY_BYTES: Final = 1_000
"""A longer name of a source or address is kept by its beginning and a hash: PostgreSQL's indexes refuse rows from 2,700 bytes."""

OUTCOMES: Final = ("unchanged", "screened_out", "new", "failed")
"""What became of a report of a source; of one address that gave several the last of these that came up counts."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What was seen in one source since it was stored last."""

    kind: str
    new: int = 0
    unchanged: int = 0
    screened_out: int = 0
    failed: int = 0
    why: str | None = None
    """The last failure of this run; None where nothing has failed in it."""

    published: dt.date | None = None
    """The youngest day of publication."""

    remote: bool = False
    """True where something of it came over the network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSeen:
    """What became of one address that a feed, a list or a sitemap gave."""

    outcome: str
    at: dt.datetime
    why: str | None = None
    published: dt.date | None = None


class Read(NamedTuple):
    """How far an archive was read: the next run begins at ``position`` if the archive has this ``fingerprint``."""

    position: int
    fingerprint: str


class Opened(NamedTuple):
    """How many reports came out of a document that was opened as ``asked``; None where one of them failed."""

    reports: int | None
    asked: str | None


class CaptureDamagedError(Exception):
    """Bytes that are kept and are not what they were; the message says of which digest."""


def shorten(name: str) -> str:
    """A name that may be long or hold what a database refuses, as a key."""
    clean = make_storable(name)
    whole = clean.encode("utf-8", "replace")
    if len(whole) <= KEY_BYTES:
        return clean
    digest = hashlib.blake2b(whole, digest_size=8).hexdigest()
    return whole[: KEY_BYTES - 17].decode("utf-8", "ignore") + "~" + digest


def note_sources(connection: sa.Connection, seen: Mapping[str, Seen], *, at: dt.datetime) -> None:
    """Adds what was seen to the sources, which are made where they are new.

    The last failure of an archive stays: a run that goes on behind it does not meet it again.
    """
    rows: list[Row] = [
        {
            "source": shorten(name),
            "kind": one.kind,
            "first_seen": at,
            "last_seen": at,
            "last_fetched": at if one.remote else None,
            "fetched": one.new + one.unchanged + one.screened_out + one.failed,
            "new": one.new,
            "unchanged": one.unchanged,
            "screened_out": one.screened_out,
            "failed": one.failed,
            "last_why": make_storable(one.why) if one.why is not None else None,
            "last_published": one.published,
        }
        for name, one in seen.items()
    ]

    def merged(had: Any, told: Any) -> Row:
        both = {name: had[name] + told[name] for name in ("fetched", "new", "unchanged", "screened_out", "failed")}
        day = sa.case((had.last_published > told.last_published, had.last_published), else_=told.last_published)
        return {
            **both,
            "kind": told.kind,
            "last_seen": told.last_seen,
            "last_fetched": sa.func.coalesce(told.last_fetched, had.last_fetched),
            "last_why": sa.case((told.kind == "archive", sa.func.coalesce(told.last_why, had.last_why)), else_=told.last_why),
            "last_published": sa.func.coalesce(day, had.last_published),
        }

    _insert_or_update(connection, s.source, rows, merged)


def note_items(connection: sa.Connection, items: Mapping[tuple[str, str], ItemSeen]) -> None:
    """Keeps what became of addresses, by source and address; the newest counts."""
    rows: list[Row] = [
        {
            "source": shorten(source),
            "address": shorten(address),
            "outcome": one.outcome,
            "at": one.at,
            "why": make_storable(one.why) if one.why is not None else None,
            "published": one.published,
        }
        for (source, address), one in items.items()
    ]

    def newest(had: Any, told: Any) -> Row:
        day = sa.func.coalesce(told.published, had.published)
        return {"outcome": told.outcome, "at": told.at, "why": told.why, "published": day}

    _insert_or_update(connection, s.item, rows, newest)


def known_items(connection: sa.Connection, source: str, addresses: Iterable[str]) -> dict[str, ItemSeen]:
    """Of these addresses of a source those that were fetched before, with what became of them."""
    keys = {shorten(address): address for address in addresses}
    found: dict[str, ItemSeen] = {}
    of_source = sa.select(s.item).where(s.item.c.source == shorten(source))
    for chunk in in_chunks(keys):
        for row in connection.execute(of_source.where(s.item.c.address.in_(chunk))):
            found[keys[row.address]] = ItemSeen(outcome=row.outcome, at=row.at, why=row.why, published=row.published)
    return found


def note_archives(connection: sa.Connection, read: Mapping[str, Read]) -> None:
    """Keeps how far archives were read, by path."""
    rows: list[Row] = [
        {"path": shorten(path), "position": one.position, "fingerprint": one.fingerprint} for path, one in read.items()
    ]
    _insert_or_update(connection, s.archive, rows, lambda _, told: {"position": told.position, "fingerprint": told.fingerprint})


def find_archive(connection: sa.Connection, path: str) -> Read | None:
    """How far the archive of a path was read; None where it was not."""
    row = connection.execute(sa.select(s.archive).where(s.archive.c.path == shorten(path))).first()
    return None if row is None else Read(row.position, row.fingerprint)


def known_captures(connection: sa.Connection, digests: Iterable[str]) -> dict[str, Opened]:
    """Of these digests those whose bytes are kept, with what came out of them."""
    c = s.capture.c
    found: dict[str, Opened] = {}
    for chunk in in_chunks(digests):
        for row in connection.execute(sa.select(c.digest, c.reports, c.asked).where(c.digest.in_(chunk))):
            found[row.digest] = Opened(row.reports, row.asked)
    return found


def store_captures(
    connection: sa.Connection, captures: Mapping[str, tuple[str, bytes]], opened: Mapping[str, Opened], *, run_id: int
) -> None:
    """Keeps the bytes of documents, by digest their medium and the bytes as packed; ``opened`` says what came out of which.

    Those that are kept already are not stored again; what came out of them is brought up to date.
    """
    known = known_captures(connection, sorted(captures.keys() | opened.keys()))
    rows: list[Row] = [
        {
            "digest": digest,
            "media": make_storable(media),
            "size": len(zlib.decompress(packed)),
            "packed": packed,
            "reports": opened[digest].reports if digest in opened else None,
            "asked": opened[digest].asked if digest in opened else None,
            "run_id": run_id,
        }
        for digest, (media, packed) in captures.items()
        if digest not in known
    ]
    insert_rows(connection, s.capture, rows)
    _settle(connection, opened, known)


def settle_captures(connection: sa.Connection, opened: Mapping[str, Opened]) -> None:
    """Brings up to date what came out of documents whose bytes are kept; of others nothing is stored."""
    _settle(connection, opened, known_captures(connection, opened))


def _settle(connection: sa.Connection, opened: Mapping[str, Opened], known: Mapping[str, Opened]) -> None:
    changed: list[Row] = [
        {"of": digest, "reports": one.reports, "asked": one.asked}
        for digest, one in opened.items()
        if digest in known and known[digest] != one
    ]
    if changed:
        connection.execute(sa.update(s.capture).where(s.capture.c.digest == sa.bindparam("of")), changed)


def unpack_capture(digest: str, packed: bytes, size: int) -> bytes:
    """The bytes that are kept under a digest. Raises CaptureDamagedError where they are others."""
    try:
        data = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise CaptureDamagedError(f"{digest}: its bytes cannot be unpacked ({error})") from error
    if len(data) != size or hashlib.sha256(data).hexdigest() != digest:
        raise CaptureDamagedError(f"{digest}: its bytes have changed")
    return data


def _insert_or_update(connection: sa.Connection, table: sa.Table, rows: Sequence[Row], changed: Any) -> None:
    """Inserts rows; where there is one of that key it is set to ``changed`` of the columns as they are and as they are given."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
    keys = [column.name for column in table.primary_key]
    at_once = SENT_AT_ONCE // len(rows[0])
    for start in range(0, len(rows), at_once):
        statement = insert(table).values(list(rows[start : start + at_once]))
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed(table.c, statement.excluded)))

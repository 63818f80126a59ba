"""What a record knows of where its reports come from is added up, kept under bounded names, and never stored twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from headcount.record import schema as s
from headcount.record.engine import writing
from headcount.record.origins import (
    KEY_BYTES,
    CaptureDamagedError,
    ItemSeen,
    Opened,
    Read,
    Seen,
    find_archive,
    known_captures,
    known_items,
    note_archives,
    note_items,
    note_sources,
    settle_captures,
    shorten,
    store_captures,
    unpack_capture,
)

MONDAY = dt.datetime.fromisoformat("2026-01-05T08:00:00")
TUESDAY = dt.datetime.fromisoformat("2026-01-06T08:00:00")
PAGE = b"<html><p>A march.</p></html>"
DIGEST = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture
def written(record: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that writes to an empty record with one run in it."""
    with writing(record) as connection:
        values = dict.fromkeys(("reports_in", "coded", "screened_out", "duplicate", "failed"), 0)
        connection.execute(sa.insert(s.run).values(run_id=1, command="test", coder="c", started_at=MONDAY, **values))
        yield connection


def only(connection: sa.Connection, table: sa.Table) -> dict[str, Any]:
    return dict(connection.execute(sa.select(table)).one()._mapping)


def test_what_is_seen_in_a_source_is_added_up(written: sa.Connection) -> None:
    """Counts add up over runs; the first and the last look, the last failure and the youngest day are kept."""
    note_sources(written, {"/a": Seen(kind="file", new=2, failed=1, why="broken", published=dt.date(2022, 5, 3))}, at=MONDAY)
    note_sources(written, {"/a": Seen(kind="folder", unchanged=3, screened_out=1, published=dt.date(2021, 5, 3))}, at=TUESDAY)
    assert only(written, s.source) == {
        "source": "/a", "kind": "folder", "first_seen": MONDAY, "last_seen": TUESDAY, "last_fetched": None,
        "fetched": 7, "new": 2, "unchanged": 3, "screened_out": 1, "failed": 1, "last_why": None,
        "last_published": dt.date(2022, 5, 3),
    }  # fmt: skip
    note_sources(written, {"/a": Seen(kind="folder", new=1, published=dt.date(2023, 5, 3), remote=True)}, at=TUESDAY)
    note_sources(written, {"/a": Seen(kind="folder", new=1)}, at=TUESDAY)
    told = only(written, s.source)
    assert (told["last_fetched"], told["last_published"]) == (TUESDAY, dt.date(2023, 5, 3))


def test_a_failure_in_an_archive_stays_told(written: sa.Connection) -> None:
    """A run that goes on behind the broken record does not meet it again, and it is no less broken."""
    note_sources(written, {"/a.warc": Seen(kind="archive", failed=1, why="cut off")}, at=MONDAY)
    note_sources(written, {"/a.warc": Seen(kind="archive", new=1)}, at=TUESDAY)
    assert only(written, s.source)["last_why"] == "cut off"


def test_many_sources_at_once(written: sa.Connection) -> None:
    """More than one command of the database takes."""
    seen = {f"/{number}": Seen(kind="file", new=1) for number in range(2_500)}
    for _ in range(2):
        note_sources(written, seen, at=MONDAY)
    assert written.execute(sa.select(sa.func.count(), sa.func.sum(s.source.c.new)).select_from(s.source)).one() == (2_500, 5_000)


def test_the_newest_word_on_an_address_counts(written: sa.Connection) -> None:
    """A page that failed and was read later is read; its day stays where the later look tells none."""
    key = ("feed", "https://a.example/1")
    note_items(written, {key: ItemSeen(outcome="failed", at=MONDAY, why="404", published=dt.date(2022, 5, 3))})
    note_items(written, {key: ItemSeen(outcome="new", at=TUESDAY)})
    assert known_items(written, "feed", [key[1], "https://a.example/2"]) == {
        key[1]: ItemSeen(outcome="new", at=TUESDAY, published=dt.date(2022, 5, 3))
    }
    assert known_items(written, "other", [key[1]]) == {}


@pytest.mark.parametrize("name", ["x" * 5_000, "\N{GRINNING FACE}" * 2_000, "a\0b\ud800"])
def test_long_and_odd_names_are_kept(name: str, written: sa.Connection) -> None:
    """Shortened as far as an index takes, the same each time, and told from others that begin alike."""
    key = shorten(name)
    assert len(key.encode()) <= KEY_BYTES
    assert shorten(key) == key
    assert shorten(name + "!") != key
    note_sources(written, {name: Seen(kind="file", failed=1, why=name)}, at=MONDAY)
    note_items(written, {(name, name): ItemSeen(outcome="failed", at=MONDAY, why=name)})
    note_archives(written, {name: Read(1, "f")})
    assert only(written, s.source)["source"] == key
    assert list(known_items(written, name, [name])) == [name]
    assert find_archive(written, name) == Read(1, "f")


def test_how_far_an_archive_was_read_moves_on(written: sa.Connection) -> None:
    """One place a path, the newest; beyond 32 bits as well."""
    note_archives(written, {"/a": Read(10, "f"), "/b": Read(5, "g")})
    note_archives(written, {"/a": Read(2**40, "h")})
    assert (find_archive(written, "/a"), find_archive(written, "/b"), find_archive(written, "/c")) == (
        Read(2**40, "h"), Read(5, "g"), None,
    )  # fmt: skip


def test_bytes_are_stored_once_and_what_came_out_of_them_is_brought_up_to_date(written: sa.Connection) -> None:
    """A second document of the same bytes changes only how often it was opened, and how."""
    store_captures(written, {DIGEST: ("html", zlib.compress(PAGE))}, {}, run_id=1)
    assert known_captures(written, [DIGEST, "0" * 64]) == {DIGEST: Opened(None, None)}
    store_captures(written, {DIGEST: ("pdf", b"never unpacked")}, {DIGEST: Opened(3, "asked")}, run_id=1)
    kept = only(written, s.capture)
    assert (kept["media"], kept["size"], kept["reports"], kept["asked"]) == ("html", len(PAGE), 3, "asked")
    settle_captures(written, {DIGEST: Opened(None, "again"), "0" * 64: Opened(1, "x")})
    assert known_captures(written, [DIGEST]) == {DIGEST: Opened(None, "again")}
    assert unpack_capture(DIGEST, kept["packed"], kept["size"]) == PAGE


@pytest.mark.parametrize("packed", [b"no zlib", zlib.compress(PAGE + b"!"), zlib.compress(PAGE[:-1]), zlib.compress(b"\0" * 10**7)])
def test_damaged_bytes_are_never_given_out(packed: bytes) -> None:
    """What unpacks to something else, to more or not at all is an error, and no bomb goes off."""
    with pytest.raises(CaptureDamagedError, match=DIGEST):
        unpack_capture(DIGEST, packed, len(PAGE))

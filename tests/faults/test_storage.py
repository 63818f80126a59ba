"""A full disk and a locked record end a run with exit code 5 and a clear message; nothing is lost, and the same command goes on."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from driver import REFUSED, Command, Ended, check_balances, check_whole, compare, contents, run
from peace import Undisturbed

from headcount.record import engine as record_engine
from headcount.record import schema as s
from headcount.record.engine import NoRecordError, connect, reading, writing

FULL = ("the disk is full", "the disk refuses to write", "check its rights, its folder's, and the room on the disk")


def count_versions(record: str) -> int:
    """How many versions are stored; none where the record was not made yet."""
    try:
        engine = connect(record)
    except NoRecordError:
        return 0
    with reading(engine) as connection:
        found = connection.execute(sa.select(sa.func.count()).select_from(s.version)).scalar_one()
    engine.dispose()
    return int(found)


def ingest_with_growing_room(make: Callable[[int], Command], room: Iterator[int], undisturbed: Undisturbed) -> tuple[int, int]:
    """Runs the same command with a little more room each time until it ends well; how often it failed, and how often half-way."""
    halfway = stored = 0
    for failures, size in enumerate(room):
        command = make(size)
        ended = run(command)
        check_whole(command.record)
        if ended.code == 0:
            check_balances(command.record)
            compare(contents(command.record), undisturbed.tables)
            return failures, halfway
        assert_refused(ended)
        assert count_versions(command.record) >= stored, "a full disk has lost what was stored"
        stored = count_versions(command.record)
        halfway += stored > 0
    pytest.fail("there was never room enough")


def assert_refused(ended: Ended) -> None:
    assert ended.code == REFUSED, ended.said
    assert any(words in ended.said for words in FULL), ended.said
    assert "\n" not in ended.said


def test_a_full_database_at_every_page(
    make_command: Callable[..., Command], undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite is given two more pages each time, so that every kind of write is the one that fails once."""
    record = make_command().record
    set_up = record_engine._set_up_sqlite

    def make(pages: int) -> Command:
        def bound(connection: sqlite3.Connection, known: object) -> None:
            set_up(connection, known)
            connection.execute(f"PRAGMA max_page_count = {pages}")

        return make_command(record=record, set_up=lambda: monkeypatch.setattr(record_engine, "_set_up_sqlite", bound))

    failures, halfway = ingest_with_growing_room(make, iter(range(2, 2000, 2)), undisturbed)
    assert failures > 50
    assert halfway > 15


def test_files_that_may_not_grow(make_command: Callable[..., Command], undisturbed: Undisturbed) -> None:
    """The operating system refuses a write in the database, its log or its index at one size after the other."""
    record = make_command().record

    def make(size: int) -> Command:
        return make_command(record=record, set_up=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY)))

    failures, halfway = ingest_with_growing_room(make, iter(range(3_000, 8_000_000, 24_000)), undisturbed)
    assert failures > 10
    assert halfway > 5


@contextmanager
def small_file_system(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A file system of its own in memory; gives what mounts it anew with other options. Skips where this process may not mount."""
    if not shutil.which("mount"):
        pytest.skip("no small file system tried: there is no mount here")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small file system tried: mount says {mounted.stderr.strip()!r}")
    try:
        yield lambda options: subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True).check_returncode()
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_file_system_and_room_made(make_command: Callable[..., Command], undisturbed: Undisturbed, tmp_path: Path) -> None:
    """On a disk that is full in earnest the run ends with 5; with room made it goes on, and the record is the undisturbed one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = make_command(record=str(folder / "record.db"))
    with small_file_system(folder, "640k") as remount:
        assert_refused(run(command))
        stored = count_versions(command.record)
        remount("size=900k")
        assert_refused(run(command))
        assert count_versions(command.record) >= stored
        remount("size=32m")
        ended = run(command)
        assert ended.code == 0, ended.said
        check_whole(command.record)
        compare(contents(command.record), undisturbed.tables)


def test_a_read_only_file_system(make_command: Callable[..., Command], undisturbed: Undisturbed, tmp_path: Path) -> None:
    """A record on a disk that is mounted read-only is not ingested into, and says why."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = make_command(record=str(folder / "record.db"))
    with small_file_system(folder, "32m") as remount:
        assert run(command).code == 0
        remount("ro")
        ended = run(command)
        assert ended.code == REFUSED
        assert "it cannot be opened for writing" in ended.said
        remount("rw")
        compare(contents(command.record), undisturbed.tables)


def test_a_locked_record(empty_record: str, make_command: Callable[..., Command], undisturbed: Undisturbed) -> None:
    """While another holds the writer's lock the run ends with 5 after its patience; then the same command stores everything."""
    command = make_command(record=empty_record, lock_seconds=0.2)
    other = connect(empty_record)
    with writing(other) as connection:
        connection.execute(sa.insert(s.state).values(name="held", value="x"))
        ended = run(command)
        connection.execute(sa.delete(s.state))
    other.dispose()
    assert ended.code == REFUSED
    assert "another process is writing to the record (waited 0.2 s); nothing is lost: try again when it has ended" in ended.said
    assert count_versions(empty_record) == 0
    assert run(command).code == 0
    compare(contents(empty_record), undisturbed.tables)


@pytest.mark.parametrize("lock_seconds", [30.0, 0.01])
def test_two_ingests_at_once(
    lock_seconds: float, any_record: str, make_command: Callable[..., Command], undisturbed: Undisturbed
) -> None:
    """Both end well, or one says 5; after one more run the record is the undisturbed one, with each report in it once."""
    first, second = (make_command(record=any_record, lock_seconds=lock_seconds) for _ in range(2))
    pid = os.fork()
    if pid == 0:
        ended = run(second)
        os._exit(ended.code if ended.code else 0)
    here = run(first)
    there = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert {here.code, there} <= {0, REFUSED}
    if lock_seconds == 30.0:
        assert (here.code, there) == (0, 0), here.said
    check_whole(any_record)
    again = run(make_command(record=any_record))
    assert again.code == 0, again.said
    check_balances(any_record)
    compare(contents(any_record), undisturbed.tables)

"""A record opens, or says in one line why it does not; one writes at a time; nobody sees half of anything."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import PASSWORD, require_server
from headcount.record import schema as s
from headcount.record.engine import NoRecordError, RecordError, connect, reading, shown, writing


def message_of(act: Callable[[], object]) -> str:
    with pytest.raises(RecordError) as caught:
        act()
    return str(caught.value)


def add_state(connection: sa.Connection, name: str) -> None:
    connection.execute(sa.insert(s.state).values(name=name, value="x"))


def states(engine: sa.Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.execute(sa.select(s.state.c.name)).scalars())


def test_a_file_is_kept_with_a_write_ahead_log(tmp_path: Path) -> None:
    """WAL lets readers go on while a run writes, and FULL lets no stored batch go with the power."""
    engine = connect(str(tmp_path / "r.db"), create=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_opening_again_changes_nothing(record_url: str) -> None:
    """Creating what is there opens it."""
    first = connect(record_url)
    with writing(first) as connection:
        add_state(connection, "kept")
    again = connect(record_url, create=True)
    assert states(again) == ["kept"]
    first.dispose()
    again.dispose()


def test_a_block_that_fails_stores_nothing(record: sa.Engine) -> None:
    """A transaction is stored in full or not at all, whatever kind of error ends it."""

    def fail_half_way() -> None:
        with writing(record) as connection:
            add_state(connection, "half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert states(record) == []


def test_a_reader_sees_the_record_as_it_was_when_it_began(record: sa.Engine) -> None:
    """What another writes meanwhile appears in the next transaction, not in this one."""
    with reading(record) as connection:
        count = sa.select(sa.func.count()).select_from(s.state)
        assert connection.execute(count).scalar() == 0
        with writing(record) as other:
            add_state(other, "new")
        assert connection.execute(count).scalar() == 0
    assert states(record) == ["new"]


def test_a_second_writer_waits_and_then_says_so(record_url: str) -> None:
    """Another writer's lock ends the wait after lock_seconds with a message, loses nothing, and is free afterwards."""
    first, second = connect(record_url), connect(record_url, lock_seconds=0.1)
    with writing(first) as connection:
        add_state(connection, "first")
        with pytest.raises(RecordError, match=r"another process is writing .*\(waited 0.1 s\); nothing is lost"), writing(second):
            pytest.fail("two writers at once")
    with writing(second) as connection:
        add_state(connection, "second")
    assert states(first) == ["first", "second"]
    first.dispose()
    second.dispose()


def test_a_second_writer_goes_on_when_the_first_has_ended(record_url: str) -> None:
    """Within its patience a writer waits for the one before it."""
    first, second = connect(record_url), connect(record_url, lock_seconds=30)
    begun, done = threading.Event(), []

    def write_second() -> None:
        begun.set()
        with writing(second) as connection:
            done.append(sorted(connection.execute(sa.select(s.state.c.name)).scalars()))

    with writing(first) as connection:
        other = threading.Thread(target=write_second)
        other.start()
        begun.wait()
        add_state(connection, "first")
        assert done == []
    other.join()
    assert done == [["first"]]
    first.dispose()
    second.dispose()


def test_two_processes_may_make_one_record(tmp_path: Path) -> None:
    """First runs that collide both end well: neither the switch to WAL nor the making of tables is done twice."""
    code = "import sys; from headcount.record.engine import connect; connect(sys.argv[1], create=True).dispose()"
    several = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "r.db")], stderr=subprocess.PIPE) for _ in range(3)]
    assert [(one.communicate()[1], one.returncode) for one in several] == [(b"", 0)] * 3
    engine = connect(str(tmp_path / "r.db"))
    assert states(engine) == []
    engine.dispose()


def test_a_killed_making_is_made_up_for(tmp_path: Path) -> None:
    """A file without tables, which a process killed at its first step leaves behind, becomes a record."""
    path = tmp_path / "r.db"
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA journal_mode = WAL")
    raw.close()
    with pytest.raises(NoRecordError, match="holds no record; headcount ingest makes one"):
        connect(str(path))
    connect(str(path), create=True).dispose()
    connect(str(path)).dispose()


def test_no_record_is_said_with_what_makes_one(tmp_path: Path) -> None:
    """A missing file is named, and not made by asking."""
    path = tmp_path / "none.db"
    assert message_of(lambda: connect(str(path))) == (
        f"{path}: there is no record here; headcount ingest makes one, --record names another"
    )
    assert not path.exists()


@pytest.mark.parametrize("create", [False, True])
def test_what_is_no_database_is_left_alone(create: bool, tmp_path: Path) -> None:
    """A text file is not taken for a record and not written to."""
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, " * 1000)
    before = path.read_bytes()
    assert "not a record of Headcount (not an SQLite database)" in message_of(lambda: connect(str(path), create=create))
    assert path.read_bytes() == before


@pytest.mark.parametrize("revision", [None, "ae1027a6acf"])
def test_another_programs_database_is_left_alone(revision: str | None, tmp_path: Path) -> None:
    """Its tables are not mixed with ours, whether it is kept by Alembic or not."""
    path = tmp_path / "shop.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE cart (id)")
    if revision:
        raw.execute("CREATE TABLE alembic_version (version_num)")
        raw.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
    raw.commit()
    raw.close()
    before = path.read_bytes()
    assert "this database is not a record (it holds the table" in message_of(lambda: connect(str(path), create=True))
    assert "this database holds no record" in message_of(lambda: connect(str(path)))
    assert path.read_bytes() == before


def test_a_postgresql_database_may_hold_other_tables(postgres_url: str) -> None:
    """A team's database is shared, unless a table of another program has the name of one of ours."""
    server = sa.create_engine(sa.make_url(postgres_url).set(drivername="postgresql+pg8000"))
    with server.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE event (id integer)")
    assert "not a record (it holds the table 'event')" in message_of(lambda: connect(postgres_url, create=True))
    with server.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE event RENAME TO cart")
    connect(postgres_url, create=True).dispose()
    server.dispose()


@pytest.mark.parametrize("create", [False, True])
def test_a_newer_record_asks_for_a_newer_headcount(create: bool, record_url: str) -> None:
    """A revision that this release does not know is neither read nor changed."""
    engine = connect(record_url)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    told = message_of(lambda: connect(record_url, create=create))
    assert told.endswith(
        f"the record stands at revision 9999, this Headcount reads {s.HEAD}; a newer Headcount made it: upgrade Headcount"
    )
    engine.dispose()


def test_an_older_record_asks_for_the_upgrade(record_url: str) -> None:
    """An older revision is not read by chance, but named with the command that mends it."""
    engine = connect(record_url)
    with writing(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    assert "headcount upgrade brings it up to date" in message_of(lambda: connect(record_url))
    engine.dispose()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".", "this is a folder; give the name of a file, such as headcount.db"),
        ("no/such/folder/r.db", "its folder does not exist; make the folder first"),
        ("x" * 300, "this cannot be the path of a record (File name too long)"),
        ("a\0b", "this cannot be the path of a record"),
        ("mysql://me:s3cret@host/db", "a record is an SQLite file or a postgresql:// database, found mysql"),
        ("postgresql://me:s3cret@host:port/db", "expected postgresql://user:password@host/database"),
        ("postgresql://me:s3cret@127.0.0.1:1/db", "the database does not answer"),
    ],
)
def test_a_name_that_cannot_be_opened_says_what_to_give(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, with what was expected, and never a password."""
    monkeypatch.chdir(tmp_path)
    told = message_of(lambda: connect(name, create=True))
    assert said in told
    assert "s3cret" not in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "wr0ng"}, "the database refuses this user or password; check the URL"),
        ({"username": "nobody-known"}, "the database refuses this user or password; check the URL"),
        ({"database": "no_such_database"}, "there is no database of this name on the server"),
        ({"port": 1}, "the database does not answer"),
    ],
)
def test_what_postgresql_refuses_is_said_without_the_password(changed: dict[str, str], said: str) -> None:
    """A wrong password, user, database or port: one line each, without a password in it."""
    url = require_server().set(drivername="postgresql").set(**changed)  # type: ignore[arg-type]
    if url.password != PASSWORD and "password" not in changed:
        pytest.skip("the server of HEADCOUNT_TEST_POSTGRES may let in whom it likes")
    told = message_of(lambda: connect(url.render_as_string(hide_password=False)))
    assert said in told
    assert url.password
    assert url.password not in told
    assert "\n" not in told


def test_a_connection_that_breaks_is_one_clear_error(postgres_url: str) -> None:
    """A server that goes away in the middle of a transaction loses that transaction alone."""
    engine, killer = connect(postgres_url, create=True), connect(postgres_url)

    def write_and_lose() -> None:
        with writing(engine) as connection:
            add_state(connection, "lost")
            own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with killer.connect() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            add_state(connection, "lost too")

    assert re.search("the server was shut down|the database does not answer", message_of(write_and_lose))
    assert states(killer) == []
    engine.dispose()
    killer.dispose()


def without_rights(act: Callable[[], object]) -> str:
    """The message of the RecordError that ``act`` ends with in a process that may not write everywhere, as root may."""
    ours, theirs = multiprocessing.Pipe()

    def run() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            theirs.send(f"no error, but {act()}")
        except RecordError as error:
            theirs.send(str(error))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    told = str(ours.recv())
    child.join()
    return told


@pytest.fixture
def shelf() -> Iterator[Path]:
    """A folder with an empty record, which anybody may enter and nobody may write to."""
    folder = Path(tempfile.mkdtemp(prefix="headcount-shelf-"))
    connect(str(folder / "r.db"), create=True).dispose()
    (folder / "r.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_not_written(shelf: Path) -> None:
    """In a folder that can be written the record can be asked; what would write says what is missing."""
    path = shelf / "r.db"
    shelf.chmod(0o777)

    def write() -> None:
        with writing(connect(str(path)), record=str(path)) as connection:
            add_state(connection, "x")

    assert without_rights(lambda: states(connect(str(path)))) == "no error, but []"
    assert without_rights(write).startswith(f"{path}: it cannot be opened for writing (attempt to write a readonly database)")
    assert states(connect(str(path))) == []


def test_a_read_only_folder_is_named(shelf: Path) -> None:
    """SQLite keeps its log beside the file: where it may not, the message says to look at the folder."""
    assert "check its rights, its folder's" in without_rights(lambda: connect(str(shelf / "new.db"), create=True))
    assert "check its rights, its folder's" in without_rights(lambda: connect(str(shelf / "r.db"), create=True))


def test_a_file_that_may_not_be_read_is_named(shelf: Path) -> None:
    """Rights are said to be what is missing, not the record."""
    (shelf / "r.db").chmod(0o000)
    assert without_rights(lambda: connect(str(shelf / "r.db"))) == f"{shelf / 'r.db'}: it may not be read; check its rights"


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    """Pages overwritten with zeros are not read as an empty record."""
    path = tmp_path / "r.db"
    connect(str(path), create=True).dispose()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    assert "the file is damaged; restore it from a copy" in message_of(lambda: states(connect(str(path))))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("headcount.db", "headcount.db"),
        ("postgresql://me:s3cret@host:5432/db", "postgresql://me:***@host:5432/db"),
        ("postgresql://me:s3c@ret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:s3/c?ret@host:port/db", "postgresql://me:***@host:port/db"),
        ("postgresql://me@host/db?password=s3cret&ssl=1", "postgresql://me@host/db?password=***&ssl=1"),
        ("postgresql:///db", "postgresql:///db"),
    ],
)
def test_a_record_is_named_without_its_password(name: str, said: str) -> None:
    """Messages, logs and run rows show where, never with which password."""
    assert shown(name) == said

"""Opens a record: an SQLite file, or a PostgreSQL database; and turns what storage refuses into one clear error."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from headcount.record import schema

LOCK_SECONDS: Final = 5.0
"""How long a write waits for another process that writes to the same record, unless ``connect`` is told otherwise."""

CONNECT_SECONDS: Final = 10.0
"""How long a PostgreSQL server may take to answer the call; an unreachable host would hold the command for minutes."""

WRITER_LOCK: Final = 0x68656164
"""The PostgreSQL advisory lock of a record's one writer."""

URL_OPTIONS: Final = ("application_name", "host", "password", "unix_sock")
"""What may stand behind the ``?`` of a URL; pg8000 falls over others."""

DEFAULT_RECORD: Final = "headcount.db"


class RecordError(Exception):
    """A record that cannot be opened, read or written; the message says which, why, and what to do."""


class NoRecordError(RecordError):
    """There is no record at the place named."""


class RecordBusyError(RecordError):
    """Another process is writing to the record, and was waited for in vain."""


def is_url(record: str) -> bool:
    """Whether a record is named by the URL of a database rather than by the path of a file."""
    return "://" in record


def connect(record: str, *, create: bool = False, lock_seconds: float = LOCK_SECONDS) -> sa.Engine:
    """The engine of the record at a path, or at a ``postgresql://`` URL; with ``create`` it is made, or brought up to date.

    ``lock_seconds`` is how long a write waits for another writer. Raises NoRecordError where there is none, RecordError
    where it is no record or one of another version.
    """
    engine = _engine_of(record, create=create, lock_seconds=lock_seconds)
    try:
        with saying_what_failed(record, engine):
            if create:
                _bring_up_to_date(engine, record)
            else:
                _require_head(engine, record)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def writing(engine: sa.Engine, *, record: str = "the record", wait: bool = True) -> Iterator[sa.Connection]:
    """A transaction of the one writer: all of the block is stored, or nothing of it.

    Raises RecordBusyError where another process writes and does not end in time, at once where ``wait`` is False.
    """
    with (
        saying_what_failed(record, engine),
        engine.connect().execution_options(writing=True, wait=wait) as connection,
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            waited = max(1, int(_lock_seconds(engine) * 1000)) if wait else 1
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{waited}ms'")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER_LOCK)))
        yield connection


@contextlib.contextmanager
def reading(engine: sa.Engine, *, record: str = "the record") -> Iterator[sa.Connection]:
    """A transaction that sees the record as it is at its start, whoever writes meanwhile."""
    with saying_what_failed(record, engine), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextlib.contextmanager
def saying_what_failed(record: str, engine: sa.Engine | None = None) -> Iterator[None]:
    """Turns an error of the database into a RecordError in words; other errors go through."""
    waited = LOCK_SECONDS if engine is None else _lock_seconds(engine)
    try:
        yield
    except DBAPIError as error:
        kind = RecordBusyError if _is_busy(error.orig) else RecordError
        raise kind(f"{shown(record)}: {_in_words(error.orig, waited)}") from error
    except sqlite3.Error as error:  # past SQLAlchemy, at the setting up of a file
        raise RecordError(f"{shown(record)}: {_in_words(error, waited)}") from error
    except SQLAlchemyError as error:
        raise RecordError(f"{shown(record)}: {str(error).splitlines()[0]}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:  # a reader that takes what is stored for a noun
        raise RecordError(f"{shown(record)}: what is stored cannot be read ({error}); headcount verify says where") from error


def shown(record: str) -> str:
    """The record's name for a message: a URL without its password, even where it is written in a way that no URL allows."""
    scheme, mark, rest = record.partition("://")
    if not mark:
        return record
    login, at, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    place = re.sub("(?i)(password=)[^&]*", r"\1***", place)
    return f"{scheme}://{user}{':***' if colon else ''}{at}{place}"


def _lock_seconds(engine: sa.Engine) -> float:
    return float(engine.get_execution_options().get("lock_seconds", LOCK_SECONDS))


def _engine_of(record: str, *, create: bool, lock_seconds: float) -> sa.Engine:
    if is_url(record):
        return _postgres(record, lock_seconds=lock_seconds)
    try:
        place = _place_of(record, create=create)
    except (OSError, ValueError) as error:  # a name too long, a NUL in it, a folder that may not be entered
        raise RecordError(f"{record}: this cannot be the path of a record ({getattr(error, 'strerror', None) or error})") from error
    engine = sa.create_engine(
        place,
        connect_args={"timeout": lock_seconds, "isolation_level": None},
        execution_options={"lock_seconds": lock_seconds},
    )
    sa_event.listen(engine, "connect", _set_up_sqlite)
    sa_event.listen(engine, "begin", _begin_sqlite)
    return engine


def _place_of(record: str, *, create: bool) -> sa.URL:
    if "\0" in record:
        raise ValueError("a NUL in it")
    path = Path(record)
    if path.is_dir():
        raise RecordError(f"{record}: this is a folder; give the name of a file, such as {path / DEFAULT_RECORD}")
    if not path.exists():
        if not create:
            raise NoRecordError(f"{record}: there is no record here; headcount ingest makes one, --record names another")
        if not path.absolute().parent.is_dir():
            raise RecordError(f"{record}: its folder does not exist; make the folder first")
    elif not path.is_file():
        raise RecordError(f"{record}: this is a device or a pipe; give the name of a file")
    elif not os.access(path, os.R_OK):
        raise RecordError(f"{record}: it may not be read; check its rights")
    return sa.URL.create("sqlite", database=str(path.absolute()))


def _postgres(record: str, *, lock_seconds: float) -> sa.Engine:
    try:
        url = sa.make_url(record)
    except (SQLAlchemyError, ValueError) as error:
        raise RecordError(f"{shown(record)}: expected postgresql://user:password@host/database, or the path of a file") from error
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise RecordError(
            f"{shown(record)}: a record is an SQLite file or a postgresql:// database, found {url.get_backend_name()}"
        )
    strange = sorted(url.query.keys() - URL_OPTIONS)
    if strange:
        raise RecordError(f"{shown(record)}: of options the URL may have {', '.join(URL_OPTIONS)}, found {strange[0]!r}")
    if not url.username or not url.database:
        missing = "database" if url.username else "user"
        raise RecordError(f"{shown(record)}: the URL names no {missing}; expected postgresql://user:password@host/database")
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+pg8000"),
            connect_args={"timeout": CONNECT_SECONDS},
            execution_options={"lock_seconds": lock_seconds},
        )
    except ModuleNotFoundError as error:
        raise RecordError(f"{shown(record)}: PostgreSQL needs pg8000: pip install 'headcount[postgres]'") from error
    sa_event.listen(engine, "connect", _set_up_postgres)
    return engine


def _set_up_postgres(connection: Any, _record: object) -> None:
    """The server has answered: from now on a statement may take as long as it does."""
    connection._usock.settimeout(None)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -16384", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    """BEGIN IMMEDIATE takes the writer's place at once, so that two writers wait for each other rather than fail half-way."""
    options = connection.get_execution_options()
    patience = _lock_seconds(connection.engine) if options.get("wait", True) else 0.0
    if options.get("writing"):
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(patience * 1000)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def _revision(connection: sa.Connection) -> str | None:
    """The revision of the migrations that the record stands at; None for a database without Headcount's tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.select(schema.revision.c.version_num)).scalar()
    return found if found and re.fullmatch(r"\d{4}", found) else None  # other programs' revisions are no four digits


def _require_head(engine: sa.Engine, record: str) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
    if found is None:
        raise NoRecordError(f"{shown(record)}: this database holds no record; headcount ingest makes one")
    if found != schema.HEAD:
        known = found < schema.HEAD
        what = "headcount upgrade brings it up to date" if known else "a newer Headcount made it: upgrade Headcount"
        raise RecordError(f"{shown(record)}: the record stands at revision {found}, this Headcount reads {schema.HEAD}; {what}")


def _bring_up_to_date(engine: sa.Engine, record: str) -> None:
    with engine.connect() as connection:
        found = _revision(connection)
        tables = [] if found else sorted(sa.inspect(connection).get_table_names())
    if found == schema.HEAD:
        return
    if found is not None and found > schema.HEAD:
        _require_head(engine, record)
    # A file belongs to one program; a PostgreSQL database may hold other tables, if only they have other names.
    ours = {*schema.metadata.tables, "alembic_version"}
    foreign = tables if engine.dialect.name == "sqlite" else [name for name in tables if name in ours]
    if foreign:
        raise RecordError(f"{shown(record)}: this database is not a record (it holds the table {foreign[0]!r}); give another")
    if engine.dialect.name == "sqlite":
        _switch_to_wal(engine)
    with writing(engine, record=record) as connection:
        found = _revision(connection)
        if found is None:  # what all the migrations make, which a test holds, without the 0.3 s that Alembic takes to load
            schema.metadata.create_all(connection)
            schema.revision.create(connection, checkfirst=True)
            connection.execute(sa.insert(schema.revision).values(version_num=schema.HEAD))
        elif found != schema.HEAD:  # another process may have been first
            from headcount.record.migrations import upgrade

            upgrade(connection)


def _switch_to_wal(engine: sa.Engine, *, tries: int = 20) -> None:
    """Readers and the writer then do not wait for each other. The switch itself does not wait: two first runs collide."""
    raw = engine.raw_connection()  # past SQLAlchemy, which would open a transaction first
    try:
        for left in reversed(range(tries)):
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or not left:
                    raise
                time.sleep(_lock_seconds(engine) / tries)
    finally:
        raw.close()


_SERVER_SAYS: Final = {
    "28P01": "the database refuses this user or password; check the URL",
    "28000": "the database refuses this user; check the URL, and the server's pg_hba.conf",
    "3D000": "there is no database of this name on the server; make it (createdb), or check the URL",
    "42501": "this user may not do that in the database; grant it the rights to make and write tables",
    "57P01": "the server was shut down; nothing is lost: run the same command again when it runs",
    "57P03": "the server is starting or stopping; try again in a moment",
    "53300": "the server takes no more connections; try again later",
}
"""PostgreSQL's error codes in words."""


def _told_by(error: BaseException | None) -> tuple[str, str]:
    """The code and the words of an error; pg8000 gives the fields of the server's message."""
    if error is not None and error.args and isinstance(error.args[0], dict):
        return str(error.args[0].get("C", "")), str(error.args[0].get("M", ""))
    return "", str(error)


def _is_busy(error: BaseException | None) -> bool:
    code, told = _told_by(error)
    return code == "55P03" or "locked" in told.lower()


def _in_words(error: BaseException | None, waited: float) -> str:
    code, told = _told_by(error)
    low = told.lower()
    if code in _SERVER_SAYS:
        return _SERVER_SAYS[code]
    if _is_busy(error):
        return f"another process is writing to the record (waited {waited:g} s); nothing is lost: try again when it has ended"
    if code == "53100" or "disk is full" in low or "no space left" in low:
        return "the disk is full; what was stored before is safe: make room and run the same command again"
    if "disk i/o error" in low or code == "58030":
        return "the disk refuses to write or read (full or broken); what was stored before is safe: mend it and try again"
    if "not a database" in low:
        return "this file is not a record of Headcount (not an SQLite database); give another file"
    if "malformed" in low:
        return "the file is damaged; restore it from a copy (sqlite3 FILE .recover may save what is left)"
    if "readonly" in low or "read-only" in low or "unable to open" in low:
        return f"it cannot be opened for writing ({told}); check its rights, its folder's, and the room on the disk"
    if "can't create a connection" in low or "network error" in low or "timed out" in low or "refused" in low:
        return f"the database does not answer ({told}); check that it runs, and the host and port of the URL"
    return f"the storage refused ({told.splitlines()[0][:300] if told else type(error).__name__})"

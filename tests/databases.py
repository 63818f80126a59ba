"""Records for tests, on SQLite and on a real PostgreSQL: a server of the test's own, or the one of HEADCOUNT_TEST_POSTGRES."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa

from headcount.record.engine import connect, reading
from headcount.record.schema import metadata

GIVEN = "HEADCOUNT_TEST_POSTGRES"
USER, PASSWORD = "headcount", "s3cret-of-the-tests"
BINARIES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=30", "shared_buffers=16MB")
ANSWERS_WITHIN = 60.0

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A PostgreSQL server on which databases may be made; or why there is none."""

    url: sa.URL | None
    why: str = ""


@cache
def find_server() -> Server:
    """The server that the environment names, else one that is started here and stopped at the end of this process."""
    if given := os.environ.get(GIVEN):
        return Server(url=sa.make_url(given).set(drivername="postgresql+pg8000"))
    binaries = _find_binaries()
    if binaries is None:
        return Server(url=None, why=f"no PostgreSQL on this machine, and {GIVEN} names none")
    try:
        return Server(url=_start(binaries))
    except (OSError, subprocess.SubprocessError, KeyError, TimeoutError) as error:
        output = getattr(error, "stderr", None) or b""
        told = f"{type(error).__name__}: {error} {output.decode(errors='replace')[-200:]}"
        return Server(url=None, why=f"PostgreSQL in {binaries} did not start ({' '.join(told.split())})")


def require_server() -> sa.URL:
    """The server's URL; skips the test where there is none, and says why."""
    server = find_server()
    if server.url is None:
        pytest.skip(f"PostgreSQL not tested: {server.why}")
    return server.url


@contextlib.contextmanager
def new_database(*, template: str | None = None) -> Iterator[str]:
    """The URL of a new PostgreSQL database, dropped at the end."""
    server = require_server()
    name = f"headcount_test_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    try:
        yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextlib.contextmanager
def new_record(kind: str, folder: Path) -> Iterator[str]:
    """The name of an empty record with its tables: a path for ``sqlite``, a URL for ``postgresql``."""
    if kind == "sqlite":
        path = folder / f"record-{next(_numbers)}.db"
        shutil.copy(_empty_file(), path)
        yield str(path)
    else:
        require_server()
        with new_database(template=_empty_database()) as url:
            yield url


@cache
def _empty_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="headcount-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "empty.db"
    connect(str(path), create=True).dispose()
    return path


@cache
def _empty_database() -> str:
    server = require_server()
    name = f"headcount_empty_{os.getpid()}"
    _administer(server, f"CREATE DATABASE {name}")
    atexit.register(_drop_quietly, server, name)
    connect(server.set(drivername="postgresql", database=name).render_as_string(hide_password=False), create=True).dispose()
    return name


def dump(engine: sa.Engine, *, but: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table in an order of its own; without the tables of ``but`` and the columns of ``without``."""
    tables = {}
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            if table.name not in but:
                columns = [column for column in table.c if column.name not in without]
                rows = [tuple(row) for row in connection.execute(sa.select(*columns))]
                tables[table.name] = sorted(rows, key=repr)
    return tables


def _find_binaries() -> Path | None:
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for pattern in BINARIES:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


def _start(binaries: Path) -> sa.URL:
    """Starts a server on a free port of the loopback, with a password. It refuses to run as root, which lends it a user."""
    folder = Path(tempfile.mkdtemp(prefix="headcount-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    lent: dict[str, object] = {}
    if os.geteuid() == 0:
        user = next(pwd.getpwnam(name) for name in ("postgres", "nobody") if _has_user(name))
        lent = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        for path in (folder, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
    data = folder / "data"
    make = [binaries / "initdb", "-D", data, "-U", USER, f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]
    kinds = (["--locale-provider=icu", "--icu-locale=en"], [])  # a collation unlike SQLite's, where the build has it
    for number, kind in enumerate(kinds, start=1):
        try:
            subprocess.run([*make, *kind], check=True, capture_output=True, cwd=folder, **lent)  # type: ignore[call-overload]
            break
        except subprocess.CalledProcessError:
            shutil.rmtree(data, ignore_errors=True)
            if number == len(kinds):
                raise
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", *QUICK]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(data), *(part for one in options for part in ("-c", one))],
            cwd=folder, stdout=log, stderr=log, start_new_session=True, **lent,
        )  # type: ignore[call-overload]  # fmt: skip
    atexit.register(_stop, server)
    url = sa.URL.create("postgresql+pg8000", USER, PASSWORD, "127.0.0.1", port, "postgres")
    until = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            _administer(url, "SELECT 1")
            return url
        except sa.exc.SQLAlchemyError as error:
            if server.poll() is not None or time.monotonic() > until:
                raise TimeoutError(f"{error}; its log: {(folder / 'log').read_text(errors='replace')[-300:]}") from error
            time.sleep(0.05)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _administer(url: sa.URL, command: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(command)


def _drop_quietly(url: sa.URL, name: str) -> None:
    with contextlib.suppress(sa.exc.SQLAlchemyError):
        _administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

"""One service a record: the second is refused, and a killed one leaves nothing behind that would refuse the next."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from headcount.record.engine import RecordError, saying_what_failed, shown

WATCH_LOCK: Final = 0x77617463
"""The PostgreSQL advisory lock of the one service; the server lets go of it with the connection."""

ENDING: Final = "-watch"
"""Behind the name of an SQLite record, of the empty file that is locked: a lock on the record itself is SQLite's."""


class AlreadyWatchedError(RecordError):
    """Another service watches for the same record."""


@contextlib.contextmanager
def only_one(engine: sa.Engine, *, record: str) -> Iterator[None]:
    """Holds the place of the one service for the time of the block. Raises AlreadyWatchedError where it is taken."""
    if engine.dialect.name == "postgresql":
        with contextlib.ExitStack() as held:
            with saying_what_failed(record, engine):
                connection = held.enter_context(engine.connect())
                if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(WATCH_LOCK))).scalar():
                    raise _taken(record, "")
                connection.commit()  # the lock is the session's; an open transaction would hold back the server's cleaning
            held.callback(connection.invalidate)  # else the pool would keep the session, and with it the lock
            yield
        return
    path = f"{engine.url.database}{ENDING}"
    try:
        # Opened once: a process loses its locks on a file with the first descriptor of it that it closes.
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise RecordError(f"{path}: cannot be made, to keep a second watch away ({error.strerror})") from error
    try:
        try:
            fcntl.lockf(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            with contextlib.suppress(OSError):
                raise _taken(record, os.pread(number, 20, 0).decode("ascii", "replace").strip()) from None
            raise _taken(record, "") from None
        with contextlib.suppress(OSError):  # a full disk: then the message does not say which process it is
            os.ftruncate(number, 0)
            os.pwrite(number, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(number)


def _taken(record: str, process: str) -> AlreadyWatchedError:
    who = f" (process {process})" if process.isdigit() else ""
    return AlreadyWatchedError(f"{shown(record)}: another headcount watch{who} keeps this record; end that one first")

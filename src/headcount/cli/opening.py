"""A record opened for a command; its events derived again after a command that changed what they are derived from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from headcount.cli.messages import write_error
from headcount.wording import make_harmless, write_count

if TYPE_CHECKING:
    import sqlalchemy as sa

    from headcount.record.deriving import Derived


@contextlib.contextmanager
def opened(record: str, *, create: bool = False) -> Iterator[sa.Engine]:
    """The engine of a record, let go of at the end. A record that is none ends the command with a word on what to do."""
    from headcount.record.engine import connect

    engine = connect(record, create=create)
    try:
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Turns what the record refuses to do (an unknown id, a value that is none) into wrong usage: exit code 2, one line."""
    try:
        yield
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def derive_again(engine: sa.Engine, record: str, *, force: bool = False) -> Derived | None:
    """Derives the events if anything they are derived from has changed; None where nothing has."""
    from headcount.record.deriving import derive_events, is_up_to_date
    from headcount.record.engine import reading, writing

    if not force:
        with reading(engine, record=record) as connection:
            if is_up_to_date(connection):
                return None
    with writing(engine, record=record) as connection:
        return derive_events(connection)


def say(text: str) -> None:
    """A line of standard error."""
    write_error(f"headcount: {make_harmless(text)}")


def describe(derived: Derived) -> str:
    """What a derivation did: "128 events of 130 accounts: 128 new, 1 merged into another"."""
    changes = [
        f"{number:,} {what}"
        for number, what in (
            (derived.new, "new"),
            (derived.changed, "changed"),
            (derived.merged, "merged into another"),
            (derived.gone, "gone"),
        )
        if number
    ]
    told = f"{write_count(derived.events, 'event')} of {write_count(derived.candidates, 'account')}"
    return f"{told}: {', '.join(changes) or 'nothing changed'}"

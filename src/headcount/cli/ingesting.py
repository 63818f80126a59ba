"""The commands that fill a record: ingest, link."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

from headcount.cli import exits
from headcount.cli.gathering import asked_of, gather, require_sources, total_bytes
from headcount.cli.messages import Messages, Tally
from headcount.cli.networking import fetching_of
from headcount.cli.opening import derive_again, describe, opened, say
from headcount.cli.options import defaults_options, fetch_options, now, record_option
from headcount.cli.terminal import is_terminal
from headcount.models import Reading
from headcount.wording import write_count

if TYPE_CHECKING:
    import sqlalchemy as sa

    from headcount.record.deriving import Derived
    from headcount.run.ingesting import Balance, Earlier
    from headcount.sources import Asked


OVERRULED_SHOWN: Final = 20


@click.command()
@click.argument("sources", nargs=-1, metavar="[PATH|DIR|URL|-]...")
@record_option
@defaults_options
@fetch_options
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to read with. Default: one a core.")
@click.option("--no-screen", is_flag=True, help="Have the coders read reports without a word of a gathering too.")
@click.option("--again", is_flag=True, help="Open pages and archives once more that were read before.")
@click.option("--quiet", is_flag=True, help="Say nothing but failures, and no bar.")
def ingest(
    *,
    sources: tuple[str, ...],
    record: str,
    published: dt.date | None,
    publisher: str | None,
    country: str | None,
    columns: dict[str, str],
    fetch: bool,
    cache: str | None,
    contact: str,
    delay: float,
    jobs: int | None,
    no_screen: bool,
    again: bool,
    quiet: bool,
) -> int:
    """Read reports into a record, and link their events.

    Takes what headcount read takes. Reports that the record holds already are not read again; a changed one becomes a new
    version, the old one kept. It may be stopped at any moment: the same command again does the rest.

    \b
    headcount ingest reports/ --record marches.db
    headcount ingest news.jsonl --record postgresql://me@host/marches
    headcount ingest https://post.example/feed.xml --fetch

    Exit codes: 0 all read, 2 wrong usage, 3 some input could not be read, 5 the record could not be written, 130 Ctrl-C.
    """
    paths = require_sources(sources)
    fetching = fetching_of(paths, fetch=fetch, cache=cache, contact=contact, delay=delay)
    asked = asked_of(
        published=published, publisher=publisher, country=country, columns=columns, screen=not no_screen, keep_bytes=True
    )
    show_bar = is_terminal(sys.stderr) and not quiet
    with (
        opened(record, create=True) as engine,
        Messages(show_bar=show_bar, total_bytes=total_bytes(paths) if show_bar else None) as told,
    ):
        earlier = earlier_of(engine, asked, record=record, again=again)
        if fetching is not None:
            fetching = fetching.knowing(known_of(engine, record=record))
        reports = gather(
            paths, asked, jobs=jobs, on_bytes=told.add_bytes, resume=earlier.resume, leave_out=earlier.leave_out, fetching=fetching
        )
        kinds = fetching.kinds if fetching is not None else None
        command = "ingest " + " ".join(paths)
        balance, tally = ingest_all(
            engine, reports, told, record=record, command=command, earlier=earlier, kinds=kinds, jobs=jobs, screen=not no_screen,
            quiet=quiet,
        )  # fmt: skip
        if not quiet:
            told.say(describe_balance(balance))
            if balance.archives_unchanged:
                unchanged = write_count(balance.archives_unchanged, "archive")
                told.say(f"{unchanged} unchanged since read to the end: nothing was read again (--again does)")
        derived = derive_again(engine, record)
        if not quiet:
            told.say(f"linked: {describe(derived)}" if derived else "linked: nothing has changed")
            hint = tally.undated_hint()
            if hint:
                told.say(f"note: {hint}")
        tell_overruled(derived)
    return exits.PARTIAL if balance.failed else exits.OK


@click.command()
@record_option
@click.option("--force", is_flag=True, help="Derive all events again, whether anything has changed or not.")
def link(*, record: str, force: bool) -> int:
    """Decide which accounts are one event.

    headcount ingest does this by itself. What people have decided comes first and is never undone; ids stay.
    """
    with opened(record) as engine:
        derived = derive_again(engine, record, force=force)
        say(describe(derived) if derived else "the events are up to date; --force derives them all the same")
        tell_overruled(derived)
    return exits.OK


COMMANDS = [ingest, link]


def earlier_of(engine: sa.Engine, asked: Asked, *, record: str, again: bool = False) -> Earlier:
    """What earlier runs have settled for this coder and what is asked."""
    from headcount.coding.version import name_coder
    from headcount.run.ingesting import Earlier

    return Earlier(engine, record=record, coder=name_coder(), asked=asked, again=again)


def known_of(engine: sa.Engine, *, record: str) -> Callable[[str, Sequence[str]], Collection[str]]:
    """Says which of the addresses of a source the record has had before; what failed is asked for again."""
    from headcount.record.engine import reading
    from headcount.record.origins import known_items, shorten

    def known(source: str, addresses: Sequence[str]) -> Collection[str]:
        named = shorten(source if "://" in source else os.path.abspath(source))
        with reading(engine, record=record) as connection:
            items = known_items(connection, named, addresses)
        return {address for address, seen in items.items() if seen.outcome != "failed"}

    return known


def ingest_all(
    engine: sa.Engine,
    reports: object,
    told: Messages,
    *,
    record: str,
    command: str,
    earlier: Earlier | None = None,
    kinds: Mapping[str, str] | None = None,
    jobs: int | None = None,
    screen: bool = True,
    quiet: bool = False,
) -> tuple[Balance, Tally]:
    """Reads and stores, telling problems as they come; a Ctrl-C is told what is safe, and goes on."""
    from headcount.coding.version import name_coder
    from headcount.run.ingesting import ingest_reports

    tally = Tally()
    stored = 0

    def on_reading(reading: Reading) -> None:
        tally.count(reading)
        for problem in reading.problems:
            if problem.fatal or not quiet:
                told.tell_problem(problem)
        told.advance()

    def on_step(step: str) -> None:
        nonlocal stored
        if step == "after the commit":
            stored = tally.reports

    try:
        balance = ingest_reports(
            engine,
            reports,  # type: ignore[arg-type]
            record=record,
            command=command,
            coder=name_coder(),
            clock=now,
            earlier=earlier,
            kinds=kinds,
            jobs=jobs,
            screen=screen,
            on_reading=on_reading,
            on_step=on_step,
        )
    except KeyboardInterrupt:
        told.say(f"{write_count(stored, 'report')} of this run stored and safe; run the same command again for the others")
        raise
    told.__exit__(None, None, None)
    told.tell_the_rest("the table problem of the record has all of them")
    return balance, tally


def describe_balance(balance: Balance) -> str:
    """What became of the reports: "50 reports in: 48 coded (3 near-copies), 1 screened out, 1 duplicate, 0 failed; 49 new"."""
    language = f" ({balance.other_language:,} in another language)" if balance.other_language else ""
    copies = f" ({write_count(balance.near_copies, 'near-copy', 'near-copies')})" if balance.near_copies else ""
    new = f"{balance.new:,} new" + (f", {balance.changed:,} changed" if balance.changed else "")
    return (
        f"{write_count(balance.reports_in, 'report')} in: {balance.coded:,} coded{copies}, "
        f"{balance.screened_out:,} screened out{language}, {balance.duplicate:,} duplicate, {balance.failed:,} failed; {new}"
    )


def tell_overruled(derived: Derived | None) -> None:
    """Says which decisions of people newer ones contradict."""
    for left, right, verdict in derived.overruled[:OVERRULED_SHOWN] if derived else ():
        say(f"note: the decision that {left} and {right} are {verdict} is overruled by a newer one (headcount judgements)")

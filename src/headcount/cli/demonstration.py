"""The command that shows what Headcount does, on the reports that it brings: demo."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from headcount.cli.gathering import gather
from headcount.cli.messages import Messages, write_error
from headcount.cli.opening import derive_again, describe, opened, say
from headcount.cli.output import open_output
from headcount.cli.reading import FORMATS, write_readings
from headcount.wording import write_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headcount.models import Event, Problem, Reading, Report


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def demo(*, form: str) -> int:
    """Read the sample reports and make a record of them.

    Each of the reports that Headcount brings is in another style of news.

    With the table comes the record: its balance, one event that several reports tell of, and where its values come from.
    """
    from importlib.resources import as_file, files

    from headcount.run import read_reports
    from headcount.sources import Asked

    with ExitStack() as stack:
        folder = files("headcount").joinpath("samples")
        names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".md")) if folder.is_dir() else []
        if not names:
            raise click.ClickException("the sample reports are missing from this installation: install Headcount again")
        paths = [stack.enter_context(as_file(folder.joinpath(name))) for name in names]
        messages = stack.enter_context(Messages(show_bar=False))
        code = write_readings(read_reports(_named_by_file(gather(paths, Asked()))), form, None, messages)
        if form == "table":
            record = stack.enter_context(tempfile.TemporaryDirectory(prefix="headcount-demo-"))
            show_record(paths, os.path.join(record, "demo.db"))
    return code


COMMANDS = [demo]


def show_record(paths: list[Path], record: str) -> None:
    """Ingests the reports into a record, and shows the event that most of them tell of, with where its size comes from."""
    from headcount.cli.asking import load_sentences, write_explanation
    from headcount.cli.explanation import render_event
    from headcount.cli.ingesting import describe_balance, ingest_all
    from headcount.cli.terminal import write_page
    from headcount.record.asking import find_events
    from headcount.record.engine import reading
    from headcount.record.explaining import load_accounts, load_ties
    from headcount.record.pairing import load_joining
    from headcount.sources import Asked

    write_error("")
    say("the same reports as headcount ingest keeps them in a record:")
    with opened(record, create=True) as engine, Messages(show_bar=False) as messages:
        reports = _named_by_file(gather(paths, Asked()))
        balance, _ = ingest_all(engine, reports, messages, record=record, command="demo", quiet=True)
        say(describe_balance(balance))
        derived = derive_again(engine, record)
        say(f"linked: {describe(derived)}" if derived else "linked: nothing has changed")
        with reading(engine, record=record) as connection:
            event = max(find_events(connection), key=_how_telling)
            accounts = load_accounts(connection, event, load_sentences())
            ties = load_ties(connection, event.event_id)
            joined = load_joining(connection, event.event_id, event.candidates)
            write_error("")
            say(f"one event, told by {write_count(len(event.reports), 'report')}: headcount show {event.event_id}")
            with open_output(None) as out:
                write_page(render_event(event, accounts, ties, joined), out)
            say(f"where its size comes from: headcount explain {event.event_id} size")
            with open_output(None) as out:
                write_explanation(connection, event, out, column="size", why_one=True)
            say("this record is gone now; headcount ingest FOLDER makes one of your own reports, in headcount.db")


def _how_telling(event: Event) -> tuple[int, int, str]:
    """The event that most reports tell of, with the most figures."""
    return len(event.reports), len({(size.low, size.high) for size in event.sizes}), event.event_id


def _named_by_file(items: Iterator[Report | Problem | Reading]) -> Iterator[Report | Problem | Reading]:
    """The samples under the names of their files: where the package is installed says nothing to a reader."""
    from dataclasses import replace

    from headcount.models import Reading

    for item in items:
        yield item if isinstance(item, Reading) else replace(item, record=Path(item.record).name)

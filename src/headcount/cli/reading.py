"""The commands that read reports and keep nothing: read, schema."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import click

from headcount.cli import exits
from headcount.cli.gathering import asked_of, gather, require_sources, total_bytes
from headcount.cli.messages import Messages, Tally
from headcount.cli.networking import fetching_of
from headcount.cli.options import defaults_options, fetch_options
from headcount.cli.output import is_an_input, open_output, refuse_empty
from headcount.cli.terminal import is_terminal
from headcount.models import Reading

FORMATS = ("table", "jsonl", "json", "csv")
FORMAT_OF_ENDING = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}

Writer = Callable[[Iterable[Reading], BinaryIO], Iterator[Reading]]


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH|DIR|URL|-]...")
@defaults_options
@fetch_options
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: table on a terminal, else jsonl or what FILE ends in.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; it is replaced only when all is written.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to read with. Default: one a core.")
@click.option("--no-screen", is_flag=True, help="Have the coders read English reports without a word of a gathering too.")
def read(
    *,
    paths: tuple[str, ...],
    published: dt.date | None,
    publisher: str | None,
    country: str | None,
    columns: dict[str, str],
    fetch: bool,
    cache: str | None,
    contact: str,
    delay: float,
    form: str | None,
    output: str | None,
    jobs: int | None,
    no_screen: bool,
) -> int:
    """Read reports and print the events that each tells of.

    Takes files, folders of them, or standard input (-): texts, saved pages, documents, exports of databases, tables and archives,
    told by their bytes (docs/sources.md); addresses with --fetch.

    JSON Lines have one report a line: text, and as known id, published, publisher, title, url, country.
    A text file may have these fields in a head between two lines of ---.

    \b
    headcount read article.txt --published 2016-08-02 --country GB
    headcount read reports.jsonl --output events.csv
    headcount read https://post.example/feed.xml --fetch

    Exit codes: 0 all read, 2 wrong usage, 3 some input could not be read, 5 the output could not be written.
    """
    from headcount.run import read_reports

    paths = require_sources(paths)
    refuse_empty(output)
    if output is not None and output != "-" and is_an_input(output, paths):
        raise click.UsageError(f"{output} is to be read, and --output would replace it: give another file to write to")
    form = form or format_for(output)
    fetching = fetching_of(paths, fetch=fetch, cache=cache, contact=contact, delay=delay)
    asked = asked_of(published=published, publisher=publisher, country=country, columns=columns, screen=not no_screen)
    on_stdout = output is None or output == "-"
    show_bar = is_terminal(sys.stderr) and not (on_stdout and is_terminal(sys.stdout))
    with Messages(show_bar=show_bar, total_bytes=total_bytes(paths) if show_bar else None) as messages:
        reports = gather(paths, asked, jobs=jobs, on_bytes=messages.add_bytes, fetching=fetching)
        return write_readings(read_reports(reports, jobs=jobs, screen=not no_screen), form, output, messages)


@click.command()
def schema() -> int:
    """Print the JSON Schema of one line of --format jsonl."""
    from headcount.exports.reading import read_schema

    with open_output(None) as out:
        out.write(read_schema().encode("utf-8"))
    return exits.OK


COMMANDS = [read, schema]


def write_readings(readings: Iterator[Reading], form: str, output: str | None, messages: Messages) -> int:
    """Writes readings as they come, telling their problems; returns the exit code."""
    tally = Tally()
    with open_output(output) as out:
        for reading in _writer(form)(_without_os_errors(readings), out):
            tally.count(reading)
            for problem in reading.problems:
                messages.tell_problem(problem)
            messages.advance()
    messages.__exit__(None, None, None)
    messages.tell_the_rest("--format jsonl lists all of them")
    hint = tally.undated_hint()
    if hint:
        messages.say(f"note: {hint}")
    messages.say(tally.summary())
    return exits.PARTIAL if tally.failed else exits.OK


class ReadingError(Exception):
    """What the readers raised, told apart from what the output's storage raises."""


def _without_os_errors(readings: Iterator[Reading]) -> Iterator[Reading]:
    try:
        yield from readings
    except OSError as error:
        raise ReadingError(f"{type(error).__name__}: {error}") from error


def _writer(form: str) -> Writer:
    if form == "table":
        from headcount.cli.table import write_table

        return write_table
    from headcount.exports import reading

    return {"jsonl": reading.write_jsonl, "json": reading.write_json, "csv": reading.write_csv}[form]


def format_for(output: str | None) -> str:
    """What is written where no format is asked for. UsageError for a file whose ending means none of them."""
    if output is None or output == "-":
        return "table" if is_terminal(sys.stdout) else "jsonl"
    ending = Path(output).suffix.lower()
    if ending and ending not in FORMAT_OF_ENDING:
        known = ", ".join(FORMAT_OF_ENDING)
        raise click.UsageError(f"--output {output}: expected an ending of {known}, or --format to say what the file is to hold")
    return FORMAT_OF_ENDING.get(ending, "jsonl")

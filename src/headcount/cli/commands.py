"""The commands: read, demo, schema. Each ends with an exit code of docs/exit-codes.md, and never with a traceback."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NoReturn, TextIO

import click

from headcount import __version__
from headcount.cli import exits
from headcount.cli.messages import Messages, Tally, write_error
from headcount.cli.output import OutputClosedError, StorageError, is_an_input, open_output
from headcount.models import Problem, Reading, Report
from headcount.wording import make_harmless

FORMATS = ("table", "jsonl", "json", "csv")
FORMAT_OF_ENDING = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}

Writer = Callable[[Iterable[Reading], BinaryIO], Iterator[Reading]]


class DateType(click.ParamType[dt.date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        from headcount.sources import parse_published

        try:
            return parse_published(value)
        except ValueError:
            self.fail(f"expected a date as YYYY-MM-DD, found {value!r}", param, ctx)


class CountryType(click.ParamType[str]):
    """Two letters of ISO 3166-1."""

    name = "country"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from headcount.sources import parse_country

        try:
            return parse_country(value)
        except ValueError:
            self.fail(f"expected a code of two letters of ISO 3166-1 such as GB, found {value!r}", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="headcount %(version)s")
def command() -> None:
    """Read news reports of rallies and marches into coded events: what, where, when, how many, and who says so."""


@command.command()
@click.argument("paths", nargs=-1, metavar="[PATH|DIR|-]...")
@click.option("--published", type=DateType(), metavar="DATE", help="Day of publication, for reports that do not say it.")
@click.option("--publisher", metavar="NAME", help="Publisher, for reports that do not name it.")
@click.option("--country", type=CountryType(), metavar="CC", help="Country of the publisher (GB, US ...), likewise.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: table on a terminal, else jsonl or what FILE ends in.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; it is replaced only when all is written.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to read with. Default: one a core.")
@click.option("--no-screen", is_flag=True, help="Have the coders read reports without a word of a gathering too.")
def read(
    *,
    paths: tuple[str, ...],
    published: dt.date | None,
    publisher: str | None,
    country: str | None,
    form: str | None,
    output: str | None,
    jobs: int | None,
    no_screen: bool,
) -> int:
    """Read reports: .txt, .md and .jsonl files, folders of them, or standard input (-).

    JSON Lines have one report a line: text, and as known id, published, publisher, title, url, country.
    A text file may have these fields in a head between two lines of ---.

    \b
    headcount read article.txt --published 2016-08-02 --country GB
    headcount read reports.jsonl --output events.csv

    Exit codes: 0 all read, 2 wrong usage, 3 some input could not be read, 5 the output could not be written.
    """
    from headcount.run import read_reports
    from headcount.sources import Defaults, find_reports

    if not paths:
        if sys.stdin is None or _is_terminal(sys.stdin):
            raise click.UsageError("nothing to read: give a file, a folder, or - for standard input")
        paths = ("-",)
    if "" in paths:
        raise click.UsageError("a path is empty: give a file, a folder, or - for standard input")
    if output is not None and output != "-" and is_an_input(output, paths):
        raise click.UsageError(f"{output} is to be read, and --output would replace it: give another file to write to")
    form = form or _format_for(output)
    defaults = Defaults(published=published, publisher=publisher or None, country=country)
    on_stdout = output is None or output == "-"
    show_bar = _is_terminal(sys.stderr) and not (on_stdout and _is_terminal(sys.stdout))
    with Messages(show_bar=show_bar, total_bytes=_total_bytes(paths) if show_bar else None) as messages:
        reports = find_reports(paths, defaults=defaults, on_bytes=messages.add_bytes)
        return _write(read_reports(reports, jobs=jobs, screen=not no_screen), form, output, messages)


@command.command()
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
def demo(*, form: str) -> int:
    """Read the sample reports that Headcount brings, each in another style of news."""
    from importlib.resources import as_file, files

    from headcount.run import read_reports
    from headcount.sources import find_reports

    with ExitStack() as stack:
        folder = files("headcount").joinpath("samples")
        names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".md")) if folder.is_dir() else []
        if not names:
            raise click.ClickException("the sample reports are missing from this installation: install Headcount again")
        paths = [stack.enter_context(as_file(folder.joinpath(name))) for name in names]
        messages = stack.enter_context(Messages(show_bar=False))
        return _write(read_reports(_named_by_file(find_reports(paths))), form, None, messages)


@command.command()
def schema() -> int:
    """Print the JSON Schema of one line of --format jsonl."""
    from headcount.exports.reading import read_schema

    with open_output(None) as out:
        out.write(read_schema().encode("utf-8"))
    return exits.OK


def run_command(arguments: list[str] | None = None) -> int:
    """Runs the command line and turns whatever ends it into an exit code and, where it is none of ours, one line."""
    signal.signal(signal.SIGTERM, _end_on_signal)
    _hold_closed_streams()
    try:
        code = command.main(args=arguments, prog_name="headcount", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Abort:
        return _fail("interrupted", exits.INTERRUPTED)
    except KeyboardInterrupt:
        return _fail("interrupted", exits.INTERRUPTED)
    except click.UsageError as error:
        with contextlib.suppress(OSError):
            error.show()
        return exits.USAGE
    except click.ClickException as error:
        return _fail(error.format_message(), exits.USAGE)
    except OutputClosedError:
        _drop_stdout()
        return exits.OK
    except StorageError as error:
        _drop_stdout()
        return _fail(str(error), exits.STORAGE)
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # of --help: other output goes through open_output
            _drop_stdout()
            return _fail("cannot write to standard output: no space left; make room or choose another place", exits.STORAGE)
        if os.environ.get("HEADCOUNT_TRACEBACK"):
            raise
        what = str(error) if isinstance(error, ReadingError) else f"{type(error).__name__}: {error}"
        return _fail(f"stopped by a defect or a broken installation ({what}); HEADCOUNT_TRACEBACK=1 shows where", exits.DEFECT)


def _write(readings: Iterator[Reading], form: str, output: str | None, messages: Messages) -> int:
    tally = Tally()
    with open_output(output) as out:
        for reading in _writer(form)(_without_os_errors(readings), out):
            tally.count(reading)
            for problem in reading.problems:
                messages.tell_problem(problem)
            messages.advance()
    messages.__exit__(None, None, None)
    messages.tell_the_rest()
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


def _format_for(output: str | None) -> str:
    if output is None or output == "-":
        return "table" if _is_terminal(sys.stdout) else "jsonl"
    return FORMAT_OF_ENDING.get(Path(output).suffix.lower(), "jsonl")


def _total_bytes(paths: tuple[str, ...]) -> int | None:
    """How much there is to read, for the bar; None where that cannot be known."""
    total = 0
    for path in paths:
        if path == "-":
            return None
        for parent, folders, files in os.walk(path) if os.path.isdir(path) else [("", [], [path])]:
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if not os.path.basename(name).startswith(".") and os.path.isfile(os.path.join(parent, name)):
                    total += os.path.getsize(os.path.join(parent, name))
    return total or None


def _named_by_file(items: Iterator[Report | Problem]) -> Iterator[Report | Problem]:
    """The samples under the names of their files: where the package is installed says nothing to a reader."""
    from dataclasses import replace

    for item in items:
        yield replace(item, record=Path(item.record).name)


def _drop_stdout() -> None:
    """Has what is still buffered for standard output go nowhere, so that its flush at exit does not fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):  # AttributeError: it was closed from the start
        return


def _hold_closed_streams() -> None:
    """Opens /dev/null where a standard stream is closed, so that no file of ours takes its number and is written to by chance."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _fail(what: str, code: int) -> int:
    write_error(f"headcount: {make_harmless(what)}")
    return code


def _end_on_signal(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(exits.TERMINATED)

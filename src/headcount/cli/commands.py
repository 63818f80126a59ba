"""The command ``headcount`` and its parts. Each ends with an exit code of docs/exit-codes.md, and never with a traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

import click

from headcount import __version__
from headcount.cli import asking, deciding, demonstration, exits, exporting, ingesting, reading, sources, summing, upkeep, watching
from headcount.cli.messages import write_error
from headcount.cli.output import OutputClosedError, StorageError
from headcount.wording import make_harmless

SECTIONS: Final = (
    ("Read", (*reading.COMMANDS, *demonstration.COMMANDS)),
    ("Fill a record", (*ingesting.COMMANDS, *watching.COMMANDS)),
    ("Ask it", (*asking.COMMANDS, *summing.COMMANDS, *sources.COMMANDS, *exporting.COMMANDS)),
    ("Decide", deciding.COMMANDS),
    ("Keep it in order", upkeep.COMMANDS),
)
"""The commands as ``--help`` lists them."""


class Sections(click.Group):
    """A group whose help lists the commands by what they are for."""

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list."""
        longest = max(len(name) for name in self.commands)
        for title, commands in SECTIONS:
            with formatter.section(title):
                limit = formatter.width - 6 - longest
                formatter.write_dl([(one.name or "", one.get_short_help_str(limit)) for one in commands], col_max=longest + 2)


@click.group(cls=Sections, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="headcount %(version)s")
def command() -> None:
    """Read news reports of rallies and marches into coded events: what, where, when, how many, and who says so.

    headcount read shows what one report says. headcount ingest keeps many in a record, where one event is told by all of them.
    """


for _title, _commands in SECTIONS:
    for _one in _commands:
        command.add_command(_one)


def run_command(arguments: list[str] | None = None) -> int:
    """Runs the command line and turns whatever ends it into an exit code and, where it is none of ours, one line."""
    signal.signal(signal.SIGTERM, _end_on_signal)
    interrupted = _note_interrupts()
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
    except SystemExit as error:
        if error.code == 1:  # click's own, where nobody reads its --help any more
            _drop_stdout()
            return exits.OK
        raise
    except Exception as error:
        if interrupted:  # a library that was being loaded took the Ctrl-C for an error of its own
            return _fail("interrupted", exits.INTERRUPTED)
        if (code := _refused_by_the_record(error)) is not None:
            return _fail(str(error), code)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # of --help: other output goes through open_output
            _drop_stdout()
            return _fail("cannot write to standard output: no space left; make room or choose another place", exits.STORAGE)
        if os.environ.get("HEADCOUNT_TRACEBACK"):
            raise
        what = str(error) if isinstance(error, reading.ReadingError) else f"{type(error).__name__}: {error}"
        return _fail(f"stopped by a defect or a broken installation ({what}); HEADCOUNT_TRACEBACK=1 shows where", exits.DEFECT)


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


def _refused_by_the_record(error: Exception) -> int | None:
    """The exit code of an error of the record; None for another one. Where no record was opened its module is not loaded."""
    engine = sys.modules.get("headcount.record.engine")
    if engine is None or not isinstance(error, engine.RecordError):
        return None
    return exits.USAGE if isinstance(error, engine.NoRecordError) else exits.STORAGE


def _fail(what: str, code: int) -> int:
    write_error(f"headcount: {make_harmless(what)}")
    return code


def _note_interrupts() -> list[int]:
    """Has each Ctrl-C noted in the list that it returns, before it is raised as ever; not where Ctrl-C is ignored."""
    noted: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        noted.append(number)
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    return noted


def _end_on_signal(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(exits.TERMINATED)

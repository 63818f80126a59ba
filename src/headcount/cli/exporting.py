"""The command that hands events to others: export."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from headcount.cli import exits
from headcount.cli.opening import opened, say
from headcount.cli.options import filter_options, filters_of, record_option
from headcount.cli.output import is_output_of, open_output, refuse_empty
from headcount.cli.terminal import is_terminal
from headcount.wording import write_count

if TYPE_CHECKING:
    import sqlalchemy as sa

    from headcount.models import Event

FORMATS: Final = ("csv", "jsonl", "geojson", "parquet", "ccc")
"""The names of ``exports.registry.EXPORTERS``, which a test holds them to."""


@click.command()
@click.argument("form", type=click.Choice(FORMATS), metavar="|".join(FORMATS))
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; it is replaced only when all is written.")
@record_option
@filter_options
def export(*, form: str, output: str | None, record: str, **asked: Any) -> int:
    """Write the events as others take them.

    As tables, as maps, in the columns of the Crowd Counting Consortium.
    All events are exported, also planned, cancelled and background ones, which their columns tell apart; the ccc profile
    leaves out what is not in its scope. docs/formats.md has every column.

    \b
    headcount export csv --output events.csv
    headcount export geojson --since 2019-01-01 --status held > map.geojson
    """
    import sys

    from headcount.exports.frames import MissingExtraError
    from headcount.exports.registry import EXPORTERS
    from headcount.record.asking import find_events
    from headcount.record.engine import is_url, reading

    refuse_empty(output)
    files = [record + ending for ending in ("", "-wal", "-shm", "-journal")]  # what SQLite keeps beside it belongs to it
    if output is not None and output != "-" and not is_url(record) and is_output_of(output, files):
        raise click.UsageError(f"{output} is the record, and --output would replace it: give another file to write to")
    if form == "parquet" and (output is None or output == "-") and is_terminal(sys.stdout):
        raise click.UsageError("parquet is no text: give --output FILE, or send it into a file or a program")
    filters = filters_of(asked)
    with opened(record) as engine, reading(engine, record=record) as connection:
        try:
            with open_output(output) as out:
                if form == "ccc":
                    number = _write_ccc(engine, record, find_events(connection, filters), out)
                else:
                    number = EXPORTERS[form](find_events(connection, filters), out)
        except MissingExtraError as error:
            raise click.ClickException(str(error)) from error
    where = f" written to {output}" if output not in (None, "-") else ""
    say(f"{write_count(number, 'event')}{where}")
    return exits.OK


COMMANDS = [export]


def _write_ccc(engine: sa.Engine, record: str, events: Iterable[Event], out: BinaryIO) -> int:
    """CCC's columns, with each report's address in those for sources. Asked over another connection: the first hands on events."""
    from headcount.exports.ccc import write_ccc
    from headcount.record.asking import describe_source
    from headcount.record.engine import reading

    with reading(engine, record=record) as connection:
        return write_ccc(events, out, describe_report=lambda report_id: describe_source(connection, report_id))

"""The command that hands events to others: export."""

from __future__ import annotations

from typing import Any, Final

import click

from headcount.cli import exits
from headcount.cli.opening import opened, say
from headcount.cli.options import filter_options, filters_of, record_option
from headcount.cli.output import is_an_input, open_output
from headcount.cli.terminal import is_terminal
from headcount.wording import write_count

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

    if output is not None and output != "-" and not is_url(record) and is_an_input(output, (record,)):
        raise click.UsageError(f"{output} is the record, and --output would replace it: give another file to write to")
    if form == "parquet" and (output is None or output == "-") and is_terminal(sys.stdout):
        raise click.UsageError("parquet is no text: give --output FILE, or send it into a file or a program")
    filters = filters_of(asked)
    with opened(record) as engine, reading(engine, record=record) as connection:
        try:
            with open_output(output) as out:
                number = EXPORTERS[form](find_events(connection, filters), out)
        except MissingExtraError as error:
            raise click.ClickException(str(error)) from error
    where = f" written to {output}" if output not in (None, "-") else ""
    say(f"{write_count(number, 'event')}{where}")
    return exits.OK


COMMANDS = [export]

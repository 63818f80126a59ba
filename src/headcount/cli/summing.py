"""The command that adds up: totals, never a bare number over unknowns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from headcount.cli import exits
from headcount.cli.opening import opened, say
from headcount.cli.options import filter_options, filters_of, format_option, record_option
from headcount.cli.output import open_output
from headcount.cli.terminal import BOLD, paint, stdout_encoding, terminal_width
from headcount.wording import make_harmless, write_count

if TYPE_CHECKING:
    from headcount.record.totals import Sum, Total, Totals

GROUPINGS: Final = ("day", "week", "month", "place", "series", "issue", "type")
COLUMNS: Final = (
    "group", "events", "events_of_known_size", "participants_low", "low_open", "participants_high", "high_open",
    "events_in_other_units", "rollups",
)  # fmt: skip
ROLLUPS_SHOWN: Final = 5


@click.command()
@click.option("--by", "grouping", type=click.Choice(GROUPINGS), help="A line for each. Default: one for all.")
@record_option
@filter_options
@format_option("table", "csv", "json", default="table")
def totals(*, grouping: str | None, record: str, form: str, **asked: Any) -> int:
    """Add up events and participants, from low to high.

    Only held events are counted; planned and cancelled ones and those told as history are left out, and how many is said.
    Sizes that are not known are not zero: how many events a sum is over stands beside it. Roll-ups ("thousands marched
    across the North") stand beside the sum as a check, never in it.

    \b
    headcount totals --by month --country GB
    headcount totals --by issue --since 2019-01-01 --format csv
    """
    from headcount.record.engine import reading
    from headcount.record.totals import total_events

    if asked["status"] not in (None, "held"):
        raise click.UsageError(f"--status {asked['status']}: totals are of held events alone; headcount events lists the others")
    if asked["background"]:
        raise click.UsageError("--background: totals leave out events told as history; headcount events lists them")
    with opened(record) as engine, reading(engine, record=record) as connection:
        found = total_events(connection, by=grouping, filters=filters_of(asked))  # type: ignore[arg-type]
    with open_output(None) as out:
        if form == "json":
            out.write(_as_json(found))
        elif form == "csv":
            out.write(_as_csv(found))
        else:
            _write_table(found, out)
    for note in notes_on(found):
        say(f"note: {note}")
    return exits.OK


COMMANDS = [totals]


def notes_on(found: Totals) -> list[str]:
    """What a reader of the numbers has to know beside them."""
    notes = []
    left = [f"{number:,} {name}" for name, number in found.left_out.items() if number]
    if left:
        notes.append(f"left out: {', '.join(left)}")
    if found.overlapping:
        stand = f"{write_count(found.overlapping, 'event stands', 'events stand')} in several groups"
        notes.append(f"{stand}: the groups overlap, and add up to more than all")
    if found.astride:
        one = "that of its first day" if found.astride == 1 else "those of their first days"
        notes.append(f"{write_count(found.astride, 'event')} on several days reaching into another {found.by}: counted in {one}")
    for unit, told in found.overall.units.items():
        notes.append(f"apart: {write_people(told)} {unit} in {write_count(told.known, 'event')}; not people, so not in the sums")
    return notes


def write_people(told: Sum) -> str:
    """A sum as a person would write it: "12,300 to 18,000+", "at least 2,000", "up to 10,000"."""
    if not told.known:
        return "unknown"
    high = f"{told.high:,}{'+' if told.high_open else ''}"
    if told.low is None:
        return f"up to {high}"
    if told.high_open == told.known:
        return f"at least {told.low:,}"
    low = f"{told.low:,}{'*' if told.low_open else ''}"
    return low if low == high else f"{low} to {high}"


def in_words(total: Total) -> str:
    """A total as a sentence: "at least 12,300 people in the 14 of 20 events whose size is known"."""
    if not total.events:
        return "no event"
    if not total.people.known:
        return f"{write_count(total.events, 'event')}, none of known size"
    told = write_people(total.people)
    if total.people.known == total.events:
        return f"{told} people in {write_count(total.events, 'event')}"
    return f"{told} people in the {total.people.known:,} of {write_count(total.events, 'event')} whose size is known"


def _write_table(found: Totals, out: BinaryIO) -> None:
    lines: list[str] = []
    if found.by is not None:
        lines += _rows(found)
        lines.append("")
    lines.append(paint(f"all: {in_words(found.overall)}", BOLD))
    people = found.overall.people
    if people.low_open:
        lines.append(f"* the lowest number of {write_count(people.low_open, 'event')} is open: nothing is added for it")
    if people.high_open:
        lines.append(f"+ the highest number of {write_count(people.high_open, 'event')} is open: there may have been more")
    lines += _rollup_lines(found)
    out.write(("\n".join(lines) + "\n").encode(stdout_encoding(), "replace"))


def _rows(found: Totals) -> list[str]:
    from rich.cells import cell_len, set_cell_size

    heads = (str(found.by), "events", "size known", "people")
    rows = [
        (make_harmless(one.label), f"{one.events:,}", f"{one.people.known:,}", write_people(one.people)) for one in found.groups
    ]
    last = max([len(heads[3]), *(len(row[3]) for row in rows)])
    label = max(10, min(max([len(heads[0]), *(cell_len(row[0]) for row in rows)]), terminal_width() - 24 - last))

    def line(row: Sequence[str], style: str) -> str:
        name = row[0] if cell_len(row[0]) <= label else set_cell_size(row[0], label - 1) + "…"
        return f"{paint(name + ' ' * (label - cell_len(name)), style)}  {row[1]:>8}  {row[2]:>10}  {row[3]:>{last}}"

    return [paint(line(heads, ""), BOLD), *(line(row, "36") for row in rows)]


def _rollup_lines(found: Totals) -> list[str]:
    """The roll-ups, each beside its group where it has one."""
    if not found.overall.rollups:
        return []
    beside = {id(one): group.label for group in found.groups for one in group.rollups}
    shown = sorted(found.overall.rollups, key=lambda one: id(one) not in beside)[:ROLLUPS_SHOWN]
    many = write_count(len(found.overall.rollups), "roll-up")
    lines = ["", f"{many} of the same reports: a check, never in the sums"]
    for one in shown:
        where = f" ({one.place})" if one.place and not one.quote.startswith(one.place) else ""
        words = make_harmless(f"{one.size_text}{where}  “{one.quote}”  {one.report_id}").strip()
        group = make_harmless(beside[id(one)]) + ": " if id(one) in beside else ""
        lines.append(_clip(f"  {group}{words}", terminal_width()))
    if len(found.overall.rollups) > len(shown):
        lines.append("  ... --format json has all of them")
    return lines


def _clip(line: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return line if cell_len(line) <= width else set_cell_size(line, width - 1) + "…"


def _as_csv(found: Totals) -> bytes:
    from headcount.exports.cells import Cell, write_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found.groups if found.by is not None else (found.overall,):
        rollups = " | ".join(rollup.size_text or rollup.quote for rollup in one.rollups)
        people = one.people
        other = sum(unit.known for unit in one.units.values())
        low = "" if people.low is None else people.low
        high = "" if people.high is None else people.high
        cells: list[Cell] = [one.label, one.events, people.known, low, people.low_open, high, people.high_open, other, rollups]
        writer.writerow(map(write_cell, cells))
    return out.getvalue().encode("utf-8", "replace")


def _as_json(found: Totals) -> bytes:
    import msgspec

    from headcount.exports.cells import escape_unseen

    told = msgspec.json.encode(found, enc_hook=dict)
    return escape_unseen(msgspec.json.format(told, indent=2)) + b"\n"

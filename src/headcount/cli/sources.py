"""The commands that say where reports come from: sources, original."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from headcount.cli import exits
from headcount.cli.opening import opened, refusing, say
from headcount.cli.options import TEXT, format_option, now, record_option
from headcount.cli.output import open_output, refuse_empty
from headcount.cli.terminal import BOLD, DIM, is_terminal, paint, stdout_encoding
from headcount.wording import make_harmless, write_count, write_day

if TYPE_CHECKING:
    import datetime as dt

    from headcount.record.health import Gap, SourceHealth

COLUMNS: Final = (
    "source", "kind", "fetched", "new", "unchanged", "screened_out", "failed", "last_why", "first_seen", "last_seen",
    "last_fetched", "last_published", "usual_interval", "silent_days", "gaps",
)  # fmt: skip
GAPS_SHOWN: Final = 3


@click.command()
@record_option
@format_option("table", "json", "csv", default="table")
@click.option("--check", is_flag=True, help="End with exit code 1 if any source fails or is silent.")
def sources(*, record: str, form: str, check: bool) -> int:
    """Say where the reports come from, and how each source fares.

    How many reports were seen in it over all runs, and what became of them; what failed in the last run that looked at it, and
    why; when it was last looked at, and the last day on which it published; and its gaps: stretches without a report that are
    long for it.

    Exit codes: 0 told, 1 with --check if any source failed when it was last looked at, or is silent, 2 there is no such record.
    """
    from headcount.record.engine import reading
    from headcount.record.health import find_sources

    with opened(record) as engine, reading(engine, record=record) as connection:
        found = tuple(find_sources(connection))
    today = now().date()
    with open_output(None) as out:
        if form == "json":
            out.write(_as_json(found, today))
        elif form == "csv":
            out.write(_as_csv(found, today))
        else:
            out.write(("\n".join(_lines(found, today)) + "\n").encode(stdout_encoding(), "replace") if found else b"")
    failing = sum(one.last_why is not None for one in found)
    silent = sum(one.silent_days(today) is not None for one in found)
    told = [f"{failing:,} failing"] if failing else []
    told += [f"{silent:,} silent"] if silent else []
    say(write_count(len(found), "source") + (f", {' and '.join(told)}" if told else ""))
    return exits.FINDINGS if check and told else exits.OK


@click.command()
@click.argument("name", metavar="REPORT|HASH", type=TEXT)
@record_option
@click.option("-o", "--output", metavar="FILE", help="Write to FILE. Default: standard output, unless it is a terminal.")
def original(*, name: str, record: str, output: str | None) -> int:
    """Write out the page or document that a report came out of.

    Byte for byte as it was found. headcount show has the ids of reports, headcount explain those and the hashes.
    """
    from headcount.record.engine import RecordError, reading
    from headcount.record.originals import find_original
    from headcount.record.origins import CaptureDamagedError

    refuse_empty(output)
    if output is None and is_terminal(sys.stdout):
        raise click.UsageError("this is a terminal, and the bytes of a page are not for one: give --output FILE")
    with opened(record) as engine, reading(engine, record=record) as connection:
        try:
            with refusing():
                found = find_original(connection, name)
        except CaptureDamagedError as error:
            raise RecordError(f"{record}: {error}; headcount verify --deep says what else, and restore a copy") from error
    with open_output(output) as out:
        out.write(found.data)
    say(f"{found.media}, {write_count(found.size, 'byte')}, SHA-256 {found.digest}")
    return exits.OK


COMMANDS: Final = (sources, original)


def _lines(found: Sequence[SourceHealth], today: dt.date) -> list[str]:
    """A source is a few lines: its name, what became of what it gave, and what is wrong with it."""
    lines: list[str] = []
    for one in found:
        lines.append(paint(make_harmless(one.source), BOLD) + "  " + paint(make_harmless(one.kind), DIM))
        counts = f"{one.new:,} new, {one.unchanged:,} unchanged, {one.screened_out:,} screened out, {one.failed:,} failed"
        lines.append(f"  {one.fetched:,} seen: {counts}")
        seen = f"last looked at {one.last_seen:%Y-%m-%d %H:%M} UTC"
        last = f"last published {write_day(one.last_published)}" if one.last_published else "no day of publication known"
        lines.append(f"  {seen}; {last}")
        if one.last_why is not None:
            lines.append("  " + paint(f"failing: {make_harmless(one.last_why)}", "31"))
        silent = one.silent_days(today)
        if silent is not None:
            lines.append("  " + paint(f"silent for {silent:,} days; {_usual(one)}", "31"))
        if one.gaps:
            shown = ", ".join(_gap(gap) for gap in one.gaps[:GAPS_SHOWN])
            more = f", and {len(one.gaps) - GAPS_SHOWN:,} before" if len(one.gaps) > GAPS_SHOWN else ""
            lines.append(f"  {write_count(len(one.gaps), 'gap')}: {shown}{more}; {_usual(one)}")
    return lines


def _usual(one: SourceHealth) -> str:
    days = one.usual_interval or 0
    return "usually a report a day" if days <= 1 else f"usually a report in {days:g} days"


def _gap(gap: Gap) -> str:
    return f"{write_day(gap.since)} to {write_day(gap.until)} ({gap.days:,} days)"


def _told(one: SourceHealth, today: dt.date) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(one, name) for name in COLUMNS if name not in {"silent_days", "gaps"}}
    told["silent_days"] = one.silent_days(today)
    told["gaps"] = [{"since": gap.since, "until": gap.until, "days": gap.days} for gap in one.gaps]
    return told


def _as_json(found: Sequence[SourceHealth], today: dt.date) -> bytes:
    import msgspec

    from headcount.exports.cells import escape_unseen

    told = msgspec.json.encode([_told(one, today) for one in found])
    return escape_unseen(msgspec.json.format(told, indent=2)) + b"\n"


def _as_csv(found: Sequence[SourceHealth], today: dt.date) -> bytes:
    from headcount.exports.cells import join_list, write_cell

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        told = _told(one, today)
        told["gaps"] = join_list(f"{gap.since}/{gap.until}" for gap in one.gaps)
        values = (value.isoformat() if hasattr(value, "isoformat") else value for value in told.values())
        writer.writerow([write_cell(value) for value in values])
    return out.getvalue().encode("utf-8", "replace")

"""The commands that keep a record in order: verify, recode, diff, upgrade."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from headcount.cli import exits
from headcount.cli.messages import Messages
from headcount.cli.options import now, record_option
from headcount.cli.output import open_output
from headcount.wording import make_harmless, write_count

if TYPE_CHECKING:
    from headcount.record.diffing import EventChange, StatementChange


@click.command()
@record_option
@click.option("--deep", is_flag=True, help="Make every event anew, and look for all words in the pages kept.")
@click.option("--format", "form", type=click.Choice(("text", "jsonl")), default="text", show_default=True)
def verify(*, record: str, deep: bool, form: str) -> int:
    """Check that every value leads to its words.

    And that every report is counted once, and that the events are those that the accounts and decisions make.
    Each finding is one line: what was looked at, where, what is off, what to do. Nothing is changed.

    Exit codes: 0 nothing is off, 1 something is, 2 there is no such record, 5 it could not be read.
    """
    from headcount.record.engine import connect, reading
    from headcount.record.verifying import verify_record

    engine = connect(record)
    count = 0
    with Messages(show_bar=False) as messages, open_output(None) as out, reading(engine, record=record) as connection:
        for finding in verify_record(connection, deep=deep):
            count += 1
            if form == "jsonl":
                told = {"check": finding.check, "where": finding.where, "found": finding.found, "todo": finding.todo}
                _write_json_line(out, told)
            else:
                _write_line(out, f"{finding.check}: {finding.where}: {finding.found}; {finding.todo}")
        messages.say(write_count(count, "finding") if count else "every value leads to its words, every report is counted once")
    return exits.FINDINGS if count else exits.OK


@click.command()
@record_option
@click.option("--all", "every", is_flag=True, help="Read every report again, not only those that another coder read.")
@click.option("--accept", is_flag=True, help="Make what was read again current, and derive the events from it.")
@click.option("--discard", is_flag=True, help="Drop what was read again.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to read with. Default: one a core.")
@click.option("--no-screen", is_flag=True, help="Have the coders read reports without a word of a gathering too.")
def recode(*, record: str, every: bool, accept: bool, discard: bool, jobs: int | None, no_screen: bool) -> int:
    """Read the stored reports again with this release.

    The result is kept aside until it is accepted. Nothing changes before --accept: headcount diff says what would.
    Interrupted, the same command goes on where it ended.

    \b
    headcount recode
    headcount diff
    headcount recode --accept

    Exit codes: 0 done, 2 wrong usage or no such record, 3 some reports could not be read, 5 the record could not be written.
    """
    if sum((every, accept, discard)) > 1:
        raise click.UsageError("--all, --accept and --discard are three things to do: give one of them")
    with Messages(show_bar=False) as messages:
        if accept:
            return _accept(record, messages)
        if discard:
            return _discard(record, messages)
        return _read_again(record, messages, every=every, jobs=jobs, screen=not no_screen)


def _read_again(record: str, messages: Messages, *, every: bool, jobs: int | None, screen: bool) -> int:
    from headcount.coding.version import name_coder
    from headcount.record.engine import connect, reading
    from headcount.record.recoding import count_staged
    from headcount.run.recoding import recode_reports

    engine = connect(record)
    coder = name_coder()

    def tell(one: Any) -> None:
        for problem in one.problems:
            messages.tell_problem(problem)
        messages.advance()

    told = recode_reports(
        engine, record=record, command="recode", coder=coder, clock=now, every=every, jobs=jobs, screen=screen, on_reading=tell
    )
    with reading(engine, record=record) as connection:
        waiting = count_staged(connection)
    messages.tell_the_rest("the table problem of the record has all of them")
    if not told.reports_in:
        again = "" if every else "; --all reads them all the same"
        messages.say(f"0 reports to read again: this coder ({coder}) has read all of them{again}")
    else:
        outcomes = f"{told.coded:,} coded, {told.screened_out:,} screened out, {told.failed:,} failed"
        messages.say(f"{write_count(told.reports_in, 'report')} read again = {outcomes}, {told.duplicate:,} changed meanwhile")
    if waiting:
        messages.say(
            f"{write_count(waiting, 'report')} waiting: headcount diff says what would change, recode --accept takes it over"
        )
    return exits.PARTIAL if told.failed else exits.OK


def _accept(record: str, messages: Messages) -> int:
    from headcount.record.deriving import derive_events
    from headcount.record.engine import connect, writing
    from headcount.record.recoding import accept_staged

    with writing(connect(record), record=record) as connection:
        count = accept_staged(connection)
        derived = derive_events(connection) if count else None
    if derived is None:
        messages.say("nothing is waiting: headcount recode reads the reports again")
    else:
        messages.say(
            f"accepted: {write_count(count, 'report')}; {write_count(derived.events, 'event')}, of which {derived.new:,} new "
            f"and {derived.changed:,} made anew; {derived.gone:,} gone, {derived.merged:,} merged into others"
        )
    return exits.OK


def _discard(record: str, messages: Messages) -> int:
    from headcount.record.engine import connect, writing
    from headcount.record.recoding import discard_staged

    with writing(connect(record), record=record) as connection:
        count = discard_staged(connection)
    messages.say(f"discarded: {write_count(count, 'report')} as read again" if count else "nothing is waiting")
    return exits.OK


@click.command()
@record_option
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--summary", is_flag=True, help="Only how much would change.")
def diff(*, record: str, form: str, summary: bool) -> int:
    """Say what accepting a recode would change.

    Statements gained (+), lost (-) and changed (~), events likewise, those that would lead to another (>), and people's
    decisions that would have nothing to be about any more.

    Exit codes: 0 whether or not there are differences, 2 there is no such record, 5 it could not be read.
    """
    from headcount.record.deriving import is_up_to_date
    from headcount.record.diffing import diff_events, diff_statements, find_lost_decisions, plan_accepted, summarise
    from headcount.record.engine import connect, reading

    engine = connect(record)
    with Messages(show_bar=False) as messages, open_output(None) as out, reading(engine, record=record) as connection:
        if not is_up_to_date(connection):
            messages.say(
                "note: the events are not derived from what the record holds; headcount link first, or its changes show here"
            )
        plan = plan_accepted(connection)
        counts = summarise(connection, plan)
        if not counts["reports"]:
            messages.say("nothing is waiting: headcount recode reads the reports again")
        statements = iter(()) if summary else diff_statements(connection)
        events = iter(()) if summary else diff_events(connection, plan)
        lost = find_lost_decisions(connection)
        if form == "json":
            decisions = [{"decision": one.decision, "accounts": list(one.accounts)} for one in lost]
            _write_json(out, counts, statements, events, decisions)
            return exits.OK
        for line in _summary_lines(counts):
            _write_line(out, line)
        for one in lost:
            accounts = ", ".join(one.accounts)
            _write_line(out, f"decision {one.decision}: {accounts} would be told no more; it has no effect until then")
        for statement in statements:
            _write_line(out, _statement_line(statement))
        for event in events:
            for line in _event_lines(event):
                _write_line(out, line)
    return exits.OK


@click.command()
@record_option
@click.option("--rebuild", is_flag=True, help="Make every event anew as well. Ids and decisions stay.")
def upgrade(*, record: str, rebuild: bool) -> int:
    """Bring the tables of an older record up to date.

    Any command that finds a record of an older release says so, and changes nothing.

    Exit codes: 0 up to date, 2 there is no such record, 5 it could not be read or written.
    """
    from headcount.record.deriving import derive_anew
    from headcount.record.engine import NoRecordError, RecordError, connect, writing

    with Messages(show_bar=False) as messages:
        try:
            engine = connect(record)
            messages.say("the tables are up to date")
        except NoRecordError:
            raise
        except RecordError:
            engine = connect(record, create=True)  # which refuses what is no record, or a newer one
            messages.say("the tables were brought up to date")
        if rebuild:
            with writing(engine, record=record) as connection:
                derived = derive_anew(connection)
            messages.say(f"{write_count(derived.events, 'event')} made anew")
    return exits.OK


def _summary_lines(counts: dict[str, int]) -> Iterator[str]:
    yield f"reports read again: {counts['reports']:,}"
    yield "statements: " + ", ".join(f"{counts[f'statements_{kind}']:,} {kind}" for kind in ("gained", "lost", "changed"))
    yield "events: " + ", ".join(f"{counts[f'events_{kind}']:,} {kind}" for kind in ("gained", "gone", "merged", "changed"))
    yield f"reviews of statements that would be lost: {counts['reviews_lost']:,}"
    yield f"decisions about accounts that would be lost: {counts['decisions_lost']:,}"


MARKS: Final = {"gained": "+", "lost": "-", "changed": "~", "gone": "-", "merged": ">"}


def _statement_line(change: StatementChange) -> str:
    values = [_write_value(one) for one in (change.before, change.after) if one is not None]
    reviewed = f" (reviewed: {change.lost_id}; that review would count no more)" if change.reviewed else ""
    return f"{MARKS[change.kind]} {change.report_id} {change.variable} {' -> '.join(values)} “{change.quote}”{reviewed}"


def _event_lines(change: EventChange) -> Iterator[str]:
    into = f" would lead to {change.merged_into}" if change.merged_into else " would be gone" if change.kind == "gone" else ""
    yield f"{MARKS[change.kind]} {change.event_id} {change.label}{into}"
    for column, (before, after) in change.columns.items():
        yield f"    {column}: {_write_value(before)} -> {_write_value(after)}"


def _write_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write_line(out: BinaryIO, line: str) -> None:
    out.write((make_harmless(line) + "\n").encode("utf-8", "replace"))


def _write_json_line(out: BinaryIO, told: object) -> None:
    out.write((json.dumps(told, ensure_ascii=True) + "\n").encode("ascii"))


def _write_json(
    out: BinaryIO,
    counts: dict[str, int],
    statements: Iterator[StatementChange],
    events: Iterator[EventChange],
    decisions: list[dict[str, Any]],
) -> None:
    """One object, written as it is made; text is escaped, so that no terminal takes it for commands."""
    out.write(f'{{"summary": {json.dumps(counts)},\n"decisions_lost": {json.dumps(decisions)},\n"statements": ['.encode("ascii"))
    for number, statement in enumerate(statements):
        told: dict[str, Any] = {name: getattr(statement, name) for name in statement.__slots__}
        out.write((",\n" if number else "\n").encode() + json.dumps(told).encode("ascii"))
    out.write(b'],\n"events": [')
    for number, event in enumerate(events):
        told = {name: getattr(event, name) for name in event.__slots__}
        told["columns"] = {column: {"before": old, "after": new} for column, (old, new) in event.columns.items()}
        out.write((",\n" if number else "\n").encode() + json.dumps(told).encode("ascii"))
    out.write(b"]}\n")


COMMANDS: Final = (verify, recode, diff, upgrade)

"""The commands that ask a record: events, show, explain."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from headcount.cli import exits
from headcount.cli.opening import opened, refusing, say
from headcount.cli.options import LARGEST, TEXT, filter_options, filters_of, format_option, record_option
from headcount.cli.output import open_output
from headcount.cli.terminal import is_terminal, stdout_encoding, write_page
from headcount.wording import make_harmless, write_count

if TYPE_CHECKING:
    import sqlalchemy as sa

    from headcount.models import Event
    from headcount.record.explaining import Found, SentencesOf


@click.command()
@record_option
@filter_options
@click.option("--limit", type=click.IntRange(min=1, max=LARGEST), metavar="N", help="Only so many events, the earliest first.")
@format_option("table", "jsonl", "json", "csv")
def events(*, record: str, limit: int | None, form: str | None, **asked: Any) -> int:
    """List the events of a record, the earliest first.

    Those of an unknown day come last.
    In the table, reports counts the independent ones: "2 of 5" are five reports of which three copy another.

    \b
    headcount events --since 2019-03-01 --country GB --min-size 1000
    headcount events --locality Leeds --type march --format csv > leeds.csv
    """
    from headcount.record.quick import count_events_quickly, find_events_quickly

    filters = filters_of(asked)
    form = form or ("table" if is_terminal(sys.stdout) else "jsonl")
    number = 0
    found = find_events_quickly(record, filters) if limit is None else None
    if found is not None and (every := count_events_quickly(record)):
        with open_output(None) as out:
            number = sum(1 for _ in _written(found, form, out))
        say(write_count(number, "event") if number else _none_like_that(every))
        return exits.OK

    from headcount.record.asking import count_events, find_events
    from headcount.record.engine import reading

    with opened(record) as engine, reading(engine, record=record) as connection:
        with open_output(None) as out:
            for _ in _written(find_events(connection, filters, limit=limit), form, out):
                number += 1
        every = count_events(connection, filters) if limit is not None and number == limit else number
        if not number:
            say(_why_none(connection))
            return exits.OK
    say(f"{number:,} of {write_count(every, 'event')}" if every != number else write_count(number, "event"))
    return exits.OK


@click.command()
@click.argument("event", type=TEXT)
@record_option
@format_option("text", "json", default="text")
def show(*, event: str, record: str, form: str) -> int:
    """Show an event, with every report's account of it.

    With every figure and who claims it, and what people decided.
    EVENT is an id as headcount events lists them; that of an event that was merged leads to the one that it is part of.
    """
    from headcount.record.engine import reading

    with opened(record) as engine, reading(engine, record=record) as connection:
        found = find(connection, event)
        if found.event is None:
            return _tell_gone(found, form)
        from headcount.cli.explanation import render_event, show_as_json
        from headcount.record.explaining import load_accounts, load_ties
        from headcount.record.pairing import load_joining

        accounts = load_accounts(connection, found.event, load_sentences())
        ties = load_ties(connection, found.event_id)
        joined = load_joining(connection, found.event_id, found.event.candidates)
        with open_output(None) as out:
            if form == "json":
                out.write(show_as_json(found.event, accounts, ties, joined))
            else:
                write_page(render_event(found.event, accounts, ties, joined), out)
    return exits.OK


@click.command()
@click.argument("event", type=TEXT)
@click.argument("column", type=TEXT, required=False)
@record_option
@format_option("text", "json", default="text")
def explain(*, event: str, column: str | None, record: str, form: str) -> int:
    """Explain where the values of an event come from.

    From the value to the words in their sentence, the report, the rule or the person.
    COLUMN is one of the event's (size, date, place, event_type, claims, locality ...); without it all that is told.
    The id of another event in its place: why the two are two.

    \b
    headcount explain ev-0123456789
    headcount explain ev-0123456789 size
    headcount explain ev-0123456789 ev-9876543210
    """
    from headcount.record.engine import reading

    with opened(record) as engine, reading(engine, record=record) as connection:
        found = find(connection, event)
        if found.event is None:
            return _tell_gone(found, form)
        if column is not None and column.startswith("ev-"):
            return _explain_two(connection, found.event, column, form)
        with open_output(None) as out:
            write_explanation(connection, found.event, out, column=column, form=form)
    return exits.OK


def _explain_two(connection: sa.Connection, event: Event, name: str, form: str) -> int:
    from headcount.cli.explanation import parting_as_json, render_parting
    from headcount.record.explaining import load_accounts
    from headcount.record.pairing import load_parting

    other = find(connection, name)
    if other.event is None:
        return _tell_gone(other, form)
    if other.event_id == event.event_id:
        raise click.UsageError(f"{name} is {event.event_id}: these are one event, and headcount explain {event.event_id} says why")
    parted = load_parting(connection, event.candidates, other.event.candidates)
    both = (event, other.event)
    with open_output(None) as out:
        if form == "json":
            out.write(parting_as_json(both, parted))
            return exits.OK
        sentences_of = load_sentences()
        accounts = [account for one in both for account in load_accounts(connection, one, sentences_of)]
        write_page(render_parting(both, parted, accounts), out)
    return exits.OK


COMMANDS = [events, show, explain]


def find(connection: sa.Connection, name: str) -> Found:
    """The event that an id leads to; says so where it is not its own, and why where there is none."""
    from headcount.record.explaining import find_event

    with refusing():
        found = find_event(connection, name)
    if found.event_id != name:
        told = "is one account of" if not name.startswith("ev-") else "was merged into"
        say(f"{name} {told} {found.event_id}")
    return found


def _tell_gone(found: Found, form: str) -> int:
    """Why an id has no event: that is the answer, so it goes where answers go."""
    with open_output(None) as out:
        if form == "json":
            import msgspec

            out.write(msgspec.json.encode({"event_id": found.event_id, "state": found.state, "reason": found.reason}) + b"\n")
        else:
            out.write(make_harmless(f"{found.event_id}: {found.reason}").encode(stdout_encoding(), "replace") + b"\n")
    if found.state == "withdrawn":
        say(f"headcount restore {found.event_id} takes it back in")
    return exits.OK


def write_explanation(
    connection: sa.Connection, event: Event, out: BinaryIO, *, column: str | None = None, form: str = "text", why_one: bool = False
) -> None:
    """Explains an event, or one column of it, on ``out``; of a column with ``why_one`` also why its accounts are one event."""
    from headcount.cli.explanation import explain_as_json, render_explanation
    from headcount.record.explaining import explain_columns, load_accounts
    from headcount.record.pairing import load_joining

    sentences_of = load_sentences()
    accounts = load_accounts(connection, event, sentences_of)
    with refusing():
        explained = explain_columns(connection, event, accounts, sentences_of, column=column)
    joined = load_joining(connection, event.event_id, event.candidates) if column is None or why_one else None
    if form == "json":
        out.write(explain_as_json(event, explained, joined))
    else:
        write_page(render_explanation(event, explained, joined, accounts), out)


def load_sentences() -> SentencesOf:
    """What finds the sentences of a report, and the private names in them."""
    from headcount.gazetteer import Gazetteer
    from headcount.record.sentences import Sentences

    gazetteer = Gazetteer.open()
    return lambda text: Sentences(text, gazetteer)


def _written(events: Iterable[Event], form: str, out: BinaryIO) -> Iterator[object]:
    """Writes the events in a format, something for each as it goes."""
    if form == "table":
        from headcount.cli.event_table import write_event_table

        yield from write_event_table(events, out)
        return
    if form == "csv":
        from headcount.exports.event_csv import write_event_csv

        yield from range(write_event_csv(events, out))
        return
    from headcount.exports.event_jsonl import encode_event

    before, between, after = (b"[\n", b",\n", b"\n]\n") if form == "json" else (b"", b"\n", b"\n")
    first = True
    for event in events:
        out.write((before if first else between) + encode_event(event))
        first = False
        yield event
    if not first:
        out.write(after)
    elif form == "json":
        out.write(b"[]\n")
    out.flush()


def _none_like_that(every: int) -> str:
    return f"no event is like that; the record holds {every:,}"


def _why_none(connection: sa.Connection) -> str:
    """What to do about an empty answer."""
    from headcount.record.asking import count_events, describe_record

    every = count_events(connection)
    if every:
        return _none_like_that(every)
    held = describe_record(connection)
    if held["accounts"]:
        return f"the events of {write_count(held['accounts'], 'account')} are not derived yet; run headcount link"
    return f"the record holds no event; {write_count(held['reports'], 'report')} in it"

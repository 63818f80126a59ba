"""The commands with which people decide: which accounts are one event, what words mean, which event is none. All can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from headcount.cli import exits
from headcount.cli.ingesting import tell_overruled
from headcount.cli.opening import derive_again, opened, refusing, say
from headcount.cli.options import LARGEST, TEXT, TextType, by_option, format_option, note_option, now, record_option
from headcount.cli.output import open_output
from headcount.wording import write_count

if TYPE_CHECKING:
    import sqlalchemy as sa

Result = TypeVar("Result")


@click.command()
@click.argument("left", type=TEXT, metavar="A")
@click.argument("right", type=TEXT, metavar="B")
@click.argument("verdict", type=click.Choice(("same", "different", "unsure")))
@note_option
@by_option
@record_option
def judge(*, left: str, right: str, verdict: str, note: str, by: str, record: str) -> int:
    """Decide whether A and B are one event. A and B are ids of events, or of accounts.

    A decision outweighs every score and is never undone by linking again. The newest of two that contradict each other holds.
    """
    from headcount.record import ledger

    decided = _decide(
        record,
        lambda c: ledger.judge(c, left, right, verdict, by=by, at=now(), note=note),  # type: ignore[arg-type]
        about=(left, right),
        done=lambda made: f"decision {made.decision}: {left} and {right} are {_verdict_in_words(verdict)}",
    )
    say(f"to undo: headcount unjudge {decided.decision}")
    return exits.OK


@click.command()
@click.argument("decision", type=click.IntRange(min=1, max=LARGEST), metavar="N")
@by_option
@record_option
def unjudge(*, decision: int, by: str, record: str) -> int:
    """Take decision N back.

    A decision is a judgement, a merge or a split; headcount judgements lists them.
    """
    from headcount.record import ledger
    from headcount.record.pairing import load_decisions

    def take_back(connection: sa.Connection) -> list[str]:
        ledger.unjudge(connection, decision, by=by, at=now())
        made = next(one for one in load_decisions(connection) if one.decision == decision)
        return sorted({name for pair in made.pairs for name in pair})

    _decide(record, take_back, about_result=True, done=lambda _: f"decision {decision} is taken back")
    return exits.OK


@click.command()
@click.argument("events", type=TEXT, nargs=-1, required=True, metavar="EVENT EVENT...")
@note_option
@by_option
@record_option
def merge(*, events: tuple[str, ...], note: str, by: str, record: str) -> int:
    """Make one event of several. The oldest id stays, the others lead to it."""
    from headcount.record import ledger

    made = _decide(
        record,
        lambda c: ledger.merge(c, events, by=by, at=now(), note=note),
        about=events,
        done=lambda made: f"decision {made.decision}: {' and '.join(events)} are one event",
    )
    say(f"to undo: headcount unjudge {made.decision}")
    return exits.OK


@click.command()
@click.argument("event", type=TEXT)
@click.argument("accounts", type=TEXT, nargs=-1, required=True, metavar="ACCOUNT|REPORT...")
@note_option
@by_option
@record_option
def split(*, event: str, accounts: tuple[str, ...], note: str, by: str, record: str) -> int:
    """Take accounts out of an event.

    They make an event of their own. headcount show EVENT lists their ids, and those of the reports.
    """
    from headcount.record import ledger

    made = _decide(
        record,
        lambda c: ledger.split(c, event, accounts, by=by, at=now(), note=note),
        about=(event,),
        done=lambda made: f"decision {made.decision}: {', '.join(accounts)} and the rest of {event} are two events",
    )
    say(f"to undo: headcount unjudge {made.decision}")
    return exits.OK


@click.command()
@click.argument("statement", type=TEXT)
@click.argument("decision", type=click.Choice(("accept", "reject", "replace")))
@click.argument("value", type=TextType(empty=True), required=False)
@note_option
@by_option
@record_option
def review(*, statement: str, decision: str, value: str | None, note: str, by: str, record: str) -> int:
    """Say of a statement whether it is right.

    It is right, wrong, or to be read as VALUE. headcount explain EVENT shows their ids.

    VALUE is as the column has it: a day as YYYY-MM-DD, a size as 400, 300-400, 2000+ or "up to 10000". Without one, replace
    means that it is unknown. The newest review of a statement counts.

    \b
    headcount review s-0123456789abcdef replace 450 --note "the caption was corrected"
    headcount review s-0123456789abcdef reject
    """
    from headcount.record import ledger

    number = _decide(
        record,
        lambda c: ledger.review(c, statement, decision, value=_plain_size(value), by=by, at=now(), note=note),  # type: ignore[arg-type]
        about=(),
        statement=statement,
        done=lambda number: f"review {number}: {statement} {_decision_in_words(decision, value)}",
    )
    say(f"to undo: headcount unreview {number}")
    return exits.OK


@click.command()
@click.argument("number", type=click.IntRange(min=1, max=LARGEST), metavar="N")
@by_option
@record_option
def unreview(*, number: int, by: str, record: str) -> int:
    """Take review N back. headcount reviews lists them."""
    from headcount.record import ledger

    _decide(
        record,
        lambda c: ledger.unreview(c, number, by=by, at=now()),
        about=(),
        review=number,
        done=lambda _: f"review {number} is taken back",
    )
    return exits.OK


@click.command()
@click.argument("event", type=TEXT)
@click.option("--reason", type=TEXT, required=True, metavar="TEXT", help="Why; it is shown under the event's id from then on.")
@by_option
@record_option
def withdraw(*, event: str, reason: str, by: str, record: str) -> int:
    """Take an event out of every answer.

    It is in no list, total or export from then on. Its reports stay, and its id says why.
    """
    from headcount.record import ledger

    _decide(
        record, lambda c: ledger.withdraw(c, event, reason=reason, by=by, at=now()), about=(event,), done=lambda _: "", names=False
    )
    say(f"{event} is withdrawn; to undo: headcount restore {event}")
    return exits.OK


@click.command()
@click.argument("event", type=TEXT)
@record_option
def restore(*, event: str, record: str) -> int:
    """Take a withdrawn event back in."""
    from headcount.record import ledger

    _decide(
        record,
        lambda c: ledger.restore(c, event),
        about=(event,),
        done=lambda _: f"{event} is not withdrawn any more",
        pairwise=False,
    )
    return exits.OK


@click.command()
@record_option
@format_option("text", "json", default="text")
def judgements(*, record: str, form: str) -> int:
    """List what people decided about events.

    Judgements, merges and splits, also those that were taken back.
    """
    from headcount.cli.decisions import judgements_as_json, write_judgements
    from headcount.record.engine import reading
    from headcount.record.pairing import events_of, load_decisions

    with opened(record) as engine, reading(engine, record=record) as connection, open_output(None) as out:
        made = load_decisions(connection)
        events = events_of(connection, (name for one in made for pair in one.pairs for name in pair))
        if form == "json":
            out.write(judgements_as_json(made, events))
        else:
            write_judgements(made, events, out)
    say(write_count(len(made), "decision"))
    return exits.OK


@click.command()
@record_option
@format_option("text", "json", default="text")
def reviews(*, record: str, form: str) -> int:
    """List what people said about statements."""
    from headcount.cli.decisions import reviews_as_json, write_reviews
    from headcount.record.engine import reading
    from headcount.record.pairing import load_reviewed

    with opened(record) as engine, reading(engine, record=record) as connection, open_output(None) as out:
        made = load_reviewed(connection)
        if form == "json":
            out.write(reviews_as_json(made))
        else:
            write_reviews(made, out)
    say(write_count(len(made), "review"))
    return exits.OK


COMMANDS = [judge, unjudge, merge, split, judgements, review, unreview, reviews, withdraw, restore]


def _decide(
    record: str,
    decide: Callable[[sa.Connection], Result],
    *,
    done: Callable[[Result], str],
    about: Iterable[str] = (),
    about_result: bool = False,
    statement: str | None = None,
    review: int | None = None,
    names: bool = True,
    pairwise: bool = True,
) -> Result:
    """Writes a decision, derives the events again, and says what became of those that it was about."""
    from headcount.record.engine import reading, writing
    from headcount.record.pairing import accounts_stating, events_of

    with opened(record) as engine:
        with refusing(), writing(engine, record=record) as connection:
            touched = [one for name in about for one in _accounts(connection, name)]
            result = decide(connection)
            if about_result:
                touched = list(result)  # type: ignore[call-overload]
            if statement is not None or review is not None:
                touched = accounts_stating(connection, statement=statement, review=review)
            before = events_of(connection, touched)
        if told := done(result):
            say(told)
        if statement is not None and not touched:
            say("note: no report makes this statement today; what is said of it counts when one does")
        derived = derive_again(engine, record)
        tell_overruled(derived)
        if not names:
            return result
        with reading(engine, record=record) as connection:
            after = events_of(connection, touched)
            _tell_events(connection, touched, before, after, pairwise=pairwise and statement is None and review is None)
    return result


def _accounts(connection: sa.Connection, name: str) -> list[str]:
    from headcount.record.ledger import accounts_of

    return accounts_of(connection, name)


def _tell_events(
    connection: sa.Connection, touched: list[str], before: dict[str, str], after: dict[str, str], *, pairwise: bool
) -> None:
    """A line for each event that holds any of the accounts now, and for each that holds none of them any more."""
    from headcount.record.asking import load_event
    from headcount.record.ledger import say_why_gone
    from headcount.wording import write_event_dates, write_event_place, write_event_size

    now_in = list(dict.fromkeys(after[one] for one in touched if one in after))
    for event_id in now_in:
        event = load_event(connection, event_id)
        if event is None:
            say(f"{say_why_gone(connection, event_id)}; its accounts are in no answer")
            continue
        size = write_event_size(event) or "size not told"
        what = f"{event.event_type}, {write_event_dates(event)}, {write_event_place(event)}, {size}"
        say(f"{event_id}: {what}; {write_count(len(event.reports), 'report')}")
    for event_id in dict.fromkeys(before[one] for one in touched if one in before):
        heirs = sorted({after[one] for one in touched if before.get(one) == event_id and one in after})
        if event_id not in now_in and heirs:
            say(f"{event_id} leads to {', '.join(heirs)} now")
    if pairwise and touched and before == after:
        say("the events are made of the same accounts as before")


def _verdict_in_words(verdict: str) -> str:
    return {"same": "one event", "different": "two events", "unsure": "perhaps one event, perhaps two: nothing joins them"}[verdict]


def _decision_in_words(decision: str, value: str | None) -> str:
    return {"accept": "is right", "reject": "is wrong", "replace": f"is to be read as {value or 'unknown'}"}[decision]


def _plain_size(value: str | None) -> str | None:
    """ "up to 10,000" as the ledger takes it; a leading hyphen would be an option of the command."""
    if value is not None and value.strip().lower().startswith("up to "):
        return "-" + value.strip()[6:].strip()
    return value

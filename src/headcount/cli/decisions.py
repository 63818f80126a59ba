"""Lists of what people decided, for a person and for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

import msgspec
from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from headcount.cli.explanation import numbered, render_decision
from headcount.cli.terminal import write_page
from headcount.exports.cells import escape_unseen
from headcount.wording import make_harmless, write_day

if TYPE_CHECKING:
    from headcount.record.pairing import Decided, Reviewed


def write_judgements(made: Sequence[Decided], events: Mapping[str, str], out: BinaryIO) -> None:
    """A line a decision, and under it the events that its accounts stand in today."""
    for one in made:
        names = sorted({events.get(name, f"{name} (of no event now)") for pair in one.pairs for name in pair})
        about = Text("about " + ", ".join(names[:6]) + (" ..." if len(names) > 6 else ""), style="dim")
        write_page(Group(render_decision(one), Padding(about, (0, 0, 0, 6))), out)


def write_reviews(made: Sequence[Reviewed], out: BinaryIO) -> None:
    """A line a review, and under it the words that it is about."""
    for one in made:
        line = Text()
        value = f" {make_harmless(one.value or 'unknown')}" if one.decision == "replace" else ""
        line.append(f"{one.decision}{value}: {one.statement_id}", style="not bold")
        line.append(f"  {make_harmless(one.by)}, {write_day(one.at.date())}", style="not bold dim")
        if one.note:
            line.append(f"  {make_harmless(one.note)}", style="not bold")
        if one.reverted_at is not None:
            line.append(
                f"  (taken back by {make_harmless(one.reverted_by or '?')}, {write_day(one.reverted_at.date())})", style="not bold"
            )
        quote = f" “{one.quote}”" if one.quote else " (the report does not say this any more)"
        about = Text(make_harmless(f"{one.variable or 'statement'}{quote}  {one.event_id or 'of no event now'}"), style="dim")
        write_page(Group(numbered(one.number, line), Padding(about, (0, 0, 0, 6))), out)


def judgements_as_json(made: Sequence[Decided], events: Mapping[str, str]) -> bytes:
    """The decisions with the event that each account stands in today."""
    return _encode(
        [{**msgspec.to_builtins(one), "events": {n: events[n] for p in one.pairs for n in p if n in events}} for one in made]
    )


def reviews_as_json(made: Sequence[Reviewed]) -> bytes:
    """The reviews."""
    return _encode(list(made))


def _encode(told: object) -> bytes:
    return escape_unseen(msgspec.json.format(msgspec.json.encode(told), indent=2)) + b"\n"

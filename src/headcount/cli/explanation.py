"""An event for a person: its accounts side by side, and where each of its values comes from, with the words highlighted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from headcount.cli.event_table import marks_of
from headcount.cli.table import OTHER_STYLE, STYLES, mark_words
from headcount.exports.cells import escape_unseen
from headcount.models import Event, EventSize
from headcount.wording import (
    make_harmless,
    write_count,
    write_dates,
    write_day,
    write_event_dates,
    write_event_place,
    write_event_size,
    write_place,
    write_size,
    write_size_statement,
)

if TYPE_CHECKING:
    from headcount.record.explaining import Account, Explained, Source, TiedEvent, Told
    from headcount.record.pairing import Decided, Joined, PairJudged, Parted

LISTED = ("organizations", "participants", "speakers", "targets", "claims", "chants", "issues")


def render_event(event: Event, accounts: Sequence[Account], ties: Sequence[TiedEvent], joined: Joined) -> RenderableType:
    """The page of ``headcount show``."""
    parts: list[RenderableType] = [_head(event)]
    if event.sizes:
        parts.append(_title("figures"))
        reports = {account.report.report_id: account.report for account in accounts}
        parts += [_figure(size, reports.get(size.report_id)) for size in _once(event.sizes)]
    details: list[RenderableType] = []
    for name in LISTED:
        if values := getattr(event, name):
            details.append(_field(name, "; ".join(values)))
    for outcome in event.outcomes:
        details.append(_field(outcome.variable.replace("_", " "), outcome.text))
    for comparison in event.comparisons:
        details.append(_field("compared", f"{comparison.direction}: {comparison.text}"))
    if event.series:
        details.append(_field("series", event.series))
    for name, values in event.others.items():
        details.append(_field(f"other {name.replace('_', ' ')}", "; ".join(values)))
    for tied in ties:
        day = write_day(tied.date_start) if tied.date_start else "day unknown"
        details.append(_field("tied to", f"{tied.event_id} ({tied.event_type}, {day}, {tied.locality or 'place unknown'})"))
    if details:
        parts += [_title("details"), *details]
    copies = len(event.reports) - event.witnesses
    told = f"told by {write_count(len(event.reports), 'report')}"
    parts.append(_title(told + (f", {event.witnesses:,} of them independent" if copies > 0 else "")))
    parts += [_account(account, accounts) for account in accounts]
    parts += _decisions(joined.decisions)
    parts += _perhaps(event, joined)
    return Group(*parts)


def render_explanation(
    event: Event, explained: Sequence[Explained], joined: Joined | None, accounts: Sequence[Account]
) -> RenderableType:
    """The page of ``headcount explain``."""
    parts: list[RenderableType] = [_head(event)]
    for one in explained:
        parts.append(_title(one.column.replace("_", " "), _value_of(event, one)))
        parts.append(_indented(Text(one.how, style="italic"), 2))
        for others in one.others:
            parts.append(_indented(Text(f"also told: {make_harmless(others)}"), 2))
        for sources in _together(one.sources):
            parts += _sources(sources)
        for name in one.missing:
            parts.append(
                _indented(Text(f"{name}: this statement is missing from the record; run headcount verify", style="red"), 2)
            )
    if joined is not None and len(accounts) > 1:
        parts.append(_title("one event", f"{len(accounts)} accounts"))
        names = {account.candidate_id: _by(account.report) for account in accounts}
        parts += [_indented(_pair(pair, names), 2) for pair in joined.pairs]
    if joined is not None:
        parts += _decisions(joined.decisions)
        parts += _perhaps(event, joined)
    return Group(*parts)


def render_parting(events: tuple[Event, Event], parted: Parted, accounts: Sequence[Account]) -> RenderableType:
    """Why two events are two."""
    names = {account.candidate_id: _by(account.report) for account in accounts}
    parts: list[RenderableType] = [_head(event) for event in events]
    parts.append(_title("two events", "" if parted.compared else "too far apart in time or place to be compared"))
    parts += [_indented(_pair(pair, names), 2) for pair in parted.pairs]
    parts += _decisions(parted.decisions)
    first, second = (event.event_id for event in events)
    parts.append(_indented(Text(f"headcount judge {first} {second} same decides otherwise", style="dim"), 2))
    return Group(*parts)


def parting_as_json(events: tuple[Event, Event], parted: Parted) -> bytes:
    """The same for a program."""
    return _encode({"events": [event.event_id for event in events], "parted": parted})


def show_as_json(event: Event, accounts: Sequence[Account], ties: Sequence[TiedEvent], joined: Joined) -> bytes:
    """The same for a program: the event as ``headcount export jsonl`` gives it, and beside it what it is made of."""
    return _encode({"event": event, "accounts": accounts, "ties": ties, "joined": joined})


def explain_as_json(event: Event, explained: Sequence[Explained], joined: Joined | None) -> bytes:
    """The same for a program."""
    return _encode({"event_id": event.event_id, "columns": explained, "joined": joined})


def _encode(told: Mapping[str, object]) -> bytes:
    def plain(value: object) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"no JSON for {type(value).__name__}")

    return escape_unseen(msgspec.json.format(msgspec.json.encode(told, enc_hook=plain), indent=2)) + b"\n"


def _head(event: Event) -> Text:
    line = Text(make_harmless(event.event_id), style="bold")
    kind = event.event_type + "".join(f" ({mark})" for mark in marks_of(event))
    size = write_event_size(event) or "size not told"
    values = (
        (kind, "bold magenta"),
        (write_event_dates(event), "cyan"),
        (write_event_place(event), "green"),
        (size, "bold yellow"),
    )
    for value, style in values:
        line.append("  ")
        line.append(make_harmless(value), style=f"not bold {style}" if "bold" not in style else style)
    return line


def _title(name: str, value: str = "") -> RenderableType:
    line = Text(name, style="bold")
    if value:
        line.append("  " + make_harmless(value), style="not bold yellow")
    return Padding(line, (1, 0, 0, 0))


def _field(name: str, value: str) -> RenderableType:
    line = Text(f"{make_harmless(name)}: ", style="dim")
    line.append(make_harmless(value), style="not dim")
    return _indented(line, 2)


def _figure(size: EventSize, report: Told | None) -> RenderableType:
    line = Text(make_harmless(write_size_statement(size)), style="bold yellow")
    marks: list[str] = [size.scope] if size.scope != "total" else []
    marks += ["expected"] if size.expected else []
    if marks:
        line.append(f" ({', '.join(marks)})", style="not bold")
    line.append(f"  “{make_harmless(size.text)}”", style="not bold default")
    line.append(f"  {make_harmless(_by(report) if report else size.report_id)}", style="not bold dim default")
    return _indented(line, 2)


def _once(sizes: Iterable[EventSize]) -> list[EventSize]:
    found: dict[tuple[object, ...], EventSize] = {}
    for size in sizes:
        found.setdefault((size.low, size.high, size.claimant_role, size.claimant, size.text, size.scope, size.expected), size)
    return list(found.values())


def _account(account: Account, accounts: Sequence[Account]) -> RenderableType:
    candidate, report = account.candidate, account.report
    head = Text(make_harmless(_by(report)), style="bold")
    if report.title:
        head.append(f"  {make_harmless(report.title)}", style="not bold")
    if report.version > 1:
        head.append(f"  (version {report.version})", style="not bold dim")
    if copied := _whom_it_copies(account, accounts):
        head.append(f"  {make_harmless(copied)}", style="not bold dim")
    ids = Text(f"report {make_harmless(report.report_id)}  account {make_harmless(account.candidate_id)}", style="dim")
    if report.url:
        ids.append(f"  {make_harmless(report.url)}")
    told = [candidate.event_type, *([candidate.status] if candidate.status != "held" else [])]
    told += [write_dates(candidate), write_place(candidate), write_size(candidate) or "size not told"]
    rows = Group(head, ids, Text(" · ".join(make_harmless(value) for value in told)), mark_words(candidate))
    return Padding(rows, (0, 0, 1, 2))


def _whom_it_copies(account: Account, accounts: Sequence[Account]) -> str:
    """Of all near-copies but the first that was published, which of them that is: as many are marked as are no witnesses of
    their own. Of two texts of one day nobody knows which was first."""
    if account.copy_group is None:
        return ""
    alike = [one.report for one in accounts if one.copy_group == account.copy_group]
    first = min(alike, key=lambda report: report.published or dt.date.max)
    if first.report_id == account.report.report_id:
        return ""
    later = first.published and account.report.published and first.published < account.report.published
    return f"{'near-copy of' if later else 'nearly the same text as'} {_by(first)}"


def _by(report: Told) -> str:
    """Who told it and when: "Northern Press Wire, 18 Mar 2019"."""
    who = report.publisher or report.title or report.report_id
    return f"{who}, {write_day(report.published)}" if report.published else f"{who}, day unknown"


def _value_of(event: Event, one: Explained) -> str:
    if one.column == "date":
        return write_event_dates(event)
    if one.column == "place":
        return write_event_place(event)
    if one.column == "size":
        return write_event_size(event) or "not told"
    value = next(iter(one.values.values()))
    if isinstance(value, tuple | list):
        return "; ".join(str(getattr(item, "text", item)) for item in value) or "none told"
    if isinstance(value, int) and not isinstance(value, bool) and one.column.startswith("size_"):
        return f"{value:,}"
    return "unknown" if value is None else str(value)


def _together(sources: Sequence[Source]) -> list[list[Source]]:
    """Statements of one sentence, of one report or of its reprints too: the sentence is shown once."""
    found: dict[tuple[object, ...], list[Source]] = {}
    for one in sources:
        if one.sentence is None:
            key: tuple[object, ...] = (one.report.report_id, one.statement_id)
        else:
            key = (str(one.sentence), one.gives)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _sources(sources: Sequence[Source]) -> list[RenderableType]:
    """A sentence, and under it each report that has it, with its statements."""
    first = sources[0]
    line = Text("“")
    if first.sentence is None:
        line.append(make_harmless(first.quote))
        line.append("” (these words are not in the report; run headcount verify)", style="red")
    else:
        line.append(make_harmless(str(first.sentence)) + "”")
        for one in sources:
            _highlight(line, one)
    by_report: dict[str, list[Source]] = {}
    for one in sources:
        by_report.setdefault(one.report.report_id, []).append(one)
    parts = [_indented(line, 4)]
    for of_one in by_report.values():
        parts += _statements(of_one)
    return parts


def _highlight(line: Text, one: Source) -> None:
    """Marks the words of a statement in its sentence, which stands in the line after a quotation mark."""
    if one.sentence is None or not (one.sentence.before or one.sentence.after):
        return
    start = 1 + len(make_harmless(one.sentence.before))
    style = next((style for name, style in STYLES if one.variable.startswith(name)), OTHER_STYLE)
    line.stylize(style, start, start + len(make_harmless(one.sentence.words)))


def _statements(sources: Sequence[Source]) -> list[RenderableType]:
    """A report, and what its words give; with what a person said about that."""
    first = sources[0]
    about = Text(make_harmless(_by(first.report)), style="dim")
    if first.report.url:
        about.append(f"  {make_harmless(first.report.url)}")
    if first.report.digest:
        about.append(f"  kept: {make_harmless(first.report.media or 'bytes')} {first.report.digest[:12]}")
    if first.gives:
        about.append(f"  {first.gives}", style="not dim italic")
    told = [_indented(about, 6)]
    for one in sources:
        value = "" if one.value is None or one.value == "" else f" = {one.value}"
        told.append(
            _indented(Text(f"{one.statement_id}  {make_harmless(f'{one.variable}{value}')}  by rule {one.rule}", style="dim"), 6)
        )
        if one.review is not None:
            decided = {"accept": "accepted", "reject": "rejected", "replace": f"to be read as {one.review.value or 'unknown'}"}
            note = f": {one.review.note}" if one.review.note else ""
            when = f", {write_day(one.review.at.date())}" if one.review.at else ""
            words = f"{decided[one.review.decision]} by {one.review.by}{when} (review {one.review.review_id}){note}"
            told.append(_indented(Text(make_harmless(words), style="bold"), 6))
    return told


def _pair(pair: PairJudged, names: Mapping[str, str]) -> Text:
    line = Text(f"{make_harmless(names.get(pair.left, pair.left))} and {make_harmless(names.get(pair.right, pair.right))}: ")
    line.append(pair.verdict, style="bold")
    line.append(f" ({pair.score:+.1f})", style="dim")
    line.append(": " + make_harmless(", ".join(pair.reasons)) if pair.reasons else "")
    return line


def _decisions(decisions: Sequence[Decided]) -> list[RenderableType]:
    if not decisions:
        return []
    return [_title("decided by people"), *(_indented(render_decision(one), 2) for one in decisions)]


def render_decision(one: Decided) -> RenderableType:
    """A decision: its number, what was decided of how many pairs, by whom, when, and why."""
    line = Text()
    verdicts = " and ".join(dict.fromkeys(one.verdicts))
    pairs = f"{one.pairs[0][0]} and {one.pairs[0][1]}" if len(one.pairs) == 1 else write_count(len(one.pairs), "pair")
    line.append(f"{verdicts}: {make_harmless(pairs)}", style="not bold")
    line.append(f"  {make_harmless(one.by)}, {write_day(one.at.date())}", style="not bold dim")
    if one.note:
        line.append(f"  {make_harmless(one.note)}", style="not bold")
    if one.reverted_at is not None:
        line.append(
            f"  (taken back by {make_harmless(one.reverted_by or '?')}, {write_day(one.reverted_at.date())})", style="not bold"
        )
    return numbered(one.decision, line)


def numbered(number: int, line: Text) -> RenderableType:
    """A line under a number by which it can be taken back; what does not fit goes on beside the number, not under it."""
    from rich.table import Table

    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=4, justify="right", no_wrap=True, style="bold")
    row.add_column()
    row.add_row(f"{number}", line)
    return row


def _perhaps(event: Event, joined: Joined) -> list[RenderableType]:
    if not joined.perhaps:
        return []
    parts = [_title("perhaps the same event")]
    for name, pair in joined.perhaps:
        reasons = f": {', '.join(pair.reasons)}" if pair.reasons else ""
        parts.append(_indented(Text(make_harmless(f"{name}{reasons}")), 2))
    parts.append(
        _indented(Text(f"headcount judge {event.event_id} {joined.perhaps[0][0]} same|different settles it", style="dim"), 2)
    )
    return parts


def _indented(what: RenderableType, by: int) -> RenderableType:
    return Padding(what, (0, 0, 0, by))

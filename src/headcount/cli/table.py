"""Readings for a person: one block a report, the events with the sentence that tells of each, roll-ups apart."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from headcount.models import CandidateEvent, Reading, Rollup
from headcount.wording import make_harmless, write_dates, write_day, write_nothing, write_place, write_size

if TYPE_CHECKING:
    from headcount.gazetteer import Gazetteer

MIN_WIDTH: Final = 40
MAX_WIDTH: Final = 120
"""A sentence over a wider screen is hard to follow; the table stays at this width."""

STYLES: Final = (
    ("size", "bold yellow"),
    ("date", "bold cyan"),
    ("place", "bold green"),
    ("local", "bold green"),
    ("state", "bold green"),
    ("country", "bold green"),
    ("event_type", "bold magenta"),
    ("status", "bold magenta"),
    ("claimant", "bold blue"),
)
"""By the beginning of a statement's variable. NO_COLOR takes the colour and leaves the bold."""

OTHER_STYLE: Final = "bold"


def write_table(readings: Iterable[Reading], out: BinaryIO) -> Iterator[Reading]:
    """One block a reading, flushed as it goes. A report without events and roll-ups has one line; a failed one none."""
    console = _console(out)
    encoding = sys.stdout.encoding if _is_stdout(out) else "utf-8"
    for reading in readings:
        if reading.report.text and not any(problem.fatal for problem in reading.problems):
            # Captured, because rich turns a closed pipe into an exit of its own.
            with console.capture() as captured:
                console.print(render_reading(_with_title_masked(reading), width=console.width))
            out.write(captured.get().encode(encoding, "replace"))
            out.flush()
        yield reading


def render_reading(reading: Reading, *, width: int) -> RenderableType:
    """The block of one report."""
    parts: list[RenderableType] = [_render_head(reading)]
    if not reading.events and not reading.rollups:
        parts.append(Padding(Text(write_nothing(reading), style="dim"), (0, 0, 0, 2)))
    parts.extend(_render_event(event, width=width) for event in reading.events)
    if reading.rollups:
        parts.append(Padding(Text("roll-ups (not counted)", style="italic"), (1 if reading.events else 0, 0, 0, 2)))
        parts.extend(_render_rollup(rollup) for rollup in reading.rollups)
    return Group(*parts, Text(""))


def _with_title_masked(reading: Reading) -> Reading:
    """The reading of a report whose title names no private person."""
    report = reading.report
    if not report.title:
        return reading
    from headcount.record.sentences import mask_title

    return replace(reading, report=replace(report, title=mask_title(report.title, report.text, _open_gazetteer())))


@cache
def _open_gazetteer() -> Gazetteer:
    from headcount.gazetteer import Gazetteer

    return Gazetteer.open()


def _render_head(reading: Reading) -> RenderableType:
    report = reading.report
    title = Text(make_harmless(report.title or report.record or report.report_id), style="bold")
    about = [make_harmless(report.publisher)] if report.publisher else []
    about.append(write_day(report.published) if report.published else "day of publication unknown")
    line = Text(" · ".join(about))
    line.append(" · " + make_harmless(report.report_id), style="dim")
    return Group(title, line)


def _render_event(event: CandidateEvent, *, width: int) -> RenderableType:
    kind = Text(make_harmless(event.event_type), style="bold magenta")
    marks: list[str] = [event.status] if event.status != "held" else []
    marks += ["background"] if event.background else []
    if marks:
        kind.append(f" ({', '.join(marks)})", style="not bold red" if event.status == "cancelled" else "not bold")
    date = Text(make_harmless(write_dates(event)), style="cyan" if event.date_start else "dim")
    if event.inferred:
        date.append(" (inferred)", style="dim")
    known_place = event.country or event.locality
    place = Text(make_harmless(write_place(event)), style="green" if known_place else "dim")
    size = make_harmless(write_size(event))
    cells = (kind, date, place, Text(size or "size not told", style="bold yellow" if size else "dim"))
    row = Table.grid(padding=(0, 2), expand=True)
    for ratio in (16, 17, 25, 22) if width >= 100 else (15, 17, 20, 20):
        row.add_column(ratio=ratio, overflow="fold")
    row.add_row(*cells)
    return Group(Padding(row, (1, 0, 0, 2)), Padding(mark_words(event), (0, 0, 0, 4)))


def mark_words(event: CandidateEvent) -> Text:
    """The event's sentence in quotation marks, with the words that gave a value highlighted.

    A statement's words are found at their offset, or else searched: where a private name is masked, offsets into the
    sentence as it is shown no longer hold.
    """
    styles: list[str | None] = [None] * len(event.quote)
    for statement in sorted(event.statements, key=lambda one: one.span.start - one.span.end):
        if not statement.quote or not (
            event.quote_span.start <= statement.span.start and statement.span.end <= event.quote_span.end
        ):
            continue
        start = statement.span.start - event.quote_span.start
        if not event.quote.startswith(statement.quote, start):
            start = event.quote.find(statement.quote)
        if start < 0 or len(statement.quote) > 0.8 * len(event.quote):
            continue  # a statement of the whole sentence highlights nothing
        style = next((style for name, style in STYLES if statement.variable.startswith(name)), OTHER_STYLE)
        styles[start : start + len(statement.quote)] = [style] * len(statement.quote)
    marked = Text("“")
    start = 0
    for end in range(1, len(styles) + 1):
        if end == len(styles) or styles[end] != styles[start]:
            marked.append(make_harmless(event.quote[start:end]), style=styles[start])
            start = end
    marked.append("”")
    return marked


def _render_rollup(rollup: Rollup) -> RenderableType:
    words = ", ".join(make_harmless(word) for word in (rollup.size_text, rollup.place) if word)
    line = Text(words + "  " if words else "")
    line.append(f"“{make_harmless(rollup.quote)}”", style="dim")
    return Padding(line, (0, 0, 0, 4))


def _is_stdout(out: BinaryIO) -> bool:
    return sys.stdout is not None and out is sys.stdout.buffer


def _console(out: BinaryIO) -> Console:
    """A console that says how wide and how colourful the output may be; what it prints is captured, not written."""
    console = Console(highlight=False, markup=False, emoji=False) if _is_stdout(out) else None
    if console is None:
        console = Console(file=io.StringIO(), highlight=False, markup=False, emoji=False, force_terminal=False)
    console.width = max(MIN_WIDTH, min(MAX_WIDTH, console.width))
    return console

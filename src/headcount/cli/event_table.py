"""The events of a record as a table, a row an event, written as they are read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from headcount.cli.terminal import BOLD, DIM, paint, stdout_encoding, terminal_width
from headcount.models import Event
from headcount.wording import make_harmless, write_event_dates, write_event_place, write_event_size, write_number_range

HEADS: Final = ("event", "date", "type", "place", "size", "reports")
STYLES: Final = ("2", "36", "1;35", "32", "1;33", "")
NARROW: Final = (13, 15, 13, 14, 12, 7)
"""Of 80 columns, with one blank between two; a cell that needs more goes on in the line below."""

WIDE_FROM: Final = 100
MOST_LINES: Final = 4
"""A cell of a venue with a very long name is cut after these."""


def write_event_table(events: Iterable[Event], out: BinaryIO) -> Iterator[Event]:
    """Writes each event and hands it on. What did not simply take place is marked: planned, cancelled, background."""
    widths = choose_widths(terminal_width())
    encoding = stdout_encoding()
    first = True
    for event in events:
        lines = [_line(HEADS, widths, (BOLD,) * len(HEADS))] if first else []
        first = False
        lines += render_event(event, widths)
        out.write(("\n".join(lines) + "\n").encode(encoding, "replace"))
        yield event
    out.flush()


def choose_widths(width: int) -> tuple[int, ...]:
    """Columns of each cell; what is more than 80 goes to the place and the size."""
    spare = width - sum(NARROW) - len(NARROW) + 1
    if spare <= 0:
        return NARROW
    kind = min(6, spare // 5)
    place = (spare - kind) // 2
    return (NARROW[0], NARROW[1], NARROW[2] + kind, NARROW[3] + place, NARROW[4] + spare - kind - place, NARROW[5])


def render_event(event: Event, widths: tuple[int, ...]) -> list[str]:
    """The lines of one event."""
    size = write_event_size(event)
    if len(size) > 2 * widths[4]:  # who says so is in ``show``; here there is no room for it
        size = write_number_range(event.size_low, event.size_high) or size
    kind = event.event_type + "".join(f" ({mark})" for mark in marks_of(event))
    reports = f"{event.witnesses}" if event.witnesses == len(event.reports) else f"{event.witnesses} of {len(event.reports)}"
    texts = (event.event_id, write_event_dates(event), kind, write_event_place(event), size or "not told", reports)
    cells = [_fold(make_harmless(text), width) for text, width in zip(texts, widths, strict=True)]
    height = max(len(cell) for cell in cells)
    styles = STYLES if size else (*STYLES[:4], DIM, "")
    return [_line([cell[at] if at < len(cell) else "" for cell in cells], widths, styles) for at in range(height)]


def marks_of(event: Event) -> tuple[str, ...]:
    """What keeps an event out of the totals: planned, cancelled, background."""
    return (*((event.status,) if event.status != "held" else ()), *(("background",) if event.background else ()))


def _line(cells: Iterable[str], widths: tuple[int, ...], styles: Iterable[str]) -> str:
    from rich.cells import cell_len

    parts = []
    for cell, width, style in zip(cells, widths, styles, strict=True):
        parts.append(paint(cell, style) + " " * max(0, width - cell_len(cell)))
    return " ".join(parts).rstrip()


def _fold(text: str, width: int) -> list[str]:
    from rich.cells import cell_len, chop_cells

    if cell_len(text) <= width:
        return [text]
    lines = [part for line in textwrap.wrap(text, width) for part in chop_cells(line, width)]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: width - 1] + "…"]
    return lines

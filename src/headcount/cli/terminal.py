"""The terminal: how wide it is, whether it may be coloured, and pages of rich text written to standard output."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, BinaryIO, Final, TextIO

if TYPE_CHECKING:
    from rich.console import RenderableType

MIN_WIDTH: Final = 40
MAX_WIDTH: Final = 120
"""A sentence over a wider screen is hard to follow."""

BOLD: Final = "1"
DIM: Final = "2"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads the stream as it is written."""
    return stream is not None and stream.isatty()


def terminal_width() -> int:
    """Columns to write in, within bounds; COLUMNS says it where there is no terminal."""
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size((80, 24)).columns))


def paint(text: str, codes: str) -> str:
    """The text in a style of ANSI codes ("1;33") where standard output may have one; NO_COLOR takes the colour, not the bold."""
    if not text or not _may_style():
        return text
    if os.environ.get("NO_COLOR"):
        codes = ";".join(code for code in codes.split(";") if code in {BOLD, DIM})
    return f"\x1b[{codes}m{text}\x1b[0m" if codes else text


def stdout_encoding() -> str:
    """In which encoding standard output is written to."""
    return (sys.stdout.encoding if sys.stdout is not None else None) or "utf-8"


def write_page(page: RenderableType, out: BinaryIO) -> None:
    """Writes rich text to standard output. Captured first, because rich turns a closed pipe into an exit of its own."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    console.width = max(MIN_WIDTH, min(MAX_WIDTH, console.width))
    with console.capture() as captured:
        console.print(page)
    lines = (line.rstrip() for line in captured.get().splitlines())
    out.write(("\n".join(lines) + "\n").encode(stdout_encoding(), "replace"))
    out.flush()


def _may_style() -> bool:
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(sys.stdout) and os.environ.get("TERM", "dumb") not in {"dumb", "unknown"}

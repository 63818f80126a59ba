"""What a cell of a table may hold, for every writer of tables: text that no spreadsheet runs, lists in one cell, lines of CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO, Final

from headcount.models import Comparison

Cell = str | int | float | bool | None

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text cell as a formula (OWASP, "CSV injection"): such a text gets a ' before it."""

LIST_SEPARATOR: Final = " | "

_AS_OR_THAN: Final = {"larger": "than", "smaller": "than", "same": "as"}


def write_cell(value: Cell) -> str:
    """A value as CSV holds it: true and false in words, unknown empty, no text that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value.replace("\0", "�")
        return "'" + value if value.startswith(FORMULA_STARTS) else value
    return str(value)


def write_row(out: BinaryIO, cells: Iterable[str]) -> None:
    """One line of CSV in UTF-8, ended by CR LF; half of a surrogate pair, which UTF-8 has no bytes for, becomes ``?``."""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    out.write(line.getvalue().encode("utf-8", "replace"))


def join_list(items: Iterable[str]) -> str:
    """A list in one cell, ``a | b``; a bar within an item becomes ``¦``, so that the cell can be taken apart again."""
    return LIST_SEPARATOR.join(item.replace("|", "¦") for item in items)


def write_comparison(comparison: Comparison) -> str:
    """What the event was set against: "larger than last year"."""
    return f"{comparison.direction} {_AS_OR_THAN[comparison.direction]} {comparison.compared_with}"


def make_encodable(text: str) -> str:
    """The text with ``?`` for each half of a surrogate pair: such text has no UTF-8, and Arrow and JSON refuse it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

"""What a cell of a table may hold, for every writer of tables: text that no spreadsheet runs, lists in one cell, lines of CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import BinaryIO, Final

from headcount.models import Comparison
from headcount.wording import CONTROLS

Cell = str | int | float | bool | None

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text cell as a formula (OWASP, "CSV injection"): such a text gets a ' before it."""

SHOWN_CONTROLS: Final = {code: shown for code, shown in CONTROLS.items() if code < 0xA0 and code not in (0x09, 0x0A, 0x0D)} | {
    0: "\N{REPLACEMENT CHARACTER}"
}
"""Control characters but tabs and line ends: the file may be looked at on a terminal, which would obey them."""

UNSEEN: Final = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
"""In UTF-8: DEL, controls of eight bits (U+0080 to U+009F), and marks of direction."""

LIST_SEPARATOR: Final = " | "

_AS_OR_THAN: Final = {"larger": "than", "smaller": "than", "same": "as"}


def write_cell(value: Cell) -> str:
    """A value as CSV holds it: true and false in words, unknown empty, no text that a spreadsheet or a terminal would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value.translate(SHOWN_CONTROLS)
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


def escape_unseen(line: bytes) -> bytes:
    """JSON with the characters that a terminal obeys, or that turn the direction of a text, escaped: it reads back the same."""
    if line.isascii() and b"\x7f" not in line:
        return line
    return UNSEEN.sub(lambda found: b"\\u%04x" % ord(found[0].decode()), line)


def make_encodable(text: str) -> str:
    """The text with ``?`` for each half of a surrogate pair: such text has no UTF-8, and Arrow and JSON refuse it."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

"""CSV and TSV: a report in each row, read forward row by row whatever the file's length; the first row names the columns.

A row that cannot be read is a Problem that names its line; a quote that never closes costs the row in which it opens, and
not the rest of the table.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from headcount.models import Origin, Problem, Report
from headcount.sources.encoding import decode_text, why_not_text
from headcount.sources.fields import report_from_fields
from headcount.sources.finding import Item, Named
from headcount.sources.limits import CELL_BYTES, TABLE_AGAIN
from headcount.sources.streams import ByteStream, Input, TooLongError
from headcount.sources.tables.cells import with_plain_day
from headcount.sources.tables.columns import Columns, ColumnsError, find_columns

DELIMITERS: Final = ",;\t|"
ASSUMED: Final = re.compile(r"assumed (\S+) from its bytes")
"""The encoding in the words of ``decode_text``."""

ROW_CHARACTERS: Final = 2 * CELL_BYTES.most
"""The longest row: a text at its limit and all the other cells."""


def read_csv(opened: Input, named: Named) -> Iterator[Item]:
    """The reports of a table whose cells are parted by commas, semicolons, tabs or bars, whichever parts its first row most."""
    yield from _read_table(opened, named, delimiter=None)


def read_tsv(opened: Input, named: Named) -> Iterator[Item]:
    """The reports of a table whose cells are parted by tabs; where its first row has none, as ``read_csv``."""
    yield from _read_table(opened, named, delimiter="\t")


def is_table(head: bytes, columns: Mapping[str, str]) -> bool:
    """Whether these first bytes are the head of a table with all of the mapped columns, whatever its name is."""
    first, ended, _ = ByteStream(Input(io.BytesIO(head))).head.partition(b"\n")
    if not ended or not columns:
        return False
    line = decode_text(first.removesuffix(b"\r"))[0]
    delimiter = _delimiter_of(line, None)
    if delimiter is None:
        return False
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return False
    return set(columns.values()) <= {name.strip() for name in names}


def _read_table(opened: Input, named: Named, *, delimiter: str | None) -> Iterator[Item]:
    csv.field_size_limit(max(csv.field_size_limit(), CELL_BYTES.most))
    stream = ByteStream(opened)
    if why := why_not_text(stream.head):
        yield _problem(named, why)
        return
    if b"\r" in stream.head and b"\n" not in stream.head:
        yield _problem(named, "its lines end as on old Macs, with a carriage return alone: save it with the usual line ends")
        return
    lines = _Lines(stream)
    try:
        names, told = _head_of(lines, delimiter)
        columns = find_columns(names, named.asked.columns)
    except (ColumnsError, _RowError) as error:
        yield _problem(named, str(error))
        return
    doubts = [doubt for doubt in (stream.note, columns.doubt) if doubt]
    found = False
    for item in _rows_of(lines, names, columns, told, named):
        if not found:  # what is doubtful about the table is told with its first row
            yield from (_problem(named, doubt, record=item.record, fatal=False) for doubt in doubts)
        found = True
        yield item
    if not found:
        yield _problem(named, "a table without rows: nothing to read")


def _head_of(lines: _Lines, delimiter: str | None) -> tuple[list[str], str]:
    """The names of the columns, and what parts the cells."""
    line = lines.next_filled()
    if line.lower().startswith("sep=") and len(line) == 5:  # as Excel writes it for itself
        delimiter, line = line[4], lines.next_filled()
    if len(line) > HEAD_CHARACTERS:
        raise _RowError(HEAD_TOO_LONG)
    told = _delimiter_of(line, delimiter) or ","
    try:
        return next(csv.reader([line], delimiter=told), []), told
    except csv.Error:
        return [line], told


def _delimiter_of(line: str, wanted: str | None) -> str | None:
    """What parts this row: what is wanted if it stands there, else the commonest outside of quotes; None where nothing does."""
    bare = "".join(line.split('"')[::2])
    if wanted and wanted in bare:
        return wanted
    best = max(DELIMITERS, key=bare.count)
    return best if best in bare else None


def _rows_of(lines: _Lines, names: list[str], columns: Columns, delimiter: str, named: Named) -> Iterator[Report | Problem]:
    mending = False
    while (row := _next_row(lines, delimiter)) is not None:
        here = f"{named.record}:{row.number}"
        if lines.note:
            yield _problem(named, lines.note, record=here, fatal=False)
            lines.note = None
        if row.why:
            yield _problem(named, row.why.format(columns=len(names)), record=here)
            mending = mending or row.why is UNCLOSED
            if lines.again > TABLE_AGAIN.most:
                yield _problem(named, str(TABLE_AGAIN))
                return
            continue
        while len(row.cells) > len(names) and not row.cells[-1].strip():
            row.cells.pop()
        if len(row.cells) == len(names):
            mending = False
            if row.doubt:
                yield _problem(named, row.doubt, record=here, fatal=False)
            yield from _report_of(row.cells, columns, here, named)
        elif not mending:
            yield _problem(named, _why_uneven(row.cells, names, delimiter), record=here)


def _report_of(cells: list[str], columns: Columns, here: str, named: Named) -> Iterator[Report | Problem]:
    fields = {key: cells[place] for key, place in columns.places.items()}
    report, problems = report_from_fields(with_plain_day(fields), record=here, defaults=named.asked.defaults)
    for problem in problems:
        yield _problem(named, problem.reason, record=here, fatal=problem.fatal)
    if report is not None:
        yield replace(report, origin=Origin(source=named.source, media="csv"))


UNCLOSED: Final = (
    "the quote that opens in this row never closes: the row was not read, nor what follows up to the next one with {columns} cells"
)
HEAD_CHARACTERS: Final = 2**20
"""A first row of 32 MiB would be millions of columns, each a string that takes more memory than its name."""

HEAD_TOO_LONG: Final = "its first row, which names the columns, is longer than 1 MiB: this is no table that can be read"
ROW_TOO_LONG: Final = f"a row of more than {ROW_CHARACTERS // 2**20} MiB: it was not read"
INNER_QUOTES: Final = "quotes within a quoted cell, not doubled: the cell was read as it stands, and may be cut or hold too much"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row: the number of its first line, and its cells or why it has none."""

    number: int
    cells: list[str]
    why: str = ""
    doubt: str = ""


def _next_row(lines: _Lines, delimiter: str) -> _Row | None:
    """The next row; None at the end. Blank lines are passed over.

    The reader is strict: a quote that closes before something else than the end of its cell means that an earlier one was
    never closed, and all lines but the first are read again. In a row of one line it is a quotation within a cell.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number = lines.begin_row()
        try:
            cells = next(reader, None)
        except _RowError as error:
            lines.go_back()
            return _Row(number=number, cells=[], why=error.args[0])
        except csv.Error as error:
            row = lines.row
            lines.go_back()
            if len(row) == 1 and "field limit" in str(error):
                return _Row(number=number, cells=[], why=str(CELL_BYTES))
            if len(row) == 1:
                # A lone carriage return would make csv raise once more.
                cells = next(csv.reader([row[0].rstrip("\n").replace("\r", " ")], delimiter=delimiter), [])
                return _Row(number=number, cells=cells, doubt=INNER_QUOTES)
            return _Row(number=number, cells=[], why=UNCLOSED)
        if cells is None:
            return None
        if any(cells):
            return _Row(number=number, cells=cells)


class _RowError(Exception):
    """This row cannot go on."""


class _Lines:
    """The lines of a table as text, with those of the present row kept, so that they can be read again."""

    def __init__(self, stream: ByteStream) -> None:
        self._lines = stream.lines(limit=ROW_CHARACTERS)
        self._again: deque[str] = deque()
        self._number = 0
        self._length = 0
        self._charset: str | None = None
        self.again = 0
        """How many characters had to be read again until now."""

        self.row: list[str] = []
        self.note: str | None = None
        """What had to be assumed of the encoding since this was last taken."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            raw = next(self._lines)
            if isinstance(raw, TooLongError):
                self._number += 1
                self.row.append("\n")
                raise _RowError(ROW_TOO_LONG)
            line = self._decode(raw) + "\n"
        self._number += 1
        self._length += len(line)
        self.row.append(line)
        if self._length > ROW_CHARACTERS:
            raise _RowError(UNCLOSED)
        return line

    def next_filled(self) -> str:
        """The next line that is not blank, without its end; "" at the end."""
        for line in self:
            if line.strip():
                return line.removesuffix("\n")
        return ""

    def begin_row(self) -> int:
        """Forgets the lines before. The number of the line that comes next."""
        self.row = []
        self._length = 0
        return self._number + 1

    def go_back(self) -> None:
        """All lines of the present row but its first are to be read again."""
        again = self.row[1:]
        self._again.extendleft(reversed(again))
        self._number -= len(again)
        self.again += sum(map(len, again))

    def _decode(self, raw: bytes) -> str:
        """As UTF-8; a line that is none in what the first such line looks like, so that a table is not guessed at row by row."""
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            if self._charset:
                return raw.decode(self._charset, "replace")
        text, self.note = decode_text(raw)
        assumed = ASSUMED.search(self.note or "")
        self._charset = assumed[1] if assumed else None
        return text


def _why_uneven(cells: list[str], names: list[str], delimiter: str) -> str:
    parts = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}.get(delimiter, delimiter)
    what = f"expected {len(names)} cells as in the first row, found {len(cells)}"
    if len(cells) > len(names):
        return f"{what}: put quotes around a cell that holds a {parts}"
    return f"{what}: put quotes around a cell that holds a line break"


def _problem(named: Named, reason: str, *, record: str | None = None, fatal: bool = True) -> Problem:
    return Problem(stage="sources", record=record or named.record, source=named.source, reason=reason, fatal=fatal)

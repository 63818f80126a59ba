"""Parquet: a report in each row; only the columns that are needed are read, a few hundred rows at a time."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from headcount.models import Origin, Problem, Report
from headcount.sources.encoding import decode_text
from headcount.sources.fields import report_from_fields
from headcount.sources.finding import Item, Named
from headcount.sources.limits import CELL_BYTES, RATIO_FROM_BYTES, UNPACKED_BYTES, UNPACKED_RATIO, LimitError
from headcount.sources.streams import Input, TooLongError
from headcount.sources.tables.cells import with_plain_day
from headcount.sources.tables.columns import Columns, ColumnsError, find_columns

if TYPE_CHECKING:
    import pyarrow.parquet as pq

BATCH_ROWS: Final = 256
"""Reports of 4 kB: a batch of 1 MB. Text is read as a dictionary where the file keeps it as one, so that it is not multiplied."""


def read_parquet(opened: Input, named: Named) -> Iterator[Item]:
    """The reports of a Parquet file; a file within an archive, or on standard input, is taken whole and has to be short."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        yield _problem(named, "Parquet needs pyarrow, which is not installed: pip install 'headcount[arrow]', or save it as CSV")
        return
    try:
        held = b"" if named.path else opened.rest(limit=UNPACKED_BYTES.most)
        file: Any = named.path or io.BytesIO(held)
        packed = os.path.getsize(named.path) if named.path else len(held)
    except TooLongError:
        yield _problem(named, f"a Parquet file of more than {UNPACKED_BYTES.most // 2**20} MiB in a stream: give it by its path")
        return
    try:
        names = [str(name) for name in pq.read_schema(file).names]
        columns = find_columns(names, named.asked.columns)
        wanted = [names[place] for place in columns.places.values()]
        table = pq.ParquetFile(file, read_dictionary=wanted)
    except ColumnsError as error:
        yield _problem(named, str(error))
        return
    except (pa.ArrowException, OSError, ValueError) as error:
        yield _problem(named, f"it could not be opened as Parquet ({_told(error)}): it is broken or cut off; save it again")
        return
    with table:
        if columns.doubt and table.metadata.num_rows:  # told with the first row
            yield _problem(named, columns.doubt, record=f"{named.record}:1", fatal=False)
        if not table.metadata.num_rows:
            yield _problem(named, "a table without rows: nothing to read")
        yield from _rows_of(table, names, columns, named, most=max(RATIO_FROM_BYTES, packed * UNPACKED_RATIO.most))


def _rows_of(table: pq.ParquetFile, names: list[str], columns: Columns, named: Named, *, most: int) -> Iterator[Report | Problem]:
    """The reports row by row; raises LimitError where their texts are together longer than ``most``: a dictionary of one text
    may stand for millions."""
    import pyarrow as pa

    unpacked = 0
    wanted = sorted({names[place] for place in columns.places.values()})
    number = 0
    try:
        for batch in table.iter_batches(batch_size=BATCH_ROWS, columns=wanted, use_threads=False):
            taken = {key: _days_of(batch.column(names[place])) for key, place in columns.places.items()}
            for row in range(batch.num_rows):
                number += 1
                for item in _report_of({key: column[row] for key, column in taken.items()}, f"{named.record}:{number}", named):
                    unpacked += len(item.text) if isinstance(item, Report) else 0
                    yield item
                if unpacked > most:
                    raise LimitError(UNPACKED_RATIO)
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = f"broken after row {number} ({_told(error)}): the rows from there on were not read; save it again"
        yield _problem(named, reason)


def _days_of(column: Any) -> Any:
    """A column of moments to the microsecond: Python's dates know no nanoseconds."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    return column


def _report_of(cells: dict[str, Any], here: str, named: Named) -> Iterator[Report | Problem]:
    fields: dict[str, object] = {}
    for key, cell in cells.items():
        try:
            value = cell.as_py()
        except (ValueError, OverflowError, UnicodeDecodeError, KeyError) as error:
            yield _problem(named, f"{key}: a value that cannot be read ({_told(error)}); left out", record=here, fatal=False)
            continue
        fields[key] = decode_text(value)[0] if isinstance(value, bytes) else value
    text = fields.get("text")
    if isinstance(text, str) and len(text) > CELL_BYTES.most:
        yield _problem(named, str(CELL_BYTES), record=here)
        return
    report, problems = report_from_fields(with_plain_day(fields), record=here, defaults=named.asked.defaults)
    for problem in problems:
        yield _problem(named, problem.reason, record=here, fatal=problem.fatal)
    if report is not None:
        yield replace(report, origin=Origin(source=named.source, media="parquet"))


def _told(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _problem(named: Named, reason: str, *, record: str | None = None, fatal: bool = True) -> Problem:
    return Problem(stage="sources", record=record or named.record, source=named.source, reason=reason, fatal=fatal)

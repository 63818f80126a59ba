"""A record in Python: ``headcount.open("headcount.db")`` gives a ``Record``, and its ``events()`` any kind of table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final, get_args

from headcount.models import Event, Status
from headcount.record import asking
from headcount.record.asking import Filters
from headcount.record.engine import DEFAULT_RECORD, NoRecordError, RecordError, connect, reading, shown
from headcount.wording import write_count, write_event_html_table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import sqlalchemy as sa

    from headcount.record.health import SourceHealth

__all__ = ["DEFAULT_RECORD", "Events", "Filters", "NoRecordError", "Record", "RecordError", "open_record"]


SHOWN_IN_NOTEBOOK: Final = 20
STATUSES: Final = get_args(Status)


class Record:
    """A record that is open for reading; close it, or use it in a ``with`` block. Each answer sees the record as it is then."""

    def __init__(self, name: str, engine: sa.Engine) -> None:
        self.name = name
        self.engine = engine

    def events(
        self,
        *,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        country: str | None = None,
        state: str | None = None,
        locality: str | None = None,
        event_type: str | None = None,
        status: str | None = None,
        background: bool | None = None,
        series: str | None = None,
        issue: str | None = None,
        min_size: int | None = None,
    ) -> Events:
        """The events that meet all of these, the earliest first. Days are dates or ``YYYY-MM-DD``, ``country`` is a code such as
        ``GB``, ``status`` held, planned or cancelled; ValueError for what is none."""
        from headcount.sources import parse_country

        if status is not None and status not in STATUSES:
            raise ValueError(f"status: expected {', '.join(STATUSES)}, found {status!r}")
        return Events(
            self,
            Filters(
                since=_day(since),
                until=_day(until),
                country=parse_country(country) if country else None,
                state=state,
                locality=locality,
                event_type=event_type,
                status=status,
                background=background,
                series=series,
                issue=issue,
                min_size=min_size,
            ),
        )

    def event(self, event_id: str) -> Event:
        """The event of an id, or the one that the id leads to after a merge. KeyError says why where there is none."""
        from headcount.record.ledger import UnknownIdError, follow, say_why_gone

        with reading(self.engine, record=self.name) as connection:
            try:
                name = follow(connection, event_id)
            except UnknownIdError as error:
                raise KeyError(str(error)) from None
            found = asking.load_event(connection, name)
            if found is None:
                raise KeyError(say_why_gone(connection, name))
            return found

    def sources(self) -> tuple[SourceHealth, ...]:
        """Where the reports come from, by name: what was seen in each source, what failed and why, and its gaps."""
        from headcount.record.health import find_sources

        with reading(self.engine, record=self.name) as connection:
            return tuple(find_sources(connection))

    def describe(self) -> Mapping[str, int]:
        """How many reports, versions, accounts, statements and events the record holds."""
        with reading(self.engine, record=self.name) as connection:
            return asking.describe_record(connection)

    def close(self) -> None:
        """Lets go of the file or the database."""
        self.engine.dispose()

    def __enter__(self) -> Record:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<record {shown(self.name)}>"


class Events:
    """The events of an answer: loop over them, count them, or take them as a table."""

    def __init__(self, record: Record, filters: Filters) -> None:
        self._record = record
        self._filters = filters

    def __iter__(self) -> Iterator[Event]:
        with reading(self._record.engine, record=self._record.name) as connection:
            yield from asking.find_events(connection, self._filters)

    def __len__(self) -> int:
        with reading(self._record.engine, record=self._record.name) as connection:
            return asking.count_events(connection, self._filters)

    def __repr__(self) -> str:
        return f"<{write_count(len(self), 'event')} of {self._record!r}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the first of them."""
        from itertools import islice

        return write_event_html_table(list(islice(self, SHOWN_IN_NOTEBOOK)), len(self))

    def to_arrow(self) -> pa.Table:
        """One row an event: nullable integers, real dates, unknown null and never zero. Needs ``headcount[arrow]``."""
        from headcount.exports import frames

        return frames.to_arrow(self)

    def to_pandas(self) -> pd.DataFrame:
        """As ``to_arrow``, a DataFrame. Needs ``headcount[pandas]``."""
        from headcount.exports import frames

        return frames.to_pandas(self)

    def to_polars(self) -> pl.DataFrame:
        """As ``to_arrow``, a DataFrame. Needs ``headcount[polars]``."""
        from headcount.exports import frames

        return frames.to_polars(self)


def open_record(name: str = DEFAULT_RECORD) -> Record:
    """Opens the record at a path or a ``postgresql://`` URL for reading. Raises NoRecordError, or RecordError with what to do."""
    return Record(name, connect(name))


def _day(value: dt.date | str | None) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"expected a day as YYYY-MM-DD, found {value!r}") from None

"""How each source of a record fares: what was seen in it, what failed and why, and for how long it has been silent."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

import sqlalchemy as sa

from headcount.record import schema as s

LONG_AT_LEAST: Final = 3
"""Days: a shorter stretch without a report is never a gap. A paper that does not appear at the weekend has none."""

LONG_BY: Final = 3.0
"""A stretch without reports is a gap from so many times the interval that is usual for the source (the median one)."""

FEWEST_DAYS: Final = 4
"""From so many days of publication on a source has an interval that is usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch without a report, by day of publication: ``since`` is the first day without one, ``until`` the last."""

    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source, over all runs: ``fetched`` = ``new`` + ``unchanged`` + ``screened_out`` + ``failed``."""

    source: str
    kind: str
    first_seen: dt.datetime
    last_seen: dt.datetime
    last_fetched: dt.datetime | None
    """When something of it last came over the network; None for a file or a folder."""

    fetched: int
    new: int
    unchanged: int
    screened_out: int
    failed: int
    last_why: str | None
    """Why something failed in the last run that looked at it; None where nothing did."""

    last_published: dt.date | None
    usual_interval: float | None
    """Days between two days of publication, as is usual for it; None where there are too few to tell."""

    gaps: tuple[Gap, ...]
    """Stretches that are long for it, the newest first."""

    def silent_days(self, today: dt.date) -> int | None:
        """For how many days a source that is fetched has published nothing, where that is long for it; else None."""
        if self.last_fetched is None or self.last_published is None or self.usual_interval is None:
            return None
        days = (today - self.last_published).days
        return days if days > _longest(self.usual_interval) else None


def find_sources(connection: sa.Connection) -> Iterator[SourceHealth]:
    """Every source of the record, by name."""
    v = s.version.c
    published = sa.select(v.source, v.published).where(v.source.is_not(None), v.published.is_not(None)).distinct()
    rows = connection.execution_options(yield_per=1_000).execute(published.order_by(v.source, v.published))
    days = {name: [row.published for row in of_one] for name, of_one in groupby(rows, key=lambda row: row.source)}
    for row in sorted(connection.execute(sa.select(s.source)), key=lambda row: row.source):
        usual, gaps = find_gaps(days.get(row.source, ()))
        yield SourceHealth(**row._mapping, usual_interval=usual, gaps=gaps)


def find_gaps(days: Sequence[dt.date]) -> tuple[float | None, tuple[Gap, ...]]:
    """The usual interval between days of publication, given in order, and the stretches between them that are long beside it."""
    if len(days) < FEWEST_DAYS:
        return None, ()
    usual = statistics.median((after - before).days for before, after in pairwise(days))
    longest = _longest(usual)
    one = dt.timedelta(days=1)
    gaps = [Gap(since=before + one, until=after - one) for before, after in pairwise(days) if (after - before).days > longest]
    return float(usual), tuple(reversed(gaps))


def _longest(usual: float) -> float:
    return max(LONG_AT_LEAST, LONG_BY * usual)

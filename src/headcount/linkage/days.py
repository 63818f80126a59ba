"""The days on which an account's event may have been: told, or open within a window about the day of publication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import NO_DAY, PRECISIONS, STATUSES, Accounts

Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]

OPEN_DAYS: Final = {"week": 10, "month": 35, "year": 370, "unknown": 45}
"""How far before its publication a report's event may lie where no day is told, by what is told."""

SLIP_AFTER: Final = 1
"""Days past publication that a held event of unknown day may lie: another time zone."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """For each account the window of days; NO_DAY in both where nothing is known."""

    low: Ints
    high: Ints
    dated: NDArray[np.bool_]
    """True where the report tells the day or the run of days."""

    news: Ints
    """The day of publication of a report that tells no day and no week or month either; else NO_DAY."""

    def gap(self, left: Longs, right: Longs) -> Longs:
        """Days between the windows of two accounts: 0 where they meet, or where one is unknown."""
        after = self.low[right].astype(np.int64) - self.high[left]
        before = self.low[left].astype(np.int64) - self.high[right]
        gap = np.maximum(np.maximum(after, before), 0)
        unknown = (self.low[left] == NO_DAY) | (self.low[right] == NO_DAY)
        return np.where(unknown, 0, gap)

    def news_gap(self, left: Longs, right: Longs) -> Longs:
        """Days from the one account's day, or publication, to the publication of the other, which tells no day.

        A large number where that cannot be said; below zero where it was published before.
        """
        far = np.int64(10_000)
        one, other = self.news[left].astype(np.int64), self.news[right].astype(np.int64)
        from_left = np.where((one != NO_DAY) & self.dated[right], one - self.high[right], far)
        from_right = np.where((other != NO_DAY) & self.dated[left], other - self.high[left], far)
        both = np.where((one != NO_DAY) & (other != NO_DAY), np.abs(one - other), far)
        return np.minimum(np.minimum(from_left, from_right), both)


def find_days(accounts: Accounts) -> Days:
    """The window of days of every account."""
    low, high = accounts.start.copy(), accounts.end.copy()
    swapped = low > high
    low[swapped], high[swapped] = high[swapped], low[swapped]
    precise = np.isin(accounts.precision, [PRECISIONS.index("day"), PRECISIONS.index("range")])
    dated = precise & (low != NO_DAY)
    open_ = (low == NO_DAY) & (accounts.published != NO_DAY)
    back = np.full(len(accounts), OPEN_DAYS["unknown"], dtype=np.int32)
    for name, reach in OPEN_DAYS.items():
        back[accounts.precision == PRECISIONS.index(name)] = reach
    planned = accounts.status == STATUSES.index("planned")
    low[open_] = np.where(planned, accounts.published - SLIP_AFTER, accounts.published - back)[open_]
    high[open_] = np.where(planned, accounts.published + back, accounts.published + SLIP_AFTER)[open_]
    unsaid = ~dated & (accounts.precision == PRECISIONS.index("unknown")) & ~planned
    news = np.where(unsaid, accounts.published, NO_DAY).astype(np.int32)
    return Days(low=low, high=high, dated=dated, news=news)

"""The codebook's words for days, and the arithmetic of the calendar."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from headcount.codebook import table
from headcount.models import DatePrecision

Kind = Literal["absolute", "relative", "weekday", "anchor", "vague"]
DAY = dt.timedelta(days=1)
ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
YEAR = re.compile(r"\d{4}")


class DateMention(NamedTuple):
    """Words for a day at the tokens ``first`` to ``end`` (half-open).

    ``past`` and ``future`` are the (start, end) that they mean when told of something that has
    happened or will happen; None where they fix no day. ``offset`` is set for anchors: days from
    the event named just before, ``weekday`` for "the following Saturday".
    """

    first: int
    end: int
    kind: Kind
    past: tuple[dt.date, dt.date] | None
    future: tuple[dt.date, dt.date] | None
    precision: DatePrecision
    offset: int | None = None
    weekday: int | None = None
    year_given: bool = False


class _Words:
    def __init__(self) -> None:
        book = table("dates")

        def data(name: str) -> dict[str, object]:
            return {k: v for k, v in book[name].items() if k != "why"}

        self.weekdays: dict[str, int] = data("weekdays")  # type: ignore[assignment]
        self.months: dict[str, int] = data("months")  # type: ignore[assignment]
        self.numbers: dict[str, int] = data("numbers")  # type: ignore[assignment]
        self.parts = frozenset(book["day_parts"]["words"])
        self.phrases: dict[str, list[tuple[tuple[str, ...], str, object]]] = {}
        for name in ("relative", "weekends", "vague", "anchors", "holidays", "floating", "easter"):
            for phrase, value in data(name).items():
                parts = tuple(phrase.split())
                self.phrases.setdefault(parts[0], []).append((parts, name, value))
        for found in self.phrases.values():
            found.sort(key=lambda entry: -len(entry[0]))
        self.starters = (
            frozenset(self.phrases)
            | frozenset(self.weekdays)
            | frozenset(self.months)
            | frozenset(self.numbers)
            | {"last", "next", "this", "the", "following", "previous", "early", "late"}
        )


@cache
def words() -> _Words:
    """The date words of the codebook, read once."""
    return _Words()


def day_of(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):  # no such day; a number with more digits than any
        return None


def easter_sunday(year: int) -> dt.date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return dt.date(year, f // 31, f % 31 + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> dt.date:
    if nth > 0:
        first = dt.date(year, month, 1)
        return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = dt.date(year + month // 12, month % 12 + 1, 1) - DAY
    return last - DAY * ((last.weekday() - weekday) % 7)


def weekend_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The Saturday and Sunday of the week of ``day``, which begins on Monday."""
    saturday = day + DAY * (5 - day.weekday())
    return saturday, saturday + DAY


def weekday_before(lower: Sequence[str], i: int) -> int | None:
    """The day of the week right before a date at token ``i``: "Thursday, May 25", "Thursday 25 May", "Thursday the 25th of May"."""
    known = words().weekdays
    for j in range(i - 1, max(-1, i - 4), -1):
        if lower[j] in known:
            return known[lower[j]]
        if lower[j] not in (",", "the"):
            return None
    return None

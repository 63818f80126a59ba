"""Words for days, resolved from the day of publication, the tense and the event told just before.

The relative resolver is ours because no library reads "the previous night", "last weekend" or
"on Wednesday" told on a Wednesday as the codebook does (section 3). Today's date is never used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from headcount.coding.daywords import (
    DAY,
    ORDINAL,
    YEAR,
    DateMention,
    day_of,
    easter_sunday,
    nth_weekday,
    weekday_before,
    weekend_of,
    words,
)
from headcount.models import DatePrecision
from headcount.text import Text

__all__ = ["DateMention", "DateReader"]


class DateReader:
    """Finds the words for days in one report, given its day of publication (None: relative days stay null)."""

    def __init__(self, text: Text, published: dt.date | None) -> None:
        self.text = text
        self.published = published if published is not None and 1600 <= published.year <= 2400 else None
        self.year_in_force: int | None = None
        """The year of the last full date in the text: dates without a year follow it where nothing was published."""

    def mentions(self) -> list[DateMention]:
        """All words for days in the order of the text, none overlapping."""
        known = words()
        lower, count = self.text.lower, len(self.text.lower)
        found: list[DateMention] = []
        i = 0
        while i < count:
            word = lower[i]
            if word in known.starters or word[0].isdecimal():
                mention = self._read(i)
                if mention is not None:
                    found.append(mention)
                    i = max(mention.end, i + 1)
                    continue
            i += 1
        return self._agree(found)

    def _agree(self, found: list[DateMention]) -> list[DateMention]:
        """Day names beside a full date of that weekday mean that date, where the report was printed a week or two later.

        Where the text's own dates contradict the day of publication (a repost), the text wins (codebook section 3).
        """
        lead: dict[int, dt.date] = {}
        agreed = []
        for mention in found:
            days = mention.past
            if mention.kind == "absolute" and days is not None and days[0] == days[1]:
                lead.setdefault(days[0].weekday(), days[0])
            elif mention.kind == "weekday" and mention.weekday in lead and days is not None and days[0] == days[1]:
                told = lead[mention.weekday]
                if 0 < (days[0] - told).days <= 13:
                    mention = mention._replace(past=(told, told))
            agreed.append(mention)
        return agreed

    # The readers below look at most a dozen words ahead of ``i``.

    def _read(self, i: int) -> DateMention | None:
        known = words()
        lower = self.text.lower
        word = lower[i]
        if word[0].isdecimal():
            return self._day_month(i) or self._numeric(i) or self._ago(i)
        mention = self._phrase(i) if word in known.phrases else None
        if mention:
            return mention
        if word in known.months:
            mention = self._month_day(i)
            if mention:
                return mention
        if word in known.weekdays or (
            word in ("last", "next", "this", "early", "late", "following", "previous", "the") and self._has_weekday(i)
        ):
            return self._weekday(i)
        if word in known.numbers:
            return self._ago(i)
        if word == "the" and i + 1 < len(lower) and lower[i + 1][0].isdecimal():
            return self._day_month(i + 1)
        return None

    def _has_weekday(self, i: int) -> bool:
        lower = self.text.lower
        return any(j < len(lower) and lower[j] in words().weekdays for j in (i + 1, i + 2)) and (
            i + 1 >= len(lower)
            or lower[i + 1] in words().weekdays
            or lower[i + 1] in ("last", "past", "following", "previous", "next", "coming", "on")
        )

    def _phrase(self, i: int) -> DateMention | None:
        text, lower, published = self.text, self.text.lower, self.published
        for parts, table_name, value in words().phrases[lower[i]]:
            end = i + len(parts)
            if tuple(lower[i:end]) != parts:
                continue
            if table_name == "anchors":
                return DateMention(i, end, "anchor", None, None, "day", offset=int(value))  # type: ignore[call-overload]
            if table_name == "vague":
                return DateMention(i, end, "vague", None, None, value)  # type: ignore[arg-type]
            if table_name == "relative":
                day = published + DAY * int(value) if published else None  # type: ignore[call-overload]
                both = (day, day) if day else None
                return DateMention(i, end, "relative", both, both, "day")
            if table_name == "weekends":
                return self._weekend(i, end, int(value))  # type: ignore[call-overload]
            if text.words[i][0].islower() and text.words[end - 1][0].islower():
                return None
            return self._holiday(i, end, table_name, value)
        return None

    def _weekend_of(self, i: int, j: int) -> DateMention | None:
        """ "the weekend of June 2", the date at ``j``: its Saturday and Sunday, or the days that it names itself."""
        lower = self.text.lower
        j += lower[j] == "the" and j + 1 < len(lower)
        named = self._month_day(j) if lower[j] in words().months else self._day_month(j) if lower[j][0].isdecimal() else None
        if named is None or named.past is None or named.future is None:
            return None
        past, future = (weekend_of(days[0]) if days[0] == days[1] else days for days in (named.past, named.future))
        return named._replace(first=i, past=past, future=future, precision="range")

    def _weekend(self, i: int, end: int, which: int) -> DateMention:
        published = self.published
        if end + 1 < len(self.text.lower) and self.text.lower[end] == "of":
            named = self._weekend_of(i, end + 1)
            if named is not None:
                return named
        if published is None:
            return DateMention(i, end, "relative", None, None, "range")
        sunday = published - DAY * (published.weekday() + 1)
        past = (sunday - DAY, sunday)
        if which == 0 and published.weekday() >= 5:  # "this weekend" told on it
            saturday = published - DAY * (published.weekday() - 5)
            past = (saturday, saturday + DAY)
        saturday = published + DAY * ((5 - published.weekday()) % 7)
        future = (saturday, saturday + DAY)
        if which == 1:
            past = future
        return DateMention(i, end, "relative", past, future, "range")

    def _holiday(self, i: int, end: int, kind: str, value: Any) -> DateMention | None:
        lower = self.text.lower
        year: int | None = None
        if end < len(lower) and lower[end].isdecimal() and YEAR.fullmatch(lower[end]) and 1900 < int(lower[end]) < 2100:
            year, end = int(lower[end]), end + 1

        def on(y: int) -> dt.date | None:
            if kind == "holidays":
                return day_of(y, value[0], value[1])
            if kind == "floating":
                return nth_weekday(y, *value)
            return easter_sunday(y) + DAY * int(value)

        past, future = self._with_year(on, year)
        return DateMention(
            i,
            end,
            "absolute",
            (past, past) if past else None,
            (future, future) if future else None,
            "day",
            year_given=year is not None,
        )

    def _with_year(self, on: Callable[[int], dt.date | None], year: int | None) -> tuple[dt.date | None, dt.date | None]:
        """The day ``on(year)`` in the given year, else the nearest before and after publication."""
        if year is not None:
            self.year_in_force = year
            return on(year), on(year)
        if self.published is None:
            return (on(self.year_in_force), on(self.year_in_force)) if self.year_in_force else (None, None)
        y = self.published.year
        back = (on(year) for year in range(y, y - 9, -1))  # nine years: the 29th of February may skip eight
        ahead = (on(year) for year in range(y, y + 9))
        past = next((day for day in back if day is not None and day <= self.published), None)
        future = next((day for day in ahead if day is not None and day >= self.published), None)
        return past, future

    def _year_at(self, j: int) -> tuple[int | None, int]:
        lower = self.text.lower
        for k in (j, j + 1):
            if (
                k < len(lower)
                and len(lower[k]) == 4
                and lower[k].isdecimal()
                and 1900 < int(lower[k]) < 2100
                and (k == j or lower[j] in (",", "of", "in"))
            ):
                return int(lower[k]), k + 1
        return None, j

    def _days(self, days: list[tuple[int, int]], i: int, end: int) -> DateMention | None:
        """``days`` [(month, day)] one or two; a year may follow at ``end``."""
        year, end = self._year_at(end)
        (m1, d1), (m2, d2) = days[0], days[-1]
        if day_of(2020, m1, d1) is None or day_of(2020, m2, d2) is None:
            return None
        p1, f1 = self._with_year(lambda y: day_of(y, m1, d1), year)
        p2, f2 = self._with_year(lambda y: day_of(y, m2, d2), year)
        told = weekday_before(self.text.lower, i) if year is None and days[0] == days[-1] else None
        if told is not None and p1 and f1 and (p1.weekday() == told) != (f1.weekday() == told):
            p1 = p2 = f1 = f2 = p1 if p1.weekday() == told else f1  # "Thursday, May 25" is of the year in which it is one
            year = p1.year
        if p1 and p2 and (p2 < p1 or (p2 - p1).days > 60):
            p2 = day_of(p1.year, m2, d2) or p1
        if f1 and f2 and f2 < f1:
            f1 = p1
        past = (p1, p2) if p1 and p2 and p1 <= p2 else (p1, p1) if p1 else None
        future = (f1, f2) if f1 and f2 and f1 <= f2 else (f1, f1) if f1 else None
        first = i
        lower = self.text.lower
        if first and lower[first - 1] == "the":
            first -= 1
        precision: DatePrecision = "day" if days[0] == days[-1] else "range"
        return DateMention(first, end, "absolute", past, future, precision, year_given=year is not None)

    def _day_number(self, j: int) -> int | None:
        lower = self.text.lower
        if j >= len(lower):
            return None
        m = ORDINAL.fullmatch(lower[j])
        return int(m[1]) if m and 1 <= int(m[1]) <= 31 else None

    def _month_day(self, i: int) -> DateMention | None:
        """ "June 14", "Sept. 9", "June 14-16", "June 30 to July 2", "June 2019"."""
        text, lower, known = self.text, self.text.lower, words()
        if text.words[i][0].islower():
            return None
        month = known.months[lower[i]]
        j = i + 1
        if j < len(lower) and lower[j] == "." and len(lower[i]) <= 4:
            j += 1
        day = self._day_number(j)
        if day is None and j + 1 < len(lower) and lower[j] == "the":
            day = self._day_number(j + 1)
            j += day is not None
        if day is None:
            year, end = self._year_at(j)
            if year:
                return DateMention(i, end, "vague", None, None, "month", year_given=True)
            if lower[i - 1 : i] in (["in"], ["since"], ["last"], ["early"], ["late"], ["this"]) and lower[i] not in (
                "march",
                "may",
            ):
                return DateMention(i, i + 1, "vague", None, None, "month")
            return None
        if j + 1 < len(lower) and lower[j + 1] in ("percent", "people", "%"):
            return None
        j += 1
        days = [(month, day)]
        if j + 1 < len(lower) and lower[j] in ("-", "–", "—", "to", "and", "through", "&"):
            second = self._day_number(j + 1)
            if (
                second is not None
                and second > day
                and not (j + 2 < len(lower) and lower[j + 2] in ("people", "protesters", "students"))
            ):
                days.append((month, second))
                j += 2
            elif lower[j + 1] in known.months and self._day_number(j + 2) is not None and lower[j] != "and":
                days.append((known.months[lower[j + 1]], self._day_number(j + 2) or 1))
                j += 3
        return self._days(days, i, j)

    def _day_month(self, i: int) -> DateMention | None:
        """ "14 June", "14th of June 2020", "14-16 June", "18th and 19th of July"."""
        lower, known = self.text.lower, words()
        day = self._day_number(i)
        if day is None:
            return None
        j = i + 1
        second = None
        if j + 1 < len(lower) and lower[j] in ("-", "–", "—", "to", "and", "&"):
            second = self._day_number(j + 1)
            if second is not None:
                j += 2
        while j < len(lower) and lower[j] in ("of", "day"):
            j += 1
        if j >= len(lower) or lower[j] not in known.months or self.text.words[j][0].islower():
            return None
        month = known.months[lower[j]]
        if j + 1 < len(lower) and lower[j + 1] == "." and len(lower[j]) <= 4 and j + 2 < len(lower) and lower[j + 2].isdecimal():
            j += 1
        return self._days([(month, day)] + ([(month, second)] if second and second > day else []), i, j + 1)

    def _numeric(self, i: int) -> DateMention | None:
        """ "2020-07-14", "14/07/2020", "7/14/20": the day first unless it cannot be."""
        lower = self.text.lower
        if (
            i + 4 < len(lower)
            and lower[i + 1] in "-/"
            and lower[i + 3] == lower[i + 1]
            and all(lower[i + k].isdecimal() for k in (0, 2, 4))
        ):
            parts = [int(lower[i + k]) for k in (0, 2, 4)]
            end = i + 5
        elif lower[i].count(".") == 2 and all(p.isdecimal() and len(p) <= 4 for p in lower[i].split(".")):
            parts = [int(p) for p in lower[i].split(".")]
            end = i + 1
        else:
            return None
        if parts[0] > 31:
            year, month, day = parts
        else:
            day, month, year = parts
            if month > 12:
                day, month = month, day
        year += 2000 if year < 70 else 1900 if year < 100 else 0
        on = day_of(year, month, day) if 1900 < year < 2100 else None
        if on is None:
            return None
        self.year_in_force = year
        return DateMention(i, end, "absolute", (on, on), (on, on), "day", year_given=True)

    def _weekday(self, i: int) -> DateMention | None:
        """ "Saturday", "last Friday", "Monday night", "Saturday, July 18", "the following Sunday"."""
        lower, known, published = self.text.lower, words(), self.published
        j, qualifier = i, ""
        while lower[j] not in known.weekdays:
            if lower[j] in ("last", "next", "following", "previous", "this", "past", "coming"):
                qualifier = lower[j]
            j += 1
            if j >= len(lower) or j > i + 2:
                return None
        if self.text.words[j][0].islower():
            return None
        weekday = known.weekdays[lower[j]]
        end = j + 1
        if end < len(lower) and lower[end] in known.parts:
            end += 1
        k = end + (end < len(lower) and lower[end] in (",", "the"))
        k += k < len(lower) and lower[k] == "the"
        k += k < len(lower) and lower[k] == "on"
        if k < len(lower):
            full = self._month_day(k) if lower[k] in known.months else self._day_month(k) if lower[k][0].isdecimal() else None
            if full is not None and full.past is not None:
                return full._replace(first=i)
        if k + 1 < len(lower) and lower[k] == "(" and (lower[k + 1] in known.months or lower[k + 1][0].isdecimal()):
            full = self._month_day(k + 1) if lower[k + 1] in known.months else self._day_month(k + 1)
            if full is not None and full.past is not None:
                return full._replace(first=i)
        if qualifier in ("following", "previous"):
            return DateMention(i, end, "anchor", None, None, "day", offset=1 if qualifier == "following" else -1, weekday=weekday)
        if published is None:
            return DateMention(i, end, "weekday", None, None, "day", weekday=weekday)
        back = (published.weekday() - weekday) % 7
        ahead = (weekday - published.weekday()) % 7
        if qualifier == "last" and back == 0:
            back = 7
        if qualifier in ("next", "coming"):
            ahead = ahead or 7
            past = published + DAY * ahead
        else:
            past = published - DAY * back
        future = published + DAY * ahead
        last: tuple[dt.date, dt.date] = (past, past)
        if (
            end + 1 < len(lower)
            and lower[end] in ("and", "to", "through", "-", "–")
            and lower[end + 1] in known.weekdays
            and qualifier not in ("next", "coming")
        ):
            stop = past + DAY * ((known.weekdays[lower[end + 1]] - weekday) % 7)
            if (
                stop <= published
                and (stop - past).days <= 3
                and lower[end] != "and"
                or (stop - past).days == 1
                and stop <= published
            ):
                return DateMention(i, end + 2, "weekday", (past, stop), (future, future), "range", weekday=weekday)
        return DateMention(i, end, "weekday", last, (future, future), "day", weekday=weekday)

    def _ago(self, i: int) -> DateMention | None:
        """ "three days ago", "two days later", "a week earlier"."""
        lower, known, published = self.text.lower, words(), self.published
        number = known.numbers.get(lower[i]) or (int(lower[i]) if lower[i].isdecimal() and len(lower[i]) <= 2 else None)
        if number is None or i + 2 >= len(lower):
            return None
        unit, direction = lower[i + 1], lower[i + 2]
        if unit in ("hours", "hour") and direction in ("later", "earlier", "before"):
            return DateMention(i, i + 3, "anchor", None, None, "day", offset=0) if number < 6 else None
        if unit in ("day", "days", "week", "weeks") and direction in ("later", "earlier", "before", "after", "ago"):
            days = number * (7 if unit.startswith("week") else 1)
            if direction == "ago":
                if unit.startswith("week"):
                    return DateMention(i, i + 3, "vague", None, None, "week")
                day = published - DAY * days if published else None
                both = (day, day) if day else None
                return DateMention(i, i + 3, "relative", both, both, "day")
            if direction == "after" or unit.startswith("week"):
                return DateMention(i, i + 3, "vague", None, None, "week" if unit.startswith("week") else "unknown")
            return DateMention(i, i + 3, "anchor", None, None, "day", offset=days if direction == "later" else -days)
        if unit in ("month", "months", "year", "years") and direction == "ago":
            return DateMention(i, i + 3, "vague", None, None, "month" if unit.startswith("month") else "year")
        return None

"""Days as pages write them: ISO, mail, words, and figures whose order only the page's country tells."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august", "sep sept september",
         "oct october", "nov november", "dec december"), start=1,
    )
    for name in names.split()
}  # fmt: skip
MONTH: Final = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY: Final = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<y1>(?:1[89]|2[0-9])\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?!\d|[-/]\d)"
    r"|(?P<y2>(?:19|20)\d\d)年\s?(?P<m2>\d{1,2})月\s?(?P<d2>\d{1,2})日"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th)?(?:\s+of\s+|[\s,-]+)"
    + MONTH.format("m3")
    + r"\.?[\s,-]+(?P<y3>(?:1[89]|2[0-9])\d\d|'?\d\d(?=\s*$|\s*[|,]))(?!\d)"
    r"|" + MONTH.format("m4") + r"\.?[\s-]+(?P<d4>\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|[\s-]+)(?P<y4>(?:1[89]|2[0-9])\d\d)(?!\d)"
    r"|(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<y5>(?:1[89]|2[0-9])\d\d|\d\d)(?![\d/-])"
    r")",
    re.I,
)
ISO: Final = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]\s*(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d+)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?![\d])",
    re.I,
)
MONTHS_FIRST: Final = frozenset({"US", "PH", "PR", "GU", "FM", "PW", "MH", "AS", "VI", "UM"})
EITHER_FIRST: Final = frozenset({"CA"})
"""Countries whose papers write both; Canada's standard is neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as a page writes it. ``other`` is what it is as well where the order of day and month is open."""

    day: dt.date
    words: str
    start: int = 0
    end: int = 0
    other: dt.date | None = None
    instant: dt.datetime | None = None
    """The moment, where time and time zone are told."""


def read_day(value: str, *, regions: list[str]) -> Day | None:
    """The day that an attribute or a meta tag gives, in its own time zone; None where it gives none."""
    value = " ".join(value.split())[:200]
    whole = ISO.match(value)
    if whole and (day := _date(int(whole[1]), int(whole[2]), int(whole[3]))):
        return Day(day=day, words=whole[0], instant=_instant(day, whole))
    if re.fullmatch(r"\d{10}|\d{13}", value):
        moment = dt.datetime.fromtimestamp(int(value[:10]), dt.UTC)
        return Day(day=moment.date(), words=value, instant=moment)
    if re.match(r"[A-Za-z]{3},? \d{1,2} [A-Za-z]{3} \d{4} \d", value):
        try:
            moment = parsedate_to_datetime(value)
            return Day(day=moment.date(), words=value, instant=moment if moment.tzinfo else None)
        except (ValueError, TypeError, IndexError, OverflowError):
            pass  # "Mon 3 Mar 2024 18.05 GMT": a time as no mail writes it; its day is found below
    return next(days_in(value, regions=regions), None)


def days_in(text: str, *, regions: list[str]) -> Iterator[Day]:
    """The days with year that stand in a line."""
    for match in DAY.finditer(text):
        found = _day_of(match, regions)
        if found:
            yield found


def _day_of(match: re.Match[str], regions: list[str]) -> Day | None:
    groups = match.groupdict()
    words, start, end = match[0], match.start(), match.end()
    for number in "1234":
        if groups.get(f"y{number}"):
            month = groups[f"m{number}"]
            day = _date(
                _year(groups[f"y{number}"]), MONTHS.get(month.lower().rstrip("."), 0) or _number(month), int(groups[f"d{number}"])
            )
            return Day(day=day, words=words, start=start, end=end) if day else None
    first, second, year = int(groups["a"]), int(groups["b"]), _year(groups["y5"])
    by_day, by_month = _date(year, second, first), _date(year, first, second)
    if groups["sep"] == "." and by_day:
        by_month = None
    if by_day and by_month and by_day != by_month:
        order = _order(regions)
        if order is None:
            return Day(day=by_day, words=words, start=start, end=end, other=by_month)
        return Day(day=by_month if order == "month" else by_day, words=words, start=start, end=end)
    day = by_day or by_month
    return Day(day=day, words=words, start=start, end=end) if day else None


def _order(regions: list[str]) -> str | None:
    """Whether the page's country writes the day or the month first; None where nothing tells."""
    for region in regions:
        if region in MONTHS_FIRST:
            return "month"
        if region not in EITHER_FIRST:
            return "day"
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 0


def _year(word: str) -> int:
    year = int(word.lstrip("'"))
    return year if year > 99 else 2000 + year if year < 70 else 1900 + year


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _instant(day: dt.date, match: re.Match[str]) -> dt.datetime | None:
    if not match[4] or not match[7]:
        return None
    zone = match[7].upper()
    offset = dt.timedelta()
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    try:
        return dt.datetime(
            day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=dt.timezone(offset)
        )
    except ValueError:
        return None

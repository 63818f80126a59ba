"""The day of publication that a report prints itself, above its text: "Wed May 5, 2010 7:12pm BST".

Where the source gives no day of publication, this one stands for it (codebook section 3: with the day known,
"on Tuesday" is a date). A date inside a running sentence is never taken for one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from headcount.codebook import table
from headcount.coding.dates import DateMention, DateReader
from headcount.models import Report
from headcount.text import Text, tokenize

_HEAD_TOKENS = 120
"""Tokens of a report among which the stamp stands: an address cut into words and a headline go before it."""


_HEAD_CHARACTERS = 2_000
"""Code points that hold the head of any report."""


def printed_day(text: Text, mentions: Iterable[DateMention]) -> tuple[dt.date, DateMention] | None:
    """The first full date of the head that stands at the end of a line or before a clock time, as its own words."""
    inside = frozenset(table("dates")["stamps"]["inside"])
    for date in mentions:
        if date.first >= _HEAD_TOKENS:
            return None
        days = date.past
        if not date.year_given or days is None or days[0] != days[1] or _either_order(text, date):
            continue
        before = text.lower[date.first - 1] if date.first else ""
        if before not in inside and (_ends_line(text, date) or _clock_behind(text, date)):
            return days[0], date
    return None


def with_printed_day(report: Report) -> Report:
    """The report with the day of publication that its head prints, where its source gives none: linkage places it in time by it."""
    if report.published is not None:
        return report
    text = tokenize(report.text[:_HEAD_CHARACTERS])
    found = printed_day(text, DateReader(text, None).mentions())
    return report if found is None else replace(report, published=found[0])


def _either_order(text: Text, date: DateMention) -> bool:
    """Is it "11/10/11", which may be of October or of November?"""
    numbers = [int(w) for w in text.lower[date.first : date.end] if w.isdecimal()]
    return len(numbers) == 3 and numbers[0] != numbers[1] and max(numbers[:2]) <= 12


def _ends_line(text: Text, date: DateMention) -> bool:
    stop = text.ends[date.end - 1]
    line = text.raw[stop : stop + 3].lstrip(" \t")
    return line[:1] == "\n" and (date.first == 0 or date.end < len(text.lower))


def _clock_behind(text: Text, date: DateMention) -> bool:
    """ "7: 12pm", "00:00 IST" behind the date, a comma or not between them."""
    lower = text.lower
    j = date.end + (date.end < len(lower) and lower[date.end] == ",")
    if j >= len(lower):
        return False
    behind = text.raw[text.starts[j] : text.starts[j] + 4].replace(" ", "")
    return behind[:1].isdecimal() and ":" in behind[:3]

"""The day of publication as newspaper databases write it: many orders and languages, the month in letters or the year first.

A date of digits alone such as 02/08/2016 is two days, and is not guessed at.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier januari enero ene gennaio gen janeiro",
            "february feb februar février fevrier févr februari febrero febbraio fevereiro",
            "march mar märz mrz mars maart mrt marzo março",
            "april apr avril avr abril aprile",
            "may mai mei mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet juil julio luglio julho",
            "august aug août aout augustus agosto ago",
            "september sept sep septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
"""The months as the databases' interfaces in English, German, French, Dutch, Spanish, Italian and Portuguese write them."""

WEEKDAYS: Final = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag lunes martes miércoles jueves viernes sábado domingo
    lunedì martedì mercoledì giovedì venerdì sabato domenica""".split()
)

LOOKED_AT: Final = 160
"""How much of a line is looked at, in characters: longer ones are sentences."""

YEAR: Final = r"(?P<year>(?:1[6-9]|20)\d\d)"
DAY: Final = r"(?P<day>\d{1,2})"
MONTH: Final = r"(?P<month>[^\W\d_]{3,10})\.?"
FORMS: Final = (
    re.compile(rf"\b{DAY}(?:st|nd|rd|th|er|\.)?[ -](?:de )?{MONTH},?[ -](?:de )?{YEAR}\b", re.I),
    re.compile(rf"\b{MONTH} {DAY}(?:st|nd|rd|th)?,? {YEAR}\b", re.I),
    re.compile(rf"\b{YEAR}[-/](?P<month>\d{{1,2}})[-/]{DAY}\b"),
)
"""A day: 2 August 2016, 02 Aug 2016, 2. August 2016, 2 de agosto de 2016; August 2, 2016, Aug. 2, 2016; 2016-08-02."""

DAYS: Final = re.compile(rf"\b{MONTH} \d{{1,2}} ?[-–/] ?(?:[^\W\d_]{{3,10}}\.? )?\d{{1,2}},? {YEAR}\b")
WITHOUT_DAY: Final = re.compile(rf"(?:(?P<month>[^\W\d_]{{3,10}})\.?,? (?:de )?)?{YEAR}", re.I)
AFTER: Final = re.compile(r"(?:\d{1,2}[:.]\d\d|\d{1,2} ?[ap]\.?m|[\w' -]{0,40}\b(?:edition|final|ausgabe|édition|editie)\b)", re.I)
"""What may follow the date in a line of its own, beside a weekday: the time, the edition."""


def find_day(line: str) -> dt.date | None:
    """The first day that a line names in full, or None."""
    found = _find(" ".join(line[:LOOKED_AT].split()))
    return found[0] if found else None


def names_no_day(line: str) -> bool:
    """Whether a line is a month, a season's or a week's date: a year in it, and no one day."""
    told = " ".join(line[:LOOKED_AT].split())
    return not _find(told) and (bool(DAYS.search(told)) or _is_month(told))


def is_date_line(line: str) -> bool:
    """Whether a line is a date and nothing but: with its weekday, the time and the edition, not a sentence about a day."""
    told = " ".join(line.split()) if len(line) <= 4 * LOOKED_AT else ""
    if not told or len(told) > 100:
        return False
    found = _find(told)
    if found is None:
        return _is_month(told) or bool((weeks := DAYS.match(told)) and weeks.end() == len(told))
    _, start, end = found
    before, after = _words(told[:start]), told[end:].strip(" ,;")
    return all(word in WEEKDAYS for word in before) and (
        not after or _words(after)[:1] == [] or _words(after)[0] in WEEKDAYS or AFTER.match(after) is not None
    )


def _is_month(told: str) -> bool:
    month = WITHOUT_DAY.fullmatch(told)
    return month is not None and (month["month"] or "").lower() in MONTHS


def _words(text: str) -> list[str]:
    return [word.strip(".,;:()").lower() for word in text.split() if word.strip(".,;:()")]


def _find(told: str) -> tuple[dt.date, int, int] | None:
    best: tuple[dt.date, int, int] | None = None
    for form in FORMS:
        for match in form.finditer(told):
            month = match["month"]
            number = int(month) if month.isdigit() else MONTHS.get(month.lower())
            if number is None:
                continue
            try:
                day = dt.date(int(match["year"]), number, int(match["day"]))
            except ValueError:
                continue  # 31 June
            if best is None or match.start() < best[1]:
                best = (day, match.start(), match.end())
            break
    return best

"""The fields that a source gives beside the text: checked, and turned into the values of a ``Report``.

A field that is not what it should be costs the field, never the report: it stays None and a non-fatal Problem says why.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from headcount.models import Problem, Report
from headcount.sources.countries import COUNTRY_CODES
from headcount.sources.limits import FIELD_CHARACTERS, REPORT_BYTES

SURROGATE = re.compile("[\ud800-\udfff]")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}.*)?", re.ASCII)
COUNTRY_ALIASES = {"UK": "GB", "EL": "GR"}
"""Codes that newsrooms and the EU write in place of ISO 3166-1's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the caller says of all reports, used for those that do not say it themselves."""

    published: dt.date | None = None
    publisher: str | None = None
    country: str | None = None

    def fill(self, report: Report) -> Report:
        """The report with the defaults in the fields that it lacks."""
        if self.published is None and self.publisher is None and self.country is None:
            return report
        return replace(
            report,
            published=report.published or self.published,
            publisher=report.publisher or self.publisher,
            country=report.country or self.country,
        )


def parse_published(value: object) -> dt.date:
    """The day of publication from ``YYYY-MM-DD`` or an ISO date and time (the day as written, in its own time zone).

    Raises ValueError for anything else: 02/08/2016 is two days, and Headcount does not guess which.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and DATE.fullmatch(value.strip()):
        try:
            return dt.datetime.fromisoformat(value.strip()).date()
        except ValueError:
            pass  # 2016-13-45, 2016-08-02T99: the error below says what was expected
    raise ValueError(f"published: expected a date as YYYY-MM-DD, found {_shown(value)}")


def parse_country(value: object) -> str:
    """An ISO 3166-1 alpha-2 code, in capitals. Raises ValueError for what is none."""
    if isinstance(value, str):
        code = value.strip().upper()
        code = COUNTRY_ALIASES.get(code, code)
        if code in COUNTRY_CODES:
            return code
    raise ValueError(f"country: expected a code of two letters of ISO 3166-1 such as GB, found {_shown(value)}")


def mend_surrogates(text: str) -> tuple[str, int]:
    """The text with U+FFFD in place of each lone surrogate, which no UTF-8 output can hold, and how many there were.

    One character for one, so spans stay true.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return SURROGATE.subn("�", text)
    return text, 0


def rename_keys(fields: Mapping[str, object], columns: Mapping[str, str]) -> Mapping[str, object]:
    """The fields by the keys of a report, where ``columns`` says under which other names they stand (``--map text=body``)."""
    if not columns:
        return fields
    taken = set(columns.values())
    kept = {key: value for key, value in fields.items() if key not in taken and key not in columns}
    return {**kept, **{key: fields[name] for key, name in columns.items() if name in fields}}


def report_from_fields(
    fields: Mapping[str, object], *, record: str, defaults: Defaults | None = None
) -> tuple[Report | None, list[Problem]]:
    """The report that a JSON object, a front matter or a caller's mapping describes, with what was doubtful in it.

    Keys read: ``text`` (needed), ``id``, ``published`` (or ``date``), ``publisher``, ``title``, ``url``, ``country``;
    others are ignored. Without a text there is no report, and the one Problem is fatal.
    """
    text = fields.get("text")
    if not isinstance(text, str):
        found = 'no key "text"' if "text" not in fields else f"the text {_shown(text)}"
        return None, [_problem(record, f'expected a report with its text under "text", found {found}', fatal=True)]
    if not text or text.isspace():
        return None, [_problem(record, "the text is empty: nothing to read", fatal=True)]
    if len(text) > REPORT_BYTES:
        return None, [
            _problem(record, f"the text is longer than {REPORT_BYTES // 2**20} MiB: split it into its reports", fatal=True)
        ]
    problems: list[Problem] = []
    text, mended = mend_surrogates(text)
    if mended:
        problems.append(_problem(record, f"{mended} lone surrogates (half characters) in the text were read as U+FFFD"))
    report = Report(
        text=text,
        given_id=_short_text(fields, "id", record=record, problems=problems),
        published=_published(fields, record=record, problems=problems),
        publisher=_short_text(fields, "publisher", record=record, problems=problems),
        title=_short_text(fields, "title", record=record, problems=problems),
        url=_short_text(fields, "url", record=record, problems=problems),
        country=_country(fields, record=record, problems=problems),
        record=record,
    )
    return (defaults.fill(report) if defaults else report), problems


def _published(fields: Mapping[str, object], *, record: str, problems: list[Problem]) -> dt.date | None:
    value = fields.get("published")
    if value is None or value == "":
        value = fields.get("date")
    if value is None or value == "":
        return None
    try:
        return parse_published(value)
    except ValueError as error:
        problems.append(_problem(record, f"{error}; read as if the day of publication were unknown"))
        return None


def _country(fields: Mapping[str, object], *, record: str, problems: list[Problem]) -> str | None:
    value = fields.get("country")
    if value is None or value == "":
        return None
    try:
        return parse_country(value)
    except ValueError as error:
        problems.append(_problem(record, f"{error}; read as if the country were unknown"))
        return None


def _short_text(fields: Mapping[str, object], key: str, *, record: str, problems: list[Problem]) -> str | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and key == "id" and abs(value) < 10**30:
        value = str(value)
    if not isinstance(value, str):
        problems.append(_problem(record, f"{key}: expected a string, found {_shown(value)}; left out"))
        return None
    value, mended = mend_surrogates(value.strip())
    if mended:
        problems.append(_problem(record, f"{key}: {mended} lone surrogates (half characters) were read as U+FFFD"))
    if len(value) > FIELD_CHARACTERS:
        problems.append(_problem(record, f"{key}: longer than {FIELD_CHARACTERS} characters; the rest is left out"))
        value = value[:FIELD_CHARACTERS]
    return value or None


def _shown(value: object) -> str:
    """A value as an error message shows it: short, escaped, and never built in full where it is huge."""
    if isinstance(value, str):
        return ascii(value[:60]) if not value.isprintable() else repr(value[:60])
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) < 10**30 else "a number of many digits"
    return {float: "a number", list: "a list", dict: "an object"}.get(type(value), f"a {type(value).__name__}")


def _problem(record: str, reason: str, *, fatal: bool = False) -> Problem:
    return Problem(stage="sources", record=record, reason=reason, fatal=fatal)

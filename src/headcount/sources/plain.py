"""Plain text and Markdown: one file, one report, with an optional head of fields between two lines of ---.

A file that a newspaper database exported holds many articles, and is told by its content (``databases``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from headcount.models import Problem, Report
from headcount.sources.databases import split_export
from headcount.sources.encoding import decode_text
from headcount.sources.fields import report_from_fields
from headcount.sources.limits import DOCUMENT_REPORTS, FRONT_MATTER_LINES, REPORT_BYTES
from headcount.sources.opening import Asked, Found
from headcount.sources.streams import ByteStream, TooLongError

KEYS = frozenset({"id", "published", "date", "publisher", "title", "url", "country"})
FIELD = re.compile(r"([A-Za-z_][\w-]{0,40})[ \t]*:(?:[ \t]+(.*))?")


def reports_from_text(stream: ByteStream, *, record: str, asked: Asked) -> Iterator[Report | Problem]:
    """The one report of a plain text: the body after a front matter, as it stands; or the articles of a database's export."""
    try:
        data = stream.rest(limit=REPORT_BYTES)
    except TooLongError:
        reason = f"longer than {REPORT_BYTES // 2**20} MiB: split it into its reports, or give them as JSON Lines"
        yield Problem(stage="sources", record=record, reason=reason)
        return
    text, note = decode_text(data)
    fields, body = split_front_matter(text)
    for doubt in (stream.note, note):
        if doubt:
            yield Problem(stage="sources", record=record, reason=doubt, fatal=False)
    found = split_export(body) if not fields else None
    if found is not None:
        yield from _reports_of_export(found, record=record, asked=asked)
        return
    report, problems = report_from_fields({**fields, "text": body}, record=record, defaults=asked.defaults)
    yield from problems
    if report is not None:
        yield report


def _reports_of_export(found: list[Found], *, record: str, asked: Asked) -> Iterator[Report | Problem]:
    """The articles of a newspaper database's export, each after the doubts about it."""
    for article in found[: DOCUMENT_REPORTS.most]:
        here = f"{record}#{article.part}" if article.part else record
        if article.fatal:
            yield Problem(stage="sources", record=here, reason="; ".join(article.doubts))
            continue
        report, problems = report_from_fields(article.fields, record=here, defaults=asked.defaults)
        for doubt in article.doubts:
            yield Problem(stage="sources", record=here, reason=doubt, fatal=False)
        yield from problems
        if report is not None:
            yield report
    if len(found) > DOCUMENT_REPORTS.most:
        yield Problem(stage="sources", record=record, reason=str(DOCUMENT_REPORTS))


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """The fields of a head between two lines of ---, and the body; no fields and the whole text where there is none.

    Only ``key: value`` on one line is read, with quotes around the value taken off; comments, lists and nested values
    are passed over. The body starts at the first line after the head that is not blank.
    """
    if not text.startswith("---"):
        return {}, text
    head: dict[str, object] = {}
    position = 0
    for number in range(FRONT_MATTER_LINES):
        end = text.find("\n", position)
        line = (text[position:] if end < 0 else text[position:end]).rstrip()
        if number == 0 and line != "---":
            return {}, text
        if number > 0 and line in {"---", "..."}:
            if not head.keys() & KEYS:
                return {}, text
            return {key: head[key] for key in head.keys() & KEYS}, _after_blank_lines(text, len(text) if end < 0 else end + 1)
        if end < 0:
            return {}, text
        position = end + 1
        field = FIELD.fullmatch(line)
        if field:
            head[field[1].lower()] = _unquoted(field[2] or "")
        elif number > 0 and line and not line.startswith((" ", "\t", "-", "#")):
            return {}, text
    return {}, text


def _after_blank_lines(text: str, start: int) -> str:
    match = re.compile(r"(?:[ \t]*\r?\n)*").match(text, start)
    return text[match.end() if match else start :]


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value

"""JSON Lines: one report a line. A line that is no report is a Problem that names it; the next line is read all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import msgspec

from headcount.models import Problem, Report
from headcount.sources.encoding import decode_text
from headcount.sources.fields import rename_keys, report_from_fields
from headcount.sources.limits import LINE_BYTES
from headcount.sources.opening import Asked
from headcount.sources.streams import ByteStream, TooLongError

_decoder = msgspec.json.Decoder()
SHOWN: Final = 8
"""So many keys of a line without a text are named."""


def reports_from_lines(stream: ByteStream, *, record: str, asked: Asked) -> Iterator[Report | Problem]:
    """The reports of a JSON Lines stream, line by line; blank lines count in the line number and say nothing."""
    found = False
    if stream.note:
        yield Problem(stage="sources", record=record, reason=stream.note, fatal=False)
    for number, line in enumerate(stream.lines(limit=LINE_BYTES), start=1):
        here = f"{record}:{number}"
        if isinstance(line, TooLongError):
            found = True
            reason = f"the line is longer than {LINE_BYTES // 2**20} MiB: split its report"
            yield Problem(stage="sources", record=here, reason=reason)
            continue
        if not line.strip():
            continue
        found = True
        yield from _report_from_line(line, record=here, asked=asked)
    if not found:
        yield Problem(stage="sources", record=record, reason="the input is empty: nothing to read")


def parse_object(line: bytes | str) -> dict[str, object]:
    """The JSON object of one line. Of a key given twice the last counts; NaN and numbers of any length do no harm.

    Raises ValueError, with what was found and where, for what is no JSON object.
    """
    try:
        value = _decoder.decode(line)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeError, ValueError, OverflowError):
        value = _parse_leniently(line)  # NaN, half characters (\\ud800): JSON as other programs write it
    if not isinstance(value, dict):
        kind = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}.get(type(value), "a number")
        raise ValueError(f"expected one JSON object a line, found {kind}")
    return value


def _parse_leniently(line: bytes | str) -> object:
    try:
        return json.loads(line, parse_int=_bounded_int)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        what = error.msg.removesuffix(" at")  # "Unterminated string starting at"
        raise ValueError(f"expected a JSON object, found no JSON: {what} at character {error.pos + 1}") from None


def _bounded_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 40 else float("inf")


def _report_from_line(line: bytes, *, record: str, asked: Asked) -> Iterator[Report | Problem]:
    source: bytes | str = line
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        source, note = decode_text(line)
        if note:
            yield Problem(stage="sources", record=record, reason=note, fatal=False)
    try:
        fields = parse_object(source)
    except ValueError as error:
        yield Problem(stage="sources", record=record, reason=str(error))
        return
    renamed = rename_keys(fields, asked.columns)
    if fields and "text" not in renamed:
        keys = ", ".join(ascii(key[:40]) if not key.isprintable() else key[:40] for key in list(fields)[:SHOWN])
        more = ", ..." if len(fields) > SHOWN else ""
        reason = f'expected a report with its text under "text": its keys are {keys}{more}; say which holds it with --map text=KEY'
        yield Problem(stage="sources", record=record, reason=reason)
        return
    report, problems = report_from_fields(renamed, record=record, defaults=asked.defaults)
    yield from problems
    if report is not None:
        yield report

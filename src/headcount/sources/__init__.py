"""Where reports come from: files, folders and standard input, read forward once in bounded memory.

Everything that cannot be read comes out as a ``Problem`` in the place of its report, and the rest is read all the same.
A non-fatal Problem comes just before the report that it is about, with the same ``record``.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from headcount.models import Problem, Report
from headcount.sources.encoding import why_not_text
from headcount.sources.fields import Defaults, mend_surrogates, parse_country, parse_published, report_from_fields
from headcount.sources.jsonl import parse_object, reports_from_lines
from headcount.sources.limits import LINE_BYTES
from headcount.sources.plain import report_from_text
from headcount.sources.streams import ByteStream

__all__ = ["Defaults", "find_reports", "mend_surrogates", "parse_country", "parse_published", "report_from_fields"]

TEXT_ENDINGS = frozenset({".txt", ".text", ".md", ".markdown"})
LINES_ENDINGS = frozenset({".jsonl", ".ndjson"})


def find_reports(
    paths: Iterable[str | os.PathLike[str]],
    *,
    defaults: Defaults | None = None,
    stdin: BinaryIO | None = None,
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[Report | Problem]:
    """The reports of files, folders and ``-`` (standard input), in the order given, folders in the order of their names.

    ``defaults`` fills what a report lacks; ``on_bytes`` is told how many bytes were read, for a progress bar.
    Never raises for what an input holds.
    """
    defaults = defaults or Defaults()
    for path in paths:
        name = os.fspath(path)
        if name == "-" and stdin is None and sys.stdin is None:
            yield _problem("-", "standard input is closed: give a file or a folder")
        elif name == "-":
            yield from _reports_of(stdin or sys.stdin.buffer, record="-", ending="", defaults=defaults, on_bytes=on_bytes)
        elif not name:
            yield _problem('""', "the path is empty: give a file, a folder, or - for standard input")
        elif os.path.isdir(name):
            yield from _reports_of_folder(Path(name), defaults=defaults, on_bytes=on_bytes)
        else:
            yield from _reports_of_file(Path(name), defaults=defaults, on_bytes=on_bytes)


def _reports_of_folder(folder: Path, *, defaults: Defaults, on_bytes: Callable[[int], None] | None) -> Iterator[Report | Problem]:
    """Every .txt, .md and .jsonl below the folder; hidden files and folders are passed over, links to folders not followed."""
    unreadable: list[OSError] = []
    other: list[str] = []
    found = False
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if name.startswith(".") or not _is_regular(path):
                continue
            if path.suffix.lower() not in TEXT_ENDINGS | LINES_ENDINGS:
                other.append(name)
                continue
            found = True
            yield from _reports_of_file(path, defaults=defaults, on_bytes=on_bytes)
        yield from _unreadable_folders(unreadable, folder)
        found = found or bool(unreadable)
        unreadable.clear()
    yield from _unreadable_folders(unreadable, folder)  # the last ones, after which the walk gives nothing more
    if not found and not unreadable:
        reason = "a folder without reports: expected files that end in .txt, .md or .jsonl in it or below it"
        yield _problem(_shown(folder), reason)
    elif other:
        shown = ", ".join(_shown(name) for name in other[:3]) + (", ..." if len(other) > 3 else "")
        reason = f"passed over {len(other)} files that do not end in .txt, .md or .jsonl ({shown}); name one to have it read"
        yield Problem(stage="sources", record=_shown(folder), reason=reason, fatal=False)


def _unreadable_folders(errors: list[OSError], folder: Path) -> Iterator[Problem]:
    for error in errors:
        yield _problem(_shown(error.filename or folder), _why(error))


def _reports_of_file(path: Path, *, defaults: Defaults, on_bytes: Callable[[int], None] | None) -> Iterator[Report | Problem]:
    record = _shown(path)
    try:
        with path.open("rb") as file:
            yield from _reports_of(file, record=record, ending=path.suffix.lower(), defaults=defaults, on_bytes=on_bytes)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield _problem(record, _why(error))


def _reports_of(
    file: BinaryIO, *, record: str, ending: str, defaults: Defaults, on_bytes: Callable[[int], None] | None
) -> Iterator[Report | Problem]:
    try:
        stream = ByteStream(file, on_bytes=on_bytes)
        why = why_not_text(stream.head)
        if why is not None:
            yield _problem(record, why)
        elif not stream.head:
            yield _problem(record, "the input is empty: nothing to read")
        elif _is_json_document(stream.head) and ending not in LINES_ENDINGS:
            reason = "a JSON document over several lines: write one report a line (jq -c .) and end its name in .jsonl"
            yield _problem(record, reason)
        elif _is_lines(stream, ending):
            yield from reports_from_lines(stream, record=record, defaults=defaults)
        else:
            yield from report_from_text(stream, record=record, defaults=defaults)
    except OSError as error:
        yield _problem(record, _why(error))


def _is_lines(stream: ByteStream, ending: str) -> bool:
    """Whether the input is JSON Lines: what its first line holds decides before what its name says."""
    if stream.head.lstrip()[:1] != b"{":
        return ending in LINES_ENDINGS
    if ending in LINES_ENDINGS or stream.head.lstrip().startswith(b'{"'):
        return True  # no report opens with a brace and a quotation mark
    try:
        return "text" in parse_object(stream.first_line(limit=LINE_BYTES))
    except ValueError:
        return False


def _is_json_document(head: bytes) -> bool:
    words = head.split(maxsplit=1)
    if not words:
        return False
    start = head.lstrip()
    if start.startswith(b"["):
        return start[1:].lstrip().startswith(b'{"')
    if not start.startswith(b"{"):
        return False
    first, newline, rest = start.partition(b"\n")
    return bool(newline) and first.strip() == b"{" and rest.lstrip().startswith(b'"')


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True  # a dangling link, no permission: opening it says why


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder: check the path"
    if isinstance(error, PermissionError):
        return "no permission to read it: check its rights"
    return f"could not be read: {getattr(error, 'strerror', None) or error}"


def _shown(path: str | os.PathLike[str]) -> str:
    """A path as messages and outputs can hold it, whatever bytes its name has."""
    return os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _problem(record: str, reason: str) -> Problem:
    return Problem(stage="sources", record=record, reason=reason)

"""What a run sees in its sources between two batches: counts, addresses, how far archives were read, which documents are done."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa

from headcount.models import Origin, Reading
from headcount.record.origins import (
    OUTCOMES,
    ItemSeen,
    Opened,
    Read,
    Seen,
    note_archives,
    note_items,
    note_sources,
    settle_captures,
    store_captures,
)
from headcount.run.balance import Outcome
from headcount.run.earlier import Earlier, is_remote
from headcount.run.gate import STANDARD_INPUT

PLACE: Final = re.compile(r":\d+(#[^#]*)?$")
"""What stands behind the path of an archive in the record of something in it."""


@dataclass(slots=True, kw_only=True)
class _Document:
    """The document that readings are taken of."""

    digest: str
    base: str
    """Its record, without the part of it that a report is."""

    reports: int = 0
    failed: bool = False


@dataclass(slots=True)
class Sightings:
    """Takes each reading in order; what it gathers is stored with the batch, or by itself where nothing else is new."""

    name_source: Callable[[str], str]
    clock: Callable[[], dt.datetime]
    kinds: Mapping[str, str]
    """By name of a source what it is, where the fetcher knows better than the file system."""

    earlier: Earlier | None
    positions: dict[str, int] = field(default_factory=dict)
    """By absolute path how far an archive was read since the last batch."""

    opened: dict[str, Opened] = field(default_factory=dict)
    _captures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    packed_bytes: int = 0
    _seen: dict[str, Seen] = field(default_factory=dict)
    _items: dict[tuple[str, str], ItemSeen] = field(default_factory=dict)
    _whys: dict[str, str] = field(default_factory=dict)
    _paths: dict[str, str | None] = field(default_factory=dict)
    _document: _Document | None = None

    def begins_anew(self, one: Reading) -> bool:
        """Whether a reading is of another document than the one before: only between documents may a batch end."""
        document = self._document
        if document is None:
            return True
        origin = one.report.origin
        if origin is not None and origin.digest is not None:
            return origin.digest != document.digest or _base(one) != document.base
        return not _stands_in(one.report.record, document.base)

    def end_document(self) -> None:
        """No more readings come of the document before."""
        document, self._document = self._document, None
        if document is None or self.earlier is None:
            return
        opened = self.earlier.settle(document.digest, None if document.failed else document.reports)
        if opened is not None:
            self.opened[document.digest] = opened

    def in_document(self) -> bool:
        """Whether the reading before was of a document, which may give more."""
        return self._document is not None

    def take(self, one: Reading, outcome: Outcome | None) -> None:
        """One more reading; ``end_document`` has been called where it begins another document."""
        origin = one.report.origin
        if origin is None or outcome is None:
            return
        if origin.digest is not None and self._document is None:
            self._document = _Document(digest=origin.digest, base=_base(one))
        if self._document is not None:
            self._document.reports += 1
            self._document.failed |= outcome == "failed"
        if outcome == "new" or (outcome == "screened_out" and one.report.text):
            self._keep(origin)
        if self.earlier is not None and (origin.after is not None or self.earlier.resumed):
            path = self._archive_of(one.report.record)
            if path is not None:
                self.earlier.resumed.discard(path)
            if path is not None and origin.after is not None:
                self.positions[path] = origin.after
        if origin.source:
            self._see(one, origin, outcome)

    def held_meanwhile(self, one: Reading) -> None:
        """A reading that was taken as new is of a report that another process has stored."""
        origin = one.report.origin
        seen = self._seen.get(self.name_source(origin.source)) if origin is not None else None
        if seen is None:
            return
        seen.unchanged += 1
        seen.new -= not one.screened_out
        seen.screened_out -= one.screened_out

    def is_any(self) -> bool:
        """Whether there is anything to store."""
        return bool(self._seen or self.positions or self.opened)

    def store(self, connection: sa.Connection, *, run_id: int | None) -> None:
        """Stores it; bytes are kept by a run alone, so without one there must be none."""
        if run_id is None:
            settle_captures(connection, self.opened)
        else:
            store_captures(connection, self._captures, self.opened, run_id=run_id)
        note_sources(connection, self._seen, at=self.clock())
        note_items(connection, self._items)
        if self.earlier is not None:
            prints = {path: self.earlier.fingerprint(path) for path in self.positions}
            read = {path: Read(after, print_) for path, after in self.positions.items() if (print_ := prints[path]) is not None}
            note_archives(connection, read)

    def clear(self) -> None:
        """All of it is stored."""
        for kept in (self._captures, self._seen, self._items, self.positions, self.opened):
            kept.clear()
        self.packed_bytes = 0

    def _keep(self, origin: Origin) -> None:
        if origin.digest is not None and origin.packed is not None and origin.digest not in self._captures:
            self._captures[origin.digest] = (origin.media, origin.packed)
            self.packed_bytes += len(origin.packed)

    def _see(self, one: Reading, origin: Origin, outcome: Outcome) -> None:
        name = self.name_source(origin.source)
        seen = self._seen.get(name)
        if seen is None:
            kind = self.kinds.get(origin.source) or _kind_of(name)
            seen = self._seen[name] = Seen(kind=kind, why=self._whys.get(name))
        if origin.position is not None and seen.kind == "file":
            seen.kind = "archive"
        setattr(seen, outcome, getattr(seen, outcome) + 1)
        why = None
        if outcome == "failed":
            why = next(problem.reason for problem in one.problems if problem.fatal)
            seen.why = self._whys[name] = f"{one.report.record}: {why}" if one.report.record != origin.source else why
        day = one.report.published
        if day is not None and (seen.published is None or day > seen.published):
            seen.published = day
        if is_remote(one.report.record):
            seen.remote = True
        if is_remote(one.report.record) and origin.position is None:
            key = (name, _base(one))
            before = self._items.get(key)
            if before is None or OUTCOMES.index(outcome) >= OUTCOMES.index(before.outcome):
                self._items[key] = ItemSeen(outcome=outcome, at=self.clock(), why=why, published=day)

    def _archive_of(self, record: str) -> str | None:
        """The archive that something stands in, whose record is ``path:place``. None of what lies in no file of its own."""
        path = PLACE.sub("", record)
        if path not in self._paths:
            self._paths[path] = path if is_remote(path) else os.path.abspath(path) if os.path.isfile(path) else None
        return self._paths[path]


def _base(one: Reading) -> str:
    """The record of the document that a report is a part of: ``export.docx#article 3`` is one of ``export.docx``."""
    record = one.report.record
    return record.rpartition("#")[0] or record


def _stands_in(record: str, base: str) -> bool:
    return record == base or record.startswith(base + "#")


def _kind_of(source: str) -> str:
    if source == STANDARD_INPUT:
        return "standard input"
    if is_remote(source):
        return "page"
    return "folder" if os.path.isdir(source) else "file"

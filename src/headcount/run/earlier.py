"""What earlier runs have settled: documents that need not be opened again, and where in an archive to go on.

Both hold only for the same coder, asked for the same: a newer release opens everything once more.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

import sqlalchemy as sa

from headcount.models import Document, Origin, Problem, Reading, Report
from headcount.record.engine import reading
from headcount.record.origins import Opened, find_archive, known_captures
from headcount.run.balance import stand_for

DOCUMENTS_AT_ONCE: Final = 32
BYTES_AT_ONCE: Final = 8 * 1024 * 1024
ITEMS_AT_ONCE: Final = 512
"""Documents whose digests are looked up together: so many, or as many as have so many bytes or other items among them."""

FINGERPRINT_BYTES: Final = 1024 * 1024
"""How much of an archive tells it from another one of its name; what is appended to it changes nothing."""

NOT_ASKED: Final = frozenset({"today", "keep_bytes"})
"""What the caller asks that does not change what comes out."""

Item = Report | Problem | Document | Reading


class Earlier:
    """Looks up what the record knows of documents and archives; holds what is on its way."""

    def __init__(self, engine: sa.Engine, *, record: str, coder: str, asked: object, again: bool = False) -> None:
        """``asked`` is what the caller wants of all documents (``sources.Asked``); with ``again`` all is opened and read anew."""
        self._again = again
        self._engine = engine
        self._record = record
        self._asked = _digest(coder, *_told(asked))
        self._on_the_way: dict[str, str] = {}
        """By digest how a document is asked that is opened in this run."""
        self._fingerprints: dict[str, str] = {}
        self.resumed: set[str] = set()
        """Paths of archives that are read from where an earlier run got to, and gave nothing yet."""

    def resume(self, path: str) -> int | None:
        """Where to go on in the archive of this path or URL; None to begin at its beginning."""
        if self._again or not (is_remote(path) or os.path.isfile(path)):
            return None
        path = path if is_remote(path) else os.path.abspath(path)
        with reading(self._engine, record=self._record) as connection:
            read = find_archive(connection, path)
        if read is None or not self._is_same(path, read.fingerprint):
            return None
        self.resumed.add(path)
        return read.position

    def fingerprint(self, path: str) -> str | None:
        """What tells the archive at this absolute path from another, for this coder; None where there is no such file.

        One on the web is told by its URL alone: no server says what its first bytes were yesterday.
        """
        if path not in self._fingerprints:
            try:
                self._fingerprints[path] = self._take_fingerprint(path, FINGERPRINT_BYTES)
            except OSError:
                return None
        return self._fingerprints[path]

    def leave_out(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items in order; in place of a document that would give what it gave before, a Reading for each report that it gave.

        Pages of bulk archives are not asked about: ``resume`` passes over them, and hashing them would cost more than opening.
        """
        waiting: list[Item] = []
        documents = size = 0
        for item in items:
            asked_about = isinstance(item, Document) and not item.may_screen
            if not asked_about and not waiting:
                yield item
                continue
            waiting.append(item)
            if isinstance(item, Document) and asked_about:
                documents += 1
                size += len(item.data)
            full = documents >= DOCUMENTS_AT_ONCE or size >= BYTES_AT_ONCE or len(waiting) >= ITEMS_AT_ONCE
            if full or (isinstance(item, Document) and item.position is None and is_remote(item.record)):
                yield from self._choose(waiting)
                waiting, documents, size = [], 0, 0
        yield from self._choose(waiting)

    def settle(self, digest: str, reports: int | None) -> Opened | None:
        """What is to be kept of a document that gave so many reports (None: one failed); None of one that was not asked about."""
        asked = self._on_the_way.pop(digest, None)
        return None if asked is None else Opened(reports, asked)

    def _choose(self, items: list[Item]) -> Iterator[Item]:
        digests = [
            hashlib.sha256(item.data).hexdigest() if isinstance(item, Document) and not item.may_screen else None for item in items
        ]
        wanted = {digest for digest in digests if digest}
        known: Mapping[str, Opened] = {}
        if wanted:
            with reading(self._engine, record=self._record) as connection:
                known = known_captures(connection, wanted)
        for item, digest in zip(items, digests, strict=True):
            if digest is None or not isinstance(item, Document):
                yield item
                continue
            asked = _digest(self._asked, item.media, item.charset or "", item.url or "", *(f"{k}={v}" for k, v in item.fields))
            opened = known.get(digest)
            if not self._again and opened is not None and opened.reports and opened.asked == asked:
                origin = Origin(
                    source=item.source, media=item.media, digest=digest, position=item.position, after=item.after
                )  # fmt: skip
                for _ in range(opened.reports):
                    yield stand_for(item.record, origin, url=item.url)
            else:
                self._on_the_way[digest] = asked
                yield item

    def _is_same(self, path: str, fingerprint: str) -> bool:
        length = fingerprint.partition(":")[0]
        try:
            return length.isdigit() and self._take_fingerprint(path, int(length)) == fingerprint
        except OSError:
            return False

    def _take_fingerprint(self, path: str, length: int) -> str:
        if is_remote(path):
            return f"{length}::{self._asked}"
        with open(path, "rb") as file:
            head = file.read(length)
        return f"{len(head)}:{hashlib.sha256(head).hexdigest()[:32]}:{self._asked}"


def is_remote(record: str) -> bool:
    """Whether something was found at an address of the web."""
    return record.startswith(("http://", "https://"))


def _told(asked: object) -> list[str]:
    if not is_dataclass(asked):
        return [repr(asked)]
    return [f"{one.name}={getattr(asked, one.name)!r}" for one in fields(asked) if one.name not in NOT_ASKED]


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()

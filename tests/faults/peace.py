"""The record that an ingest makes which nothing happens to: what every other is compared with."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from driver import Command, RememberingReader, check_whole, contents, run

from corpus import write_corpus
from headcount.run import ReportReader, load_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """What an ingest makes that nothing happens to, and how long it takes."""

    source: Path
    reader: ReportReader
    tables: dict[str, list[tuple[object, ...]]] = field(repr=False)
    seconds: float


def make_undisturbed(folder: Path, count: int, reader: ReportReader | None = None) -> Undisturbed:
    """Ingests a corpus of ``count`` lines once."""
    source = write_corpus(folder / "corpus.jsonl", count, seed=11)
    if reader is None:
        reader = remembering = RememberingReader(load_reader())
        remembering.load(source)
    command = Command(record=str(folder / "record.db"), source=source, reader=reader)
    start = time.monotonic()
    ended = run(command)
    seconds = time.monotonic() - start
    assert ended.code == 0, ended.said
    check_whole(command.record)
    tables = contents(command.record)
    assert len(tables["version"]) > count / 2
    assert len(tables["near_copy"]) > 3
    assert any(row[2] > 1 for row in tables["version"])  # type: ignore[operator]
    assert len(tables["event"]) > count / 6
    assert tables["problem"]
    return Undisturbed(source=source, reader=reader, tables=tables, seconds=seconds)

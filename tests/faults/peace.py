"""The record that an ingest makes which nothing happens to: what every other is compared with."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from driver import Command, RememberingReader, check_whole, contents, run

from corpus import write_corpus
from headcount.run import ReportReader, load_reader
from pages import write_archive, write_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """What an ingest makes that nothing happens to, and how long it takes."""

    source: Path
    reader: ReportReader
    tables: dict[str, list[tuple[object, ...]]] = field(repr=False)
    seconds: float


def make_undisturbed(folder: Path, count: int, reader: ReportReader | None = None) -> Undisturbed:
    """Ingests a corpus of ``count`` lines once."""
    return ingest_undisturbed(folder, write_corpus(folder / "corpus.jsonl", count, seed=11), reader, at_least=count)


def make_mixed(folder: Path) -> Undisturbed:
    """The same of pages in a folder, some of them broken or twice there, a web archive and a few lines."""
    source = folder / "mixed"
    source.mkdir()
    write_corpus(source / "corpus.jsonl", 30, seed=11)
    write_pages(source / "pages", 14, seed=5)
    write_archive(source / "news.warc.gz", 30, seed=6)
    peace = ingest_undisturbed(folder, source, None, at_least=50)
    assert len(peace.tables["capture"]) > 20
    assert len(peace.tables["archive"]) == 1
    assert len(peace.tables["source"]) == 3
    return peace


def ingest_undisturbed(folder: Path, source: Path, reader: ReportReader | None, *, at_least: int) -> Undisturbed:
    """Ingests a source once."""
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
    assert len(tables["version"]) > at_least / 2
    assert len(tables["near_copy"]) > 3
    assert any(row[2] > 1 for row in tables["version"])  # type: ignore[operator]
    assert len(tables["event"]) > at_least / 6
    assert tables["problem"]
    return Undisturbed(source=source, reader=reader, tables=tables, seconds=seconds)

"""What a run has settled the next one passes over: documents by their bytes, archives by the place that was reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from corpus import write_corpus
from databases import dump, new_record
from headcount.models import Document, Reading, Report
from headcount.record import schema as s
from headcount.record.engine import connect, reading
from headcount.run import ReportReader
from headcount.run.extracting import open_documents
from headcount.run.ingesting import Balance, Earlier, ingest_reports
from headcount.sources import Asked, find_reports
from headcount.sources.fields import Defaults
from pages import make_page, make_pages, write_archive, write_pages

NOW = dt.datetime.fromisoformat("2026-01-01")
MARCH = "About 2,000 people marched through Leeds on Saturday against the closure of the library. Police put the crowd at 900."


Ingest = Callable[..., tuple[Balance, int]]


@pytest.fixture
def ingest(reader: ReportReader) -> Ingest:
    """Ingests paths as the command does; the balance, and how many documents were opened."""

    def ingest(
        engine: sa.Engine, *paths: Path, coder: str = "coder 1", asked: Asked | None = None, again: bool = False, **options: Any
    ) -> tuple[Balance, int]:
        asked = asked or Asked(keep_bytes=True)
        earlier = Earlier(engine, record="the record", coder=coder, asked=asked, again=again)
        opened: list[str] = []

        def counted(items: Iterator[Any]) -> Iterator[Any]:
            for item in items:
                if isinstance(item, Document):
                    opened.append(item.record)
                yield item

        found = find_reports(paths, asked=asked, resume=earlier.resume)
        balance = ingest_reports(
            engine,
            open_documents(counted(earlier.leave_out(found)), asked=asked, jobs=1),
            record="the record",
            command="test",
            coder=coder,
            clock=lambda: NOW,
            earlier=earlier,
            **{"reader": reader, "jobs": 1, **options},
        )
        assert balance.holds()
        return balance, len(opened)

    return ingest


def rows(engine: sa.Engine, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def source_counts(engine: sa.Engine) -> dict[str, tuple[int, ...]]:
    c = s.source.c
    told = rows(engine, c.source, c.fetched, c.new, c.unchanged, c.screened_out, c.failed)
    return {Path(name).name: tuple(counts) for name, *counts in told}


def test_documents_whose_bytes_are_known_are_not_opened_again(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """A second run opens only what failed; each report that was there counts as a duplicate, and nothing is stored."""
    folder = write_pages(tmp_path / "pages", 14, seed=5)
    first, opened = ingest(record, folder)
    assert opened == 15  # the empty page is no document
    assert (first.reports_in, first.duplicate, first.failed) == (16, 2, 2)
    before = dump(record, but=("source",))
    again, opened = ingest(record, folder)
    assert opened == 1  # the broken PDF
    assert (again.reports_in, again.duplicate, again.failed) == (16, 14, 2)
    assert dump(record, but=("source",)) == before
    assert source_counts(record)["pages"] == (32, first.new - first.screened_out, 16, first.screened_out, 4)


@pytest.mark.parametrize(
    "options",
    [
        {"coder": "coder 2"},
        {"asked": Asked(keep_bytes=True, defaults=Defaults(country="IE"))},
        {"asked": Asked(keep_bytes=True, screen=False)},
    ],
)
def test_another_coder_or_option_opens_them_again(options: dict[str, Any], lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """What might come out otherwise is opened, once."""
    folder = write_pages(tmp_path / "pages", 7, seed=5)
    ingest(lite, folder)
    _, opened = ingest(lite, folder, **options)
    assert opened == 7 + 1
    _, opened = ingest(lite, folder, **options)
    assert opened == 1


def test_the_same_bytes_from_another_address_are_opened(lite: sa.Engine, ingest: Ingest) -> None:
    """The address is part of what a report is; the day on which it was fetched is not."""
    page = make_page("A march", MARCH, day=dt.date(2022, 5, 3))
    earlier = Earlier(lite, record="r", coder="c", asked=Asked(keep_bytes=True))

    def come(url: str, fetched: str) -> list[Any]:
        return list(
            earlier.leave_out(
                [Document(data=page, media="html", record=url, source="feed", url=url, fetched=dt.date.fromisoformat(fetched))]
            )
        )

    items = come("https://a.example/1", "2022-05-04")
    ingest_reports(
        lite, open_documents(items, asked=Asked(keep_bytes=True)), record="r", command="t", coder="c", clock=lambda: NOW,
        earlier=earlier, jobs=1,
    )  # fmt: skip
    assert [type(one) for one in come("https://a.example/1", "2022-06-04")] == [Reading]
    assert [type(one) for one in come("https://a.example/2", "2022-05-04")] == [Document]


def test_a_document_of_which_a_report_failed_is_opened_again(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """A coder's failure is not taken for an answer."""

    class Failing:
        def read(self, report: Report) -> Reading:
            if "marched" in report.text:
                raise ZeroDivisionError("a defect")
            return Reading(report=report, screened_out=True)

    folder = write_pages(tmp_path / "pages", 6, seed=5)
    balance, opened = ingest(lite, folder, reader=Failing())
    assert balance.failed == 4 + 2
    balance, opened = ingest(lite, folder)
    assert opened == 4 + 1
    assert (balance.new, balance.duplicate) == (4, 2)


def test_an_archive_is_read_to_its_end_once(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """Nothing of it comes out a second time, which is said; what is appended is read, and only that."""
    path = write_archive(tmp_path / "news.warc.gz", 20, seed=6)
    first, opened = ingest(record, path)
    assert opened == 20
    assert first.archives_unchanged == 0
    before = dump(record)
    again, opened = ingest(record, path)
    assert (opened, again.reports_in, again.archives_unchanged) == (0, 0, 1)
    assert dump(record) == before
    write_archive(path, 26, seed=6, begin=20)
    more, opened = ingest(record, path)
    assert (opened, more.reports_in, more.archives_unchanged) == (6, 6, 0)
    with_more = rows(record, s.version.c.text)
    assert len(with_more) == len(before["version"]) + more.new
    _, opened = ingest(record, path)
    assert opened == 0


def test_archives_of_a_folder_go_on_each_at_its_place(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """As do those that are named; asked for all again, each is read from its beginning, and gives duplicates."""
    (tmp_path / "folder").mkdir()
    for seed in (6, 7):
        write_archive(tmp_path / "folder" / f"{seed}.warc.gz", 6, seed=seed)
    _, opened = ingest(lite, tmp_path / "folder")
    assert opened == 12
    write_archive(tmp_path / "folder" / "6.warc.gz", 8, seed=6, begin=6)
    more, opened = ingest(lite, tmp_path / "folder")
    assert (opened, more.archives_unchanged) == (2, 1)
    every, opened = ingest(lite, tmp_path / "folder", again=True)
    assert opened == 14
    assert every.new == 0
    assert every.duplicate + every.unopened == 14


def test_another_archive_under_the_same_name_is_read_from_its_beginning(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """As is one that another coder has read."""
    path = write_archive(tmp_path / "news.warc.gz", 8, seed=6)
    ingest(lite, path)
    write_archive(path, 12, seed=9)
    _, opened = ingest(lite, path)
    assert opened == 12
    _, opened = ingest(lite, path, coder="coder 2")
    assert opened == 12


def test_an_archive_goes_on_where_a_run_broke_off(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """All before the place that is kept is stored, and the rest makes what one run would have made."""
    path = write_archive(tmp_path / "news.warc.gz", 30, seed=6)
    stored: list[int] = []

    class BreakOffError(Exception):
        pass

    def break_off(step: str) -> None:
        if step == "after the commit":
            stored.append(1)
            if len(stored) == 3:
                raise BreakOffError

    with pytest.raises(BreakOffError):
        ingest(lite, path, batch=4, on_step=break_off)
    assert len(rows(lite, s.version.c.version_id)) == 12
    rest, opened = ingest(lite, path)
    assert 10 < opened < 20
    assert rest.duplicate <= 3  # copies within the archive
    (tmp_path / "whole").mkdir()
    with new_record("sqlite", tmp_path / "whole") as name:
        engine = connect(name)
        ingest(engine, path)
        assert dump(engine, but=("run", "source", "version", "coding", "capture")) == dump(
            lite, but=("run", "source", "version", "coding", "capture")
        )
        assert rows(engine, s.version.c.text, s.version.c.position) == rows(lite, s.version.c.text, s.version.c.position)
        engine.dispose()


def test_sources_are_counted_by_what_was_named(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """By absolute path and kind; the last failure is told until a run meets none; versions say where they came from."""
    pages = write_pages(tmp_path / "pages", 7, seed=5)
    lines = write_corpus(tmp_path / "a.jsonl", 20)
    archive = write_archive(tmp_path / "news.warc.gz", 5, seed=6)
    ingest(record, pages, lines, archive)
    c = s.source.c
    assert [(Path(name).name, kind) for name, kind in rows(record, c.source, c.kind)] == [
        ("a.jsonl", "file"), ("news.warc.gz", "archive"), ("pages", "folder"),
    ]  # fmt: skip
    counts = source_counts(record)
    assert counts["a.jsonl"][0] == 20
    assert all(seen == sum(parts) for seen, *parts in counts.values())
    whys = {Path(name).name: why for name, why in rows(record, c.source, c.last_why)}
    assert "007-empty.html: " in whys["pages"]
    assert whys["news.warc.gz"] is None
    v = s.version.c
    assert {Path(name).name for (name,) in rows(record, v.source)} == {"pages", "a.jsonl", "news.warc.gz"}
    assert {media for _, media in rows(record, v.position.is_not(None), v.media)} == {"text", "html"}
    days = {name: max(day for one, day in rows(record, v.source, v.published) if one == name) for (name,) in rows(record, v.source)}
    assert dict(rows(record, c.source, c.last_published)) == days
    for broken in ("004-broken.pdf", "007-empty.html"):
        (pages / broken).unlink()
    ingest(record, pages)
    assert {why for name, why in rows(record, c.source, c.last_why) if name.endswith("pages")} == {None}


def test_bytes_are_kept_once(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """Whatever came out of a page, its bytes are there, under their hash, and of text nothing is kept twice."""
    folder = write_pages(tmp_path / "pages", 14, seed=5)
    write_corpus(folder / "a.jsonl", 10)
    ingest(record, folder)
    import hashlib
    import zlib

    kept = rows(record, s.capture.c.digest, s.capture.c.size, s.capture.c.packed)
    pages = {hashlib.sha256(page).hexdigest(): page for page in make_pages(14, seed=5)}
    assert {digest for digest, _, _ in kept} == pages.keys()
    assert all(zlib.decompress(packed) == pages[digest] and size == len(pages[digest]) for digest, size, packed in kept)
    with_bytes = [digest for (digest,) in rows(record, s.version.c.digest) if digest]
    assert sorted(with_bytes) == sorted(pages)

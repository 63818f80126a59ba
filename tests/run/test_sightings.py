"""What a run sees in its sources is counted, kept and stored with the batch that it belongs to."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from typing import Any

import pytest
import sqlalchemy as sa

from headcount.models import Origin, Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.engine import reading, writing
from headcount.record.origins import known_items
from headcount.record.verifying import verify_record
from headcount.run import ReportReader, ingesting
from headcount.run.ingesting import ingest_reports

NOW = dt.datetime.fromisoformat("2026-01-01")
MARCH = "About 2,000 people marched through Leeds on Saturday against the closure of the library. Police put the crowd at 900."


def rows(engine: sa.Engine, *columns: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def test_all_reports_of_a_document_are_stored_together(lite: sa.Engine, reader: ReportReader) -> None:
    """A batch ends between documents: what is known of a document is known of all that came out of it."""
    told: list[Any] = []
    for number in range(5):
        told += [
            Report(text=f"{MARCH} Number {number}{part}.", record=f"x{number}#{part}", origin=_origin(f"{number}" * 64))
            for part in "abc"
        ]
    batches: list[int] = []

    def count(step: str) -> None:
        if step == "after the commit":
            batches.append(len(rows(lite, s.version.c.version_id)))

    ingest_reports(lite, told, record="r", command="t", coder="c", clock=lambda: NOW, reader=reader, jobs=1, batch=2, on_step=count)
    assert batches == [3, 6, 9, 12, 15]


def _origin(digest: str) -> Any:

    return Origin(source="x", media="docx", digest=digest)


def test_pages_of_an_archive_that_are_turned_away_are_counted_and_not_stored(lite: sa.Engine) -> None:
    """They stand in the balance of the run and of their source, and verify accepts that."""

    turned = [
        Reading(
            report=Report(text="", record=f"a.warc:{at}", origin=Origin(source="a.warc", media="html", position=at, after=at + 1)),
            screened_out=True,
        )
        for at in range(3)
    ]
    spanish = Report(text="Miles de personas marcharon el sábado por el centro de la ciudad contra el cierre del hospital.")
    march = Report(text=MARCH, published=dt.date(2022, 5, 3), origin=Origin(source="a.warc", position=3, after=4))
    balance = ingest_reports(
        lite, [*turned, spanish, march], record="r", command="t", coder="c", clock=lambda: NOW, reader=_Languages(), jobs=1
    )
    assert (balance.reports_in, balance.screened_out, balance.unopened, balance.other_language) == (5, 4, 3, 1)
    assert balance.holds()
    r = s.run.c
    assert rows(lite, r.reports_in, r.screened_out, r.unopened, r.other_language) == [(5, 4, 3, 1)]
    c = s.source.c
    assert rows(lite, c.fetched, c.new, c.unchanged, c.screened_out, c.failed) == [(4, 1, 0, 3, 0)]
    assert rows(lite, s.version.c.language) == [("en",), ("es",)]
    with reading(lite) as connection:
        assert [one for one in verify_record(connection) if one.check in {"runs", "sources"}] == []
    with writing(lite) as connection:
        connection.execute(sa.update(s.run).values(unopened=2))
        connection.execute(sa.update(s.source).values(new=7))
    with reading(lite) as connection:
        found = [one.found for one in verify_record(connection) if one.check in {"runs", "sources"}]
    assert found == [
        "it counts 1 coded and 4 screened out, 2 of them unopened; the record holds 1 and 1 of it",
        "4 reports were seen in it, and what became of them does not add up",
    ]


class _Languages:
    def read(self, report: Report) -> Reading:
        if "personas" in report.text:
            return Reading(report=report, screened_out=True, language="es")
        return Reading(report=report, language="en")


def test_addresses_of_a_feed_are_remembered(record: sa.Engine) -> None:
    """Each with what became of it, so that the next run need not fetch what was read."""

    feed = "https://post.example/feed.xml"
    items = [
        Report(text=MARCH, record=f"{feed[:21]}/1", published=dt.date(2022, 5, 3), origin=Origin(source=feed, media="html")),
        Problem(stage="sources", record=f"{feed[:21]}/2", source=feed, reason="the server said 404"),
        Report(text=MARCH, record=f"{feed[:21]}/3", published=dt.date(2022, 5, 3), origin=Origin(source=feed, media="html")),
    ]
    ingest_reports(
        record, items, record="r", command="t", coder="c", clock=lambda: NOW, jobs=1, kinds={feed: "feed"}
    )  # fmt: skip
    addresses = [f"{feed[:21]}/{number}" for number in range(1, 5)]
    with reading(record) as connection:
        known = known_items(connection, feed, addresses)
    assert [known[one].outcome for one in addresses[:3]] == ["new", "failed", "unchanged"]
    assert known[addresses[1]].why == "the server said 404"
    assert addresses[3] not in known
    c = s.source.c
    assert rows(record, c.source, c.kind, c.last_fetched, c.last_why) == [
        (feed, "feed", NOW, "https://post.example//2: the server said 404")
    ]


def test_a_batch_ends_where_its_bytes_are_many(lite: sa.Engine, reader: ReportReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few its reports: what waits is held in memory."""

    monkeypatch.setattr(ingesting, "BATCH_BYTES", 1_200)
    reports = []
    for number in range(9):
        data = b"".join(hashlib.blake2b(bytes([number, at])).digest() for at in range(8))
        origin = Origin(source="x", media="pdf", digest=hashlib.sha256(data).hexdigest(), packed=zlib.compress(data))
        reports.append(Report(text=f"{MARCH} {number}", record=f"x/{number}", origin=origin))
    batches: list[str] = []
    ingest_reports(
        lite, reports, record="r", command="t", coder="c", clock=lambda: NOW, reader=reader, jobs=1,
        on_step=lambda step: batches.append(step) if step == "before the commit" else None,
    )  # fmt: skip
    assert 3 <= len(batches) <= 6
    assert len(rows(lite, s.capture.c.digest)) == 9

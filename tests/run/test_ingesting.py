"""Ingest keeps every report once, its versions, its doubles and its failures; the same command twice changes nothing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from corpus import make_lines, write_corpus
from databases import dump, new_record
from headcount.models import Problem, Reading, Report
from headcount.record import schema as s
from headcount.record.deriving import derive_events
from headcount.record.engine import RecordError, connect, reading, writing
from headcount.run import ReportReader
from headcount.run.gate import SAME_ID_AT_MOST
from headcount.run.ingesting import Balance, ingest_reports
from headcount.sources import find_reports

MARCH = (
    "About 2,000 people marched through Leeds on Saturday against the closure of the library, organisers said. Police put the "
    "crowd at 900. The march began at the market and ended with speeches on the steps of the town hall, where a choir sang."
)
STRIKE = (
    "Some 300 nurses stood on a picket line outside the hospital in Cardiff on Monday over pay. Drivers sounded their horns and "
    "a bakery brought bread. A second picket is planned for next week, the union said, unless the ministry answers its letter."
)
NEWS = "The council has bought a new lawnmower. It is green, and the gardeners like it. The old one goes to the museum."
NOW = dt.datetime.fromisoformat("2026-01-01")


Ingest = Callable[..., Balance]


@pytest.fixture
def ingest(reader: ReportReader) -> Ingest:
    """Ingests reports, mappings of a JSON Lines file, or paths, at an hour that differs from call to call."""
    hours = iter(range(10**6))

    def ingest(engine: sa.Engine, *items: Any, jobs: int = 1, **options: Any) -> Balance:
        balance = ingest_reports(
            engine,
            find_reports(items) if items and isinstance(items[0], Path) else iter(items),
            record="the record",
            command="test",
            coder="test",
            clock=lambda: NOW + dt.timedelta(hours=next(hours)),
            **{"reader": reader, "jobs": jobs, **options},
        )
        assert balance.holds()
        return balance

    return ingest


def report(text: str, **fields: Any) -> Report:
    return Report(text=text, **{"published": dt.date(2022, 5, 17), "publisher": "Morning Post", "record": "a.jsonl:1", **fields})


def write_lines(path: Path, *lines: dict[str, Any] | str) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines), "utf-8")
    return path


def rows(engine: sa.Engine, *columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)


def versions(engine: sa.Engine) -> list[tuple[Any, ...]]:
    return rows(engine, s.version.c.report_id, s.version.c.number, s.version.c.text)


def events(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """What the derived events say, without any id."""
    with writing(engine) as connection:
        derive_events(connection)
    e = s.event.c
    return rows(engine, e.event_type, e.date_start, e.locality, e.size_low, e.size_high, e.witnesses, e.report_count)


def test_the_same_command_twice_changes_nothing(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """No run is noted, nothing is new, and no row differs but that of the source, which was looked at twice."""
    path = write_corpus(tmp_path / "a.jsonl", 60)
    first = ingest(record, path)
    events(record)
    before = dump(record, but=("source",))
    again = ingest(record, path)
    assert dump(record, but=("source",)) == before
    assert len(before["run"]) == 1
    assert first.new > 20
    assert first.changed > 0
    assert first.failed > 0
    assert (again.new, again.changed, again.coded, again.screened_out) == (0, 0, 0, 0)
    assert (again.reports_in, again.failed) == (first.reports_in, first.failed)
    assert again.duplicate == again.reports_in - again.failed


def test_the_balance_is_kept_with_the_run(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """The run's row holds the counts that were printed; every report is coded, screened out, duplicate or failed."""
    balance = ingest(record, write_corpus(tmp_path / "a.jsonl", 60), batch=7)
    r = s.run.c
    [kept] = rows(record, r.reports_in, r.coded, r.screened_out, r.duplicate, r.failed)
    assert kept == (balance.reports_in, balance.coded, balance.screened_out, balance.duplicate, balance.failed)
    assert balance.reports_in == 60
    assert min(kept) > 0
    [(started, ended)] = rows(record, r.started_at, r.ended_at)
    assert started < ended
    assert len(versions(record)) == balance.new + balance.changed == balance.coded + balance.screened_out


def test_a_changed_article_becomes_a_new_version(record: sa.Engine, ingest: Ingest) -> None:
    """The old text and its coding stay, retired; only the new one counts, and its account keeps its id."""
    ingest(record, report(MARCH, given_id="x"))
    [(account,)] = rows(record, s.candidate.c.candidate_id)
    corrected = MARCH.replace("900", "1,200")
    balance = ingest(record, report(corrected, given_id="x"))
    assert (balance.new, balance.changed) == (0, 1)
    assert versions(record) == [("x", 1, MARCH), ("x", 2, corrected)]
    assert rows(record, s.coding.c.version_id, s.coding.c.state) == [(1, "retired"), (2, "current")]
    c = s.candidate.c
    assert rows(record, c.candidate_id, c.live, c.size_low) == [(account, False, 900), (account, True, 1200)]
    assert len(events(record)) == 1


def test_an_article_changed_back_stays_as_it_was_last_new(record: sa.Engine, ingest: Ingest) -> None:
    """Two exports, one with the old and one with the new text, can be ingested in turn for ever: nothing flips."""
    old, new = report(MARCH, given_id="x"), report(MARCH + " A reader has corrected the date.", given_id="x")
    ingest(record, old)
    ingest(record, new)
    before = dump(record)
    assert ingest(record, old, new, old).duplicate == 3
    assert dump(record) == before


def test_versions_within_one_batch_follow_each_other(record: sa.Engine, ingest: Ingest) -> None:
    """A live page that stands five times in one export is one report of five versions, and one event."""
    texts = [MARCH + " Update." * number for number in range(5)]
    balance = ingest(record, *(report(text, given_id="x") for text in texts))
    assert (balance.new, balance.changed) == (1, 4)
    assert versions(record) == [("x", number, text) for number, text in enumerate(texts, start=1)]
    assert len(events(record)) == 1


@pytest.mark.parametrize("batch", [1, 100])
def test_exports_that_share_ids_do_not_swallow_each_other(batch: int, record: sa.Engine, ingest: Ingest) -> None:
    """Two exports that both count from 1 are both kept, with a note; a later change of either finds its own report."""
    ingest(record, report(MARCH, given_id="1"), report(STRIKE, given_id="1", record="b.jsonl:1"), batch=batch)
    assert versions(record) == [("1", 1, MARCH), ("1~2", 1, STRIKE)]
    [(about, reason, fatal)] = rows(record, s.problem.c.record, s.problem.c.reason, s.problem.c.fatal)
    assert (about, fatal) == ("b.jsonl:1", False)
    assert reason == "the id '1' belongs to another report of the record; this one is kept as '1~2'"
    balance = ingest(record, report(STRIKE + " Corrected.", given_id="1"), report(MARCH + " Corrected.", given_id="1"), batch=batch)
    assert (balance.new, balance.changed) == (0, 2)
    assert [row[:2] for row in versions(record)] == [("1", 1), ("1", 2), ("1~2", 1), ("1~2", 2)]


def test_an_id_that_all_reports_share_is_no_id(lite: sa.Engine, ingest: Ingest) -> None:
    """A source that writes one id on everything loses no report, and is not compared with each of them for ever."""
    lines = [line for line in make_lines(60) if isinstance(line, dict) and "march" in line["text"]]
    texts = list(dict.fromkeys(line["text"].partition(". The ")[2] for line in lines if "Corrected" not in line["text"]))
    assert len(texts) > SAME_ID_AT_MOST * 2
    reports = [report(f"{number} {text}", given_id="news", title=None) for number, text in enumerate(texts)]
    balance = ingest(lite, *reports)
    assert balance.new + balance.changed == len(texts)
    assert len(versions(lite)) == len(texts)


def test_exact_copies_are_duplicates(record: sa.Engine, ingest: Ingest) -> None:
    """The same text from the same paper under another id, in another file, in this run or before, is the same report."""
    balance = ingest(record, report(MARCH, given_id="x"), report(MARCH, given_id="y", record="b.jsonl:9"))
    assert (balance.new, balance.duplicate) == (1, 1)
    assert ingest(record, report(MARCH, given_id="z")).duplicate == 1
    assert [row[0] for row in versions(record)] == ["x"]


def test_near_copies_are_kept_and_count_as_one_witness(record: sa.Engine, ingest: Ingest) -> None:
    """One wire story in three papers is three reports, one event and one witness; a fourth paper of its own words is the second."""
    own = (
        "Campaigners filled the streets of Leeds on Saturday. Around 1,500 of them marched in protest at the closure of the city's "
        "library, according to this newspaper's count, before a long afternoon of readings by local poets in the square."
    )
    wire = [report(f"{MARCH} Reporting by {paper}.", publisher=paper, given_id=paper) for paper in ("Echo", "Star", "Post")]
    balance = ingest(record, *wire, report(own, publisher="Voice", given_id="Voice"))
    assert (balance.new, balance.near_copies) == (4, 2)
    assert len(versions(record)) == 4
    pairs = rows(record, s.near_copy.c.left_version, s.near_copy.c.right_version)
    assert pairs == [(1, 2), (1, 3), (2, 3)]
    [event] = events(record)
    assert event[-2:] == (2, 4)


def test_a_near_copy_of_a_report_of_another_run_is_found(record: sa.Engine, ingest: Ingest) -> None:
    """The sketches are kept: a copy that comes a week later is told from a witness all the same."""
    ingest(record, report(MARCH, publisher="Echo", given_id="e"))
    assert ingest(record, report(MARCH + " (Agency)", publisher="Star", given_id="s")).near_copies == 1


def test_failed_inputs_are_counted_with_reasons_and_not_repeated(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """A broken line costs itself; its reason is kept once, however often the file is ingested."""
    path = write_lines(tmp_path / "a.jsonl", {"id": "x", "text": MARCH}, '{"id": "y", "text": "Ma', {"id": "z", "text": " "})
    assert ingest(record, path).failed == 2
    kept = rows(record, s.problem.c.record, s.problem.c.reason, s.problem.c.fatal)
    assert [(record.rpartition("/")[2], fatal) for record, _, fatal in kept] == [("a.jsonl:2", True), ("a.jsonl:3", True)]
    assert "found no JSON" in kept[0][1]
    assert "at at" not in kept[0][1]
    before = dump(record)
    assert ingest(record, path, tmp_path / "missing.txt").failed == 3
    assert ingest(record, path, tmp_path / "missing.txt").failed == 3
    after = dump(record)
    assert len(after["problem"]) == 3
    assert len(after["run"]) == 2
    assert after["version"] == before["version"]


class FailingReader:
    """Fails at one word, and reads nothing else."""

    def read(self, report: Report) -> Reading:
        """Nothing, or an exception."""
        if "CRASH" in report.text:
            raise ZeroDivisionError("met the word CRASH")
        return Reading(report=report, screened_out=True)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_report_that_the_coder_fails_on_is_tried_again(batch: int, lite: sa.Engine, ingest: Ingest) -> None:
    """It is counted as failed and not stored, so that a mended coder reads it; what follows it is named alike in any batch."""
    reports = [report(f"{text} {NEWS}", given_id="x") for text in ("CRASH", "CRASH", "Fine", "CRASH at last")]
    balance = ingest(lite, *reports, reader=FailingReader(), batch=batch)
    assert (balance.failed, balance.duplicate, balance.screened_out) == (2, 1, 1)
    assert [row[:2] for row in versions(lite)] == [("x", 1)]
    again = ingest(lite, *reports, batch=batch)
    assert (again.failed, again.changed, again.duplicate) == (0, 2, 2)


def test_notes_are_kept_with_what_they_are_about(record: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """A doubt about a field is kept as a problem that is not fatal, once; a note of a duplicate is none."""
    (tmp_path / "folder").mkdir()
    path = write_lines(tmp_path / "folder" / "a.jsonl", {"id": "x", "text": MARCH, "published": "17/5/22"})
    (path.parent / "style.css").write_text("p { margin: 0 }")
    for _ in range(2):
        assert ingest(record, path.parent).failed == 0
        [(first, fatal), (second, _)] = rows(record, s.problem.c.reason, s.problem.c.fatal)
        assert not fatal
        assert {"passed over" in first, "passed over" in second} == {True, False}
    copied = write_lines(tmp_path / "b.jsonl", {"id": "y", "text": MARCH, "published": "17/5/22"})
    assert ingest(record, path, copied).duplicate == 2
    assert len(rows(record, s.problem.c.reason)) == 2


@pytest.mark.parametrize("batch", [3, 512])
def test_one_process_or_two_make_the_same_record(batch: int, ingest: Ingest, tmp_path: Path) -> None:
    """Neither the number of processes nor the size of a batch can be seen in the record."""
    lines = [{**line, "text": line["text"] + NEWS * 8} if isinstance(line, dict) else line for line in make_lines(150, seed=3)]
    path = write_lines(tmp_path / "a.jsonl", *lines)
    dumps = []
    for jobs in (1, 2):
        with new_record("sqlite", tmp_path) as name:
            engine = connect(name)
            ingest(engine, path, jobs=jobs, batch=batch)
            events(engine)
            dumps.append(dump(engine, without=("started_at", "ended_at", "first_seen", "last_seen")))
            engine.dispose()
    assert dumps[0] == dumps[1]
    assert len(dumps[0]["version"]) > 100


def test_the_order_of_shards_makes_no_event(ingest: Ingest, tmp_path: Path) -> None:
    """Shards in any order, in one run or several, give the same events but for their ids."""
    lines = [line for line in make_lines(90, seed=5) if isinstance(line, dict)]
    by_report: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_report.setdefault(line["id"], []).append(line)
    shards = [
        write_lines(tmp_path / f"{shard}.jsonl", *(line for group in list(by_report.values())[shard::3] for line in group))
        for shard in range(3)
    ]
    found = []
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        with new_record("sqlite", tmp_path) as name:
            engine = connect(name)
            for number, shard in enumerate(order):
                ingest(engine, shards[shard])
                if number == 1:
                    events(engine)  # linking in between leaves no trace
            found.append(events(engine))
            engine.dispose()
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 10


def test_a_file_edited_in_place_is_a_new_version(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """A text file is known by its path: edited, it is the same report; written anew, it is another, and the old one stays."""
    path = tmp_path / "a.txt"
    path.write_text(MARCH)
    ingest(lite, path)
    path.write_text(MARCH.replace("900", "1,200"))
    assert ingest(lite, path).changed == 1
    path.write_text(STRIKE)
    assert ingest(lite, path).new == 1
    assert [number for _, number, _ in versions(lite)] == [1, 2, 1]
    assert len(events(lite)) == 2


def test_lines_without_ids_are_known_by_their_content(lite: sa.Engine, ingest: Ingest, tmp_path: Path) -> None:
    """Lines put before them change nothing; a changed line is a report of its own, and a near-copy of what it was: one witness."""
    path = write_lines(tmp_path / "a.jsonl", {"text": MARCH}, {"text": NEWS})
    ingest(lite, path)
    write_lines(path, {"text": STRIKE}, {"text": MARCH}, {"text": NEWS})
    balance = ingest(lite, path)
    assert (balance.new, balance.duplicate) == (1, 2)
    write_lines(path, {"text": MARCH.replace("900", "1,200")})
    balance = ingest(lite, path)
    assert (balance.new, balance.changed, balance.near_copies) == (1, 0, 1)


def test_a_web_page_is_known_by_its_address(lite: sa.Engine, ingest: Ingest) -> None:
    """Without an id the URL tells which report has changed."""
    ingest(lite, report(MARCH, url="https://example.org/a"))
    assert ingest(lite, report(MARCH + " Corrected.", url="https://example.org/a")).changed == 1
    assert ingest(lite, report(MARCH + " Corrected.", url="https://example.org/b")).new == 1


def test_characters_that_a_database_refuses_leave_spans_true(record: sa.Engine, ingest: Ingest) -> None:
    """NUL and half characters are kept as U+FFFD, one for one; every quote stands where its span says, on both databases."""
    text = f"A \0 in \ud800 the line. {MARCH} \0"
    odd = "x\0\udcff"
    ingest(
        record,
        report(text, given_id=odd, title=odd, publisher=odd, url=odd, record=odd),
        Problem(stage="a", record=odd, reason=odd),
    )
    [(_, _, kept)] = versions(record)
    assert kept == text.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    st = s.statement.c
    quoted = rows(record, st.quote, st.span_start, st.span_end)
    assert len(quoted) >= 3
    assert all(kept[start:end] == quote for quote, start, end in quoted)
    before = dump(record)
    assert ingest(record, report(text, given_id=odd, title=odd, publisher=odd, url=odd, record=odd)).duplicate == 1
    assert dump(record) == before


def test_long_and_large_values_are_kept(record: sa.Engine, ingest: Ingest) -> None:
    """A text of 600 kB, an id longer than an index takes, and a number beyond 32 bits."""
    text = MARCH.replace("2,000", "9,999,000,000").replace("900", "12") + " " + NEWS * 6_000
    ingest(record, report(text, given_id="\U0001f600" * 2000))
    assert len(versions(record)[0][2]) == len(text)
    assert max(high for (high,) in rows(record, s.candidate.c.size_high)) >= 9_999_000_000
    assert ingest(record, report(text + " Corrected.", given_id="\U0001f600" * 2000)).changed == 1


def test_nothing_new_waits_for_no_other_writer(record: sa.Engine, ingest: Ingest) -> None:
    """While another process writes, a run that finds nothing new ends well."""
    ingest(record, report(MARCH))
    with writing(record):
        assert ingest(record, report(MARCH)).duplicate == 1


def test_what_another_run_stores_meanwhile_is_a_duplicate(record: sa.Engine, ingest: Ingest) -> None:
    """Two runs over one export that overlap both end well: the later finds each report stored, and counts it as duplicate."""
    reports = [report(f"{MARCH} {number}", given_id=str(number)) for number in range(4)]

    def meddle(step: str) -> None:
        if step == "before the batch":
            ingest(record, *reports[:3])

    balance = ingest(record, *reports, on_step=meddle)
    assert (balance.new, balance.duplicate) == (1, 3)
    assert len(versions(record)) == 4


def test_another_report_under_an_id_meanwhile_ends_the_run(record: sa.Engine, ingest: Ingest) -> None:
    """What the gate decided does not hold any more: the run says so and stores nothing of the batch; again, it keeps both."""

    def meddle(step: str) -> None:
        if step == "before the batch":
            ingest(record, report(STRIKE, given_id="x"))

    with pytest.raises(RecordError, match="another process has stored the report 'x' meanwhile; nothing is lost: run the same"):
        ingest(record, report(MARCH, given_id="x"), on_step=meddle)
    assert [row[0] for row in versions(record)] == ["x"]
    ingest(record, report(MARCH, given_id="x"))
    assert [row[0] for row in versions(record)] == ["x", "x~2"]


def test_a_source_that_breaks_off_keeps_what_was_stored(lite: sa.Engine, ingest: Ingest) -> None:
    """What a source raises goes through; the batches before are in the record, with their counts."""

    def break_off() -> Iterable[Report]:
        for number in range(80):
            yield report(f"{NEWS} {number}", given_id=str(number))
        raise OSError("the line is down")

    with pytest.raises(OSError, match="the line is down"):
        ingest_reports(
            lite, break_off(), record="r", command="test", coder="test", clock=lambda: NOW, reader=FailingReader(), batch=10, jobs=1
        )
    r = s.run.c
    [(reports_in, screened_out, ended)] = rows(lite, r.reports_in, r.screened_out, r.ended_at)
    assert (reports_in, screened_out, ended) == (60, 60, None)
    assert len(versions(lite)) == 60

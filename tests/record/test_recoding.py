"""Reports are read again without anything changing before it is accepted, and people's decisions survive it."""

from __future__ import annotations

import datetime as dt
import hashlib
import signal
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from databases import dump, new_record
from headcount.models import Origin
from headcount.record import ledger
from headcount.record import schema as s
from headcount.record.engine import connect, reading, writing
from headcount.record.recoding import count_staged, discard_staged
from headcount.run import recoding
from keeping import (
    CARDIFF,
    LEEDS,
    LEEDS_TOO,
    NEWS,
    NOW,
    Otherwise,
    accept,
    events_of,
    fails,
    findings,
    keep,
    link,
    nothing,
    own_reader,
    police_counted,
    recode,
    report,
    statement_of,
    without,
)
from pages import make_page

DERIVED = ("event", "event_member", "event_name", "comparison", "tie", "state")


@pytest.fixture
def kept(lite: sa.Engine) -> sa.Engine:
    """Two reports of one march, one of a picket, one of no event."""
    keep(lite, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS))
    link(lite)
    return lite


def staged(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return count_staged(connection)


def test_the_same_coder_has_nothing_to_read(kept: sa.Engine) -> None:
    """Nothing is written, not even a run."""
    before = dump(kept)
    assert recode(kept, coder="coder 1").reports_in == 0
    assert dump(kept) == before


def test_what_is_staged_counts_nowhere(kept: sa.Engine) -> None:
    """No answer changes, and the record stays sound, with a run whose balance holds."""
    before = {name: rows for name, rows in dump(kept).items() if name in DERIVED}
    told = recode(kept, reader=Otherwise(a=police_counted(950), c=nothing))
    assert (told.reports_in, told.coded, told.screened_out, staged(kept)) == (4, 3, 1, 4)
    assert {name: rows for name, rows in dump(kept).items() if name in DERIVED} == before
    assert findings(kept) == []
    link(kept)
    assert {name: rows for name, rows in dump(kept).items() if name in DERIVED} == before


def test_the_same_command_again_reads_nothing_again(kept: sa.Engine) -> None:
    """Staged is staged; ``--all`` reads what this coder has read before it was accepted."""
    recode(kept)
    assert recode(kept).reports_in == 0
    accept(kept)
    assert recode(kept).reports_in == 0
    assert recode(kept, every=True).reports_in == 4
    assert recode(kept, every=True).reports_in == 0


def test_accepted_readings_count_under_the_ids_of_before(kept: sa.Engine) -> None:
    """A number is read otherwise, an event not at all: the one changes under its id, the other says why it is gone."""
    march, picket = events_of(kept)
    recode(kept, reader=Otherwise(a=police_counted(950), c=nothing))
    derived = accept(kept)
    (event,) = events_of(kept)
    assert (event.event_id, event.candidates) == (march.event_id, march.candidates)
    assert (march.size_low, event.size_low) == (900, 950)
    assert {one.low for one in event.sizes} >= {950, 2000}
    assert (derived.changed, derived.gone, staged(kept)) == (1, 1, 0)
    with reading(kept) as connection:
        assert "no report of the record tells of it" in ledger.say_why_gone(connection, picket.event_id)
    assert findings(kept) == []


def test_what_is_discarded_is_read_again_by_the_next_command(kept: sa.Engine) -> None:
    """Discarding leaves the record as it was; the readings are history."""
    before = events_of(kept)
    recode(kept, reader=Otherwise(c=nothing))
    with writing(kept) as connection:
        assert discard_staged(connection) == 4
    link(kept)
    assert (events_of(kept), staged(kept), findings(kept)) == (before, 0, [])
    assert recode(kept).reports_in == 4


def test_a_report_that_cannot_be_read_keeps_its_coding(kept: sa.Engine) -> None:
    """It is counted as failed with the reason; accepting the others leaves it as it was."""
    before = events_of(kept)
    told = recode(kept, reader=Otherwise(c=fails))
    assert (told.failed, staged(kept)) == (1, 3)
    with reading(kept) as connection:
        assert "ZeroDivisionError" in connection.execute(sa.select(s.problem.c.reason)).scalar_one()
    accept(kept)
    assert events_of(kept) == before
    assert findings(kept) == []


@pytest.mark.parametrize("step", ["read", "before the batch", "before the commit", "after the commit"])
def test_a_recoding_that_is_cut_off_goes_on_where_it_ended(step: str, kept: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off at each step, then run again: the same codings as in one run, and none of them twice."""
    monkeypatch.setattr(recoding, "BATCH_REPORTS", 1)

    class CutOffError(Exception):
        pass

    steps: list[str] = []

    def cut_off(name: str) -> None:
        steps.append(name)
        if name == step and steps.count(name) == 2:
            raise CutOffError

    with pytest.raises(CutOffError):
        recode(kept, on_step=cut_off)
    done = staged(kept)
    assert done in (1, 2)
    assert findings(kept) == []
    assert recode(kept).reports_in == 4 - done
    with reading(kept) as connection:
        rows = connection.execute(sa.select(s.coding.c.version_id, s.coding.c.state).where(s.coding.c.coder == "coder 2")).all()
    assert sorted(rows) == [(version, "staged") for version in (1, 2, 3, 4)]
    accept(kept)
    assert findings(kept) == []


def test_reviews_and_judgements_survive_a_recoding(kept: sa.Engine) -> None:
    """A size put right stays put right and a split stays split, as long as the statement and the account are told."""
    march = events_of(kept)[0]
    with writing(kept) as connection:
        ledger.split(connection, march.event_id, ["b"], by="ann", at=NOW)
        ledger.review(connection, statement_of(kept, "size", "a"), "replace", value="1,500", by="ann", at=NOW)
    link(kept)
    before = {event.reports: (event.event_id, event.size_high) for event in events_of(kept)}
    recode(kept, reader=Otherwise(a=without("arrests")))
    accept(kept)
    assert {event.reports: (event.event_id, event.size_high) for event in events_of(kept)} == before
    assert before[("a",)][1] == 1500
    assert findings(kept) == []


def test_reviews_and_judgements_survive_a_new_version(kept: sa.Engine) -> None:
    """A paragraph is put in front of the article and another word is corrected: every span shifts, no decision is lost."""
    march, picket = events_of(kept)
    with writing(kept) as connection:
        ledger.split(connection, march.event_id, ["b"], by="ann", at=NOW)
        ledger.judge(connection, march.event_id, picket.event_id, "same", by="ann", at=NOW)
        ledger.review(connection, statement_of(kept, "size", "a"), "replace", value="1,500", by="ann", at=NOW)
    link(kept)
    before = {event.reports: (event.event_id, event.size_high) for event in events_of(kept)}
    keep(kept, report("a", "This article was corrected on Monday.\n\n" + LEEDS.replace("at the market", "at noon at the market")))
    link(kept)
    assert {event.reports: (event.event_id, event.size_high) for event in events_of(kept)} == before
    assert before[("a", "c")][1] == 1500
    assert findings(kept) == []


def test_a_new_version_drops_what_was_staged_of_the_old_one(kept: sa.Engine) -> None:
    """Nothing of the old text can become current; the new text is read again by the next command."""
    recode(kept)
    keep(kept, report("a", LEEDS.replace("900", "950")))
    link(kept)
    assert staged(kept) == 3
    assert recode(kept).reports_in == 1
    accept(kept)
    assert {one.low for one in events_of(kept)[0].sizes} >= {950, 2000}
    assert findings(kept) == []


def test_a_version_that_arrives_during_a_recoding_is_left_alone(kept: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text that was read is not the report's any more: it is counted, and not staged."""

    def arrive(name: str) -> None:
        if name == "before the batch":
            keep(kept, report("a", LEEDS.replace("900", "950")), coder="coder 1")

    told = recode(kept, on_step=arrive)
    assert (told.reports_in, told.duplicate, staged(kept)) == (4, 1, 3)
    link(kept)
    assert findings(kept) == []


def test_a_report_that_tells_of_an_event_for_the_first_time_is_known_as_a_copy(record: sa.Engine) -> None:
    """Two papers printed one story of which nothing was read; once it is read, they are one witness."""
    longer = (
        LEEDS + " " + "The band played on the steps of the town hall until the rain came, and the mayor listened from a window."
    )
    keep(record, report("a", longer), report("b", longer + " More soon."), reader=Otherwise(a=nothing, b=nothing))
    link(record)
    assert events_of(record) == []
    recode(record)
    accept(record)
    (event,) = events_of(record)
    assert (len(event.reports), event.witnesses) == (2, 1)
    assert findings(record) == []


def test_a_report_that_is_screened_out_now_is_counted_so(kept: sa.Engine) -> None:
    """The outcome of the version follows the coding that counts."""

    class Blind:
        def read(self, told):  # type: ignore[no-untyped-def]
            from headcount.models import Reading

            return Reading(report=told, screened_out=True)

    assert recode(kept, reader=Blind()).screened_out == 4
    accept(kept)
    with reading(kept) as connection:
        assert set(connection.execute(sa.select(s.version.c.outcome)).scalars()) == {"screened_out"}
    assert events_of(kept) == []
    assert findings(kept) == []


def test_a_recoding_gives_what_ingest_would_have_given(record: sa.Engine, tmp_path: Path) -> None:
    """Read badly and then again, the events are those of a record that was read well at once, but for when it happened."""
    reports = [report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS)]
    keep(record, *reports, reader=Otherwise(a=without("arrests"), b=without("claims")))
    link(record)
    recode(record, reader=own_reader())
    accept(record)
    with new_record("sqlite", tmp_path) as name:
        other = connect(name)
        keep(other, *reports)
        link(other)
        assert events_of(record) == events_of(other)
        other.dispose()


def test_on_either_database(record: sa.Engine) -> None:
    """Staged, discarded, staged again, accepted: as on SQLite."""
    keep(record, report("a", LEEDS), report("b", LEEDS_TOO), report("c", CARDIFF), report("d", NEWS))
    link(record)
    assert recode(record).reports_in == 4
    with writing(record) as connection:
        assert discard_staged(connection) == 4
    recode(record, reader=Otherwise(a=police_counted(950), c=nothing))
    assert findings(record) == []
    accept(record)
    assert [event.size_low for event in events_of(record)] == [950]
    assert findings(record) == []


KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from keeping import recode
from headcount.record.engine import connect
from headcount.run import recoding
recoding.BATCH_REPORTS = 1
steps = []
def kill(name):
    steps.append(name)
    if name == sys.argv[3] and steps.count(name) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
recode(connect(sys.argv[2]), on_step=kill)
"""


@pytest.mark.parametrize("step", ["before the commit", "after the commit"])
def test_a_recoding_that_is_killed_leaves_whole_batches(step: str, kept: sa.Engine) -> None:
    """kill -9 in the middle of a transaction, and between two: the record is sound, and the same command reads the others."""
    place = str(kept.url.database)
    kept.dispose()
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parents[1]), place, step]
    assert subprocess.run(command, check=False, timeout=120).returncode == -signal.SIGKILL
    done = {"before the commit": 1, "after the commit": 2}[step]
    assert (staged(kept), findings(kept)) == (done, [])
    assert recode(kept).reports_in == 4 - done
    accept(kept)
    assert findings(kept) == []


def test_reports_of_pages_are_recoded_from_their_text(lite: sa.Engine) -> None:
    """Where they came from stays as it was; the balance of the recoding says how many are in another language."""
    page = make_page("A march", LEEDS, day=dt.date(2022, 10, 4))
    digest = hashlib.sha256(page).hexdigest()
    origin = Origin(source="pages", media="html", digest=digest, packed=zlib.compress(page))
    keep(lite, replace(report("a", LEEDS), origin=origin), report("d", NEWS))
    link(lite)
    before = dump(lite)
    told = recode(lite, reader=Otherwise(d=lambda one: replace(one, screened_out=True, language="cy")))
    assert (told.reports_in, told.coded, told.screened_out, told.other_language) == (2, 1, 1, 1)
    with reading(lite) as connection:
        assert connection.execute(sa.select(s.run.c.other_language).where(s.run.c.run_id == 2)).scalar() == 1
    accept(lite)
    after = dump(lite)
    for table in ("version", "capture", "source"):
        assert after[table] == before[table]
    assert findings(lite) == []

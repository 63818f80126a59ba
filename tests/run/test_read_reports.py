"""Readings come in order, one for each report, whatever becomes of the process that reads it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import MarchReader
from headcount.models import Origin, Problem, Reading, Report
from headcount.run import _bare, read_reports, usable_cores

LONG = "Nothing happened here. " * 500


def march(number: int, *, more: str = "") -> Report:
    return Report(text=f"{number + 1} marched in Leeds. {more}{LONG}", record=f"r{number}")


def fatal(reading: Reading) -> str | None:
    return next((problem.reason for problem in reading.problems if problem.fatal), None)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_readings_come_in_the_order_of_reports(jobs: int, march_reader: MarchReader) -> None:
    """However many processes read, the readings are the same and so is their order; each has its own report."""
    reports = [march(number) for number in range(300)]
    readings = list(read_reports(iter(reports), reader=march_reader, jobs=jobs))
    assert [reading.report for reading in readings] == reports
    assert [reading.events[0].size_low for reading in readings] == list(range(1, 301))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_coder_that_fails_costs_one_report(jobs: int, march_reader: MarchReader) -> None:
    """Its exception becomes a fatal Problem of the stage coding, with its type and message."""
    reports = [march(number, more="CRASH " if number in (3, 40) else "") for number in range(60)]
    readings = list(read_reports(reports, reader=march_reader, jobs=jobs))
    assert [number for number, reading in enumerate(readings) if fatal(reading)] == [3, 40]
    [problem] = readings[40].problems
    assert (problem.stage, problem.record) == ("coding", "r40")
    assert "ZeroDivisionError: a coder met the word CRASH" in problem.reason


def test_a_report_that_kills_its_process_costs_only_itself(march_reader: MarchReader) -> None:
    """The reports that the dead process held are read again one by one; the one that kills twice is named."""
    reports = [march(number, more="KILL " if number in (30, 31, 170) else "") for number in range(200)]
    readings = list(read_reports(reports, reader=march_reader, jobs=2))
    assert [reading.report for reading in readings] == reports
    assert [number for number, reading in enumerate(readings) if fatal(reading)] == [30, 31, 170]
    [problem] = readings[30].problems
    assert (problem.stage, problem.record) == ("coding", "r30")
    assert "SIGKILL" in problem.reason
    assert all(len(reading.events) == 1 for reading in readings if not fatal(reading))


def test_few_or_short_reports_are_read_in_this_process(monkeypatch: pytest.MonkeyPatch, march_reader: MarchReader) -> None:
    """No pool is started for a handful."""
    monkeypatch.setattr("headcount.run.WorkerPool", None)
    few = [march(number) for number in range(7)]
    short = [Report(text=f"{number} marched in Leeds.") for number in range(1000)]
    assert len(list(read_reports(few, reader=march_reader, jobs=2))) == 7
    assert len(list(read_reports(short, reader=march_reader, jobs=2))) == 1000


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_endless_stream_is_read_as_it_is_asked_for(jobs: int, march_reader: MarchReader) -> None:
    """No more than a few chunks are taken ahead of what is asked for."""
    taken = 0

    def endless() -> Iterator[Report]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield march(number)

    readings = read_reports(endless(), reader=march_reader, jobs=jobs)
    first = list(itertools.islice(readings, 100))
    readings.close()  # type: ignore[attr-defined]
    assert len(first) == 100
    assert taken <= (100 if jobs == 1 else 100 + 5 * 64)


def test_processes_end_with_the_readings(march_reader: MarchReader) -> None:
    """A reader that stops half-way leaves no process behind."""
    import multiprocessing

    readings = read_reports((march(number) for number in range(10_000)), reader=march_reader, jobs=2)
    for _ in range(50):
        next(readings)
    assert multiprocessing.active_children()
    readings.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def test_a_fatal_problem_of_a_source_is_a_reading_of_its_own(march_reader: MarchReader) -> None:
    """Nothing is dropped silently: an input that could not be read has a line in the output, under its record."""
    problem = Problem(stage="sources", record="a.jsonl:2", reason="no JSON")
    before, failed, after = read_reports([march(0), problem, march(1)], reader=march_reader)
    assert (len(before.events), len(after.events)) == (1, 1)
    assert failed.report.report_id == "a.jsonl:2"
    assert failed.problems == (problem,)


def test_a_doubt_goes_with_its_report(march_reader: MarchReader) -> None:
    """A non-fatal Problem is told in the reading of the report with the same record."""
    doubt = Problem(stage="sources", record="r1", reason="assumed cp1252", fatal=False)
    other = Problem(stage="sources", record="folder", reason="passed over 3 files", fatal=False)
    readings = list(read_reports([march(0), doubt, march(1), other], reader=march_reader))
    assert [reading.problems for reading in readings] == [(), (doubt,), (other,)]
    assert readings[2].report.text == ""


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_source_raises_goes_through(jobs: int, march_reader: MarchReader) -> None:
    """A defect of a source is not taken for the end of the reports."""

    def broken() -> Iterator[Report]:
        yield from (march(number) for number in range(40))
        raise LookupError("a defect")

    with pytest.raises(LookupError, match="a defect"):
        list(read_reports(broken(), reader=march_reader, jobs=jobs))


def test_jobs_below_one_are_refused(march_reader: MarchReader) -> None:
    """At once, not at the first report."""
    with pytest.raises(ValueError, match="at least 1"):
        read_reports([], reader=march_reader, jobs=0)


def test_cores_that_may_be_used_are_counted() -> None:
    """At least one, and no more than the machine has."""
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)


kinds = st.sampled_from(["report", "crash", "doubt", "other doubt", "failure"])


@settings(max_examples=100, deadline=None)
@given(st.lists(kinds, max_size=12))
def test_reports_in_are_readings_out(sequence: list[str]) -> None:
    """Each report and each failure comes out once, in order, and no Problem is lost or told twice."""
    items: list[Report | Problem] = []
    for number, kind in enumerate(sequence):
        if kind in {"report", "crash"}:
            items.append(march(number, more="CRASH" if kind == "crash" else ""))
        else:
            record = f"r{number + 1}" if kind == "doubt" else f"x{number}"
            items.append(Problem(stage="sources", record=record, reason=f"{number}", fatal=kind == "failure"))
    readings = list(read_reports(items, reader=MarchReader(), jobs=1))
    expected = [item.record for item in items if isinstance(item, Report) or item.fatal]
    told = [reading.report.record for reading in readings]
    assert [record for record in told if record in expected] == expected
    problems = [problem for reading in readings for problem in reading.problems if problem.stage == "sources"]
    assert problems == [item for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_settled_before_goes_through_in_its_place(jobs: int, march_reader: MarchReader) -> None:
    """A page that its archive's screen turned away is no report to read, and no note of another report sticks to it."""
    turned = Reading(report=Report(text="", record="page"), screened_out=True)
    note = Problem(stage="sources", record="lost", reason="a note about nothing", fatal=False)
    items = [march(0), note, turned, *(march(number) for number in range(1, 100)), turned]
    readings = list(read_reports(iter(items), reader=march_reader, jobs=jobs))
    assert [bool(reading.events) for reading in readings] == [True, False, False, *[True] * 99, False]
    assert readings[1].problems == (note,)
    assert readings[2] == readings[-1] == turned


def test_workers_are_not_sent_the_bytes_of_pages(march_reader: MarchReader) -> None:
    """They read the text; the report that comes out still has where it came from."""
    origin = Origin(source="pages", digest="d", packed=b"packed")
    reports = [replace(march(number), origin=origin) for number in range(100)]
    readings = list(read_reports(iter(reports), reader=march_reader, jobs=2))
    assert all(reading.report.origin == origin and reading.report.origin.packed == b"packed" for reading in readings)
    assert _bare((reports[0], ()))[0].origin is None

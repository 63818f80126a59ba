"""Documents are opened in order, each in a process that may take its time, its memory or its life without costing another."""

from __future__ import annotations

import hashlib
import os
import signal
import time
import zlib
from collections.abc import Iterable, Iterator

import pytest

from headcount.models import Document, Problem, Reading, Report
from headcount.run.extracting import open_documents
from headcount.run.workers import WorkerPool
from headcount.sources import Asked, opening
from headcount.sources.limits import DOCUMENT_REPORTS, DOCUMENT_SECONDS, LimitError
from headcount.sources.opening import Found


def read_made(document: Document, _asked: Asked) -> Iterator[Found]:
    """A made-up medium: each line of the bytes is a report, and some words are what hostile bytes do."""
    text = document.data.decode()
    if "SLEEP" in text:
        time.sleep(600)
    if "KILL" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "SWELL" in text:
        bytearray(8 * 2**30)
    if "LIMIT" in text:
        raise LimitError(DOCUMENT_REPORTS)
    for number, line in enumerate(text.splitlines(), start=1):
        if "FAIL" in line:
            raise ZeroDivisionError("a reader met the word FAIL")
        yield Found(
            fields={"text": line, "title": "", "published": "not a day" if "DOUBT" in line else None}, part=f"line {number}"
        )


@pytest.fixture(autouse=True)
def _made_medium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(opening.READERS, "made", f"{__name__}:read_made")  # type: ignore[arg-type]
    monkeypatch.setattr(opening, "_load", lambda media: read_made if media == "made" else None)


def document(words: str, **more: object) -> Document:
    name = words.split()[0] if words else "empty"
    return Document(data=words.encode(), media="made", record=f"{name}.made", source="folder", **more)  # type: ignore[arg-type]


def opened(
    items: Iterable[object], *, jobs: int = 2, asked: Asked | None = None, seconds: float = 60
) -> list[Report | Problem | Reading]:
    return list(open_documents(items, asked=asked or Asked(), jobs=jobs, seconds=seconds))  # type: ignore[arg-type]


def texts(items: Iterable[object]) -> list[str]:
    return [item.text for item in items if isinstance(item, Report)]


@pytest.mark.parametrize("jobs", [1, 3])
def test_everything_comes_out_in_the_order_given(jobs: int) -> None:
    """Reports, problems and readings among the documents keep their places, however many processes open."""
    items: list[object] = []
    for number in range(60):
        items += [document(f"one-{number}\ntwo-{number}"), Report(text=f"plain-{number}", record="x")]
    items.append(Problem(stage="sources", record="y", reason="gone"))
    out = opened(items, jobs=jobs)
    assert texts(out) == [f"{kind}-{number}" for number in range(60) for kind in ("one", "two", "plain")]
    assert out[-1] == items[-1]


def test_a_document_that_takes_too_long_is_cut_off_and_named() -> None:
    """It alone: those that its process held with it are opened again."""
    out = opened([document("a"), document("SLEEP"), document("b"), document("c")], seconds=1)
    assert texts(out) == ["a", "b", "c"]
    [problem] = [item for item in out if isinstance(item, Problem)]
    assert (problem.record, problem.source, problem.fatal) == ("SLEEP.made", "folder", True)
    assert problem.reason == str(DOCUMENT_SECONDS)


def test_a_document_that_kills_its_process_is_named() -> None:
    """And the others are opened all the same."""
    out = opened([document("a"), document("KILL"), document("b"), document("KILL 2"), document("c")])
    assert texts(out) == ["a", "b", "c"]
    assert ["SIGKILL" in item.reason for item in out if isinstance(item, Problem)] == [True, True]


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="no /proc: memory is not bounded here")
def test_a_document_that_swells_is_named() -> None:
    """Past the limit of memory the reader gets a MemoryError, not the machine."""
    out = opened([document("SWELL"), document("a")])
    assert texts(out) == ["a"]
    [problem] = [item for item in out if isinstance(item, Problem)]
    assert "memory" in problem.reason


def test_what_a_reader_finds_before_it_fails_is_kept() -> None:
    """The failure is told after the good reports of the same document."""
    out = opened([document("good\nFAIL\nlost"), document("LIMIT")])
    assert texts(out) == ["good"]
    failed, limited = (item for item in out if isinstance(item, Problem))
    assert "ZeroDivisionError" in failed.reason
    assert failed.fatal
    assert limited.reason == str(DOCUMENT_REPORTS)


def test_a_document_without_a_report_is_a_problem() -> None:
    """Nothing that goes in is lost without a word."""
    [problem] = opened([document("")])
    assert isinstance(problem, Problem)
    assert "no report" in problem.reason


def test_a_doubt_stands_before_its_report_and_under_its_name() -> None:
    """As everywhere in sources."""
    problem, report = opened([document("DOUBT")])
    assert isinstance(problem, Problem)
    assert isinstance(report, Report)
    assert problem.record == report.record == "DOUBT.made#line 1"
    assert not problem.fatal
    assert report.published is None


def test_reports_lead_back_to_their_bytes() -> None:
    """By their hash; the bytes themselves come along only where they are to be kept."""
    words = "one\ntwo"
    kept = [item for item in opened([document(words)], asked=Asked(keep_bytes=True)) if isinstance(item, Report)]
    for report in kept:
        assert report.origin is not None
        assert report.origin.digest == hashlib.sha256(words.encode()).hexdigest()
        assert zlib.decompress(report.origin.packed or b"") == words.encode()
    [first, _] = opened([document(words)])
    assert isinstance(first, Report)
    assert first.origin is not None
    assert first.origin.packed is None


def test_a_page_of_an_archive_without_a_word_of_a_gathering_stays_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes out as a reading that was screened out, with where it lies; unless the screen is off."""
    monkeypatch.setattr("headcount.sources.opening._may_tell", lambda document: b"march" in document.data)
    page = document("nothing", may_screen=True, position=17, after=90)
    turned, report = opened([page, document("a march", may_screen=True)])
    assert isinstance(turned, Reading)
    assert turned.screened_out
    assert turned.report.origin is not None
    assert turned.report.report_id == "nothing.made"
    assert (turned.report.record, turned.report.origin.position, turned.report.origin.after) == ("nothing.made", 17, 90)
    assert isinstance(report, Report)
    assert texts(opened([page], asked=Asked(screen=False))) == ["nothing"]


def test_many_reports_of_one_document_are_bounded() -> None:
    """The first of them come out, and the rest is told."""
    out = opened([document("\n".join(["x"] * (DOCUMENT_REPORTS.most + 5)))])
    assert len(texts(out)) == DOCUMENT_REPORTS.most
    assert isinstance(out[-1], Problem)
    assert out[-1].reason == str(DOCUMENT_REPORTS)


def test_no_process_is_started_for_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading plain text costs what it did before there were documents."""
    monkeypatch.setattr("headcount.run.extracting.WorkerPool", None)
    assert texts(opened([Report(text="a", record="x")])) == ["a"]


_HELD: list[bytearray] = []


def _hold(size: int) -> int:
    _HELD.append(bytearray(os.urandom(size)))
    return os.getpid()


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="no /proc: memory is not told here")
def test_a_process_that_one_document_swelled_gives_way_to_a_fresh_one() -> None:
    """Else ten thousand documents cost what their largest ones do, in every worker at once."""
    with WorkerPool(_hold, size=1, grown_by=30 * 2**20) as pool:

        def work(size: int) -> object:
            ticket = pool.submit(size)
            while not pool.is_done(ticket):
                pool.wait()
            return pool.result(ticket)

        first, second, third, fourth = (work(size) for size in (10, 20, 60 * 2**20, 10))
        assert first == second == third
        assert fourth != third

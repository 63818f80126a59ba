"""No report takes more than linear time to read, whatever it holds.

Time is never asserted, only growth: what eight times the text costs over what the text costs. Linear code gives about 8, up to
15 where the larger text no longer fits a cache, quadratic code 64; the bound lies between at 22. Each size is timed three
times and the least taken, and a text is only failed after three such rounds, so that a busy machine does not fail it. Where
the smaller text takes too little to be timed, both are made larger.
"""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable

import pytest

from headcount.models import Report
from headcount.run import ReportReader, load_reader
from nasty import STRUCTURES

TIMES = 8
GROWTH_AT_MOST = 22.0
TIMEABLE = 0.01
"""Seconds that the smaller text must take, or the clock and the fixed costs of a reading decide."""

ROUNDS = 6


@pytest.fixture(scope="module")
def reader() -> ReportReader:
    """The reader without its screen, which would hide what the coders do."""
    return load_reader(screen=False)


def measure(reader: ReportReader, text: str) -> float:
    """Least processor time of three readings, without what collecting the garbage of all tests before costs."""
    report = Report(text=text, published=dt.date(2016, 8, 2), publisher="Leeds Post", country="GB")
    taken = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            begun = time.process_time()
            reader.read(report)
            taken.append(time.process_time() - begun)
            if taken[-1] > 1.0:
                break
    finally:
        gc.enable()
    return min(taken)


def find_growth(reader: ReportReader, make: Callable[[int], str], size: int) -> float:
    """How many times longer ``TIMES`` times the text takes; the least of a few rounds."""
    while measure(reader, make(size)) < TIMEABLE and len(make(size)) < 200_000:
        size *= 2
    least = float("inf")
    for _ in range(ROUNDS):
        least = min(least, measure(reader, make(TIMES * size)) / measure(reader, make(size)))
        if least < GROWTH_AT_MOST:
            break
    return least


@pytest.mark.parametrize("name", sorted(STRUCTURES))
def test_time_grows_with_the_length_of_the_text(reader: ReportReader, name: str) -> None:
    """Guards against context patterns over the whole text, which made a trial reader take 25 s for 100 kB."""
    growth = find_growth(reader, STRUCTURES[name], 250)
    assert growth < GROWTH_AT_MOST, f"{TIMES} times the text took {growth:.1f} times as long"


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("digits", 100_000),
        ("town list", 10_000),
        ("one line", 4_600),
        ("hyphens", 5_000),
        ("commas", 5_000),
        ("nested quotes", 30_000),
    ],
)
def test_a_text_as_bad_as_they_come_is_read_to_its_end(reader: ReportReader, name: str, size: int) -> None:
    """A million digits, ten thousand towns, a line of 200 kB, 50,000 hyphens or commas, nested quotes."""
    text = STRUCTURES[name](size)
    assert reader.read(Report(text=text, published=dt.date(2016, 8, 2))).report.text == text


def test_the_measure_itself_tells_quadratic_from_linear() -> None:
    """A reader that looks at every pair of words is found out, one that looks at every word is not."""

    class Linear:
        def read(self, report: Report) -> None:
            sum(len(word) for _ in range(20) for word in report.text.split())

    class Quadratic:
        def read(self, report: Report) -> None:
            words = report.text.split()
            sum(a == b for a in words for b in words)

    make = STRUCTURES["one line"]
    assert find_growth(Linear(), make, 250) < GROWTH_AT_MOST  # type: ignore[arg-type]
    assert find_growth(Quadratic(), make, 60) > GROWTH_AT_MOST  # type: ignore[arg-type]

"""How long a host asks to be left alone, and who waits for it."""

from __future__ import annotations

import pytest

from fetching.conftest import NOON, Clock
from headcount.fetching.politeness import Turns, retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 03 Jun 2024 12:00:30 GMT", 30.0),
        ("Mon, 03 Jun 2024 11:00:00 GMT", 0.0),
        ("Mon, 03 Jun 2024 14:00:30 +0200", 30.0),
        ("9" * 400, 999_999_999_999.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Mon, 99 Jun 2024 11:00:00 GMT", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(value: str | None, seconds: float | None) -> None:
    """As the standard has it; what is neither says nothing."""
    assert retry_after(value, now=NOON) == seconds


def test_a_pause_is_for_its_host_alone(clock: Clock) -> None:
    """Another host is asked meanwhile; time that has gone by counts."""
    turns = Turns(delay=2.0, clock=clock, sleep=clock.sleep)
    for host in ("a", "b", "a"):
        turns.wait_for(host)
        turns.asked(host)
    assert clock.waits == [2.0]
    clock.now += 1.5
    turns.wait_for("a")
    assert clock.waits == [2.0, 0.5]


def test_a_clock_set_back_makes_nobody_wait_for_hours(clock: Clock) -> None:
    """The pause is never longer than asked."""
    turns = Turns(delay=1.0, clock=clock, sleep=clock.sleep)
    turns.asked("a")
    clock.now -= 3600
    turns.wait_for("a", delay=5.0)
    assert clock.waits == [5.0]


def test_an_answer_ends_the_count_of_silence(clock: Clock) -> None:
    """Three failures in a row stop a host; three with an answer between them do not."""
    turns = Turns(delay=1.0, clock=clock, sleep=clock.sleep)
    for _ in range(2):
        turns.silent("a", "no answer")
    turns.answered("a")
    turns.silent("a", "no answer")
    assert turns.why_stopped("a") is None
    turns.silent("a", "no answer")
    turns.silent("a", "no answer")
    assert "a failed to answer 3 times in a row (no answer)" in str(turns.why_stopped("a"))
    assert turns.why_stopped("b") is None

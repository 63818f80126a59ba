"""The measurements say what they measured: pace, screen loss, growth, and texts that are as long as they are asked to be."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pytest

from measure import find_pace, take
from nasty import STRUCTURES, make_nasty
from screen import compare_screened
from soak import GROWTH_MIB, grew_by


def write_readings(path: Path, events: dict[str, int]) -> Path:
    path.write_text("".join(json.dumps({"id": name, "events": [{}] * n}) + "\n" for name, n in events.items()), "utf-8")
    return path


def test_the_pace_is_what_the_peer_prints() -> None:
    assert find_pace("150 reports, 113242 words, 30.0 s, 5.00 reports/s, 3772 words/s\n") == 3772.0


def test_a_process_that_says_no_pace_has_none() -> None:
    assert find_pace("warning: 3 words") is None


def test_a_process_is_measured_with_what_it_wrote(tmp_path: Path) -> None:
    """Standard output goes to the file, standard error beside it."""
    output = tmp_path / "out"
    taken = take([sys.executable, "-c", "import sys; print('x'); print('1 words, 10 words/s', file=sys.stderr)"], output=output)
    assert output.read_text() == "x\n"
    assert taken.words_per_second == 10.0
    assert taken.peak_mib > 1


def test_a_process_that_fails_is_no_measurement(tmp_path: Path) -> None:
    """Guards against a crash being told as a fast run."""
    with pytest.raises(RuntimeError, match="ended with 3"):
        take([sys.executable, "-c", "raise SystemExit(3)"], output=tmp_path / "out")


def test_screen_loss_counts_reports_that_only_the_unscreened_reader_finds(tmp_path: Path) -> None:
    screened = write_readings(tmp_path / "a.jsonl", {"a": 1, "b": 0, "c": 0, "d": 2})
    unscreened = write_readings(tmp_path / "b.jsonl", {"a": 2, "b": 1, "c": 0, "d": 2})
    loss = compare_screened(screened, unscreened)
    assert (loss.reports, loss.yielding, loss.unscreened, loss.lost) == (4, 2, 3, ("b",))
    assert loss.share == pytest.approx(1 / 3)


def test_outputs_over_other_reports_are_not_compared(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="expected the same reports"):
        compare_screened(write_readings(tmp_path / "a.jsonl", {"a": 1}), write_readings(tmp_path / "b.jsonl", {"b": 1}))


def test_memory_that_climbs_is_told() -> None:
    assert grew_by([100.0 + i for i in range(100)]) > GROWTH_MIB
    assert grew_by([100.0, 130.0, 100.0, 100.0] * 25) < 1.0


@pytest.mark.parametrize("name", sorted(STRUCTURES))
def test_a_structure_is_as_long_as_it_is_asked_to_be(name: str) -> None:
    """Twice the argument is about twice the text: else a test of growth measures something else."""
    assert 1.8 < len(STRUCTURES[name](2000)) / len(STRUCTURES[name](1000)) < 2.2


def test_a_seed_gives_the_same_texts_again() -> None:
    """What a soak found can be found again."""
    assert make_nasty(random.Random(5), 5000) == make_nasty(random.Random(5), 5000)


def test_nasty_texts_can_be_encoded() -> None:
    """No lone surrogates: the sources have taken them out before a reader is asked."""
    for seed in range(50):
        make_nasty(random.Random(seed), 500).encode("utf-8")

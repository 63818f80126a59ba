"""Floors hold what was reached: an update raises them and never lowers one."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floors import LESS_IS_BETTER, find_failures, is_below, raise_floors

ROOT = Path(__file__).parents[2]
FIGURE = st.sampled_from(["event_p", "whole_f1", "false_fill"])
VALUE = st.floats(min_value=0.0, max_value=1.0)
FIGURES = st.dictionaries(st.sampled_from(["dev", "check"]), st.dictionaries(FIGURE, VALUE))
MEASURED = st.dictionaries(st.sampled_from(["dev", "check"]), st.dictionaries(FIGURE, VALUE | st.just(math.nan)))


@given(floors=FIGURES, measured=MEASURED)
def test_an_update_never_lowers_a_floor(floors: dict[str, dict[str, float]], measured: dict[str, dict[str, float]]) -> None:
    """Whatever was measured, and a ceiling is never lifted; no floor goes and none comes."""
    raised = raise_floors(floors, measured)
    assert raised.keys() == floors.keys()
    for gold, held in floors.items():
        assert raised[gold].keys() == held.keys()
        for name, floor in held.items():
            if name in LESS_IS_BETTER:
                assert raised[gold][name] <= floor
            else:
                assert raised[gold][name] >= floor


@given(floors=FIGURES, measured=MEASURED)
def test_what_raised_a_floor_passes_it(floors: dict[str, dict[str, float]], measured: dict[str, dict[str, float]]) -> None:
    """Rounding never puts a floor above the value that set it: the only failures after an update are those before it."""
    before = {(gold, name) for gold, name, *_ in find_failures(measured, floors)}
    after = {(gold, name) for gold, name, *_ in find_failures(measured, raise_floors(floors, measured))}
    assert after == before


def test_a_figure_below_its_floor_fails() -> None:
    assert find_failures({"dev": {"event_p": 0.89}}, {"dev": {"event_p": 0.9}}) == [("dev", "event_p", 0.89, 0.9)]


def test_more_false_fill_than_its_ceiling_fails() -> None:
    """false_fill is the one figure of which less is better."""
    assert is_below("false_fill", 0.13, 0.12)
    assert not is_below("false_fill", 0.11, 0.12)


@pytest.mark.parametrize("measured", [{}, {"dev": {}}, {"dev": {"event_p": math.nan}}])
def test_a_floor_that_was_not_measured_fails(measured: dict[str, dict[str, float]]) -> None:
    """Guards against a gold file that is skipped, or a figure that is renamed, passing unseen."""
    ((gold, name, value, floor),) = find_failures(measured, {"dev": {"event_p": 0.9}})
    assert (gold, name, floor) == ("dev", "event_p", 0.9)
    assert math.isnan(value)


def test_the_floors_file_is_well_formed() -> None:
    floors = json.loads((ROOT / "eval" / "floors.json").read_text("utf-8"))
    assert set(floors) == {"dev", "ordinary", "check", "seed"}
    assert all(0.0 <= value <= 1.0 for held in floors.values() for value in held.values())

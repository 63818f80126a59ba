"""What changed since the last run is told report by report, gains apart from losses."""

from __future__ import annotations

from counts import count_report, find_changes, sum_changes

ONE = {"tp": 1, "sys": 2, "gold": 2, "whole": 1, "place_right": 1, "date_right": 1, "size_right": 0, "type_right": 1}


def test_a_report_that_did_not_change_is_left_out() -> None:
    assert find_changes({"a": ONE}, {"a": dict(ONE)}) == {}


def test_a_gain_in_one_report_does_not_hide_a_loss_in_another() -> None:
    """Sums of the two alone would be zero."""
    changes = find_changes({"a": ONE, "b": ONE}, {"a": {**ONE, "whole": 2}, "b": {**ONE, "whole": 0}})
    assert changes == {"a": {"whole": 1}, "b": {"whole": -1}}
    assert sum_changes(changes) == {"whole": (1, 1)}


def test_a_found_event_that_the_gold_lacks_is_spurious() -> None:
    assert find_changes({"a": ONE}, {"a": {**ONE, "sys": 3}}) == {"a": {"spurious": 1}}


def test_a_report_that_only_one_run_has_is_no_change() -> None:
    """Gold that grows is no gain of the reader."""
    assert find_changes({"a": ONE}, {"b": ONE}) == {}


def test_the_counts_are_those_of_the_scorer() -> None:
    """A row as score.py gives it: pairs are (right, of how many)."""
    row = {"tp": 2, "sys": 3, "gold": 4, "whole": (1, 4), "place": (2.0, 2), "date": (1.0, 2), "size": (0.0, 1), "type": (2, 2)}
    assert count_report(row) == {
        "tp": 2, "sys": 3, "gold": 4, "whole": 1, "place_right": 2, "date_right": 1, "size_right": 0, "type_right": 2,
    }  # fmt: skip

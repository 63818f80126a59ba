"""What a change gained and lost is listed by statement."""

from __future__ import annotations

from typing import Any

from changes import count_by_variable, find_changes, list_said, write_changes
from fakes import full_reading


def reading() -> dict[str, Any]:
    return full_reading().to_dict()


def test_the_same_reading_changes_nothing() -> None:
    assert find_changes([reading()], [reading()]) == []


def test_the_order_of_events_and_reports_is_no_change() -> None:
    one, two = reading(), reading() | {"id": "r2"}
    other = reading()
    other["events"] = [*one["events"], two["events"][0] | {"locality": "Hull"}]
    same = other | {"events": other["events"][::-1]}
    assert find_changes([other, two], [two, same]) == []


def test_a_value_read_otherwise_is_one_lost_and_one_gained() -> None:
    new = reading()
    new["events"][0]["locality"] = "Hull"
    (change,) = find_changes([reading()], [new])
    assert [said[:2] for said in change.lost] == [("event.locality", "Leeds")]
    assert [said[:2] for said in change.gained] == [("event.locality", "Hull")]
    assert count_by_variable([change]) == {"event.locality": (1, 1)}


def test_an_event_that_is_told_no_more_loses_all_its_statements() -> None:
    (change,) = find_changes([reading()], [reading() | {"events": []}])
    assert not change.gained
    assert {"event", "event.claims", "event.arrests", "size_high", "locality"} <= {said[0] for said in change.lost}


def test_a_second_event_with_the_same_words_is_counted() -> None:
    """Statements are counted, not merely present or absent: a twin would go unseen in a set."""
    new = reading()
    new["events"] = new["events"] * 2
    (change,) = find_changes([reading()], [new])
    assert list_said(reading()).total() - 1 == len(change.gained)  # all but the roll-up


def test_a_report_that_one_side_lacks_says_nothing_there() -> None:
    (change,) = find_changes([], [reading()])
    assert not change.lost
    assert len(change.gained) == list_said(reading()).total()


def test_the_listing_ends_with_counts() -> None:
    new = reading()
    new["events"][0]["size_high"] = 5
    lines = write_changes(find_changes([reading()], [new]), total=3)
    assert lines[0] == "r1: +1 -1"
    assert "1 of 3 reports changed" in lines
    assert any(line.split() == ["event.size_high", "+1", "-1"] for line in lines)

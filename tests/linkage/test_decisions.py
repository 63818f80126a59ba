"""Decisions of people: they come first, and of two that contradict each other the newest holds."""

from __future__ import annotations

import datetime as dt

import pytest

from headcount.linkage import Account, Decision, link

DAY = dt.date(2020, 6, 6)


def accounts(*names: str, days: int = 0) -> list[Account]:
    """Accounts of one march, or of marches so many days from one another."""
    return [
        Account(
            candidate_id=name, report_id=f"r{name}", event_type="march", date_start=DAY + dt.timedelta(days * number),
            date_end=DAY + dt.timedelta(days * number), date_precision="day", locality="Alder", country="BE", lat=50.0, lon=5.0,
            geonames_id=1, words=tuple(range(1, 9)),
        )
        for number, name in enumerate(names)
    ]  # fmt: skip


def clusters(held: list[Account], *decisions: Decision) -> list[int]:
    """The label of each account."""
    return link(held, decisions).cluster.tolist()


def test_same_joins_what_the_machine_keeps_apart() -> None:
    """A month apart, and of one report: a person's word goes before."""
    held = accounts("a", "b", days=30)
    assert clusters(held) == [0, 1]
    assert clusters(held, ("a", "b", "same")) == [0, 0]
    twins = [held[0], Account(candidate_id="a2", report_id="ra", event_type="march")]
    assert clusters(twins, ("a", "a2", "same")) == [0, 0]


def test_different_holds_through_others() -> None:
    """Each is like the third, yet the two are never brought together."""
    label = clusters(accounts("a", "b", "c"), ("a", "b", "different"))
    assert label[0] != label[1]


def test_same_holds_through_others() -> None:
    """a with b, b with c: all three."""
    assert len(set(clusters(accounts("a", "b", "c", days=30), ("a", "b", "same"), ("b", "c", "same")))) == 1


def test_unsure_takes_back_a_join() -> None:
    """A pair that a person is unsure of is not joined for its own sake."""
    assert clusters(accounts("a", "b")) == [0, 0]
    assert clusters(accounts("a", "b"), ("a", "b", "unsure")) == [0, 1]


def test_the_later_word_on_a_pair_holds() -> None:
    """Judged same, then different, in either order of the names."""
    held = accounts("a", "b")
    assert clusters(held, ("a", "b", "same"), ("b", "a", "different")) == [0, 1]
    assert clusters(held, ("b", "a", "different"), ("a", "b", "same")) == [0, 0]


def test_of_a_contradictory_chain_the_oldest_yields_and_is_told() -> None:
    """a = b, b = c, then a and c are two: the oldest word is overruled, and nobody is left to guess."""
    linked = link(accounts("a", "b", "c"), [("a", "b", "same"), ("b", "c", "same"), ("a", "c", "different")])
    label = linked.cluster.tolist()
    assert label[0] != label[2]
    assert label[1] == label[2]
    assert linked.overruled == (("a", "b", "same"),)


def test_a_decision_on_an_unknown_account_is_told() -> None:
    """An account may be gone after re-coding: its decision waits."""
    assert link(accounts("a"), [("a", "gone", "same")]).unplaced == (("a", "gone", "same"),)


def test_what_is_no_decision_is_refused() -> None:
    """A misspelt verdict, an account against itself."""
    with pytest.raises(ValueError, match="expected same, different or unsure"):
        link(accounts("a", "b"), [("a", "b", "maybe")])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="found one twice"):
        link(accounts("a"), [("a", "a", "same")])


def test_a_decided_pair_is_marked_as_a_persons() -> None:
    """Whoever asks for reasons learns that a person decided."""
    linked = link(accounts("a", "b"), [("a", "b", "different")])
    assert linked.pairs.by_person.tolist() == [True]
    assert linked.pairs.verdict.tolist() == [2]

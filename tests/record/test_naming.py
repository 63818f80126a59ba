"""Permanent ids of events: whatever is merged, parted or told no more, an id means what it meant, and leads somewhere."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from headcount.record.naming import Name, Named, name_clusters


def clusters(*groups: str) -> dict[str, int]:
    """Labels of candidates that are written together: "ab c" is two events."""
    return {one: number for number, group in enumerate(groups) for one in group}


def members_of(labels: dict[str, int], named: Named) -> dict[str, str]:
    return {one: named.of_label[label] for one, label in labels.items()}


def follow(names: tuple[Name, ...], event_id: str) -> Name:
    """Where an id leads; an assertion fails where it leads nowhere or in a circle."""
    by_id = {name.event_id: name for name in names}
    seen = set()
    while by_id[event_id].state == "merged":
        assert event_id not in seen, "a circle"
        seen.add(event_id)
        into = by_id[event_id].merged_into
        assert into is not None
        event_id = into
    return by_id[event_id]


def derive(*steps: tuple[str, ...]) -> tuple[Named, dict[str, str]]:
    """The ledger after several derivations, and the members of the last."""
    named, members = Named(names=(), of_label={}), {}
    for groups in steps:
        labels = clusters(*groups)
        named = name_clusters(labels, named.names, members)
        members = members_of(labels, named)
    return named, members


def test_the_older_id_stays_and_the_other_leads_to_it() -> None:
    """After a merge both ids are good; after it is undone both events have their own again."""
    _, apart = derive(("a", "b"))
    merged, members = derive(("a", "b"), ("ab",))
    assert members == {"a": apart["a"], "b": apart["a"]}
    assert follow(merged.names, apart["b"]).event_id == apart["a"]
    assert derive(("a", "b"), ("ab",), ("a", "b"))[1] == apart


def test_an_id_outlives_the_account_that_founded_it() -> None:
    """A report corrected away takes no event with it that other reports tell of."""
    before, members = derive(("ab",))
    after, left = derive(("ab",), ("b",))
    assert left["b"] == members["b"]
    assert [name.state for name in after.names] == ["live"]
    assert before.names[0].event_id == after.names[0].event_id


def test_an_id_stays_where_the_only_account_left_founded_another() -> None:
    """a and b were merged under a's id; a is told no more: the event keeps that id, and b's still leads to it."""
    _, apart = derive(("a", "b"))
    named, members = derive(("a", "b"), ("ab",), ("b",))
    assert members == {"b": apart["a"]}
    assert follow(named.names, apart["b"]).event_id == apart["a"]


def test_an_id_that_was_merged_leads_on_when_its_account_is_gone() -> None:
    """b was merged into a's event; that b is told no more changes nothing for whoever noted its id."""
    _, apart = derive(("a", "b"))
    named, _ = derive(("a", "b"), ("ab",), ("a",))
    assert follow(named.names, apart["b"]) == follow(named.names, apart["a"])
    assert follow(named.names, apart["a"]).state == "live"


def test_an_event_that_nobody_tells_any_more_says_so() -> None:
    """Its id is kept with the reason, and comes back with its account."""
    gone, _ = derive(("a", "b"), ("a",))
    last = gone.names[1]
    assert (last.state, last.merged_into) == ("gone", None)
    assert "no report" in last.reason
    assert derive(("a", "b"), ("a",), ("a", "b"))[1] == derive(("a", "b"))[1]


def test_a_withdrawn_event_is_not_brought_back_by_linkage() -> None:
    """A person withdrew b's event; that linkage now joins a to it does not undo that, and parting them brings a back alone."""
    first, apart = derive(("a", "b"))
    ledger = [name if name.founder != "b" else Name(event_id=name.event_id, number=2, founder="b", state="withdrawn", reason="no")
              for name in first.names]  # fmt: skip
    joined = name_clusters(clusters("ab"), ledger, apart)
    assert follow(joined.names, apart["a"]).state == "withdrawn"
    again = name_clusters(clusters("a", "b"), joined.names, members_of(clusters("ab"), joined))
    assert {name.founder: name.state for name in again.names} == {"a": "live", "b": "withdrawn"}


def test_an_account_that_comes_and_goes_founds_an_event_each_time() -> None:
    """Its event has passed to another account meanwhile: a new id, never one that means something else."""
    named, members = Named(names=(), of_label={}), {}
    for count in range(6):
        others = "bcdefgh"[:count]
        fresh = "bcdefgh"[count]
        for groups in ((f"a{fresh}", *others), (fresh, *others)):
            labels = clusters(*groups)
            named = name_clusters(labels, named.names, members)
            members = members_of(labels, named)
    assert len({name.event_id for name in named.names}) == len(named.names) == 6
    assert {name.founder for name in named.names} == set("bcdefg")


CANDIDATES = "abcdefgh"


class Ids(RuleBasedStateMachine):
    """Random derivations over eight accounts, each told or not, in random clusters, some events withdrawn and restored."""

    @initialize()
    def begin(self) -> None:
        self.names: tuple[Name, ...] = ()
        self.members: dict[str, str] = {}
        self.labels: dict[str, int] = {}
        self.of_label: dict[int, str] = {}
        self.numbers: dict[str, int] = {}

    @rule(labels=st.dictionaries(st.sampled_from(CANDIDATES), st.integers(0, 4)))
    def derive(self, labels: dict[str, int]) -> None:
        named = name_clusters(labels, self.names, self.members)
        self.labels, self.names, self.of_label = labels, named.names, named.of_label
        self.members = members_of(labels, named)

    @rule(number=st.integers(0, 20))
    def withdraw_or_restore(self, number: int) -> None:
        if self.names:
            at = number % len(self.names)
            name = self.names[at]
            state = {"live": "withdrawn", "withdrawn": "live"}.get(name.state)
            if state is not None:
                changed = Name(event_id=name.event_id, number=name.number, founder=name.founder, state=state, reason="test")
                self.names = (*self.names[:at], changed, *self.names[at + 1 :])

    @rule()
    def derive_again(self) -> None:
        before, members = self.names, dict(self.members)
        self.derive(dict(self.labels))
        again = self.names
        self.derive(dict(self.labels))
        assert self.names == again, "the same accounts twice gave other ids"
        assert all(self.members[one] == members[one] for one in members) or before != again

    @invariant()
    def ids_are_permanent(self) -> None:
        ids = [name.event_id for name in self.names]
        assert len(set(ids)) == len(ids)
        assert len({name.number for name in self.names}) == len(ids)
        for event_id, number in self.numbers.items():
            assert any(name.event_id == event_id and name.number == number for name in self.names), "an id was forgotten"
        self.numbers = {name.event_id: name.number for name in self.names}

    @invariant()
    def every_id_leads_somewhere(self) -> None:
        for name in self.names:
            end = follow(self.names, name.event_id)
            assert end.state in ("live", "gone", "withdrawn")
            assert end.state == "live" or end.reason

    @invariant()
    def no_two_clusters_share_an_id(self) -> None:
        given_ids = [self.of_label[label] for label in set(self.labels.values())]
        assert len(set(given_ids)) == len(given_ids)
        states = {name.event_id: name.state for name in self.names}
        for one, event_id in self.members.items():
            assert states[event_id] in ("live", "withdrawn"), (one, event_id)
        taken = [name for name in self.names if name.state == "live" and name.event_id not in set(given_ids)]
        assert not taken or self.withdrawn_since(taken), "a live id without an event"

    def withdrawn_since(self, taken: list[Name]) -> bool:
        """A restored event has its accounts again only when events are derived."""
        return all(name.reason == "test" for name in taken)


TestIds = Ids.TestCase
TestIds.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


@given(
    groups=st.lists(st.text(CANDIDATES, min_size=1, max_size=3), min_size=1, max_size=4),
    data=st.data(),
)
def test_nothing_depends_on_labels_or_on_order(groups: list[str], data: st.DataObject) -> None:
    """The same clusters under other numbers, told in another order, have the same ids."""
    labels = clusters(*groups)
    shuffled = data.draw(st.permutations(sorted(labels)))
    renamed = {one: 1000 - labels[one] for one in shuffled}
    assert members_of(labels, name_clusters(labels, (), {})) == members_of(renamed, name_clusters(renamed, (), {}))


def test_the_account_told_first_founds_the_event() -> None:
    """A reprint of a day later, split off, takes no id with it; without days the smaller id founds."""
    labels = clusters("ab")
    assert name_clusters(labels, (), {}, told={"a": "2022-10-04", "b": "2022-10-03"}).names[0].founder == "b"
    assert name_clusters(labels, (), {}, told={"b": "2022-10-03"}).names[0].founder == "b"
    assert name_clusters(labels, (), {}).names[0].founder == "a"

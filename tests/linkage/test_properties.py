"""What holds for any accounts and any decisions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from headcount.linkage import VERDICTS, Account, Accounts, Decision, Linked, link

DAY = dt.date(2020, 6, 6)
TOWNS = [("Alder", 50.0, 5.0, 1), ("Birch", 50.05, 5.05, 2), ("Cedar", 50.6, 5.0, 3), (None, None, None, None)]
WORDS = st.lists(st.integers(1, 40), max_size=12, unique=True).map(lambda words: tuple(sorted(word * 90_000_001 for word in words)))


@st.composite
def accounts_lists(draw: st.DrawFn) -> list[Account]:
    """Up to a dozen accounts of few reports, towns and days: much to confuse."""
    accounts = []
    for number in range(draw(st.integers(0, 12))):
        town, lat, lon, place = draw(st.sampled_from(TOWNS))
        day = draw(st.sampled_from([None, *(DAY + dt.timedelta(days=days) for days in (0, 0, 0, 1, 7))]))
        report = draw(st.sampled_from("RSTUVW"))
        kind = draw(st.sampled_from(["march", "rally", "march", "counter-protest"]))
        accounts.append(
            Account(
                candidate_id=f"{report}{number}", report_id=report, event_type=kind, published=DAY, locality=town, lat=lat, lon=lon,
                geonames_id=place, country=draw(st.sampled_from(["BE", None])), date_start=day, date_end=day,
                date_precision="day" if day else "unknown", words=draw(WORDS), size_low=draw(st.sampled_from([None, 37, 500])),
                macroevent=draw(st.sampled_from([None, None, f"{report}m"])), copy_group=draw(st.sampled_from([None, "c"])),
            )
        )  # fmt: skip
    return accounts


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Account], list[Decision]]:
    """Accounts, and what people decided of some pairs."""
    accounts = draw(accounts_lists())
    if len(accounts) < 2:
        return accounts, []
    ids = [account.candidate_id for account in accounts]
    pairs = st.sampled_from(list(combinations(ids, 2)))
    decisions = draw(st.lists(st.tuples(pairs, st.sampled_from(VERDICTS)), max_size=8))
    return accounts, [(left, right, verdict) for (left, right), verdict in decisions]


def partition(accounts: Sequence[Account], linked: Linked) -> set[frozenset[str]]:
    """The clusters as sets of candidate ids."""
    found: dict[int, set[str]] = {}
    for account, label in zip(accounts, linked.cluster.tolist(), strict=True):
        found.setdefault(label, set()).add(account.candidate_id)
    return {frozenset(ids) for ids in found.values()}


@settings(max_examples=60)
@given(worlds(), st.integers(0, 1000))
def test_the_order_of_accounts_changes_nothing(world: tuple[list[Account], list[Decision]], seed: int) -> None:
    """Shards, restarts and re-runs bring accounts in any order."""
    accounts, decisions = world
    shuffled = random.Random(seed).sample(accounts, len(accounts))
    first, second = link(accounts, decisions), link(shuffled, decisions)
    assert partition(accounts, first) == partition(shuffled, second)
    told = [
        {(frozenset((held[left].candidate_id, held[right].candidate_id)), round(score, 6), int(verdict))
         for left, right, score, verdict in zip(linked.pairs.left.tolist(), linked.pairs.right.tolist(),
                                                linked.pairs.score.tolist(), linked.pairs.verdict.tolist(), strict=True)}
        for held, linked in ((accounts, first), (shuffled, second))
    ]  # fmt: skip
    assert told[0] == told[1]


@settings(max_examples=100)
@given(worlds())
def test_what_people_decided_holds(world: tuple[list[Account], list[Decision]]) -> None:
    """Same is joined and different is apart, also through others, but for what newer decisions contradict."""
    accounts, decisions = world
    linked = link(accounts, decisions)
    label = {account.candidate_id: cluster for account, cluster in zip(accounts, linked.cluster.tolist(), strict=True)}
    newest = {frozenset(decision[:2]): decision for decision in decisions}
    for left, right, verdict in newest.values():
        if (left, right, verdict) in linked.overruled:
            continue
        if verdict == "same":
            assert label[left] == label[right]
        if verdict == "different":
            assert label[left] != label[right]
    if decisions:
        assert decisions[-1] not in linked.overruled


@settings(max_examples=100)
@given(accounts_lists())
def test_no_event_holds_two_accounts_of_one_report(accounts: list[Account]) -> None:
    """Unless a person says so."""
    for cluster in partition(accounts, link(accounts)):
        reports = [name[0] for name in cluster]
        assert len(reports) == len(set(reports))


@settings(max_examples=40)
@given(accounts_lists())
def test_linking_what_is_linked_changes_nothing(accounts: list[Account]) -> None:
    """A re-run with the machine's own clusters told as people's decisions gives these clusters."""
    linked = link(accounts)
    decisions: list[Decision] = [
        (accounts[left].candidate_id, accounts[right].candidate_id, "same")
        for left, right in combinations(range(len(accounts)), 2)
        if linked.cluster[left] == linked.cluster[right]
    ]
    again = link(accounts, decisions)
    for group in partition(accounts, linked):
        assert any(group <= other for other in partition(accounts, again))


@settings(max_examples=40)
@given(accounts_lists())
def test_columns_and_accounts_are_the_same(accounts: list[Account]) -> None:
    """A record that reads columns from a table gets what one gets who hands over accounts."""
    names = ("candidate_id", "report_id", "event_type", "published", "locality", "country", "lat", "lon", "geonames_id",
             "date_start", "date_end", "date_precision", "words", "size_low", "macroevent", "copy_group")  # fmt: skip
    columns = {name: [getattr(account, name) for account in accounts] for name in names}
    columns["date_start"] = [day and day.isoformat() for day in columns["date_start"]]
    assert link(Accounts.from_columns(columns)).cluster.tolist() == link(accounts).cluster.tolist()

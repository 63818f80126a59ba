"""The table of comparisons, columns of accounts, words, and blocks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from headcount.linkage import Account, Accounts, Terms, compare_all, find_times, hash_words, link, pack_words, rulebook
from headcount.linkage.accounts import KINDS
from headcount.linkage.blocking import WINDOW, propose_pairs
from headcount.linkage.judging import write_reasons
from headcount.linkage.levels import COMPARISONS
from world import make_world

DAY = dt.date(2020, 6, 6)


def test_the_table_has_the_comparisons_that_are_filled() -> None:
    """A comparison without code, or code without its comparison, would score by chance."""
    assert tuple(comparison.name for comparison in rulebook().comparisons) == COMPARISONS
    assert all(len(comparison.levels) <= 127 for comparison in rulebook().comparisons)


def test_every_reason_can_be_told() -> None:
    """No level asks for what nobody can tell, whatever is unknown of the accounts."""
    bare = [Account(candidate_id=name, report_id=name, event_type="march") for name in "ab"]
    full = [
        Account(candidate_id=name, report_id=name, event_type=kind, date_start=DAY, date_end=DAY + dt.timedelta(2),
                locality="Alder", lat=50.0, lon=5.0, size_low=5, size_high=9)
        for name, kind in (("a", "march"), ("b", "rally"))
    ]  # fmt: skip
    for column, comparison in enumerate(rulebook().comparisons):
        for code in range(len(comparison.levels)):
            levels = np.zeros(len(COMPARISONS), dtype=np.int8)
            levels[column] = code
            for left, right in (bare, full):
                assert all("{" not in reason for reason in write_reasons(left, right, levels))


def test_columns_are_checked() -> None:
    """An unknown column, a short one, an id told twice: stop."""
    good = {"candidate_id": ["a"], "report_id": ["r"], "event_type": ["march"]}
    with pytest.raises(ValueError, match="found colour"):
        Accounts.from_columns({**good, "colour": ["red"]})
    with pytest.raises(ValueError, match="expected 1 values in lat"):
        Accounts.from_columns({**good, "lat": [1.0, 2.0]})
    with pytest.raises(ValueError, match="a column report_id, found none"):
        Accounts.from_columns({"candidate_id": ["a"], "event_type": ["march"]})
    with pytest.raises(ValueError, match="told twice"):
        Accounts.from_columns({"candidate_id": ["a", "a"], "report_id": ["r", "s"], "event_type": ["march", "march"]})


def test_words_survive_a_table() -> None:
    """Packed as a blob and read back."""
    words = hash_words("readers with lanterns at Astley library")
    assert Terms.from_blobs([pack_words(words), b""]).row(0) == words


def test_words_leave_out_what_all_reports_hold() -> None:
    """Stop words, words of the news, days, numbers, the town itself."""
    assert hash_words("On Saturday about 500 protesters marched in Leeds, police said", leave_out=["Leeds"]) == ()
    assert hash_words("the library's closure") == hash_words("closures of libraries".replace("closures", "closure"))


def test_parts_of_the_day_are_found() -> None:
    """Noon is midday; a name is none."""
    assert find_times("at noon and again on Sunday evening") == ("evening", "midday")


def test_a_crowded_block_stays_bounded() -> None:
    """Two thousand accounts of one day and town: each meets some, none meets all."""
    columns = {
        "candidate_id": [f"{number:05}" for number in range(2000)],
        "report_id": [f"r{number}" for number in range(2000)],
        "event_type": [KINDS[0]] * 2000,
        "date_start": [DAY] * 2000, "date_end": [DAY] * 2000, "date_precision": ["day"] * 2000,
        "locality": ["Alder"] * 2000, "lat": [50.0] * 2000, "lon": [5.0] * 2000, "geonames_id": [1] * 2000,
        "words": [hash_words(f"word{number % 400} thing{number % 400} place{number % 400}") for number in range(2000)],
    }  # fmt: skip
    accounts = Accounts.from_columns(columns)
    held = compare_all(accounts)
    left, _ = propose_pairs(accounts, held.days, held.idf)
    assert len(left) < 2000 * WINDOW * 5
    label = link(accounts).cluster
    assert all(label[number] == label[number + 400] for number in range(400))


@pytest.mark.parametrize("seed", [7, 8])
def test_a_small_made_world_is_linked_well(seed: int) -> None:
    """Looser than the targets of the bench, which runs larger worlds: this holds against a break, not a slip."""
    from linkage import b_cubed

    world = make_world(events=250, seed=seed)
    precision, recall = b_cubed(np.array(world.truth), link(world.accounts).cluster)
    assert precision.mean() > 0.94
    assert recall.mean() > 0.85


def test_nothing_is_linked_of_nothing() -> None:
    """No accounts, or one."""
    assert link([]).cluster.tolist() == []
    assert link([Account(candidate_id="a", report_id="r", event_type="march")]).cluster.tolist() == [0]

"""Pairs of short reports, read and linked end to end: every two events stay apart, nearly all one event are joined."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import headcount
from headcount.linkage import COPY_SIMILARITY, Account, describe_account, link, similarity, sketch_text

PAIRS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "pairs.toml").read_text(encoding="utf-8"))["pair"]
JOINED_SHARE = 0.9
"""Issue 3: at least 9 in 10 of the same are joined."""


@cache
def accounts_of(name: str) -> tuple[tuple[Account, ...], tuple[Account, ...]]:
    """The accounts of both reports of a pair."""
    pair = next(pair for pair in PAIRS if pair["name"] == name)
    sides = []
    for side in ("left", "right"):
        published, publisher, text = pair[side]
        reading = headcount.read(text, published=published, publisher=publisher)
        sides.append(tuple(describe_account(event, reading.report) for event in reading.events))
    return sides[0], sides[1]


def share_event(name: str) -> bool:
    """Whether an account of the left report and one of the right are one event."""
    left, right = accounts_of(name)
    clusters = link([*left, *right]).cluster.tolist()
    return bool(set(clusters[: len(left)]) & set(clusters[len(left) :]))


def names(*wanted: str) -> list[str]:
    """The pairs of those kinds."""
    return [pair["name"] for pair in PAIRS if pair["wanted"] in wanted]


def test_there_are_sixty_pairs_of_every_kind() -> None:
    """At least 60, each told once."""
    assert len(PAIRS) >= 60
    assert len({pair["name"] for pair in PAIRS}) == len(PAIRS)
    assert min(len(names("same")), len(names("different"))) >= 25


@pytest.mark.parametrize("name", names("different"))
def test_two_events_stay_apart(name: str) -> None:
    """Every one: a wrong join spoils a record more than a missed one."""
    left, right = accounts_of(name)
    assert left, "the reader reads no event in the left report"
    assert right, "the reader reads no event in the right report"
    assert not share_event(name)


def test_one_event_is_joined_nine_times_in_ten() -> None:
    """Of the pairs that tell of one event."""
    missed = [name for name in names("same", "copy", "own") if not share_event(name)]
    assert len(missed) <= (1 - JOINED_SHARE) * len(names("same", "copy", "own")), missed


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair["wanted"] in ("copy", "own")], ids=lambda pair: str(pair["name"]))
def test_near_copies_are_told_from_own_reports(pair: dict[str, Any]) -> None:
    """A changed headline, a cut tail, another figure: still a copy. Another reporter's words: none."""
    alike = similarity(sketch_text(pair["left"][2]), sketch_text(pair["right"][2]))
    assert (alike >= COPY_SIMILARITY) == (pair["wanted"] == "copy")


def test_all_pairs_together_are_linked_as_one_by_one() -> None:
    """Other reports beside them, about the same towns and days, lead no pair of two events together."""
    accounts = []
    for place, pair in enumerate(PAIRS):
        for side, held in zip(("left", "right"), accounts_of(pair["name"]), strict=True):
            for number, account in enumerate(held):
                own = f"{place:03}{side}"
                accounts.append((pair, side, _renamed(account, own, number)))
    clusters = link([account for _, _, account in accounts]).cluster.tolist()
    for name in names("different"):
        sides = [
            {cluster for (pair, held, _), cluster in zip(accounts, clusters, strict=True) if pair["name"] == name and held == side}
            for side in ("left", "right")
        ]
        assert not sides[0] & sides[1], name


def _renamed(account: Account, report: str, number: int) -> Account:
    from dataclasses import replace

    return replace(account, candidate_id=f"{report}/{number}", report_id=report, macroevent=None)

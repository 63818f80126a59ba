"""Which accounts are one event: blocks, comparisons, clusters, ties."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import NO_CODE, Account, Accounts
from headcount.linkage.blocking import place_keys, propose_pairs
from headcount.linkage.clustering import choose_partners, cluster_pairs, components, join_clusters, undecided
from headcount.linkage.comparing import Compared, compare, compare_all
from headcount.linkage.decisions import Decision, Settled, settle_decisions
from headcount.linkage.judging import SAME, UNSURE, VERDICTS, JudgedPairs, judge_scores
from headcount.linkage.levels import Levels, Rulebook, rulebook
from headcount.linkage.pooling import pool_accounts
from headcount.linkage.terms import PAIRS_AT_ONCE, distinct
from headcount.linkage.ties import find_witnesses, tie_macroevents

Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linked:
    """Which accounts are one event. Rows are those of the accounts as given; a cluster is named by one of its rows."""

    cluster: Longs
    """For each account the row of its cluster's account with the least candidate id."""

    witness: Longs
    """For each account the row of the first account of its cluster that repeats the same text: one witness, one label."""

    pairs: JudgedPairs
    """All pairs that were compared and are not hopeless."""

    ties: Longs
    """Two columns: the cluster of a counter-protest, the cluster of the event that it targets."""

    overruled: tuple[Decision, ...] = ()
    """People's decisions that newer ones contradict; they do not hold."""

    unplaced: tuple[Decision, ...] = ()
    """People's decisions on accounts that are not among those given."""


def link(accounts: Accounts | Iterable[Account], decisions: Iterable[Decision] = ()) -> Linked:
    """Which accounts are one event. The order of the accounts changes nothing; that of the decisions does: the last holds."""
    given = accounts if isinstance(accounts, Accounts) else Accounts.from_accounts(accounts)
    order = np.array(sorted(range(len(given)), key=given.candidate_ids.__getitem__), dtype=np.int64)
    held = given.take(order)
    rules = rulebook()
    settled = settle_decisions(decisions, {name: row for row, name in enumerate(held.candidate_ids)} if decisions else {})
    compared = compare_all(held)
    left, right, levels, score = _judge(compared, rules)
    _, has_place = place_keys(held)
    open_ = ~compared.days.dated | (held.town == NO_CODE) | ~has_place
    labels = cluster_pairs(held.report, left, right, score, open_=open_, settled=settled, rules=rules)
    free = undecided(left, right, len(held), settled)
    copied = rules.is_level(levels, "words", "copied") | rules.is_level(levels, "text", "copy")
    voices = components(len(held), left[copied], right[copied])
    labels = look_again(compared, labels, left[free], right[free], voices=voices, settled=settled, rules=rules)
    verdict = judge_scores(score, rules)
    apart = labels[left] != labels[right]
    verdict[apart & (verdict == SAME) & (open_[left] != open_[right])] = UNSURE
    by_person = _tell_decided(verdict, left, right, settled, len(held))
    ties = tie_macroevents(held, labels, left, right, score, levels, rules)
    return Linked(
        cluster=_given_order(labels, order),
        witness=_given_order(find_witnesses(held, labels, left, right), order),
        pairs=JudgedPairs(left=order[left], right=order[right], score=score, levels=levels, verdict=verdict, by_person=by_person),
        ties=order[ties],
        overruled=settled.overruled,
        unplaced=settled.unplaced,
    )


def look_again(
    compared: Compared, labels: Longs, left: Longs, right: Longs, *, voices: Longs, settled: Settled, rules: Rulebook
) -> Longs:
    """Clusters after a second look at what each tells as a whole, first those with day and place, then the open ones.

    ``voices`` names for each account the first of those that copy one another.
    """
    report = compared.accounts.report
    for turn in ("firm", "open"):
        one, other, score, open_ = _pool_and_judge(compared, labels, left, right, voices, rules)
        loose = open_[0] != open_[1]
        if turn == "firm":
            kept = ~loose
            labels = join_clusters(
                report, labels, one[kept], other[kept], score[kept], settled=settled, rules=rules, least=rules.same
            )
        else:
            at = np.flatnonzero(loose)
            ends, firm = np.where(open_[0], one, other)[at], np.where(open_[0], other, one)[at]
            chosen = np.full(len(score), -np.inf)
            clear = choose_partners(ends, firm, score[at], rules=rules)
            chosen[at[clear]] = score[at[clear]]
            labels = join_clusters(
                report, labels, one, other, np.where(loose, chosen, score), settled=settled, rules=rules, least=rules.same
            )
    return labels


def _pool_and_judge(
    compared: Compared, labels: Longs, left: Longs, right: Longs, voices: Longs, rules: Rulebook
) -> tuple[Longs, Longs, Floats, tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """Pairs of clusters that have a compared pair between them: their labels, their score, and whether each is open."""
    pooled, into = pool_accounts(compared.accounts, compared.days, labels)
    name = distinct(labels)
    one, other = np.minimum(into[left], into[right]), np.maximum(into[left], into[right])
    pairs = distinct((one * len(name) + other)[one != other])
    one, other = pairs // len(name), pairs % len(name)
    again = compare_all(pooled)
    several = np.bincount(distinct(into * len(labels) + voices) // len(labels), minlength=len(name)) > 1
    scores: list[Floats] = []
    for begin in range(0, max(len(one), 1), PAIRS_AT_ONCE):
        part = slice(begin, begin + PAIRS_AT_ONCE)
        levels = compare(again, one[part], other[part])
        slip = rules.is_level(levels, "date", "next_day", "few_days") | rules.is_level(levels, "place", "near", "neighbours")
        told = several[one[part]].astype(int) + several[other[part]]
        # what two single papers say was judged in the first look
        scores.append(
            rules.score(levels) + np.where(slip & (told == 2), rules.two_papers, 0.0) + np.where(told > 0, rules.again, 0.0)
        )
    score = np.concatenate(scores)
    _, has_place = place_keys(pooled)
    open_ = ~again.days.dated | (pooled.town == NO_CODE) | ~has_place
    return name[one], name[other], score, (open_[one], open_[other])


def _given_order(labels: Longs, order: Longs) -> Longs:
    """Labels by the rows as they were given."""
    out = np.empty(len(labels), dtype=np.int64)
    out[order] = order[labels]
    return out


def _judge(compared: Compared, rules: Rulebook) -> tuple[Longs, Longs, Levels, Floats]:
    """The pairs worth keeping with their levels and scores, compared a million at a time."""
    left, right = propose_pairs(compared.accounts, compared.days, np.where(compared.told_again, compared.idf, 0.0))
    kept: list[tuple[Longs, Longs, Levels, Floats]] = []
    for begin in range(0, max(len(left), 1), PAIRS_AT_ONCE):
        one, other = left[begin : begin + PAIRS_AT_ONCE], right[begin : begin + PAIRS_AT_ONCE]
        levels = compare(compared, one, other)
        score = rules.score(levels)
        worth = score >= rules.keep
        kept.append((one[worth], other[worth], levels[worth], score[worth]))
    return (
        np.concatenate([part[0] for part in kept]),
        np.concatenate([part[1] for part in kept]),
        np.concatenate([part[2] for part in kept]),
        np.concatenate([part[3] for part in kept]),
    )


def _tell_decided(verdict: NDArray[np.int8], left: Longs, right: Longs, settled: Settled, count: int) -> NDArray[np.bool_]:
    """Writes people's decisions over the machine's verdicts; tells which pairs they are."""
    by_person = np.zeros(len(left), dtype=np.bool_)
    key = left * count + right
    for name, pairs in (("same", settled.same), ("different", settled.different), ("unsure", settled.unsure)):
        mine = np.isin(key, np.array([one * count + other for one, other in pairs], dtype=np.int64))
        verdict[mine] = VERDICTS.index(name)
        by_person |= mine
    return by_person

"""From judged pairs to clusters: one cluster, one event.

Where the pairs of a group agree, the group is a cluster. Where they contradict each other, its clusters grow from the
surest pair on, and none joins what may not be joined. Accounts with an open day or place come last: each needs one partner
that is clearly the best.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.agglomerating import NEVER, Clusters
from headcount.linkage.decisions import Settled
from headcount.linkage.levels import Rulebook
from headcount.linkage.terms import FEW_ACCOUNTS

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

LARGEST_GROUP: Final = 3000
"""A group in which accounts contradict each other and that is larger is first taken apart at higher odds."""

STEP: Final = 1.0
PASSES: Final = 12


def components(count: int, left: Longs, right: Longs) -> Longs:
    """The group of each row, named by its first row."""
    if count > FEW_ACCOUNTS:
        from scipy.sparse import coo_matrix, csgraph  # type: ignore[import-untyped]

        graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
        return name_by_first(csgraph.connected_components(graph.tocsr(), directed=False)[1].astype(np.int64))
    first = list(range(count))

    def root(row: int) -> int:
        while first[row] != row:
            first[row] = row = first[first[row]]
        return row

    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return np.array([root(row) for row in range(count)], dtype=np.int64)


def name_by_first(labels: Longs) -> Longs:
    """Labels renamed to the first row that bears them."""
    first = np.zeros(int(labels.max(initial=0)) + 1, dtype=np.int64)
    first[labels[::-1]] = np.arange(len(labels), dtype=np.int64)[::-1]  # the last to be written is the first row
    named: Longs = first[labels]
    return named


def cluster_pairs(
    report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, *, open_: Bools, settled: Settled, rules: Rulebook
) -> Longs:
    """The cluster of each account, named by its first row, from the pairs of accounts alone.

    ``open_`` marks accounts whose day or place is open: pairs of one such and one with both told are left for ``look_again``.
    Rows must be in the accounts' own order (by candidate id), so that the answer does not hang on that in which they came.
    """
    loose = open_[left] != open_[right]
    agree = undecided(left, right, len(report), settled) & ~loose & (score >= rules.same)
    return _cluster(report, left, right, score, agree, settled, rules)


def undecided(left: Longs, right: Longs, count: int, settled: Settled) -> Bools:
    """Which pairs no person decided."""
    judged = np.array([one * count + other for one, other in settled.different + settled.unsure + settled.same], dtype=np.int64)
    free: Bools = ~np.isin(left * count + right, judged)
    return free


def join_clusters(
    report: NDArray[np.int32], labels: Longs, left: Longs, right: Longs, score: Floats, *, settled: Settled, rules: Rulebook,
    least: float,
) -> Longs:  # fmt: skip
    """Clusters joined where their pooled accounts speak for it: ``left`` and ``right`` are labels, ``score`` of the pooled."""
    edges = score >= least
    if not edges.any():
        return labels
    joined = components(len(labels), left[edges], right[edges])[labels]
    must, parted = _as_columns(settled.same), _as_columns(settled.different)
    torn = _torn(report, joined, left, right, score, must, parted, rules)
    rows = np.flatnonzero(torn[joined])
    if len(rows):
        inside = (joined[left] == joined[right]) & torn[joined[left]]
        grown = _grow(
            rows,
            labels[rows],
            joined,
            report,
            left[inside],
            right[inside],
            score[inside],
            edges[inside],
            settled,
            refuse=rules.refuse,
        )
        joined = joined.copy()
        joined[rows] = grown + len(labels)
    return name_by_first(joined)


def _as_columns(pairs: tuple[tuple[int, int], ...]) -> Longs:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _cluster(
    report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, edges: Bools, settled: Settled, rules: Rulebook
) -> Longs:
    count = len(report)
    must, parted = _as_columns(settled.same), _as_columns(settled.different)
    least = rules.same
    kept = edges
    labels = np.arange(count, dtype=np.int64)
    for _ in range(PASSES):
        labels = components(count, np.concatenate([left[kept], must[:, 0]]), np.concatenate([right[kept], must[:, 1]]))
        torn = _torn(report, labels, left, right, score, must, parted, rules)
        large = torn & (np.bincount(labels, minlength=count) > LARGEST_GROUP)
        if not large.any():
            break
        least += STEP
        kept = kept & ~(large[labels[left]] & (score < least))
    rows = np.flatnonzero(torn[labels])
    if not len(rows):
        return labels
    inside = (labels[left] == labels[right]) & torn[labels[left]]
    grown = _grow(
        rows, rows, labels, report, left[inside], right[inside], score[inside], kept[inside], settled, refuse=rules.refuse
    )
    labels[rows] = grown + count
    return name_by_first(labels)


def _torn(
    report: NDArray[np.int32], labels: Longs, left: Longs, right: Longs, score: Floats, must: Longs, parted: Longs, rules: Rulebook
) -> Bools:
    """By name of group: whether its accounts contradict each other, or people judged of them."""
    count = len(labels)
    torn = np.zeros(count, dtype=np.bool_)
    key = np.sort(labels * (int(report.max(initial=0)) + 1) + report)
    twice = key[1:][key[1:] == key[:-1]] // (int(report.max(initial=0)) + 1)
    torn[twice] = True
    against = (labels[left] == labels[right]) & (score < rules.different)
    torn[labels[left[against]]] = True
    torn[labels[must[:, 0]]] = True
    torn[labels[parted].ravel()] = True
    return torn


def _grow(
    rows: Longs, begun: Longs, group: Longs, report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, edges: Bools,
    settled: Settled, *, refuse: float,
) -> Longs:  # fmt: skip
    """The clusters of ``rows`` after joining along ``edges``, surest first; ``begun`` is the cluster that each begins in.

    ``group`` names for every account the group that it cannot leave. Groups are taken one by one, each small and soon
    forgotten: all at once, a million accounts cost twice the time for each.
    """
    by_group = np.argsort(group[rows], kind="stable")
    sort = np.lexsort((right, left, -score, group[left]))
    left, right, score, edges = left[sort], right[sort], score[sort], edges[sort]
    names = group[rows[by_group]]
    firsts = np.flatnonzero(np.concatenate([[True], names[1:] != names[:-1]]))
    lasts = np.concatenate([firsts[1:], [len(names)]])
    pair_firsts = np.searchsorted(group[left], names[firsts], side="left")
    pair_lasts = np.searchsorted(group[left], names[firsts], side="right")
    decided: dict[int, list[tuple[int, int, bool]]] = {}
    for same, pairs in ((True, settled.same), (False, settled.different)):
        for one, other in pairs:
            if group[one] == group[other]:
                decided.setdefault(int(group[one]), []).append((one, other, same))
    grown = np.empty(len(rows), dtype=np.int64)
    bounds = zip(names[firsts].tolist(), firsts.tolist(), lasts.tolist(), pair_firsts.tolist(), pair_lasts.tolist(), strict=True)
    for name, first, last, pair_first, pair_last in bounds:
        at = by_group[first:last]
        mine = rows[at].tolist()
        clusters = Clusters(mine, report[rows[at]].tolist(), refuse=refuse)
        for row, start in zip(mine, begun[at].tolist(), strict=True):
            if row != start:
                clusters.unite(row, start)
        people = decided.get(name, ())
        for one, other, same in people:
            if same:
                clusters.unite(one, other)
        part = slice(pair_first, pair_last)
        pairs_here = list(zip(left[part].tolist(), right[part].tolist(), strict=True))
        for (one, other), told in zip(pairs_here, score[part].tolist(), strict=True):
            clusters.add_pair(one, other, told)
        for one, other, same in people:
            if not same:
                clusters.add_pair(one, other, NEVER)
        clusters.join_best_first([pair for pair, edge in zip(pairs_here, edges[part].tolist(), strict=True) if edge])
        grown[at] = [clusters.root(row) for row in mine]
    return grown


def choose_partners(ends: Longs, firm: Longs, score: Floats, *, rules: Rulebook) -> Bools:
    """Which pairs of an open cluster (``ends``) and a firm one are the one clear choice of the open: the best by a margin."""
    chosen = np.zeros(len(ends), dtype=np.bool_)
    if not len(ends):
        return chosen
    ranked = np.lexsort((firm, -score, ends))
    heads = np.flatnonzero(np.concatenate([[True], ends[ranked][1:] != ends[ranked][:-1]]))
    number = np.diff(np.concatenate([heads, [len(ranked)]]))
    second = np.full(len(heads), NEVER)
    second[number > 1] = score[ranked[heads[number > 1] + 1]]
    first = score[ranked[heads]]
    clear = (first >= rules.same) & (first - second >= rules.open_margin)
    chosen[ranked[heads[clear]]] = True
    return chosen

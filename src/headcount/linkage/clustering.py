"""From judged pairs to clusters: one cluster, one event.

Where the pairs of a group agree, the group is a cluster. Where they contradict each other, its clusters grow from the
surest pair on, and none joins what may not be joined. Accounts with an open day or place come last: each needs one partner
that is clearly the best.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from scipy.sparse import csgraph

from headcount.linkage.agglomerating import NEVER, Clusters
from headcount.linkage.decisions import Settled
from headcount.linkage.levels import Rulebook

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

LARGEST_GROUP: Final = 3000
"""A group in which accounts contradict each other and that is larger is first taken apart at higher odds."""

STEP: Final = 1.0
PASSES: Final = 12


def components(count: int, left: Longs, right: Longs) -> Longs:
    """The group of each row, named by its first row."""
    graph = sparse.coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    _, labels = csgraph.connected_components(graph.tocsr(), directed=False)
    return name_by_first(labels.astype(np.int64))


def name_by_first(labels: Longs) -> Longs:
    """Labels renamed to the first row that bears them."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    named: Longs = first[inverse].astype(np.int64)
    return named


def cluster_pairs(
    report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, *, open_: Bools, settled: Settled, rules: Rulebook
) -> tuple[Longs, Bools]:
    """The cluster of each account, named by its first row, and which pairs with an open account found no clear partner.

    ``open_`` marks accounts whose day or place is open. Rows must be in the accounts' own order (by candidate id), so that
    the answer does not hang on the order in which they came.
    """
    count = len(report)
    judged = np.array([one * count + other for one, other in settled.different + settled.unsure + settled.same], dtype=np.int64)
    free = ~np.isin(left * count + right, judged)
    loose = open_[left] != open_[right]
    labels = _cluster(report, left, right, score, free & ~loose & (score >= rules.same), settled, rules)
    return _attach(report, labels, left, right, score, free & loose, open_, settled, rules)


def _cluster(
    report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, edges: Bools, settled: Settled, rules: Rulebook
) -> Longs:
    count = len(report)
    must = np.array(settled.same, dtype=np.int64).reshape(-1, 2)
    parted = np.array(settled.different, dtype=np.int64).reshape(-1, 2)
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
        rows, rows, report, left[inside], right[inside], score[inside], kept[inside], settled, refuse=rules.refuse
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
    rows: Longs, begun: Longs, report: NDArray[np.int32], left: Longs, right: Longs, score: Floats, edges: Bools, settled: Settled,
    *, refuse: float,
) -> Longs:  # fmt: skip
    """The clusters of ``rows`` after joining along ``edges``, surest first. ``begun``: the cluster each begins in."""
    reports = report.tolist()
    clusters = Clusters(rows.tolist(), reports, refuse=refuse)
    here = set(rows.tolist())
    for row, first in zip(rows.tolist(), begun.tolist(), strict=True):
        clusters.unite(row, first)
    for one, other in settled.same:
        if one in here and other in here:
            clusters.unite(one, other)
    for one, other, told in zip(left.tolist(), right.tolist(), score.tolist(), strict=True):
        clusters.add_pair(one, other, told)
    for one, other in settled.different:
        if one in here and other in here:
            clusters.add_pair(one, other, NEVER)
    best = np.flatnonzero(edges)
    best = best[np.lexsort((right[best], left[best], -score[best]))]
    clusters.join_best_first(list(zip(left[best].tolist(), right[best].tolist(), strict=True)))
    return np.array([clusters.root(row) for row in rows.tolist()], dtype=np.int64)


def _attach(
    report: NDArray[np.int32], labels: Longs, left: Longs, right: Longs, score: Floats, free: Bools, open_: Bools, settled: Settled,
    rules: Rulebook,
) -> tuple[Longs, Bools]:  # fmt: skip
    """Joins the clusters of open accounts to the one cluster that is clearly their best; tells which pairs are not clear."""
    unclear = np.zeros(len(left), dtype=np.bool_)
    at = np.flatnonzero(free & (score >= rules.same - rules.open_margin) & (labels[left] != labels[right]))
    if not len(at):
        return labels, unclear
    ends = labels[np.where(open_[left[at]], left[at], right[at])]
    firm = labels[np.where(open_[left[at]], right[at], left[at])]
    sort = np.lexsort((firm, -score[at], ends))
    _, best = np.unique((ends * len(labels) + firm)[sort], return_index=True)
    ranked = sort[np.sort(best)]  # each open cluster's partners, best first, each once
    heads = np.flatnonzero(np.concatenate([[True], ends[ranked][1:] != ends[ranked][:-1]]))
    number = np.diff(np.concatenate([heads, [len(ranked)]]))
    second = np.full(len(heads), NEVER)
    second[number > 1] = score[at][ranked[heads[number > 1] + 1]]
    first = score[at][ranked[heads]]
    clear = (first >= rules.same) & (first - second >= rules.open_margin)
    chosen = ends[ranked[heads[clear]]] * len(labels) + firm[ranked[heads[clear]]]
    edges = np.isin(ends * len(labels) + firm, chosen) & (score[at] >= rules.same)
    unclear[at[~edges]] = True
    if not edges.any():
        return labels, unclear
    touched = np.unique(np.concatenate([ends[edges], firm[edges]]))
    member = np.isin(labels, touched)
    rows = np.flatnonzero(member)
    inside = member[left] & member[right]
    along = np.zeros(len(left), dtype=np.bool_)
    along[at[edges]] = True
    grown = _grow(
        rows, labels[rows], report, left[inside], right[inside], score[inside], along[inside], settled, refuse=rules.refuse
    )
    labels = labels.copy()
    labels[rows] = grown + len(labels)
    return name_by_first(labels), unclear

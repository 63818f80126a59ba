"""What a cluster tells as a whole: one account with the values that most of its accounts have, and the words of all.

Two papers share few words; the fifth paper's words are nearly all in the other four. So clusters are looked at a second time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import KINDS, NO_CODE, Accounts
from headcount.linkage.days import Days
from headcount.linkage.terms import Terms, distinct

Bools: TypeAlias = NDArray[np.bool_]
Longs: TypeAlias = NDArray[np.int64]

CLUSTERS_AT_ONCE: Final = 5_000
"""Clusters whose terms are brought together at a time; all at once, a million accounts cost eighty times a hundred thousand."""


def pool_accounts(accounts: Accounts, days: Days, labels: Longs) -> tuple[Accounts, Longs]:
    """One account for each cluster, and which of them each account went into.

    Day, place and kind are those that most accounts tell (the first account's where as many tell another), sizes reach from
    the lowest to the highest, words and names are those of all.
    """
    is_first = np.zeros(len(labels), dtype=np.bool_)
    is_first[labels] = True
    first, into = np.flatnonzero(is_first), (np.cumsum(is_first) - 1)[labels]
    count = len(first)
    dated = _most_told(into, count, days.dated, (days.low, days.high))
    located = _most_told(into, count, accounts.town != NO_CODE, (accounts.town, accounts.geonames, accounts.country))
    special = accounts.kind != KINDS.index("demonstration")
    kinds = _most_told(into, count, special, (accounts.kind,))
    base = accounts.take(first)
    by_cluster = np.argsort(into, kind="stable")
    by_day = np.where(dated >= 0, dated, first)
    by_place = np.where(located >= 0, located, first)
    by_kind = np.where(kinds >= 0, kinds, first)
    serial = _most_told(into, count, accounts.series != NO_CODE, (accounts.series,))
    macro = _most_told(into, count, accounts.macroevent != NO_CODE, (accounts.macroevent,))
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.fmin.at(low, into, np.where(np.isnan(accounts.low), np.inf, accounts.low))
    np.fmax.at(high, into, np.where(np.isnan(accounts.high), -np.inf, accounts.high))
    times = np.zeros(count, dtype=np.int32)
    np.bitwise_or.at(times, into, accounts.times)
    pooled = replace(
        base,
        start=accounts.start[by_day],
        end=accounts.end[by_day],
        precision=accounts.precision[by_day],
        published=accounts.published[by_day],
        status=accounts.status[by_day],
        place_name=accounts.place_name[by_place],
        town=accounts.town[by_place],
        country=accounts.country[by_place],
        state=accounts.state[by_place],
        lat=accounts.lat[by_place],
        lon=accounts.lon[by_place],
        geonames=accounts.geonames[by_place],
        kind=accounts.kind[by_kind],
        series=np.where(serial >= 0, accounts.series[serial], NO_CODE).astype(np.int32),
        macroevent=np.where(macro >= 0, accounts.macroevent[macro], NO_CODE).astype(np.int32),
        low=np.where(np.isinf(low), np.nan, low),
        high=np.where(np.isinf(high), np.nan, high),
        times=times,
        venue=_pool_terms(accounts.venue, into, count, by_cluster),
        organizations=_pool_terms(accounts.organizations, into, count, by_cluster),
        claims=_pool_terms(accounts.claims, into, count, by_cluster),
        issues=_pool_terms(accounts.issues, into, count, by_cluster),
        targets=_pool_terms(accounts.targets, into, count, by_cluster),
        words=_pool_terms(accounts.words, into, count, by_cluster),
    )
    return pooled, into


def _most_told(into: Longs, count: int, told: Bools, columns: tuple[NDArray[np.integer], ...]) -> Longs:
    """For each cluster a row with the values that most of its rows have, the first such; -1 where none tells."""
    chosen = np.full(count, -1, dtype=np.int64)
    rows = np.flatnonzero(told)
    if not len(rows):
        return chosen
    keys = np.stack([into[rows], *(column[rows].astype(np.int64) for column in columns)])
    sort = np.lexsort((rows, *keys[::-1]))
    ordered = keys[:, sort]
    begins = np.flatnonzero(np.concatenate([[True], (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)]))
    number = np.diff(np.concatenate([begins, [len(sort)]]))
    cluster, row = ordered[0][begins], rows[sort[begins]]
    best = np.lexsort((row, -number, cluster))
    heads = np.concatenate([[True], cluster[best][1:] != cluster[best][:-1]])
    chosen[cluster[best[heads]]] = row[best[heads]]
    return chosen


def _pool_terms(terms: Terms, into: Longs, count: int, by_cluster: Longs) -> Terms:
    """The terms of all accounts of each cluster, each once: some thousand clusters at a time, so that what is sorted is small."""
    ordered = into[by_cluster]
    firsts = np.searchsorted(ordered, np.arange(0, count + CLUSTERS_AT_ONCE, CLUSTERS_AT_ONCE))
    values, counts = [np.zeros(0, dtype=np.uint32)], [np.zeros(1, dtype=np.int64)]
    for part, (begin, end) in enumerate(zip(firsts[:-1].tolist(), firsts[1:].tolist(), strict=True)):
        told = terms.take(by_cluster[begin:end])
        row = np.repeat(ordered[begin:end] - part * CLUSTERS_AT_ONCE, told.counts)
        keys = distinct((row << 32) | told.values)
        values.append((keys & 0xFFFFFFFF).astype(np.uint32))
        counts.append(np.bincount(keys >> 32, minlength=min(CLUSTERS_AT_ONCE, count - part * CLUSTERS_AT_ONCE)))
    return Terms(offsets=np.cumsum(np.concatenate(counts), dtype=np.int64), values=np.concatenate(values))

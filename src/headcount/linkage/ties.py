"""Macroevents: which cluster is the counter-protest of which; and which accounts of a cluster are one witness."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.linkage.accounts import COUNTER, NO_CODE, Accounts
from headcount.linkage.clustering import components
from headcount.linkage.levels import Levels, Rulebook

Floats: TypeAlias = NDArray[np.float64]
Longs: TypeAlias = NDArray[np.int64]

TIE_MARGIN: Final = 0.5
"""A counter-protest that no report ties is tied to the protest of its place and day that is nearest in the other comparisons
by this much, or to the only one."""

REPEATED_PART: Final = 0.8
REPEATED_WORDS: Final = 8
"""Accounts of which one has four fifths of the other's words, and eight at least, repeat one text: a caption, an agency's
paragraph. On 5,000 made reports independent accounts of one event share a third at most."""


def tie_macroevents(
    accounts: Accounts, labels: Longs, left: Longs, right: Longs, score: Floats, levels: Levels, rules: Rulebook
) -> Longs:
    """Pairs (counter-protest, event that it targets) of clusters, in order, each once: an array of two columns."""
    ties: set[tuple[int, int]] = set()
    told = np.flatnonzero(accounts.macroevent != NO_CODE)
    told = told[np.argsort(accounts.macroevent[told], kind="stable")]
    ends = np.flatnonzero(np.diff(accounts.macroevent[told])) + 1
    for group in np.split(told, ends) if len(told) else []:
        for counter in group[accounts.kind[group] == COUNTER].tolist():
            for target in group[accounts.kind[group] != COUNTER].tolist():
                if labels[counter] != labels[target]:
                    ties.add((int(labels[counter]), int(labels[target])))
    tied = {counter for counter, _ in ties}
    kind, date, place = rules["kind"], rules["date"], rules["place"]
    against = np.isin(levels[:, rules.column("kind")], [kind.code("counter"), kind.code("opposed")])
    against &= np.isin(levels[:, rules.column("date")], [date.code("same_day"), date.code("overlap")])
    against &= np.isin(levels[:, rules.column("place")], [place.code("same_town"), place.code("near"), place.code("same_name")])
    best: dict[int, dict[int, float]] = {}
    for row in np.flatnonzero(against & (labels[left] != labels[right])).tolist():
        counter, target = int(left[row]), int(right[row])
        if accounts.kind[counter] != COUNTER:
            counter, target = target, counter
        one, other = int(labels[counter]), int(labels[target])
        if one not in tied:
            held = best.setdefault(one, {})
            held[other] = max(held.get(other, -np.inf), float(score[row]))
    for one, partners in best.items():
        ranked = sorted(partners.items(), key=lambda partner: (-partner[1], partner[0]))
        if len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= TIE_MARGIN:
            ties.add((one, ranked[0][0]))
    return np.array(sorted(ties), dtype=np.int64).reshape(-1, 2)


def find_witnesses(accounts: Accounts, labels: Longs, left: Longs, right: Longs) -> Longs:
    """The witness that each account is: accounts of a cluster that repeat one text are one, named by its first row."""
    inside = labels[left] == labels[right]
    left, right = left[inside], right[inside]
    shared = accounts.words.weighed().shared(left, right)
    fewer = np.minimum(accounts.words.counts[left], accounts.words.counts[right])
    repeats = (shared >= REPEATED_WORDS) & (shared >= REPEATED_PART * fewer)
    repeats |= (accounts.copy_group[left] == accounts.copy_group[right]) & (accounts.copy_group[left] != NO_CODE)
    return components(len(labels), left[repeats], right[repeats])

"""Joining clusters pair by pair, best first, where some may not be joined: for the few groups in which accounts contradict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

MEAN_ODDS: Final = 0.0
"""Two clusters are joined where the pairs compared between them speak for it on the whole."""

NEVER: Final = float("-inf")
"""The score of a pair that a person parted."""


class Clusters:
    """Clusters of rows that grow; each knows its reports and what the pairs to its neighbours say.

    ``refuse``: two clusters stay apart where one pair between them scores no better.
    """

    def __init__(self, rows: Iterable[int], reports: Sequence[int], *, refuse: float) -> None:
        self._parent = {row: row for row in rows}
        self._reports = {row: {report} for row, report in zip(self._parent, reports, strict=True)}
        self._between: dict[int, dict[int, tuple[float, int, float]]] = {row: {} for row in self._parent}
        self._refuse = refuse

    def root(self, row: int) -> int:
        """The cluster of a row, named by one of its rows."""
        parent = self._parent
        while parent[row] != row:
            parent[row] = row = parent[parent[row]]
        return row

    def add_pair(self, left: int, right: int, score: float) -> None:
        """Tells what a compared pair says; pairs within one cluster say nothing any more."""
        one, other = self.root(left), self.root(right)
        if one != other:
            total, number, least = self._between[one].get(other, (0.0, 0, 0.0))
            told = (total + score, number + 1, min(least, score))
            self._between[one][other] = self._between[other][one] = told

    def unite(self, left: int, right: int) -> None:
        """Joins two clusters, whatever speaks against it."""
        one, other = self.root(left), self.root(right)
        if one == other:
            return
        if len(self._between[one]) + len(self._reports[one]) < len(self._between[other]) + len(self._reports[other]):
            one, other = other, one
        self._parent[other] = one
        self._reports[one] |= self._reports.pop(other)
        moved = self._between.pop(other)
        mine = self._between[one]
        mine.pop(other, None)
        for far, (total, number, least) in moved.items():
            if far != one:
                had = mine.get(far, (0.0, 0, 0.0))
                told = (had[0] + total, had[1] + number, min(had[2], least))
                mine[far] = self._between[far][one] = told
                del self._between[far][other]

    def may_join(self, left: int, right: int) -> bool:
        """Whether two clusters may be joined by machine: no report in both, no pair refused, the mean in favour."""
        one, other = self.root(left), self.root(right)
        if one == other:
            return False
        if not self._reports[one].isdisjoint(self._reports[other]):
            return False
        total, number, least = self._between[one].get(other, (0.0, 0, 0.0))
        return number > 0 and least > self._refuse and total / number > MEAN_ODDS

    def join_best_first(self, edges: Sequence[tuple[int, int]]) -> None:
        """Joins along the edges in their order, as often as a pass still joins something."""
        waiting = list(edges)
        joined = True
        while joined:
            joined = False
            left_over = []
            for left, right in waiting:
                if self.may_join(left, right):
                    self.unite(left, right)
                    joined = True
                elif self.root(left) != self.root(right):
                    left_over.append((left, right))
            waiting = left_over

"""The comparisons of codebook/linkage.toml as numbers: names, levels and log-odds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from headcount.codebook import table

Floats: TypeAlias = NDArray[np.float64]
Levels: TypeAlias = NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One outcome of a comparison, with its log-odds and how it is told."""

    name: str
    odds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One thing that two accounts are compared by, with its levels."""

    name: str
    levels: tuple[Level, ...]

    def code(self, level: str) -> int:
        """The number of a level; KeyError where the table has no such level."""
        for code, held in enumerate(self.levels):
            if held.name == level:
                return code
        raise KeyError(f"linkage.toml: comparison {self.name} has no level {level}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All of linkage.toml that scores: comparisons in the order of the columns of levels, prior and thresholds."""

    comparisons: tuple[Comparison, ...]
    prior: float
    same: float
    different: float
    again: float
    two_papers: float
    strangers: float
    open_margin: float
    keep: float
    refuse: float
    quiet: float
    busy: float
    crowded: float

    def __getitem__(self, name: str) -> Comparison:
        """The comparison of that name."""
        return self.comparisons[self.column(name)]

    def column(self, name: str) -> int:
        """The column of levels that a comparison fills."""
        for column, held in enumerate(self.comparisons):
            if held.name == name:
                return column
        raise KeyError(f"linkage.toml has no comparison {name}")

    def is_level(self, levels: Levels, name: str, *told: str) -> NDArray[np.bool_]:
        """Which pairs have one of these levels of a comparison."""
        found: NDArray[np.bool_] = np.isin(levels[:, self.column(name)], [self[name].code(level) for level in told])
        return found

    def score(self, levels: Levels) -> Floats:
        """The log-odds that each pair means one event."""
        total = np.full(len(levels), self.prior)
        for column, comparison in enumerate(self.comparisons):
            total += np.array([level.odds for level in comparison.levels])[levels[:, column]]
        return total


@cache
def rulebook() -> Rulebook:
    """The rules of codebook/linkage.toml, read once."""
    read = table("linkage")
    limits, activity = read["thresholds"], read["activity"]
    return Rulebook(
        comparisons=tuple(
            Comparison(
                name=comparison["name"],
                levels=tuple(Level(name=held["name"], odds=held["odds"], reason=held["reason"]) for held in comparison["levels"]),
            )
            for comparison in read["comparison"]
        ),
        prior=read["prior"]["odds"],
        same=limits["same"],
        different=limits["different"],
        again=limits["again"],
        two_papers=limits["two_papers"],
        strangers=limits["strangers"],
        open_margin=limits["open_margin"],
        keep=limits["keep"],
        refuse=limits["refuse"],
        quiet=activity["quiet"],
        busy=activity["busy"],
        crowded=activity["crowded"],
    )


COMPARISONS: Final = (
    "date", "place", "kind", "size", "organisers", "cause", "words", "venue", "time", "apart", "status", "activity", "text",
)  # fmt: skip
"""The comparisons that ``comparing`` fills, in the order of the table; a test holds the two together."""

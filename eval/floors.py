"""Floors: the figures that a change must not fall below. An update raises them and never lowers one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

Figures = Mapping[str, float]

LESS_IS_BETTER: Final = frozenset({"false_fill"})
"""Figures that have a ceiling instead of a floor."""

DIGITS: Final = 4
"""Floors are kept to so many digits, rounded to the lenient side, so that the same output never fails its own floor."""


def is_below(name: str, value: float, floor: float) -> bool:
    """Whether ``value`` is on the wrong side of its floor. A figure that could not be measured (nan) is."""
    if math.isnan(value):
        return True
    return value > floor if name in LESS_IS_BETTER else value < floor


def find_failures(measured: Mapping[str, Figures], floors: Mapping[str, Figures]) -> list[tuple[str, str, float, float]]:
    """(gold file, figure, value, floor) of each floor that does not hold.

    A floor of a gold file that was not scored, or of a figure that it does not give, fails with nan: it may not pass unseen.
    """
    failures = []
    for gold, held in floors.items():
        for name, floor in held.items():
            value = measured.get(gold, {}).get(name, math.nan)
            if is_below(name, value, floor):
                failures.append((gold, name, value, floor))
    return failures


def raise_floors(floors: Mapping[str, Figures], measured: Mapping[str, Figures]) -> dict[str, dict[str, float]]:
    """The floors with each at the measured value where that is better; none is lowered and none is taken away.

    Figures that have no floor yet get none: which figures are held is written by hand.
    """
    raised = {gold: dict(held) for gold, held in floors.items()}
    for gold, held in raised.items():
        for name, floor in held.items():
            value = measured.get(gold, {}).get(name, math.nan)
            if math.isnan(value):
                continue
            held[name] = min(floor, _up(value)) if name in LESS_IS_BETTER else max(floor, _down(value))
    return raised


def _down(value: float) -> float:
    return math.floor(value * 10**DIGITS) / 10**DIGITS


def _up(value: float) -> float:
    return math.ceil(value * 10**DIGITS) / 10**DIGITS

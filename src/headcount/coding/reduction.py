"""An event's size from its size statements, by section 5 of the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from headcount.models import ClaimantRole, Size


class Reduced(NamedTuple):
    """The interval that all statements support together, and whose number decided first."""

    low: int | None
    high: int | None
    claimant_role: ClaimantRole | None
    derived: bool


def _top(size: Size) -> int:
    return size.high if size.high is not None else size.low or 0


def _bottom(size: Size) -> int:
    return size.low if size.low is not None else size.high or 0


def reduce_sizes(sizes: Sequence[Size]) -> Reduced:
    """The lowest low and the highest high of the totals, else the parts added up; the order changes nothing but the claimant.

    A vague word beside a number that is at least its low end is left out; an end stays open if
    the figure that decides it is open.
    """
    known = [size for size in sizes if size.low is not None or size.high is not None]
    deciding = [size for size in known if size.scope in ("total", "peak")]
    if not deciding:
        parts = [size for size in known if size.scope == "part"]
        if not parts:
            return Reduced(None, None, None, False)
        high = sum(size.high or 0 for size in parts) if all(size.high is not None for size in parts) else None
        return Reduced(sum(_bottom(size) for size in parts), high, parts[0].claimant_role, True)
    numbers = [size for size in deciding if not size.vague]
    if numbers:
        largest = max(_top(size) for size in numbers)
        bounds = [(size.low, size.high) for size in numbers]
        bounds += [(_bottom(size), _bottom(size)) for size in deciding if size.vague and _bottom(size) > largest]
    else:
        bounds = [(size.low, size.high) for size in deciding]
    tops = [(high if high is not None else low, high is None) for low, high in bounds]
    bottoms = [(low if low is not None else high, low is None) for low, high in bounds]
    top = max(value for value, _ in tops if value is not None)
    bottom = min(value for value, _ in bottoms if value is not None)
    open_top = any(is_open and value == top for value, is_open in tops)
    open_bottom = all(is_open for value, is_open in bottoms if value == bottom)
    low, high = None if open_bottom else bottom, None if open_top else top
    role = (numbers or deciding)[0].claimant_role if (low, high) != (None, None) else None
    return Reduced(low, high, role, False)

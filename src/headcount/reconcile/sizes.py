"""An event's size over all independent reports, by section 5 of the codebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from headcount.coding.reduction import reduce_sizes
from headcount.models import ClaimantRole, EventSize, Size, Span

NOWHERE = Span(start=0, end=0)


class ReconciledSize(NamedTuple):
    """The range of people that all reports support together, and the size statements that it comes from."""

    low: int | None
    high: int | None
    unit: str
    derived: bool
    claimant_role: ClaimantRole | None
    deciding: tuple[str, ...]


def reconcile_size(accounts: Sequence[Sequence[EventSize]]) -> ReconciledSize:
    """The lowest low and the highest high that any report gives, whoever claims it; ``accounts`` holds one list a report.

    People are counted before any other unit. A report that has no total but parts gives their sum, as it would alone; it is
    put beside the totals of the others, so that one more number never narrows the range of the numbers. The order of
    reports changes nothing: the role is that of the lowest number, the police before the organisers where two are equal.
    """
    told = [[size for size in sizes if not size.expected and (size.low, size.high) != (None, None)] for sizes in accounts]
    every = [size for sizes in told for size in sizes]
    if not every:
        units = {size.unit for sizes in accounts for size in sizes if not size.expected}
        return ReconciledSize(None, None, _unit_of(units), False, None, ())
    unit = _unit_of({size.unit for size in every})
    pooled: list[Size] = []
    deciding: list[str] = []
    derived = True
    for sizes in told:
        of_unit = [size for size in sizes if size.unit == unit]
        totals = [size for size in of_unit if size.scope in ("total", "peak")]
        parts = [size for size in of_unit if size.scope == "part"]
        if totals:
            derived = False
            pooled += [_as_size(size) for size in totals]
            deciding += [size.statement_id for size in totals if size.statement_id]
        elif parts:
            sum_of = reduce_sizes([_as_size(size) for size in parts])
            role = min((size.claimant_role for size in parts), default="report")
            pooled.append(Size(text="", low=sum_of.low, high=sum_of.high, claimant_role=role, span=NOWHERE))
            deciding += [size.statement_id for size in parts if size.statement_id]
    if not pooled:
        return ReconciledSize(None, None, unit, False, None, ())
    pooled.sort(key=_in_order)
    reduced = reduce_sizes(pooled)
    return ReconciledSize(reduced.low, reduced.high, unit, derived, reduced.claimant_role, tuple(dict.fromkeys(sorted(deciding))))


def _unit_of(units: set[str]) -> str:
    """People where any are counted, else the unit that comes first in the alphabet."""
    return "people" if "people" in units or not units else min(units)


ROLES = ("police", "officials", "organisers", "media", "witness", "participant", "other", "report")


def _in_order(size: Size) -> tuple[int, int, int]:
    low = size.low if size.low is not None else size.high or 0
    high = size.high if size.high is not None else size.low or 0
    return low, high, ROLES.index(size.claimant_role)


def _as_size(size: EventSize) -> Size:
    return Size(
        text=size.text,
        low=size.low,
        high=size.high,
        vague=size.vague,
        claimant_role=size.claimant_role,
        scope=size.scope,
        unit=size.unit,
        span=NOWHERE,
    )

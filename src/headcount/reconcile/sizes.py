"""An event's size over all independent reports, by section 5 of the codebook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from headcount.coding.reduction import reduce_sizes
from headcount.models import ClaimantRole, EventSize, Size, Span

NOWHERE: Final = Span(start=0, end=0)
TOTALS: Final = ("total", "peak")


class ReconciledSize(NamedTuple):
    """The range of people that all reports support together, and the ids of the size statements that give each end of it."""

    low: int | None
    high: int | None
    unit: str
    derived: bool
    claimant_role: ClaimantRole | None
    gives_low: tuple[str, ...]
    gives_high: tuple[str, ...]
    gives_role: tuple[str, ...]


def reconcile_size(accounts: Sequence[Sequence[EventSize]]) -> ReconciledSize:
    """The lowest low and the highest high of the totals that any report gives, whoever claims them.

    ``accounts`` holds one list a report. Where no report gives a total, the parts of each are added up, and the lowest and
    highest of these sums taken: two papers that tell of one column do not make it twice as long. People are counted before
    any other unit, and no unit with another. The role is that of the first number that decides, in the order given; nothing
    else depends on that order.
    """
    told = [[size for size in sizes if not size.expected and _bottom(size) is not None] for sizes in accounts]
    every = [size for sizes in told for size in sizes]
    deciding = [size for size in every if size.scope != "cumulative"]
    unit = _unit_of(size.unit for size in deciding or every or [z for sizes in accounts for z in sizes if not z.expected])
    totals = [size for size in deciding if size.unit == unit and size.scope in TOTALS]
    if totals:
        reduced = reduce_sizes([_as_size(size) for size in totals])
        counted = _counted(totals)
        first = next(size for size in counted if not size.vague or all(other.vague for other in counted))
        return ReconciledSize(
            reduced.low,
            reduced.high,
            unit,
            False,
            first.claimant_role,
            _ids(size for size in counted if reduced.low is not None and _bottom(size) == reduced.low),
            _ids(size for size in counted if reduced.high is not None and reduced.high in (_top(size), _bottom(size))),
            _ids([first]),
        )
    parts = [[size for size in sizes if size.unit == unit and size.scope == "part"] for sizes in told]
    sums = [reduce_sizes([_as_size(size) for size in sizes]) for sizes in parts if sizes]
    if not sums:
        return ReconciledSize(None, None, unit, False, None, (), (), ())
    added = reduce_sizes([Size(text="", low=one.low, high=one.high, span=NOWHERE) for one in sums])
    told_parts = [size for sizes in parts for size in sizes]
    gives = _ids(told_parts)
    high = gives if added.high is not None else ()
    return ReconciledSize(added.low, added.high, unit, True, told_parts[0].claimant_role, gives, high, _ids(told_parts[:1]))


def _counted(totals: Sequence[EventSize]) -> list[EventSize]:
    """The totals without the vague words that a number reaches: "hundreds … about 400" is 400."""
    numbers = [size for size in totals if not size.vague]
    if not numbers:
        return list(totals)
    largest = max(_top(size) or 0 for size in numbers)
    return [size for size in totals if not size.vague or (_bottom(size) or 0) > largest]


def _unit_of(units: Iterable[str]) -> str:
    """People where any are counted, else the unit that comes first in the alphabet."""
    found = set(units)
    return "people" if "people" in found or not found else min(found)


def _bottom(size: EventSize) -> int | None:
    return size.low if size.low is not None else size.high


def _top(size: EventSize) -> int | None:
    return size.high if size.high is not None else size.low


def _ids(sizes: Iterable[EventSize]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(size.statement_id for size in sizes if size.statement_id))


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

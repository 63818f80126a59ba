"""One event from its accounts: date, place and type by the best supported value, the others listed beside it.

Pure: members in, an event out, and the order of the members changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from headcount.models import CandidateEvent, Event, EventSize, Size
from headcount.reconcile.sizes import reconcile_size
from headcount.wording import write_dates, write_place

Value = TypeVar("Value", bound=Hashable)

GENERAL_TYPES = frozenset({"demonstration", "other"})
"""Words that say no more than that people gathered: a more specific one with as much support is kept before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One candidate event of an event, with the report that tells of it, reviews already applied."""

    candidate: CandidateEvent
    lineage: Mapping[str, Sequence[str]]
    """Ids of its statements by variable; under ``size`` one for each of ``sizes`` and then of ``size_expected``."""

    report_id: str
    published: str = ""
    """ISO day, "" where unknown."""

    publisher: str = ""
    witness: str = ""
    """Which independent report this is: near-copies of one story share it."""


def reconcile_event(event_id: str, members: Iterable[Member], *, macroevent: str | None = None) -> Event:
    """The event that ``members`` tell of. Raises ValueError where there are none."""
    told = sorted(members, key=lambda one: (one.published, one.report_id, one.candidate.event_id))
    if not told:
        raise ValueError(f"event {event_id}: expected at least one account, found none")
    lineage: dict[str, tuple[str, ...]] = {}
    others: dict[str, tuple[str, ...]] = {}
    status = _status(told)
    of_status = [one for one in told if one.candidate.status == status] or told
    lineage["status"] = _ids(of_status, "status")

    days, day_members, others["date"] = _best(
        told, lambda c: (c.date_start, c.date_end, c.date_precision) if c.date_start else None, _day_rank, write_dates
    )
    if days is None:  # no report fixes the day: the narrowest of the vague words
        days, day_members, others["date"] = _best(
            told, lambda c: (None, None, c.date_precision) if c.date_precision != "unknown" else None, _vague_rank, write_dates
        )
    start, end, precision = days or (None, None, "unknown")
    lineage["date_start"] = lineage["date_end"] = _ids(day_members, "date_start", "date_end") if start else ()
    lineage["date_precision"] = _ids(day_members, "date_precision")

    place, place_members, others["place"] = _best(told, _place_of, _place_rank, write_place)
    where = place_members[0].candidate if place_members else told[0].candidate
    for column in ("locality", "state", "country"):
        lineage[column] = _ids(place_members, column) if getattr(where, column) is not None else ()
    lineage["lat"] = lineage["lon"] = lineage["geonames_id"] = lineage["locality"] if where.lat is not None else ()
    venues = [one for one in place_members if one.candidate.location_detail]
    venue, venue_members, _ = _best(
        venues, lambda c: c.location_detail or None, lambda value: -len(value), lambda c: c.location_detail
    )
    lineage["location_detail"] = _ids(venue_members, "location_detail", "locality")

    kind, kind_members, others["event_type"] = _best(
        told, lambda c: c.event_type, lambda value: value not in GENERAL_TYPES, lambda c: c.event_type
    )
    lineage["event_type"] = _ids(kind_members, "event_type")

    sizes = tuple(size for one in told for size in _sizes_of(one))
    held = status == "held"
    counted = reconcile_size([[size for size in _sizes_of(one) if held and not size.expected] for one in told])
    lineage["size_low"] = lineage["size_high"] = counted.deciding
    lineage["claimant_role"] = counted.deciding if counted.claimant_role else ()

    background = all(one.candidate.background for one in told)
    lineage["background"] = _ids(told, "background") if background else lineage["status"]
    lists = {
        name: _union(told, name, lineage) for name in ("organizations", "participants", "speakers", "targets", "claims", "chants")
    }
    lineage["issues"] = lineage["claims"] or lineage["organizations"] or lineage["event_type"]
    outcomes = tuple(outcome for one in told for outcome in one.candidate.outcomes)
    for variable in sorted({outcome.variable for outcome in outcomes}):
        lineage[variable] = _ids(told, variable)
    comparisons = tuple(one.candidate.comparison for one in told if one.candidate.comparison is not None)
    lineage["comparisons"] = _ids(told, "comparison")
    series, series_members, _ = _best(told, lambda c: c.series, lambda _: 0, lambda c: c.series or "")
    lineage["series"] = _ids(series_members, "event_type")
    teller = _teller(told, place_members, day_members)
    return Event(
        event_id=event_id,
        event_type=kind or told[0].candidate.event_type,
        status=status,
        background=background,
        date_start=start,
        date_end=end,
        date_precision=precision,
        locality=where.locality,
        state=where.state,
        country=where.country,
        location_detail=venue or "",
        lat=where.lat,
        lon=where.lon,
        geonames_id=where.geonames_id,
        place_precision="venue" if venue else where.place_precision,
        size_low=counted.low,
        size_high=counted.high,
        size_derived=counted.derived,
        size_unit=counted.unit,
        claimant_role=counted.claimant_role,
        sizes=sizes,
        issues=tuple(sorted({issue for one in told for issue in one.candidate.issues})),
        outcomes=outcomes,
        comparisons=comparisons,
        series=series,
        macroevent=macroevent,
        quote=teller.candidate.quote,
        candidates=tuple(one.candidate.event_id for one in told),
        reports=tuple(dict.fromkeys(one.report_id for one in told)),
        witnesses=len({one.witness or one.report_id for one in told}),
        others={column: values for column, values in others.items() if values},
        lineage={column: ids for column, ids in lineage.items() if ids},
        **lists,  # type: ignore[arg-type]
    )


def _status(told: Sequence[Member]) -> Any:
    """What happened outweighs what was planned: held, if any report tells it as held; else cancelled; else planned."""
    found = {one.candidate.status for one in told}
    return next(status for status in ("held", "cancelled", "planned") if status in found)


def _best(
    told: Sequence[Member],
    value_of: Callable[[CandidateEvent], Value | None],
    rank: Callable[[Value], Any],
    write: Callable[[CandidateEvent], str],
) -> tuple[Value | None, list[Member], tuple[str, ...]]:
    """The value that most independent reports give, who gives it, and the other values in words, best supported first.

    Of two as well supported the one of higher ``rank`` is taken, then the one of the smaller text, so that order does not matter.
    """
    support: dict[Value, list[Member]] = {}
    for one in told:
        value = value_of(one.candidate)
        if value is not None:
            support.setdefault(value, []).append(one)
    if not support:
        return None, [], ()

    def order(value: Value) -> tuple[Any, ...]:
        return (-len({one.witness or one.report_id for one in support[value]}), _negated(rank(value)), str(value))

    best, *rest = sorted(support, key=order)
    return best, support[best], tuple(dict.fromkeys(write(support[value][0].candidate) for value in rest))


def _negated(rank: Any) -> Any:
    return tuple(-part for part in rank) if isinstance(rank, tuple) else -rank


def _day_rank(days: tuple[Any, ...]) -> int:
    """A day is more precise than a run of days, a short run more than a long one."""
    start, end, _ = days
    return -(end - start).days if end is not None else -10_000


def _vague_rank(days: tuple[Any, ...]) -> int:
    return {"day": 4, "range": 3, "week": 2, "month": 1}.get(days[2], 0)


def _place_of(candidate: CandidateEvent) -> tuple[Any, ...] | None:
    if candidate.locality is None and candidate.state is None and candidate.country is None:
        return None
    return (candidate.geonames_id, candidate.locality, candidate.state, candidate.country)


def _place_rank(place: tuple[Any, ...]) -> tuple[int, ...]:
    geonames_id, locality, state, _ = place
    return (int(geonames_id is not None), int(locality is not None), int(state is not None))


def _teller(told: Sequence[Member], place_members: Sequence[Member], day_members: Sequence[Member]) -> Member:
    """Whose sentence stands for the event: one that gives both its place and its day, held before planned, the earliest."""
    in_place = {id(one) for one in place_members}
    on_day = {id(one) for one in day_members}
    return max(told, key=lambda one: (id(one) in in_place, id(one) in on_day, one.candidate.status == "held", _negative(told, one)))


def _negative(told: Sequence[Member], one: Member) -> int:
    return -told.index(one)


def _ids(told: Iterable[Member], *variables: str) -> tuple[str, ...]:
    """The statements of these members for the variables, each once."""
    return tuple(dict.fromkeys(found for one in told for name in variables for found in one.lineage.get(name, ())))


def _union(told: Sequence[Member], name: str, lineage: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every value that any report gives for a list, best supported first, one spelling each."""
    support: dict[str, set[str]] = {}
    spelt: dict[str, str] = {}
    for one in told:
        for value in getattr(one.candidate, name):
            folded = value.casefold()
            support.setdefault(folded, set()).add(one.witness or one.report_id)
            spelt.setdefault(folded, value)
    lineage[name] = _ids(told, name)
    return tuple(spelt[folded] for folded in sorted(support, key=lambda folded: (-len(support[folded]), folded)))


def _sizes_of(one: Member) -> Iterable[EventSize]:
    """The size statements of a member, each with its statement's id; numbers expected beforehand are marked."""
    ids = list(one.lineage.get("size", ()))
    every: list[tuple[Size, bool]] = [(size, False) for size in one.candidate.sizes]
    every += [(size, True) for size in one.candidate.size_expected]
    for index, (size, expected) in enumerate(every):
        yield EventSize(
            text=size.text,
            low=size.low,
            high=size.high,
            vague=size.vague,
            claimant_role=size.claimant_role,
            claimant=size.claimant,
            scope=size.scope,
            unit=size.unit,
            report_id=one.report_id,
            candidate_id=one.candidate.event_id,
            statement_id=ids[index] if index < len(ids) else None,
            expected=expected,
        )

"""One event from its accounts: date, place and type by the best supported value, the others listed beside it.

Pure: members in, an event out, and the order of the members changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from headcount.models import CandidateEvent, DatePrecision, Event, EventSize, Size
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
    told = _name_witnesses(sorted(members, key=lambda one: (one.published, one.report_id, one.candidate.event_id)))
    if not told:
        raise ValueError(f"event {event_id}: expected at least one account, found none")
    lineage: dict[str, tuple[str, ...]] = {}
    others: dict[str, tuple[str, ...]] = {}
    status = _status(told)
    lineage["status"] = _ids((one for one in told if one.candidate.status == status), "status")
    others["status"] = tuple(sorted({one.candidate.status for one in told} - {status}))

    days, day_members, others["date"] = _best(
        told, lambda c: (c.date_start, c.date_end, c.date_precision) if c.date_start else None, _day_rank, write_dates
    )
    if days is None:  # no report fixes the day: the narrowest of the vague words
        days, day_members, others["date"] = _best(
            told, lambda c: (None, None, c.date_precision) if c.date_precision != "unknown" else None, _vague_rank, write_dates
        )
    start, end = days[:2] if days else (None, None)
    precision: DatePrecision = days[2] if days else "unknown"
    lineage["date_start"] = lineage["date_end"] = _ids(day_members, "date_start", "date_end") if start else ()
    lineage["date_precision"] = _ids(day_members, "date_precision")

    _, place_members, others["place"] = _best(_most_precise(told), _place_of, _place_rank, write_place)
    venue, venue_members, others["location_detail"] = _best(
        place_members, lambda c: c.location_detail or None, lambda value: -len(value), lambda c: c.location_detail
    )
    pointed = [one for one in venue_members or place_members if one.candidate.lat is not None]
    where = (pointed or venue_members or place_members or told)[0].candidate
    for column in ("locality", "state", "country"):
        lineage[column] = _ids(place_members, column) if getattr(where, column) is not None else ()
    lineage["location_detail"] = _ids(venue_members, "location_detail")
    in_words = lineage["location_detail"] or lineage["locality"] or lineage["state"] or lineage["country"]
    lineage["place_precision"] = in_words if where.place_precision != "unknown" else ()
    lineage["lat"] = lineage["lon"] = in_words if where.lat is not None else ()
    lineage["geonames_id"] = in_words if where.geonames_id is not None else ()

    kind, kind_members, others["event_type"] = _best(
        told, lambda c: c.event_type, lambda value: value not in GENERAL_TYPES, lambda c: c.event_type
    )
    lineage["event_type"] = _ids(kind_members, "event_type")

    sizes = tuple(size for one in told for size in _sizes_of(one))
    held = status == "held"
    counted = reconcile_size([[size for size in _sizes_of(one) if held and not size.expected] for one in told])
    lineage["size_low"], lineage["size_high"], lineage["claimant_role"] = counted.gives_low, counted.gives_high, counted.gives_role
    lineage["size_derived"] = counted.gives_low if counted.derived else ()
    lineage["size_unit"] = tuple(size.statement_id for size in sizes if size.statement_id and size.unit == counted.unit)

    background = all(one.candidate.background for one in told)
    lineage["background"] = _ids(told, "background") if background else lineage["status"]
    lists = {
        name: _union(told, name, lineage) for name in ("organizations", "participants", "speakers", "targets", "claims", "chants")
    }
    lineage["issues"] = _ids(told, "issues")
    outcomes = _told_once((outcome for one in told for outcome in one.candidate.outcomes), "variable", "low", "high", "text")
    for variable in sorted({outcome.variable for outcome in outcomes}):
        lineage[variable] = _ids(told, variable)
    compared = (one.candidate.comparison for one in told if one.candidate.comparison is not None)
    comparisons = _told_once(compared, "direction", "compared_with", "text")
    lineage["comparisons"] = _ids(told, "comparison")
    series, series_members, _ = _best(told, lambda c: c.series, lambda _: 0, lambda c: c.series or "")
    lineage["series"] = _ids(series_members, "series")
    lineage["macroevent"] = _ids(told, "event_type", "date_start", "locality") if macroevent else ()
    teller = _teller(told, place_members, day_members)
    lineage["quote"] = _ids([teller], "status")
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
        witnesses=len({one.witness for one in told}),
        others={column: values for column, values in others.items() if values},
        lineage={column: ids for column, ids in lineage.items() if ids},
        **lists,
    )


def _name_witnesses(told: Sequence[Member]) -> list[Member]:
    """The members with one witness for all that hang together: near-copies of one text, and accounts of one report."""
    first: dict[str, str] = {}

    def find(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    keys = [("report " + one.report_id, "witness " + one.witness if one.witness else "report " + one.report_id) for one in told]
    for pair in keys:
        least, other = sorted(map(find, pair))
        first[other] = least
    return [replace(one, witness=find(report)) for one, (report, _) in zip(told, keys, strict=True)]


def _most_precise(told: Sequence[Member]) -> list[Member]:
    """Those that tell the place as closely as any does: "in Scotland" is no other place beside "in Glasgow", only a wider one."""

    def closeness(one: Member) -> int:
        c = one.candidate
        return 3 if c.locality is not None else 2 if c.state is not None else 1 if c.country is not None else 0

    closest = max(map(closeness, told))
    return [one for one in told if closeness(one) == closest]


def _told_once(items: Iterable[Value], *names: str) -> tuple[Value, ...]:
    """The items without those that say the same in all of ``names``: what a wire story says in five papers is said once."""
    found: dict[tuple[Any, ...], Value] = {}
    for item in items:
        found.setdefault(tuple(getattr(item, name) for name in names), item)
    return tuple(found.values())


def _status(told: Sequence[Member]) -> Any:
    """What happened outweighs what was planned: held, if any report tells it as held; else cancelled; else planned."""
    found = {one.candidate.status for one in told}
    return next(status for status in ("held", "cancelled", "planned") if status in found)


def _best(
    told: Sequence[Member],
    value_of: Callable[[CandidateEvent], Any],
    rank: Callable[[Any], Any],
    write: Callable[[CandidateEvent], str],
) -> tuple[Any, list[Member], tuple[str, ...]]:
    """The value that most independent reports give, who gives it, and the other values in words, best supported first.

    Of two as well supported the one of higher ``rank`` is taken, then the one of the smaller text, so that order does not matter.
    """
    support: dict[Any, list[Member]] = {}
    for one in told:
        value = value_of(one.candidate)
        if value is not None:
            support.setdefault(value, []).append(one)
    if not support:
        return None, [], ()

    def order(value: Any) -> tuple[Any, ...]:
        return (-len({one.witness for one in support[value]}), _negated(rank(value)), str(value))

    best, *rest = sorted(support, key=order)
    written = dict.fromkeys(write(support[value][0].candidate) for value in rest)
    written.pop(write(support[best][0].candidate), None)
    return best, support[best], tuple(written)


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
    return (candidate.locality, candidate.state, candidate.country)


def _place_rank(place: tuple[Any, ...]) -> tuple[int, ...]:
    """One that is resolved, and so has its country and its state, before words alone."""
    _, state, country = place
    return (int(country is not None), int(state is not None))


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
            folded = value.casefold().replace("’", "'")  # papers set one agency's words in their own type
            support.setdefault(folded, set()).add(one.witness)
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

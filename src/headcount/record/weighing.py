"""How the value of an event was arrived at, in words: who agrees, what outweighs what. The rules are those of ``reconcile``."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final

from headcount.models import CandidateEvent, Event
from headcount.record.reviewing import LISTS

Weighed = Sequence[tuple[CandidateEvent, str]]
"""The accounts of an event, each with what names its witness: near-copies share one."""

_TOLD_BY: Final[dict[str, Callable[[CandidateEvent], Hashable | None]]] = {
    "date": lambda one: (one.date_start, one.date_end) if one.date_start else None,
    "place": lambda one: (one.locality, one.state, one.country) if one.locality or one.state or one.country else None,
    "location_detail": lambda one: one.location_detail or None,
    "event_type": lambda one: one.event_type,
    "series": lambda one: one.series,
}
_GROUP_OF: Final = {
    "date_start": "date", "date_end": "date", "date_precision": "date", "locality": "place", "state": "place",
    "country": "place", "place_precision": "place", "lat": "place", "lon": "place", "geonames_id": "place",
}  # fmt: skip
_FINER: Final = {"date": "the more precise", "place": "the one that is resolved", "event_type": "the more specific"}


def say_how(event: Event, accounts: Weighed, column: str) -> str:
    """One sentence on how the column came to its value: "2 of 3 independent reports say so"."""
    if column in {"event_id", "reports", "candidates", "witnesses"}:
        return "kept by the record; near-copies of one text are one witness" if column == "witnesses" else "kept by the record"
    if column in {"size", "size_low", "size_high", "claimant_role", "size_derived", "size_unit"}:
        return _say_size(event)
    if column == "status":
        return "held outweighs cancelled, and cancelled outweighs planned" if "status" in event.others else _say_count(accounts)
    if column == "background":
        return "every report tells it as history" if event.background else "at least one report tells it as news"
    if column == "macroevent":
        return "tied as a counter-protest and what it targets" if event.macroevent else "tied to no other event"
    if column == "quote":
        return "the earliest report that gives both the place and the day"
    if column in LISTS:
        if len(accounts) == 1 and getattr(event, column):
            return "one report says so"
        return "all that any report tells, the best supported first" if getattr(event, column) else "no report tells any"
    group = _GROUP_OF.get(column, column)
    if group not in _TOLD_BY:
        told = event.comparisons if column == "comparisons" else [one for one in event.outcomes if one.variable == column]
        if not told:
            return "no report tells any"
        return "one report says so" if len(accounts) == 1 else "all that any report tells"
    return _say_support(event, accounts, group)


def _say_support(event: Event, accounts: Weighed, group: str) -> str:
    told_by = _TOLD_BY[group]
    support: dict[Hashable, set[str]] = {}
    for candidate, witness in accounts:
        value = told_by(candidate)
        if value is not None:
            support.setdefault(value, set()).add(witness)
    if not support:
        return "no report tells it"
    chosen = told_by(_as_candidate(event))
    mine = len(support.get(chosen, ()))
    every = len({witness for witnesses in support.values() for witness in witnesses})
    if len(support) == 1 or not mine:
        return _say_count(accounts) if len(support) == 1 else "the value that the reports support best together"
    told = f"{mine} of {every} independent reports {'says' if mine == 1 else 'say'} so"
    if any(len(witnesses) == mine for value, witnesses in support.items() if value != chosen):
        finer = _FINER.get(group, "the first")
        return f"{told}, as many as say otherwise: {finer} is taken"
    return f"{told}, more than any other value has"


def _as_candidate(event: Event) -> CandidateEvent:
    """The event's own values as an account would give them, to be compared with the accounts'."""
    from headcount.models import Span

    return CandidateEvent(
        event_id=event.event_id,
        event_type=event.event_type,
        date_start=event.date_start,
        date_end=event.date_end,
        locality=event.locality,
        state=event.state,
        country=event.country,
        location_detail=event.location_detail,
        series=event.series,
        quote_span=Span(start=0, end=0),
    )


def _say_count(accounts: Weighed) -> str:
    witnesses = len({witness for _, witness in accounts})
    if witnesses > 1:
        return "all reports that tell it agree"
    return "one report says so" if len(accounts) == 1 else "one report says so, and its copies"


def _say_size(event: Event) -> str:
    if event.status != "held":
        return f"an event that is {event.status} has no size; a number expected beforehand is kept beside it"
    told = [size for size in event.sizes if not size.expected]
    if event.size_low is None and event.size_high is None:
        return "no report gives a number that counts" if told else "no report tells it"
    if event.size_derived:
        return "the parts of each report added up, the lowest and the highest sum"
    if len(told) == 1:
        return "the only figure"
    return "the lowest and the highest figure of the whole crowd, whoever claims it"

"""What a person's reviews of statements make of a candidate event: a value taken out, or another in its place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, get_args

from headcount.coding.reduction import reduce_sizes
from headcount.models import CandidateEvent, ClaimantRole, DatePrecision, PlacePrecision, Review, Size, Status
from headcount.record.packing import Packed

LISTS: Final = ("organizations", "participants", "speakers", "targets", "claims", "chants", "issues")
OUTCOMES: Final = (
    "arrests", "injuries_crowd", "injuries_police", "deaths",
    "property_damage", "police_measures", "participant_measures", "chemical_agents",
)  # fmt: skip
CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "status": get_args(Status),
    "date_precision": get_args(DatePrecision),
    "claimant_role": get_args(ClaimantRole),
    "comparison": ("larger", "smaller", "same"),
}
SIZE: Final = re.compile(r"(?P<low>\d[\d,]{0,14})?(?P<range>\s*(?:-|–|to|\.\.)\s*)?(?P<high>\d[\d,]{0,14})?(?P<plus>\+)?")
WITHOUT: Final[dict[str, Any]] = {
    "event_type": "demonstration", "status": "held", "background": False, "date_precision": "unknown", "location_detail": "",
}  # fmt: skip
"""What a column holds where a person has rejected the words that gave it; None in the others."""


def parse_value(variable: str, value: str | None) -> Any:
    """A reviewer's value as the column holds it; None is unknown.

    A size is ``400``, ``300-400``, ``2000+`` or ``-10000`` (up to). Raises ValueError with what was expected.
    """
    if value is None or not value.strip():
        return None
    value = value.strip()
    if variable in ("date_start", "date_end"):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{variable}: expected a day as YYYY-MM-DD, found {value!r}") from None
    if variable == "size":
        return _parse_size(value)
    if variable in OUTCOMES and SIZE.fullmatch(value):
        _parse_size(value, variable)  # of an outcome words are a value, too, but not a number that is none
    if variable == "background":
        if value.lower() not in ("true", "false"):
            raise ValueError(f"background: expected true or false, found {value!r}")
        return value.lower() == "true"
    if variable in CLOSED and value not in CLOSED[variable]:
        raise ValueError(f"{variable}: expected one of {', '.join(CLOSED[variable])}, found {value!r}")
    if variable == "country" and not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(f"country: expected two letters of ISO 3166-1 such as GB, found {value!r}")
    return value


def apply_reviews(packed: Packed, reviews: Mapping[str, Review]) -> Packed:
    """The candidate event as the reviewers leave it; ``reviews`` holds by statement id the one that counts.

    The lineage stays: a value put in by a person leads to the statement that it stands in for, and that to the review.
    """
    touched = {one for ids in packed.lineage.values() for one in ids} & reviews.keys()
    if not touched:
        return packed
    event = packed.event
    for variable, ids in packed.lineage.items():
        found = [(place, reviews[one]) for place, one in enumerate(ids) if one in touched and reviews[one].decision != "accept"]
        if found:
            event = _apply(event, variable, found)
    return Packed(event=event, lineage=packed.lineage)


def _apply(event: CandidateEvent, variable: str, found: list[tuple[int, Review]]) -> CandidateEvent:
    if variable == "size":
        return _apply_to_sizes(event, dict(found))
    if variable in LISTS:
        values = list(getattr(event, variable))
        for place, review in sorted(found, key=lambda one: one[0], reverse=True):
            new = _value_of(variable, review)
            if place < len(values):
                values[place : place + 1] = [new] if new is not None else []
        return _set(event, variable, tuple(values))
    if variable in OUTCOMES:
        return _apply_to_outcomes(event, variable, dict(found))
    if variable == "claimant_role":
        return _apply_to_claimants(event, dict(found))
    value = _value_of(variable, found[-1][1])
    if variable == "comparison":
        return replace(event, comparison=replace(event.comparison, direction=value) if value and event.comparison else None)
    if variable in ("date_start", "date_end"):
        return _apply_to_days(event, variable, value)
    changed = _set(event, variable, WITHOUT.get(variable) if value is None else value)
    if variable == "date_precision" and changed.date_precision not in ("day", "range"):
        return replace(changed, date_start=None, date_end=None)
    if variable in ("locality", "state", "country"):
        changed = replace(changed, lat=None, lon=None, geonames_id=None)
    if variable in ("locality", "state", "country", "location_detail"):
        return replace(changed, place_precision=_place_precision(changed))
    return changed


def _set(event: CandidateEvent, variable: str, value: Any) -> CandidateEvent:
    changes: dict[str, Any] = {variable: value}
    return replace(event, **changes)


def _place_precision(event: CandidateEvent) -> PlacePrecision:
    if event.location_detail:
        return "venue"
    if event.locality is not None:
        return "locality"
    return "region" if event.state is not None else "country" if event.country is not None else "unknown"


def _apply_to_days(event: CandidateEvent, variable: str, value: dt.date | None) -> CandidateEvent:
    """A first day put right moves an event of one day as a whole; a last day makes it longer or shorter. None: no day is known."""
    start, end = event.date_start, event.date_end
    if value is None or start is None or end is None:
        start = end = value
    elif variable == "date_start":
        start, end = value, value if start == end or end < value else end
    else:
        start, end = value if value < start else start, value
    precision: DatePrecision = "unknown" if start is None else "day" if start == end else "range"
    return replace(event, date_start=start, date_end=end, date_precision=precision)


def _value_of(variable: str, review: Review) -> Any:
    return None if review.decision == "reject" else parse_value(variable, review.value)


def _apply_to_claimants(event: CandidateEvent, found: Mapping[int, Review]) -> CandidateEvent:
    """Who gives a number, where the report says so: the statements stand in the order of the sizes whose claimant has words."""
    every: list[Size] = [*event.sizes, *event.size_expected]
    named = [place for place, size in enumerate(every) if size.claimant_span is not None]
    for index, review in found.items():
        if index < len(named):
            role: ClaimantRole = _value_of("claimant_role", review) or "report"
            size = every[named[index]]
            claimant = size.claimant if role != "report" else ""
            every[named[index]] = replace(size, claimant_role=role, claimant=claimant)
    return _with_sizes(event, every)


def _apply_to_sizes(event: CandidateEvent, found: Mapping[int, Review]) -> CandidateEvent:
    """A rejected size loses its ends but keeps its words and its place among the others, so that the lineage stays aligned."""
    every: list[Size] = [*event.sizes, *event.size_expected]
    for place, review in found.items():
        if place < len(every):
            low, high = (None, None) if review.decision == "reject" else _value_of("size", review) or (None, None)
            every[place] = replace(every[place], low=low, high=high, vague=False, hedge="")
    return _with_sizes(event, every)


def _with_sizes(event: CandidateEvent, every: Sequence[Size]) -> CandidateEvent:
    """The event with other values in its sizes, and what follows from them."""
    sizes, expected = tuple(every[: len(event.sizes)]), tuple(every[len(event.sizes) :])
    reduced = reduce_sizes([size for size in sizes if size.unit == event.size_unit])
    return replace(
        event,
        sizes=sizes,
        size_expected=expected,
        size_low=reduced.low,
        size_high=reduced.high,
        size_derived=reduced.derived,
        claimant_role=reduced.claimant_role,
    )


def _apply_to_outcomes(event: CandidateEvent, variable: str, found: Mapping[int, Review]) -> CandidateEvent:
    kept = []
    place = 0
    for outcome in event.outcomes:
        review = found.get(place) if outcome.variable == variable else None
        place += outcome.variable == variable
        if review is None:
            kept.append(outcome)
        elif (value := _value_of(variable, review)) is not None:
            low, high = _parse_size(value) if SIZE.fullmatch(value) else (None, None)
            kept.append(replace(outcome, text=value, low=low, high=high))
    return replace(event, outcomes=tuple(kept))


def _parse_size(value: str, variable: str = "size") -> tuple[int | None, int | None]:
    match = SIZE.fullmatch(value.strip())
    low = int(match["low"].replace(",", "")) if match and match["low"] else None
    high = int(match["high"].replace(",", "")) if match and match["high"] else None
    good = match is not None and (low, high) != (None, None) and not (match["plus"] and (match["range"] or high is not None))
    if not good or match is None or (low is not None and high is not None and (not match["range"] or low > high)):
        raise ValueError(f"{variable}: expected 400, 300-400, 2000+ or 'up to 10000', found {value!r}")
    if match["range"] or match["plus"]:
        return low, high
    return low, low

"""Order the places of one name, the likeliest first."""

from __future__ import annotations

import math
from collections import defaultdict

from headcount.gazetteer.sources import SHORT, Draft

FEDERAL = frozenset({"US", "CA", "AU", "GB", "ZA", "IN"})
"""Countries whose first-level divisions every reader of English news knows: they come before towns."""

STATE_MASS = 0.2
"""What share of its people ranks any other state among towns of its name.

St. Louis in Missouri (280,000 people) must come before the region of Saint-Louis in Senegal (900,000)."""

SHORT_NAME_PEOPLE = 50_000
"""A town of fewer people with a name of one or two letters ("Y", "Us", "Of") is left out: news means the word."""

NEAR_KM = 40.0
"""A town of a landmark's name this near the landmark's town is the same quarter (Brooklyn, Islington)."""


def rank_names(drafts: list[Draft]) -> dict[str, list[Draft]]:
    """Every folded name with its places in order."""
    named: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        for folded in draft.names:
            if len(folded) < 3 and draft.kind in ("locality", "district") and draft.mass < SHORT_NAME_PEOPLE:
                continue
            named[folded].append(draft)
    largest = _largest_towns(drafts)
    return {folded: _rank(folded, places, largest) if len(places) > 1 else places for folded, places in sorted(named.items())}


def _rank(folded: str, places: list[Draft], largest: dict[str, Draft]) -> list[Draft]:
    """Countries and well-known states by usual name first, the rest by people times the weight of the name."""
    places = _absorb_quarters(places)
    outranked = {  # by the town that the state is called after: Istanbul, but not Quebec
        town.state for town in places if town.kind == "locality" and largest.get(town.state) is town and town.names[folded] >= SHORT
    }

    def order(draft: Draft) -> tuple[bool, float, int, str]:
        usual = draft.names[folded] >= SHORT
        mass = draft.mass * draft.names[folded]
        first = draft.kind == "country" and usual
        if draft.kind == "state":
            if draft.state in outranked:
                mass *= 0.01
            elif draft.country in FEDERAL:
                first = usual
                mass = min(mass, 1e6)  # after a country of that name (Georgia)
            else:
                mass *= STATE_MASS
        return not first, -mass, draft.geonames_id, draft.name

    return sorted(places, key=order)


def _absorb_quarters(places: list[Draft]) -> list[Draft]:
    """Leave out towns that a landmark of the same name says are a quarter of its town."""
    landmarks = [draft for draft in places if draft.kind == "landmark"]
    if not landmarks:
        return places
    kept = []
    for draft in places:
        absorbed = draft.kind == "locality" and any(
            mark.country == draft.country and mark.geonames_id != draft.geonames_id and _km(mark, draft) < NEAR_KM
            for mark in landmarks
        )
        if absorbed:
            for mark in landmarks:
                if mark.country == draft.country and _km(mark, draft) < NEAR_KM:
                    mark.mass = max(mark.mass, draft.mass)
        else:
            kept.append(draft)
    return kept


def _largest_towns(drafts: list[Draft]) -> dict[str, Draft]:
    """By first-level division, its most populous town."""
    largest: dict[str, Draft] = {}
    for draft in drafts:
        if draft.kind == "locality" and draft.state:
            held = largest.get(draft.state)
            if held is None or (draft.mass, -draft.geonames_id) > (held.mass, -held.geonames_id):
                largest[draft.state] = draft
    return largest


def _km(one: Draft, other: Draft) -> float:
    """Kilometres between two places, on a flat map: right enough within a city."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return math.inf
    east = (one.lon - other.lon) * math.cos(math.radians(one.lat))
    return math.hypot(one.lat - other.lat, east) * 111.2

"""One number for a vague word: each project has its own, and they are applied at export, never stored (codebook section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from headcount.codebook import table
from headcount.models import Event, EventSize
from headcount.wording import VAGUE_WORDS


class PointSize(NamedTuple):
    """An event's size in people with vague words as points; None is open or unknown."""

    low: int | None
    high: int | None


def read_points(profile: str) -> Mapping[str, int]:
    """What a profile writes for each vague word. Raises ValueError where ``points.toml`` has no such profile."""
    profiles = _profiles()
    if profile not in profiles:
        raise ValueError(f"expected one of the point profiles {', '.join(sorted(profiles))}, found {profile!r}")
    return profiles[profile]


def size_in_points(event: Event, profile: str) -> PointSize:
    """The event's range with the point of each vague word at both its ends; (None, None) where it counts anything but people.

    "Hundreds" alone is 200 to 200 (CCC). Exact figures decide as they do in the record, which is made from the same statements
    by the same rule; where a person has set the size to something else, what the person says is kept.
    """
    if event.size_unit != "people":
        return PointSize(None, None)
    if not any(size.vague for size in event.sizes):
        return PointSize(event.size_low, event.size_high)
    from headcount.reconcile.sizes import reconcile_size  # loads the coders, 150 ms, which no other format needs

    told = reconcile_size(_accounts(event.sizes))
    if (told.low, told.high) != (event.size_low, event.size_high):
        return PointSize(event.size_low, event.size_high)
    points = read_points(profile)
    pointed = reconcile_size(_accounts([_as_point(size, points) for size in event.sizes]))
    return PointSize(pointed.low, pointed.high)


def _as_point(size: EventSize, points: Mapping[str, int]) -> EventSize:
    if not size.vague or (size.low is None and size.high is None):
        return size
    point = points.get(VAGUE_WORDS.get((size.low, size.high), ""), size.low if size.low is not None else size.high)
    return replace(size, low=point, high=point)


def _accounts(sizes: tuple[EventSize, ...] | list[EventSize]) -> list[list[EventSize]]:
    """The statements by the account that makes them, as the record pools them."""
    accounts: dict[str, list[EventSize]] = {}
    for size in sizes:
        accounts.setdefault(size.candidate_id, []).append(size)
    return list(accounts.values())


@cache
def _profiles() -> dict[str, dict[str, int]]:
    return {name: {words: point for words, point in held.items() if words != "why"} for name, held in table("points").items()}

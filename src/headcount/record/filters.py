"""Which events a question asks for. Loads no database code: the command that lists events answers before that would be loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which events are asked for; None asks nothing. Text is compared without regard to case and accents."""

    since: dt.date | None = None
    until: dt.date | None = None
    """The last day that is wanted. An event on several days counts where any of them lies between the two."""

    country: str | None = None
    state: str | None = None
    locality: str | None = None
    event_type: str | None = None
    status: str | None = None
    background: bool | None = None
    series: str | None = None
    issue: str | None = None
    min_size: int | None = None
    """At least so many people by the lowest number told, or by the highest where the lowest is open."""

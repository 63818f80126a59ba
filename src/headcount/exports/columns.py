"""The columns of an event, once for every table: CSV, Parquet, GeoJSON, Arrow, pandas and Polars hold the same ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from headcount.exports.cells import write_comparison
from headcount.models import Event, EventSize, Size, Span
from headcount.wording import HEDGES, write_size_statement

ColumnType = Literal["string", "integer", "number", "boolean", "date", "list"]
Value = object
"""What a column holds: None is unknown; a list that is empty means looked and found none."""

DECIMALS: Final = 6
"""Of a coordinate: a tenth of a metre, as RFC 7946 section 11.2 advises. Towns of the gazetteer have five."""

_HEDGES: Final = tuple(sorted({*HEDGES, "under", "fewer than", "less than", "below"} - {"or so"}, key=len, reverse=True))
_NOWHERE: Final = Span(start=0, end=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One documented thing that is known of an event."""

    name: str
    type: ColumnType
    read: Callable[[Event], Value]
    meaning: str


def write_size_claim(size: EventSize) -> str:
    """One figure and who gives it: "about 500 (police)", "2,000 tractors (organisers)"."""
    words = size.text.casefold().strip()
    hedge = next((hedge for hedge in _HEDGES if words.startswith(hedge + " ")), "about" if " or so" in words else "")
    return write_size_statement(
        Size(
            text=size.text,
            low=size.low,
            high=size.high,
            vague=size.vague,
            claimant_role=size.claimant_role,
            claimant=size.claimant,
            scope=size.scope,
            unit=size.unit,
            hedge=hedge,
            span=_NOWHERE,
        )
    )


def find_point(event: Event) -> tuple[float, float] | None:
    """Longitude and latitude, or None where the place is unknown or is no place on Earth."""
    if event.lat is None or event.lon is None or not (math.isfinite(event.lat) and math.isfinite(event.lon)):
        return None
    if not (-90 <= event.lat <= 90 and -180 <= event.lon <= 180):
        return None
    return round(event.lon, DECIMALS), round(event.lat, DECIMALS)


def _finite(degrees: float | None) -> float | None:
    return degrees if degrees is not None and math.isfinite(degrees) else None


def _told(event: Event) -> Iterator[EventSize]:
    return (size for size in event.sizes if not size.expected)


def _once(items: Iterator[str]) -> list[str]:
    """Each once, in the order in which they are first told: two reports often tell the same."""
    return list(dict.fromkeys(item for item in items if item))


EVENT_COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        name="event_id",
        type="string",
        read=lambda event: event.event_id,
        meaning="Permanent id of the event in its record.",
    ),
    Column(
        name="event_type",
        type="string",
        read=lambda event: event.event_type,
        meaning="The best-supported word: rally, march, demonstration, vigil, strike ...",
    ),
    Column(
        name="status",
        type="string",
        read=lambda event: event.status,
        meaning="Whether it happened: `held`, `planned`, `cancelled`.",
    ),
    Column(
        name="background",
        type="boolean",
        read=lambda event: event.background,
        meaning="True when it is told only as history, more than 60 days after it ended.",
    ),
    Column(name="date_start", type="date", read=lambda event: event.date_start, meaning="First day."),
    Column(name="date_end", type="date", read=lambda event: event.date_end, meaning="Last day, the same as the first for one day."),
    Column(
        name="date_precision",
        type="string",
        read=lambda event: event.date_precision,
        meaning="`day`, `range`, `week`, `month`, `year` or `unknown`.",
    ),
    Column(
        name="location_detail",
        type="string",
        read=lambda event: event.location_detail or None,
        meaning="Venue, square or street; unknown where none is told.",
    ),
    Column(name="locality", type="string", read=lambda event: event.locality, meaning="Town or city."),
    Column(name="state", type="string", read=lambda event: event.state, meaning="First-level division, in full."),
    Column(name="country", type="string", read=lambda event: event.country, meaning="ISO 3166-1 alpha-2."),
    Column(
        name="place_precision",
        type="string",
        read=lambda event: event.place_precision,
        meaning="`venue`, `locality`, `region`, `country` or `unknown`.",
    ),
    Column(name="lat", type="number", read=lambda event: _finite(event.lat), meaning="Latitude in degrees, WGS 84."),
    Column(name="lon", type="number", read=lambda event: _finite(event.lon), meaning="Longitude in degrees, WGS 84."),
    Column(name="geonames_id", type="integer", read=lambda event: event.geonames_id, meaning="The place in GeoNames."),
    Column(
        name="size_low",
        type="integer",
        read=lambda event: event.size_low,
        meaning="The fewest that the reports support together, by section 5 of the codebook; unknown is never zero.",
    ),
    Column(name="size_high", type="integer", read=lambda event: event.size_high, meaning="The most, likewise; unknown where open."),
    Column(
        name="size_unit",
        type="string",
        read=lambda event: event.size_unit,
        meaning="What the two count: people, or families, vehicles, tractors. Leave other units out of sums over people.",
    ),
    Column(name="size_derived", type="boolean", read=lambda event: event.size_derived, meaning="True when parts were added up."),
    Column(
        name="claimant_role",
        type="string",
        read=lambda event: event.claimant_role,
        meaning="Who gives the figure that decides first.",
    ),
    Column(
        name="size_texts",
        type="list",
        read=lambda event: _once(size.text for size in _told(event)),
        meaning="The words of all size statements.",
    ),
    Column(
        name="size_claims",
        type="list",
        read=lambda event: _once(write_size_claim(size) for size in _told(event)),
        meaning="The figures as a person would write them, with who gives each.",
    ),
    Column(
        name="size_expected",
        type="list",
        read=lambda event: _once(write_size_claim(size) for size in event.sizes if size.expected),
        meaning="Expected attendance, likewise; never part of `size_low` and `size_high`.",
    ),
    Column(
        name="organizations",
        type="list",
        read=lambda event: list(event.organizations),
        meaning="Who organised or called it.",
    ),
    Column(
        name="participants",
        type="list",
        read=lambda event: list(event.participants),
        meaning="Kinds of people: students, nurses.",
    ),
    Column(name="speakers", type="list", read=lambda event: list(event.speakers), meaning="Public figures only."),
    Column(name="targets", type="list", read=lambda event: list(event.targets), meaning="Whom or what it addressed."),
    Column(name="claims", type="list", read=lambda event: list(event.claims), meaning="Demands: for ..., against ..."),
    Column(name="chants", type="list", read=lambda event: list(event.chants), meaning="Chants and placards, word for word."),
    Column(name="issues", type="list", read=lambda event: list(event.issues), meaning="Political tags, from rules over claims."),
    Column(
        name="outcomes",
        type="list",
        read=lambda event: _once(f"{outcome.variable}: {outcome.text}" for outcome in event.outcomes),
        meaning="What came of it: `arrests: three arrests`.",
    ),
    Column(
        name="comparisons",
        type="list",
        read=lambda event: _once(write_comparison(comparison) for comparison in event.comparisons),
        meaning="What it is set against: `larger than last year`.",
    ),
    Column(
        name="macroevent",
        type="string",
        read=lambda event: event.macroevent,
        meaning="Shared by a counter-protest and the event that it targets.",
    ),
    Column(
        name="series",
        type="string",
        read=lambda event: event.series,
        meaning="Shared by the events of one campaign, tour or day of action.",
    ),
    Column(
        name="others",
        type="list",
        read=lambda event: [f"{column}: {value}" for column, values in event.others.items() for value in values],
        meaning="Other values that reports give, best supported first: `place: Hull, GB`.",
    ),
    Column(
        name="witnesses",
        type="integer",
        read=lambda event: event.witnesses,
        meaning="Independent reports: near-copies of one story count once.",
    ),
    Column(name="reports", type="list", read=lambda event: list(event.reports), meaning="Ids of the reports that tell of it."),
    Column(
        name="candidates",
        type="list",
        read=lambda event: list(event.candidates),
        meaning="Ids of their accounts of it, as `headcount read` gives them.",
    ),
    Column(name="quote", type="string", read=lambda event: event.quote or None, meaning="A sentence that tells of it."),
)
"""In order. What has no column of its own (single statements, sizes with their parts, lineage) is in JSON Lines."""

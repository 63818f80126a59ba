"""Events as the Crowd Counting Consortium publishes them: its columns in its order, its points for vague words, its scope.

Sources, read in its repository nonviolent-action-lab/crowd-counting-consortium: columns and sizes from
``data_compilation/ccc_compiler_2024.R``, meanings from ``ccc_data_dictionary.md``; scope from the FAQ of its site.
docs/ccc.md says what each column holds and what stays empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO, Final

from headcount.exports.ccc_places import TERRITORIES, find_fips_code, find_state
from headcount.exports.cells import Cell, write_cell, write_comparison, write_row
from headcount.exports.columns import find_point, write_size_claim
from headcount.exports.points import PointSize, size_in_points
from headcount.models import Event, Outcome
from headcount.wording import write_number_range

SOURCES: Final = 30
"""Columns for sources, as in CCC's files of 2017 to 2020, 2021 to 2024 and after."""

CCC_COLUMNS: Final = (
    "date", "locality", "state", "location_detail", "online", "type", "title", "macroevent", "actors", "organizations",
    "participants", "claims", "valence", "issues", "issues_major", "size_text", "size_low", "size_high", "size_mean", "size_cat",
    "arrests", "arrests_any", "injuries_crowd", "injuries_crowd_any", "injuries_police", "injuries_police_any",
    "property_damage", "property_damage_any", "chemical_agents", "participant_measures", "police_measures",
    "participant_deaths", "police_deaths", *(f"source_{number}" for number in range(1, SOURCES + 1)),
    "notes", "lat", "lon", "resolved_locality", "resolved_county", "resolved_state", "fips_code",
)  # fmt: skip

EMPTY_COLUMNS: Final = frozenset({"title", "valence", "participant_deaths", "police_deaths", "resolved_county"})
"""What a report, as it is coded here, does not tell."""

OUT_OF_SCOPE: Final = frozenset({"meeting", "public meeting"})
"""Event types that CCC does not count: meetings, teach-ins, panel discussions, fundraisers, town halls."""

DescribeReport = Callable[[str], str]


def write_ccc(events: Iterable[Event], out: BinaryIO, *, describe_report: DescribeReport | None = None) -> int:
    """One row an event within CCC's scope, as CSV. Returns how many rows were written.

    ``describe_report`` gives a report's URL, or a description where it has none, by its id; without it the ids stand in the
    columns for sources.
    """
    write_row(out, CCC_COLUMNS)
    number = 0
    for event in events:
        if is_in_ccc_scope(event):
            row = make_ccc_row(event, describe_report=describe_report)
            write_row(out, (write_cell(row.get(column)) for column in CCC_COLUMNS))
            number += 1
    out.flush()
    return number


def is_in_ccc_scope(event: Event) -> bool:
    """Held, told as news and no meeting. Events of other countries are kept: CCC's compiled files hold the United States alone."""
    return event.status == "held" and not event.background and event.event_type not in OUT_OF_SCOPE


def make_ccc_row(event: Event, *, describe_report: DescribeReport | None = None) -> dict[str, Cell]:
    """The event's values by column; a column that is not there is empty."""
    size = size_in_points(event, "ccc")
    mean = find_size_mean(size)
    state = find_state(event.state, event.country)
    resolved = event.locality is not None and event.geonames_id is not None
    american = event.country == "US" or event.country in TERRITORIES
    point = find_point(event) if event.locality is not None else None
    sources = [describe_report(report) if describe_report else report for report in event.reports]
    row: dict[str, Cell] = {
        "date": event.date_start.isoformat() if event.date_start and event.date_precision in {"day", "range"} else None,
        "locality": event.locality,
        "state": state,
        "location_detail": event.location_detail,
        "online": 0,
        "type": event.event_type,
        "macroevent": event.macroevent,
        "actors": _join([*event.organizations, *event.participants]),
        "organizations": _join(event.organizations),
        "participants": _join(event.participants),
        "claims": ", ".join(_without_commas(claim) for claim in (*event.claims, *event.chants)),
        "issues": _join(event.issues),
        "issues_major": _join(event.issues),
        "size_text": find_size_text(event),
        "size_low": size.low,
        "size_high": size.high,
        "size_mean": mean,
        "size_cat": find_size_cat(mean),
        "chemical_agents": int(_happened(event, "chemical_agents")),
        "participant_measures": _words(event, "participant_measures"),
        "police_measures": _words(event, "police_measures", "chemical_agents"),
        "property_damage": _words(event, "property_damage"),
        "notes": write_notes(event, extra_sources=max(0, len(sources) - SOURCES)),
        "lat": point[1] if point else None,
        "lon": point[0] if point else None,
        "resolved_locality": event.locality if resolved else None,
        "resolved_state": state if resolved else None,
        "fips_code": find_fips_code(locality=event.locality, state=state, location_detail=event.location_detail)
        if american
        else None,
    }
    for variable in ("arrests", "injuries_crowd", "injuries_police"):
        row[variable] = write_count([outcome for outcome in event.outcomes if outcome.variable == variable])
    for variable in ("arrests", "injuries_crowd", "injuries_police", "property_damage"):
        row[f"{variable}_any"] = int(_happened(event, variable))
    for number, source in enumerate(sources[:SOURCES], start=1):
        row[f"source_{number}"] = source
    return {column: " ".join(value.split()) if isinstance(value, str) else value for column, value in row.items()}


def find_size_mean(size: PointSize) -> int | None:
    """Rounded mean, a half to the even number as R rounds; the low where the high is missing, unknown where the low is."""
    if size.low is None or size.high is None:
        return size.low
    whole, half = divmod(size.low + size.high, 2)
    return whole + (half and whole % 2)


def find_size_cat(mean: int | None) -> int:
    """0 unknown, 1 under 100, 2 under 1,000, 3 under 10,000, 4 more."""
    if mean is None:
        return 0
    return 1 + (mean >= 100) + (mean >= 1_000) + (mean >= 10_000)


def find_size_text(event: Event) -> str:
    """The words where the crowd is told in vague words only: "dozens; a large crowd"; else nothing."""
    told = [size for size in event.sizes if not size.expected and size.unit == "people" and size.scope != "cumulative"]
    if any(not size.vague and (size.low is not None or size.high is not None) for size in told):
        return ""
    return _join(size.text for size in told)


def write_count(outcomes: Sequence[Outcome]) -> str:
    """A number where all reports give that one, "3 to 5" where they differ, else the words; empty where nothing is told."""
    counts = {outcome.low for outcome in outcomes if outcome.low is not None and outcome.low == outcome.high}
    if outcomes and all(outcome.low is not None and outcome.low == outcome.high for outcome in outcomes):
        low, high = min(counts), max(counts)
        return str(low) if low == high else f"{low} to {high}"
    return _join(outcome.text or write_number_range(outcome.low, outcome.high) for outcome in outcomes)


def write_notes(event: Event, *, extra_sources: int = 0) -> str:
    """What CCC's columns have no room for: other countries, several days, other units, deaths, comparisons, the event's id."""
    notes = [f"country: {event.country}"] if event.country and event.country != "US" and event.country not in TERRITORIES else []
    if event.date_precision not in {"day", "range"} and event.date_start:
        notes.append(f"date: {event.date_start} to {event.date_end or event.date_start}, known to the {event.date_precision}")
    elif event.date_end and event.date_start and event.date_end != event.date_start:
        notes.append(f"until {event.date_end}")
    other_units = [size for size in event.sizes if size.unit != "people" and not size.expected]
    notes += dict.fromkeys(f"also counted: {write_size_claim(size)}" for size in other_units)
    notes += dict.fromkeys(f"deaths: {outcome.text}" for outcome in event.outcomes if outcome.variable == "deaths")
    notes += dict.fromkeys(write_comparison(comparison) for comparison in event.comparisons)
    if extra_sources:
        notes.append(f"{extra_sources} more sources")
    return _join([*notes, f"headcount {event.event_id}"])


def _happened(event: Event, variable: str) -> bool:
    """CCC's binary markers: 1 where any report tells of it, 0 where none does or all say that there were none."""
    return any(outcome.variable == variable and (outcome.low, outcome.high) != (0, 0) for outcome in event.outcomes)


def _words(event: Event, *variables: str) -> str:
    return _join(outcome.text for outcome in event.outcomes if outcome.variable in variables)


def _join(items: Iterable[str]) -> str:
    """CCC's lists: separated by semicolons, so that none may stand within an item."""
    return "; ".join(dict.fromkeys(item.replace(";", ",") for item in items if item))


def _without_commas(claim: str) -> str:
    """A claim as one item of a list that is split at its commas: 1,000 becomes 1000, any other comma a semicolon."""
    return re.sub(r"(?<=\d),(?=\d{3}\b)", "", claim).replace(",", ";")

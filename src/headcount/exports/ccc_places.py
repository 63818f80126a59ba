"""American places as the Crowd Counting Consortium writes them: postal abbreviations, and the county codes that follow from a name.

Codes: FIPS 6-4, as in CCC's ``fips_for_county_function.R``. Only what is certain from the place itself stands here; a county
cannot be told from a town's name.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

TERRITORIES: Final = {"AS": "60000", "GU": "66000", "MP": "69000", "PR": "72000", "VI": "78000"}
"""Territories have ISO codes of their own, which are their postal abbreviations; CCC gives each one code as a whole."""

INDEPENDENT_CITIES: Final = {
    ("DC", "Washington"): "11001", ("MD", "Baltimore"): "24510", ("MO", "St. Louis"): "29510", ("MO", "Saint Louis"): "29510",
    ("NV", "Carson City"): "32510",
    ("VA", "Alexandria"): "51510", ("VA", "Bristol"): "51520", ("VA", "Buena Vista"): "51530", ("VA", "Charlottesville"): "51540",
    ("VA", "Chesapeake"): "51550", ("VA", "Colonial Heights"): "51570", ("VA", "Covington"): "51580", ("VA", "Danville"): "51590",
    ("VA", "Emporia"): "51595", ("VA", "Fairfax"): "51600", ("VA", "Falls Church"): "51610", ("VA", "Franklin"): "51620",
    ("VA", "Fredericksburg"): "51630", ("VA", "Galax"): "51640", ("VA", "Hampton"): "51650", ("VA", "Harrisonburg"): "51660",
    ("VA", "Hopewell"): "51670", ("VA", "Lexington"): "51678", ("VA", "Lynchburg"): "51680", ("VA", "Manassas"): "51683",
    ("VA", "Manassas Park"): "51685", ("VA", "Martinsville"): "51690", ("VA", "Newport News"): "51700", ("VA", "Norfolk"): "51710",
    ("VA", "Norton"): "51720", ("VA", "Petersburg"): "51730", ("VA", "Poquoson"): "51735", ("VA", "Portsmouth"): "51740",
    ("VA", "Radford"): "51750", ("VA", "Richmond"): "51760", ("VA", "Roanoke"): "51770", ("VA", "Salem"): "51775",
    ("VA", "Staunton"): "51790", ("VA", "Suffolk"): "51800", ("VA", "Virginia Beach"): "51810", ("VA", "Waynesboro"): "51820",
    ("VA", "Williamsburg"): "51830", ("VA", "Winchester"): "51840",
}  # fmt: skip
"""Cities that are no part of a county, by state and name."""

BOROUGHS: Final = {"Manhattan": "36061", "Brooklyn": "36047", "Queens": "36081", "Bronx": "36005", "Staten Island": "36085"}
"""New York City lies in five counties: its code is known where the venue names the borough. CCC takes Manhattan for the rest."""


def find_state(state: str | None, country: str | None) -> str | None:
    """The postal abbreviation of a state or territory of the United States; the state as it is elsewhere."""
    if country in TERRITORIES:
        return country
    if state is None or country != "US":
        return state
    return _abbreviations().get(state, state)


def find_fips_code(*, locality: str | None, state: str | None, location_detail: str) -> str | None:
    """Five digits of the county, where the place alone fixes them. ``state`` is the postal abbreviation."""
    if state in TERRITORIES:
        return TERRITORIES[state]
    if state is None or locality is None:
        return None
    if state == "NY" and locality in {"New York", "New York City"}:
        return next((code for borough, code in BOROUGHS.items() if borough.casefold() in location_detail.casefold()), None)
    return INDEPENDENT_CITIES.get((state, locality))


@cache
def _abbreviations() -> dict[str, str]:
    """Postal abbreviations by state: the last of those that the gazetteer knows."""
    text = files("headcount.gazetteer").joinpath("abbreviations.toml").read_text("utf-8")
    states: dict[str, list[str]] = tomllib.loads(text)["country"]["US"]["states"]
    return {state: known[-1] for state, known in states.items()}

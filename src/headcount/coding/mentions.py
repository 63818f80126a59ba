"""What a place name is in a report: its words, its role, and what it was resolved to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from headcount.codebook import table
from headcount.gazetteer import Place


@dataclass(slots=True)
class PlaceMention:
    """A place name at the tokens ``first`` to ``end`` (half-open); ``end`` includes a containing place behind it."""

    first: int
    end: int
    name_end: int
    candidates: tuple[Place, ...]
    preposition: str
    """The word before it that says how it stands in the sentence ("in", "from"), or ""."""

    role: str = "place"
    """place | possessive | adjective | dateline | origin | venue (a thing named after its town) | unknown (not in the
    gazetteer) | detail (part of the town behind it) | organisation | container"""

    words: str = ""
    """The name as the report writes it."""

    support: float = 0.0
    """Share of the report's other places and peoples that lie in the same country, 0 to 1."""

    home: bool = False
    """Does it lie in the publisher's home country?"""

    container: Place | None = None
    place: Place | None = None

    @property
    def town(self) -> str | None:
        """The town that it names, known or unknown to the gazetteer; None for a wider area."""
        if self.place is not None:
            return self.place.town
        return self.words if self.role == "unknown" else None

    @property
    def country(self) -> str | None:
        """The country of the place, or of the place that contains it."""
        where = self.place or self.container
        return where.country if where is not None else None

    @property
    def key(self) -> tuple[str | None, str | None]:
        """(town, country): what two mentions of one town share."""
        return (self.town, self.country)


class _Words:
    def __init__(self) -> None:
        book = table("places")
        self.inside = frozenset(book["prepositions"]["inside"])
        self.origin = frozenset(book["prepositions"]["origin"])
        self.between = frozenset(book["prepositions"]["between"])
        self.prefixes = frozenset(book["prefixes"]["words"])
        self.town_suffixes = frozenset(book["town_suffixes"]["words"])
        self.not_town_suffixes = frozenset(book["not_town_suffixes"]["words"])
        self.not_places = frozenset(book["not_places"]["words"])
        self.compass = frozenset(book["compass"]["words"])
        self.venues = frozenset(book["venues"]["words"])
        self.of = frozenset(book["of"]["words"])


@cache
def words() -> _Words:
    """The words around place names, read once."""
    return _Words()


@cache
def calendar_words() -> frozenset[str]:
    book = table("dates")
    return frozenset(book["weekdays"]) | frozenset(book["months"]) | {"last", "this", "next"}


def lie_within(a: Place, b: Place, lat: float, lon: float) -> bool | None:
    """Are two places at most so many degrees apart? None where one of them has no coordinates."""
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return None
    return abs(a.lat - b.lat) < lat and abs(a.lon - b.lon) < lon


@cache
def publisher_country(publisher: str | None) -> str | None:
    """The home country of a publisher by its name or domain, or None."""
    if not publisher:
        return None
    name = publisher.lower()
    book = table("places")
    for known, country in book["containers"].items():
        if known != "why" and (name == known or name.startswith((known + " ", "the " + known))):
            return str(country)
    for tld, country in book["tlds"].items():
        if tld != "why" and name.rstrip("/").endswith(tld):
            return str(country)
    return None

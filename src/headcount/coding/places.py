"""Place names of a report, each resolved to a place of the gazetteer by the report's own hints.

One name, many towns: a containing place beside the name decides first, then the other places
of the story, then the publisher's home, then population (codebook section 4).
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cache

from headcount.codebook import table
from headcount.gazetteer import Gazetteer, Place, fold_name
from headcount.models import Report
from headcount.text import Text


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
def _calendar() -> frozenset[str]:
    book = table("dates")
    return frozenset(book["weekdays"]) | frozenset(book["months"]) | {"last", "this", "next"}


@cache
def publisher_country(publisher: str | None) -> str | None:
    """The home country of a publisher by its name or domain, or None."""
    if not publisher:
        return None
    name = publisher.lower()
    book = table("places")
    for known, country in book["containers"].items():
        if known != "why" and (name == known or name.startswith(known + " ") or name.startswith("the " + known)):
            return str(country)
    for tld, country in book["tlds"].items():
        if tld != "why" and name.rstrip("/").endswith(tld):
            return str(country)
    return None


def find_places(text: Text, report: Report, gazetteer: Gazetteer) -> list[PlaceMention]:
    """All place names in the order of the text, resolved; names of papers, clubs and people left out."""
    mentions = _collect(text, gazetteer)
    _strike_surnames(text, mentions)
    _resolve(text, mentions, report, gazetteer)
    return [m for m in mentions if m.role not in ("container", "detail")]


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _sentence_start(text: Text, i: int) -> bool:
    first = text.sentences[text.sentence_of[i]][0]
    return all(not text.words[j][0].isalnum() for j in range(max(first, i - 3), i)) if i - first <= 3 else False


def _collect(text: Text, gazetteer: Gazetteer) -> list[PlaceMention]:
    tokens, lower, count = text.words, text.lower, len(text.words)
    found: list[PlaceMention] = []
    i = 0
    while i < count:
        word = tokens[i]
        if not word[0].isupper():
            i += 1
            continue
        hit = gazetteer.longest(tokens, i)
        if hit is None:
            unknown = _unknown_place(text, i, gazetteer)
            if unknown is not None:
                found.append(unknown)
                i = unknown.end
            else:
                i += 1
            continue
        length, places = hit
        end = i + length
        if any(text.sentence_of[j] != text.sentence_of[i] for j in (end - 1,)):
            i += 1
            continue
        mention = _judge(text, i, end, places, gazetteer)
        if mention is not None:
            found.append(mention)
            i = end
        else:
            i += 1
    return found


def _strike_surnames(text: Text, mentions: list[PlaceMention]) -> None:
    """A town's name that the report also gives as somebody's surname ("Thomas Crooks") is that person elsewhere, too."""
    tokens, lower = text.words, text.lower
    known = words()
    places = {j for m in mentions for j in range(m.first, m.end)}
    surnames: set[str] = set()
    for mention in mentions:
        i = mention.first
        if i and mention.end - i == 1 and (i - 1) not in places and tokens[i - 1][0].isupper() and tokens[i - 1].isalpha() and len(tokens[i - 1]) > 2:
            if lower[i - 1] not in known.prefixes and lower[i - 1] not in _calendar() and text.sentence_of[i] == text.sentence_of[i - 1]:
                if not _sentence_start(text, i - 1) or (i > 1 and tokens[i - 1][1:].islower() and lower[i - 1] not in known.inside and lower[i - 1] not in known.origin):
                    surnames.add(lower[i])
    for mention in mentions:
        if lower[mention.first] in surnames and mention.end - mention.first == 1 and mention.container is None:
            biggest = max((p.population or 0 for p in mention.candidates), default=0)
            divided = any(p.kind in ("country", "state") for p in mention.candidates)
            if not divided and (biggest < 100_000 or mention.preposition not in ("in", "at", "outside", "across", "through")):
                mention.role = "organisation"


def _preposition(text: Text, i: int) -> str:
    """The word that governs the name at ``i``, over articles and compass words between."""
    known, lower = words(), text.lower
    j = i - 1
    steps = 0
    while j >= 0 and lower[j] in known.between and steps < 3 and text.sentence_of[j] == text.sentence_of[i]:
        j -= 1
        steps += 1
    if j >= 0 and text.sentence_of[j] == text.sentence_of[i] and (lower[j] in known.inside or lower[j] in known.origin):
        return lower[j]
    return ""


def _judge(text: Text, i: int, end: int, places: tuple[Place, ...], gazetteer: Gazetteer) -> PlaceMention | None:
    """Is the known name at ``i`` a place here, and in which role?"""
    known, tokens, lower, count = words(), text.words, text.lower, len(text.words)
    preposition = _preposition(text, i)
    before = tokens[i - 1] if i and text.sentence_of[i - 1] == text.sentence_of[i] else ""
    after = tokens[end] if end < count and text.sentence_of[end] == text.sentence_of[i] else ""
    role = "place"
    if end - i == 1 and (lower[i] in _calendar() or lower[i] in known.compass or lower[i].rstrip("s'’") in _calendar()):
        return None
    namesake = gazetteer.namesake(fold_name(" ".join(tokens[i:end]))) if end - i == 1 else None
    locative = preposition in known.inside and preposition not in ("to", "on", "over")
    direct = bool(i) and lower[i - 1] not in ("the", "its", "both", "a")
    contained = after == "," and end + 1 < count and gazetteer.longest(tokens, end + 1) is not None
    if namesake == "word" and not (locative and direct and not _sentence_start(text, i)) and not contained:
        return None
    if namesake == "person" and not ((locative or preposition == "from") and direct) and not contained:
        return None
    if end - i == 1 and tokens[i].count(".") > 1 and places[0].kind == "locality":
        return None
    if lower[i] in known.not_places and end - i == 1:
        return None
    if end - i == 1 and len(tokens[i]) <= 4 and tokens[i].isupper() and places[0].kind == "locality" and after not in ("-", "—", "–", ",", "("):
        return None  # an acronym that is also a town
    if before and before[0].isupper() and before[-1].isalnum() and lower[i - 1] not in known.prefixes and not _sentence_start(text, i - 1):
        # "Boston Globe" read from "Globe", "Tom Lincoln": part of a longer name
        if gazetteer.namesake(fold_name(before)) == "person" or namesake or len(before) > 1:
            role = "organisation"
    if after and after[0].isupper() and after[0].isalpha() and tokens[end - 1] != "," and after.lower() not in _calendar():
        tail = after.lower()
        if tail in known.not_town_suffixes:
            role = "organisation"
        elif tail in known.town_suffixes:
            role = "venue"
        elif tail not in ("'s", "’s") and gazetteer.longest(tokens, end) is None:
            role = "organisation" if namesake or role == "organisation" else "adjective"
    elif after in ("'s", "’s") and role == "place":
        role = "possessive"
    elif after == "-" and end + 1 < count and lower[end + 1] in ("based", "born", "area", "bound"):
        role = "origin"
    if role == "place" and after in ("-", "—", "–", ":") and _sentence_start(text, i) and (tokens[i].isupper() or after != "-"):
        role = "dateline"
    return PlaceMention(i, end, end, places, preposition, role, text.quote(i, end))


def _unknown_place(text: Text, i: int, gazetteer: Gazetteer) -> PlaceMention | None:
    """ "in Embalenle", "residents of Mmakau, North West": a name that the gazetteer does not know keeps its words."""
    known, tokens, lower, count = words(), text.words, text.lower, len(text.words)
    if lower[i] in known.not_places or not tokens[i].isalpha() or len(tokens[i]) < 3 or lower[i] in _calendar():
        return None
    before = lower[i - 1] if i else ""
    end = i + 1
    while end < count and end < i + 4 and tokens[end][0].isupper() and tokens[end].isalpha() and text.sentence_of[end] == text.sentence_of[i] and lower[end] not in _calendar():
        end += 1
    here = before in ("in", "at", "near", "outside") or (before == "of" and i > 1 and lower[i - 2] in known.of)
    contained = end + 1 < count and tokens[end] == "," and tokens[end + 1][0].isupper() and gazetteer.longest(tokens, end + 1) is not None
    if not here and not (contained and not _sentence_start(text, i)):
        return None
    if lower[end - 1] in known.venues or (end < count and lower[end] in known.venues):
        return PlaceMention(i, end, end, (), before if here else "", "detail", text.quote(i, end))
    if gazetteer.demonym(tokens[i]) or (tokens[i].isupper() and len(tokens[i]) > 1) or gazetteer.namesake(fold_name(tokens[i])) is not None:
        return None
    return PlaceMention(i, end, end, (), before if here else "", "unknown", text.quote(i, end))


def _resolve(text: Text, mentions: list[PlaceMention], report: Report, gazetteer: Gazetteer) -> None:
    tokens = text.words
    home = report.country or publisher_country(report.publisher)
    countries: Counter[str] = Counter()
    states: Counter[tuple[str | None, str | None]] = Counter()
    for index, mention in enumerate(mentions):
        _find_container(text, mentions, index, gazetteer)
    for mention in mentions:
        if mention.role == "organisation" or not mention.candidates:
            continue
        top = mention.candidates[0]
        if mention.container is not None and mention.container.country:
            countries[mention.container.country] += 2
            states[mention.container.country, mention.container.state] += 2
        elif top.kind in ("country", "state", "landmark") and top.country and not top.ambiguous:
            same = {p.country for p in mention.candidates if p.kind in ("country", "state")}
            countries[top.country] += 2 if len(same) == 1 else 1
            if top.kind == "state":
                states[top.country, top.state or top.name] += 2
        elif top.country and (top.population or 0) > 1_000_000 or len({p.country for p in mention.candidates}) == 1:
            countries[top.country or ""] += 1
            if len({p.state for p in mention.candidates}) == 1:
                states[top.country, top.state] += 1
    for i, word in enumerate(tokens):
        if word[0].isupper() and len(word) > 3:
            country = gazetteer.demonym(word)
            if country:
                countries[country] += 1
    total = sum(countries.values()) or 1
    contained: dict[str, Place] = {}
    for mention in mentions:
        if mention.candidates and mention.container is not None:
            mention.place = _choose(text, mention, countries, states, total, home)
            if mention.place.town:
                contained[fold_name(mention.words)] = mention.place
    for mention in mentions:
        if not mention.candidates:
            continue
        if mention.container is None:  # the same name is the same town all through the story
            mention.place = contained.get(fold_name(mention.words)) or _choose(text, mention, countries, states, total, home)
        place = mention.place
        if place is None:
            continue
        mention.support = countries.get(place.country or "", 0) / total
        mention.home = place.country == home
        small = place.kind == "locality" and (place.population or 0) < 30_000
        if small and mention.container is None and not mention.home and mention.support < 0.02 and mention.preposition not in words().inside:
            mention.role = "organisation"  # "Lili came out": a hamlet that nothing else in the report points to


_CONTAINING = ("state", "country", "district", "region")


def _find_container(text: Text, mentions: list[PlaceMention], index: int, gazetteer: Gazetteer) -> None:
    """ "Liskeard, Cornwall", "Madison, Wis.", "Soweto (Gauteng)": a containing place right behind the name."""
    mention, tokens, count = mentions[index], text.words, len(text.words)
    end = mention.end
    if mention.role in ("container", "organisation", "detail") and mention.candidates or end + 1 >= count or tokens[end] not in (",", "("):
        return
    if text.sentence_of[end + 1] != text.sentence_of[mention.first]:
        return
    place: Place | None = None
    stop = end + 2
    following = mentions[index + 1] if index + 1 < len(mentions) and mentions[index + 1].first == end + 1 else None
    abbreviation = gazetteer.state_abbreviation(tokens[end + 1].replace(".", "")) if len(tokens[end + 1]) <= 6 else None
    if abbreviation is None and len(tokens[end + 1]) <= 6 and tokens[end + 1][0].isupper():
        for country in ("CA", "AU"):
            abbreviation = abbreviation or gazetteer.state_abbreviation(tokens[end + 1].replace(".", ""), country)
    unknown = not mention.candidates
    if abbreviation is not None and (unknown or any(p.state == abbreviation.name and p.country == abbreviation.country for p in mention.candidates)):
        place = abbreviation
        if stop < count and tokens[stop] == "." and text.sentence_of[stop] == text.sentence_of[mention.first]:
            stop += 1
        if following is not None:
            following.role = "container"
    elif following is not None and following.role in ("place", "possessive", "adjective"):
        towns = max((p.population or 0 for p in following.candidates if p.kind == "locality"), default=0)
        for candidate in following.candidates:
            if candidate.kind == "district" and towns > 50_000:
                continue  # "Glasgow, Edinburgh" is a list
            if candidate.kind in _CONTAINING and (unknown or any(_inside(p, candidate) for p in mention.candidates if p.kind not in ("country",))):
                place, stop = candidate, following.end
                break
        if place is None:
            _demote(text, mention, following)
            return
        if place is not None:
            following.role = "container"
    if place is not None:
        mention.container, mention.end = place, stop
        # "Springfield, Illinois, US" and "Vryburg, North West, South Africa"
        if stop + 1 < count and tokens[stop] == "," and place.kind != "country":
            for further in mentions[index + 1 : index + 3]:
                if further.first == stop + 1 and any(p.kind == "country" and p.country == place.country for p in further.candidates):
                    further.role, mention.end = "container", further.end


def _demote(text: Text, mention: PlaceMention, following: PlaceMention) -> None:
    """ "near Delft, Cape Town, Western Cape": what stands before its town is a part of it; before a division
    that holds no such town, the name is one that the gazetteer does not know."""
    top = following.candidates[0] if following.candidates else None
    if top is None:
        return
    biggest = max((p.population or 0 for p in mention.candidates), default=0)
    if top.kind in ("state", "district") and biggest < 500_000 and all(p.kind in ("locality", "landmark") for p in mention.candidates[:1]):
        if not any(p.kind == "locality" and (p.population or 0) > 100_000 for p in following.candidates):
            mention.candidates, mention.role = (), "unknown"
            mention.container, mention.end = top, following.end
            following.role = "container"
    elif top.kind in ("locality", "landmark") and mention.role in ("unknown", "detail", "venue") and not mention.candidates:
        mention.role = "detail"
        following.preposition = following.preposition or mention.preposition


def _inside(place: Place, container: Place) -> bool:
    if place.country != container.country or place is container:
        return False
    if container.kind == "country":
        return place.kind != "country"
    if container.kind == "state":
        return place.state == container.name or place.state == container.state and container.state is not None
    if container.kind == "district":
        if place.state != container.state or place.kind == "state":
            return False
        if None in (place.lat, place.lon, container.lat, container.lon):
            return True
        return abs(place.lat - container.lat) < 1.2 and abs(place.lon - container.lon) < 1.8  # type: ignore[operator]
    return True


_FEDERAL = frozenset("US GB CA AU IN ZA DE BR MX NG ES PK IT".split())
"""Countries whose divisions English news names without the country."""


def _choose(
    text: Text, mention: PlaceMention, countries: Counter[str], states: Counter[tuple[str | None, str | None]], total: int, home: str | None
) -> Place:
    after = text.lower[mention.end] if mention.end < len(text.lower) else ""
    biggest = max((p.population or 0 for p in mention.candidates if p.kind == "locality"), default=0)
    best, best_score = mention.candidates[0], -math.inf
    for rank, place in enumerate(mention.candidates):
        if place.kind == "country":
            score = 9.0
        elif place.kind == "state":
            score = 6.7 if place.country in _FEDERAL else 4.2
            if biggest > 400_000 and after not in ("state", "province", "governor", "gov") and place.name in ("New York", "Washington"):
                score = 4.5
            if any(p.kind == "locality" and p.state == place.name and p.country == place.country for p in mention.candidates):
                score -= 2.5  # a division named after its chief town: "in Minsk" is the town
        elif place.kind == "region":
            score = 6.0
        elif place.kind == "landmark":
            score = 6.0 - place.ambiguous
        elif place.kind == "district":
            score = 5.2 if biggest < 60_000 else 3.0
        else:
            score = math.log10((place.population or 300) + 100)
        score -= 0.12 * rank
        if mention.container is not None:
            score += 8.0 if _inside(place, mention.container) else 0.0
        share = countries.get(place.country or "", 0) / total
        score += 2.2 * share + (0.9 if place.country == home else 0.0)
        if states.get((place.country, place.state)):
            score += 1.0 if place.kind != "country" else 0.0
        if score > best_score:
            best, best_score = place, score
    return best

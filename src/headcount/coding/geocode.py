"""Place names resolved to places of the gazetteer, by the report's own hints.

One name, many towns: a containing place beside the name decides first, then the other places
of the story, then the publisher's home, then population (codebook section 4).
"""

from __future__ import annotations

import math
from collections import Counter

from headcount.coding.mentions import PlaceMention, lie_within, publisher_country, words
from headcount.gazetteer import Gazetteer, Place, fold_name
from headcount.models import Report
from headcount.text import Text

GIVEN_HOME, GUESSED_HOME = 1.95, 0.9
"""What the publisher's home weighs beside a town's population in powers of ten: more where the report gives the
country than where the publisher's name only suggests it. 1.95 takes Perth for Scotland's, and leaves Paris in France."""


def resolve_places(text: Text, mentions: list[PlaceMention], report: Report, gazetteer: Gazetteer) -> None:
    """Give each mention its place, its containing place, and how far the rest of the report speaks for its country."""
    tokens = text.words
    home = report.country or publisher_country(report.publisher)
    home_weight = GIVEN_HOME if report.country else GUESSED_HOME
    countries: Counter[str] = Counter()
    states: Counter[tuple[str | None, str | None]] = Counter()
    own: Counter[tuple[str, str]] = Counter()
    for index in range(len(mentions)):
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
        elif top.country:
            rivals = [p.population or 0 for p in mention.candidates if p.country != top.country]
            if (top.population or 0) > 1_000_000 or not rivals or (top.population or 0) > 5 * max(rivals):
                countries[top.country] += 1  # Sunderland is the English one, unless the report says otherwise
                own[fold_name(mention.words), top.country] += 1
            if len({p.state for p in mention.candidates}) == 1:
                states[top.country, top.state] += 1
    for _i, word in enumerate(tokens):
        if word[0].isupper() and len(word) > 3:
            country = gazetteer.demonym(word)
            if country:
                countries[country] += 1
    total = sum(countries.values()) or 1
    contained: dict[str, Place] = {}
    for mention in mentions:
        if mention.candidates and mention.container is not None:
            mention.place = _choose(text, mention, countries, states, total, home, home_weight)
            if mention.place.town:
                contained[fold_name(mention.words)] = mention.place
    for mention in mentions:
        if not mention.candidates:
            continue
        if mention.container is None:  # the same name is the same town all through the story
            name = fold_name(mention.words)
            others = countries.copy()
            for code in {p.country for p in mention.candidates if p.country}:
                others[code] -= own[name, code]  # a name speaks for no country by itself
            mention.place = contained.get(name) or _choose(
                text, mention, others, states, max(1, sum(others.values())), home, home_weight
            )
        place = mention.place
        if place is None:
            continue
        mention.support = countries.get(place.country or "", 0) / total
        mention.home = place.country == home
        small = place.kind == "locality" and (place.population or 0) < 30_000
        if (
            small
            and mention.role != "container"
            and mention.container is None
            and not mention.home
            and mention.support < 0.02
            and mention.preposition not in words().inside
        ):
            mention.role = "organisation"  # "Lili came out": a hamlet that nothing else in the report points to


_CONTAINING = ("state", "country", "district", "region")


def _find_container(text: Text, mentions: list[PlaceMention], index: int, gazetteer: Gazetteer) -> None:
    """ "Liskeard, Cornwall", "Madison, Wis.", "Soweto (Gauteng)": a containing place right behind the name."""
    mention, tokens, count = mentions[index], text.words, len(text.words)
    end = mention.end
    if (
        mention.role in ("container", "organisation", "detail")
        and mention.candidates
        or end + 1 >= count
        or tokens[end] not in (",", "(")
    ):
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
    if abbreviation is not None and (
        unknown or any(p.state == abbreviation.name and p.country == abbreviation.country for p in mention.candidates)
    ):
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
            if candidate.kind in _CONTAINING and (
                unknown or any(_inside(p, candidate) for p in mention.candidates if p.kind not in ("country",))
            ):
                place, stop = candidate, following.end
                break
        if place is None:
            _demote(mention, following)
            return
        if place is not None:
            following.role = "container"
    if place is not None:
        if tokens[end] == "(" and stop < count and tokens[stop] == ")":
            stop += 1
        mention.container, mention.end = place, stop
        # "Springfield, Illinois, US" and "Vryburg, North West, South Africa"
        if stop + 1 < count and tokens[stop] == "," and place.kind != "country":
            for further in mentions[index + 1 : index + 3]:
                if further.first == stop + 1 and any(
                    p.kind == "country" and p.country == place.country for p in further.candidates
                ):
                    further.role, mention.end = "container", further.end


def _demote(mention: PlaceMention, following: PlaceMention) -> None:
    """ "near Delft, Cape Town, Western Cape": what stands before its town is a part of it; before a division
    that holds no such town, the name is one that the gazetteer does not know."""
    top = following.candidates[0] if following.candidates else None
    if top is None:
        return
    biggest = max((p.population or 0 for p in mention.candidates), default=0)
    if (
        top.kind in ("state", "district")
        and biggest < 500_000
        and all(p.kind in ("locality", "landmark") for p in mention.candidates[:1])
    ):
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
        return lie_within(place, container, 1.2, 1.8) is not False
    return True


_FEDERAL = frozenset("US GB CA AU IN ZA DE BR MX NG ES PK IT".split())
"""Countries whose divisions English news names without the country."""


def _choose(
    text: Text,
    mention: PlaceMention,
    countries: Counter[str],
    states: Counter[tuple[str | None, str | None]],
    total: int,
    home: str | None,
    home_weight: float,
) -> Place:
    after = text.lower[mention.end] if mention.end < len(text.lower) else ""
    biggest = max((p.population or 0 for p in mention.candidates if p.kind == "locality"), default=0)
    best, best_score = mention.candidates[0], -math.inf
    for rank, place in enumerate(mention.candidates):
        if place.kind == "country":
            score = 9.0
        elif place.kind == "state":
            score = 6.7 if place.country in _FEDERAL else 4.2
            if (
                biggest > 400_000
                and after not in ("state", "province", "governor", "gov")
                and place.name in ("New York", "Washington")
            ):
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
        score += 2.6 * share + (home_weight if place.country == home else 0.0)
        if states.get((place.country, place.state)):
            score += 1.0 if place.kind != "country" else 0.0
        if score > best_score:
            best, best_score = place, score
    return best

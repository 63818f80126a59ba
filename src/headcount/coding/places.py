"""Place names of a report: which capitalised words are places here, and how they stand in the sentence."""

from __future__ import annotations

from headcount.coding.geocode import resolve_places
from headcount.coding.mentions import PlaceMention, calendar_words, words
from headcount.gazetteer import Gazetteer, Place, fold_name
from headcount.models import Report
from headcount.text import Text

__all__ = ["PlaceMention", "find_places"]


def find_places(text: Text, report: Report, gazetteer: Gazetteer) -> list[PlaceMention]:
    """All place names in the order of the text, resolved; names of papers, clubs and people left out."""
    mentions = _collect(text, gazetteer)
    _strike_surnames(text, mentions)
    resolve_places(text, mentions, report, gazetteer)
    return [m for m in mentions if m.role not in ("container", "detail")]


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _sentence_start(text: Text, i: int) -> bool:
    first = text.sentences[text.sentence_of[i]][0]
    return all(not text.words[j][0].isalnum() for j in range(max(first, i - 3), i)) if i - first <= 3 else False


def _collect(text: Text, gazetteer: Gazetteer) -> list[PlaceMention]:
    tokens, _lower, count = text.words, text.lower, len(text.words)
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
        mention = _judge(text, i, end, places, gazetteer, found[-1] if found else None)
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
        if (
            (
                i
                and mention.end - i == 1
                and (i - 1) not in places
                and tokens[i - 1][0].isupper()
                and tokens[i - 1].isalpha()
                and len(tokens[i - 1]) > 2
            )
            and (
                lower[i - 1] not in known.prefixes
                and lower[i - 1] not in calendar_words()
                and text.sentence_of[i] == text.sentence_of[i - 1]
            )
            and (
                not _sentence_start(text, i - 1)
                or (i > 1 and tokens[i - 1][1:].islower() and lower[i - 1] not in known.inside and lower[i - 1] not in known.origin)
            )
        ):
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


def _judge(
    text: Text, i: int, end: int, places: tuple[Place, ...], gazetteer: Gazetteer, previous: PlaceMention | None
) -> PlaceMention | None:
    """Is the known name at ``i`` a place here, and in which role?"""
    known, tokens, lower, count = words(), text.words, text.lower, len(text.words)
    preposition = _preposition(text, i)
    before = tokens[i - 1] if i and text.sentence_of[i - 1] == text.sentence_of[i] else ""
    after = tokens[end] if end < count and text.sentence_of[end] == text.sentence_of[i] else ""
    role = "place"
    if end - i == 1 and (lower[i] in calendar_words() or lower[i] in known.compass or lower[i].rstrip("s'’") in calendar_words()):
        return None
    namesake = gazetteer.namesake(fold_name(" ".join(tokens[i:end]))) if end - i == 1 else None
    locative = preposition in known.inside and preposition not in ("to", "on", "over")
    direct = bool(i) and lower[i - 1] not in ("the", "its", "both", "a")
    containing = (
        previous is not None
        and previous.end == i - 1
        and before in (",", "(")
        and places[0].kind in ("state", "country", "district")
    )
    if containing:  # "Athens, Georgia": a division right behind a town is no person
        return PlaceMention(i, end, end, places, "", "place", text.quote(i, end))
    contained = after == "," and end + 1 < count and gazetteer.longest(tokens, end + 1) is not None
    if namesake == "word" and not (locative and direct and not _sentence_start(text, i)) and not contained:
        return None
    if namesake == "person" and not ((locative or preposition == "from") and direct) and not contained:
        return None
    if end - i == 1 and tokens[i].count(".") > 1 and places[0].kind == "locality":
        return None
    if lower[i] in known.not_places and end - i == 1:
        return None
    if (
        end - i == 1
        and len(tokens[i]) <= 4
        and tokens[i].isupper()
        and places[0].kind == "locality"
        and after not in ("-", "—", "–", ",", "(")
    ):
        return None  # an acronym that is also a town
    if (
        before
        and before[0].isupper()
        and before[-1].isalnum()
        and lower[i - 1] not in known.prefixes
        and not _sentence_start(text, i - 1)
        and (gazetteer.namesake(fold_name(before)) == "person" or namesake or len(before) > 1)
    ):
        role = "organisation"  # "Boston Globe" read from "Globe", "Tom Lincoln": part of a longer name
    if after and after[0].isupper() and after[0].isalpha() and tokens[end - 1] != "," and after.lower() not in calendar_words():
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
    if lower[i] in known.not_places or not tokens[i].isalpha() or len(tokens[i]) < 3 or lower[i] in calendar_words():
        return None
    before = lower[i - 1] if i else ""
    end = i + 1
    while (
        end < count
        and end < i + 4
        and tokens[end][0].isupper()
        and tokens[end].isalpha()
        and text.sentence_of[end] == text.sentence_of[i]
        and lower[end] not in calendar_words()
    ):
        end += 1
    here = before in ("in", "at", "near", "outside") or (before == "of" and i > 1 and lower[i - 2] in known.of)
    contained = (
        end + 1 < count and tokens[end] == "," and tokens[end + 1][0].isupper() and gazetteer.longest(tokens, end + 1) is not None
    )
    if not here and not (contained and not _sentence_start(text, i)):
        return None
    if lower[end - 1] in known.venues or (end < count and lower[end] in known.venues):
        return PlaceMention(i, end, end, (), before if here else "", "detail", text.quote(i, end))
    if (
        gazetteer.demonym(tokens[i])
        or (tokens[i].isupper() and len(tokens[i]) > 1)
        or gazetteer.namesake(fold_name(tokens[i])) is not None
    ):
        return None
    return PlaceMention(i, end, end, (), before if here else "", "unknown", text.quote(i, end))

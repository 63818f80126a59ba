"""Units: the stretches of a report that each tell of one gathering, before they are joined to events.

A sentence is one unit, unless it names several towns in which gatherings came together: then
every town has its own unit, with the words that stand nearest to it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cache

from headcount.codebook import table
from headcount.coding.dates import DateMention
from headcount.coding.features import in_list, place_features, sentence_features
from headcount.coding.forms import Trigger
from headcount.coding.linear import Linear
from headcount.coding.marks import Marks
from headcount.coding.mentions import PlaceMention, lie_within
from headcount.coding.sizes import SizeMention

TELLS_AT_LEAST = 0.2
"""Sentences less likely to tell of a gathering are not looked at again: chosen on cross-validated
whole_f1 of dev and ordinary between 0.2 and 0.5; lower moves event_r up and event_p down."""

STANDS_AT_LEAST = 0.42
"""Town names less likely to be the place of a gathering give no unit of their own (as above)."""


_TOWNS = 80
"""Towns of one sentence that are told apart: more stand only in tables."""


@dataclass(slots=True, eq=False)
class Unit:
    """The tokens ``first`` to ``end`` (half-open) of one sentence, told of one gathering."""

    sentence: int
    first: int
    end: int
    tells: float
    """Probability that the sentence tells of a gathering."""

    place: PlaceMention | None = None
    stands: float = 0.0
    """Probability that the gathering came together at ``place``."""

    area: PlaceMention | None = None
    triggers: list[Trigger] = field(default_factory=list)
    sizes: list[SizeMention] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    alone: bool = True
    """False when its sentence has other units."""
    bare: str = "no"
    """Beside other units: "bare" where its own stretch has no word of a gathering and no number, "dated" where only a day."""
    index: int = 0


Look = dict[int, tuple[list[str], float]]
"""For each sentence with a word of a gathering or a number of people its features, and the log-odds that it tells of one."""


def first_look(marks: Marks, models: dict[str, Linear]) -> Look:
    """Every sentence by itself, before its neighbours are asked."""
    tells = models["tells"]
    told: Look = {}
    for s in range(len(marks.text.sentences)):
        if marks.triggers_in[s] or marks.sizes_in[s]:
            features = sentence_features(marks, s)
            told[s] = (features, tells.logit(features))
    return told


_HOPELESS = -5.0
"""Log-odds below which no neighbour lifts a sentence to ``TELLS_AT_LEAST``: the second look is spared."""

_BEYOND = 12
"""Sentences on either side among which the likeliest speaks for or against a sentence."""


def context_features(marks: Marks, s: int, told: Look) -> list[str]:
    """Does sentence ``s`` tell of a gathering, given how likely its neighbours are to do so?"""
    own = told[s][1]
    mine = max(-6, min(6, round(own * 2)))
    features = [f"own={mine}"]
    near = []
    for step in (-1, 1, -2, 2):
        other = told.get(s + step)
        bucket = "none" if other is None else str(max(-3, min(3, round(other[1]))))
        near.append(bucket)
        features.append(f"{step}={bucket}")
        features.append(f"{step}={bucket}|own={max(-2, min(2, mine // 2))}")
    features.append(f"both={near[0]}+{near[1]}")
    before = max((told[k][1] for k in range(max(0, s - _BEYOND), s) if k in told), default=-9.0)
    after = max((told[k][1] for k in range(s + 1, s + 1 + _BEYOND) if k in told), default=-9.0)
    features.append(f"before={max(-3, min(3, round(before)))}")
    features.append(f"after={max(-3, min(3, round(after)))}")
    features.append(f"before={max(-3, min(3, round(before)))}|own={max(-2, min(2, mine // 2))}")
    features.append(f"after={max(-3, min(3, round(after)))}|own={max(-2, min(2, mine // 2))}")
    triggers = [t for t in marks.triggers_in[s] if t.kind != "weak"]
    t = triggers[0] if triggers else None
    kind = t.kind if t is not None else "none"
    word = marks.text.lower[t.first - 1] if t is not None and t.first > marks.text.sentences[s][0] else "^"
    features.append(f"kind={kind}|prev={near[0]}")
    features.append(f"art={word}|{kind}|prev={'hi' if near[0] in ('1', '2', '3') else 'lo'}")
    features.append(f"own={mine}|{kind}")
    return features


def find_units(marks: Marks, models: dict[str, Linear]) -> list[Unit]:
    """All units of a report in the order of the text."""
    units: list[Unit] = []
    context, stands = models["context"], models["stands"]
    told = first_look(marks, models)
    for s, (features, logit) in told.items():
        probability = context.probability(context_features(marks, s, told)) if logit > _HOPELESS else 0.0
        if probability < TELLS_AT_LEAST:
            continue
        chosen: list[tuple[PlaceMention, float]] = []
        for place in marks.places_in[s]:
            if place.role == "organisation" or place.town is None:
                continue
            p = stands.probability(place_features(marks, place))
            if p < STANDS_AT_LEAST:
                continue
            twin = next((i for i, (q, _) in enumerate(chosen) if _same_town(q, place)), None)
            if twin is None:
                chosen.append((place, p))
            elif p > chosen[twin][1]:
                chosen[twin] = (chosen[twin][0], p) if chosen[twin][0].first < place.first and p < 0.9 else (place, p)
        for unit in _cut(marks, s, _innermost(marks, chosen)[:_TOWNS]):
            unit.tells, unit.features = probability, features
            unit.index = len(units)
            units.append(unit)
    return units


def _same_town(a: PlaceMention, b: PlaceMention) -> bool:
    if a.key == b.key:
        return True
    if a.place is None or b.place is None:
        return False
    close = lie_within(a.place, b.place, 0.12, 0.2) is True
    return close and ("landmark" in (a.place.kind, b.place.kind) or b.role == "venue")


_SUBURB_BEHIND = 4
"""Words behind a town among which "suburb of" makes it the wider place of another ("Melbourne's beachside suburb of Elwood")."""


def _innermost(marks: Marks, chosen: list[tuple[PlaceMention, float]]) -> list[tuple[PlaceMention, float]]:
    """The chosen towns without those that only say whose suburb another is."""
    if len(chosen) < 2:
        return chosen
    suburbs = suburb_words()
    lower = marks.text.lower
    kept = [pair for pair in chosen if not suburbs.intersection(lower[pair[0].end : pair[0].end + _SUBURB_BEHIND])]
    return kept or chosen


@cache
def suburb_words() -> frozenset[str]:
    """The words that make the name before them the wider place of another, read once."""
    return frozenset(table("places")["suburbs"]["words"])


def _area(marks: Marks, s: int) -> PlaceMention | None:
    """The wider area named in the sentence as the place of something ("across Gauteng")."""
    for place in marks.places_in[s]:
        if (
            place.place is not None
            and place.town is None
            and place.role != "organisation"
            and place.preposition in ("in", "across", "throughout", "around", "at", "on")
        ):
            return place
    return None


_SEPARATORS = frozenset([",", ";", "and", "while", "but", "—", "–", "as"])


def _cut(marks: Marks, s: int, chosen: list[tuple[PlaceMention, float]]) -> list[Unit]:
    """Cut a sentence at its towns; names in one list share the words around the list."""
    text = marks.text
    first, end = text.sentences[s]
    area = _area(marks, s)
    triggers, sizes, dates = marks.triggers_in[s], marks.sizes_in[s], marks.dates_in[s]
    if len(chosen) < 2:
        place, p = chosen[0] if chosen else (None, 0.0)
        return [Unit(s, first, end, 0.0, place, p, area, triggers, sizes, dates)]
    chosen.sort(key=lambda pair: pair[0].first)
    groups: list[list[tuple[PlaceMention, float]]] = [[chosen[0]]]
    for pair in chosen[1:]:
        low = groups[-1][-1][0].end
        gap = text.lower[low : pair[0].first]
        if len(gap) <= 6 and all(
            w in ",;&()"
            or w in ("and", "in", "the", "as", "well", "or", "both", "to", "also", "at")
            or w[0].isdecimal()
            or w[0].isupper()
            for w in gap
        ):
            groups[-1].append(pair)
        else:
            groups.append([pair])
    bounds = [first]
    for left, right in itertools.pairwise(groups):
        bounds.append(_boundary(marks, s, left[-1][0].end, right[0][0].first))
    bounds.append(end)
    units = []
    for g, group in enumerate(groups):
        low, high = bounds[g], bounds[g + 1]
        window_triggers = [t for t in triggers if low <= t.first < high] or [t for t in triggers if t.first < high] or triggers
        window_sizes = [z for z in sizes if low <= z.at < high]
        window_dates = [d for d in dates if low <= d.first < high] or [d for d in dates if d.first < low]
        inside = window_sizes or any(low <= t.first < high and t.kind != "weak" for t in triggers)
        bare = "no" if inside else "dated" if any(low <= d.first < high for d in dates) else "bare"
        each = any(w == "each" or w == "apiece" for w in text.lower[low:high])
        for place, p in group:
            own = window_sizes
            if len(group) > 1 and not each:
                own = [
                    z
                    for z in window_sizes
                    if z.verb == "("
                    and place.end <= z.at <= place.end + 2
                    or z.verb in ("in", "at")
                    and 0 <= place.first - z.end <= 2
                ]
            units.append(Unit(s, low, high, 0.0, place, p, area, window_triggers, own, window_dates, alone=False, bare=bare))
    return units


def _boundary(marks: Marks, s: int, low: int, high: int) -> int:
    """Where the words of one town end and those of the next begin, between the tokens ``low`` and ``high``."""
    lower = marks.text.lower
    stop = high
    for size in marks.sizes_in[s]:
        if low < size.first < high and high - size.end <= 8 and not _SEPARATORS & set(lower[size.end : high]):
            stop = min(stop, size.first)
            break
    for j in range(stop - 1, low - 1, -1):
        if lower[j] in _SEPARATORS or (lower[j] == "-" and j and lower[j - 1] == "-"):
            return j
    return stop if stop < high else max(low, high - 1)


__all__ = ["STANDS_AT_LEAST", "TELLS_AT_LEAST", "Unit", "find_units", "in_list"]

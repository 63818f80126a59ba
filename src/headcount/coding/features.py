"""Named features of every learned decision: what a coder looks at, as short strings.

Each function looks at a bounded stretch of text, so that coding stays linear.
"""

from __future__ import annotations

from functools import cache

from headcount.codebook import table
from headcount.coding.marks import Marks
from headcount.coding.places import PlaceMention

_WINDOW = 5
"""Words on either side of a trigger that are looked at one by one."""

_LONGEST = 80
"""Tokens of a sentence that are looked at; longer sentences are lists and tables."""


@cache
def cue_words() -> dict[str, tuple[str, ...]]:
    """The cue groups that each word of ``codebook/cues.toml`` belongs to."""
    groups: dict[str, list[str]] = {}
    for name, group in table("cues").items():
        for word in group["words"]:
            groups.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in groups.items()}


def _size_bucket(count: int) -> str:
    return str(count) if count < 4 else "4+" if count < 8 else "8+"


def distance_bucket(n: int) -> str:
    """A distance in sentences, in words of growing width."""
    return str(n) if n < 3 else "3" if n < 6 else "6" if n < 12 else "12"


def sentence_features(marks: Marks, s: int) -> list[str]:
    """Does sentence ``s`` tell of a gathering that took, takes or will take place?"""
    text = marks.text
    lower = text.lower
    first, end = text.sentences[s]
    stop = min(end, first + _LONGEST)
    cues = cue_words()
    features: list[str] = []
    triggers = marks.triggers_in[s]
    strong = 0
    kinds = set()
    for trigger in triggers[:8]:
        lemma, kind = trigger.lemma, trigger.kind
        at, to = trigger.first, trigger.end
        quoted = text.quoted[at]
        tag = "w" if kind == "weak" else "t"
        strong += tag == "t"
        kinds.add(kind)
        features.append(f"{tag}={lemma}|{kind}")
        features.append(f"{tag}y={trigger.event_type}|{kind}")
        if quoted:
            features.append(f"{tag}q={kind}")
            features.append(f"{tag}q={lemma}")
        before = lower[at - 1] if at > first else "^"
        after = lower[to] if to < end else "$"
        features.append(f"{tag}-1={before}|{kind}")
        features.append(f"{tag}+1={after}|{kind}")
        if tag == "t":
            features.append(f"b={before} {lemma}")
            features.append(f"a={lemma} {after}")
            before2 = lower[at - 2] if at - 1 > first else "^"
            after2 = lower[to + 1] if to + 1 < end else "$"
            features.append(f"b2={before2} {before}")
            features.append(f"a2={after} {after2}")
            for j in range(max(first, at - _WINDOW), at):
                features.append(f"l={lower[j]}")
            for j in range(to, min(end, to + _WINDOW)):
                features.append(f"r={lower[j]}")
    features.append(f"strong={_size_bucket(strong)}")
    features.append(f"weak={_size_bucket(len(triggers) - strong)}")
    if not strong:
        features.append("nostrong")
        if kinds == {"agent"}:
            features.append("agentonly")
    groups: set[str] = set()
    quoted_words = 0
    for j in range(first, stop):
        word = lower[j]
        features.append(f"s={word}")
        if word in cues:
            groups.update(cues[word])
        quoted_words += text.quoted[j]
    for group in groups:
        features.append(f"cue={group}")
        if strong:
            features.append(f"cue={group}|strong")
    length = end - first
    features.append("allquoted" if quoted_words * 2 > length else "somequoted" if quoted_words else "unquoted")
    _add_setting(marks, s, features, strong)
    _add_document(marks, s, features)
    return features


def _add_setting(marks: Marks, s: int, features: list[str], strong: int) -> None:
    """Dates, sizes and places that stand in the sentence."""
    suffix = "|strong" if strong else "|weak"
    kinds: set[str] = {d.kind for d in marks.dates_in[s]}
    for kind in kinds or {"none"}:
        features.append(f"date={kind}")
        features.append(f"date={kind}{suffix}")
    if any(
        d.year_given and marks.report.published and d.past and (marks.report.published - d.past[1]).days > 60
        for d in marks.dates_in[s]
    ):
        features.append("date=old")
    sizes = marks.sizes_in[s]
    features.append(f"sizes={_size_bucket(len(sizes))}")
    for size in sizes[:3]:
        features.append(f"noun={size.noun}")
        features.append(f"verb={size.verb}")
        features.append("size" + suffix)
        if size.before:
            features.append(f"count={size.before}")
    places = [p for p in marks.places_in[s] if p.role not in ("organisation",)]
    towns = [p for p in places if p.town]
    features.append(f"towns={_size_bucket(len(towns))}")
    features.append(f"town={bool(towns)}{suffix}")
    for place in places[:4]:
        where = place.place.kind if place.place else "unknown"
        features.append(f"p={place.preposition}|{where}")
    if any(p.preposition in ("in", "at", "outside", "near", "through") for p in towns):
        features.append("intown" + suffix)
        if kinds & {"weekday", "absolute", "relative"}:
            features.append("intown+date" + suffix)


def _add_document(marks: Marks, s: int, features: list[str]) -> None:
    """Where in the report the sentence stands, and what the report is about."""
    features.append(f"pos={min(s, 4)}")
    if s and marks.triggers_in[s - 1]:
        features.append("prev=" + ("strong" if any(t.kind != "weak" for t in marks.triggers_in[s - 1]) else "weak"))
    else:
        features.append("prev=none")
    if s + 1 < len(marks.triggers_in) and any(t.kind != "weak" for t in marks.triggers_in[s + 1]):
        features.append("next=strong")
    features.extend(document_features(marks))


def document_features(marks: Marks) -> list[str]:
    """What the whole report is about: its triggers, the words of its title and its lead. Cached on the marks."""
    if marks.document is None:
        text = marks.text
        strong = sum(1 for found in marks.triggers_in for t in found if t.kind not in ("weak",))
        core = sum(
            1
            for found in marks.triggers_in
            for t in found
            if t.kind not in ("weak",) and t.event_type in ("march", "rally", "demonstration", "counter-protest", "picket", "vigil")
        )
        count = len(marks.triggers_in) or 1
        found = [f"D=strong{min(strong, 3) if strong < 4 else 4 if strong < 8 else 8 if strong < 16 else 16}"]
        found.append(f"D=core{min(core, 3) if core < 4 else 4 if core < 8 else 8 if core < 16 else 16}")
        found.append(f"D=share{int(10 * min(core / count, 0.99))}")
        cues = cue_words()
        groups: dict[str, int] = {}
        end = min(len(text.lower), 400)
        for word in text.lower[:end]:
            for group in cues.get(word, ()):
                if group in ("sport", "police", "speech", "generic"):
                    groups[group] = groups.get(group, 0) + 1
        for group, n in groups.items():
            found.append(f"D={group}{min(n, 2) if n < 3 else 3 if n < 6 else 6}")
        for word in marks.title_words:
            found.append(f"T={word}")
        lead = text.sentences[min(1, len(text.sentences) - 1)][1] if text.sentences else 0
        for word in set(text.lower[: min(lead, 60)]):
            found.append(f"L={word}")
        found.append("D=published" if marks.report.published else "D=unpublished")
        marks.document = found
    return marks.document


def place_buckets(place: PlaceMention) -> tuple[str, str]:
    """How big the place is, and how far the rest of the report speaks for its country, each in words of growing width."""
    population = (place.place.population or 0) if place.place else 0
    bounds = ((5000, "5k"), (50_000, "50k"), (500_000, "500k"))
    big = next((name for bound, name in bounds if population < bound), "m") if population else "0"
    support = "0" if place.support == 0 else "1" if place.support < 0.15 else "2" if place.support < 0.4 else "3"
    return big, support


def place_features(marks: Marks, place: PlaceMention) -> list[str]:
    """Is this the place where a gathering told in its sentence came together?"""
    text = marks.text
    lower = text.lower
    s = text.sentence_of[place.first]
    first, end = text.sentences[s]
    kind = place.place.kind if place.place else "unknown"
    role, preposition = place.role, place.preposition
    features = [f"role={role}", f"prep={preposition}", f"kind={kind}", f"prep={preposition}|{kind}", f"prep={preposition}|{role}"]
    before = lower[place.first - 1] if place.first > first else "^"
    before2 = lower[place.first - 2] if place.first - 1 > first else "^"
    before3 = lower[place.first - 3] if place.first - 2 > first else "^"
    after = lower[place.end] if place.end < end else "$"
    after2 = lower[place.end + 1] if place.end + 1 < end else "$"
    features += [
        f"-1={before}",
        f"-2={before2}",
        f"-2={before2} {before}",
        f"-3={before3} {before2}",
        f"+1={after}",
        f"+2={after2}",
        f"+={after} {after2}",
    ]
    if text.quoted[place.first]:
        features.append("quoted")
    big, support = place_buckets(place)
    features += [
        f"big={big}",
        f"support={support}|home={place.home}",
        f"big={big}|support={support}",
        f"big={big}|{preposition}",
        f"support={support}|{preposition}",
        f"role={role}|big={big}",
    ]
    if place.container is not None:
        features.append(f"container={place.container.kind}")
    best, side = None, ""
    for trigger in marks.triggers_in[s]:
        if trigger.kind == "weak" and best is not None and best[1].kind != "weak":
            continue
        gap = place.first - trigger.end if trigger.first < place.first else trigger.first - place.end
        if best is None or gap < best[0] or (best[1].kind == "weak" and trigger.kind != "weak"):
            best, side = (gap, trigger), "after" if trigger.first < place.first else "before"
    if best is not None:
        gap, trigger = best
        bucket = "0" if gap <= 1 else "2" if gap <= 3 else "4" if gap <= 6 else "7" if gap <= 12 else "13"
        features += [
            f"trig={trigger.kind}|{side}",
            f"gap={side}{bucket}",
            f"gap={side}{bucket}|{preposition}",
            f"trig={trigger.lemma}|{side}|{preposition}",
        ]
        low, high = (trigger.end, place.first) if side == "after" else (place.end, trigger.first)
        between = lower[low:high][:12]
        features += [f"btw={w}" for w in between]
    else:
        features.append("notrig")
    for size in marks.sizes_in[s]:
        if abs(size.at - place.first) < 15:
            features.append("size=" + ("before" if size.at < place.first else "after"))
            features.append(f"size={'before' if size.at < place.first else 'after'}|{preposition}")
    others = [p for p in marks.places_in[s] if p is not place and p.town and p.role != "organisation" and p.key != place.key]
    features.append(f"others={_size_bucket(len(others))}")
    if any(p.preposition in ("in", "at", "outside") for p in others) and preposition not in ("in", "at", "outside"):
        features.append("better")
    if place.first - first <= 2:
        features.append(f"lead={preposition}")
    key = place.key
    same = marks.town_counts[key]
    features.append(f"times={_size_bucket(same)}")
    if marks.dates_in[s]:
        features.append("date")
    if place.container is not None:
        features.append("contained")
    if in_list(marks, place):
        features.append("list")
        features.append(f"list|{list_preposition(marks, place)}")
    return features


_LIST = frozenset([",", "and", "&", "or", ";", "(", ")", "the", "in", "to"])


def in_list(marks: Marks, place: PlaceMention) -> bool:
    """Does the name stand in a list of names?"""
    return _neighbour(marks, place, -1) is not None or _neighbour(marks, place, 1) is not None


def _neighbour(marks: Marks, place: PlaceMention, step: int) -> PlaceMention | None:
    lower = marks.text.lower
    s = marks.text.sentence_of[place.first]
    row = marks.places_in[s]
    at = next((i for i, p in enumerate(row) if p is place), -1)
    if not 0 <= at + step < len(row) or at < 0:
        return None
    other = row[at + step]
    low, high = (other.end, place.first) if step < 0 else (place.end, other.first)
    gap = lower[low:high]
    if 0 < len(gap) <= 6 and all(w in _LIST or w[0].isdecimal() for w in gap) and other.town and place.town:
        return other
    return None


def list_preposition(marks: Marks, place: PlaceMention) -> str:
    """The preposition before the first name of the list that ``place`` stands in."""
    seen = 0
    current: PlaceMention | None = place
    while current is not None and not current.preposition and seen < 60:
        current = _neighbour(marks, current, -1)
        seen += 1
    return current.preposition if current is not None else ""

"""The town of an account that names none in its own clause: chosen among the towns of the report, or left open."""

from __future__ import annotations

from dataclasses import dataclass

from headcount.coding.features import cue_words, distance_bucket, place_buckets
from headcount.coding.linear import Linear
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.places import PlaceMention

_PLACES = 40
"""Sentences before an account in which its town is looked for, and names of one sentence that are looked at."""

Stands = dict[tuple[str | None, str | None], float]
"""For each town the likelihood that a gathering of the report came together there."""


@dataclass(slots=True)
class Somewhere:
    """A candidate town of an account that names none in its own clause."""

    mention: PlaceMention
    features: list[str]


def place_candidates(marks: Marks, account: Account, accounts: list[Account], stands: Stands) -> list[Somewhere]:
    """The towns of the report that an account without a town may have come together in, with their features."""
    text = marks.text
    main = account.main
    own = {u.sentence for u in account.units}
    best: dict[tuple[str | None, str | None], tuple[float, PlaceMention]] = {}
    near = {
        *range(min(3, len(marks.places_in))),
        *range(max(0, main.sentence - _PLACES), min(len(marks.places_in), main.sentence + _PLACES // 2)),
        *list(own)[:_PLACES],
    }
    for s in near:
        for place in marks.places_in[s][:_PLACES]:
            if place.town is None:
                continue
            gap = -abs(main.sentence - s) - (3 if s > main.sentence else 0)
            score = gap + (30 if s in own else 0) + (8 if place.role != "organisation" else 0) + 6 * stands.get(place.key, 0.0)
            if place.key not in best or score > best[place.key][0]:
                best[place.key] = (score, place)
    counts = marks.town_counts
    ranked = sorted(best.values(), key=lambda entry: -entry[0])[:8]
    at = next((n for n, a in enumerate(accounts) if a is account), 0)
    previous = next((a.named for a in reversed(accounts[max(0, at - 10) : at]) if a.named is not None), None)
    top = max((counts[key] for key in best), default=0)
    found: list[Somewhere] = []
    for rank, (_, place) in enumerate(ranked):
        s = text.sentence_of[place.first]
        gap = main.sentence - s
        where = "main" if s == main.sentence else "own" if s in own else "before" if gap > 0 else "after"
        count = counts[place.key]
        features = [
            f"where={where}",
            f"rank={rank}",
            f"role={place.role}",
            f"prep={place.preposition}",
            f"gap={'-' if gap < 0 else ''}{distance_bucket(abs(gap))}",
            f"where={where}|role={place.role}|prep={place.preposition}",
        ]
        features += [
            f"count={min(count, 5)}",
            f"top={count == top}",
            f"towns={min(len(best), 5)}",
            f"towns={min(len(best), 5)}|top={count == top}",
            f"top={count == top}|where={where}",
        ]
        big, support = place_buckets(place)
        features += [
            f"big={big}",
            f"support={support}|home={place.home}",
            f"big={big}|support={support}",
            f"big={big}|role={place.role}",
        ]
        if place.role == "dateline" or (place.first <= 3 and text.lower[place.end : place.end + 1] in (["-"], ["—"], ["–"], [":"])):
            features.append("dateline")
            if "here" in text.lower[main.first : main.end]:
                features.append("dateline|here")
        p = stands.get(place.key, 0.0)
        features.append(f"stands={int(p * 5)}")
        features.append(f"stands={int(p * 5)}|where={where}")
        if any(w in marks.title_words for w in text.lower[place.first : place.name_end]):
            features.append("title")
        if previous is not None and previous.place is not None and previous.place.key == place.key:
            features.append("previous")
            features.append(f"previous|gap{distance_bucket(abs(main.sentence - previous.sentence))}")
        if s == 0:
            features.append(f"lead|{place.role}")
        features.append(f"section={min(abs(marks.section_of[s] - marks.section_of[main.sentence]), 2)}|where={where}")
        if text.paragraph_of[s] == text.paragraph_of[main.sentence]:
            features.append("paragraph")
        trigger = next((t for t in main.triggers if t.kind != "weak"), None)
        if trigger is not None:
            before = text.lower[trigger.first - 1] if trigger.first > main.first else "^"
            features.append(f"art={before}|where={where}")
            features.append(f"kind={trigger.kind}|where={where}")
        if main.area is not None:
            inside = main.area.place is not None and place.place is not None and main.area.place.country == place.place.country
            features.append(f"area={inside}")
        if place.place is not None and place.place.kind == "landmark":
            features.append("landmark" + ("?" if place.place.ambiguous else ""))
        features.append(f"accounts={min(len(accounts), 4)}|top={count == top}")
        found.append(Somewhere(place, features))
    return found


def no_place_features(marks: Marks, account: Account, candidates: list[Somewhere]) -> list[str]:
    """Does the report leave the town of the account open?"""
    main = account.main
    features = [
        "NULL",
        f"NULL|candidates={min(len(candidates), 4)}",
        f"NULL|units={min(len(account.units), 3)}",
        f"NULL|area={main.area.place.kind if main.area is not None and main.area.place is not None else 'none'}",
    ]
    trigger = next((t for t in main.triggers if t.kind != "weak"), None)
    if trigger is not None:
        before = marks.text.lower[trigger.first - 1] if trigger.first > main.first else "^"
        features += [f"NULL|kind={trigger.kind}", f"NULL|-1={before}|{trigger.kind}"]
    features.append(f"NULL|size={bool(main.sizes)}")
    features.append(f"NULL|pos={min(main.sentence, 4)}")
    cues = cue_words()
    for group in {g for w in marks.text.lower[main.first : min(main.end, main.first + 60)] for g in cues.get(w, ())}:
        features.append(f"NULL|cue={group}")
    if marks.text.quoted[main.first]:
        features.append("NULL|quoted")
    return features


def choose_place(
    marks: Marks, account: Account, accounts: list[Account], stands: Stands, models: dict[str, Linear]
) -> PlaceMention | None:
    """The likeliest town of an account without one of its own, or None where leaving it open is likelier."""
    model = models["somewhere"]
    candidates = place_candidates(marks, account, accounts, stands)
    best, best_logit = None, model.logit(no_place_features(marks, account, candidates))
    for candidate in candidates:
        logit = model.logit(candidate.features)
        if logit > best_logit:
            best, best_logit = candidate.mention, logit
    return best

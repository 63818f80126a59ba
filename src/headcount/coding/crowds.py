"""Which numbers count the people of an account: first each number alone, then all of an account beside each other."""

from __future__ import annotations

from headcount.coding.claimants import code_claimant
from headcount.coding.features import cue_words, distance_bucket
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.sizes import SizeMention
from headcount.coding.units import Unit

CROWD_AT_LEAST = 0.3
"""Likelihood from which a number may be one of people at a gathering; the account decides the rest."""

COUNTS_AT_LEAST = 0.5
"""Likelihood from which such a number counts the people of the account that it stands in."""


_TRIGGERS = 60
"""Trigger words of one unit that a number is measured against."""


def size_features(marks: Marks, unit: Unit, size: SizeMention) -> list[str]:
    """Does the number count the people of the unit's gathering?"""
    text = marks.text
    lower = text.lower
    first, end = text.sentences[unit.sentence]
    q = size.quantity
    value = q.low or q.high or 0
    magnitude = "vague" if q.vague else str(len(str(value)))
    features = [
        f"noun={size.noun}",
        f"verb={size.verb}",
        f"count={size.before}",
        f"mag={magnitude}",
        f"hedge={q.hedge}",
        f"unit={size.unit}",
        f"digits={lower[q.core][0].isdecimal()}",
    ]
    for k, tag in (
        (q.first - 1, "-1"),
        (q.first - 2, "-2"),
        (q.first - 3, "-3"),
        (size.end, "+1"),
        (size.end + 1, "+2"),
        (size.end + 2, "+3"),
    ):
        word = lower[k] if first <= k < end else "^"
        features.append(f"{tag}={word}")
    features.append(f"-={lower[q.first - 1] if q.first > first else '^'}|{size.noun}")
    features.append(f"+={lower[size.end] if size.end < end else '$'}|{size.noun}")
    for j in range(max(first, q.first - 6), q.first):
        features.append(f"l={lower[j]}")
    for j in range(size.end, min(end, size.end + 7)):
        features.append(f"r={lower[j]}")
    for j in range(q.end, size.end):
        features.append(f"in={lower[j]}")
    if text.quoted[q.core]:
        features.append("quoted")
    cues = cue_words()
    for group in {g for j in range(unit.first, min(unit.end, unit.first + 60)) for g in cues.get(lower[j], ())}:
        features.append(f"cue={group}")
    gap = min((abs(t.first - q.core) for t in unit.triggers[:_TRIGGERS] if t.kind != "weak"), default=99)
    features.append(f"gap={min(gap // 4, 5)}")
    features.append(f"tells={int(unit.tells * 5)}")
    features.append(f"alone={len(unit.sizes) == 1}")
    features.append(f"pos={'first' if unit.sizes and unit.sizes[0] is size else 'later'}")
    features.append(f"place={unit.place is not None}")
    for trigger in unit.triggers[:4]:
        features.append(f"t={trigger.lemma}|{'before' if trigger.first < q.core else 'after'}")
    return features


def claimant_roles(marks: Marks, found: list[tuple[Unit, SizeMention, float]]) -> list[str]:
    """Who gives each number of an account: two claimants that each give one are told of one crowd."""
    publisher = marks.report.publisher
    return [code_claimant(marks.text, size, publisher).role for _, size, _ in found]


def count_features(
    marks: Marks,
    account: Account,
    unit: Unit,
    size: SizeMention,
    likely: float,
    found: list[tuple[Unit, SizeMention, float]],
    roles: list[str],
) -> list[str]:
    """Is the number one of this account's own size statements?

    ``found`` holds all numbers of the account, with likelihoods, and ``roles`` who gives each of them.
    """
    text, main = marks.text, account.main
    q = size.quantity
    value = q.low if q.low is not None else q.high or 0
    others = [z for _, z, _ in found if z is not size]
    values = [z.quantity.low if z.quantity.low is not None else z.quantity.high or 0 for z in others]
    in_main = unit is main
    _first_unit, first, _ = found[0]
    bucket = int(likely * 10)
    where = "main" if in_main else "same" if unit.sentence == main.sentence else "before" if unit.index < main.index else "after"
    features = [
        f"p={bucket}",
        f"p={bucket}|{where}",
        f"where={where}",
        f"n={min(len(found), 5)}",
        f"n={min(len(found), 5)}|{where}",
        f"first={first is size}",
        f"first={first is size}|{where}",
        f"p={bucket}|n={min(len(found), 3)}",
    ]
    role = next(given for (_, z, _), given in zip(found, roles, strict=True) if z is size)
    claimed = {given for (_, z, _), given in zip(found, roles, strict=True) if z is not size}
    features += [f"role={role}", f"role={role}|{where}", f"role={role}|noun={size.noun}|verb={size.verb}"]
    if role != "report" and found:
        features.append(f"claims={'alone' if not claimed else 'other' if role not in claimed else 'again'}")
        features.append(f"claims={'alone' if not claimed else 'other' if role not in claimed else 'again'}|{where}")
    elif claimed - {"report"}:
        features.append(f"unclaimed|{where}")
    if values:
        top = max(values)
        ratio = (
            "same"
            if value in values
            else "top"
            if value > top
            else "half"
            if value * 2 >= top
            else "tenth"
            if value * 10 >= top
            else "less"
        )
        features += [f"ratio={ratio}", f"ratio={ratio}|{where}", f"ratio={ratio}|vague={q.vague}", f"ratio={ratio}|p={bucket}"]
        best = max(likely_ for _, z, likely_ in found if z is not size)
        features.append(f"best={int(best * 10)}|p={bucket}")
        main_sizes = [z for u, z, likely_ in found if u is main and z is not size]
        features.append(f"mainsize={bool(main_sizes)}|{where}")
        if any(z.quantity.vague for z in others) or q.vague:
            features.append(f"vague={q.vague}|{ratio}")
    else:
        features += ["alone", f"alone|{where}", f"alone|p={bucket}"]
    gap = unit.sentence - main.sentence
    features.append(f"gap={'-' if gap < 0 else ''}{distance_bucket(abs(gap))}")
    town = account.named
    if unit.place is not None and town is not None and town.place is not None:
        features.append(f"town={unit.place.key == town.place.key}|{where}")
    features.append(f"mag={len(str(value))}|{where}")
    features.append(f"noun={size.noun}|{where}")
    features.append(f"verb={size.verb}|{where}")
    features.append(f"count={size.before}")
    features.append(f"hedge={q.hedge}|{where}")
    features.append(f"unit={size.unit}")
    features.append(f"tells={int(unit.tells * 5)}|{where}")
    if text.quoted[q.core]:
        features.append(f"quoted|{where}")
    first_token, end = text.sentences[unit.sentence]
    for k, tag in ((q.first - 1, "-1"), (size.end, "+1"), (size.end + 1, "+2")):
        features.append(f"{tag}={text.lower[k] if first_token <= k < end else '^'}")
    cues = cue_words()
    near = text.lower[max(first_token, q.first - 8) : min(end, size.end + 8)]
    for group in {g for w in near for g in cues.get(w, ())}:
        features.append(f"cue={group}|{where}")
    return features

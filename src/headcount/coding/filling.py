"""What an account says: its day, its place and its numbers, each chosen among the words of the report.

Every candidate is scored by features that can be named (same clause, same sentence, nearest
before, discourse anchor); the likeliest is taken, or none.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from headcount.coding.dates import DateMention
from headcount.coding.features import cue_words
from headcount.coding.linear import Linear
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.places import PlaceMention
from headcount.coding.sizes import SizeMention
from headcount.coding.units import Unit

DATED_AT_LEAST = 0.40
"""Likelihood from which a day is taken; below it the date stays null (chosen like the other thresholds)."""

PLACED_AT_LEAST = 0.45
"""Likelihood from which a town told elsewhere in the report is taken."""

SIZED_AT_LEAST = 0.5

_DATES_BACK = 12
"""Sentences before an account in which its day is looked for, besides those of its own units and the lead."""

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Day:
    """A candidate day of an account: the words and what they mean there."""

    mention: DateMention
    days: tuple[dt.date, dt.date] | None
    features: list[str]


def owners(marks: Marks, accounts: list[Account]) -> list[list[tuple[Account, Unit]]]:
    """For each sentence the accounts and units that stand in it."""
    rows: list[list[tuple[Account, Unit]]] = [[] for _ in marks.text.sentences]
    for account in accounts:
        for unit in account.units:
            rows[unit.sentence].append((account, unit))
    return rows


def resolve(mention: DateMention, base: tuple[dt.date, dt.date] | None, *, planned: bool) -> tuple[dt.date, dt.date] | None:
    """The days that the words mean, for an anchor told from ``base``, the event named just before."""
    if mention.kind != "anchor":
        return mention.future if planned else mention.past
    if base is None:
        return None
    if mention.weekday is not None:
        if mention.offset == 1:
            day = base[1] + _DAY * ((mention.weekday - base[1].weekday() - 1) % 7 + 1)
        else:
            day = base[0] - _DAY * ((base[0].weekday() - mention.weekday - 1) % 7 + 1)
        return day, day
    day = (base[0] if (mention.offset or 0) <= 0 else base[1]) + _DAY * (mention.offset or 0)
    return (day, day) if mention.offset else base


def _distance(n: int) -> str:
    return str(n) if n < 3 else "3" if n < 6 else "6" if n < 12 else "12"


Told = tuple[Unit, "Day"]
"""An account told before: the unit that introduces it, and its day."""


def day_candidates(
    marks: Marks, account: Account, rows: list[list[tuple[Account, Unit]]], told: list[Told], *, planned: bool
) -> list[Day]:
    """The words for days that an account may be dated by, with their features."""
    text = marks.text
    main = account.main
    base = next((day.days for unit, day in reversed(told) if unit.index < main.index), None)
    own = {u.sentence for u in account.units}
    start = max(0, min(own) - _DATES_BACK)
    sentences = sorted(set(range(start, max(own) + 2)) | {0, 1})
    published = marks.report.published
    has_own = any(d.kind != "vague" for d in main.dates)
    has_any = any(d.kind != "vague" for u in account.units for d in u.dates)
    found: list[Day] = []
    before_main = [s for s in sentences if s < main.sentence and s < len(text.sentences) and marks.dates_in[s]]
    nearest = before_main[-1] if before_main else None
    for s in sentences:
        if s >= len(text.sentences):
            continue
        for index, d in enumerate(marks.dates_in[s]):
            days = resolve(d, base, planned=planned)
            where = _where(account, rows, s, d)
            gap = main.sentence - s
            features = [f"where={where}", f"kind={d.kind}", f"where={where}|{d.kind}", f"has={has_own}|{where}", f"any={has_any}|{where}", f"prec={d.precision}|{where}"]
            features.append(f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}")
            features.append(f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}|{where}")
            features.append(f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}|any={has_any}")
            if s == nearest:
                features.append(f"nearest|{where}")
                features.append(f"nearest|any={has_any}")
            if s < 2:
                features.append(f"lead|{where}")
            same_paragraph = text.paragraph_of[s] == text.paragraph_of[main.sentence]
            features.append(f"par={same_paragraph}|{where}")
            features.append(f"idx={min(index, 2)}")
            if text.quoted[d.first]:
                features.append("quoted")
            first, end = text.sentences[s]
            for k, tag in ((d.first - 1, "-1"), (d.first - 2, "-2"), (d.end, "+1"), (d.end + 1, "+2")):
                word = text.lower[k] if first <= k < end else "^"
                features.append(f"{tag}={word}")
            head = text.lower[d.first] if d.kind in ("relative", "vague", "anchor", "weekday") else ""
            features.append(f"head={head}")
            if days is None:
                features.append("null")
                features.append(f"null|{d.kind}")
            elif published is not None:
                age = (published - days[1]).days
                features.append("age=" + ("future" if age < 0 else "week" if age < 9 else "month" if age < 40 else "season" if age < 100 else "old"))
                if days[0] != days[1]:
                    features.append("range")
            if s == main.sentence:
                trigger = next((t for t in main.triggers if t.kind != "weak"), None)
                if trigger is not None:
                    side = "after" if d.first > trigger.first else "before"
                    tokens = d.first - trigger.end if side == "after" else trigger.first - d.end
                    features.append(f"trig={side}{min(tokens // 4, 4)}")
                    low, high = (trigger.end, d.first) if side == "after" else (d.end, trigger.first)
                    features += [f"btw={w}" for w in text.lower[low:high][:8]]
            features.append(f"tells={'hi' if any(u.tells > 0.7 for _, u in rows[s]) else 'lo' if rows[s] else 'no'}|{where}")
            found.append(Day(d, days, features))
    found.extend(_days_in_force(marks, account, told, has_own=has_own, has_any=has_any))
    return found


def _days_in_force(marks: Marks, account: Account, told: list[Told], *, has_own: bool, has_any: bool) -> list[Day]:
    """The days of the accounts told before, which a round-up keeps in force until it names another."""
    text, main = marks.text, account.main
    before = [(unit, day) for unit, day in told if unit.index < main.index and day.days is not None]
    if not before:
        return []
    counts: dict[tuple[dt.date, dt.date], int] = {}
    for _, day in before:
        if day.days is not None:
            counts[day.days] = counts.get(day.days, 0) + 1
    most = max(counts.values())
    found = []
    seen: set[tuple[dt.date, dt.date]] = set()
    own_town = account.town()
    for n, (unit, day) in enumerate(reversed(before)):
        if day.days is None or day.days in seen or len(seen) >= 4:
            continue
        seen.add(day.days)
        gap = main.sentence - unit.sentence
        town = "none" if own_town is None or unit.place is None or own_town.place is None else "same" if own_town.place.key == unit.place.key else "other"
        state = f"{'own' if has_own else 'any' if has_any else 'no'}"
        features = [f"force={min(len(seen), 3)}|{state}", f"force|{state}", f"force|{state}|gap{_distance(max(gap, 0))}", f"force|n{min(n, 3)}|{state}", f"force|{state}|town={town}"]
        features += [f"force|{state}|most={counts[day.days] == most}", f"force|{state}|count{min(counts[day.days], 4)}", f"force|{state}|days{min(len(counts), 4)}", f"force|{state}|days{min(len(counts), 4)}|most={counts[day.days] == most}|n{min(n, 1)}"]
        features.append(f"force|{state}|par{min(text.paragraph_of[main.sentence] - text.paragraph_of[unit.sentence], 3)}")
        features.append(f"force|{state}|kind={day.mention.kind}")
        features.append(f"force|{state}|accounts{min(len(before), 6)}")
        opening = text.lower[main.first : main.first + 2]
        features += [f"force|open={w}" for w in opening]
        if main.sentence == unit.sentence:
            features.append(f"force|sentence|{state}")
        if day.days[0] != day.days[1]:
            features.append(f"force|range|{state}")
        if marks.report.published is not None:
            age = (marks.report.published - day.days[1]).days
            features.append("force|age=" + ("future" if age < 0 else "week" if age < 9 else "month" if age < 40 else "season" if age < 100 else "old"))
        found.append(Day(day.mention, day.days, features))
    return found


def _where(account: Account, rows: list[list[tuple[Account, Unit]]], s: int, d: DateMention) -> str:
    """How the words for a day stand to the account: in its own clause, sentence, or another's."""
    main = account.main
    inside = [(a, u) for a, u in rows[s] if u.first <= d.first < u.end]
    if s == main.sentence and main.first <= d.first < main.end:
        return "main"
    if any(a is account for a, _ in inside):
        return "own"
    if any(a is account for a, _ in rows[s]):
        return "beside"
    if inside:
        return "otherafter" if s > main.sentence else "other"
    return "noneafter" if s > main.sentence else "none"


def choose_day(
    marks: Marks, account: Account, rows: list[list[tuple[Account, Unit]]], told: list[Told], models: dict[str, Linear], *, planned: bool
) -> tuple[Day | None, float]:
    """The likeliest day of an account, or (None, likelihood of the best)."""
    model = models["day"]
    best, best_p = None, 0.0
    for day in day_candidates(marks, account, rows, told, planned=planned):
        p = model.probability(day.features)
        if p > best_p and day.days is not None:
            best, best_p = day, p
    return (best, best_p) if best_p >= DATED_AT_LEAST else (None, best_p)


@dataclass(slots=True)
class Somewhere:
    """A candidate town of an account that names none in its own clause."""

    mention: PlaceMention
    features: list[str]


def place_candidates(marks: Marks, account: Account, accounts: list[Account], stands: dict[int, float]) -> list[Somewhere]:
    """The towns of the report that an account without a town may have come together in, with their features.

    ``stands`` gives for the index of a place mention the likelihood that a gathering stood there.
    """
    text = marks.text
    main = account.main
    own = {u.sentence for u in account.units}
    best: dict[tuple[str | None, str | None], tuple[float, PlaceMention, int]] = {}
    counts: dict[tuple[str | None, str | None], int] = {}
    for index, place in enumerate(marks.places):
        if place.town is None:
            continue
        key = place.key
        counts[key] = counts.get(key, 0) + (place.role != "organisation")
        s = text.sentence_of[place.first]
        near = -abs(main.sentence - s) - (3 if s > main.sentence else 0)
        score = near + (30 if s in own else 0) + (8 if place.role != "organisation" else 0) + 6 * stands.get(index, 0.0)
        if key not in best or score > best[key][0]:
            best[key] = (score, place, index)
    ranked = sorted(best.values(), key=lambda entry: -entry[0])[:8]
    placed = [a for a in accounts if a is not account and a.town() is not None and a.units[0].index < main.index]
    previous = placed[-1].town() if placed else None
    top = max(counts.values(), default=0)
    found: list[Somewhere] = []
    for rank, (_, place, index) in enumerate(ranked):
        s = text.sentence_of[place.first]
        gap = main.sentence - s
        where = "main" if s == main.sentence else "own" if s in own else "before" if gap > 0 else "after"
        count = counts[place.key]
        features = [f"where={where}", f"rank={rank}", f"role={place.role}", f"prep={place.preposition}", f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}", f"where={where}|role={place.role}|prep={place.preposition}"]
        features += [f"count={min(count, 5)}", f"top={count == top}", f"towns={min(len(best), 5)}", f"towns={min(len(best), 5)}|top={count == top}", f"top={count == top}|where={where}"]
        p = stands.get(index, 0.0)
        features.append(f"stands={int(p * 5)}")
        features.append(f"stands={int(p * 5)}|where={where}")
        if any(w in marks.title_words for w in text.lower[place.first : place.name_end]):
            features.append("title")
        if previous is not None and previous.place is not None and previous.place.key == place.key:
            features.append("previous")
            features.append(f"previous|gap{_distance(abs(main.sentence - previous.sentence))}")
        if s == 0:
            features.append(f"lead|{place.role}")
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


def choose_place(marks: Marks, account: Account, accounts: list[Account], stands: dict[int, float], models: dict[str, Linear]) -> tuple[PlaceMention | None, float]:
    """The likeliest town of an account without one of its own, or None."""
    model = models["somewhere"]
    best, best_p = None, 0.0
    for candidate in place_candidates(marks, account, accounts, stands):
        p = model.probability(candidate.features)
        if p > best_p:
            best, best_p = candidate.mention, p
    return (best, best_p) if best_p >= PLACED_AT_LEAST else (None, best_p)


def size_features(marks: Marks, unit: Unit, size: SizeMention) -> list[str]:
    """Does the number count the people of the unit's gathering?"""
    text = marks.text
    lower = text.lower
    first, end = text.sentences[unit.sentence]
    q = size.quantity
    value = q.low or q.high or 0
    magnitude = "vague" if q.vague else str(len(str(value)))
    features = [f"noun={size.noun}", f"verb={size.verb}", f"count={size.before}", f"mag={magnitude}", f"hedge={q.hedge}", f"unit={size.unit}", f"digits={lower[q.core][0].isdigit()}"]
    for k, tag in ((q.first - 1, "-1"), (q.first - 2, "-2"), (q.first - 3, "-3"), (size.end, "+1"), (size.end + 1, "+2"), (size.end + 2, "+3")):
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
    gap = min((abs(t.first - q.core) for t in unit.triggers if t.kind != "weak"), default=99)
    features.append(f"gap={min(gap // 4, 5)}")
    features.append(f"tells={int(unit.tells * 5)}")
    features.append(f"alone={len(unit.sizes) == 1}")
    features.append(f"pos={'first' if unit.sizes and unit.sizes[0] is size else 'later'}")
    features.append(f"place={unit.place is not None}")
    for trigger in unit.triggers[:4]:
        features.append(f"t={trigger.lemma}|{'before' if trigger.first < q.core else 'after'}")
    return features

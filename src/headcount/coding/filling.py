"""What an account says: its day, its place and its numbers, each chosen among the words of the report.

Every candidate is scored by features that can be named (same clause, same sentence, nearest
before, discourse anchor); the likeliest is taken, or none.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from headcount.coding.dates import DateMention
from headcount.coding.features import cue_words
from headcount.coding.linear import Linear
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.places import PlaceMention
from headcount.coding.sizes import SizeMention
from headcount.coding.units import Unit

CROWD_AT_LEAST = 0.3
"""Likelihood from which a number may be one of people at a gathering; the account decides the rest."""

COUNTS_AT_LEAST = 0.5
"""Likelihood from which such a number counts the people of the account that it stands in."""

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Day:
    """A candidate day of an account: the words and what they mean there."""

    mention: DateMention
    days: tuple[dt.date, dt.date] | None
    features: list[str]


class Owners:
    """For each sentence the accounts and units that stand in it, and how many towns they tell of."""

    __slots__ = ("rows", "wide")

    def __init__(self, marks: Marks, accounts: list[Account]) -> None:
        self.rows: list[list[tuple[Account, Unit]]] = [[] for _ in marks.text.sentences]
        towns = set()
        for account in accounts:
            for unit in account.units:
                self.rows[unit.sentence].append((account, unit))
                if unit.place is not None:
                    towns.add(unit.place.key)
        self.wide = "1" if len(towns) < 2 else "2" if len(towns) < 4 else "4" if len(towns) < 8 else "8"

    def __getitem__(self, s: int) -> list[tuple[Account, Unit]]:
        return self.rows[s]


def resolve(mention: DateMention, base: tuple[dt.date, dt.date] | None, *, planned: bool, published: dt.date | None) -> tuple[dt.date, dt.date] | None:
    """The days that the words mean, for an anchor told from ``base``, the event named just before."""
    if mention.kind != "anchor":
        if planned and mention.past is not None and mention.future is not None and (mention.future[0] - mention.past[0]).days > 300:
            near = published is not None and (published - mention.past[0]).days < 90
            return mention.past if near else mention.future  # "held November 11", told on the 17th, is no plan for next year
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

_VALUES = 8
"""Distinct days that are weighed for one account: the nearest, and the one most often told."""

_CLOSENESS = {"main": 0, "own": 1, "beside": 2, "other": 3, "none": 3, "otherafter": 5, "noneafter": 5, "later": 6}


def _age(marks: Marks, days: tuple[dt.date, dt.date], mention: DateMention) -> str:
    """How long before publication, in words."""
    published = marks.report.published
    if published is None:
        return "unknown"
    age = (published - days[1]).days
    if age > 250 and not mention.year_given:
        return "lastyear"  # "January 27" told on the 19th is more likely still to come
    return "future" if age < 0 else "day" if age < 2 else "week" if age < 9 else "month" if age < 40 else "season" if age < 100 else "old"


_AHEAD = 14
"""Sentences behind an account in which its day is looked for: "the protests on Wednesday" may be told at the end."""

_DATES = 40
"""Words for days before an account that are looked at, besides those of the lead."""


def near_dates(marks: Marks, sentence: int, last: int) -> list[DateMention]:
    """The words for days that may date an account told in the sentences ``sentence`` to ``last``, in the order of the text."""
    starts = [marks.text.sentence_of[d.first] for d in marks.dates] if marks.date_sentences is None else marks.date_sentences
    marks.date_sentences = starts
    middle = bisect_right(starts, sentence)
    end = min(bisect_right(starts, last + _AHEAD), middle + _DATES)
    begin = max(0, middle - _DATES)
    return marks.dates[: min(5, begin)] + marks.dates[begin:end]


def day_candidates(marks: Marks, account: Account, rows: Owners, told: list[Told], *, planned: bool) -> list[Day]:
    """The days that an account may have, one candidate a day, with their features.

    A day comes from the words of its own clause or sentence, from words before it (a round-up
    keeps a day in force until it names another), or from the sentence after.
    """
    text, main = marks.text, account.main
    base = next((day.days for unit, day in reversed(told) if unit.index < main.index), None)
    last = max(u.sentence for u in account.units)
    has_own = "own" if any(d.kind != "vague" for d in main.dates) else "any" if any(d.kind != "vague" for u in account.units for d in u.dates) else "no"
    vague = any(d.kind == "vague" for d in main.dates)
    best: dict[tuple[dt.date, dt.date], tuple[tuple[int, int], DateMention, str, int]] = {}
    counts: dict[tuple[dt.date, dt.date], int] = {}
    for d in near_dates(marks, main.sentence, last):
        s = text.sentence_of[d.first]
        days = resolve(d, base, planned=planned, published=marks.report.published)
        if days is None:
            continue
        where = _where(account, rows, s, d)
        gap = main.sentence - s
        closeness = (_CLOSENESS[where], abs(gap))
        counts[days] = counts.get(days, 0) + 1
        if days not in best or closeness < best[days][0]:
            best[days] = (closeness, d, where, s)
    accounts: dict[tuple[dt.date, dt.date], int] = {}
    previous: tuple[dt.date, dt.date] | None = None
    for unit, day in told[-_DATES:]:
        if day.days is not None and unit.index < main.index:
            accounts[day.days] = accounts.get(day.days, 0) + 1
            previous = day.days
            if day.days not in best:
                s = text.sentence_of[day.mention.first]
                best[day.days] = ((4, abs(main.sentence - s)), day.mention, "force", s)
    if not best:
        return []
    mode = max(counts, key=lambda days: counts[days]) if counts else None
    top = max(accounts, key=lambda days: accounts[days]) if accounts else None
    ranked = sorted(best, key=lambda days: best[days][0])
    kept = [days for n, days in enumerate(ranked) if n < _VALUES or days in (mode, top, previous)]
    wide = rows.wide
    nearest_before = min((best[days][0][1] for days in kept if best[days][2] in ("other", "none", "force")), default=-1)
    found = []
    for rank, days in enumerate(kept):
        (_, gap), mention, where, s = best[days]
        features = _mention_features(marks, account, rows, mention, where, s)
        distance = ("-" if s > main.sentence else "") + _distance(gap)
        inherited = where in ("other", "none", "force")
        tag = f"{where}|{has_own}"
        features += [f"where={tag}", f"where={tag}|{mention.kind}", f"gap={distance}|{tag}", f"rank={min(rank, 4)}|{tag}"]
        features.append(f"mode={days == mode}|{tag}")
        features.append(f"wide={wide}|{tag}")
        features.append(f"wide={wide}|{has_own}|mode={days == mode}|lead={s < 3}")
        if inherited:
            features.append(f"wide={wide}|{has_own}|rank={min(rank, 2)}|nearest={gap == nearest_before}")
        features.append(f"count={min(counts.get(days, 0), 3)}|{tag}")
        features.append(f"values={min(len(best), 5)}|{tag}|rank={min(rank, 2)}")
        if inherited:
            features.append(f"nearest={gap == nearest_before}|{has_own}")
        if vague:
            features.append(f"vague|{tag}")
        if accounts:
            n = accounts.get(days, 0)
            features.append(f"told={min(n, 4)}|{has_own}")
            features.append(f"previous={days == previous}|{has_own}|{'in' if inherited else where}")
            features.append(f"top={days == top}|{has_own}|of{min(len(accounts), 4)}")
            features.append(f"previous={days == previous}|top={days == top}|{has_own}|{min(len(told), 5)}")
        else:
            features.append(f"firstaccount|{tag}")
        if s < 3:
            features.append(f"lead|{tag}")
        features.append(f"par={text.paragraph_of[s] == text.paragraph_of[main.sentence]}|{tag}")
        features.append(f"age={_age(marks, days, mention)}|{has_own}")
        features.append(f"age={_age(marks, days, mention)}|{where}")
        sections = abs(marks.section_of[main.sentence] - marks.section_of[s])
        features.append(f"section={min(sections, 2)}|{tag}")
        features.append(f"section={min(sections, 2)}|{has_own}|{'in' if inherited else where}|lead={s < 3}")
        if days[0] != days[1]:
            features.append(f"range|{tag}")
        found.append(Day(mention, days, features))
    return found


def _mention_features(marks: Marks, account: Account, rows: Owners, d: DateMention, where: str, s: int) -> list[str]:
    """The words around a date, and how they stand to the trigger of the account."""
    text, main = marks.text, account.main
    first, end = text.sentences[s]
    features = [f"kind={d.kind}", f"prec={d.precision}|{where}"]
    if text.quoted[d.first]:
        features.append("quoted")
    for k, tag in ((d.first - 1, "-1"), (d.first - 2, "-2"), (d.end, "+1"), (d.end + 1, "+2")):
        features.append(f"{tag}={text.lower[k] if first <= k < end else '^'}")
    if d.kind in ("relative", "anchor", "weekday"):
        features.append(f"head={text.lower[d.first]}|{where}")
    if s == main.sentence:
        trigger = next((t for t in main.triggers if t.kind != "weak"), None)
        if trigger is not None:
            side = "after" if d.first > trigger.first else "before"
            tokens = d.first - trigger.end if side == "after" else trigger.first - d.end
            features.append(f"trig={side}{min(tokens // 4, 4)}")
            low, high = (trigger.end, d.first) if side == "after" else (d.end, trigger.first)
            features += [f"btw={w}" for w in text.lower[low:high][:8]]
    else:
        telling = [u for _, u in rows[s]]
        features.append(f"tells={'hi' if any(u.tells > 0.7 for u in telling) else 'lo' if telling else 'no'}|{where}")
        if any(t.kind == "plural" for t in marks.triggers_in[s]):
            features.append(f"rollup|{where}")
            if any(t.kind == "plural" and t.first > first and text.lower[t.first - 1] == "the" for t in marks.triggers_in[s]):
                features.append(f"theprotests|{where}")
        if any(t.kind != "weak" for t in marks.triggers_in[s]):
            features.append(f"trigger|{where}")
    return features


def _where(account: Account, rows: Owners, s: int, d: DateMention) -> str:
    """How the words for a day stand to the account: in its own clause, sentence, or another's."""
    main = account.main
    inside = [(a, u) for a, u in rows[s] if u.first <= d.first < u.end]
    if s == main.sentence and main.first <= d.first < main.end:
        return "main"
    if any(a is account for a, _ in inside):
        return "own"
    if any(a is account for a, _ in rows[s]):
        return "beside"
    if s > main.sentence + 2:
        return "later"
    if inside:
        return "otherafter" if s > main.sentence else "other"
    return "noneafter" if s > main.sentence else "none"


def no_day_features(marks: Marks, account: Account, candidates: list[Day]) -> list[str]:
    """Does the report leave the day of the account open?"""
    main = account.main
    kinds = {d.kind for d in main.dates} or {"none"}
    any_kinds = {d.kind for u in account.units for d in u.dates} or {"none"}
    features = ["NULL"] + [f"NULL|main={k}" for k in kinds] + [f"NULL|any={k}" for k in any_kinds]
    for d in main.dates:
        if d.kind == "vague":
            features.append(f"NULL|vague={d.precision}")
            features.append(f"NULL|head={marks.text.lower[d.first]} {marks.text.lower[d.end - 1]}")
    features.append(f"NULL|units={min(len(account.units), 3)}")
    features.append(f"NULL|candidates={min(len(candidates), 4)}")
    features.append(f"NULL|size={bool(main.sizes)}|{'|'.join(sorted(kinds))}")
    features.append(f"NULL|town={main.place is not None}")
    features.append(f"NULL|pos={min(main.sentence, 4)}")
    features.append(f"NULL|published={marks.report.published is not None}")
    trigger = next((t for t in main.triggers if t.kind != "weak"), None)
    if trigger is not None:
        features.append(f"NULL|kind={trigger.kind}")
        before = marks.text.lower[trigger.first - 1] if trigger.first > main.first else "^"
        features.append(f"NULL|-1={before}")
    if marks.text.quoted[main.first]:
        features.append("NULL|quoted")
    cues = cue_words()
    for group in {g for w in marks.text.lower[main.first : min(main.end, main.first + 60)] for g in cues.get(w, ())}:
        features.append(f"NULL|cue={group}")
    return features


def choose_day(marks: Marks, account: Account, rows: Owners, told: list[Told], models: dict[str, Linear], *, planned: bool) -> Day | None:
    """The likeliest day of an account, or None where leaving it open is likelier."""
    model = models["day"]
    candidates = day_candidates(marks, account, rows, told, planned=planned)
    best, best_logit = None, model.logit(no_day_features(marks, account, candidates)) if candidates else 0.0
    for day in candidates:
        logit = model.logit(day.features)
        if logit > best_logit:
            best, best_logit = day, logit
    return best


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
    """The towns of the report that an account without a town may have come together in, with their features.

    """
    text = marks.text
    main = account.main
    own = {u.sentence for u in account.units}
    best: dict[tuple[str | None, str | None], tuple[float, PlaceMention]] = {}
    near = {*range(min(3, len(marks.places_in))), *range(max(0, main.sentence - _PLACES), min(len(marks.places_in), main.sentence + _PLACES // 2)), *list(own)[:_PLACES]}
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
        features = [f"where={where}", f"rank={rank}", f"role={place.role}", f"prep={place.preposition}", f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}", f"where={where}|role={place.role}|prep={place.preposition}"]
        features += [f"count={min(count, 5)}", f"top={count == top}", f"towns={min(len(best), 5)}", f"towns={min(len(best), 5)}|top={count == top}", f"top={count == top}|where={where}"]
        population = (place.place.population or 0) if place.place else 0
        big = "0" if not population else "5k" if population < 5000 else "50k" if population < 50_000 else "500k" if population < 500_000 else "m"
        support = "0" if place.support == 0 else "1" if place.support < 0.15 else "2" if place.support < 0.4 else "3"
        features += [f"big={big}", f"support={support}|home={place.home}", f"big={big}|support={support}", f"big={big}|role={place.role}"]
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
            features.append(f"previous|gap{_distance(abs(main.sentence - previous.sentence))}")
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
    features = ["NULL", f"NULL|candidates={min(len(candidates), 4)}", f"NULL|units={min(len(account.units), 3)}", f"NULL|area={main.area.place.kind if main.area is not None and main.area.place is not None else 'none'}"]
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


def choose_place(marks: Marks, account: Account, accounts: list[Account], stands: Stands, models: dict[str, Linear]) -> PlaceMention | None:
    """The likeliest town of an account without one of its own, or None where leaving it open is likelier."""
    model = models["somewhere"]
    candidates = place_candidates(marks, account, accounts, stands)
    best, best_logit = None, model.logit(no_place_features(marks, account, candidates))
    for candidate in candidates:
        logit = model.logit(candidate.features)
        if logit > best_logit:
            best, best_logit = candidate.mention, logit
    return best


def size_features(marks: Marks, unit: Unit, size: SizeMention) -> list[str]:
    """Does the number count the people of the unit's gathering?"""
    text = marks.text
    lower = text.lower
    first, end = text.sentences[unit.sentence]
    q = size.quantity
    value = q.low or q.high or 0
    magnitude = "vague" if q.vague else str(len(str(value)))
    features = [f"noun={size.noun}", f"verb={size.verb}", f"count={size.before}", f"mag={magnitude}", f"hedge={q.hedge}", f"unit={size.unit}", f"digits={lower[q.core][0].isdecimal()}"]
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


def count_features(marks: Marks, account: Account, unit: Unit, size: SizeMention, likely: float, found: list[tuple[Unit, SizeMention, float]]) -> list[str]:
    """Is the number one of this account's own size statements? ``found`` holds all numbers of the account, with likelihoods."""
    text, main = marks.text, account.main
    q = size.quantity
    value = q.low if q.low is not None else q.high or 0
    others = [z for _, z, _ in found if z is not size]
    values = [z.quantity.low if z.quantity.low is not None else z.quantity.high or 0 for z in others]
    in_main = unit is main
    first_unit, first, _ = found[0]
    bucket = int(likely * 10)
    where = "main" if in_main else "same" if unit.sentence == main.sentence else "before" if unit.index < main.index else "after"
    features = [f"p={bucket}", f"p={bucket}|{where}", f"where={where}", f"n={min(len(found), 5)}", f"n={min(len(found), 5)}|{where}", f"first={first is size}", f"first={first is size}|{where}", f"p={bucket}|n={min(len(found), 3)}"]
    if values:
        top = max(values)
        ratio = "same" if value in values else "top" if value > top else "half" if value * 2 >= top else "tenth" if value * 10 >= top else "less"
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
    features.append(f"gap={'-' if gap < 0 else ''}{_distance(abs(gap))}")
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

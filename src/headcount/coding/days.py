"""The day of an account: chosen among the words for days in the report, or left open.

Every candidate is scored by features that can be named (same clause, same sentence, nearest
before, in force, discourse anchor); the likeliest is taken, or none where that is likelier.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from headcount.coding.dates import DateMention
from headcount.coding.features import cue_words, distance_bucket
from headcount.coding.linear import Linear
from headcount.coding.linking import Account
from headcount.coding.marks import Marks
from headcount.coding.units import Unit

_DAY = dt.timedelta(days=1)


@dataclass(slots=True)
class Day:
    """A candidate day of an account: the words and what they mean there."""

    mention: DateMention
    days: tuple[dt.date, dt.date] | None
    features: list[str]


class Owners:
    """For each sentence the accounts and units that stand in it, and how many towns they tell of."""

    __slots__ = ("_umbrella", "marks", "rows", "wide")

    def __init__(self, marks: Marks, accounts: list[Account]) -> None:
        self.marks = marks
        self._umbrella: dict[int, bool] = {}
        self.rows: list[list[tuple[Account, Unit]]] = [[] for _ in marks.text.sentences]
        towns = set()
        for account in accounts:
            for unit in account.units:
                self.rows[unit.sentence].append((account, unit))
                if unit.place is not None:
                    towns.add(unit.place.key)
        self.wide = "1" if len(towns) < 2 else "2" if len(towns) < 4 else "4" if len(towns) < 8 else "8"

    def umbrella(self, s: int) -> bool:
        """Does sentence ``s`` tell of gatherings in many towns at once ("protests were held across the country on Saturday")?"""
        known = self._umbrella.get(s)
        if known is None:
            triggers = [t for t in self.marks.triggers_in[s] if t.kind != "weak"]
            first, end = self.marks.text.sentences[s]
            cues = cue_words()
            known = (
                any(t.kind == "plural" for t in triggers)
                or bool(triggers)
                and (
                    any("umbrella" in cues.get(w, ()) for w in self.marks.text.lower[first : min(end, first + 60)])
                    or s < 3
                    and not any(p.town and p.role != "organisation" for row in self.marks.places_in[: s + 1] for p in row)
                )
            )
            self._umbrella[s] = known
        return known

    def town_beside(self, account: Account, s: int) -> str:
        """How the towns of the units in sentence ``s`` stand to the town of ``account``."""
        named = account.named
        mine = named.place.key if named is not None and named.place is not None else None
        towns = {unit.place.key for _, unit in self.rows[s] if unit.place is not None}
        if not towns:
            return "none"
        return "same" if mine in towns else "other" if mine is not None else "some"

    def __getitem__(self, s: int) -> list[tuple[Account, Unit]]:
        return self.rows[s]


def resolve(
    mention: DateMention, base: tuple[dt.date, dt.date] | None, *, planned: bool, published: dt.date | None
) -> tuple[dt.date, dt.date] | None:
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
    return (
        "future"
        if age < 0
        else "day"
        if age < 2
        else "week"
        if age < 9
        else "month"
        if age < 40
        else "season"
        if age < 100
        else "old"
    )


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
    has_own = (
        "own"
        if any(d.kind != "vague" for d in main.dates)
        else "any"
        if any(d.kind != "vague" for u in account.units for d in u.dates)
        else "no"
    )
    vague = any(d.kind == "vague" for d in main.dates)
    best: dict[tuple[dt.date, dt.date], tuple[tuple[int, int], DateMention, str, int]] = {}
    over: dict[tuple[dt.date, dt.date], str] = {}
    titled: set[tuple[dt.date, dt.date]] = set()
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
        if rows.umbrella(s) and over.get(days) != "lead":
            over[days] = "lead" if s < 3 else "body"
        if marks.title_words.issuperset(w for w in text.lower[d.first : d.end] if w not in ("the", "on")):
            titled.add(days)
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
        distance = ("-" if s > main.sentence else "") + distance_bucket(gap)
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
        umbrella = over.get(days, "none")
        features += [
            f"over={umbrella}|{tag}",
            f"over={umbrella}|{has_own}|wide={wide}",
            f"over={umbrella}|{has_own}|of{min(len(over), 3)}",
        ]
        if inherited:
            features.append(f"nearest={gap == nearest_before}|{has_own}")
            beside = rows.town_beside(account, s)
            near = "par" if text.paragraph_of[s] == text.paragraph_of[main.sentence] else "far"
            features += [
                f"beside={beside}|{has_own}|{near}",
                f"beside={beside}|{has_own}|over={umbrella}",
                f"beside={beside}|{has_own}|over={umbrella}|{near}|wide={wide}",
                f"nearest={gap == nearest_before}|{has_own}|over={umbrella}|beside={beside}",
            ]
        if days in titled:
            features += [f"title|{tag}", f"title|{has_own}"]
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
    kinds: set[str] = {d.kind for d in main.dates} or {"none"}
    any_kinds: set[str] = {d.kind for u in account.units for d in u.dates} or {"none"}
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


def choose_day(
    marks: Marks, account: Account, rows: Owners, told: list[Told], models: dict[str, Linear], *, planned: bool
) -> Day | None:
    """The likeliest day of an account, or None where leaving it open is likelier."""
    model = models["day"]
    candidates = day_candidates(marks, account, rows, told, planned=planned)
    best, best_logit = None, model.logit(no_day_features(marks, account, candidates)) if candidates else 0.0
    for day in candidates:
        logit = model.logit(day.features)
        if logit > best_logit:
            best, best_logit = day, logit
    return best

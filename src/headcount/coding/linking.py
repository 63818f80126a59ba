"""Which units of one report tell of the same gathering: a scored same-or-different decision.

Units are taken in the order of the text; each is compared with the accounts told before it and
joins the likeliest, or begins an account of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from headcount.coding.features import cue_words
from headcount.coding.forms import Trigger
from headcount.coding.linear import Linear
from headcount.coding.marks import Marks
from headcount.coding.mentions import lie_within
from headcount.coding.units import Unit

_LOOK_BACK = 14
"""Accounts that a unit is compared with, the latest first: keeps round-ups linear."""

_GENERAL = frozenset(["demonstration", "rally", "march", "riot", "other", "meeting", "strike"])


@dataclass(slots=True, eq=False)
class Account:
    """The units that tell of one gathering, in the order of the text; grows by ``add`` alone."""

    units: list[Unit] = field(default_factory=list)
    quoted: Unit | None = None
    """The unit that a coder would quote for it, once ``choose_quotes`` has looked."""

    likeliest: Unit | None = None
    named: Unit | None = None
    """The unit that names its town most surely."""
    days: tuple[dt.date, dt.date] | None = None
    """The first day that a unit names itself, told as past."""
    types: set[str] = field(default_factory=set)
    numbers: set[tuple[int | None, int | None]] = field(default_factory=set)

    @property
    def main(self) -> Unit:
        """The unit that tells most of it: the likeliest, the first of equals; its day and its numbers are read from here."""
        if self.likeliest is None:
            raise ValueError("an account without units has no main unit: add one first")
        return self.likeliest

    def add(self, unit: Unit) -> None:
        """Take in the next unit of the text."""
        self.units.append(unit)
        if self.likeliest is None or _weight(unit) > _weight(self.likeliest):
            self.likeliest = unit
        if unit.place is not None and (self.named is None or unit.stands > self.named.stands):
            self.named = unit
        if self.days is None:
            self.days = unit_days(unit)
        self.types.update(t.event_type for t in unit.triggers if t.kind != "weak")
        self.numbers.update((z.quantity.low, z.quantity.high) for z in unit.sizes)


def _weight(unit: Unit) -> float:
    return round(unit.tells + 0.5 * bool(unit.sizes) + 0.3 * bool(unit.place), 1)


def joined(units: list[Unit]) -> Account:
    """An account of these units, taken in the order of the text."""
    account = Account()
    for unit in sorted(units, key=lambda u: u.index):
        account.add(unit)
    return account


def unit_days(unit: Unit) -> tuple[dt.date, dt.date] | None:
    """The day that a unit names itself, told as past."""
    for date in unit.dates:
        if date.past is not None:
            return date.past
    return None


def _main_trigger(unit: Unit) -> Trigger | None:
    best = None
    for trigger in unit.triggers:
        if trigger.kind == "weak":
            continue
        if best is None or (best.kind == "agent" and trigger.kind != "agent"):
            best = trigger
    return best


def _content(marks: Marks, unit: Unit) -> set[str]:
    first, end = unit.first, min(unit.end, unit.first + 60)
    return {w for w in marks.text.lower[first:end] if len(w) > 4}


def _names(marks: Marks, unit: Unit) -> set[str]:
    words = marks.text.words
    return {words[j] for j in range(unit.first + 1, min(unit.end, unit.first + 60)) if words[j][0].isupper() and len(words[j]) > 2}


def shared_words(marks: Marks, a: Unit, b: Unit) -> tuple[int, int]:
    """How many longer words and how many names two units share, at most 4 and 3."""
    return min(len(_content(marks, a) & _content(marks, b)), 4), min(len(_names(marks, a) & _names(marks, b)), 3)


def link_features(marks: Marks, unit: Unit, account: Account, rank: int, count: int) -> list[str]:
    """Does ``unit`` tell of the gathering of ``account``? ``rank`` 0 is the account told last."""
    text = marks.text
    last = account.units[-1]
    features: list[str] = []
    named = account.named
    if unit.place is not None and named is not None and named.place is not None:
        a, b = unit.place, named.place
        if a.key == b.key:
            town = "same"
        elif a.place is not None and b.place is not None and lie_within(a.place, b.place, 0.2, 0.3):
            town = "near"
        else:
            town = "other"
        if town != "same" and unit.sentence == named.sentence:
            town += "list"
    elif unit.place is None and named is None:
        town = "neither"
    else:
        town = "unit" if unit.place is not None else "account"
    mine, theirs = unit_days(unit), account.days
    if mine is not None and theirs is not None:
        if mine == theirs:
            date = "same"
        elif mine[0] <= theirs[1] and theirs[0] <= mine[1]:
            date = "overlap"
        else:
            gap = abs((mine[0] - theirs[0]).days)
            date = "next" if gap == 1 else "other" if gap < 60 else "far"
    else:
        date = "neither" if mine is None and theirs is None else "unit" if mine is not None else "account"
    anchor = next((d for d in unit.dates if d.kind == "anchor"), None)
    if anchor is not None:
        date = "anchor0" if anchor.offset == 0 and anchor.weekday is None else "anchor+"
    vague = any(d.kind == "vague" for d in unit.dates)
    trigger, theirs_trigger = _main_trigger(unit), _main_trigger(account.main)
    kind = trigger.kind if trigger is not None else "none"
    if trigger is None:
        form = "none"
    elif trigger.event_type in account.types:
        form = "same"
    elif "counter-protest" in (trigger.event_type, theirs_trigger.event_type if theirs_trigger else ""):
        form = "counter"
    else:
        form = "general" if trigger.event_type in _GENERAL else "other"
    before = text.lower[trigger.first - 1] if trigger is not None and trigger.first > unit.first else "^"
    cues = cue_words()
    article = "none"
    for name in ("indefinite", "same", "fresh"):
        if name in cues.get(before, ()):
            article = name
            break
    gap_sentences = unit.sentence - last.sentence
    distance = str(gap_sentences) if gap_sentences < 3 else "3" if gap_sentences < 6 else "6" if gap_sentences < 12 else "12"
    paragraph = text.paragraph_of[unit.sentence] - text.paragraph_of[last.sentence]
    size = "none"
    if unit.sizes:
        size = (
            "unit"
            if not account.numbers
            else "same"
            if any((z.quantity.low, z.quantity.high) in account.numbers for z in unit.sizes)
            else "differ"
        )
        if size == "differ" and all(z.quantity.vague for z in unit.sizes):
            size = "vague"
    elif account.numbers:
        size = "account"
    features += [
        f"town={town}",
        f"date={date}",
        f"form={form}",
        f"kind={kind}",
        f"art={article}",
        f"dist={distance}",
        f"size={size}",
        f"rank={min(rank, 4)}",
        f"n={min(count, 6)}",
    ]
    features += [
        f"town={town}|date={date}",
        f"town={town}|dist={distance}",
        f"town={town}|size={size}",
        f"town={town}|rank={min(rank, 3)}",
        f"town={town}|art={article}|{kind}",
        f"art={article}|{kind}",
        f"art={article}|dist={distance}",
    ]
    features += [
        f"dist={distance}|size={size}",
        f"form={form}|town={town}",
        f"form={form}|art={article}",
        f"date={date}|dist={distance}",
        f"n={min(count, 6)}|rank={min(rank, 3)}",
        f"kind={kind}|size={size}",
        f"lemma={trigger.lemma if trigger else ''}|{before}",
    ]
    features.append(f"par={min(paragraph, 2)}|{town}")
    if gap_sentences == 0:
        features.append(f"samesent|{town}|{size}")
        features += [f"samesent|{town}|{last.bare}+{unit.bare}", f"samesent|{last.bare}+{unit.bare}"]
    opening = text.lower[unit.first : unit.first + 3]
    features += [f"open={w}" for w in opening[:2]]
    groups = {
        g
        for w in text.lower[unit.first : min(unit.end, unit.first + 40)]
        for g in cues.get(w, ())
        if g in ("fresh", "history", "modal", "generic")
    }
    features += [f"cue={g}" for g in groups]
    features += [f"cue={g}|{town}" for g in groups]
    features.append(f"section={min(marks.section_of[unit.sentence] - marks.section_of[last.sentence], 2)}|{town}")
    if vague:
        features.append(f"vague|{town}")
    if text.quoted[unit.first]:
        features.append("quoted")
    shared, shared_names = shared_words(marks, unit, account.main)
    features += [f"shared={shared}", f"names={shared_names}", f"names={shared_names}|{town}"]
    features.append(f"m={'hi' if unit.tells > 0.8 else 'mid' if unit.tells > 0.5 else 'lo'}|{town}")
    return features


def overflows(marks: Marks, unit: Unit) -> bool:
    """Does the unit tell of an overflow crowd, which belongs to the gathering told just before?"""
    cues = cue_words()
    return any("overflow" in cues.get(w, ()) for w in marks.text.lower[unit.first : min(unit.end, unit.first + 80)])


def apart(unit: Unit, account: Account) -> bool:
    """Do both name towns of their own that lie too far from each other for one gathering?"""
    named = account.named
    if unit.place is None or named is None or named.place is None:
        return False
    a, b = unit.place, named.place
    if a.key == b.key:
        return False
    if unit.sentence == named.sentence:
        return True
    sure = unit.stands > SURE and named.stands > SURE
    close = lie_within(a.place, b.place, 0.4, 0.6) if a.place is not None and b.place is not None else None
    return sure and not close


SURE = 0.7
"""Likelihood of both towns from which two units are kept apart, about 40 km of distance given."""


@dataclass(slots=True, frozen=True)
class Lead:
    """What an account's units say first: the likeliest, and the first with a date, a place and a size."""

    top: float
    dated: Unit | None
    placed: Unit | None
    sized: Unit | None


def find_lead(account: Account) -> Lead:
    """One pass over the units of an account."""
    units = account.units
    return Lead(
        max(u.tells for u in units),
        next((u for u in units if u.dates), None),
        next((u for u in units if u.place is not None), None),
        next((u for u in units if u.sizes), None),
    )


def quote_features(marks: Marks, account: Account, rank: int, lead: Lead) -> list[str]:
    """Is the unit ``rank`` of the account the one that a coder would quote for it?"""
    unit = account.units[rank]
    count = min(len(account.units), 4)
    trigger = _main_trigger(unit)
    kind = trigger.kind if trigger is not None else "none"
    before = marks.text.lower[trigger.first - 1] if trigger is not None and trigger.first > unit.first else "^"
    tells = int(unit.tells * 10)
    dated = next((d.kind for d in unit.dates), "none")
    fd, fp, fs = lead.dated is unit, lead.placed is unit, lead.sized is unit
    features = [
        f"rank={min(rank, 4)}",
        f"rank={min(rank, 4)}|of{count}",
        f"tells={tells}",
        f"top={unit.tells >= lead.top}",
        f"less={int((lead.top - unit.tells) * 10)}",
    ]
    features += [f"kind={kind}", f"-1={before}", f"date={dated}", f"place={unit.place is not None}", f"size={bool(unit.sizes)}"]
    features += [
        f"fd={fd}",
        f"fp={fp}",
        f"fs={fs}",
        f"fd={fd}|fp={fp}|fs={fs}",
        f"place={unit.place is not None}|date={dated}|size={bool(unit.sizes)}",
        f"kind={kind}|rank={min(rank, 2)}",
    ]
    features.append(f"sentence={min(unit.sentence, 3)}")
    features.append(f"length={min((unit.end - unit.first) // 8, 5)}")
    if marks.text.quoted[unit.first]:
        features.append("quoted")
    cues = cue_words()
    for group in {g for w in marks.text.lower[unit.first : min(unit.end, unit.first + 40)] for g in cues.get(w, ())}:
        features.append(f"cue={group}")
    if trigger is not None:
        features.append(f"t={trigger.lemma}|{kind}")
    return features


def choose_quotes(marks: Marks, accounts: list[Account], models: dict[str, Linear]) -> None:
    """Set for each account the unit that a coder would quote for it."""
    model = models["quote"]
    for account in accounts:
        if len(account.units) == 1:
            account.quoted = account.units[0]
        else:
            lead = find_lead(account)
            best = max(range(len(account.units)), key=lambda n: model.logit(quote_features(marks, account, n, lead)))
            account.quoted = account.units[best]


def link_units(marks: Marks, units: list[Unit], models: dict[str, Linear]) -> list[Account]:
    """Join the units of one report to accounts of one gathering each."""
    same = models["same"]
    accounts: list[Account] = []
    order: list[Account] = []
    for unit in units:
        best: Account | None = None
        if order and overflows(marks, unit) and not apart(unit, order[-1]):
            best = order[-1]
        elif order:
            near = near_accounts(unit, order)
            best_logit = same.logit(fresh_features(marks, unit, near, len(accounts)))
            for rank, account in near:
                logit = same.logit(link_features(marks, unit, account, rank, len(accounts)))
                if logit > best_logit:
                    best, best_logit = account, logit
        if best is None:
            best = Account()
            accounts.append(best)
        else:
            for n in range(len(order) - 1, -1, -1):  # among the last, by the look back
                if order[n] is best:
                    del order[n]
                    break
        best.add(unit)
        order.append(best)
    return accounts


def near_accounts(unit: Unit, order: list[Account]) -> list[tuple[int, Account]]:
    """The accounts that a unit may join, the latest first with its rank, those whose towns lie apart left out."""
    return [(rank, account) for rank, account in enumerate(reversed(order[-_LOOK_BACK:])) if not apart(unit, account)]


def fresh_features(marks: Marks, unit: Unit, near: list[tuple[int, Account]], count: int) -> list[str]:
    """Does ``unit`` tell of a gathering that the report has not told of yet?"""
    text = marks.text
    trigger = _main_trigger(unit)
    kind = trigger.kind if trigger is not None else "none"
    before = text.lower[trigger.first - 1] if trigger is not None and trigger.first > unit.first else "^"
    features = ["NEW", f"NEW|n={min(count, 6)}", f"NEW|near={min(len(near), 4)}", f"NEW|kind={kind}", f"NEW|-1={before}|{kind}"]
    towns = {a.named.place.key for _, a in near if a.named is not None and a.named.place is not None}
    town = "none" if unit.place is None else "told" if unit.place.key in towns else "first" if not towns else "new"
    mine = unit_days(unit)
    days = {a.days for _, a in near if a.days is not None}
    day = "none" if mine is None else "told" if mine in days else "first" if not days else "new"
    numbers = {(z.quantity.low, z.quantity.high) for z in unit.sizes}
    told = any(numbers & a.numbers for _, a in near)
    size = "none" if not numbers else "told" if told else "first" if not any(a.numbers for _, a in near) else "new"
    form = "told" if trigger is not None and any(trigger.event_type in a.types for _, a in near) else "new"
    features += [f"NEW|town={town}", f"NEW|day={day}", f"NEW|size={size}", f"NEW|form={form}", f"NEW|form={form}|{kind}"]
    features += [f"NEW|town={town}|day={day}", f"NEW|town={town}|size={size}", f"NEW|town={town}|day={day}|size={size}"]
    features += [f"NEW|town={town}|{kind}", f"NEW|town={town}|n={min(count, 3)}", f"NEW|day={day}|n={min(count, 3)}"]
    features += [f"NEW|sure={int(unit.tells * 5)}", f"NEW|stands={int(unit.stands * 5)}|{town}"]
    cues = cue_words()
    for group in {g for w in text.lower[unit.first : min(unit.end, unit.first + 40)] for g in cues.get(w, ())}:
        features.append(f"NEW|cue={group}")
        features.append(f"NEW|cue={group}|{town}")
    features += [f"NEW|open={w}" for w in text.lower[unit.first : unit.first + 2]]
    if text.quoted[unit.first]:
        features.append("NEW|quoted")
    if not unit.alone:
        features += [f"NEW|list|{town}", f"NEW|list|{unit.bare}", f"NEW|list|{unit.bare}|{town}"]
    return features

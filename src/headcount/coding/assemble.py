"""From marks to drafts: units are joined to accounts, and each account is given its status, place, day and size.

The order matters in one place only: a discourse anchor ("the previous night") is told from the
account named just before, so accounts are filled in the order of the text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import islice

from headcount.codebook import table
from headcount.coding.claimants import Claimant, code_claimant
from headcount.coding.crowds import COUNTS_AT_LEAST, CROWD_AT_LEAST, claimant_roles, count_features, size_features
from headcount.coding.days import Day, Owners, Told, choose_day
from headcount.coding.features import cue_words
from headcount.coding.judging import (
    account_features,
    is_called_off,
    is_cancelled,
    part_features,
    status_features,
    type_features,
)
from headcount.coding.linear import Linear
from headcount.coding.linking import Account, apart, choose_quotes, joined, link_units, overflows, shared_words
from headcount.coding.marks import Marks
from headcount.coding.mentions import PlaceMention, lie_within
from headcount.coding.scopes import has_grown
from headcount.coding.sizes import SizeMention
from headcount.coding.towns import Stands, choose_place
from headcount.coding.units import Unit, find_units

PLANNED_AT_LEAST = 0.5
BACKGROUND_AT_LEAST = 0.5
BACKGROUND_DAYS = 60
"""An event that ended more than so many days before publication is told as history (codebook section 2)."""


@dataclass(slots=True)
class CodedSize:
    """A number that counts the crowd of a draft, with its scope and claimant."""

    mention: SizeMention
    unit: Unit
    part: bool
    claimant: Claimant
    likely: float


@dataclass(slots=True)
class Draft:
    """An account with its values, not yet judged to be an event."""

    account: Account
    planned: float = 0.0
    background: float = 0.0
    cancelled: bool = False
    place: PlaceMention | None = None
    place_how: str = "none"
    area: PlaceMention | None = None
    day: Day | None = None
    days: tuple[dt.date, dt.date] | None = None
    day_how: str = "none"
    sizes: list[CodedSize] = field(default_factory=list)
    event_type: str = "demonstration"
    likely: float = 0.0
    features: list[str] = field(default_factory=list)

    @property
    def is_planned(self) -> bool:
        """Is it told as something still to come?"""
        return self.planned >= PLANNED_AT_LEAST


def draft_accounts(marks: Marks, models: dict[str, Linear]) -> list[Draft]:
    """All accounts of gatherings in a report, filled in the order of the text."""
    units = find_units(marks, models)
    accounts = link_units(marks, units, models)
    choose_quotes(marks, accounts, models)
    drafts = fill_accounts(marks, units, accounts, models)
    merged = merge_accounts(marks, drafts, models)
    if len(merged) < len(accounts):
        accounts = merged
        choose_quotes(marks, accounts, models)
        drafts = fill_accounts(marks, units, accounts, models)
    biggest = max((len(account.units) for account in accounts), default=0)
    for i, draft in enumerate(drafts):
        draft.features = account_features(
            marks,
            draft.account,
            accounts,
            town=draft.place_how,
            day=draft.day_how,
            sized=bool(draft.sizes),
            planned=draft.planned,
            background=draft.background,
            twin=_twin(draft, drafts[max(0, i - _MERGE_BACK * 2) : i]),
            rank=i,
            biggest=biggest,
        )
        draft.likely = models["event"].probability(draft.features)
    return drafts


def fill_accounts(marks: Marks, units: list[Unit], accounts: list[Account], models: dict[str, Linear]) -> list[Draft]:
    """Give each account its status, place, day, size and type, in the order of the text."""
    rows = Owners(marks, accounts)
    stands = likely_towns(units)
    drafts: list[Draft] = []
    told: list[Told] = []
    for account in accounts:
        draft = Draft(account)
        _fill_status(marks, draft, models)
        _fill_place(marks, draft, accounts, stands, models)
        draft.day = choose_day(marks, account, rows, told, models, planned=draft.is_planned)
        if draft.day is not None:
            draft.days = draft.day.days
            draft.day_how = (
                "own" if marks.text.sentence_of[draft.day.mention.first] in {u.sentence for u in account.units} else "inherited"
            )
        _settle_status(marks, draft)
        draft.cancelled = draft.is_planned and is_cancelled(marks, account) or is_called_off(marks, account)
        if draft.cancelled:
            draft.planned = max(draft.planned, 0.9)
        if draft.day is not None:
            told.append((account.main, draft.day))
        _fill_sizes(marks, draft, models)
        draft.event_type = choose_type(marks, account, models)
        drafts.append(draft)
    return drafts


MERGED_AT_LEAST = 0.6
"""Likelihood from which two filled accounts are one gathering told twice."""

_MERGE_BACK = 16
"""Accounts before it that an account is compared with."""


def merge_accounts(marks: Marks, drafts: list[Draft], models: dict[str, Linear]) -> list[Account]:
    """Join accounts that turn out, once their places and days are known, to tell of one gathering."""
    model = models["merge"]
    kept: list[Draft] = []
    for draft in drafts:
        best, best_p = None, MERGED_AT_LEAST
        for other in kept[-_MERGE_BACK:]:
            if any(apart(unit, other.account) for unit in draft.account.units):
                continue
            p = model.probability(merge_features(marks, other, draft))
            if p > best_p:
                best, best_p = other, p
        if best is None:
            kept.append(draft)
        else:
            best.account = joined(best.account.units + draft.account.units)
    return [draft.account for draft in kept]


def _town_relation(a: Draft, b: Draft) -> str:
    if a.place is None or b.place is None:
        return "neither" if a.place is None and b.place is None else "one"
    if a.place.key == b.place.key:
        return "same"
    p, q = a.place.place, b.place.place
    if p is None or q is None:
        return "other"
    close = lie_within(p, q, 0.25, 0.35)
    return "other" if close is None else "near" if close else "other" if p.country == q.country else "abroad"


def _day_relation(a: Draft, b: Draft) -> str:
    if a.days is None or b.days is None:
        return "neither" if a.days is None and b.days is None else "one"
    if a.days == b.days:
        return "same"
    if a.days[0] <= b.days[1] and b.days[0] <= a.days[1]:
        return "overlap"
    gap = abs((a.days[0] - b.days[0]).days)
    return "next" if gap == 1 else "week" if gap < 8 else "far"


def _size_relation(a: Draft, b: Draft) -> str:
    if not a.sizes or not b.sizes:
        return "neither" if not a.sizes and not b.sizes else "one"
    mine = {(z.mention.quantity.low, z.mention.quantity.high) for z in a.sizes}
    if any((z.mention.quantity.low, z.mention.quantity.high) in mine for z in b.sizes):
        return "same"
    return "vague" if all(z.mention.quantity.vague for z in (*a.sizes, *b.sizes)) else "differ"


def merge_features(marks: Marks, a: Draft, b: Draft) -> list[str]:
    """Do the filled accounts ``a`` and, later in the text, ``b`` tell of one gathering?"""
    town, day, size = _town_relation(a, b), _day_relation(a, b), _size_relation(a, b)
    kind = (
        "same"
        if a.event_type == b.event_type
        else "general"
        if "demonstration" in (a.event_type, b.event_type)
        else "counter"
        if "counter-protest" in (a.event_type, b.event_type)
        else "other"
    )
    how = f"{a.place_how}+{b.place_how}"
    when = f"{a.day_how}+{b.day_how}"
    status = f"{a.is_planned}{b.is_planned}"
    old = f"{a.background >= BACKGROUND_AT_LEAST}{b.background >= BACKGROUND_AT_LEAST}"
    few = f"{min(len(a.account.units), 3)}+{min(len(b.account.units), 3)}"
    gap = b.account.main.sentence - max((u.sentence for u in a.account.units if u.sentence <= b.account.main.sentence), default=0)
    distance = "0" if gap <= 0 else "1" if gap == 1 else "2" if gap < 4 else "4" if gap < 9 else "9"
    features = [
        f"town={town}",
        f"day={day}",
        f"size={size}",
        f"kind={kind}",
        f"how={how}|{town}",
        f"when={when}|{day}",
        f"status={status}",
        f"old={old}",
        f"few={few}",
        f"gap={distance}",
    ]
    features += [
        f"{town}|{day}",
        f"{town}|{day}|{size}",
        f"{town}|{day}|{kind}",
        f"{town}|{day}|gap{distance}",
        f"{town}|{size}",
        f"{town}|{kind}",
        f"{town}|status{status}",
        f"{town}|{day}|status{status}",
        f"{town}|few{few}",
        f"{day}|{when}|{town}",
    ]
    if a.account.main.sentence == b.account.main.sentence:
        features += [f"sentence|{town}|{size}", f"sentence|{town}|{a.account.main.bare}+{b.account.main.bare}"]
    main = b.account.main
    trigger = next((t for t in main.triggers if t.kind != "weak"), None)
    before = marks.text.lower[trigger.first - 1] if trigger is not None and trigger.first > main.first else "^"
    features.append(f"art={before}|{trigger.kind if trigger is not None else 'none'}")
    features.append(f"art={before}|{town}")
    cues = cue_words()
    groups = {
        g
        for w in marks.text.lower[main.first : min(main.end, main.first + 40)]
        for g in cues.get(w, ())
        if g in ("fresh", "history", "generic", "modal")
    }
    features += [f"cue={g}|{town}" for g in groups] + [f"cue={g}" for g in groups]
    shared = shared_words(marks, a.account.main, main)
    features += [f"shared={shared[0]}", f"names={shared[1]}", f"names={shared[1]}|{town}|{day}"]
    features.append(f"tells={int(main.tells * 4)}|{town}")
    features.append(
        f"section={min(abs(marks.section_of[main.sentence] - marks.section_of[a.account.main.sentence]), 2)}|{town}|{day}"
    )
    if marks.text.quoted[main.first]:
        features.append(f"quoted|{town}")
    return features


def likely_towns(units: list[Unit]) -> Stands:
    """For each town the likelihood that a gathering came together there."""
    likely: Stands = {}
    for unit in units:
        if unit.place is not None:
            likely[unit.place.key] = max(likely.get(unit.place.key, 0.0), unit.stands * unit.tells)
    return likely


def _fill_status(marks: Marks, draft: Draft, models: dict[str, Linear]) -> None:
    features = status_features(marks, draft.account)
    draft.planned = models["planned"].probability(features)
    draft.background = models["background"].probability(features)


def _settle_status(marks: Marks, draft: Draft) -> None:
    """What the days say of the status goes before the words: a day after publication is planned, an old one history."""
    published = marks.report.published
    if published is None or draft.days is None:
        return
    if draft.days[0] > published:
        draft.planned = max(draft.planned, 0.9)
    elif draft.day is not None and draft.day.mention.kind == "absolute" and draft.days[1] < published:
        draft.planned = min(draft.planned, 0.4)
    if draft.is_planned:
        return
    draft.background = 0.95 if (published - draft.days[1]).days > BACKGROUND_DAYS else min(draft.background, 0.3)


def _fill_place(marks: Marks, draft: Draft, accounts: list[Account], stands: Stands, models: dict[str, Linear]) -> None:
    account = draft.account
    named = account.named
    draft.area = account.main.area or next((u.area for u in account.units if u.area is not None), None)
    if named is not None:
        draft.place, draft.place_how = (
            named.place,
            "own" if named.place is not None and named.place.place is not None else "unknown",
        )
        return
    place = choose_place(marks, account, accounts, stands, models)
    if place is not None:
        draft.place, draft.place_how = place, "inherited"
    elif draft.area is not None:
        draft.place_how = "area"


def _fill_sizes(marks: Marks, draft: Draft, models: dict[str, Linear]) -> None:
    part, counts = models["part"], models["counts"]
    found = crowd_numbers(marks, draft.account, models)
    roles = claimant_roles(marks, found)
    asked = table("claimants")["asked"]["roles"]
    own = [
        (unit, size, p)
        for (unit, size, p), role in zip(found, roles, strict=True)
        if counts.probability(count_features(marks, draft.account, unit, size, p, found, roles))
        >= (CLAIMED_AT_LEAST if role in asked else COUNTS_AT_LEAST)
    ]
    if not own:
        return
    largest = max(size.quantity.low or size.quantity.high or 0 for _, size, _ in own)
    grown = {size.at: size.quantity.low or 0 for _, size, _ in own if has_grown(marks.text, size)}
    for unit, size, p in own:
        is_part = (
            any(size.at < at and (size.quantity.high or size.quantity.low or 0) < top for at, top in grown.items())
            or len(own) > 1
            and (overflows(marks, unit) and unit is not own[0][0])
            or len(own) > 1
            and part.probability(part_features(size, largest, len(own), size_features(marks, unit, size))) >= 0.5
        )
        draft.sizes.append(CodedSize(size, unit, is_part, code_claimant(marks.text, size, marks.report.publisher), p))


CLAIMED_AT_LEAST = 0.3
"""The same where the police, officials or the organisers give the number: they are asked about the crowd."""

_NUMBERS = 40
"""Numbers of one account that are weighed against each other."""


def crowd_numbers(marks: Marks, account: Account, models: dict[str, Linear]) -> list[tuple[Unit, SizeMention, float]]:
    """The numbers of an account that may count people at a gathering, with their likelihoods."""
    model = models["size"]
    numbers = islice(((unit, size) for unit in account.units for size in unit.sizes), 4 * _NUMBERS)
    found = [(unit, size, model.probability(size_features(marks, unit, size))) for unit, size in numbers]
    return [entry for entry in found if entry[2] >= CROWD_AT_LEAST][:_NUMBERS]


def choose_type(marks: Marks, account: Account, models: dict[str, Linear]) -> str:
    """The event type whose word the account supports best; the general one where it has none."""
    types = {t.event_type for u in account.units for t in u.triggers} | {"demonstration"}
    model = models["type"]
    return max(sorted(types), key=lambda y: model.logit(type_features(marks, account, y)))


def _twin(draft: Draft, earlier: list[Draft]) -> str:
    """Does the report seem to have told of it before? The nearest likeness among the drafts before it."""
    best = "none"
    for other in earlier:
        if draft.place is not None and other.place is not None:
            town = "same" if draft.place.key == other.place.key else "other"
        else:
            town = "open"
        if town == "other":
            continue
        if draft.days is not None and other.days is not None:
            date = "same" if draft.days == other.days else "other"
        else:
            date = "open"
        if date == "other":
            continue
        likeness = f"{town}|{date}"
        if best == "none" or (town == "same" and date == "same") or (best.startswith("open") and town == "same"):
            best = likeness
    return best

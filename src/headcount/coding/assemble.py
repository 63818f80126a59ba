"""From marks to drafts: units are joined to accounts, and each account is given its status, place, day and size.

The order matters in one place only: a discourse anchor ("the previous night") is told from the
account named just before, so accounts are filled in the order of the text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from headcount.coding.claimants import Claimant, code_claimant
from headcount.coding.filling import SIZED_AT_LEAST, Day, Told, choose_day, choose_place, owners, size_features
from headcount.coding.judging import account_features, part_features, status_features, type_features
from headcount.coding.linear import Linear
from headcount.coding.linking import Account, link_units
from headcount.coding.marks import Marks
from headcount.coding.places import PlaceMention
from headcount.coding.sizes import SizeMention
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
    rows = owners(marks, accounts)
    stands = _stands(marks, units)
    drafts: list[Draft] = []
    told: list[Told] = []
    for account in accounts:
        draft = Draft(account)
        _fill_status(marks, draft, models)
        _fill_place(marks, draft, accounts, stands, models)
        draft.day = choose_day(marks, account, rows, told, models, planned=draft.is_planned)
        if draft.day is not None:
            draft.days = draft.day.days
            draft.day_how = "own" if marks.text.sentence_of[draft.day.mention.first] in {u.sentence for u in account.units} else "inherited"
        _settle_status(marks, draft)
        if draft.day is not None:
            told.append((account.main, draft.day))
        _fill_sizes(marks, draft, models)
        draft.event_type = choose_type(marks, account, models)
        drafts.append(draft)
    for i, draft in enumerate(drafts):
        draft.features = account_features(
            marks, draft.account, accounts, town=draft.place_how, day=draft.day_how, sized=bool(draft.sizes), planned=draft.planned, background=draft.background, twin=_twin(draft, drafts[:i])
        )
        draft.likely = models["event"].probability(draft.features)
    return drafts


def _stands(marks: Marks, units: list[Unit]) -> dict[int, float]:
    """For each place mention (by index) the likelihood that a gathering came together there."""
    likely: dict[tuple[str | None, str | None], float] = {}
    for unit in units:
        if unit.place is not None:
            likely[unit.place.key] = max(likely.get(unit.place.key, 0.0), unit.stands * unit.tells)
    return {i: likely[place.key] for i, place in enumerate(marks.places) if place.key in likely}


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
    elif draft.day is not None and draft.day.mention.year_given and draft.days[1] < published:
        draft.planned = min(draft.planned, 0.4)
    if draft.is_planned:
        return
    draft.background = 0.95 if (published - draft.days[1]).days > BACKGROUND_DAYS else min(draft.background, 0.3)


def _fill_place(marks: Marks, draft: Draft, accounts: list[Account], stands: dict[int, float], models: dict[str, Linear]) -> None:
    account = draft.account
    named = account.town()
    draft.area = account.main.area or next((u.area for u in account.units if u.area is not None), None)
    if named is not None:
        draft.place, draft.place_how = named.place, "own" if named.place is not None and named.place.place is not None else "unknown"
        return
    place = choose_place(marks, account, accounts, stands, models)
    if place is not None:
        draft.place, draft.place_how = place, "inherited"
    elif draft.area is not None:
        draft.place_how = "area"


def _fill_sizes(marks: Marks, draft: Draft, models: dict[str, Linear]) -> None:
    model, part = models["size"], models["part"]
    found: list[tuple[Unit, SizeMention, float, list[str]]] = []
    for unit in draft.account.units:
        for size in unit.sizes:
            features = size_features(marks, unit, size)
            p = model.probability(features)
            if p >= SIZED_AT_LEAST:
                found.append((unit, size, p, features))
    if not found:
        return
    largest = max(size.quantity.low or size.quantity.high or 0 for _, size, _, _ in found)
    for unit, size, p, features in found:
        is_part = len(found) > 1 and part.probability(part_features(unit, size, largest, len(found), features)) >= 0.5
        draft.sizes.append(CodedSize(size, unit, is_part, code_claimant(marks.text, size), p))


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

"""A made world of gatherings and the reports about them, with the truth beside it: which accounts are one event.

    python bench/world.py [--events 1000] [--seed 1] [--noise 1.0] [--out FILE]

Papers count differently, slip by a day, leave fields open, copy a wire story, announce what is held later. Among the plain
events stand the hard ones: weekly protests, two gatherings of one day and town, protest and counter-protest, tours, days of
action over neighbouring towns, protests on consecutive days. Nothing here knows how linkage compares; rates are those that
were met in the reports of the gold where there are any, else guesses on the side of more noise.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import pickle
import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from zlib import crc32

from headcount.linkage import Account
from world_towns import Town, make_towns

DIFFICULTIES: Final = ("plain", "weekly", "same_day", "one_party", "counter", "tour", "day_of_action", "consecutive", "announced")
SHARES: Final = (0.42, 0.14, 0.06, 0.04, 0.07, 0.07, 0.08, 0.06, 0.06)
"""Which share of the groups of events is of each difficulty."""

KINDS: Final = ("demonstration", "march", "rally", "picket", "vigil", "blockade", "sit-in", "meeting", "strike", "walkout")
KIND_WEIGHTS: Final = (30, 22, 24, 7, 6, 3, 2, 3, 2, 1)
PARTS: Final = ("morning", "midday", "afternoon", "evening", "night")
ISSUES: Final = (
    "war",
    "labour",
    "education",
    "racism",
    "economy",
    "immigration",
    "policing",
    "healthcare",
    "environment",
    "housing",
)
FIRST_DAY: Final = dt.date(2015, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What really took place."""

    number: int
    group: int
    difficulty: str
    town: int
    day: dt.date
    last_day: dt.date
    kind: str
    size: int
    organisers: tuple[str, ...]
    issue: str
    demand: tuple[str, ...]
    venues: tuple[str, ...]
    time: str
    series: str | None
    own_words: tuple[int, ...]
    theme_words: tuple[int, ...]
    against: int | None = None
    """The happening that a counter-protest targets."""


@dataclass(slots=True)
class World:
    """Happenings, the accounts of them, and which happening each account tells of."""

    towns: list[Town]
    happenings: list[Happening]
    accounts: list[Account] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)
    difficulty: list[str] = field(default_factory=list)
    copies: int = 0


class Maker:
    """Draws happenings and what papers make of them; all chance comes from one seed."""

    def __init__(self, seed: int, *, events: int, noise: float, days: int | None = None, towns: int | None = None) -> None:
        self.dice = random.Random(seed)
        self.noise = noise
        self.days = days or 1500
        self.towns = make_towns(self.dice, towns or max(60, events // 12))
        self.weights = [1 / (rank + 3) ** 0.8 for rank in range(len(self.towns))]
        self.cumulated = [sum(self.weights[:1])]
        for weight in self.weights[1:]:
            self.cumulated.append(self.cumulated[-1] + weight)
        self.themes = [tuple(self._word() for _ in range(45)) for _ in range(80)]
        self.report = 0

    def _word(self) -> int:
        """A word of a vocabulary of 40,000, the frequent ones drawn often."""
        rank = int(40_000 ** self.dice.random())
        return crc32(b"word%d" % rank) or 1

    def _chance(self, rate: float) -> bool:
        """Whether an error of that rate happens, at this world's noise."""
        return self.dice.random() < min(0.9, rate * self.noise)

    # What really took place

    def happen(self, number: int, group: int, difficulty: str, *, like: Happening | None = None, **changes: object) -> Happening:
        """A happening of its own, or one like another but for ``changes``."""
        dice = self.dice
        theme = dice.randrange(len(self.themes))
        kind = dice.choices(KINDS, KIND_WEIGHTS)[0]
        day = FIRST_DAY + dt.timedelta(days=dice.randrange(self.days))
        if dice.random() < 0.6:
            day += dt.timedelta(days=(5 - day.weekday()) % 7)
        made: dict[str, object] = {
            "town": dice.choices(range(len(self.towns)), cum_weights=self.cumulated)[0],
            "day": day,
            "last_day": day + dt.timedelta(days=dice.choice((0,) * 18 + (1, 2))),
            "kind": kind,
            "size": int(10 ** dice.uniform(1.2, 4.6)),
            "organisers": tuple(f"group {dice.randrange(900)}" for _ in range(dice.choice((1, 1, 2, 3)))),
            "issue": ISSUES[theme % len(ISSUES)],
            "demand": tuple(f"demand{theme}x{dice.randrange(9)}" for _ in range(5)),
            "venues": tuple(f"Place{dice.randrange(400)} Square" for _ in range(2 if kind in ("march", "demonstration") else 1)),
            "time": dice.choice(PARTS[:4]),
            "series": None,
            "own_words": tuple(self._rare() for _ in range(14)),
            "theme_words": self.themes[theme],
        }
        if like is not None:
            for name in (*made, "series"):
                if name not in ("own_words", "size", "last_day"):
                    made[name] = getattr(like, name)
            made["size"] = max(10, int(like.size * dice.uniform(0.4, 2.2)))
            made["last_day"] = changes.get("day", like.day)
            # a sister has some of the words that its like has: the same speaker, the same hospital
            made["own_words"] = tuple(word if dice.random() < 0.35 else self._rare() for word in like.own_words)
        made.update(changes)
        return Happening(number=number, group=group, difficulty=difficulty, **made)  # type: ignore[arg-type]

    def _rare(self) -> int:
        return crc32(b"rare%d" % self.dice.randrange(60_000)) or 1

    def make_group(self, number: int, group: int, difficulty: str) -> list[Happening]:
        """The happenings of one group: what makes them hard is that they are alike."""
        dice = self.dice
        first = self.happen(number, group, difficulty)
        if difficulty in ("weekly", "tour", "day_of_action"):
            first = self.happen(number, group, difficulty, like=first, last_day=first.day)
        made = [first]

        def add(like: Happening, **changes: object) -> None:
            made.append(self.happen(number + len(made), group, difficulty, like=like, **changes))

        if difficulty == "weekly":
            for week in range(1, dice.randint(3, 8)):
                add(first, day=first.day + dt.timedelta(days=7 * week))
        elif difficulty == "same_day":
            other = self.happen(number + 1, group, difficulty)
            made.append(
                self.happen(number + 1, group, difficulty, like=other, town=first.town, day=first.day, own_words=other.own_words)
            )
        elif difficulty == "one_party":
            later = PARTS[(PARTS.index(first.time) + 2) % 4]
            add(first, venues=(f"Hall{dice.randrange(400)} Park",), time=later)
        elif difficulty == "counter":
            theme = dice.choice(self.themes)
            add(
                first, kind="counter-protest", against=number, organisers=(f"group {dice.randrange(900)}",),
                theme_words=first.theme_words[:20] + theme[:10], demand=tuple(f"against {word}" for word in first.demand[:3]),
            )  # fmt: skip
        elif difficulty == "tour":
            day = first.day
            for _ in range(dice.randint(2, 7)):
                day += dt.timedelta(days=dice.choice((0, 1, 1, 2)))
                town = dice.choice(self.towns[first.town].neighbours or (first.town,)) if dice.random() < 0.3 else None
                town = town if town not in (None, *(held.town for held in made)) else self._other_town(made)
                add(first, town=town, day=day, venues=(f"Place{dice.randrange(400)} Square",), series=f"tour {group}")
        elif difficulty == "day_of_action":
            near_by = list(self.towns[first.town].neighbours[:3])
            for _ in range(dice.randint(2, 9)):
                town = near_by.pop() if near_by else self._other_town(made)
                if town not in {held.town for held in made}:
                    add(first, town=town, series=f"action {group}", venues=(f"Place{dice.randrange(400)} Square",))
        elif difficulty == "consecutive":
            for later in range(1, dice.randint(2, 4)):
                add(first, day=first.day + dt.timedelta(days=later))
        return made

    def _other_town(self, made: list[Happening]) -> int:
        taken = {held.town for held in made}
        while (town := self.dice.randrange(len(self.towns))) in taken:
            pass
        return town

    # What papers make of it

    def tell(self, happening: Happening, *, report_id: str, number: int, published: dt.date, planned: bool) -> Account:
        """One paper's account of a happening."""
        dice, noise = self.dice, self._chance
        start, end, precision = happening.day, happening.last_day, "day" if happening.day == happening.last_day else "range"
        if noise(0.035):
            start = end = start + dt.timedelta(days=dice.choice((-1, 1)))
            precision = "day"
        elif noise(0.004):
            start = end = start + dt.timedelta(days=dice.choice((-7, 7)))
        elif noise(0.03):
            start, end, precision = start - dt.timedelta(days=1), end, "range"
        said: tuple[dt.date | None, dt.date | None] = (start, end)
        if noise(0.05):
            said, precision = (None, None), dice.choices(("unknown", "week", "month"), (5, 2, 2))[0]
        town = self.towns[happening.town]
        if noise(0.015) and town.neighbours:
            town = self.towns[dice.choice(town.neighbours)]
        located, named = not noise(0.03), not noise(0.02)
        kind = happening.kind
        if happening.against is None and noise(0.3):
            kind = dice.choice(("demonstration", "march", "rally", "demonstration"))
        elif happening.against is not None and noise(0.08):
            kind = "demonstration"
        low, high = self._count(happening.size) if dice.random() < 0.65 and not planned else (None, None)
        tags = () if dice.random() < 0.5 else (happening.issue,) if not noise(0.12) else (dice.choice(ISSUES),)
        demand = tuple(dice.sample(happening.demand, 2)) if dice.random() < 0.45 else ()
        when = happening.time if not noise(0.04) else dice.choice(PARTS)
        return Account(
            candidate_id=f"{report_id}/{number}",
            report_id=report_id,
            event_type=kind,
            status="planned" if planned else "held",
            published=published,
            publisher=report_id.split("-")[0],
            date_start=said[0],
            date_end=said[1],
            date_precision=precision,
            locality=town.name if named else None,
            country=town.country if not noise(0.02) else None,
            location_detail=dice.choice(happening.venues) if dice.random() < 0.3 else "",
            lat=town.lat if located and named else None,
            lon=town.lon if located and named else None,
            geonames_id=town.geonames_id if located and named else None,
            size_low=low,
            size_high=high,
            organizations=(dice.choice(happening.organisers),) if dice.random() < 0.25 else (),
            claims=(" ".join(demand),) if demand else (),
            issues=tags,
            times=(when,) if dice.random() < 0.25 else (),
            series=happening.series if dice.random() < 0.5 else None,
            words=self._words(happening),
        )

    def _count(self, size: int) -> tuple[int | None, int | None]:
        dice = self.dice
        told = size * dice.choices((1.0, dice.uniform(0.3, 0.8), dice.uniform(1.2, 3.0)), (5, 2, 3))[0]
        digits = 10 ** max(0, int(math.log10(max(told, 10))) - (0 if dice.random() < 0.6 else 1))
        figure = max(5, round(told / digits) * digits)
        shape = dice.random()
        if shape < 0.15:
            step = 10 ** int(math.log10(max(told, 10)))
            return 2 * step if step > 10 else 24, 10 * step - 1
        return (figure, None) if shape < 0.3 else (None, figure) if shape < 0.36 else (figure, figure)

    def _words(self, happening: Happening) -> tuple[int, ...]:
        dice = self.dice
        share = dice.uniform(0.15, 0.6)
        told = [word for word in happening.own_words if dice.random() < share]
        told += dice.sample(happening.theme_words, dice.randint(2, min(9, len(happening.theme_words))))
        told += [self._word() for _ in range(dice.randint(2, 18))]
        return tuple(sorted(set(told)))

    def copy_of(self, account: Account, *, report_id: str, number: int) -> Account:
        """A near-copy in another paper: cut, and sometimes with another figure."""
        dice = self.dice
        words = tuple(word for word in account.words if dice.random() > 0.12)
        published = account.published + dt.timedelta(days=dice.choice((0, 0, 1))) if account.published else None
        sized = dice.random() > 0.15
        return replace(
            account, candidate_id=f"{report_id}/{number}", report_id=report_id, published=published, words=words,
            size_low=account.size_low if sized else None, size_high=account.size_high if sized else None,
            publisher=report_id.split("-")[0],
        )  # fmt: skip

    def next_report(self) -> str:
        """The id of a new report; the paper stands before the hyphen."""
        self.report += 1
        return f"p{self.dice.randrange(60)}-{self.report}"


def make_world(
    *, events: int = 1000, seed: int = 1, noise: float = 1.0, days: int | None = None, towns: int | None = None
) -> World:
    """A world of about so many events, with about five accounts each."""
    maker = Maker(seed, events=events, noise=noise, days=days, towns=towns)
    dice = maker.dice
    world = World(towns=maker.towns, happenings=[])
    group = 0
    while len(world.happenings) < events:
        difficulty = dice.choices(DIFFICULTIES, SHARES)[0]
        made = maker.make_group(len(world.happenings), group, difficulty)
        world.happenings += made
        _report_group(maker, world, made)
        group += 1
    order = list(range(len(world.accounts)))
    dice.shuffle(order)
    world.accounts = [world.accounts[at] for at in order]
    world.truth = [world.truth[at] for at in order]
    world.difficulty = [world.difficulty[at] for at in order]
    return world


def _report_group(maker: Maker, world: World, made: list[Happening]) -> None:
    dice = maker.dice

    def put(account: Account, happening: Happening) -> None:
        world.accounts.append(account)
        world.truth.append(happening.number)
        world.difficulty.append(happening.difficulty)

    for happening in made:
        announced = 0.9 if happening.difficulty == "announced" else 0.06
        if dice.random() < announced:
            for _ in range(dice.randint(1, 2)):
                before = happening.day - dt.timedelta(days=dice.randint(1, 12))
                put(maker.tell(happening, report_id=maker.next_report(), number=0, published=before, planned=True), happening)
        for _ in range(min(25, 1 + int(dice.expovariate(1 / 2.6)))):
            report = maker.next_report()
            published = happening.last_day + dt.timedelta(days=dice.choice((0, 0, 1, 1, 1, 2, 3, 7)))
            account = maker.tell(happening, report_id=report, number=0, published=published, planned=False)
            put(account, happening)
            number = 1
            for other in made:  # a report that tells of the sisters, too
                if (
                    other is not happening
                    and other.day <= published
                    and dice.random() < (0.5 if other.against is not None else 0.12)
                ):
                    told = maker.tell(other, report_id=report, number=number, published=published, planned=False)
                    if other.against == happening.number:
                        world.accounts[-1] = replace(world.accounts[-1], macroevent=report)
                        told = replace(told, macroevent=report)
                    put(told, other)
                    number += 1
            if dice.random() < 0.18:
                for _ in range(dice.choice((1, 1, 2, 4))):
                    put(maker.copy_of(account, report_id=maker.next_report(), number=0), happening)
                    world.copies += 1


def main() -> None:
    """Writes a world to a file, or says what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    world = make_world(events=options.events, seed=options.seed, noise=options.noise)
    print(f"{len(world.happenings)} events, {len(world.accounts)} accounts, {world.copies} near-copies")
    if options.out:
        options.out.write_bytes(pickle.dumps(world))


if __name__ == "__main__":
    main()

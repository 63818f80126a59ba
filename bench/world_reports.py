"""A made world told in words: reports of real towns and invented causes, for tests from the text to the event.

    python bench/world_reports.py [--events 60] [--seed 1] [--out reports.jsonl]

Each report is a mapping as ``headcount.read_many`` takes it; ``truth`` says which happening each of its towns and days is.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TOWNS: Final = (
    ("Leeds", "GB"), ("Hull", "GB"), ("Bristol", "GB"), ("Norwich", "GB"), ("Swansea", "GB"), ("Dundee", "GB"), ("Exeter", "GB"),
    ("Derby", "GB"), ("Lyon, France", "FR"), ("Ghent, Belgium", "BE"), ("Turin, Italy", "IT"), ("Porto, Portugal", "PT"),
    ("Denver, Colorado", "US"), ("Tulsa, Oklahoma", "US"), ("Boise, Idaho", "US"), ("Ottawa, Canada", "CA"),
    ("Nagpur, India", "IN"), ("Accra, Ghana", "GH"),
)  # fmt: skip
CAUSES: Final = (
    (
        "against the closure of the {x} library",
        "readers",
        ("The shelves have stood empty since the roof leaked.", "A librarian wept."),
    ),
    (
        "against job cuts at the {x} shipyard",
        "welders",
        ("The yard has no orders after the summer.", "Two ferries lie unfinished."),
    ),
    ("for higher pay at the {x} clinic", "nurses", ("Night shifts are staffed by agencies.", "Every fifth post is vacant.")),
    ("against the {x} incinerator", "residents", ("The chimney is to be ninety metres high.", "Ash fell on washing last year.")),
    (
        "for safe cycle lanes on {x} Road",
        "cyclists",
        ("Two riders were killed by lorries there.", "White bicycles marked the spot."),
    ),
    (
        "against rising rents in the {x} estate",
        "tenants",
        ("The landlord is a fund in Luxembourg.", "Lifts have not worked for months."),
    ),
    ("for the release of the {x} poets", "students", ("The poets were sentenced behind closed doors.", "Verses were read aloud.")),
    (
        "against the felling of {x} wood",
        "walkers",
        ("Some of the oaks are four hundred years old.", "Owls nest in the hollow trunks."),
    ),
)
NAMES: Final = ("Astley", "Morfa", "Stanmer", "Topsham", "Riseholme", "Alvaston", "Esperance", "Buttershaw", "Marlow", "Kestrel",
                "Ormond", "Farleigh", "Quarry", "Sandhill", "Larkfield", "Wendover")  # fmt: skip
PAPERS: Final = ("Courier", "Post", "Echo", "Morning Star Ledger", "Gazette", "Record", "Voice", "Tribune")
FIRST_DAY: Final = dt.date(2018, 3, 3)

OPENINGS: Final = (
    "About {n} {who} marched in {town} on {day} {cause}.",
    "{who} demonstrated in {town} on {day} {cause}; some {n} took part.",
    "A protest {cause} drew {n} people to {town} on {day}.",
    "In {town}, around {n} {who} held a rally on {day} {cause}.",
    "On {day} a crowd of {n} marched through {town} {cause}, most of them {who}.",
    "More than {n} {who} took to the streets of {town} on {day} {cause}.",
)
SIZED_LATER: Final = ("Police spoke of {m} people.", "The organisers counted {m}.", "", "", "There were no arrests.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A gathering that reports are written about."""

    number: int
    town: str
    country: str
    day: dt.date
    cause: str
    who: str
    details: tuple[str, ...]
    size: int


def make_scenes(dice: random.Random, events: int) -> list[Scene]:
    """Gatherings: a third repeat a week later, a sixth share day and town with another cause."""
    scenes: list[Scene] = []
    while len(scenes) < events:
        town, country = dice.choice(TOWNS)
        cause, who, details = dice.choice(CAUSES)
        day = FIRST_DAY + dt.timedelta(days=7 * dice.randrange(30) + dice.choice((0, 0, 0, 1, 3)))
        name = dice.choice(NAMES)
        size = dice.choice((60, 150, 240, 400, 900, 2500))
        first = Scene(number=len(scenes), town=town, country=country, day=day, cause=cause.format(x=name), who=who, details=details,
                      size=size)  # fmt: skip
        if any(scene.town == town and abs((scene.day - day).days) < 15 for scene in scenes):
            continue
        scenes.append(first)
        chance = dice.random()
        if chance < 0.33:
            scenes.append(_like(first, number=len(scenes), day=day + dt.timedelta(days=7), size=int(size * 0.8)))
        elif chance < 0.5:
            other = dice.choice([held for held in CAUSES if held[1] != who])
            name = dice.choice([held for held in NAMES if held not in first.cause])
            scenes.append(
                _like(first, number=len(scenes), cause=other[0].format(x=name), who=other[1], details=other[2], size=size * 3)
            )
    return scenes[:events]


def _like(scene: Scene, **changes: Any) -> Scene:
    from dataclasses import replace

    return replace(scene, **changes)


def write_report(dice: random.Random, scene: Scene, number: int) -> dict[str, Any]:
    """One paper's report of a scene."""
    published = scene.day + dt.timedelta(days=dice.choice((1, 1, 2, 5)))
    near = (published - scene.day).days < 7 and dice.random() < 0.6
    day = f"{scene.day:%A}" if near else f"{scene.day.day} {scene.day:%B}"
    told = max(20, round(scene.size * dice.choice((0.6, 1, 1, 1.5)) / 10) * 10)
    opening = dice.choice(OPENINGS).format(n=f"{told:,}", who=scene.who, town=scene.town, day=day, cause=scene.cause)
    more = dice.choice(SIZED_LATER).format(m=f"{max(20, told * 2):,}")
    text = " ".join(part for part in (opening[0].upper() + opening[1:], dice.choice(scene.details), more) if part)
    publisher = f"{scene.town.split(',')[0]} {dice.choice(PAPERS)}"
    return {"id": f"w{number}", "published": published.isoformat(), "publisher": publisher, "country": scene.country, "text": text}


def make_reports(*, events: int = 60, seed: int = 1) -> tuple[list[dict[str, Any]], list[int]]:
    """Reports, about four an event, and the happening that each tells of; one in six is a near-copy."""
    dice = random.Random(seed)
    reports: list[dict[str, Any]] = []
    truth: list[int] = []
    for scene in make_scenes(dice, events):
        for _ in range(1 + dice.randrange(6)):
            report = write_report(dice, scene, len(reports))
            reports.append(report)
            truth.append(scene.number)
            if dice.random() < 0.17:
                title = "Anger in the streets"
                reports.append({**report, "id": f"w{len(reports)}", "publisher": "Wire Sheet", "title": title})
                truth.append(scene.number)
    return reports, truth


def main() -> None:
    """Writes the reports as JSON Lines, with their truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    reports, truth = make_reports(events=options.events, seed=options.seed)
    lines = [json.dumps({**report, "truth": told}) for report, told in zip(reports, truth, strict=True)]
    if options.out:
        options.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()

"""Read the word lists written by hand that stand beside this module, and add them to the drafts."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headcount.gazetteer import layout
from headcount.gazetteer.fold import fold_name
from headcount.gazetteer.sources import CANONICAL, OTHER, SHORT, Draft, middle

LANDMARK_MASS, AMBIGUOUS_MASS = 0.3, 0.01
"""What share of its town's people ranks a landmark among towns of its name.

Westminster in London must come before Westminster in Colorado (116,000 people), and Union
Square in New York, which is one of many, after any town of 90,000."""


class HandDataError(ValueError):
    """A hand-written list names a town or division that the sources do not have."""


@dataclass(slots=True, kw_only=True)
class HandData:
    """The word lists that are no places."""

    demonyms: dict[str, str] = field(default_factory=dict)
    namesakes: dict[str, str] = field(default_factory=dict)
    abbreviations: dict[str, list[Draft]] = field(default_factory=dict)
    state_abbreviations: dict[str, dict[str, Draft]] = field(default_factory=dict)


class Finder:
    """Drafts by folded name, to say which place a list means; a usual name goes before another."""

    def __init__(self, drafts: list[Draft]) -> None:
        """Sort drafts under all their names."""
        self._drafts: dict[tuple[str, str], list[Draft]] = defaultdict(list)
        for draft in drafts:
            for name in draft.names:
                self._drafts[name, draft.country].append(draft)
        self.missing: list[str] = []

    def find(self, meant: str, country: str, kind: str, record: str) -> Draft | None:
        """Find the place of that kind with most people; ``Springfield, US.IL`` narrows a town to a division.

        Where there is none, ``record`` is noted in ``missing``.
        """
        name, _, state = meant.partition(", ")
        folded = fold_name(name)
        found = [
            draft
            for draft in self._drafts[folded, country]
            if draft.kind == kind and state in ("", draft.state) and draft.names.get(folded, 0) >= OTHER
        ]
        if not found:
            self.missing.append(f"{record}: {kind} {meant!r} {country}")
            return None
        return max(found, key=lambda draft: (draft.names[folded] * draft.mass, -draft.geonames_id))

    def find_listed(self, group: dict[str, Any], record: str) -> Iterator[tuple[Draft, Any]]:
        """Find the places of a group whose keys are ``Name, COUNTRY``, each with what the group says of it."""
        for key, value in group["names"].items():
            meant, _, country = key.rpartition(", ")
            draft = self.find(meant, country, group["kind"], record)
            if draft is not None:
                yield draft, value


def read_hand_file(folder: Path, name: str) -> dict[str, Any]:
    """Read one list; empty where the folder has none of that name."""
    path = folder / name
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def read_state_names(folder: Path) -> dict[str, dict[str, str]]:
    """Read, by country, the English name of each first-level division whose table name is another."""
    raw = read_hand_file(folder, "states.toml")
    return {country: dict(table["names"]) for country, table in raw.get("country", {}).items()}


def add_hand_data(drafts: list[Draft], folder: Path) -> HandData:
    """Add hand-made names, districts, regions and landmarks to ``drafts``, and read the other lists.

    Raises ``HandDataError`` with every town and division that the sources lack.
    """
    drafts.extend(_draft_towns(folder))
    finder = Finder(drafts)
    _change_names(finder, folder)
    drafts.extend(_draft_districts(finder, folder))
    drafts.extend(_draft_landmarks(finder, folder))
    drafts.extend(_draft_regions(folder))
    hand = HandData()
    for group in read_hand_file(folder, "demonyms.toml").get("group", []):
        for country, words in group["countries"].items():
            hand.demonyms.update({fold_name(word): country for word in words})
    for group in read_hand_file(folder, "namesakes.toml").get("group", []):
        for word in " ".join(group["names"]).split():
            hand.namesakes.setdefault(fold_name(word.replace("_", " ")), group["is"])
    for group in read_hand_file(folder, "names.toml").get("abbreviation", []):
        for short, (meant, country, kind) in group["names"].items():
            place = finder.find(meant, country, kind, "names.toml")
            if place is not None:
                hand.abbreviations.setdefault(short, []).append(place)
    for country, table in read_hand_file(folder, "abbreviations.toml").get("country", {}).items():
        for state, shorts in table["states"].items():
            found = finder.find(state, country, "state", "abbreviations.toml")
            if found is not None:
                hand.state_abbreviations.setdefault(country, {}).update(dict.fromkeys(shorts, found))
    if finder.missing:
        raise HandDataError(
            "The hand-written lists name what the sources lack; correct the lists:\n  " + "\n  ".join(finder.missing)
        )
    return hand


def _change_names(finder: Finder, folder: Path) -> None:
    """Add names that the sources lack, and drop noise that they have."""
    names = read_hand_file(folder, "names.toml")
    weights = {"usual": CANONICAL, "short": SHORT, "other": OTHER}
    for group in names.get("rename", []):
        for draft, name in finder.find_listed(group, "names.toml"):
            draft.name = name
            draft.town = name if draft.kind == "locality" else None
            draft.call(name, CANONICAL)
    for group in names.get("add", []):
        for draft, aliases in finder.find_listed(group, "names.toml"):
            for alias in aliases:
                draft.call(alias, weights[group["weight"]])
    for group in names.get("drop", []):
        for draft, aliases in finder.find_listed(group, "names.toml"):
            for alias in aliases:
                if draft.names.pop(fold_name(alias), None) is None:
                    finder.missing.append(f"names.toml: {draft.name} has no name {alias!r} to drop")


def _draft_towns(folder: Path) -> list[Draft]:
    """Draft towns that the sources lack."""
    drafts = []
    for group in read_hand_file(folder, "names.toml").get("town", []):
        for key, place in group["places"].items():
            name, _, country = key.rpartition(", ")
            draft = Draft(geonames_id=0, name=name, kind="locality", country=country, town=name, mass=100_000.0, **place)
            draft.call(name, CANONICAL)
            drafts.append(draft)
    return drafts


def _draft_districts(finder: Finder, folder: Path) -> list[Draft]:
    """Draft counties that GeoNames' divisions lack; each lies in the middle of its parts."""
    drafts = []
    for group in read_hand_file(folder, "districts.toml").get("group", []):
        for name, parts in group["districts"].items():
            points = []
            for part in parts:
                town = finder.find(part, group["country"], "locality", f"districts.toml: {name}")
                if town is not None and town.lat is not None and town.lon is not None:
                    points.append((town.lat, town.lon))
            lat, lon = middle(points)
            draft = Draft(
                geonames_id=0,
                name=name,
                kind="district",
                country=group["country"],
                state=group["state"],
                lat=lat,
                lon=lon,
                mass=500_000.0,
            )
            draft.call(name, CANONICAL)
            drafts.append(draft)
    return drafts


def _draft_landmarks(finder: Finder, folder: Path) -> list[Draft]:
    """Draft landmarks, quarters and campuses, each with its town's number, people and coordinates."""
    drafts: list[Draft] = []
    for file in layout.LANDMARK_FILES:
        for group in read_hand_file(folder, file).get("group", []):
            for key, ambiguous in (("towns", False), ("ambiguous", True)):
                for town_name, names in group.get(key, {}).items():
                    town = finder.find(town_name, group["country"], "locality", file)
                    if town is None:
                        continue
                    drafts.extend(_draft_landmark(name, town, ambiguous) for name in names)
    return drafts


def _draft_landmark(name: str, town: Draft, ambiguous: bool) -> Draft:
    draft = Draft(
        geonames_id=town.geonames_id,
        name=name,
        kind="landmark",
        country=town.country,
        state=town.state,
        lat=town.lat,
        lon=town.lon,
        population=town.population,
        town=town.name,
        ambiguous=ambiguous,
        mass=town.mass * (AMBIGUOUS_MASS if ambiguous else LANDMARK_MASS),
    )
    draft.call(name, CANONICAL)
    return draft


def _draft_regions(folder: Path) -> list[Draft]:
    """Draft areas that are neither a town nor a division."""
    drafts = []
    for group in read_hand_file(folder, "regions.toml").get("group", []):
        for name in group["names"]:
            draft = Draft(
                geonames_id=0,
                name=name,
                kind="region",
                country=group.get("country", ""),
                state=group.get("state", ""),
                mass=float(group.get("mass", 3_000_000)),
            )
            draft.call(name, CANONICAL)
            drafts.append(draft)
    return drafts

"""The towns of a made world."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A place of the made world."""

    name: str
    country: str
    lat: float
    lon: float
    geonames_id: int
    neighbours: tuple[int, ...] = ()


def make_towns(dice: random.Random, count: int) -> list[Town]:
    """Towns over twelve countries, a third of them 5 to 18 km from a larger one."""
    towns: list[Town] = []
    for number in range(count):
        if number and dice.random() < 0.33:
            near = dice.randrange(number)
            host = towns[near]
            way, turn = dice.uniform(5, 18) / 111, dice.uniform(0, 2 * math.pi)
            lat, lon = host.lat + way * math.sin(turn), host.lon + way * math.cos(turn) / math.cos(math.radians(host.lat))
            country = host.country
        else:
            country = f"C{dice.randrange(12):X}"
            lat, lon = dice.uniform(-40, 60), dice.uniform(-170, 170)
        name = f"Town{number}" if dice.random() > 0.03 or not towns else dice.choice(towns).name
        towns.append(Town(name=name, country=country, lat=lat, lon=lon, geonames_id=1000 + number))
    grid: dict[tuple[int, int], list[int]] = {}
    for number, town in enumerate(towns):
        grid.setdefault((int(town.lat * 4), int(town.lon * 4)), []).append(number)
    for number, town in enumerate(towns):
        cell = (int(town.lat * 4), int(town.lon * 4))
        near_by = [
            other
            for north in (-1, 0, 1)
            for east in (-1, 0, 1)
            for other in grid.get((cell[0] + north, cell[1] + east), ())
            if other != number and abs(towns[other].lat - town.lat) < 0.17
        ]
        towns[number] = Town(
            name=town.name, country=town.country, lat=town.lat, lon=town.lon, geonames_id=town.geonames_id,
            neighbours=tuple(near_by[:6]),
        )  # fmt: skip
    return towns

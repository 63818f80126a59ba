"""The real gazetteer: which place a name means."""

from __future__ import annotations

import pytest

from headcount.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("name", "town", "country", "state"),
    [
        ("Hull", "Kingston upon Hull", "GB", "England"),
        ("Oxford", "Oxford", "GB", "England"),
        ("Liskeard", "Liskeard", "GB", "England"),
        ("Durban", "Durban", "ZA", "KwaZulu-Natal"),
        ("London", "London", "GB", "England"),
        ("Washington, D.C.", "Washington", "US", "District of Columbia"),
        ("D.C.", "Washington", "US", "District of Columbia"),
        ("NYC", "New York City", "US", "New York"),
        ("New York", "New York City", "US", "New York"),
        ("Glasgow", "Glasgow", "GB", "Scotland"),
        ("Belfast", "Belfast", "GB", "Northern Ireland"),
        ("Istanbul", "Istanbul", "TR", "Istanbul"),
        ("St. Louis", "St. Louis", "US", "Missouri"),
        ("Kiev", "Kyiv", "UA", "Kyiv"),
        ("Bombay", "Mumbai", "IN", "Maharashtra"),
        ("Trafalgar Square", "London", "GB", "England"),
        ("UC Berkeley", "Berkeley", "US", "California"),
        ("Brooklyn", "New York City", "US", "New York"),
        ("Mong Kok", "Hong Kong", "HK", None),
        ("Grahamstown", "Grahamstown", "ZA", "Eastern Cape"),
    ],
)
def test_the_first_hit_of_a_name(gazetteer: Gazetteer, name: str, town: str, country: str, state: str | None) -> None:
    """A name alone gives the town that English news means by it."""
    place = gazetteer.find(name)[0]
    assert (place.town, place.country, place.state) == (town, country, state)


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Cornwall", "district", "GB"),
        ("Merseyside", "district", "GB"),
        ("Ekurhuleni", "district", "ZA"),
        ("Cook County", "district", "US"),
        ("England", "state", "GB"),
        ("Gauteng", "state", "ZA"),
        ("Georgia", "country", "GE"),
        ("Turkey", "country", "TR"),
        ("Hong Kong", "country", "HK"),
        ("Puerto Rico", "country", "PR"),
        ("Taiwan", "country", "TW"),
        ("the Midwest", "region", "US"),
        ("Latin America", "region", None),
    ],
)
def test_kinds_of_places(gazetteer: Gazetteer, name: str, kind: str, country: str | None) -> None:
    """Divisions, countries and regions are told apart; territories keep their own code."""
    place = gazetteer.find(name)[0]
    assert (place.kind, place.country) == (kind, country)


def test_all_places_of_a_name_are_kept(gazetteer: Gazetteer) -> None:
    """London, Ontario is among the Londons, and Newcastle upon Tyne is Britain's first Newcastle."""
    assert any(p.state == "Ontario" for p in gazetteer.find("London"))
    british = [p.name for p in gazetteer.find("Newcastle") if p.country == "GB"]
    assert british[0] == "Newcastle upon Tyne"


@pytest.mark.parametrize(
    ("words", "count", "name"),
    [
        (["Newcastle", "upon", "Tyne"], 3, "Newcastle upon Tyne"),
        (["Newcastle", "-", "upon", "-", "Tyne", "today"], 5, "Newcastle upon Tyne"),
        (["Stratford-upon-Avon"], 1, "Stratford-upon-Avon"),
        (["St", ".", "Louis", "police"], 3, "St. Louis"),
        (["St.", "Louis"], 2, "St. Louis"),
        (["King", "'s", "Lynn"], 3, "King's Lynn"),
        (["London's", "streets"], 1, "London"),
        (["Washington", ",", "where"], 1, "Washington"),
        (["D", ".", "C", "."], 3, "Washington"),
        (["New", "York", "City", "Hall"], 3, "New York City"),
    ],
)
def test_the_longest_name(gazetteer: Gazetteer, words: list[str], count: int, name: str) -> None:
    """Tokens of a name are taken together, whatever the tokeniser did to hyphens and periods."""
    match = gazetteer.longest(words, 0)
    assert match is not None
    assert match[0] == count
    assert match[1][0].name == name


@pytest.mark.parametrize("words", [["marched", "through"], ["Zzyzxq"], ["us"], ["in"], ["."], [""]])
def test_words_that_begin_no_name(gazetteer: Gazetteer, words: list[str]) -> None:
    """A word without a capital, or of no place, begins no name."""
    assert gazetteer.longest(words, 0) is None


def test_abbreviations_are_capitals(gazetteer: Gazetteer) -> None:
    """US is a country and CA a state; "us" and "ca" are words."""
    assert gazetteer.find("US")[0].country == gazetteer.find("U.S.")[0].country == "US"
    assert all(place.country != "US" for place in gazetteer.find("us"))
    california = gazetteer.state_abbreviation("Calif.")
    assert california is not None
    assert california.name == "California"
    assert gazetteer.state_abbreviation("CA") == california
    assert gazetteer.state_abbreviation("in") is None
    new_south_wales = gazetteer.state_abbreviation("NSW", "AU")
    assert new_south_wales is not None
    assert new_south_wales.name == "New South Wales"


@pytest.mark.parametrize(("word", "country"), [("Turkish", "TR"), ("Icelandic", "IS"), ("Scottish", "GB"), ("purple", None)])
def test_demonyms(gazetteer: Gazetteer, word: str, country: str | None) -> None:
    """An adjective of a people gives its country."""
    assert gazetteer.demonym(word) == country


@pytest.mark.parametrize(
    ("folded", "what"),
    [("reading", "word"), ("march", "word"), ("of", "word"), ("union", "word"), ("clinton", "person"), ("leeds", None)],
)
def test_namesakes(gazetteer: Gazetteer, folded: str, what: str | None) -> None:
    """Common words, first names and surnames that are towns are marked."""
    assert gazetteer.namesake(folded) == what

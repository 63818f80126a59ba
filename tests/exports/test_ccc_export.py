"""CCC's columns, points, categories and scope: rule by rule."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.made_events import any_event, bare_event, full_event, make_size, outcome
from headcount.exports import CCC_COLUMNS, write_ccc
from headcount.exports.ccc import EMPTY_COLUMNS, find_size_cat, find_size_mean, is_in_ccc_scope, make_ccc_row, write_count
from headcount.exports.ccc_places import INDEPENDENT_CITIES, find_fips_code, find_state
from headcount.exports.points import PointSize, read_points, size_in_points
from headcount.models import Event, EventSize
from headcount.reconcile.sizes import reconcile_size
from headcount.wording import VAGUE_WORDS

# ccc_compiler_2024.R, "ARRANGING", and fips_for_county(), which adds the last one.
COMPILED = """date locality state location_detail online type title macroevent actors organizations participants claims valence
issues issues_major size_text size_low size_high size_mean size_cat arrests arrests_any injuries_crowd injuries_crowd_any
injuries_police injuries_police_any property_damage property_damage_any chemical_agents participant_measures police_measures
participant_deaths police_deaths SOURCES notes lat lon resolved_locality resolved_county resolved_state fips_code"""


def row_of(event: Event, **options: Any) -> dict[str, str]:
    out = io.BytesIO()
    assert write_ccc([event], out, **options) == 1
    [row] = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    return row


def sized(*sizes: EventSize, **changes: Any) -> Event:
    """An event whose range is what the record makes of these statements."""
    accounts: dict[str, list[EventSize]] = {}
    for size in sizes:
        accounts.setdefault(size.candidate_id, []).append(size)
    found = reconcile_size(list(accounts.values()))
    return bare_event(
        sizes=sizes,
        **{"size_low": found.low, "size_high": found.high, "size_derived": found.derived, "size_unit": found.unit} | changes,
    )


def vague(low: int, high: int | None, **more: Any) -> EventSize:
    return make_size(low, high, text=VAGUE_WORDS[low, high], vague=True, **more)


def test_columns_are_cccs_in_their_order() -> None:
    """With thirty columns for sources, as in its files."""
    sources = " ".join(f"source_{n}" for n in range(1, 31))
    assert list(CCC_COLUMNS) == COMPILED.replace("SOURCES", sources).split()
    assert len(CCC_COLUMNS) == 70
    out = io.BytesIO()
    assert write_ccc([], out) == 0
    assert out.getvalue().decode() == ",".join(CCC_COLUMNS) + "\r\n"


@pytest.mark.parametrize(
    ("changes", "inside"),
    [
        ({}, True),
        ({"event_type": "strike"}, True),
        ({"event_type": "meeting"}, False),
        ({"event_type": "public meeting"}, False),
        ({"status": "planned"}, False),
        ({"status": "cancelled"}, False),
        ({"background": True}, False),
        ({"country": "GB"}, True),
    ],
)
def test_scope(changes: dict[str, Any], inside: bool) -> None:
    """No meetings, nothing planned, cancelled or told as history; what is left out is not counted as written."""
    event = full_event(**changes)
    assert is_in_ccc_scope(event) is inside
    assert write_ccc([event], io.BytesIO()) == inside


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (sized(), (None, None)),
        (sized(make_size(500, 500)), (500, 500)),
        (sized(make_size(300, 400)), (300, 400)),
        (sized(make_size(2000, None)), (2000, None)),
        (sized(make_size(None, 10_000)), (None, 10_000)),
        (sized(make_size(500, 500), make_size(2000, 2000, account="c-2")), (500, 2000)),
        (sized(vague(200, 999)), (200, 200)),
        (sized(vague(2_000_000, None)), (2_000_000, 2_000_000)),
        (sized(vague(200, 999), vague(2000, 9999, account="c-2")), (200, 2000)),
        (sized(vague(200, 999), make_size(400, 400)), (400, 400)),
        (sized(make_size(1500, 1500), vague(2000, 9999)), (1500, 2000)),
        (sized(vague(200, 999, scope="part"), make_size(300, 300, scope="part")), (500, 500)),
        (sized(vague(200, 999, scope="cumulative")), (None, None)),
        (sized(vague(200, 999, expected=True)), (None, None)),
        (sized(make_size(40, 40, unit="tractors")), (None, None)),
        (sized(make_size(40, 40, unit="tractors"), vague(24, 99)), (24, 24)),
        (sized(vague(200, 999), size_low=350, size_high=350), (350, 350)),  # a person's word
    ],
)
def test_vague_words_are_points(event: Event, expected: tuple[int | None, int | None]) -> None:
    """The low end in both columns; exact figures and open ends stay; nothing but people is counted."""
    assert size_in_points(event, "ccc") == expected


def test_cccs_points_are_the_low_ends() -> None:
    """Section 5 of the codebook, for every vague word that it has."""
    assert read_points("ccc") == {words: low for (low, _), words in VAGUE_WORDS.items()}
    with pytest.raises(ValueError, match="expected one of the point profiles ccc, found 'nobody'"):
        read_points("nobody")


@pytest.mark.parametrize(
    ("low", "high", "mean", "category"),
    [
        (None, None, None, 0),
        (None, 10_000, None, 0),  # CCC's script takes the low for a missing high, and has no rule for the reverse
        (2000, None, 2000, 3),
        (500, 2000, 1250, 3),
        (1, 2, 2, 1),  # 1.5
        (2, 3, 2, 1),  # 2.5: to the even number, as R rounds
        (99, 99, 99, 1),
        (99, 100, 100, 2),  # 99.5
        (100, 100, 100, 2),
        (999, 999, 999, 2),
        (1000, 1000, 1000, 3),
        (9999, 9999, 9999, 3),
        (10_000, None, 10_000, 4),
        (0, 0, 0, 1),
    ],
)
def test_size_mean_and_category(low: int | None, high: int | None, mean: int | None, category: int) -> None:
    """Rounded mean, the low where the high is missing; 0 is unknown."""
    assert find_size_mean(PointSize(low, high)) == mean
    assert find_size_cat(mean) == category


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_mean_is_rounded_as_r_does(low: int, high: int) -> None:
    """IEC 60559: a half goes to the even number, which Python's round does too."""
    assert find_size_mean(PointSize(low, high)) == round((low + high) / 2)


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        ((), ""),
        ((vague(24, 99),), "dozens"),
        ((vague(24, 99), make_size(None, None, text="a large crowd")), "dozens; a large crowd"),
        ((vague(24, 99), make_size(40, 40)), ""),
        ((make_size(40, 40),), ""),
        ((vague(24, 99), make_size(40, 40, unit="tractors")), "dozens"),
        ((vague(24, 99, expected=True),), ""),
    ],
)
def test_size_text_is_for_vague_words_only(sizes: tuple[EventSize, ...], text: str) -> None:
    """CCC: in cases where the size is only described in vague terms."""
    assert row_of(sized(*sizes))["size_text"] == text


@pytest.mark.parametrize(
    ("told", "count", "happened"),
    [
        ([], "", "0"),
        ([("no arrests", 0, 0)], "0", "0"),
        ([("three arrests", 3, 3)], "3", "1"),
        ([("three arrests", 3, 3), ("3 arrested", 3, 3)], "3", "1"),
        ([("three arrests", 3, 3), ("five arrested", 5, 5)], "3 to 5", "1"),
        ([("no arrests", 0, 0), ("five arrested", 5, 5)], "0 to 5", "1"),
        ([("more than 100 arrested", 100, None)], "more than 100 arrested", "1"),
        ([("dozens of arrests", 24, 99), ("three arrests", 3, 3)], "dozens of arrests; three arrests", "1"),
        ([("people were detained", None, None)], "people were detained", "1"),
    ],
)
@pytest.mark.parametrize("variable", ["arrests", "injuries_crowd", "injuries_police"])
def test_counts(variable: str, told: list[tuple[str, int | None, int | None]], count: str, happened: str) -> None:
    """A number, a range where reports differ, else the words; nothing told is empty, and 0 in CCC's binary column."""
    event = bare_event(outcomes=tuple(outcome(variable, *one) for one in told))
    assert write_count(event.outcomes) == count
    row = row_of(event)
    assert (row[variable], row[f"{variable}_any"]) == (count, happened)


@pytest.mark.parametrize(
    ("state", "country", "expected"),
    [
        ("Maine", "US", "ME"),
        ("District of Columbia", "US", "DC"),
        ("Nowhere", "US", "Nowhere"),
        ("San Juan", "PR", "PR"),
        (None, "GU", "GU"),
        (None, "US", None),
        ("England", "GB", "England"),
        ("Georgia", "GE", "Georgia"),
    ],
)
def test_states_are_postal_abbreviations(state: str | None, country: str | None, expected: str | None) -> None:
    """Of states and territories of the United States; other countries keep their words."""
    assert find_state(state, country) == expected


@pytest.mark.parametrize(
    ("locality", "state", "detail", "code"),
    [
        ("Washington", "DC", "", "11001"),
        ("Richmond", "VA", "", "51760"),
        ("Richmond", "CA", "", None),
        ("San Juan", "PR", "", "72000"),
        (None, "GU", "", "66000"),
        ("New York City", "NY", "Union Square", None),
        ("New York", "NY", "Barclays Center, Brooklyn", "36047"),
        ("Portland", "ME", "", None),
        (None, None, "", None),
    ],
)
def test_county_codes_only_where_the_place_fixes_them(
    locality: str | None, state: str | None, detail: str, code: str | None
) -> None:
    """Independent cities, territories, boroughs that are named; a county is not guessed."""
    assert find_fips_code(locality=locality, state=state, location_detail=detail) == code
    assert all(len(known) == 5 for known in INDEPENDENT_CITIES.values())


def test_a_full_row() -> None:
    """Claims can be split at commas and lists at semicolons; what has no column is in the notes."""
    row = row_of(full_event())
    expected = {
        "date": "2020-06-06",
        "locality": "Portland",
        "state": "ME",
        "location_detail": "Monument Square",
        "online": "0",
        "type": "march",
        "macroevent": "m-1",
        "actors": "Maine Rising; Local 12, Section B; students; nurses",
        "organizations": "Maine Rising; Local 12, Section B",
        "participants": "students; nurses",
        "claims": "against cuts to schools; hospitals and libraries, for 1000 new beds, No justice; no peace",
        "issues": "education; healthcare",
        "issues_major": "education; healthcare",
        "size_low": "500",
        "size_high": "2000",
        "size_mean": "1250",
        "size_cat": "3",
        "arrests": "3 to 5",
        "arrests_any": "1",
        "injuries_crowd": "0",
        "injuries_crowd_any": "0",
        "injuries_police": "",
        "injuries_police_any": "0",
        "property_damage": "smashed windows",
        "property_damage_any": "1",
        "chemical_agents": "1",
        "police_measures": "riot gear; tear gas",
        "source_1": "r-c-1",
        "source_2": "r-c-2",
        "source_3": "",
        "notes": "until 2020-06-07; also counted: 40 tractors; deaths: one person was killed; larger than last year; "
        "headcount e-full",
        "lat": "43.65737",
        "lon": "-70.2589",
        "resolved_locality": "Portland",
        "resolved_county": "",
        "resolved_state": "ME",
        "fips_code": "",
    }
    assert {column: row[column] for column in expected} == expected
    assert {column for column, cell in row.items() if not cell} >= EMPTY_COLUMNS


def test_an_unknown_event_is_empty() -> None:
    """But for what CCC writes as 0, and the id by which it is found again."""
    row = row_of(bare_event())
    filled = {column: cell for column, cell in row.items() if cell}
    zeros = {"online", "size_cat", "chemical_agents", *(column for column in CCC_COLUMNS if column.endswith("_any"))}
    assert filled == {"type": "demonstration", "notes": "headcount e-bare", **dict.fromkeys(zeros, "0")}


@pytest.mark.parametrize(
    ("precision", "start", "end", "date", "note"),
    [
        ("day", dt.date(2020, 6, 6), dt.date(2020, 6, 6), "2020-06-06", ""),
        ("range", dt.date(2020, 6, 6), dt.date(2020, 6, 9), "2020-06-06", "until 2020-06-09; "),
        ("month", dt.date(2020, 6, 1), dt.date(2020, 6, 30), "", "date: 2020-06-01 to 2020-06-30, known to the month; "),
        ("week", None, None, "", ""),
        ("unknown", None, None, "", ""),
    ],
)
def test_dates(precision: str, start: dt.date | None, end: dt.date | None, date: str, note: str) -> None:
    """A run of days is one row with its first day, the last in the notes; a month is no day."""
    row = row_of(bare_event(date_precision=precision, date_start=start, date_end=end))
    assert (row["date"], row["notes"]) == (date, f"{note}headcount e-bare")


def test_sources_are_described_where_the_caller_can() -> None:
    """URLs of reports are in the record, not in the event; beyond thirty they are counted."""
    event = full_event(reports=tuple(f"r-{n}" for n in range(32)))
    row = row_of(event, describe_report=lambda report: f"https://example.org/{report}")
    assert (row["source_1"], row["source_30"]) == ("https://example.org/r-0", "https://example.org/r-29")
    assert "2 more sources" in row["notes"]


def test_other_countries_are_told_in_the_notes() -> None:
    """CCC has no column for a country. A place without a town has no point, as CCC geocodes towns."""
    row = row_of(full_event(country="GB", state="England", locality=None))
    assert row["notes"].startswith("country: GB; ")
    assert (row["state"], row["lat"], row["lon"], row["resolved_state"], row["fips_code"]) == ("England", "", "", "", "")


@settings(max_examples=50)
@given(any_event)
def test_any_event_is_one_line(event: Event) -> None:
    """R's read.csv and CCC's own scripts stumble over line ends in a cell."""
    event = dataclasses.replace(event, status="held", background=False, event_type="march")
    out = io.BytesIO()
    assert write_ccc([event], out) == 1
    assert len(out.getvalue().splitlines()) == 2
    assert set(make_ccc_row(event)) <= set(CCC_COLUMNS)


def test_every_column_is_documented() -> None:
    """docs/ccc.md says of each what it holds, or why it is empty."""
    page = (Path(__file__).parents[2] / "docs" / "ccc.md").read_text()
    assert not {column for column in CCC_COLUMNS if not column.startswith("source_") and f"`{column}`" not in page}
    assert "`source_1`" in page
    for column in EMPTY_COLUMNS:
        [line] = [line for line in page.splitlines() if line.startswith(f"| `{column}` |")]
        assert "empty" in line

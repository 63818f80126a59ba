"""Private people are never named; public figures are (codebook section 6)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headcount.coding.detail import mask_event
from headcount.coding.marks import Marks
from headcount.coding.persons import find_persons
from headcount.coding.privacy import NameMask, PrivateName, find_private_names, marker, mask
from headcount.coding.statements import StatementWriter
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Comparison, Outcome, Size, Span, Statement
from headcount.text import tokenize

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = sorted((ROOT / "tests" / "golden").glob("[0-9]*_*.json"))
SAMPLES = ROOT / "src" / "headcount" / "samples"


def mask_all(raw: str, gazetteer: Gazetteer) -> str:
    """A whole text without its private names."""
    return mask(raw, Span(start=0, end=len(raw)), find_private_names(tokenize(raw), gazetteer))


def holds(words: str, name: str) -> bool:
    """Does the name stand in the words as words of its own?"""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None


def sample_text(golden: dict[str, object]) -> str:
    return (SAMPLES / str(golden["sample"])).read_text(encoding="utf-8").split("---\n", 2)[2]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_private_name_of_a_sample_is_left(path: Path, gazetteer: Gazetteer) -> None:
    """Masking the whole text of a sample leaves no private person's name in it, first names and surnames alone included."""
    golden = json.loads(path.read_text(encoding="utf-8"))
    masked = mask_all(sample_text(golden), gazetteer)
    assert [name for name in golden["private_names"] if holds(masked, name)] == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_public_names_of_a_sample_stay(path: Path, gazetteer: Gazetteer) -> None:
    """Office holders, candidates, leaders and spokespeople keep their names."""
    golden = json.loads(path.read_text(encoding="utf-8"))
    raw = sample_text(golden)
    masked = mask_all(raw, gazetteer)
    assert [name for name in golden["public_names"] if name in raw and name not in masked] == []


PRIVATE = [
    ("Colette, a student in Leeds, said that she would be back.", "Colette"),
    ("“We will not be moved,” said Monami Maulik of Desis Rising Up.", "Monami Maulik"),
    ("Ann Other, 34, marched with her two sons.", "Ann Other"),
    ("“I am angry,” said student Xqwyl Brmpf.", "Xqwyl Brmpf"),
    ("Mrs Harkover had never been on a demonstration before.", "Harkover"),
    ("Jordan Cleghornby was there. Later Cleghornby went home.", "Cleghornby"),
    ("The mayor's daughter, Jane Roebottom, joined the march.", "Jane Roebottom"),
    ("The wife of the president, Nokuthula Zwane, spoke.", "Nokuthula Zwane"),
    ("Jane Roebottom, a member of the union, carried the banner.", "Jane Roebottom"),
    ("Jane Roebottom, a friend of the general secretary, carried the banner.", "Jane Roebottom"),
    ("Prof. Jane Roebottom joined the picket with her students.", "Jane Roebottom"),
    ("In Wolverhampton Clive Pargetter-Singh stood on the picket line.", "Clive Pargetter-Singh"),
    ("JANE ROEBOTTOM reports from the march.", "JANE ROEBOTTOM"),
    ('Jane "Jinny" Roebottom sang.', "Roebottom"),
    ("A picture posted by @jane_roebottom showed the crowd.", "jane_roebottom"),
    ("Write to jane.roebottom@example.org for a seat on the bus.", "jane.roebottom@example.org"),
    ("Pat Lovelock came early. Pat brought her dog.", "Pat"),
    ("Victim's brother Samir Haddadine lit a candle.", "Samir Haddadine"),
    ("They chanted “Free Jonny Wetherby now!” Wetherby, 19, was arrested at a party last week.", "Wetherby"),
    ("They chanted “Free Jonny Wetherby now!” on Monday.", "Wetherby"),
    ("They chanted “Justice for Shanice Oduya!” on Monday.", "Oduya"),
    ("Local Mum Hayley Pruszynski Leads March Of 500 Through Leeds", "Pruszynski"),
    ("Local Mum Hayley Pruszynski Leads March\n\nPruszynski, a cleaner, said it was great.", "Hayley"),
    ("D'Arcy McGlinchey marched on Monday.", "McGlinchey"),
    ("D'Arcy McGlinchey marched on Monday.", "D'Arcy"),
    ("D’Arcy McGlinchey’s banner was red.", "D’Arcy"),
    ("Kwame N’Diaye marched. Later N’Diaye went home.", "N’Diaye"),
    ("Among them was Seán O'Shaughnessy-Daly. O'Shaughnessy-Daly sang.", "O'Shaughnessy"),
    ("Ms. T. J. van den Berg marched.", "van den"),
    ("Among them was T.J. van den Berg, 40.", "Berg"),
    ("On Monday ashley brumfield, a student, joined. Later brumfield sang.", "brumfield"),
    ("On Monday ashley brumfield, 34, joined.", "ashley"),
    ("Among them was April May Leeds, 33.", "April"),
    ("They marched in Leeds. Among them was April May Leeds, 33. Leeds, a student, sang.", "Leeds, a student"),
]


@pytest.mark.parametrize(("sentence", "name"), PRIVATE)
def test_a_person_without_an_office_is_private(sentence: str, name: str, gazetteer: Gazetteer) -> None:
    """Whoever is named without an office is private: a first name alone, a member, a relation of an office holder, a professor."""
    assert not holds(mask_all(sentence, gazetteer), name)


PUBLIC = [
    ("Mayor Jane Roebottom told the crowd to go home. Roebottom then left.", "Roebottom then"),
    ("Jane Roebottom, general secretary of the union, spoke.", "Jane Roebottom"),
    ("The trust's chief executive, Robert Alleyne, said nothing.", "Robert Alleyne"),
    ("Police spokeswoman Capt. Jane Roebottom gave no figure.", "Jane Roebottom"),
    ("Union leader Sipho Mhlongo-Reddy spoke.", "Sipho Mhlongo-Reddy"),
    ("Jane Roebottom, an organiser with the tenants, counted them.", "Jane Roebottom"),
    ("Jane Roebottom MP joined the march.", "Jane Roebottom"),
    ("Rep. Jane Roebottom, D-Mass., waved.", "Jane Roebottom"),
    ("Thousands marched against Donald Trump. Trump was away.", "Trump was"),
    ("Hundreds marched over the killing of Emeka Brathwaite.", "Emeka Brathwaite"),
]


@pytest.mark.parametrize(("sentence", "kept"), PUBLIC)
def test_a_public_figure_keeps_the_name(sentence: str, kept: str, gazetteer: Gazetteer) -> None:
    """An office, a spokesperson's or organiser's role, world fame, or a case that the protest is named after keeps a name."""
    assert kept in mask_all(sentence, gazetteer)


KEPT = [
    "The march went from Abbey Road to Trafalgar Square and past George Washington Bridge.",
    "The Rosa Luxemburg Foundation and Black Lives Matter called it, the Guardian wrote.",
    "In San Diego, 100,000 marched; in New York City they sat down.",
    "The Campaign for Nuclear Disarmament held a vigil in Kuala Lumpur on Good Friday.",
    "Police In York, 40, Say Hundreds Join George Washington Bridge March",
    "Human Rights Watch said that 40 people were held in St Peter's Square.",
]


def test_a_town_that_is_a_surname_stays_a_town(gazetteer: Gazetteer, mark_text: Callable[[str], Marks]) -> None:
    """Beside April Leeds the march in Leeds is in Leeds: in the text, as the words of the place and as a statement."""
    raw = "They marched in Leeds. Among them was April May Leeds, 33. Leeds, a student, sang. Leeds police watched."
    marks = mark_text(raw)
    names = find_private_names(marks.text, gazetteer)
    assert mask(raw, Span(start=0, end=len(raw)), names) == (
        f"They marched in Leeds. Among them was {marker()}, 33. {marker()}, a student, sang. Leeds police watched."
    )
    masked = NameMask(raw, names)
    assert masked.words("Leeds") == "Leeds"
    assert masked.words("April May Leeds") == marker()
    writer = StatementWriter("r", masked)
    assert writer.write("locality", "Leeds", Span(start=16, end=21), "places.own").value == "Leeds"


@pytest.mark.parametrize("sentence", KEPT)
def test_places_and_organisations_are_not_masked(sentence: str, gazetteer: Gazetteer) -> None:
    """Streets, towns, papers and organisations stay, also where they bear a person's name."""
    assert mask_all(sentence, gazetteer) == sentence


def test_a_private_person_gets_a_role(gazetteer: Gazetteer) -> None:
    """What stands in a private person's place as a value is the role told beside the name, else "a person"."""
    names = find_private_names(tokenize("Colette, a student in Leeds, met Ann Other, 34, and engineer Jo Thrupp."), gazetteer)
    assert [name.role for name in names] == ["a student", "a person", "an engineer"]


def test_one_standing_for_one_name(gazetteer: Gazetteer) -> None:
    """A cue anywhere in the report holds for every mention; a namesake with another first name inherits nothing."""
    raw = "“No,” said Jane Roebottom. Jane Roebottom, leader of the council, left. Her son Tim Roebottom stayed."
    standing = {person.name: person.standing for person in find_persons(tokenize(raw), gazetteer)}
    assert standing == {"Jane Roebottom": "public", "Tim Roebottom": "private"}


def test_masking_an_event_leaves_no_private_name(gazetteer: Gazetteer, mark_text: Callable[[str], Marks]) -> None:
    """Quote, sizes, places, values and statements of an event lose the name; every span stays as it was."""
    raw = "“We were 300,” said Ann Other, a cook, at the gate."
    marks = mark_text(raw)
    names = find_private_names(marks.text, gazetteer)
    whole, part = Span(start=0, end=len(raw)), Span(start=19, end=28)
    event = CandidateEvent(
        event_id="e", event_type="march", quote=raw, quote_span=whole, place_words="Ann Other", location_detail="by Ann Other",
        sizes=(Size(text="300", low=300, high=300, claimant="Ann Other", span=Span(start=9, end=12), claimant_span=part),),
        organizations=("Ann Other",), claims=("for Ann Other",), chants=("Ann Other",), targets=("Ann Other",),
        series="Ann Other",
        outcomes=(Outcome(variable="arrests", text="Ann Other", span=part),),
        comparison=Comparison(direction="larger", compared_with="Ann Other", text="Ann Other", span=part),
        statements=(Statement(statement_id="s", variable="claims", value="Ann Other", quote="Ann Other", span=part, rule="r"),),
    )  # fmt: skip
    masked = mask_event(event, names, marks)
    assert "Other" not in repr(masked)
    assert masked.organizations == ("a cook",)
    assert masked.quote == f"“We were 300,” said {marker()}, a cook, at the gate."
    assert masked.statements[0].span == part
    assert mask_event(masked, names, marks) == masked


WORDS = st.sampled_from(
    [
        "\n",
        "“",
        "”",
        *"Jane Roebottom Colette said , a student . Mayor Leeds in the 34 President of Union Pat @ - 's O'Brien MP de É".split(),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=40), cut=st.tuples(st.integers(0, 200), st.integers(0, 200)))
def test_masking_changes_nothing_outside_the_names(gazetteer: Gazetteer, words: list[str], cut: tuple[int, int]) -> None:
    """Names lie in the report, in order, apart; a masked span is the span with its names, or their parts in it, replaced."""
    raw = " ".join(words)
    names = find_private_names(tokenize(raw), gazetteer)
    assert all(0 <= n.first < n.end <= len(raw) for n in names)
    assert all(a.end <= b.first for a, b in pairwise(names))
    start, end = sorted(min(at, len(raw)) for at in cut)
    outside = [c for i, c in enumerate(raw) if start <= i < end and not any(n.first <= i < n.end for n in names)]
    masked = mask(raw, Span(start=start, end=end), names)
    assert masked.replace(marker(), "") == "".join(outside)
    assert masked.count(marker()) == sum(1 for n in names if n.first < end and n.end > start)


def test_a_name_that_a_span_cuts_is_masked() -> None:
    """Half a name at the edge of a quote is hidden, too."""
    raw = "said Ann Other today"
    names = [PrivateName(5, 14, "a person")]
    assert mask(raw, Span(start=0, end=9), names) == f"said {marker()}"
    assert mask(raw, Span(start=9, end=20), names) == f"{marker()} today"


def test_words_without_a_span_are_masked_as_whole_words() -> None:
    """ "Pat" is masked in "Pat came", not in "Patagonia"."""
    masked = NameMask("Pat came", [PrivateName(0, 3, "a cook")])
    assert masked.words("Pat in Patagonia") == f"{marker()} in Patagonia"
    assert masked.words("for Pat", role=True) == "for a cook"

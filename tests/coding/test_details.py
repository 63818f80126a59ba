"""Actors, claims, chants, issues, outcomes and comparisons: every example of the codebook, and the ties between events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from headcount.codebook import table
from headcount.coding.actors import code_participants, code_speakers, code_targets
from headcount.coding.assemble import Draft
from headcount.coding.cast import Cast
from headcount.coding.claims import CLAIM_WORDS, code_chants, code_claims, tag_issues
from headcount.coding.detail import add_details
from headcount.coding.linking import Account
from headcount.coding.links import Located, code_macroevents, code_series
from headcount.coding.marks import Marks
from headcount.coding.organizations import code_organizations
from headcount.coding.outcomes import code_comparison, code_outcomes
from headcount.coding.persons import find_persons
from headcount.coding.units import Unit
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Span

MarkText = Callable[[str], Marks]


def code(variable: str, marks: Marks, gazetteer: Gazetteer) -> list[object]:
    """What one coder reads in a whole text, in the form of the codebook's examples."""
    text = marks.text
    ranges = [(0, len(text.words))]
    cast = Cast(find_persons(text, gazetteer))
    if variable == "outcomes":
        return [
            (o.variable, "open" if o.low is None else o.low, "open" if o.high is None else o.high)
            for o in code_outcomes(marks, ranges)
        ]
    if variable == "comparison":
        comparison = code_comparison(marks, ranges)
        return [] if comparison is None else [comparison.direction, comparison.compared_with]
    if variable == "organizations":
        found = code_organizations(marks, ranges, cast, gazetteer)
    elif variable == "participants":
        found = code_participants(marks, ranges, gazetteer)
    elif variable == "speakers":
        found = code_speakers(marks, ranges, cast)
    elif variable == "targets":
        found = code_targets(marks, ranges, cast)
    elif variable == "claims":
        found = code_claims(marks, ranges, cuts={place.first for place in marks.places})
    else:
        found = code_chants(marks, ranges)
    for value, span in found:
        assert 0 <= span.start < span.end <= len(text.raw), value
    return [value for value, _ in found]


def examples() -> list[tuple[str, str, list[object]]]:
    """(variable, sentence, what comes out) of every example in the four tables."""
    cases: list[tuple[str, str, list[object]]] = []
    for group in table("actors")["example"]:
        cases.extend((group["variable"], sentence, wanted) for sentence, wanted in group["yields"])
        cases.extend((group["variable"], sentence, []) for sentence in group.get("ignores", ()))
    for key, variable in (("example", "claims"), ("chant_example", "chants")):
        for group in table("claims")[key]:
            cases.extend((variable, sentence, wanted) for sentence, wanted in group["yields"])
            cases.extend((variable, sentence, []) for sentence in group.get("ignores", ()))
    for group in table("outcomes")["example"]:
        cases.extend(("outcomes", sentence, [tuple(wanted)]) for sentence, *wanted in group["yields"])
        cases.extend(("outcomes", sentence, []) for sentence in group.get("ignores", ()))
    for group in table("outcomes")["comparison_example"]:
        cases.extend(("comparison", sentence, wanted) for sentence, *wanted in group["yields"])
        cases.extend(("comparison", sentence, []) for sentence in group.get("ignores", ()))
    return cases


@pytest.mark.parametrize(("variable", "sentence", "wanted"), examples())
def test_the_examples_of_the_codebook(
    variable: str, sentence: str, wanted: list[object], gazetteer: Gazetteer, mark_text: MarkText
) -> None:
    """What the codebook says is read is read, what it says is ignored is ignored."""
    assert code(variable, mark_text(sentence), gazetteer) == wanted


def test_issues_follow_from_the_words_of_claims() -> None:
    """Every issue example holds, and a claim in no list has no issue."""
    for group in table("claims")["issue_example"]:
        for claim, wanted in group["yields"]:
            assert list(tag_issues([claim])) == wanted
    assert tag_issues(["for something else altogether"]) == ()


def test_a_claim_is_short(gazetteer: Gazetteer, mark_text: MarkText) -> None:
    """A claim has at most fifteen words, as CCC's have."""
    sentence = "They marched against " + " ".join(["bad"] * 40) + " things."
    claims = code("claims", mark_text(sentence), gazetteer)
    assert claims
    assert len(str(claims[0]).split()) <= CLAIM_WORDS + 1


def test_a_private_person_is_neither_speaker_nor_target(gazetteer: Gazetteer, mark_text: MarkText) -> None:
    """Private people who spoke, or at whom it was directed, are not listed."""
    marks = mark_text("Denise Harkover, a nurse, addressed the rally. Then they marched against Alf Tranmore, a landlord.")
    assert code("speakers", marks, gazetteer) == []
    assert code("targets", marks, gazetteer) == []


def make_event(event_id: str, **fields: object) -> CandidateEvent:
    """An event of which only the named fields matter."""
    given = {"event_type": "march", "locality": "Leeds", "country": "GB", "date_start": dt.date(2016, 7, 30)} | fields
    given.setdefault("date_end", given["date_start"])
    return CandidateEvent(event_id=event_id, quote_span=Span(start=0, end=0), **given)  # type: ignore[arg-type]


def test_a_counter_protest_is_tied_to_its_target() -> None:
    """The same town and day ties them; another town, another day or another march does not."""
    events = [
        make_event("elsewhere", locality="Hull"),
        make_event("earlier", date_start=dt.date(2016, 7, 29)),
        make_event("target"),
        make_event("counter", event_type="counter-protest"),
    ]
    macro = code_macroevents(events)
    assert set(macro) == {"target", "counter"}
    assert macro["target"] == macro["counter"]


def test_a_lone_counter_protest_has_no_macroevent() -> None:
    """Without an event that it can have met, a counter-protest is tied to nothing."""
    assert code_macroevents([make_event("counter", event_type="counter-protest"), make_event("b", locality="Hull")]) == {}


def test_a_named_day_ties_the_events_that_name_it(mark_text: MarkText) -> None:
    """ "March for Science" in an event's own words is its series; an event without such words has none."""
    marks = mark_text("In Leeds 300 joined the March for Science. In Hull 20 tenants picketed the bank.")
    sentences = marks.text.sentences
    located = [Located(make_event("leeds"), [sentences[0]]), Located(make_event("hull", locality="Hull"), [sentences[1]])]
    assert code_series(marks, located) == {"leeds": "March for Science"}


def draft_of(marks: Marks, *sentences: int) -> Draft:
    """A draft whose units are whole sentences."""
    account = Account()
    for s in sentences:
        first, end = marks.text.sentences[s]
        account.add(Unit(s, first, end, 1.0, triggers=marks.triggers_in[s], sizes=marks.sizes_in[s], dates=marks.dates_in[s]))
    return Draft(account)


def test_details_are_added_with_their_statements(gazetteer: Gazetteer, mark_text: MarkText) -> None:
    """Every value has a statement whose span points at the words; following sentences count, those of another event do not."""
    raw = (
        "Nurses marched in Leeds on Saturday, chanting “Save our ward”, to demand higher pay. "
        "Police arrested 12 protesters. “I was scared,” said Ann Other, 34. "
        "In Hull students rallied against the war. Police arrested three people."
    )
    marks = mark_text(raw)
    pairs = [(draft_of(marks, 0), make_event("leeds")), (draft_of(marks, 3), make_event("hull"))]
    leeds, hull = add_details(marks, pairs, gazetteer)
    assert (leeds.participants, leeds.claims, leeds.chants) == (("nurses",), ("for higher pay",), ("Save our ward",))
    assert (hull.participants, hull.claims, hull.issues) == (("students",), ("against the war",), ("war",))
    assert [o.low for o in leeds.outcomes] == [12]
    assert [o.low for o in hull.outcomes] == [3]
    for event in (leeds, hull):
        assert len({s.statement_id for s in event.statements}) == len(event.statements) > 0
        assert all(raw[s.span.start : s.span.end] == s.quote for s in event.statements)
    assert "Ann Other" not in repr([leeds, hull])


def test_a_statement_keeps_its_id_when_another_part_changes(gazetteer: Gazetteer, mark_text: MarkText) -> None:
    """The id is made of words and values, not of offsets (design.md)."""
    one, two = mark_text("Nurses marched in Leeds."), mark_text("It rained. Nurses marched in Leeds.")
    object.__setattr__(one.report, "given_id", "r")
    object.__setattr__(two.report, "given_id", "r")
    first = add_details(one, [(draft_of(one, 0), make_event("e"))], gazetteer)[0]
    second = add_details(two, [(draft_of(two, 1), make_event("e"))], gazetteer)[0]
    assert [s.statement_id for s in first.statements] == [s.statement_id for s in second.statements] != []


def test_no_drafts_no_events(gazetteer: Gazetteer, mark_text: MarkText) -> None:
    """A report without an event has no details."""
    assert add_details(mark_text("It rained in Leeds."), [], gazetteer) == []

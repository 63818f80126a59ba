"""What is packed into one column comes out as the same noun; a hash changes with everything that a reading depends on."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import full_event
from headcount.linkage import describe_account
from headcount.models import Comparison, Event, EventSize, Outcome, Problem, Reading, Report, Span
from headcount.record.packing import (
    failed,
    fold_key,
    hash_content,
    hash_problem,
    make_storable,
    pack_account,
    pack_candidate,
    pack_event,
    unpack_account,
    unpack_candidate,
    unpack_event,
)

REPORT = Report(
    text="Words.",
    given_id="x",
    published=dt.date(2022, 5, 17),
    publisher="Post",
    title="News",
    url="https://example.org",
    country="GB",
)


def derived_event(**changed: object) -> Event:
    candidate = full_event()
    shared = {one.name for one in fields(Event)} & {one.name for one in fields(candidate)}
    same = {name: getattr(candidate, name) for name in shared - {"sizes"}}
    size = EventSize(
        text="up to 10,000", low=None, high=10_000, vague=False, claimant_role="organisers", claimant="", scope="total",
        unit="people", report_id="x", candidate_id="e-1", statement_id="s-1",
    )  # fmt: skip
    return Event(**{**same, "event_id": "ev-1", "sizes": (size,), **changed})  # type: ignore[arg-type]


def test_a_candidate_event_comes_back_with_its_statements_by_column() -> None:
    """Every field is as it was; the statements, which have rows of their own, are left by their ids."""
    event = full_event()
    packed = unpack_candidate(pack_candidate(event))
    assert packed.event == replace(event, statements=())
    assert packed.lineage == {"size_high": ["s-1"], "locality": ["s-2"]}


def test_an_event_comes_back_as_it_was() -> None:
    """Dates, tuples, mappings and unknown values survive; None is not zero, an empty tuple is not None."""
    span = Span(start=0, end=3)
    event = derived_event(
        date_end=None,
        outcomes=(Outcome(variable="arrests", text="three", low=3, high=3, span=span),),
        comparisons=(Comparison(direction="larger", compared_with="", text="larger", span=span),),
        others={"locality": ("Hull", "Leeds")},
        lineage={"locality": ("s-1",), "size_low": ()},
    )
    assert unpack_event(pack_event(event)) == event


def test_an_event_without_others_and_lineage_can_be_packed() -> None:
    """Its empty mappings are read-only views, which JSON does not know."""
    again = unpack_event(pack_event(derived_event()))
    assert (dict(again.others), dict(again.lineage)) == ({}, {})


def test_an_account_comes_back_as_it_was() -> None:
    """What linkage compares is kept, hashes and all."""
    event = replace(full_event(), quote_span=Span(start=0, end=5), statements=())
    account = describe_account(event, replace(REPORT, text="Thousands rallied in Leeds on Saturday."), candidate_id="e-1")
    assert unpack_account(pack_account(account)) == account


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", "Other."), ("published", None), ("publisher", None), ("title", "Olds"), ("url", None), ("country", "IE"),
    ],
)  # fmt: skip
def test_the_hash_changes_with_what_a_reading_depends_on(field: str, value: object) -> None:
    """A report whose day or home changes is read differently: it is no duplicate."""
    assert hash_content(replace(REPORT, **{field: value})) != hash_content(REPORT)


def test_the_hash_is_the_same_whatever_the_id_and_the_place() -> None:
    """The same text in another file, under another id, is the same report."""
    assert hash_content(replace(REPORT, given_id="y", record="b.jsonl:4")) == hash_content(REPORT)


def test_the_hash_of_a_report_never_changes() -> None:
    """A record that was made by an earlier release knows its reports again."""
    assert hash_content(REPORT) == "d9c9464c545bba0e8a493a04ad775922"


def test_neighbouring_fields_do_not_run_into_each_other() -> None:
    """A title moved to the publisher is another report."""
    assert hash_content(replace(REPORT, title="a", publisher=None)) != hash_content(replace(REPORT, title=None, publisher="a"))


def test_a_problem_is_known_by_stage_record_and_reason() -> None:
    """The same failure met again is the same problem; half characters in a path do no harm."""
    assert hash_problem("a", "b", "c") == hash_problem("a", "b", "c")
    assert len({hash_problem("a", "b", "c"), hash_problem("ab", "", "c"), hash_problem("a", "b", "d\ud800")}) == 3


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\0\ud800\udfff"))))
def test_storable_text_has_the_length_of_the_text(text: str) -> None:
    """One character for one, so that no span moves; what can be stored stays as it is."""
    stored = make_storable(text)
    assert len(stored) == len(text)
    assert "\0" not in stored
    assert stored.encode().decode() == stored
    assert all(new == old for new, old in zip(stored, text, strict=True) if old != "\0" and not "\ud800" <= old <= "\udfff")
    assert make_storable(stored) is stored


@pytest.mark.parametrize(
    ("name", "key"),
    [("São Paulo", "sao paulo"), ("ÉVRY", "evry"), ("King’s Lynn", "king's lynn"), ("…", "…"), ("x" * 999, "x" * 120)],
)
def test_a_name_is_found_without_case_and_accents(name: str, key: str) -> None:
    """What a person types on any keyboard finds the town."""
    assert fold_key(name) == key


def test_a_reading_with_a_fatal_problem_has_failed() -> None:
    """A doubt is no failure."""
    doubt = Problem(stage="sources", record="a", reason="b", fatal=False)
    assert not failed(Reading(report=REPORT, problems=(doubt,)))
    assert failed(Reading(report=REPORT, problems=(doubt, replace(doubt, fatal=True))))

"""An event's size over all reports, by section 5 of the codebook."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.coding.quantities import read_size_phrase
from headcount.models import ClaimantRole, EventSize, Scope
from headcount.reconcile.sizes import ReconciledSize, reconcile_size

FIGURE = st.integers(1, 1_000_000)
CLOSED = st.tuples(FIGURE, FIGURE).map(sorted).map(tuple)
ENDS = st.one_of(CLOSED, FIGURE.map(lambda n: (n, n)), FIGURE.map(lambda n: (n, None)), FIGURE.map(lambda n: (None, n)))
ROLES = st.sampled_from(["police", "organisers", "report"])
VAGUE = st.sampled_from(["dozens", "hundreds", "thousands", "tens of thousands", "millions"])
COUNTER = iter(range(10**9))


def told(
    words: str = "",
    *,
    ends: tuple[int | None, int | None] | None = None,
    role: ClaimantRole = "report",
    scope: Scope = "total",
    unit: str = "people",
    vague: bool = False,
    expected: bool = False,
) -> EventSize:
    """A size statement, of words or of two ends."""
    if ends is None:
        found = read_size_phrase(words)
        ends, vague = ((found.low, found.high), found.vague) if found is not None else ((None, None), False)
    return EventSize(
        text=words, low=ends[0], high=ends[1], vague=vague, claimant_role=role, claimant="", scope=scope, unit=unit,
        report_id="r", candidate_id="c", statement_id=f"s-{next(COUNTER)}", expected=expected,
    )  # fmt: skip


def ends_of(size: ReconciledSize) -> tuple[int | None, int | None]:
    return size.low, size.high


@pytest.mark.parametrize(
    ("accounts", "ends", "derived"),
    [
        ([["500"], ["2,000"]], (500, 2000), False),
        ([["hundreds"], ["about 400"]], (400, 400), False),
        ([["1,500"], ["thousands"]], (1500, 2000), False),
        ([["over 100,000"], ["20,000"]], (20_000, None), False),
        ([["up to 10,000"]], (None, 10_000), False),
        ([["a crowd"], ["300"]], (300, 300), False),
        ([[], ["a large crowd"]], (None, None), False),
    ],
)
def test_the_examples_of_the_codebook_across_reports(
    accounts: list[list[str]], ends: tuple[int | None, int | None], derived: bool
) -> None:
    """The lowest low and the highest high, whoever claims them and in whichever report; unknown is never zero."""
    for order in (accounts, accounts[::-1]):
        size = reconcile_size([[told(words) for words in account] for account in order])
        assert (ends_of(size), size.derived) == (ends, derived)


def test_parts_count_only_where_no_report_gives_a_total() -> None:
    """ "500 inside the hall" in one paper is no total beside "2,000" in another."""
    part, total = told("500", scope="part"), told("2,000")
    assert ends_of(reconcile_size([[part], [total]])) == (2000, 2000)
    assert reconcile_size([[part], [total]]).derived is False


def test_parts_are_added_up_report_by_report() -> None:
    """Two papers that tell of the same two columns do not make the march twice as long."""
    columns = [told("300", scope="part"), told("400", scope="part")]
    again = [told("300", scope="part"), told("450", scope="part")]
    size = reconcile_size([columns, again])
    assert (ends_of(size), size.derived) == ((700, 750), True)
    assert set(size.gives_low) == {one.statement_id for one in (*columns, *again)}


def test_a_number_over_several_days_gives_no_size() -> None:
    """A cumulative figure alone gives none, and it does not decide the unit either."""
    days = told("50,000", scope="cumulative")
    assert ends_of(reconcile_size([[days]])) == (None, None)
    tractors = told("40", unit="tractors")
    assert reconcile_size([[days], [tractors]])[:3] == (40, 40, "tractors")


def test_other_units_are_left_out_beside_people() -> None:
    """40 tractors are no 40 people: where people are counted the event's size is of people alone."""
    size = reconcile_size([[told("40", unit="tractors")], [told("300")], [told("25", unit="tractors")]])
    assert size[:3] == (300, 300, "people")
    only = reconcile_size([[told("40", unit="tractors")], [told("25", unit="tractors"), told("90", unit="boats")]])
    assert only[:3] == (90, 90, "boats")


def test_what_was_expected_beforehand_decides_nothing() -> None:
    """A number expected of a planned event stays beside the range."""
    assert ends_of(reconcile_size([[told("5,000", expected=True)], [told("800")]])) == (800, 800)


def test_each_end_leads_to_the_statements_that_give_it() -> None:
    """The low end leads to the police, the high one to the organisers, and neither to a vague word that was left out."""
    police, organisers, vague = told("500", role="police"), told("2,000", role="organisers"), told("hundreds")
    size = reconcile_size([[vague, police], [organisers]])
    assert size.gives_low == (police.statement_id,)
    assert size.gives_high == (organisers.statement_id,)
    assert (size.claimant_role, size.gives_role) == ("police", (police.statement_id,))


def test_a_vague_word_beyond_the_numbers_gives_its_low_end() -> None:
    """Police 1,500 and "thousands": the high end is 2,000, and it is the vague word that gives it."""
    police, vague = told("1,500", role="police"), told("thousands")
    size = reconcile_size([[police], [vague]])
    assert (size.gives_low, size.gives_high) == ((police.statement_id,), (vague.statement_id,))


NUMBERS = st.lists(st.lists(st.builds(lambda ends, role: told(ends=ends, role=role), ENDS, ROLES), max_size=3), max_size=5)
NOISE = st.lists(
    st.one_of(
        VAGUE.map(told),
        FIGURE.map(lambda n: told(ends=(n, n), scope="part")),
        FIGURE.map(lambda n: told(ends=(n, n), scope="cumulative")),
        FIGURE.map(lambda n: told(ends=(n, n), unit="tractors")),
        FIGURE.map(lambda n: told(ends=(n, n), expected=True)),
        st.just(told("a crowd")),
    ),
    max_size=4,
)


@given(accounts=NUMBERS.filter(any), noise=NOISE, more=ENDS, data=st.data())
def test_one_more_number_never_narrows_the_range_of_the_numbers(
    accounts: list[list[EventSize]], noise: list[EventSize], more: tuple[int | None, int | None], data: st.DataObject
) -> None:
    """Where a number of people is told at all, one more moves no end that is known inwards, in a report of its own or in another.

    An end that is open is unknown, not infinite: "up to 10,000" has no low end, and "500" beside it gives one. A vague word is no
    number: "hundreds" alone is 200 to 999, and "400" beside it makes it 400.
    """
    before = reconcile_size([*accounts, noise])
    place = data.draw(st.integers(0, len(accounts)))
    number = told(ends=more)
    wider = [[*one, number] if at == place else one for at, one in enumerate(accounts)]
    after = reconcile_size([*wider, *([[number]] if place == len(accounts) else []), noise])
    if before.low is not None:
        assert after.low is None or after.low <= before.low
    if before.high is not None:
        assert after.high is None or after.high >= before.high


@given(accounts=NUMBERS, noise=NOISE)
def test_every_number_lies_inside_the_range(accounts: list[list[EventSize]], noise: list[EventSize]) -> None:
    """Whatever else is told, no total of any report lies outside the ends that are known."""
    size = reconcile_size([noise, *accounts])
    for one in (one for account in accounts for one in account):
        for end in (one.low, one.high):
            if end is not None:
                assert size.low is None or size.low <= end
                assert size.high is None or end <= size.high


ANY = st.lists(
    st.lists(
        st.builds(
            lambda ends, vague, scope, unit, role: told(ends=ends, vague=vague, scope=scope, unit=unit, role=role),
            ENDS | st.just((None, None)),
            st.booleans(),
            st.sampled_from(["total", "peak", "part", "cumulative"]),
            st.sampled_from(["people", "tractors"]),
            ROLES,
        ),
        max_size=3,
    ),
    max_size=5,
)


@given(accounts=ANY, data=st.data())
def test_the_order_of_reports_changes_neither_the_range_nor_its_statements(
    accounts: list[list[EventSize]], data: st.DataObject
) -> None:
    """Only whose number is called the first depends on the order in which accounts are given."""
    one = reconcile_size(accounts)
    other = reconcile_size(data.draw(st.permutations(accounts)))
    assert one[:4] == other[:4]
    assert set(one.gives_low) == set(other.gives_low)
    assert set(one.gives_high) == set(other.gives_high)


@given(accounts=ANY)
def test_every_end_has_its_statements(accounts: list[list[EventSize]]) -> None:
    """An end that is known leads to a statement that gives it; an end that is open to none."""
    size = reconcile_size(accounts)
    assert bool(size.gives_low) == (size.low is not None) or size.derived
    assert bool(size.gives_high) == (size.high is not None)
    assert bool(size.gives_role) == (size.claimant_role is not None)


@given(accounts=ANY, data=st.data())
def test_a_number_told_again_changes_nothing(accounts: list[list[EventSize]], data: st.DataObject) -> None:
    """An agency's story in five papers gives the same range as in one."""
    if accounts:
        copy = data.draw(st.sampled_from(accounts))
        assert reconcile_size([*accounts, copy])[:4] == reconcile_size(accounts)[:4]

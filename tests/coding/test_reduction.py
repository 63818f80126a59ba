"""The size of an event from its size statements: the codebook's rules of section 5, example by example."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.coding.quantities import read_size_phrase
from headcount.coding.reduction import Reduced, reduce_sizes
from headcount.models import ClaimantRole, Scope, Size, Span

HERE = Span(start=0, end=0)


def size(words: str, role: ClaimantRole = "report", scope: Scope = "total") -> Size:
    """The statement that the words make."""
    found = read_size_phrase(words)
    if found is None:
        return Size(text=words, low=None, high=None, scope=scope, claimant_role=role, span=HERE)
    return Size(text=words, low=found.low, high=found.high, vague=found.vague, scope=scope, claimant_role=role, span=HERE)


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["500", "2,000"], (500, 2000)),
        (["hundreds", "about 400"], (400, 400)),
        (["thousands", "12,000"], (12_000, 12_000)),
        (["1,500", "thousands"], (1500, 2000)),
        (["hundreds"], (200, 999)),
        (["hundreds", "thousands"], (200, 9999)),
        (["up to 10,000"], (None, 10_000)),
        (["over 2,000"], (2000, None)),
        (["over 100,000", "20,000"], (20_000, None)),
        (["over 2,000", "5,000"], (2000, 5000)),
        (["up to 10,000", "500"], (500, 10_000)),
        (["up to 10,000", "20,000"], (None, 20_000)),
        (["between 300 and 400", "350"], (300, 400)),
        (["fewer than 50"], (None, 50)),
        (["millions", "300,000"], (300_000, 2_000_000)),
        (["millions"], (2_000_000, None)),
        (["a crowd"], (None, None)),
        (["a large crowd", "300"], (300, 300)),
        ([], (None, None)),
    ],
)
def test_the_examples_of_the_codebook(words: list[str], ends: tuple[int | None, int | None]) -> None:
    """The lowest low and the highest high, a vague word beside a number as section 5 says; null is unknown, never zero."""
    for order in (words, words[::-1]):
        reduced = reduce_sizes([size(one) for one in order])
        assert (reduced.low, reduced.high, reduced.derived) == (*ends, False)


def test_the_claimant_is_that_of_the_first_number() -> None:
    """Police 500 and organisers 2,000: whoever claims them, both count; the first number that decides names the claimant."""
    police, organisers = size("500", "police"), size("2,000", "organisers")
    assert reduce_sizes([police, organisers]) == Reduced(500, 2000, "police", False)
    assert reduce_sizes([organisers, police]) == Reduced(500, 2000, "organisers", False)
    assert reduce_sizes([size("hundreds", "witness"), police]).claimant_role == "police"


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([size("1,600", scope="part"), size("600", scope="part")], Reduced(2200, 2200, "report", True)),
        ([size("1,600", scope="part"), size("over 600", scope="part")], Reduced(2200, None, "report", True)),
        ([size("hundreds", scope="part"), size("600", scope="part")], Reduced(800, 1599, "report", True)),
        ([size("500", scope="part"), size("2,000")], Reduced(2000, 2000, "report", False)),
        ([size("500", scope="part"), size("2,000", scope="peak")], Reduced(2000, 2000, "report", False)),
        ([size("50,000", scope="cumulative")], Reduced(None, None, None, False)),
        ([size("50,000", scope="cumulative"), size("2,000")], Reduced(2000, 2000, "report", False)),
        ([size("50,000", scope="cumulative"), size("300", scope="part")], Reduced(300, 300, "report", True)),
    ],
)
def test_scopes(sizes: list[Size], expected: Reduced) -> None:
    """Totals and peaks count; parts are added up only without them; a figure over several days alone gives none."""
    assert reduce_sizes(sizes) == expected


FIGURE = st.integers(1, 1_000_000)
ROLE = st.sampled_from(["police", "organisers", "report"])


def statement(low: int | None, high: int | None, *, vague: bool = False, role: str = "report", scope: str = "total") -> Size:
    return Size(text="", low=low, high=high, vague=vague, claimant_role=role, scope=scope, span=HERE)  # type: ignore[arg-type]


CLOSED = st.tuples(FIGURE, FIGURE).map(sorted).map(tuple)
ENDS = st.one_of(CLOSED, FIGURE.map(lambda n: (n, n)), FIGURE.map(lambda n: (n, None)), FIGURE.map(lambda n: (None, n)))
NUMBERS = st.lists(st.builds(lambda ends, role: statement(*ends, role=role), ENDS, ROLE), min_size=1, max_size=6)
VAGUE_WORDS = st.lists(st.sampled_from(["dozens", "hundreds", "thousands", "tens of thousands", "millions"]).map(size), max_size=3)
ANY = st.lists(
    st.builds(
        lambda ends, vague, scope: statement(*ends, vague=vague, scope=scope),
        ENDS | st.just((None, None)),
        st.booleans(),
        st.sampled_from(["total", "peak", "part", "cumulative"]),
    ),
    max_size=6,
)


@given(sizes=ANY, data=st.data())
def test_the_order_changes_nothing_but_the_claimant(sizes: list[Size], data: st.DataObject) -> None:
    """Whoever is told first, the interval is the same."""
    shuffled = data.draw(st.permutations(sizes))
    assert reduce_sizes(sizes)._replace(claimant_role=None) == reduce_sizes(shuffled)._replace(claimant_role=None)


@given(sizes=ANY)
def test_the_low_end_is_not_above_the_high_one(sizes: list[Size]) -> None:
    """For any statements; with neither end (no figure that counts, or both ends open) nobody claims the interval."""
    reduced = reduce_sizes(sizes)
    assert reduced.low is None or reduced.high is None or reduced.low <= reduced.high
    counting = [s for s in sizes if s.scope != "cumulative" and (s.low is not None or s.high is not None)]
    assert (reduced.claimant_role is None) == (reduced.low is None and reduced.high is None)
    if not counting:
        assert (reduced.low, reduced.high) == (None, None)


@given(numbers=NUMBERS, vague=VAGUE_WORDS, more=ENDS)
def test_one_more_number_never_narrows_the_range(
    numbers: list[Size], vague: list[Size], more: tuple[int | None, int | None]
) -> None:
    """Figures that were told stay inside: the lowest never rises, the highest never falls, whatever is told besides."""
    before = reduce_sizes(numbers + vague)
    after = reduce_sizes([*numbers, *vague, statement(*more)])
    if before.low is not None and after.low is not None:
        assert after.low <= before.low
    if before.high is not None and after.high is not None:
        assert after.high >= before.high


@given(numbers=NUMBERS, vague=VAGUE_WORDS)
def test_every_number_lies_inside_the_range(numbers: list[Size], vague: list[Size]) -> None:
    """No figure is left out, an open end contains everything beyond it."""
    reduced = reduce_sizes(numbers + vague)
    low, high = reduced.low or 0, reduced.high if reduced.high is not None else math.inf
    for told in numbers:
        assert all(low <= end <= high for end in (told.low, told.high) if end is not None)


@given(ends=CLOSED, vague=st.sampled_from(["dozens", "hundreds", "thousands", "tens of thousands"]))
def test_a_vague_word_beside_a_number_that_reaches_it_is_left_out(ends: tuple[int, int], vague: str) -> None:
    """ "Hundreds … about 400" is 400 to 400; beside a smaller number alone the word counts as its low end."""
    word = size(vague)
    assert word.low is not None
    reduced = reduce_sizes([word, statement(*ends)])
    assert (reduced.low, reduced.high) == ((ends[0], ends[1]) if ends[1] >= word.low else (ends[0], word.low))

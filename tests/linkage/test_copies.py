"""Near-copies of texts: what papers do to a wire story, and what they do not share with one another."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.linkage import COPY_SIMILARITY, are_copies, band_keys, similarity, sketch_text
from headcount.linkage.copies import SKETCH_BYTES

DICE = random.Random(5)
VOCABULARY = [f"{''.join(DICE.choices('aeioulmnrst', k=DICE.randint(3, 9)))}" for _ in range(3000)]


def story(seed: int, words: int = 300) -> str:
    """A text of made words, its own for each seed."""
    dice = random.Random(seed)
    return " ".join(VOCABULARY[int(3000 ** dice.random()) - 1] + ("." if number % 14 == 13 else "") for number in range(words))


def meet(left: str, right: str) -> bool:
    """Whether two texts share a key of the index."""
    return bool(set(band_keys(sketch_text(left))) & set(band_keys(sketch_text(right))))


@pytest.mark.parametrize("seed", range(12))
def test_a_wire_story_cut_to_half_is_found(seed: int) -> None:
    """Under another headline and byline, with another figure, cut to half."""
    whole = "Thousands march\n\n" + story(seed)
    cut = "Anger in the streets\n\nBy Our Own Staff\n\n" + " ".join(story(seed).split()[:150])
    assert meet(whole, cut)
    assert are_copies(sketch_text(whole), sketch_text(cut))


@pytest.mark.parametrize("seed", range(12))
def test_independent_stories_stay_below(seed: int) -> None:
    """Two reporters share names and a quotation of a sentence, not runs of words throughout."""
    quote = story(999, 25)
    left = sketch_text(story(seed) + " " + quote)
    right = sketch_text(story(seed + 100) + " " + quote)
    assert similarity(left, right) < COPY_SIMILARITY


def test_another_figure_changes_nothing() -> None:
    """500 or 2,000: numbers are alike in a sketch."""
    text = story(3, 60)
    assert sketch_text(f"{text} 500 people {text}") == sketch_text(f"{text} 700 people {text}")


def test_a_text_too_short_has_no_sketch() -> None:
    """A headline is like many: it is compared as an account, by its words."""
    assert sketch_text("Two words") == b""
    assert sketch_text("") == b""
    assert band_keys(b"") == ()
    assert similarity(b"", sketch_text(story(1))) == 0.0


def test_a_broken_signature_is_refused() -> None:
    """Half a blob from a table says nothing."""
    with pytest.raises(ValueError, match=f"expected {SKETCH_BYTES} bytes"):
        band_keys(b"1234")


def test_a_signature_is_the_same_everywhere() -> None:
    """Kept in a table for years: a new version of a library must not change it unnoticed."""
    assert band_keys(sketch_text(story(1)))[:2] == KEPT


KEPT = (3845469748250178762, 3069062736082202380)


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_has_a_sketch_like_itself(left: str, right: str) -> None:
    """Whatever signs it holds; and the measure is the same from both sides."""
    one, other = sketch_text(left), sketch_text(right)
    assert len(one) in (0, SKETCH_BYTES)
    assert similarity(one, one) == (1.0 if one else 0.0)
    assert similarity(one, other) == similarity(other, one)
    assert all(-(2**63) <= key < 2**63 for key in band_keys(one))

"""Who gives a number, where one sentence has several: the examples of claimants.toml run in tests/codebook."""

from __future__ import annotations

import pytest

from headcount.coding.claimants import code_claimant
from headcount.coding.sizes import find_sizes
from headcount.text import tokenize


def roles(words: str, publisher: str | None = None) -> list[str]:
    """The role of each number of the words."""
    text = tokenize(words)
    return [code_claimant(text, size, publisher).role for size in find_sizes(text)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Some 5,000 people marched, police said, while organisers put the crowd at 20,000 people.", ["police", "organisers"]),
        ("Police said about 5,000 people marched, organisers 20,000 people.", ["police", "organisers"]),
        ("About 5,000 people (police) marched, or 20,000 people (organisers).", ["police", "organisers"]),
        ("Police estimated the crowd at 500. But witnesses said there were more than 800 people.", ["police", "witness"]),
    ],
)
def test_each_number_has_its_own_claimant(words: str, expected: list[str]) -> None:
    """Two figures of one crowd are told by two sides."""
    assert roles(words) == expected


def test_the_claimant_is_named_by_words_of_the_report() -> None:
    """The words that name the claimant can be shown: a surname, a body, the pronoun of a quotation."""
    for words, named in (
        ("Superintendent Jan Smit was there. Smit said about 300 people had come.", "Smit"),
        ("About 300 people marched, according to the Northern Crowd Study.", "the Northern Crowd Study"),
        ('"There were about 300 people here in the square today," she said.', "she"),
    ):
        text = tokenize(words)
        claimant = code_claimant(text, find_sizes(text)[0])
        assert text.quote(claimant.first, claimant.end) == named


def test_a_paper_that_counts_is_the_report() -> None:
    """A number that the publisher gives under its own name is the report's."""
    assert roles("The Guardian counted 300 people at the gates.", "The Guardian") == ["report"]
    assert roles("The Guardian counted 300 people at the gates.", "Morning Star") == ["media"]

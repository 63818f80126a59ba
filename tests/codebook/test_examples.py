"""The codebook's own examples: what a table says is read is read, what it says is ignored is ignored.

Actors, claims, chants, issues, outcomes and comparisons run in tests/coding/test_details.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headcount.codebook import table
from headcount.coding.claimants import code_claimant
from headcount.coding.crowdwords import find_crowd_words
from headcount.coding.dates import DateReader
from headcount.coding.quantities import read_size_phrase
from headcount.coding.scopes import code_scope
from headcount.coding.sizes import find_sizes
from headcount.text import tokenize

TABLES = sorted((Path(__file__).parents[2] / "src" / "headcount" / "codebook").glob("*.toml"))
RUN_HERE = {"claimants", "crowds", "dates", "scopes", "sizes"}
RUN_WITH_DETAILS = {"actors", "claims", "outcomes"}


def groups_of(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table of a file, an array of tables one by one."""
    for key, held in table(name).items():
        for group in held if isinstance(held, list) else [held]:
            yield key, group


def examples(name: str, kind: str) -> list[Any]:
    """All ``yields`` or ``ignores`` of a file, each with the group that it stands in."""
    return [(group, example) for _, group in groups_of(name) for example in group.get(kind, ())]


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_table_says_why_it_is_there(path: Path) -> None:
    """A word list without a reason is never cleared out."""
    for key, group in groups_of(path.stem):
        assert isinstance(group, dict), f"{path.name}: {key} stands outside a table"
        assert str(group.get("why", "")).strip(), f"{path.name}: [{key}] has no why"


def test_no_example_is_left_out() -> None:
    """A table that gains examples must be run by a test: here, or with the coders of details."""
    with_examples = {path.stem for path in TABLES for _, group in groups_of(path.stem) if group.keys() & {"yields", "ignores"}}
    assert with_examples == RUN_HERE | RUN_WITH_DETAILS


def ends(example: list[Any]) -> tuple[int | None, int | None]:
    """The two ends of an example, ``"open"`` as None."""
    low, high = (None if end == "open" else end for end in example[1:3])
    return low, high


@pytest.mark.parametrize("example", [example for _, example in examples("sizes", "yields")], ids=lambda example: str(example[0]))
def test_a_size_phrase_reads_to_its_interval(example: list[Any]) -> None:
    """Section 5 of the codebook, phrase by phrase."""
    found = read_size_phrase(example[0])
    assert found is not None
    assert (found.low, found.high) == ends(example)


NO_CROWD = ("arrested", "killed", "members")
"""What the table ignores and find_sizes does not: whether such a number is a crowd's is decided later, in filling."""


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(
            sentence,
            marks=pytest.mark.xfail(reason="find_sizes finds people arrested, killed or enrolled, which sizes.toml ignores")
            if any(word in sentence for word in NO_CROWD)
            else (),
        )
        for _, sentence in examples("sizes", "ignores")
    ],
)
def test_a_number_of_something_else_is_no_size(sentence: str) -> None:
    """Fines, miles, signatures, arrests, deaths, members, years and ages."""
    assert [mention.quantity for mention in find_sizes(tokenize(sentence))] == []


@pytest.mark.parametrize(
    ("group", "example"), examples("dates", "yields"), ids=lambda held: str(held[0]) if isinstance(held, list) else ""
)
def test_words_for_a_day_read_to_the_day(group: dict[str, Any], example: list[Any]) -> None:
    """Section 3 of the codebook: the days that the words mean, told of something held or planned."""
    words, status, start, end = example
    [mention] = DateReader(tokenize(words), dt.date.fromisoformat(group["published"])).mentions()
    days = mention.past if status == "held" else mention.future
    assert days == (dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(("group", "words"), examples("dates", "ignores"), ids=lambda held: held if isinstance(held, str) else "")
def test_words_that_fix_no_day_fix_none(group: dict[str, Any], words: str) -> None:
    """ "Last week", "recently", the verb march, the modal may, the sun."""
    for mention in DateReader(tokenize(words), dt.date.fromisoformat(group["published"])).mentions():
        assert (mention.kind, mention.past, mention.future) == ("vague", None, None)


@pytest.mark.parametrize(
    "example", [example for _, example in examples("claimants", "yields")], ids=lambda example: str(example[0])
)
def test_a_number_has_its_claimant(example: list[Any]) -> None:
    """Who gives the first number of the sentence, the report itself where nobody is named."""
    sentence, role = example
    text = tokenize(sentence)
    claimant = code_claimant(text, find_sizes(text)[0])
    assert claimant.role == role
    assert (claimant.end > claimant.first) == (
        role not in ("report", "participant") or "us" not in sentence.split() and role != "report"
    )


@pytest.mark.parametrize("example", [example for _, example in examples("scopes", "yields")], ids=lambda example: str(example[0]))
def test_a_number_has_its_scope(example: list[Any]) -> None:
    """What the last number of people in the sentence covers."""
    sentence, scope = example
    text = tokenize(sentence)
    assert code_scope(text, [size for size in find_sizes(text) if size.noun][-1]) == scope


def crowd_words(sentence: str) -> list[str]:
    """The words for a crowd that give no number."""
    text = tokenize(sentence)
    found = find_crowd_words(text, 0, len(text.words), find_sizes(text))
    assert all((mention.quantity.low, mention.quantity.high) == (None, None) for mention in found)
    return [text.quote(mention.first, mention.end) for mention in found]


@pytest.mark.parametrize("example", [example for _, example in examples("crowds", "yields")], ids=lambda example: str(example[0]))
def test_words_for_a_crowd_without_a_number_are_kept(example: list[Any]) -> None:
    """The last row of the codebook's table of sizes: unknown is never zero, and never left out."""
    sentence, words = example
    assert crowd_words(sentence) == [words]


@pytest.mark.parametrize("sentence", [sentence for _, sentence in examples("crowds", "ignores")])
def test_words_that_tell_of_no_crowd_or_of_a_number_are_no_such_words(sentence: str) -> None:
    """ "The crowd" names one told before; a number in the phrase is the size statement."""
    assert crowd_words(sentence) == []

"""Words, sentences and quotations, each with its place in the report's own characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.text import Text, tokenize

PIECES = st.sampled_from(
    [
        "St.",
        "Calif.",
        "U.S.",
        "a.m.",
        "Mr.",
        "3,000",
        "1.5",
        "10k",
        "’s",
        "'s",
        "don’t",
        "“",
        "”",
        '"',
        "'",
        "(",
        ")",
        "…",
        "?!",
        ".",
        ",",
        "-",
        "—",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "\t",
        "\u00a0",
        "É",
        "e\u0301",
        "Łódź",
        "🪧",
        "東京",
        "İ",
        "ß",
        "_",
        "@",
        "#",
        "\x00",
        "Leeds",
        "marched",
        "The",
        "I",
    ]
)
RAW = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80)


def sentences_of(raw: str) -> list[str]:
    """The words of each sentence."""
    text = tokenize(raw)
    return [text.sentence_quote(s) for s in range(len(text.sentences))]


def quoted(text: Text) -> list[str]:
    """The words inside direct quotations, without the marks."""
    return [word for word, inside in zip(text.words, text.quoted, strict=True) if inside and word not in "“”\"'‘’"]


@given(raw=RAW)
def test_every_word_is_at_its_place(raw: str) -> None:
    """The report's own characters at a word's offsets are the word, whatever the text holds; words follow one another."""
    text = tokenize(raw)
    assert [raw[a:b] for a, b in zip(text.starts, text.ends, strict=True)] == text.words
    assert all(a < b for a, b in zip(text.starts, text.ends, strict=True))
    assert all(text.ends[i] <= text.starts[i + 1] for i in range(len(text.words) - 1))
    assert len(text.lower) == len(text.words) == len(text.sentence_of) == len(text.quoted)


@given(raw=RAW)
def test_nothing_but_space_is_left_out(raw: str) -> None:
    """What stands between two words is white space: no character of a report is lost."""
    text = tokenize(raw)
    rest = [*raw]
    for a, b in zip(text.starts, text.ends, strict=True):
        rest[a:b] = [""] * (b - a)
    assert "".join(rest).strip() == ""


@given(raw=RAW)
def test_sentences_hold_every_word_once(raw: str) -> None:
    """Sentences follow one another without gap or overlap, and each knows its words."""
    text = tokenize(raw)
    assert [i for first, end in text.sentences for i in range(first, end)] == list(range(len(text.words)))
    assert [s for s, (first, end) in enumerate(text.sentences) for _ in range(first, end)] == text.sentence_of
    assert all(first < end for first, end in text.sentences)
    assert len(text.paragraph_of) == len(text.sentences)
    assert text.paragraph_of == sorted(text.paragraph_of)


@given(raw=RAW)
def test_a_sentence_never_runs_over_a_line(raw: str) -> None:
    """Split at newlines first (design.md): a headline and the paragraph under it are two."""
    assert [words for words in sentences_of(raw) if "\n" in words] == []


@pytest.mark.parametrize(
    "raw",
    [
        "They marched from St. Paul to Minneapolis.",
        "Some 300 rallied in Fresno, Calif. on Saturday.",
        "Some 300 rallied in Fresno, Calif., on Saturday.",
        "About 40 stood outside the courthouse in Madison, Wis. Saturday.",
        "Rep. Jane Roebottom and Mr. Cole spoke to Dr. J. Q. Smith.",
        "The march began at 3 p.m. on Sept. 9 at the U.S. embassy.",
        "It cost 1.5 million.",
        pytest.param("Some 350 people (from Leeds, Hull, etc.) joined."),
        pytest.param("“We won!” said the chairwoman."),
        pytest.param("“Was it 300?” he asked."),
    ],
)
def test_a_full_stop_that_ends_nothing(raw: str) -> None:
    """After "St.", "Calif.", titles, initials, months, and inside numbers a sentence goes on."""
    assert sentences_of(raw) == [raw]


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        ("They marched. They sang.", 2),
        ("Was it big? It was! Nobody knows…  They left.", 4),
        ("“We won.” Then they left.", 2),
        ("It ended at 3 p.m. The crowd went home.", 2),
        ("He flew to the U.S. The crowd stayed.", 2),
        ("He founded Bread Inc. The crowd stayed.", 2),
        ("Headline without a stop\nThe crowd stayed.", 2),
        ("It was on Main St.\nThe crowd stayed.", 2),
        ("They marched (in the rain.) They sang.", 2),
        ("", 0),
        (" \n\t\n", 0),
        ("word", 1),
    ],
)
def test_a_sentence_ends(raw: str, count: int) -> None:
    """At a full stop before a capital, at ?, ! and …, behind the closing mark, and at every newline."""
    assert len(sentences_of(raw)) == count


def test_lines_are_paragraphs() -> None:
    """Two sentences of one line are one paragraph, a new line begins another."""
    assert tokenize("One. Two.\nThree.\n\nFour.").paragraph_of == [0, 0, 1, 2]


@pytest.mark.parametrize(
    "raw",
    [
        "She said “we will march again and again until they listen” and left.",
        'She said "we will march again and again until they listen" and left.',
        "She said ‘we will march again and again until they listen’ and left.",
        "She said 'we will march again and again until they listen' and left.",
    ],
)
def test_direct_speech_is_marked(raw: str) -> None:
    """In any of the four kinds of marks; what stands outside is not."""
    assert quoted(tokenize(raw)) == "we will march again and again until they listen".split()


@pytest.mark.parametrize(
    "raw",
    [
        "The so-called “march of folly” went on.",
        "The students’ union and the nurses’ union marched together for the wards of the town’s hospital.",
        "It's the town's 1960s hall that they don't want, and the '90s one that they do.",
        "They were 5' tall and 6' tall and 7' tall and they marched on and on.",
    ],
)
def test_a_name_in_marks_and_an_apostrophe_are_no_speech(raw: str) -> None:
    """A few words in quotation marks are a name; apostrophes, decades and feet open nothing."""
    assert quoted(tokenize(raw)) == []


def test_an_open_quotation_ends_with_its_paragraph() -> None:
    """Newspapers leave the mark open where the speech goes on; the report's own words of the next line are not lost."""
    text = tokenize("“We came from far away to be here today.\nSome 300 people marched.")
    assert quoted(text) == "We came from far away to be here today .".split()

"""Number phrases: whatever is built from the grammar reads to the interval that it was built from."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.codebook import table
from headcount.coding.quantities import Quantity, read_quantity, read_size_phrase
from headcount.coding.sizes import find_sizes
from headcount.text import tokenize

BOOK = table("sizes")
ONES = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
          eighteen nineteen""".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


class Phrase(NamedTuple):
    """Words and the interval that they were built from."""

    words: str
    low: int | None
    high: int | None
    vague: bool = False


def spell(number: int, *, joined: str = " and ") -> str:
    """A number in words as British news writes it; ``joined`` stands behind hundreds and thousands."""
    if number < 20:
        return ONES[number - 1]
    if number < 100:
        return TENS[number // 10 - 2] + ("-" + ONES[number % 10 - 1] if number % 10 else "")
    scale, name = (100, "hundred") if number < 1000 else (1000, "thousand") if number < 1_000_000 else (1_000_000, "million")
    head = spell(number // scale, joined=joined) + " " + name
    rest = number % scale
    return head + ((joined if rest < 100 else " ") + spell(rest, joined=joined) if rest else "")


def plain(words: str, number: int) -> Phrase:
    return Phrase(words, number, number)


COUNT = st.integers(1, 9_999_999)
DIGITS = st.one_of(
    COUNT.map(lambda n: plain(str(n), n)),
    COUNT.map(lambda n: plain(f"{n:,}", n)),
    st.tuples(st.integers(1, 999), st.integers(0, 999)).map(lambda t: plain(f"{t[0]} {t[1]:03}", t[0] * 1000 + t[1])),
    st.tuples(st.integers(1, 99), st.integers(0, 99)).map(lambda t: plain(f"{t[0]},{t[1]:02},000", t[0] * 100_000 + t[1] * 1000)),
)
SPELT = st.tuples(COUNT, st.sampled_from([" and ", " "])).map(lambda t: plain(spell(t[0], joined=t[1]), t[0]))
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12, "lakh": 100_000, "crore": 10_000_000}
SCALED = st.one_of(
    st.tuples(st.integers(1, 99), st.sampled_from(sorted(SCALES))).map(lambda t: plain(f"{t[0]} {t[1]}", t[0] * SCALES[t[1]])),
    st.integers(1, 99).map(lambda n: plain(f"{n}.5 million", n * 1_000_000 + 500_000)),
    st.integers(1, 999).map(lambda n: plain(f"{n}k", n * 1000)),
    st.integers(1, 9).map(lambda n: plain(f"{n}m", n * 1_000_000)),
    st.sampled_from(sorted(SCALES)).map(lambda scale: plain(f"a {scale}", SCALES[scale])),
    st.sampled_from(sorted(SCALES)).map(lambda scale: plain(f"half a {scale}", SCALES[scale] // 2)),
    st.sampled_from(sorted(SCALES)).map(lambda scale: plain(f"a couple of {scale}", SCALES[scale] * 2)),
)
VAGUE = st.one_of(
    st.sampled_from(
        [Phrase(words, low, high or None, True) for words, (low, high) in ((k, v) for k, v in BOOK["vague"].items() if k != "why")]
    ),
    st.sampled_from(
        [
            Phrase(f"{several} {unit}", *ends, True)
            for several in BOOK["several"]["words"]
            for unit, ends in BOOK["several"].items()
            if unit not in ("why", "words")
        ]
    ),
)
NUMBER = DIGITS | SPELT | SCALED
CORE = NUMBER | VAGUE


def read(words: str) -> Quantity:
    found = read_size_phrase(words)
    assert found is not None, words
    return found


def assert_reads(words: str, low: int | None, high: int | None, *, vague: bool = False) -> Quantity:
    """The phrase reads to the interval, and nothing of it is left over."""
    found = read(words)
    assert (found.low, found.high, found.vague) == (low, high, vague), words
    assert (found.first, found.end) == (0, len(tokenize(words).words)) or words.startswith("a "), words
    return found


@given(core=CORE)
def test_a_number_reads_to_itself(core: Phrase) -> None:
    """In digits, in words, with a scale, as a share of one; a vague word to the codebook's range."""
    assert_reads(core.words, core.low, core.high, vague=core.vague)


def test_tenths_of_a_million() -> None:
    """ "4.1 million" is 4,100,000, not a million, nor anything lost to the arithmetic of floats."""
    read_as = {n: read_size_phrase(f"{n // 10}.{n % 10} million people") for n in range(11, 100)}
    assert {n: found and found.low for n, found in read_as.items()} == {n: n * 100_000 for n in read_as}


@pytest.mark.parametrize("words", ["at least 300 at most", "no fewer than up to 300", "more than 300 or fewer"])
def test_two_bounds_do_not_lose_the_number(words: str) -> None:
    """Whatever the writer meant, a size statement with both ends null says nothing of the 300 in its words."""
    found = read(words)
    assert 300 in (found.low, found.high)


@given(core=CORE, bound=st.sampled_from(BOOK["bounds"]["low"]))
def test_words_before_a_number_open_it_upwards(core: Phrase, bound: str) -> None:
    """ "Over", "more than", "at least": the low end stands, the high one is open, the hedge is kept."""
    assert bound in assert_reads(f"{bound} {core.words}", core.low, None, vague=core.vague).hedge


@given(core=CORE.filter(lambda core: core.high is not None), bound=st.sampled_from(BOOK["bounds"]["high"]))
def test_words_before_a_number_open_it_downwards(core: Phrase, bound: str) -> None:
    """ "Up to", "no more than", "fewer than": the high end stands, the low one is open."""
    assert bound in assert_reads(f"{bound} {core.words}", None, core.high, vague=core.vague).hedge


@given(core=CORE, hedge=st.sampled_from(BOOK["bounds"]["about"]))
def test_a_hedge_moves_nothing_and_is_kept(core: Phrase, hedge: str) -> None:
    """ "About", "some", "nearly", "an estimated"."""
    assert hedge in assert_reads(f"{hedge} {core.words}", core.low, core.high, vague=core.vague).hedge


@given(core=NUMBER, kind=st.sampled_from(["low", "high", "about"]), data=st.data())
def test_words_behind_a_number_bound_it(core: Phrase, kind: str, data: st.DataObject) -> None:
    """ "2,000 or more", "2,000-plus", "50 at most", "300-odd", "2,000-strong"."""
    suffix = data.draw(st.sampled_from(BOOK["suffixes"][kind]))
    words = core.words + (suffix.replace("- ", "-") if suffix.startswith(("-", "+")) else f" {suffix}")
    assert_reads(words, None if kind == "high" else core.low, None if kind == "low" else core.high)


RANGES = [
    "between {} and {}",
    "from {} to {}",
    "{} to {}",
    "{}-{}",
    "{}–{}",
    "{} or {}",
    "anywhere between {} and {}",
    "{}, perhaps {}",
    "{}, if not {}",
]


def are_ends(ends: tuple[int, int]) -> bool:
    """Low before high, and not so far apart that they share their zeros ("10 to 15,000")."""
    low, high = ends
    return low < high and (low * 100 > high or high % 100 > 0)


@given(ends=st.tuples(st.integers(1, 99_999), st.integers(1, 99_999)).filter(are_ends), form=st.sampled_from(RANGES))
def test_two_numbers_are_a_range(ends: tuple[int, int], form: str) -> None:
    """ "Between 300 and 400", "300–400", "300 or 400"."""
    low, high = ends
    assert_reads(form.format(f"{low:,}", f"{high:,}"), low, high)


@given(
    ends=st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda t: t[0] < t[1]),
    scale=st.sampled_from(sorted(SCALES)),
    form=st.sampled_from(["{} to {}", "{} or {}", "between {} and {}", "{}-{}"]),
    speak=st.booleans(),
)
def test_one_scale_serves_both_ends(ends: tuple[int, int], scale: str, form: str, speak: bool) -> None:
    """ "Two to three dozen", "2 or 3 million", "between 20 and 30 thousand"."""
    low, high = (spell(n) if speak and "-" not in form else str(n) for n in ends)
    assert_reads(form.format(low, high) + f" {scale}", ends[0] * SCALES[scale], ends[1] * SCALES[scale])


@given(core=CORE, noun=st.sampled_from(["people", "protesters", "students and teachers", "striking nurses"]))
def test_a_number_before_a_crowd_is_found_in_a_sentence(core: Phrase, noun: str) -> None:
    """The same interval, and its words are the report's own."""
    raw = f"In Leeds some {core.words} {noun} marched."
    mentions = find_sizes(tokenize(raw))
    if (core.low or 0) >= 10:
        assert [(m.quantity.low, m.quantity.high) for m in mentions] == [(core.low, core.high)]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Around 150 Black Lives Matter protesters gathered outside.", "Around 150 Black Lives Matter protesters"),
        ("Dozens of day laborers turned out.", "Dozens of day laborers"),
        ("That morning 300 University of Ennis (UE) employees rallied.", "300 University of Ennis (UE) employees"),
        ("At least 15,000 conspiracy theorists have come.", "At least 15,000 conspiracy theorists"),
        ("About 2,000 Texans from around the state rallied.", "About 2,000 Texans"),
        ("They met the 20 bigots who had come.", "20 bigots"),
        ("She spoke to a crowd of about 100 on the green.", "about 100"),
        ("Some 1,500 celebrated May Day by marching.", "Some 1,500"),
        ("The two towns saw rallies of 2,000 each.", "2,000"),
        ("The 500,000-strong protests shook the city.", "500,000-strong"),
        ("A group of four activists delayed the drill.", "four activists"),
    ],
)
def test_a_number_of_people_is_found_by_what_stands_around_it(sentence: str, words: str) -> None:
    """Names that hold a unit, an acronym in brackets, nouns that no list holds, and numbers without a noun."""
    text = tokenize(sentence)
    assert [text.quote(m.first, m.end) for m in find_sizes(text)] == [words]


@pytest.mark.parametrize(
    "sentence", ["At 7 pm protesters left.", "For two years students waited.", "Some 20 percent of people agree."]
)
def test_a_unit_before_people_is_still_a_unit(sentence: str) -> None:
    """Only "day laborers" and names such as Black Lives Matter hold the word of a unit."""
    assert find_sizes(tokenize(sentence)) == []


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        ("3,000", 3000, 3000),
        ("some 3,000", 3000, 3000),
        ("roughly 3,000", 3000, 3000),
        ("nearly 3,000", 3000, 3000),
        ("over 2,000", 2000, None),
        ("2,000-plus", 2000, None),
        ("2,000 or more", 2000, None),
        ("2,000-strong", 2000, 2000),
        ("up to 10,000", None, 10_000),
        ("as many as 10,000", None, 10_000),
        ("at most 10,000", None, 10_000),
        ("fewer than 50", None, 50),
        ("under 50", None, 50),
        ("less than 50", None, 50),
        ("between 300 and 400", 300, 400),
        ("300 to 400", 300, 400),
        ("300–400", 300, 400),
        ("300 or 400", 300, 400),
        ("half a dozen", 6, 6),
        ("a dozen", 12, 12),
        ("two dozen", 24, 24),
        ("a couple of dozen", 24, 24),
        ("a handful", 3, 9),
        ("dozens", 24, 99),
        ("several dozen", 36, 99),
        ("a few dozen", 36, 99),
        ("scores", 40, 199),
        ("a couple of hundred", 200, 200),
        ("hundreds", 200, 999),
        ("a few hundred", 300, 999),
        ("many hundred", 300, 999),
        ("thousands", 2000, 9999),
        ("several thousand", 3000, 9999),
        ("many thousands", 3000, 9999),
        ("tens of thousands", 20_000, 99_999),
        ("hundreds of thousands", 200_000, 999_999),
        ("half a million", 500_000, 500_000),
        ("a million", 1_000_000, 1_000_000),
        ("millions", 2_000_000, None),
        ("a lakh", 100_000, 100_000),
        ("a crore", 10_000_000, 10_000_000),
        ("hundreds, possibly thousands", 200, 9999),
    ],
)
def test_the_table_of_section_5(words: str, low: int | None, high: int | None) -> None:
    """Every row of the codebook's table of sizes."""
    found = read(words)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("words", ["a crowd", "a large crowd", "many", "packed", "", "people", "a", "half"])
def test_words_without_a_number_have_none(words: str) -> None:
    """Null is unknown: "a crowd" is no number, and never zero."""
    assert read_size_phrase(words) is None


WORDS = sorted(
    {
        *BOOK["digits"],
        *BOOK["scales"],
        *BOOK["vague"],
        *BOOK["several"]["words"],
        *BOOK["bounds"]["low"],
        *BOOK["bounds"]["high"],
        *BOOK["bounds"]["about"],
        *BOOK["suffixes"]["low"],
        *BOOK["ranges"]["joiners"],
        *BOOK["ranges"]["openers"],
        "a",
        "half",
        "couple",
        "quarter",
        "of",
        "and",
        "people",
        ",",
        "-",
        "–",
        ".",
        "3",
        "300",
        "3,000",
        "1.5",
        "20k",
        "0",
        "000",
        "999999999999",
        "1,00,000",
        "\n",
    }
)


def assert_sound(found: Quantity, count: int) -> None:
    assert found.low is None or found.high is None or found.low <= found.high
    assert 0 <= found.first <= found.core < found.end <= count


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join))
def test_any_words_are_read_without_an_error(words: str) -> None:
    """Whatever words of the grammar follow one another: the low end is not above the high one, nor the words outside the text."""
    text = tokenize(words)
    for i in range(len(text.lower)):
        found = read_quantity(text.lower, i)
        if found is not None:
            assert_sound(found, len(text.lower))
    for mention in find_sizes(text):
        assert_sound(mention.quantity, len(text.lower))
        assert mention.first < mention.end <= len(text.lower)


@given(words=st.text(max_size=60))
def test_any_characters_are_read_without_an_error(words: str) -> None:
    """Digits of other scripts, marks and nonsense."""
    found = read_size_phrase(words)
    if found is not None:
        assert_sound(found, len(tokenize(words).lower))
    assert all(mention.first < mention.end for mention in find_sizes(tokenize(words)))

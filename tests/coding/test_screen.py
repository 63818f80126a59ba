"""The screen: it may let through what tells of nothing, it must not lose what tells of a gathering."""

from __future__ import annotations

import pytest

from golden.compare import read_golden, read_samples
from headcount.codebook import table
from headcount.coding import Reader
from headcount.coding.screen import may_tell

FORMS = table("forms")
LEFT = frozenset(FORMS["screen"]["leave"])
STRONG = sorted(
    {
        phrase
        for group in FORMS["trigger"]
        for kind in ("noun", "plural", "past", "present", "ing", "agent")
        for phrase in group.get(kind, ())
    }
    - LEFT
    | set(FORMS["screen"]["also"])
)


@pytest.mark.parametrize("write", [str, str.upper, str.title], ids=["small", "capitals", "title"])
def test_every_strong_trigger_passes(write: object) -> None:
    """Of the codebook, in any case, alone in a sentence, with its hyphens told with and without space."""
    lost = [
        phrase
        for phrase in STRONG
        for words in (phrase, phrase.replace(" - ", "-").replace(" ' ", "'"), phrase.replace(" ' ", "’ "))
        if not may_tell(f"They saw the {write(words)} there.")  # type: ignore[operator]
    ]
    assert lost == []


@pytest.mark.parametrize("raw", ["sit-\nin", "human\nchain", "COUNTER-PROTEST", "Demonstrators", "took  to the\tstreets"])
def test_line_ends_and_spaces_hide_nothing(raw: str) -> None:
    """Text copied from a page is broken anywhere."""
    assert may_tell(f"There was {raw} in Leeds.")


def test_a_no_break_space_is_a_space() -> None:
    """Web pages are full of them."""
    assert may_tell("There was a human\u00a0chain in Leeds.")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "It rained in Leeds on Saturday.",
        "In March the bank cut its rate.",
        "The archdemonstrative Marchmont.",
        "protestant",
        "1,000",
    ],
)
def test_other_news_is_passed_over(raw: str) -> None:
    """No word of a gathering, the month, and words that only hold one."""
    assert not may_tell(raw)


def test_no_sample_with_an_event_is_lost() -> None:
    """Every sample that tells of an event or of a roll-up passes."""
    lost = [name for name, golden in read_golden().items() if golden["events"] and not may_tell(read_samples()[name].report.text)]
    assert lost == []


def test_the_screen_loses_nothing_that_the_reader_would_find() -> None:
    """On every sample that passes, the screened reading is the unscreened one; none that is stopped holds an event."""
    reader = Reader(screen=False)
    lost = set()
    for name, screened in read_samples().items():
        reading = reader.read(screened.report)
        assert not reading.screened_out
        if (reading.events, reading.rollups) != (screened.events, screened.rollups):
            lost.add(name)
    assert not lost


def test_what_is_screened_out_says_so() -> None:
    """Looked and found none, and the coders were not asked; a report that passes says otherwise."""
    report = next(iter(read_samples().values())).report
    reader = Reader()
    assert not reader.read(report).screened_out
    assert reader.read(type(report)(text="It rained.")).screened_out
    assert not Reader(screen=False).read(type(report)(text="It rained.")).screened_out

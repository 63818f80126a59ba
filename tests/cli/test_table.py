"""The table shows each event with its sentence, apart from roll-ups, at any width, and harms no terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from fakes import full_event
from headcount.cli.table import mark_words, render_reading, write_table
from headcount.models import CandidateEvent, Problem, Reading, Report, Span, Statement


def shown(reading: Reading, *, width: int, colour: bool = False, no_color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        no_color=no_color,
        highlight=False,
        markup=False,
        color_system="standard" if colour else None,
    )
    console.print(render_reading(reading, width=width))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_block_holds_all_and_fits(reading: Reading, width: int) -> None:
    """Title, publisher, date, id; type, date, place, size, sentence; roll-ups said not to be counted."""
    text = shown(reading, width=width)
    assert all(len(line) <= width for line in text.splitlines())
    words = " ".join(text.split())
    for part in [
        "Thousands rally",
        "Leeds Post · 2 Aug 2016 · r1",
        "rally",
        "roll-ups (not counted)",
        "“Organisers said up to 10,000 people",
    ]:
        assert part in words
    if width >= 80:
        for part in ["30–31 Jul 2016", "City Square, Leeds", "up to 10,000", "(organisers)", "(cancelled,", "background)"]:
            assert part in words


def test_a_report_without_events_says_so() -> None:
    """An empty answer means: looked and found none."""
    assert "no event" in shown(Reading(report=Report(text="x", title="T")), width=80)


def test_colour_goes_and_bold_stays_with_no_color(reading: Reading) -> None:
    """NO_COLOR takes the colours; the words that decided are still seen."""
    coloured = shown(reading, width=80, colour=True)
    plain = shown(reading, width=80, colour=True, no_color=True)
    assert "\x1b[1;33mup to 10,000 people\x1b[0m" in coloured
    assert "\x1b[1mup to 10,000 people\x1b[0m" in plain
    assert "\x1b[1;33m" not in plain


def highlighted(event: CandidateEvent) -> list[str]:
    marked = mark_words(event)
    return [marked.plain[span.start : span.end] for span in marked.spans if span.style]


def test_words_that_decided_are_highlighted_despite_a_mask() -> None:
    """The masked sentence is shorter or longer than the text at its span: the words are searched in it."""
    assert highlighted(full_event()) == ["up to 10,000 people", "Leeds"]


def test_of_two_same_words_the_one_at_the_span_is_highlighted() -> None:
    """Where nothing is masked the offset decides."""
    quote = "Leeds fans in Leeds marched."
    statement = Statement(
        statement_id="s", variable="locality", value="Leeds", quote="Leeds", span=Span(start=114, end=119), rule="r"
    )
    event = replace(full_event(), quote=quote, quote_span=Span(start=100, end=100 + len(quote)), statements=(statement,))
    [span] = [span for span in mark_words(event).spans if span.style]
    assert (span.start, span.end) == (15, 20)


def test_statements_outside_the_sentence_highlight_nothing() -> None:
    """A date three paragraphs up is not in it, even when the same word is."""
    statement = Statement(statement_id="s", variable="date", value="x", quote="Saturday", span=Span(start=0, end=8), rule="r")
    assert highlighted(replace(full_event(), statements=(statement,))) == []


def test_nothing_of_a_report_reaches_the_terminal_as_a_command() -> None:
    """Not in the title, the publisher, the id, the sentence or a roll-up; nor is it read as markup."""
    evil = "[red]a\x1b]0;owned\x07b\u202ec\r\x9b2J"
    event = replace(full_event(), quote=evil, location_detail=evil, event_type=evil, date_words=evil, date_start=None)
    report = Report(text="x", title=evil, publisher=evil, given_id=evil)
    text = shown(Reading(report=report, events=(event,)), width=80)
    assert not set(text) & {"\x1b", "\x07", "\r", "\x9b", "\u202e"}
    assert "[red]a" in text


def test_failed_reports_have_no_block() -> None:
    """Standard error tells of them."""
    problem = Problem(stage="sources", record="a", reason="no such file")
    out = io.BytesIO()
    assert len(list(write_table([Reading(report=Report(text=""), problems=(problem,))], out))) == 1
    assert out.getvalue() == b""


def test_the_table_can_be_written_to_a_file(reading: Reading) -> None:
    """As plain text in UTF-8, and the file stays open."""
    out = io.BytesIO()
    assert list(write_table([reading, reading], out)) == [reading, reading]
    assert out.getvalue().decode().count("Thousands rally") == 2
    assert b"\x1b" not in out.getvalue()

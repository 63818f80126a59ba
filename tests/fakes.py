"""A reader that reads almost nothing, but exactly: for the tests of everything around the coding."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
from dataclasses import replace

from headcount.models import (
    CandidateEvent,
    Comparison,
    Outcome,
    Reading,
    Report,
    Rollup,
    Size,
    Span,
    Statement,
)

MARCH = re.compile(r"([\d,]+) marched in (\w+)( on Saturday)?\.")


class MarchReader:
    """Reads "2,000 marched in Leeds on Saturday." and nothing else; some words make it fail or die."""

    def read(self, report: Report) -> Reading:
        if "CRASH" in report.text:
            raise ZeroDivisionError("a coder met the word CRASH")
        if "KILL" in report.text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "marched" not in report.text:
            return Reading(report=report, screened_out=True)
        return Reading(report=report, events=tuple(self.event(report, match) for match in MARCH.finditer(report.text)))

    def event(self, report: Report, match: re.Match[str]) -> CandidateEvent:
        number = int(match[1].replace(",", "") or 0)
        size = Size(text=match[1], low=number, high=number, span=Span(start=match.start(1), end=match.end(1)))
        statement = Statement(
            statement_id=f"s-{match.start()}",
            variable="size",
            value=number,
            quote=match[1],
            span=size.span,
            rule="test",
        )
        return CandidateEvent(
            event_id=f"e-{match.start()}",
            event_type="march",
            date_words=(match[3] or "").strip(),
            locality=match[2],
            country="GB",
            lat=53.8,
            lon=-1.55,
            place_precision="locality",
            sizes=(size,),
            size_low=number,
            size_high=number,
            claimant_role="report",
            quote=match[0],
            quote_span=Span(start=match.start(), end=match.end()),
            statements=(statement,),
        )


def full_event() -> CandidateEvent:
    """An event with every field filled."""
    quote = "Organisers said up to 10,000 people, led by [a student], rallied in Leeds on Saturday."
    span = Span(start=10, end=100)
    inner = Span(start=25, end=38)
    size = Size(
        text="up to 10,000 people",
        low=None,
        high=10_000,
        claimant_role="organisers",
        claimant="Stop the Cuts",
        scope="total",
        hedge="up to",
        span=inner,
        claimant_span=Span(start=10, end=20),
    )
    return CandidateEvent(
        event_id="e-1",
        event_type="rally",
        status="cancelled",
        background=True,
        date_start=dt.date(2016, 7, 30),
        date_end=dt.date(2016, 7, 31),
        date_precision="range",
        date_words="on Saturday",
        locality="Leeds",
        state="England",
        country="GB",
        location_detail="City Square",
        place_words="Leeds",
        lat=53.79648,
        lon=-1.54785,
        geonames_id=2644688,
        place_precision="venue",
        sizes=(size,),
        size_high=10_000,
        size_expected=(replace(size, claimant_role="police", claimant=""),),
        claimant_role="organisers",
        quote=quote,
        quote_span=span,
        inferred=True,
        organizations=("Stop the Cuts",),
        participants=("students",),
        speakers=("Jeremy Corbyn",),
        targets=("the council",),
        claims=("against cuts",),
        chants=("=Tories out",),
        issues=("economy",),
        outcomes=(Outcome(variable="arrests", text="three arrests", low=3, high=3, span=inner),),
        comparison=Comparison(direction="larger", compared_with="last year", text="bigger than last year", span=inner),
        macroevent="m-1",
        series="s-1",
        statements=(
            Statement(
                statement_id="s-1", variable="size_high", value=10_000, quote="up to 10,000 people", span=inner, rule="sizes"
            ),
            Statement(
                statement_id="s-2", variable="locality", value="Leeds", quote="Leeds", span=Span(start=80, end=85), rule="places"
            ),
        ),
    )


def full_reading() -> Reading:
    """A reading with everything in it that a reading can hold."""
    report = Report(
        text="x" * 200,
        given_id="r1",
        published=dt.date(2016, 8, 2),
        publisher="Leeds Post",
        title="Thousands rally",
        record="a.md",
    )
    rollup = Rollup(
        size_text="Thousands of people",
        size_low=2000,
        size_high=9999,
        place="the North",
        quote="Thousands of people marched across the North.",
        span=Span(start=110, end=155),
    )
    return Reading(report=report, events=(full_event(),), rollups=(rollup,))

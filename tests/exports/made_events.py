"""Events made by hand, and every event that Hypothesis can think of: for the tests of the exports."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from headcount.models import Comparison, Event, EventSize, Outcome, Span

SPAN = Span(start=3, end=9)


def make_size(
    low: int | None,
    high: int | None,
    *,
    text: str = "",
    vague: bool = False,
    role: Any = "report",
    claimant: str = "",
    scope: Any = "total",
    unit: str = "people",
    expected: bool = False,
    account: str = "c-1",
) -> EventSize:
    """A size statement; its words are its number where none are given."""
    return EventSize(
        text=text or f"{high if low is None else low:,}",
        low=low,
        high=high,
        vague=vague,
        claimant_role=role,
        claimant=claimant,
        scope=scope,
        unit=unit,
        report_id="r-" + account,
        candidate_id=account,
        statement_id="s-" + account,
        expected=expected,
    )


def outcome(variable: Any, text: str = "", low: int | None = None, high: int | None = None) -> Outcome:
    return Outcome(variable=variable, text=text, low=low, high=high, span=SPAN)


def bare_event(**changes: Any) -> Event:
    """An event of which nothing is known but that it was told."""
    nothing = Event(
        event_id="e-bare",
        event_type="demonstration",
        status="held",
        background=False,
        date_start=None,
        date_end=None,
        date_precision="unknown",
        locality=None,
        state=None,
        country=None,
        location_detail="",
        lat=None,
        lon=None,
        geonames_id=None,
        place_precision="unknown",
        size_low=None,
        size_high=None,
        size_derived=False,
        size_unit="people",
        claimant_role=None,
    )
    return replace(nothing, **changes)


def full_event(**changes: Any) -> Event:
    """An event of which everything is known, told by two reports."""
    everything = bare_event(
        event_id="e-full",
        event_type="march",
        date_start=dt.date(2020, 6, 6),
        date_end=dt.date(2020, 6, 7),
        date_precision="range",
        locality="Portland",
        state="Maine",
        country="US",
        location_detail="Monument Square",
        lat=43.65737,
        lon=-70.2589,
        geonames_id=4975802,
        place_precision="venue",
        size_low=500,
        size_high=2000,
        claimant_role="police",
        sizes=(
            make_size(500, 500, text="about 500 people", role="police"),
            make_size(2000, 2000, text="2,000", role="organisers", claimant="Maine Rising", account="c-2"),
            make_size(1000, None, text="more than 1,000", expected=True, account="c-2"),
            make_size(40, 40, text="40 tractors", unit="tractors", account="c-2"),
        ),
        organizations=("Maine Rising", "Local 12; Section B"),
        participants=("students", "nurses"),
        speakers=("Janet Mills",),
        targets=("the city council",),
        claims=("against cuts to schools, hospitals and libraries", "for 1,000 new beds"),
        chants=("No justice, no peace",),
        issues=("education", "healthcare"),
        outcomes=(
            outcome("arrests", "three arrests", 3, 3),
            outcome("arrests", "five people were arrested", 5, 5),
            outcome("injuries_crowd", "No one was injured", 0, 0),
            outcome("deaths", "one person was killed", 1, 1),
            outcome("police_measures", "riot gear"),
            outcome("chemical_agents", "tear gas"),
            outcome("property_damage", "smashed windows"),
        ),
        comparisons=(Comparison(direction="larger", compared_with="last year", text="bigger than last year", span=SPAN),),
        series="s-1",
        macroevent="m-1",
        quote="Up to 2,000 people marched, organisers said.",
        candidates=("c-1", "c-2"),
        reports=("r-c-1", "r-c-2"),
        witnesses=2,
        others={"date": ("Mon 8 Jun 2020",), "place": ("Portland, Oregon, US",)},
        lineage={"size_low": ("s-c-1",), "size_high": ("s-c-2",)},
    )
    return replace(everything, **changes)


HOSTILE = '=HYPERLINK("http://example.org","x")\r\nsecond "line", \0 \u202etfel ot thgir\u202c 👩\u200d🚒 ' + "long " * 3


def hostile_event() -> Event:
    """An event whose reports were written to hurt whoever opens the table."""
    return bare_event(
        event_id="-e-hostile",
        event_type="+riot",
        locality="@Leeds",
        state="\t=1+1",
        location_detail="\r=1+1",
        quote=HOSTILE,
        organizations=("=cmd|' /C calc'!A0", "-Stop the Cuts"),
        chants=("a | b", HOSTILE),
        claims=("=1+1",),
        size_unit="=tractors",
        sizes=(make_size(None, None, text="=crowd"), make_size(1, 2, text="1–2", role="other", claimant="=Evil & Co")),
        others={"=place": ("=Hull",)},
    )


words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0|"), min_size=1, max_size=20).filter(
    lambda text: not text.startswith("'")
)
"""Any text that a table gives back: no NUL, no bar, which are replaced, and no leading ', which is what guards a formula."""

counts = st.none() | st.integers(0, 10**12)
lists = st.lists(words, max_size=3).map(tuple)
roles = st.sampled_from(("organisers", "police", "officials", "media", "witness", "participant", "other", "report"))
mappings = st.dictionaries(words, st.lists(words, min_size=1, max_size=2).map(tuple), max_size=2)
any_size = st.builds(
    EventSize,
    text=words,
    low=counts,
    high=counts,
    vague=st.booleans(),
    claimant_role=roles,
    claimant=st.just("") | words,
    scope=st.sampled_from(("total", "part", "peak", "cumulative")),
    unit=st.just("people") | words,
    report_id=words,
    candidate_id=words,
    statement_id=st.none() | words,
    expected=st.booleans(),
)
any_outcome = st.builds(
    Outcome,
    variable=st.sampled_from(("arrests", "injuries_crowd", "deaths", "police_measures", "chemical_agents")),
    text=words,
    low=counts,
    high=counts,
    span=st.just(SPAN),
)
any_comparison = st.builds(
    Comparison, direction=st.sampled_from(("larger", "smaller", "same")), compared_with=words, text=words, span=st.just(SPAN)
)
any_event = st.builds(
    Event,
    event_id=words,
    event_type=words,
    status=st.sampled_from(("held", "planned", "cancelled")),
    background=st.booleans(),
    date_start=st.none() | st.dates(),
    date_end=st.none() | st.dates(),
    date_precision=st.sampled_from(("day", "range", "week", "month", "year", "unknown")),
    locality=st.none() | words,
    state=st.none() | words,
    country=st.none() | st.sampled_from(("GB", "US", "PR")),
    location_detail=st.just("") | words,
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    geonames_id=st.none() | st.integers(1, 10**8),
    place_precision=st.sampled_from(("venue", "locality", "region", "country", "unknown")),
    size_low=counts,
    size_high=counts,
    size_derived=st.booleans(),
    size_unit=st.just("people") | words,
    claimant_role=st.none() | roles,
    sizes=st.lists(any_size, max_size=3).map(tuple),
    organizations=lists,
    participants=lists,
    speakers=lists,
    targets=lists,
    claims=lists,
    chants=lists,
    issues=lists,
    outcomes=st.lists(any_outcome, max_size=2).map(tuple),
    comparisons=st.lists(any_comparison, max_size=2).map(tuple),
    series=st.none() | words,
    macroevent=st.none() | words,
    quote=st.just("") | words,
    candidates=lists,
    reports=lists,
    witnesses=st.integers(1, 9),
    others=mappings,
    lineage=mappings,
)

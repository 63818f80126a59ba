"""From drafts to the records that leave the package: candidate events with their statements."""

from __future__ import annotations

import hashlib

from headcount.coding.assemble import BACKGROUND_AT_LEAST, CodedSize, Draft
from headcount.coding.marks import Marks
from headcount.coding.reduction import reduce_sizes
from headcount.gazetteer import Place
from headcount.models import CandidateEvent, DatePrecision, PlacePrecision, Reading, Scope, Size, Span

ACCEPT_AT_LEAST = 0.45
"""Likelihood from which an account is told as an event: chosen on cross-validated whole_f1 of dev and ordinary."""

QUOTE_WORDS = 40
"""Tokens that a quote may hold: one sentence, or its part around the words that decided."""


def build_reading(marks: Marks, drafts: list[Draft], *, accept: float = ACCEPT_AT_LEAST) -> Reading:
    """The reading of a report: its drafts that are likely enough, as candidate events."""
    events = [build_event(marks, draft) for draft in drafts if draft.likely >= accept]
    return Reading(report=marks.report, events=tuple(events))


def build_event(marks: Marks, draft: Draft) -> CandidateEvent:
    """One draft as a candidate event."""
    quote_span = _quote_span(marks, draft)
    quote = marks.text.raw[quote_span.start : quote_span.end]
    sizes = tuple(build_size(marks, size, draft) for size in draft.sizes)
    planned = draft.is_planned
    people = tuple(size for size in sizes if not planned)
    counted = [size for size in people if size.unit == "people"] or list(people)
    reduced = reduce_sizes(counted)
    place: Place | None = draft.place.place if draft.place is not None else None
    area = draft.area.place if draft.area is not None else None
    town = draft.place.town if draft.place is not None else None
    words = ""
    if draft.place is not None:
        words = marks.text.quote(draft.place.first, draft.place.end)
    elif draft.area is not None:
        words = marks.text.quote(draft.area.first, draft.area.end)
    where = place or (draft.place.container if draft.place is not None else area)
    precision: PlacePrecision = "unknown"
    if draft.place is not None and place is None:
        precision = "locality"
    elif place is not None:
        precision = "venue" if place.kind == "landmark" else "locality"
    elif area is not None:
        precision = "country" if area.kind == "country" else "region"
    days = draft.days
    day_words = ""
    day_precision: DatePrecision = "unknown"
    mention = draft.day.mention if draft.day is not None else _null_date(draft)
    if mention is not None:
        day_words = marks.text.quote(mention.first, mention.end)
        day_precision = mention.precision if days is None else "day" if days[0] == days[1] else "range"
    return CandidateEvent(
        event_id="e-" + hashlib.blake2b(f"{marks.report.report_id}\x1f{quote}\x1f{quote_span.start}\x1f{words}".encode("utf-8", "replace"), digest_size=8).hexdigest(),
        event_type=draft.event_type,
        status="planned" if planned else "held",
        background=not planned and draft.background >= BACKGROUND_AT_LEAST,
        date_start=days[0] if days else None,
        date_end=days[1] if days else None,
        date_precision=day_precision,
        date_words=day_words,
        locality=town,
        state=where.state or (where.name if where.kind == "state" else None) if where is not None else None,
        country=where.country if where is not None else None,
        place_words=words,
        lat=place.lat if place is not None else None,
        lon=place.lon if place is not None else None,
        geonames_id=place.geonames_id if place is not None else None,
        place_precision=precision,
        sizes=people,
        size_low=reduced.low,
        size_high=reduced.high,
        size_derived=reduced.derived,
        size_expected=sizes if planned else (),
        size_unit=counted[0].unit if counted else "people",
        claimant_role=reduced.claimant_role,
        quote=quote,
        quote_span=quote_span,
        inferred=draft.day_how == "inherited",
    )


def _null_date(draft: Draft):  # type: ignore[no-untyped-def]
    """The words for a day that fix none ("last week"), or that need the day of publication."""
    for unit in (draft.account.main, *draft.account.units):
        for date in unit.dates:
            return date
    return None


def build_size(marks: Marks, size: CodedSize, draft: Draft) -> Size:
    """A number of a draft as a size statement."""
    q = size.mention.quantity
    scope: Scope = "part" if size.part else "total"
    claimant = size.claimant
    named = claimant.end > claimant.first
    return Size(
        text=marks.text.quote(size.mention.first, size.mention.end),
        low=q.low,
        high=q.high,
        vague=q.vague,
        claimant_role=claimant.role,
        claimant=marks.text.quote(claimant.first, claimant.end) if named else "",
        scope=scope,
        unit=size.mention.unit,
        hedge=q.hedge,
        span=marks.text.span(size.mention.first, size.mention.end),
        claimant_span=marks.text.span(claimant.first, claimant.end) if named else None,
    )


def _quote_span(marks: Marks, draft: Draft) -> Span:
    """The sentence that introduces the event, cut to the words around its trigger where it is long."""
    main = draft.account.main
    first, end = marks.text.sentences[main.sentence]
    if end - first > QUOTE_WORDS:
        first, end = main.first, main.end
        if end - first > QUOTE_WORDS:
            middle = main.place.first if main.place is not None else main.triggers[0].first if main.triggers else first
            first = max(first, min(middle - QUOTE_WORDS // 2, end - QUOTE_WORDS))
            end = min(end, first + QUOTE_WORDS)
    return marks.text.span(first, end)

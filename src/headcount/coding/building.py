"""From drafts to the records that leave the package: candidate events with their statements."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from headcount.coding.assemble import BACKGROUND_AT_LEAST, CodedSize, Draft
from headcount.coding.claimants import code_claimant
from headcount.coding.crowds import size_features
from headcount.coding.crowdwords import find_crowd_words
from headcount.coding.dates import DateMention
from headcount.coding.detail import add_details
from headcount.coding.features import sentence_features
from headcount.coding.linear import Linear
from headcount.coding.marks import Marks
from headcount.coding.persons import find_persons
from headcount.coding.privacy import NameMask, private_names
from headcount.coding.reduction import reduce_sizes
from headcount.coding.scopes import code_scope
from headcount.coding.statements import StatementWriter
from headcount.coding.units import Unit
from headcount.gazetteer import Gazetteer, Place
from headcount.models import CandidateEvent, DatePrecision, PlacePrecision, Reading, Rollup, Scope, Size, Span, Statement
from headcount.wording import write_number_range

ACCEPT_AT_LEAST = 0.54
"""Likelihood from which an account is told as an event: chosen on cross-validated whole_f1 of dev and ordinary."""

QUOTE_WORDS = 40
"""Tokens that a quote may hold: one sentence, or its part around the words that decided."""


def build_reading(
    marks: Marks,
    drafts: list[Draft],
    models: dict[str, Linear] | None = None,
    *,
    accept: float = ACCEPT_AT_LEAST,
    gazetteer: Gazetteer | None = None,
) -> Reading:
    """The reading of a report: its drafts that are likely enough, as candidate events, and its roll-ups.

    With a gazetteer the events have their details and nothing in the reading names a private
    person; without one they have the values that are scored, as in training.
    """
    kept = [draft for draft in drafts if draft.likely >= accept]
    if gazetteer is None:
        return Reading(report=marks.report, events=tuple(build_event(marks, draft) for draft in kept))
    persons = find_persons(marks.text, gazetteer)
    masked = NameMask(marks.report.text, private_names(marks.text, persons))
    writer = StatementWriter(marks.report.report_id, masked)
    events = []
    for draft in kept:
        event = build_event(marks, draft)
        events.append(
            replace(event, event_id=_event_id(marks, event, masked), statements=tuple(_state(marks, draft, event, writer)))
        )
    detailed = add_details(marks, list(zip(kept, events, strict=True)), gazetteer, persons=persons)
    rollups = find_rollups(marks, kept, models, masked) if models is not None else ()
    return Reading(report=marks.report, events=tuple(detailed), rollups=rollups)


def _event_id(marks: Marks, event: CandidateEvent, masked: NameMask) -> str:
    """An id made of the report and of the words that introduce the event, never of an offset."""
    key = "\x1f".join(
        (
            marks.report.report_id,
            masked.at(event.quote_span),
            event.event_type,
            masked.words(event.place_words),
            str(event.date_start),
        )
    )
    return "e-" + hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _state(marks: Marks, draft: Draft, event: CandidateEvent, writer: StatementWriter) -> Iterator[Statement]:
    """A statement for each value that the words of the report give."""
    text, main = marks.text, draft.account.main
    trigger = next((t for t in main.triggers if t.event_type == event.event_type), None) or next(
        (t for u in draft.account.units for t in u.triggers if t.event_type == event.event_type), None
    )
    where = text.span(trigger.first, trigger.end) if trigger is not None else event.quote_span
    yield writer.write("event_type", event.event_type, where, f"forms.{trigger.lemma}" if trigger is not None else "forms")
    yield writer.write("status", event.status, event.quote_span, "judging.planned")
    if event.background:
        yield writer.write("background", True, event.quote_span, "judging.background")
    mention = draft.day.mention if draft.day is not None else _null_date(draft)
    if mention is not None:
        span = text.span(mention.first, mention.end)
        rule = f"dates.{mention.kind}"
        yield writer.write("date_precision", event.date_precision, span, rule)
        if event.date_start is not None and event.date_end is not None:
            yield writer.write("date_start", event.date_start.isoformat(), span, rule)
            yield writer.write("date_end", event.date_end.isoformat(), span, rule)
    place = draft.place or draft.area
    if place is not None:
        span = text.span(place.first, place.end)
        rule = f"places.{draft.place_how}"
        if event.location_detail:
            yield writer.write("location_detail", event.location_detail, span, rule)
        for variable, value in (("locality", event.locality), ("state", event.state), ("country", event.country)):
            if value is not None:
                yield writer.write(variable, value, span, rule)
    for size in (*event.sizes, *event.size_expected):
        yield writer.write(
            "size", write_number_range(size.low, size.high, hedge="", vague=size.vague) or size.text, size.span, "sizes"
        )
        if size.claimant_span is not None:
            yield writer.write("claimant_role", size.claimant_role, size.claimant_span, f"claimants.{size.claimant_role}")


ROLLUP_AT_LEAST = 0.35
"""Likelihood from which a sentence is told as a roll-up."""


def find_rollups(marks: Marks, kept: list[Draft], models: dict[str, Linear], masked: NameMask) -> tuple[Rollup, ...]:
    """The plural and umbrella mentions: kept beside the events with their words, never counted."""
    model, crowd = models["rollup"], models["size"]
    text = marks.text
    told = {u.sentence for draft in kept for u in draft.account.units if u.tells >= 0.5}
    used = {size.mention.at for draft in kept for size in draft.sizes}
    found = []
    for s, (first, end) in enumerate(text.sentences):
        if not (marks.triggers_in[s] or marks.sizes_in[s]):
            continue
        likely = model.probability(sentence_features(marks, s))
        if likely < (ROLLUP_AT_LEAST if s not in told else 0.6):
            continue
        unit = Unit(s, first, end, likely, sizes=marks.sizes_in[s], triggers=marks.triggers_in[s])
        size = next(
            (z for z in marks.sizes_in[s] if z.at not in used and crowd.probability(size_features(marks, unit, z)) >= 0.5), None
        )
        places = [p for p in marks.places_in[s] if p.role != "organisation"]
        span = text.span(first, min(end, first + QUOTE_WORDS))
        found.append(
            Rollup(
                size_text=masked.at(text.span(size.first, size.end)) if size is not None else "",
                size_low=size.quantity.low if size is not None else None,
                size_high=size.quantity.high if size is not None else None,
                place=masked.at(text.span(places[0].first, places[-1].end))
                if places and places[-1].end - places[0].first <= 20
                else masked.at(text.span(places[0].first, places[0].end))
                if places
                else "",
                quote=masked.at(span),
                span=span,
            )
        )
    return tuple(found)


def build_event(marks: Marks, draft: Draft) -> CandidateEvent:
    """One draft as a candidate event."""
    quote_span = _quote_span(marks, draft)
    quote = marks.text.raw[quote_span.start : quote_span.end]
    sizes = tuple(build_size(marks, size) for size in draft.sizes)
    planned = draft.is_planned
    people = () if planned else sizes or _uncounted(marks, draft)
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
        if days is not None:
            day_precision = "day" if days[0] == days[1] else "range"
        elif mention.kind == "vague":
            day_precision = mention.precision
    return CandidateEvent(
        event_id=f"e-{quote_span.start}-{words}",
        event_type=draft.event_type,
        status="cancelled" if draft.cancelled else "planned" if planned else "held",
        background=not planned and draft.background >= BACKGROUND_AT_LEAST,
        date_start=days[0] if days else None,
        date_end=days[1] if days else None,
        date_precision=day_precision,
        date_words=day_words,
        locality=town,
        state=where.state or (where.name if where.kind == "state" else None) if where is not None else None,
        country=where.country if where is not None else None,
        location_detail=words if place is not None and place.kind == "landmark" else "",
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


def _null_date(draft: Draft) -> DateMention | None:
    """The words for a day that fix none ("last week"), or that need the day of publication."""
    for unit in (draft.account.main, *draft.account.units):
        for date in unit.dates:
            return date
    return None


def build_size(marks: Marks, size: CodedSize) -> Size:
    """A number of a draft as a size statement."""
    q = size.mention.quantity
    scope: Scope = "part" if size.part else code_scope(marks.text, size.mention)
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


TOLD_AT_LEAST = 0.5
"""Likelihood from which a sentence tells of a gathering surely enough that its "many people" are the crowd."""


def _uncounted(marks: Marks, draft: Draft) -> tuple[Size, ...]:
    """The words for the crowd of a draft that no number tells of: "a large crowd", with both ends null."""
    found: list[Size] = []
    for unit in draft.account.units:
        if unit.tells < TOLD_AT_LEAST:
            continue
        for mention in find_crowd_words(marks.text, unit.first, unit.end, unit.sizes):
            claimant = code_claimant(marks.text, mention, marks.report.publisher)
            found.append(build_size(marks, CodedSize(mention, unit, part=False, claimant=claimant, likely=0.0)))
        if found:
            return tuple(found)
    return ()


def _quote_span(marks: Marks, draft: Draft) -> Span:
    """The sentence that introduces the event, cut to the words around its trigger where it is long."""
    main = draft.account.quoted or draft.account.main
    first, end = marks.text.sentences[main.sentence]
    if end - first > QUOTE_WORDS:
        first, end = main.first, main.end
        if end - first > QUOTE_WORDS:
            middle = main.place.first if main.place is not None else main.triggers[0].first if main.triggers else first
            first = max(first, min(middle - QUOTE_WORDS // 2, end - QUOTE_WORDS))
            end = min(end, first + QUOTE_WORDS)
    return marks.text.span(first, end)

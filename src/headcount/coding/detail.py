"""The details of finished events: actors, claims, outcomes, comparisons and the ties between them, with their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from headcount.coding.actors import Ranges, Value, code_participants, code_speakers, code_targets
from headcount.coding.assemble import Draft
from headcount.coding.cast import Cast
from headcount.coding.claims import code_chants, code_claims, code_issues
from headcount.coding.links import Located, code_macroevents, find_series
from headcount.coding.marks import Marks
from headcount.coding.organizations import code_organizations
from headcount.coding.outcomes import code_comparison, code_outcomes
from headcount.coding.persons import Person, find_persons
from headcount.coding.phrases import merge_ranges
from headcount.coding.privacy import NameMask, PrivateName, private_names
from headcount.coding.privacy import mask_event as mask_words_of
from headcount.coding.statements import StatementWriter
from headcount.gazetteer import Gazetteer
from headcount.models import CandidateEvent, Statement

FOLLOWING = 4
"""Sentences behind the last words on an event that may still tell of it (arrests, speakers, chants), where the next event
does not begin before. A choice by reading some samples of dev, not tuned against a figure."""

ALONE_FOLLOWING = 12
"""The same where the report tells of one event only."""

KIND_TRIGGERS = 8
"""Words of gathering of one unit whose neighbours are looked at."""

UNIT_TOKENS = 150
"""Tokens of one unit that are read for details: a list of ten thousand towns must not be read once for each."""

BEFORE_GATHERING = 3
"""Words in front of a gathering that say what kind it is: "black lives matter protest"."""


def add_details(
    marks: Marks,
    drafts_and_events: Sequence[tuple[Draft, CandidateEvent]],
    gazetteer: Gazetteer,
    *,
    persons: Sequence[Person] | None = None,
) -> list[CandidateEvent]:
    """The events with their actors, claims, outcomes and ties, a statement for each value, and no private name in any word.

    ``persons`` are those of the report, where the caller has found them already: a quarter of the time of a reading.
    """
    if not drafts_and_events:
        return []
    persons = find_persons(marks.text, gazetteer) if persons is None else persons
    cast = Cast(persons)
    masked = NameMask(marks.report.text, private_names(marks.text, persons))
    writer = StatementWriter(marks.report.report_id, masked)
    own = [_own_ranges(draft) for draft, _ in drafts_and_events]
    following = _following(marks, own)
    cuts = {unit.place.first for draft, _ in drafts_and_events for unit in draft.account.units if unit.place is not None}
    filled: list[CandidateEvent] = []
    for (draft, event), ranges, later in zip(drafts_and_events, own, following, strict=True):
        wide = merge_ranges([*ranges, *later])
        near = merge_ranges([*ranges, *later[:1]])
        organizations = code_organizations(marks, near, cast, gazetteer)
        participants = code_participants(marks, ranges, gazetteer)
        speakers = code_speakers(marks, wide, cast)
        targets = code_targets(marks, ranges, cast)
        claims = code_claims(marks, ranges, cuts=cuts)
        chants = code_chants(marks, wide)
        outcomes = code_outcomes(marks, wide)
        comparison = code_comparison(marks, near)
        issues = code_issues([*claims, *chants] or _kind_words(marks, draft, organizations))
        statements: list[Statement] = list(event.statements)
        for variable, found in (
            ("organizations", organizations), ("participants", participants), ("speakers", speakers),
            ("targets", targets), ("claims", claims), ("chants", chants), ("issues", issues),
        ):  # fmt: skip
            statements.extend(writer.write(variable, value, span, f"coding.{variable}") for value, span in found)
        for outcome in outcomes:
            value = outcome.low if outcome.low is not None else outcome.high
            told = outcome.text if value is None else value
            statements.append(writer.write(outcome.variable, told, outcome.span, "coding.outcomes"))
        if comparison is not None:
            statements.append(writer.write("comparison", comparison.direction, comparison.span, "coding.comparison"))
        filled.append(
            replace(
                event,
                organizations=_values(organizations),
                participants=_values(participants),
                speakers=_values(speakers),
                targets=_values(targets),
                claims=_values(claims),
                chants=_values(chants),
                issues=_values(issues),
                outcomes=outcomes,
                comparison=comparison,
                statements=tuple(statements),
            )
        )
    series = find_series(marks, [Located(event, ranges) for event, ranges in zip(filled, own, strict=True)])
    macro = code_macroevents(filled)
    tied = []
    for event in filled:
        event = replace(event, macroevent=macro.get(event.event_id, event.macroevent))
        if event.event_id in series:
            name, span = series[event.event_id]
            tie = writer.write("series", name, span, "coding.series")
            event = replace(event, series=name, statements=(*event.statements, tie))
        tied.append(event)
    return [mask_words_of(event, masked) for event in tied]


def mask_event(event: CandidateEvent, names: Sequence[PrivateName], marks: Marks) -> CandidateEvent:
    """The event with no private person's name in its words; spans still point into the report.

    For many events of one report make one ``NameMask`` and use ``privacy.mask_event``.
    """
    return mask_words_of(event, NameMask(marks.report.text, names))


def _kind_words(marks: Marks, draft: Draft, organizations: Sequence[Value]) -> list[Value]:
    """Where an event has no claim: the words right in front of its gathering ("immigrant rights march"), and who called it."""
    text = marks.text
    words = list(organizations)
    for unit in draft.account.units:
        for trigger in unit.triggers[:KIND_TRIGGERS]:
            low = max(text.sentences[unit.sentence][0], trigger.first - BEFORE_GATHERING)
            if trigger.kind in ("noun", "plural") and low < trigger.first:
                words.append((" ".join(text.lower[low : trigger.first]), text.span(low, trigger.first)))
    return words


def _values(found: Sequence[Value]) -> tuple[str, ...]:
    return tuple(value for value, _ in found)


def _own_ranges(draft: Draft) -> Ranges:
    """The words of an event's units: whole sentences, or windows where a sentence tells of several."""
    return merge_ranges((unit.first, min(unit.end, unit.first + UNIT_TOKENS)) for unit in draft.account.units)


def _following(marks: Marks, own: Sequence[Ranges]) -> list[list[tuple[int, int]]]:
    """For each event the sentences behind its own that no other event claims, each of them given to one event only."""
    text = marks.text
    owners: dict[int, int] = {}
    for event, ranges in enumerate(own):
        for first, end in ranges:
            for sentence in range(text.sentence_of[first], text.sentence_of[end - 1] + 1):
                owners[sentence] = event  # the last one that the sentence tells of
    reach = ALONE_FOLLOWING if len(own) == 1 else FOLLOWING
    later: list[list[tuple[int, int]]] = [[] for _ in own]
    for sentence, event in sorted(owners.items()):
        for behind in range(sentence + 1, min(sentence + 1 + reach, len(text.sentences))):
            if behind in owners:
                break
            first, end = text.sentences[behind]
            later[event].append((first, min(end, first + UNIT_TOKENS)))
    return later

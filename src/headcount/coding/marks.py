"""Everything the coders mark in one report, ready to be assembled: triggers, sizes, dates and places by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from headcount.coding.dates import DateMention, DateReader
from headcount.coding.forms import Trigger, find_triggers
from headcount.coding.places import PlaceMention, find_places
from headcount.coding.sizes import SizeMention, find_sizes
from headcount.gazetteer import Gazetteer
from headcount.models import Report
from headcount.text import Text, tokenize


@dataclass(slots=True)
class Marks:
    """The marks of one report; the ``*_in`` lists are indexed by sentence."""

    report: Report
    text: Text
    triggers_in: list[list[Trigger]] = field(default_factory=list)
    sizes_in: list[list[SizeMention]] = field(default_factory=list)
    dates_in: list[list[DateMention]] = field(default_factory=list)
    places_in: list[list[PlaceMention]] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    title_words: frozenset[str] = frozenset()
    document: list[str] | None = None
    """Features of the whole report, once they are asked for."""


def mark(report: Report, gazetteer: Gazetteer) -> Marks:
    """Run the coders of words over a report."""
    text = tokenize(report.text)
    marks = Marks(report, text)
    count = len(text.sentences)
    marks.triggers_in = [[] for _ in range(count)]
    marks.sizes_in = [[] for _ in range(count)]
    marks.dates_in = [[] for _ in range(count)]
    marks.places_in = [[] for _ in range(count)]
    marks.dates = DateReader(text, report.published).mentions()
    taken: set[int] = set()
    for date in marks.dates:
        marks.dates_in[text.sentence_of[date.first]].append(date)
        taken.update(range(date.first, date.end))
    for trigger in find_triggers(text):
        if trigger.first not in taken:
            marks.triggers_in[text.sentence_of[trigger.first]].append(trigger)
    for size in find_sizes(text):
        if size.at not in taken:
            marks.sizes_in[text.sentence_of[size.at]].append(size)
    marks.places = find_places(text, report, gazetteer)
    for place in marks.places:
        marks.places_in[text.sentence_of[place.first]].append(place)
    if report.title:
        marks.title_words = frozenset(tokenize(report.title).lower)
    return marks

"""Everything the coders mark in one report, ready to be assembled: triggers, sizes, dates and places by sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from headcount.coding.dates import DateMention, DateReader
from headcount.coding.forms import Trigger, find_triggers
from headcount.coding.places import PlaceMention, find_places
from headcount.coding.sizes import SizeMention, find_sizes
from headcount.coding.stamps import printed_day
from headcount.gazetteer import Gazetteer
from headcount.models import Report
from headcount.text import Text, tokenize

PLACES_OF_A_SENTENCE = 80
"""Place names of one sentence that are told apart: more stand only in tables."""


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
    section_of: list[int] = field(default_factory=list)
    """Number of the section of each sentence: a dateline or a headline of its own begins one."""
    town_counts: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    """How often each town is named, papers and clubs left out."""
    title_words: frozenset[str] = frozenset()
    date_sentences: list[int] | None = None
    """The sentence of each date, once it is asked for."""
    document: list[str] | None = None
    """Features of the whole report, once they are asked for."""


def mark(report: Report, gazetteer: Gazetteer) -> Marks:
    """Run the coders of words over a report."""
    text = tokenize(report.text)
    dates = DateReader(text, report.published).mentions()
    stamp = printed_day(text, dates) if report.published is None else None
    if stamp is not None:
        report = replace(report, published=stamp[0], given_id=report.report_id)
        dates = [d for d in DateReader(text, stamp[0]).mentions() if d.first != stamp[1].first]
    marks = Marks(report, text)
    count = len(text.sentences)
    marks.triggers_in = [[] for _ in range(count)]
    marks.sizes_in = [[] for _ in range(count)]
    marks.dates_in = [[] for _ in range(count)]
    marks.places_in = [[] for _ in range(count)]
    marks.dates = [d for d in dates if not _told_by_dateline(text, d)]
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
        row = marks.places_in[text.sentence_of[place.first]]
        if len(row) < PLACES_OF_A_SENTENCE:
            row.append(place)
    marks.town_counts.update(place.key for place in marks.places if place.role != "organisation")
    marks.section_of = _sections(text)
    if report.title:
        marks.title_words = frozenset(tokenize(report.title).lower)
    return marks


def _told_by_dateline(text: Text, date: DateMention) -> bool:
    """The day in a dateline is the day of writing, not of what is told."""
    s = text.sentence_of[date.first]
    return date.end <= dateline_end(text, s)


_HEADLINE_TOKENS = 8
"""A line of its own with no full stop and at most so many words is a headline."""


_DATELINE_TOKENS = 16
"""Words that a dateline may have: "BARROW-IN-FURNESS, England, March 17 (NPW) -"."""


def dateline_end(text: Text, s: int) -> int:
    """The token of the dash that ends the dateline of sentence ``s``; 0 where it has none."""
    words, starts, ends = text.words, text.starts, text.ends
    first, end = text.sentences[s]
    if not (words[first].isupper() and len(words[first]) > 2):
        return 0
    for j in range(first + 1, min(first + _DATELINE_TOKENS, end - 1)):
        double = words[j] == "-" and words[j + 1] == "-"
        loose = words[j] == "-" and starts[j] > ends[j - 1] and starts[j + 1] > ends[j]
        if words[j] in "—–" or double or loose:
            return j
        if words[j].islower():
            return 0
    return 0


def _sections(text: Text) -> list[int]:
    """The section of each sentence: a page of several stories sets them apart by datelines and headlines."""
    sections: list[int] = []
    section = 0
    words, count = text.words, len(text.sentences)
    for s, (first, end) in enumerate(text.sentences):
        alone = (s == 0 or text.paragraph_of[s - 1] != text.paragraph_of[s]) and (
            s + 1 == count or text.paragraph_of[s + 1] != text.paragraph_of[s]
        )
        headline = alone and end - first <= _HEADLINE_TOKENS and words[end - 1][-1].isalnum()
        dateline = dateline_end(text, s) > 0
        if s and (headline or dateline):
            section += 1
        sections.append(section)
    return sections

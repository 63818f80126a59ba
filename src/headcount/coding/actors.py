"""Who takes part, who speaks, and at whom a gathering is directed (codebook section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from headcount.codebook import table
from headcount.coding.cast import Cast
from headcount.coding.marks import Marks
from headcount.coding.nearby import follows_place, sizes_near, triggers_near
from headcount.coding.persons import Person
from headcount.coding.phrases import Lexicon, clip_to_sentences, split_words, squeeze
from headcount.gazetteer import Gazetteer
from headcount.models import Span
from headcount.text import Text

Value = tuple[str, Span]
"""A value and the words that give it."""

Ranges = Sequence[tuple[int, int]]
"""Token ranges, half-open, that tell of one event."""

_NEAR_TRIGGER = 8
"""Tokens between a kind of people and the word of gathering: "students and their teachers then marched"."""

_BEHIND_A_TARGET = frozenset(
    "in on at and or of for to by with after before as while when where which who that since because during outside from".split()
)

_LIST_NAMES = 6
"""Names that one list of speakers may hold."""


class _Words:
    def __init__(self) -> None:
        book = table("actors")
        people = book["participants"]
        self.kinds = frozenset(word.replace("-", " ").split()[-1] for word in people["kinds"].split())
        self.general = split_words(people["general"])
        self.modifiers = split_words(people["modifiers"].replace("-", " "))
        self.leads = frozenset(people["leads"].split("|"))
        self.before = split_words(people["before"])
        speakers = book["speakers"]
        self.speaks = Lexicon({"behind": speakers["behind_name"].split("|")})
        self.heard = Lexicon({"before": speakers["before_name"].split("|")})
        targets = book["targets"]
        self.at = Lexicon({"place": targets["places"].split("|"), "against": targets["against"].split("|")})
        self.institutions = frozenset(word.replace("-", " ").split()[-1] for word in targets["institutions"].split())
        self.by_themselves = split_words(targets["by_themselves"])
        self.two_words = frozenset(tuple(phrase.split()) for phrase in targets["institution_phrases"].split("|"))
        self.actors = frozenset(word.replace("-", " ").split()[-1] for word in targets["actors"].split())


@cache
def _words() -> _Words:
    return _Words()


def unique(values: Iterable[Value]) -> tuple[Value, ...]:
    """The first mention of each value, whatever its capitals."""
    seen: dict[str, Value] = {}
    for value, span in values:
        seen.setdefault(value.casefold(), (value, span))
    return tuple(seen.values())


def code_participants(marks: Marks, ranges: Ranges, gazetteer: Gazetteer) -> tuple[Value, ...]:
    """Kinds of people who take part: "junior doctors", "taxi drivers"; none where the text says only "people"."""
    text, known = marks.text, _words()
    found: list[Value] = []
    for first, end in clip_to_sentences(text, ranges):
        accepted = -1
        for i in range(first, end):
            word = text.lower[i]
            if word not in known.kinds or text.quoted[i] or i + 1 < end and text.lower[i + 1] in ("'s", "’s", "'", "’"):
                continue
            if i + 1 < end and text.lower[i + 1] in known.kinds:
                continue  # "trade union activists", "student teachers": the last noun
            start = _modified_from(text, i, first, gazetteer)
            if _takes_part(marks, start, i + 1, first, end, accepted):
                value = " ".join(text.words[k] if gazetteer.demonym(text.words[k]) else text.lower[k] for k in range(start, i + 1))
                found.append((squeeze(value.replace(" - ", "-")), text.span(start, i + 1)))
                accepted = i + 1
    return unique(found)


def _modified_from(text: Text, i: int, first: int, gazetteer: Gazetteer) -> int:
    """Where the words begin that say which students or drivers: at most four back."""
    known, start = _words(), i
    while start > first and i - start < 4:
        word = text.lower[start - 1]
        if word in known.modifiers or word in known.kinds:
            start -= 1
        elif word == "-" and start - 1 > first and text.ends[start - 2] == text.starts[start - 1]:
            start -= 2
        elif text.words[start - 1][0].isupper() and gazetteer.demonym(text.words[start - 1]) is not None:
            start -= 1
        else:
            break
    return start


def _takes_part(marks: Marks, start: int, end: int, low: int, high: int, accepted: int) -> bool:
    """Do the people at the tokens ``start`` to ``end`` take part, by the words around them?"""
    text, known = marks.text, _words()
    sentence = text.sentence_of[start]
    for size in sizes_near(marks, start):
        if size.first <= start and end <= size.end and size.noun:
            return True
    before = text.lower[start - 1] if start > text.sentences[sentence][0] else ""
    if before in ("the", "these", "those", "their", "our", "its") and start - 1 > text.sentences[sentence][0]:
        before = text.lower[start - 2]
    elif before in ("the", "these", "those"):
        before = ""
    if before in (",", "and", "&") and accepted >= 0 and start - accepted <= 3:
        return True
    if before == "of":
        return text.lower[max(0, start - 2)] in known.leads or text.lower[max(0, start - 3)] in known.leads
    if before == "by":
        return any(0 <= start - trigger.end <= 2 for trigger in triggers_near(marks, start))
    if before and before not in known.before and not follows_place(marks, start) and not before[0].isdecimal():
        return False
    if before == "with" or before == "from":
        return False
    verbs = [
        t
        for t in triggers_near(marks, start)
        if low <= t.first < high and (t.kind in ("past", "present", "ing", "weak") or t.kind == "noun")
    ]
    return any(end <= t.first <= end + _NEAR_TRIGGER and not _interrupted(text, end, t.first) for t in verbs)


def _interrupted(text: Text, first: int, end: int) -> bool:
    return any(
        text.lower[i] in (";", ":", "who", "that", "which", "police", "against", "where", "if", "said", '"', "“")
        for i in range(first, end)
    )


def code_speakers(marks: Marks, ranges: Ranges, cast: Cast) -> tuple[Value, ...]:
    """Public figures who spoke there, by name. Private people who spoke are never listed."""
    text, known = marks.text, _words()
    found: list[Value] = []
    for first, end in clip_to_sentences(text, ranges):
        everybody = cast.between(first, end)
        here = [person for person in everybody if person.standing == "public"]
        if not here:
            continue
        for hit in known.speaks.find(text.lower, first, end):
            if text.quoted[hit.first]:
                continue
            subject = [
                p
                for p in here
                if p.end <= hit.first and hit.first - p.end <= 14 and not _other_clause(text, p.end, hit.first, everybody)
            ]
            if subject:
                found.append((subject[-1].name, text.span(subject[-1].first, subject[-1].end)))
                found.extend(_listed_before(text, here, subject[-1]))
        for hit in known.heard.find(text.lower, first, end):
            if text.quoted[hit.first]:
                continue
            at, named = hit.end, 0
            for person in here:
                if (
                    person.first >= at
                    and person.first - at <= 12
                    and named < _LIST_NAMES
                    and "." not in text.words[at : person.first]
                ):
                    found.append((person.name, text.span(person.first, person.end)))
                    at, named = person.end, named + 1
    return unique(found)


def _other_clause(text: Text, first: int, end: int, persons: Sequence[Person]) -> bool:
    """Does somebody else, or another clause, stand between a name and the verb?"""
    if any(first <= person.first < end for person in persons):
        return True
    return any(text.lower[i] in (";", ":", "said", "where", "while", "because", "that", "but") for i in range(first, end))


def _listed_before(text: Text, here: Sequence[Person], last: Person) -> list[Value]:
    """Those named in one list before the last speaker: "Jane Doe and Robert Roe addressed the rally"."""
    listed: list[Value] = []
    at = last.first
    for person in reversed([p for p in here if p.end <= last.first]):
        between = text.lower[person.end : at]
        if not between or len(between) > 3 or not all(word in (",", "and", "&", "mp") for word in between):
            break
        listed.append((person.name, text.span(person.first, person.end)))
        at = person.first
    return listed


def code_targets(marks: Marks, ranges: Ranges, cast: Cast) -> tuple[Value, ...]:
    """At whom it was directed: "government", "Turkish embassy"; a private person is none."""
    text, known = marks.text, _words()
    found: list[Value] = []
    for first, end in clip_to_sentences(text, ranges):
        for hit in known.at.find(text.lower, first, end):
            if text.quoted[hit.first]:
                continue
            low = hit.end
            while low < end and text.lower[low] in ("the", "a", "an", "their", "its", "his", "her", "that", "local"):
                low += 1
            for i in range(low, min(end, low + 6)):
                person = cast.at.get(i)
                if person is not None and person.standing == "private":
                    break
                if person is not None and hit.label == "against":
                    found.append((person.name, text.span(i, person.end)))
                    break
                word = text.lower[i]
                listed = known.institutions if hit.label == "place" else known.actors
                behind = text.lower[i + 1] if i + 1 < end else ""
                two = hit.label == "place" and (word, behind) in known.two_words
                if two:
                    found.append((squeeze(text.quote(low, i + 2)), text.span(low, i + 2)))
                    break
                if (
                    word in listed
                    and behind not in known.institutions | {"-"}
                    and (
                        hit.label == "place"
                        or (not behind[:1].isalpha() or behind in _BEHIND_A_TARGET)
                        and behind not in ("'s", "’s")
                    )
                ):
                    if hit.label == "against" and i + 1 in cast.at:
                        continue  # "President Emmanuel Macron"
                    if hit.label == "against" or i > low or word in known.by_themselves:  # "outside the court" says not whose
                        found.append((squeeze(text.quote(low, i + 1)), text.span(low, i + 1)))
                    break
                if not (text.words[i][0].isalnum() or word in ("-", "'s", "’s", ".", "&")) or word in (
                    "in",
                    "on",
                    "and",
                    "for",
                    "to",
                    "who",
                    "by",
                    "with",
                    "at",
                    "against",
                    "over",
                    "the",
                    "a",
                    "from",
                    "around",
                    "of",
                    "near",
                ):
                    break
    return unique(found)

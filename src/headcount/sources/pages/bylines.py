"""Days of publication that stand in a page's visible lines: "Published 3 March 2024", "Updated Tue 4 Mar 2024 18.05 GMT"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from headcount.sources.pages.days import Day, days_in
from headcount.sources.pages.linked import plain
from headcount.sources.pages.markup import is_aside
from headcount.sources.pages.prose import BLOCKS, BREAKS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHANGED: Final = re.compile(
    r"\b(?:updated?|modified|edited|revised|amended|last (?:change|changed|reviewed)|corrected|changed)\b", re.I
)
LABELLED: Final = re.compile(
    r"\b(?:first published|published|posted|publication date|date posted|submitted|released|created|filed|issued)\b", re.I
)
CLOCK: Final = re.compile(
    r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\s*(?:[ap]\.?\s?m\.?)?(?!\w)|\b\d{1,2}\s?[ap]\.?m\b\.?"
    r"|\b(?:GMT|BST|UTC|[ECMP][SD]?T|IST|AE[SD]T|NZ[SD]T|CES?T|SAST|EAT|WAT|HKT|SGT|PKT)\b(?:\s?[+-]\d{1,2}(?::?\d{2})?)?"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\b(?:at|on|date)\b",
    re.I,
)
DATED: Final = re.compile(
    r"(?:^|[\s_-])(?:date\w*|time\w*|published|posted|pubdate|byline|meta|post-info|submitted|info|when)(?=$|[\s_-])", re.I
)
MOVED: Final = re.compile(r"(?:^|[\s_-])(?:updated?|modified|revised)(?=$|[\s_-])", re.I)
TODAY: Final = re.compile(
    r"(?:^|[\s_-])(?:today|current-?date|masthead|top-?bar|site-?date|header-?date|clock|weather)(?=$|[\s_-])", re.I
)
TOLD: Final = re.compile(
    r"\b(?:was|were|will|has|have|died|held|takes? place|date of|deadline|starts?|begins?|from|until|copyright|when)\b|©|\(c\)",
    re.I,
)
"""The line tells of something, or is a notice, and its date is that of what it tells."""

LINE: Final = 240
"""A longer line is a paragraph of the story, and its dates are the story's."""

REST: Final = 70
"""A line that says little more than its date: names, a place, a section."""

ZONE: Final = 300
"""So many characters after the headline a byline stands at most."""

ABOVE_HEADLINE: Final = 4
"""The rank of a bare day above the headline: it may be that of the visit, as mastheads show it."""

LINES: Final = 3000
ABOVE: Final = 3
"""So many lines above the headline a date may stand that is the story's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One visible line: its text, the classes around it, and whether it stands under the headline, before the story."""

    text: str
    named: str
    zone: bool
    after: bool
    above: bool = False
    """Whether it stands just above the headline."""

    label: str = ""
    """The end of the line before it: "Published" and its date may stand in blocks of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A day found in a line. ``changed`` where it is called the day of a change; ``rank`` is lower the surer it is."""

    day: Day
    changed: bool
    rank: int


def lines_of(tree: HtmlElement, *, title: str | None) -> list[Line]:
    """The visible lines of the page without navigation, related stories and comments, in the order in which they stand."""
    headline = plain(title or "")
    lines: list[Line] = []
    after = False
    passed = 0
    before = ""
    for text, named, tag in _runs(tree):
        is_title = tag == "h1" or (len(headline) > 8 and plain(text) == headline)
        if is_title and (not headline or plain(text) == headline):
            after, passed = True, 0
            lines[-ABOVE:] = [replace(line, above=True) for line in lines[-ABOVE:]]
        lines.append(Line(text=text, named=named, zone=after and passed < ZONE and not is_title, after=after, label=before[-60:]))
        before = text
        passed += len(text) if after and not is_title and len(text) > 60 else 0
        if len(lines) >= LINES:
            break
    return lines


def _runs(tree: HtmlElement) -> Iterator[tuple[str, str, str]]:
    """Stretches of text between the borders of blocks, with the classes of what holds them and the block's tag."""
    body = tree.find(".//body")
    pieces: list[str] = []
    names: list[str] = []
    waiting: list[tuple[str, object]] = [("open", tree if body is None else body)]
    tags: list[str] = [""]
    while waiting:
        action, thing = waiting.pop()
        if action == "text":
            pieces.append(str(thing))
            continue
        tag = str(thing) if action == "close" else str(thing.tag)  # type: ignore[attr-defined]
        if tag in BLOCKS or tag in BREAKS:
            text = " ".join("".join(pieces).split())
            pieces.clear()
            if text:
                yield text, " ".join(names[-3:]), tags[-1]
        if action == "close":
            names.pop()
            if tag in BLOCKS:
                tags.pop()
            continue
        element: HtmlElement = thing
        names.append(f"{element.get('class', '')} {element.get('id', '')}"[:300])
        if tag in BLOCKS:
            tags.append(tag)
        waiting.append(("close", tag))
        children: list[tuple[str, object]] = [("text", element.text)] if element.text else []
        for child in element:
            if isinstance(child.tag, str) and not _is_passed(child):
                children.append(("open", child))
            if child.tail:
                children.append(("text", child.tail))
        waiting.extend(reversed(children))


def _is_passed(element: HtmlElement) -> bool:
    if element.tag in {"footer", "a", "span", "li", "header", "p"}:
        return False
    return is_aside(element) and not DATED.search(element.get("class", ""))


def days_seen(lines: list[Line], *, regions: list[str]) -> list[Seen]:
    """The days that lines give as those of publication or change, surest first."""
    short = (line for line in lines if len(line.text) <= LINE and any(map(str.isdigit, line.text)))
    seen = [found for line in short for found in _of_line(line, regions)]
    return sorted(seen, key=lambda found: found.rank)


def _of_line(line: Line, regions: list[str]) -> Iterator[Seen]:
    end = 0
    changed = False
    labelled = False
    days = list(days_in(line.text, regions=regions))
    rest = line.text
    for day in days:
        rest = rest.replace(day.words, " ")
    told = bool(TOLD.search(rest))
    rest = " ".join(CHANGED.sub(" ", LABELLED.sub(" ", CLOCK.sub(" ", rest))).split())
    sentence = told or rest.endswith((".", "!", "?"))
    rest = rest.strip(" .,|·•-–—:()/")
    bare = len(rest) <= REST and not sentence
    for number, day in enumerate(days):
        before = line.text[end : day.start]
        if number == 0 and not plain(before):
            before = line.label if len(line.label) < 30 else before
        if CHANGED.search(before) or MOVED.search(line.named):
            changed, labelled = True, True
        elif LABELLED.search(before):
            changed, labelled = False, True
        elif number and not changed:
            return  # "3 March 2024 - 5 March 2024": the second is no day of publication
        end = day.end
        dated = bool(DATED.search(line.named))
        if TODAY.search(line.named):
            continue
        sure = labelled and _is_label(line.text[: day.start], line.label)
        if line.zone and (sure or bare):
            rank = 0 if labelled else 1
        elif sure:
            rank = 2
        elif bare and dated and not line.after:
            rank = 3
        elif line.above and len(rest) < 12:
            rank = ABOVE_HEADLINE
        else:
            continue
        yield Seen(day=day, changed=changed, rank=rank)


def _is_label(before: str, label: str) -> bool:
    """Whether the words before a date say little but that it is one of publication or change."""
    words = before if plain(before) else label
    return len(words) <= 90 and not re.search(r"\b(?:report|book|study|letter|statement|paper|figures|the bill)\b", words, re.I)


BY: Final = re.compile(r"(?:(?:words|story|text|report|written|posted|submitted) )?by:?\s+[A-Z][^.!?]{2,80}", re.I)
ABROAD: Final = re.compile(
    r"(?:publi|veröffentlicht|pubblicat|gepubliceerd|publicer|opublikowano|mis à jour)\w*\b.{0,80}\d.{0,20}(?<!\.)"
    r"|\d{1,2}\.? (?:de )?[^\W\d]{3,12} (?:de )?\d{4}|[A-Z][a-z]{2,8} \d{4}",
    re.I,
)
RELEASE: Final = re.compile(r"(?:for immediate|press|news|media) release\W*", re.I)


def is_byline(line: str) -> bool:
    """Whether a line says who wrote the story or when it was published, and nothing of the story."""
    if len(line) > 140:
        return False
    if (
        RELEASE.fullmatch(line)
        or (ABROAD.fullmatch(line) and not line.endswith("."))
        or (BY.fullmatch(line) and len(line.split()) <= 14)
    ):
        return True
    days = list(days_in(line, regions=[]))
    rest = line
    for day in days:
        rest = rest.replace(day.words, " ")
    rest = CLOCK.sub(" ", CHANGED.sub(" ", LABELLED.sub(" ", rest))).strip()
    return bool(days) and len(plain(rest)) <= 24 and not rest.endswith((".", "!", "?")) and not TOLD.search(rest)

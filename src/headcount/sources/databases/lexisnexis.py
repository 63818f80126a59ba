"""LexisNexis Academic, the classic layout: "3 of 50 DOCUMENTS" before each article, fields in capitals around its text.

The publisher and the date stand centred, then either the title and the fields (BYLINE, SECTION, LENGTH), or the fields with
HEADLINE and BODY among them; after the text come GRAPHIC, LOAD-DATE, LANGUAGE and others. The copyright line may stand at
either end. Lines are broken at 80 columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from headcount.sources.databases.articles import MOST, count_articles, make_article, number_articles
from headcount.sources.databases.days import is_date_line
from headcount.sources.databases.lines import blocks_of, is_sentence, label_of, lines_of, one_line, paragraphs_of, seen
from headcount.sources.opening import Found

MARK: Final = re.compile(
    r"(?:Dokument |Document )?(?P<number>\d{1,6}) (?:of (?P<en>\d{1,6}) DOCUMENTS?|von (?P<de>\d{1,6})|de (?P<fr>\d{1,6}))"
)
"""Before each article. English from exports of 2009 to 2018; German and French as the R package LexisNexisTools knows them."""

HEAD: Final = frozenset(
    """BYLINE SECTION LENGTH DATELINE HIGHLIGHT HEADLINE BODY SHOW SERIES ANCHORS GUESTS REPORTERS EDITION KICKER
    AUTOR RUBRIK LÄNGE SCHLAGZEILE TEXT AUTEUR RUBRIQUE LONGUEUR TITRE""".split()
)
"""Fields before the text. German and French ones after LexisNexisTools, which splits at them."""

TITLE: Final = ("HEADLINE", "SCHLAGZEILE", "TITRE")
BODY: Final = frozenset({"BODY", "TEXT"})
TAIL: Final = frozenset(
    """LOAD-DATE LANGUAGE PUBLICATION-TYPE JOURNAL-CODE GRAPHIC CORRECTION-DATE DOCUMENT-TYPE PUB-TYPE DISTRIBUTION
    SPRACHE LANGUE GRAFIK GRAPHIQUE PUBLIKATIONSTYP TYPE-PUBLICATION ZEITUNGS-CODE DATE-CHARGEMENT""".split()
)
"""Fields that stand only after the text: at the first of them it ends."""

BESIDE_TAIL: Final = frozenset(
    """SUBJECT GEOGRAPHIC CITY STATE COUNTRY PERSON COMPANY ORGANIZATION ORGANISATION INDUSTRY TICKER URL TYPE NOTES NOTE UPDATE
    CORRECTION ISSN ACC-NO NAME""".split()
)
"""Fields after the text whose names writers also put before a paragraph: they belong to the tail only where they touch it."""

LABELS: Final = HEAD | TAIL | BESIDE_TAIL
RIGHTS: Final = re.compile(r"(?:\(c\) ?)?copyright\b|©|all rights reserved|tous droits réservés|alle rechte vorbehalten", re.I)
EDITION: Final = re.compile(r"\b(?:edition|final|ausgabe|édition)\b", re.I)
HEAD_BLOCKS: Final = 12
"""The publisher and the date stand among so many blocks at the beginning, or nowhere."""


def split(text: str) -> list[Found] | None:
    """The articles between the marks; None where there is no mark, or no field of this layout behind any of them."""
    lines = lines_of(text)
    marks = [(at, match) for at, line in enumerate(lines) if len(line) < 200 and (match := MARK.fullmatch(seen(line)))]
    if not marks:
        return None
    ends = [at for at, _ in marks[1:]] + [len(lines)]
    articles = [lines[at + 1 : end] for (at, _), end in zip(marks, ends, strict=True)]
    if not any(_has_fields(article) for article in articles):
        return None
    numbers = number_articles([int(match["number"]) for _, match in marks])
    found = [_read_article(article, number) for article, number in zip(articles[:MOST], numbers, strict=False)]
    return count_articles(found, said=_said([match for _, match in marks]))


def _has_fields(article: Sequence[str]) -> bool:
    """Whether two fields of this layout stand in it: an essay that numbers its documents has none."""
    return len({found[0] for line in article if (found := label_of(line, LABELS))}) >= 2


def _said(marks: Sequence[re.Match[str]]) -> int:
    """How many documents the export says it holds; of several exports in one file, all together."""
    said, before = 0, 0
    for mark in marks:
        number, of = int(mark["number"]), int(mark["en"] or mark["de"] or mark["fr"])
        if number <= before or not said:
            said += of
        before = number
    return said


def _read_article(lines: Sequence[str], number: int) -> Found:
    blocks = blocks_of(lines, labels=LABELS)
    fields: dict[str, str] = {}
    before: list[list[str]] = []
    after: list[list[str]] = []
    date: str | None = None
    start = len(blocks)
    for at, block in enumerate(blocks):
        named = label_of(block[0], LABELS)
        if named and named[0] in BODY:
            fields["BODY"] = named[1]
            start = at
            break
        if named and named[0] in HEAD:
            fields.setdefault(named[0], one_line([named[1], *block[1:]]))
        elif named and (named[0] in TAIL or fields):
            start = at
            break
        elif RIGHTS.match(seen(block[0])):
            continue
        elif date is None and at < HEAD_BLOCKS and is_date_line(block[0]):
            date = seen(block[0])
        elif fields.keys() - {"SHOW"}:
            start = at
            break
        elif date is None:
            before.append(block)
        else:
            after.append(block)
    titles, unlabelled = _titles(before, after, dated=date is not None, labelled=bool(fields.keys() - {"SHOW"}))
    return make_article(
        number=number,
        title=next((fields[name] for name in TITLE if fields.get(name)), None)
        or one_line([line for block in titles for line in block]),
        date=date,
        publisher=seen((before[-1] if date else before[0])[0]) if before else None,
        url=_url(blocks[start:]),
        paragraphs=[*([fields["DATELINE"]] if fields.get("DATELINE") else []), *_text(blocks[start:], unlabelled)],
    )


def _titles(
    before: list[list[str]], after: list[list[str]], *, dated: bool, labelled: bool
) -> tuple[list[list[str]], list[list[str]]]:
    """The blocks of the title, and what stands behind it where no field parts it from the text."""
    rest = after if dated else before[1:]
    if len(rest) > 1 and EDITION.search(seen(rest[0][0])) and len(rest[0][0].split()) <= 6:
        rest = rest[1:]
    return (rest, []) if labelled else (rest[:1], rest[1:])


def _text(blocks: list[list[str]], unlabelled: list[list[str]]) -> list[str]:
    """The paragraphs from here to the tail."""
    end = next((at for at, block in enumerate(blocks) if (named := label_of(block[0], LABELS)) and named[0] in TAIL), len(blocks))
    while end and (_is_field(blocks[end - 1]) or _is_rights(blocks[end - 1])):
        end -= 1
    kept = [*unlabelled, *blocks[:end]]
    if kept and (named := label_of(kept[0][0], BODY)):
        kept[0] = [*([named[1]] if named[1] else []), *kept[0][1:]]
    return paragraphs_of([line for block in kept for line in (*block, "")])


def _is_field(block: Sequence[str]) -> bool:
    """Whether a block over the tail is part of it, and no paragraph that begins like one ("UPDATE: The board met at six.")."""
    named = label_of(block[0], BESIDE_TAIL)
    return named is not None and not is_sentence(one_line([named[1], *block[1:]]))


def _is_rights(block: Sequence[str]) -> bool:
    return len(block) <= 4 and all(len(line) < 120 for line in block) and RIGHTS.match(seen(block[0])) is not None


def _url(blocks: list[list[str]]) -> str | None:
    for block in reversed(blocks):
        named = label_of(block[0], {"URL"})
        if named:
            return named[1].split()[0] if named[1] else None
    return None

"""ProQuest: fields with their names around "Full text:", articles parted by lines of underscores.

The text export has all fields as "Name: value", first the title without a name. The export as docx, RTF or PDF has headings
(ABSTRACT, FULL TEXT, DETAILS) in their place, a table of contents before and links behind each article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from headcount.sources.databases.articles import MOST, count_articles, make_article, number_articles
from headcount.sources.databases.lines import blocks_of, label_of, lines_of, one_line, paragraphs_of, seen
from headcount.sources.opening import Found

FIELDS: Final = frozenset(
    {"Title", "Publication title", "Publication year", "Publication date", "Publication info", "Publication subject",
     "Document URL", "ProQuest document ID", "Subject", "Location", "People", "Company / organization", "Company", "Organization",
     "Identifier / keyword", "Identifiers / keywords", "Classification", "Section", "Pages",
     "First page", "Volume", "Issue", "Number of pages", "Column", "Edition", "Dateline", "Publisher", "Place of publication",
     "Country of publication", "Language of publication",
     "Language", "ISSN", "e-ISSN", "Source type", "Document type", "Document feature", "Source attribution", "Accession number",
     "Copyright", "Last updated", "Database", "Links", "Author", "Credit", "CREDIT", "Word count", "Alternate title", "Series",
     "Business indexing term", "Publication year and number", "Illustration", "Caption", "Subtitle", "Abstract", "Supplement",
     "Correspondence author", "Source", "Geographic", "Personal name", "Ethnicity", "City"}
)  # fmt: skip
"""The fields of text exports of 2013 to 2022, most as the notebook pq_parser (University of Minnesota) lists them."""

TEXT: Final = frozenset({"Full text", "Full Text"})
SURE: Final = frozenset(
    {"ProQuest document ID", "Publication title", "Publication date", "Document URL", "Publication info", "Full text", "Full Text"}
)
HEADINGS: Final = {
    "abstract": "abstract", "abstract (english)": "abstract", "full text": "text", "fulltext": "text", "details": "details",
    "document details": "details", "links": "links", "indexing": "details", "illustration": "details",
}  # fmt: skip
"""Lines of their own in exports as docx, RTF and PDF, in capitals there."""

WITHIN_TEXT: Final = frozenset({"Illustration", "ILLUSTRATION", "DETAILS", "DOCUMENT DETAILS", "INDEXING", "LINKS"})
"""Those that end a text, as they stand there: "Details" may be a subheading of the writer's."""

LEFT_OUT: Final = frozenset(
    {"proquest document link", "proquest", "links", "terms and conditions", "contact proquest", "table of contents",
     "terms and conditions contact proquest", "linking service", "document preview", "bibliography", "check for full text",
     "report information from proquest", "find a copy", "full text not available.", "not available.", "not available"}
)  # fmt: skip
LEFT_OUT_BEGINS: Final = ("database copyright", "contact us at:", "terms and conditions:", "copyright ©", "http://", "https://")
LINK: Final = "proquest document link"
"""Below the title and the citation in exports as docx, RTF and PDF."""

MARK: Final = re.compile(r"document (?P<number>\d{1,6}) of (?P<of>\d{1,6})", re.I)
RULE: Final = re.compile(r"_{20,400}")
GENERIC: Final = re.compile(r"[A-Z][A-Za-z /&-]{1,40}: ?\S")
"""A field that we do not know by name. In the tail it is one as well; in front of the tail it is a paragraph."""


def split(text: str) -> list[Found] | None:
    """The articles between the rules, or behind each "Document n of m", or behind each last field; None where they are none."""
    lines = lines_of(text)
    articles = [article for article in _pieces(lines) if _is_article(article)]
    if not any(_is_sure(_names(article)) for article in articles):
        return None
    marks = [next((mark for line in article[:8] if (mark := MARK.fullmatch(seen(line[:80])))), None) for article in articles]
    stated = [int(mark["number"]) for mark in marks if mark]
    numbers = number_articles(stated) if len(stated) == len(articles) else list(range(1, len(articles) + 1))
    said = {int(mark["of"]) for mark in marks if mark}
    found = [_read_article(article, number) for article, number in zip(articles[:MOST], numbers, strict=False)]
    return count_articles(found, said=said.pop() if len(said) == 1 else None)


def _pieces(lines: Sequence[str]) -> list[list[str]]:
    """The lines in pieces of an article each, with pieces of cover and tail among them."""
    rules = {at for at, line in enumerate(lines) if 20 <= len(line) <= 500 and RULE.fullmatch(line.strip())}
    marks = {at for at, line in enumerate(lines) if len(line) < 100 and MARK.fullmatch(seen(line))}
    cuts = rules | marks
    if not cuts:
        named = [(at, label[0]) for at, line in enumerate(lines) if (label := label_of(line, FIELDS))]
        known = False
        for at, name in named:
            known = known or name == "ProQuest document ID"
            if known and name == "Database":
                cuts.add(at + 1)
                known = False
    bounds = [0, *sorted(cuts), len(lines)]
    return [list(lines[start:end]) for start, end in pairwise(bounds) if start < end]


def _names(lines: Sequence[str]) -> set[str]:
    return {named[0] for line in lines if (named := label_of(line, FIELDS | TEXT))}


def _is_sure(names: set[str]) -> bool:
    """Whether fields are ProQuest's: with its number, or so many of its names as no other list of articles has."""
    return len(names) >= (3 if "ProQuest document ID" in names else 5)


def _is_article(lines: Sequence[str]) -> bool:
    names = _names(lines)
    return len(names) >= 2 and bool(names & SURE)


def _read_article(lines: Sequence[str], number: int) -> Found:
    blocks = [block for block in blocks_of(lines, labels=FIELDS | TEXT) if not RULE.fullmatch(block[0].strip())]
    tail = _tail_of(blocks)
    fields: dict[str, str] = {}
    for block in blocks[tail:]:
        if named := label_of(block[0], FIELDS):
            fields.setdefault(named[0], one_line([named[1], *block[1:]]))
    above: list[str] = []
    abstract: list[str] = []
    text: list[str] = []
    into: list[str] | None = None
    for block in blocks[:tail]:
        first = seen(block[0][:400])
        named = label_of(block[0], FIELDS | TEXT)
        heading = HEADINGS.get(first.lower())
        if named and named[0] in TEXT:
            into = text
            into.extend([named[1], *block[1:], ""])
        elif named and into is not text:
            into = abstract if named[0] == "Abstract" else None
            if into is None:
                fields.setdefault(named[0], one_line([named[1], *block[1:]]))
            else:
                into.extend([named[1], *block[1:], ""])
        elif heading and (into is not text or first in WITHIN_TEXT):
            into = {"abstract": abstract, "text": text}.get(heading)
            for line in block[1:]:
                (into if into is not None else []).append(line)
        elif into is not None:
            into.extend([*block, ""])
        elif first.lower() == LINK and len(above) > 1:
            above = above[-2:]  # the title and the citation; over them stood the table of contents
        elif not MARK.fullmatch(first) and not _is_left_out(first):
            above.append(one_line(block))
    paragraphs = [paragraph for paragraph in paragraphs_of(text) if not _is_left_out(seen(paragraph[:80]))]
    abstract = abstract or [fields.get("Abstract", "")]
    doubts = []
    if not paragraphs and any(line.strip() for line in abstract):
        paragraphs = paragraphs_of(abstract)
        doubts.append("the export holds its abstract and not its full text: read the abstract")
    info = fields.get("Publication info", "")
    return make_article(
        number=number,
        title=fields.get("Title") or (above[0] if above else None),
        date=fields.get("Publication date") or _date_in(info) or fields.get("Publication year"),
        publisher=(fields.get("Publication title") or info).partition(";")[0].strip() or None,
        url=fields.get("Document URL"),
        given_id=f"proquest-{fields['ProQuest document ID']}" if fields.get("ProQuest document ID", "").isalnum() else None,
        paragraphs=paragraphs,
        country=fields.get("Country of publication"),
        doubts=doubts,
    )


def _tail_of(blocks: Sequence[Sequence[str]]) -> int:
    """The first of the blocks that run to the end and are all fields: a paragraph "Location: ..." within the text stays."""
    at = len(blocks)
    while at and _may_be_tail(blocks[at - 1]):
        at -= 1
    while at < len(blocks) and not label_of(blocks[at][0], FIELDS):
        at += 1
    return at


def _may_be_tail(block: Sequence[str]) -> bool:
    if label_of(block[0], TEXT):
        return False
    told = seen(block[0][:80])
    return bool(label_of(block[0], FIELDS) or _is_left_out(told) or GENERIC.match(told) or told in WITHIN_TEXT)


def _is_left_out(told: str) -> bool:
    return told.lower() in LEFT_OUT or told.lower().startswith(LEFT_OUT_BEGINS)


def _date_in(info: str) -> str | None:
    """The date in "The Example Times; Leeds (UK) [Leeds (UK)]02 Aug 2016: A.4."."""
    behind = info.rpartition("]")[2].partition(":")[0].strip()
    return behind or None

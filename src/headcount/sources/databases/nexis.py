"""Nexis Uni, Lexis Advance and Nexis UK: "Body" before each article's text, "End of Document" behind the article.

A cover page lists the documents with the search; each article begins with its title, publisher and date, a line each, then the
copyright line and fields in mixed case (Section, Length, Byline); after the text come Graphic, Classification, Load-Date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from headcount.sources.databases.articles import MOST, count_articles, make_article
from headcount.sources.databases.days import is_date_line
from headcount.sources.databases.lines import is_sentence, label_of, lines_of, paragraphs_of, seen
from headcount.sources.opening import Found

END: Final = frozenset({"end of document", "ende des dokuments", "fin du document", "einde van document"})
BODY: Final = frozenset({"body", "text", "full text", "textkörper", "volltext", "texte intégral", "hoofdtekst"})
"""Lines of their own. English from exports of 2018 to 2024; the others as the interface of Nexis in those languages has them."""

HEAD: Final = frozenset(
    """Length Byline Section Dateline Highlight Distribution Series Show Anchors Guests Edition Anchor
    Länge Rubrik Autor Longueur Rubrique Auteur Lengte Sectie""".split()
)
LENGTH: Final = frozenset({"Length", "Länge", "Longueur", "Lengte"})
DATELINE: Final = frozenset({"Dateline"})
TAIL: Final = frozenset({"Load-Date", "Update", "Ladedatum", "Date-Chargement"})
BESIDE_TAIL: Final = frozenset(
    {"Language", "Publication-Type", "Journal Code", "Subject", "Company", "Organization", "Industry", "Person", "Geographic",
     "Ticker", "Correction-Date", "URL", "Sprache", "Langue", "Publikationstyp", "Taal"}
)  # fmt: skip
"""Fields after the text that writers also begin a paragraph with: they belong to the tail only where they touch it."""

SECTIONS: Final = frozenset({"classification", "graphic", "graphics", "klassifizierung", "grafik"})
"""Headings after the text, lines of their own; a heading "Notes" or "Correction" is kept with the text that it corrects."""

COVER: Final = (
    "user name:", "date and time:", "job number:", "client/matter:", "search terms:", "search type:", "narrowed by:",
    "content type", "sources:", "| about lexisnexis", "about lexisnexis", "documents (", "document (",
    "all documents", "table of contents", "list of documents", "-none-",
)  # fmt: skip
"""How the lines of the cover begin, in small letters."""

COUNT: Final = re.compile(r"documents? \((\d{1,6})\)", re.I)
PAGE: Final = re.compile(r"page \d{1,5} of \d{1,5}", re.I)
LISTED: Final = re.compile(r"(\d{1,6})\. \S")
RIGHTS: Final = re.compile(r"(?:\(c\) ?)?copyright\b|©|all rights reserved|tous droits réservés|alle rechte vorbehalten", re.I)
BROKEN: Final = "there is an error in this document and it is not possible to display it"
"""What Lexis Advance gives in place of an article that it cannot show (after tm.plugin.lexisnexis, which drops them)."""

CAPTIONS: Final = 12
"""The most lines of Graphic: where more stand behind a line of that name, it is the writer's."""

HEAD_LINES: Final = 60
"""Without a line "Body", an article's text is looked for behind the field of its length, so many lines from its beginning."""


def split(text: str) -> list[Found] | None:
    """The articles before each "End of Document"; None where there is none with a line "Body" or a field of this layout."""
    lines = lines_of(text)
    ends = [at for at, line in enumerate(lines) if len(line) < 200 and seen(line).lower() in END]
    if not ends and any(seen(line[:40]).lower() in BODY for line in lines):
        ends = [at + 1 for at, line in enumerate(lines) if label_of(line, TAIL)]  # articles saved one a file may lack their end
    starts = [0, *(at + 1 for at in ends)]
    articles = [lines[start:end] for start, end in zip(starts, [*ends, len(lines)], strict=True)]
    if not ends or not any(_is_article(article) for article in articles[:-1]):
        return _list_without_texts(lines)
    if not _is_article(articles[-1]):
        articles.pop()  # the lines behind the last end
    cover = _cover_of(articles[0])
    articles[0] = articles[0][cover:]
    found = [_read_article(article, number) for number, article in enumerate(articles[:MOST], start=1)]
    return count_articles(found, said=_said(lines[:cover] if cover else []))


def _list_without_texts(lines: Sequence[str]) -> list[Found] | None:
    """The list of documents that Nexis puts beside articles saved one a file: no report, and no news about its search terms."""
    said = _said(lines[: _cover_of(lines)])
    if said is None or not any(seen(line[:20]).lower().startswith("job number:") for line in lines[:HEAD_LINES]):
        return None
    reason = f"a list of {said:,} documents of Nexis without their texts: give the files with the articles"
    return [Found(doubts=(reason,), fatal=True)]


def _is_article(lines: Sequence[str]) -> bool:
    """Whether fields of this layout stand around a text."""
    body = any(len(line) < 40 and seen(line).lower() in BODY for line in lines)
    names = {named[0] for line in lines if (named := label_of(line, HEAD | TAIL | BESIDE_TAIL))}
    rights = any(len(line) < 300 and RIGHTS.match(seen(line)) for line in lines)
    return len(names) + body + rights >= 2 and (body or bool(names & LENGTH) or bool(names & TAIL))


def _cover_of(lines: Sequence[str]) -> int:
    """How many lines the cover and its list of documents take; 0 where there is none."""
    body = next((at for at, line in enumerate(lines) if seen(line[:40]).lower() in BODY), len(lines))
    last = max((at for at, line in enumerate(lines[:body]) if seen(line[:60]).lower().startswith(COVER)), default=-1)
    if last < 0:
        return 0
    full = [at for at in range(last + 1, body) if lines[at].strip()]
    if seen(lines[last][:60]).lower().startswith("content type") and full:
        full = full[1:]  # the row of the table behind its heading: News, and by what it was narrowed
    dated = next((order for order, at in enumerate(full) if is_date_line(lines[at])), None)
    if dated is not None and dated > 3:
        full = full[dated - 2 :]  # the list goes on: the title and the publisher stand right above the date
    return full[0] if full else body


def _said(cover: Sequence[str]) -> int | None:
    """How many documents the cover says there are, else how many it lists."""
    listed = 0
    for line in cover:
        count = COUNT.fullmatch(seen(line)) if len(line) < 80 else None
        if count:
            return int(count[1])
        number = LISTED.match(seen(line[:80]))
        if number and int(number[1]) == listed + 1:
            listed += 1
    return listed or None


def _read_article(lines: Sequence[str], number: int) -> Found:
    lines = _without_pages(lines)
    body = next((at for at, line in enumerate(lines) if len(line) < 40 and seen(line).lower() in BODY), None)
    if body is None:
        lengths = [at for at, line in enumerate(lines[:HEAD_LINES]) if label_of(line, HEAD)]
        body = lengths[-1] if lengths else len(lines)
    head = [line for line in lines[: body + 1] if line.strip() and seen(line).lower() not in BODY]
    end = next((at for at, line in enumerate(head) if label_of(line, HEAD) or RIGHTS.match(seen(line[:40]))), len(head))
    dated = [at for at in range(min(1, end), end) if is_date_line(head[at])]
    above = head[: dated[0]] if dated else head[:end]
    above = [
        line for at, line in enumerate(above) if not at or seen(line) != seen(above[at - 1])
    ]  # a page's header repeats the title
    text = lines[body + 1 :]
    if any(BROKEN in line for line in text) and sum(bool(line.strip()) for line in text) < 8:
        text = []
    title, url = _linked(seen(above[0])) if above else (None, None)
    dateline = next((named[1] for line in head if (named := label_of(line, DATELINE))), None)
    return make_article(
        number=number,
        title=title,
        date=seen(head[dated[0]]) if dated else None,
        publisher=_linked(seen(above[-1] if dated else above[1]))[0] if len(above) > 1 else None,
        url=url,
        paragraphs=[*([dateline] if dateline else []), *paragraphs_of(text[: _tail_of(text)])],
    )


def _tail_of(text: Sequence[str]) -> int:
    """Where the text ends and Graphic, Classification, Language and Load-Date begin.

    What has the name of such a field within the text stays: only what runs on from the first sure sign is the tail.
    """
    sure = (at for at, line in enumerate(text) if label_of(line, TAIL) or seen(line[:40]).lower() == "classification")
    end = next(sure, len(text))
    heading = next((at for at in reversed(range(end)) if len(text[at]) < 40 and seen(text[at]).lower() in SECTIONS), None)
    if heading is not None and sum(bool(line.strip()) for line in text[heading:end]) <= CAPTIONS:
        return heading
    while end and (not text[end - 1].strip() or _is_field(text[end - 1])):
        end -= 1
    return end


def _is_field(line: str) -> bool:
    """Whether a line over the tail is part of it, and no sentence that begins like one ("Language: they spoke Welsh to us.")."""
    named = label_of(line, BESIDE_TAIL)
    return named is not None and not is_sentence(named[1])


def _without_pages(lines: Sequence[str]) -> list[str]:
    """The lines without "Page 2 of 3" and the title that repeats below it, which a copy from a reader of PDFs leaves in."""
    title = next((seen(line) for line in lines if line.strip() and not PAGE.fullmatch(seen(line[:40]))), "")
    kept: list[str] = []
    after_page = False
    for line in lines:
        told = seen(line[:400])
        if len(told) < 30 and PAGE.fullmatch(told):
            after_page = True
        elif not (after_page and told == title and kept):
            kept.append(line)
            after_page = after_page and not told
        else:
            after_page = False
    return kept


def _linked(line: str) -> tuple[str, str | None]:
    """A line, and the address that a converter from RTF or docx put in brackets behind its words."""
    words, bracket, address = line.rpartition("(http")
    if bracket and address.endswith(")") and " " not in address:
        return words.strip(), "http" + address[:-1]
    return line, None

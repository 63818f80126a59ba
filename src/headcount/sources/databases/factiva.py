"""Factiva: each article ends with its accession number, "Document EXTMS00020160802ec820001x".

With indexing, fields with codes of two or three letters stand around the text (HD headline, LP lead paragraph, TD what follows).
Without, the display format has a line each for headline, author, words, date, source, its code, language and copyright,
then the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from headcount.sources.databases.articles import MOST, make_article
from headcount.sources.databases.days import is_date_line
from headcount.sources.databases.lines import lines_of, one_line, paragraphs_of, seen
from headcount.sources.opening import Found

END: Final = re.compile(r"(?:AN[\s|]*)?Do[ck]ument[eo]? (?P<an>[A-Z][A-Z0-9]{3,9}(?:19|20)\d{6}[a-z0-9]{6,12})")
"""The last line of an article: the source's code filled up to 8 characters, the day, and 9 small letters and digits."""

CODES: Final = frozenset(
    """SE HD CR BY WC PD ET SN SC ED PG VOL LA CY LP TD CT CX RF ART CLM DLN CO IN NS RE IPC IPD PUB AN NGC GC RST RTD""".split()
)
"""The codes of fields, as the notebook factiva_parser (University of Minnesota) and exports of 2014 to 2024 have them."""

BEHIND_TEXT: Final = frozenset("CT RF ART CO IN NS RE IPC IPD PUB AN NGC GC RST".split())
TEXT: Final = frozenset({"LP", "TD"})
CODE: Final = re.compile(r"[\s|]*(?P<code>[A-Z]{2,3})(?P<gap>[ \t\xa0|]*)(?P<value>.*)", re.S)
DESCRIBED: Final = re.compile(r"[a-z0-9]{2,9} : \S")
"""The value of a field of subjects, regions or companies: "gcivds : Civil Disruption"."""

WORDS: Final = re.compile(r"[\d.,\s]{1,12}(?:words?|wörter|mots|palabras|woorden|parole|palavras|слов)", re.I)
LANGUAGES: Final = frozenset(
    """english german french spanish italian dutch portuguese russian chinese japanese arabic turkish polish swedish danish
    norwegian finnish greek czech hungarian korean indonesian malay thai romanian bulgarian slovak
    catalan hebrew ukrainian vietnamese
    deutsch englisch französisch anglais français allemand español inglés italiano nederlands português""".split()
)
RIGHTS: Final = re.compile(r"\(c\)|copyright\b|©|all rights reserved|tous droits réservés|alle rechte vorbehalten", re.I)
LEFT_OUT: Final = re.compile(
    r"page \d+ of \d+.*|© ?\d{4} factiva, inc\. all rights reserved\.?|factiva|dow jones|headlines|table of contents|\d+", re.I
)
"""Lines of the page, not of an article."""

LONGEST_RIGHTS: Final = 400
"""The longest notice of copyright, in characters: a longer line that begins so is a paragraph about copyright."""

CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[ap]m| ?gmt)?", re.I)
SOURCE_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,8}")
BYLINE: Final = re.compile(r"(?:by|von|par|por|di|door)\b", re.I)
SUMMARY: Final = frozenset({"search summary", "zusammenfassung der suche", "suchübersicht", "résumé de la recherche"})
HEAD_LINES: Final = 14
"""The language and the copyright stand within so many lines behind the number of words."""

Fields = dict[str, list[str]]


def split(text: str) -> list[Found] | None:
    """The articles before each accession number; None where none of them has the codes or the number of words of this layout."""
    lines = lines_of(text)
    ends = [(at, match["an"]) for at, line in enumerate(lines) if len(line) < 120 and (match := END.fullmatch(_bare(line)))]
    if not ends:
        return None
    starts = [0, *(at + 1 for at, _ in ends)]
    articles = [lines[start:end] for start, (end, _) in zip(starts, ends, strict=False)]
    if not any(_codes_of(article) or _words_at(article) is not None for article in articles):
        return None
    found = [
        _read_article(article, number, an) for number, (article, (_, an)) in enumerate(zip(articles, ends, strict=True), start=1)
        if number <= MOST
    ]  # fmt: skip
    rest = lines[starts[-1] :]
    summary = next((at for at, line in enumerate(rest) if seen(line[:60]).lower() in SUMMARY), len(rest))
    if _codes_of(rest[:summary]) or _words_at(rest[:summary]) is not None:
        doubt = "the export breaks off in this article: its last line, Document and a number, is not there"
        found.append(_read_article(rest[:summary], len(found) + 1, None, doubt))
    return found


def _bare(line: str) -> str:
    """The line without the bars and tabs that a table leaves."""
    return seen(line.replace("|", " "))


def _codes_of(lines: Sequence[str]) -> bool:
    """Whether an article has fields with codes: a headline or a lead paragraph, and a number of words, a date or a source."""
    codes = {match["code"] for line in lines if (match := CODE.match(line[:200])) and _is_field(match)}
    return bool(codes & {"HD", "LP", "TD"}) and len(codes & {"HD", "WC", "PD", "SN", "SC", "LA", "LP", "TD"}) >= 3


def _is_field(match: re.Match[str]) -> bool:
    """Whether capitals at the beginning of a line are a code: what is no word stands alone, or well apart from what follows."""
    gap, value = match["gap"], match["value"]
    return match["code"] in CODES and (not value.strip() or "\t" in gap or "|" in gap or len(gap) > 1 or gap in {" ", "\xa0"})


def _words_at(lines: Sequence[str]) -> int | None:
    """Where the line with the number of words is, with a date close behind it; None where it is not."""
    for at, line in enumerate(lines):
        if (
            len(line) < 60
            and WORDS.fullmatch(seen(line))
            and any(is_date_line(behind) for behind in _full(lines[at + 1 : at + 9])[:3])
        ):
            return at
    return None


def _full(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.strip()]


def _read_article(lines: Sequence[str], number: int, an: str | None, *doubts: str) -> Found:
    given_id = f"factiva-{an}" if an else None
    if _codes_of(lines):
        fields = _fields_of(lines)
        return make_article(
            number=number,
            title=one_line(fields.get("HD", [])),
            date=one_line(fields.get("PD", [])),
            publisher=one_line(fields.get("SN", [])),
            given_id=given_id,
            paragraphs=paragraphs_of([*fields.get("LP", []), "", *fields.get("TD", [])]),
            doubts=doubts,
        )
    return _read_display(lines, number, given_id, doubts)


def _fields_of(lines: Sequence[str]) -> Fields:
    """The lines of each field by its code. In the text only the codes behind it count, and only where they look like fields."""
    first = next(
        (match for line in lines if (match := CODE.match(line[:200])) and match["code"] == "HD" and _is_field(match)), None
    )
    tight = first is not None and first["gap"] in {" ", "\xa0"} and bool(first["value"].strip())
    fields: Fields = {}
    into: list[str] | None = None
    text = False
    for line in lines:
        match = CODE.match(line)
        if match and _is_field(match) and match["code"] not in fields and _begins(match, text=text, tight=tight):
            text = text or match["code"] in TEXT
            into = fields.setdefault(match["code"], [])
            into.append(_cell(match["value"]))
        elif into is not None:
            into.append(_cell(line))
    return fields


def _cell(line: str) -> str:
    """The line without the bars that the cells of a table leave at its ends."""
    return line.strip().strip("|").strip() if "|" in line else line


def _begins(match: re.Match[str], *, text: bool, tight: bool) -> bool:
    """Whether this is a field here. ``tight``: the export has but a blank behind its codes, as a sentence in capitals has."""
    code, value, gap = match["code"], match["value"].strip(), match["gap"]
    alone = gap in {" ", "\xa0"} and bool(value)
    if not text:
        return not alone or tight
    return code in TEXT | BEHIND_TEXT and (
        not alone or (tight and (code in TEXT or DESCRIBED.match(value) is not None or code == "PUB"))
    )


def _read_display(lines: Sequence[str], number: int, given_id: str | None, doubts: Sequence[str]) -> Found:
    at = _words_at(lines)
    if at is None:
        return make_article(number=number, paragraphs=[], given_id=given_id, doubts=doubts)
    above = [seen(line) for line in _full(lines[:at]) if not LEFT_OUT.fullmatch(seen(line[:400]))][-3:]
    behind = [(place, seen(line)) for place, line in enumerate(lines[at + 1 :], start=at + 1) if line.strip()][:HEAD_LINES]
    dated = next(order for order, (_, line) in enumerate(behind) if is_date_line(line))
    after = [line for _, line in behind[dated + 1 :] if not CLOCK.fullmatch(line)]
    start = _text_at(lines, behind, dated)
    return make_article(
        number=number,
        title=_title_of(above),
        date=behind[dated][1],
        publisher=after[0] if after else None,
        given_id=given_id,
        paragraphs=[line for line in paragraphs_of(lines[start:]) if not LEFT_OUT.fullmatch(seen(line[:400])) or line.isdigit()],
        doubts=doubts,
    )


def _title_of(above: Sequence[str]) -> str | None:
    """The headline among the lines over the number of words: before it may stand the section, behind it the author."""
    if len(above) <= 1:
        return above[0] if above else None
    if BYLINE.match(above[-1]) or len(above) == 3:
        return above[-2]
    return max(above, key=lambda line: len(line.split()))


def _text_at(lines: Sequence[str], behind: Sequence[tuple[int, str]], dated: int) -> int:
    """Where the text begins: behind the copyright, or the language, or the source's code, or its name."""
    head = behind[dated + 1 :]
    rights = [place for place, line in head if RIGHTS.match(line) and len(line) < LONGEST_RIGHTS]
    language = [place for place, line in head if line.lower() in LANGUAGES]
    code = [place for place, line in head if SOURCE_CODE.fullmatch(line)]
    start = (rights or language or code or [place for place, _ in head] or [behind[dated][0]])[0] + 1
    while (nearest := next((at for at in range(start, min(len(lines), start + 4)) if lines[at].strip()), None)) is not None:
        if not RIGHTS.match(seen(lines[nearest][:LONGEST_RIGHTS])) or len(lines[nearest]) > LONGEST_RIGHTS:
            break
        start = nearest + 1
    return start

"""A quick look at a page of a bulk archive: may it tell of a gathering at all?

Opening a page in full takes ten times as long. The look asks less of a page than the reader of reports does of its text: the words
of the screen in what resiliparse takes for the main text (menus and teasers of other stories name a protest on nearly every
page), weighed with the words beside them. ``glance.toml`` in the codebook holds the points; ``training/glance.py`` learned them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from typing import Final

from headcount.codebook import table
from headcount.codebook.screening import screen_pattern

BESIDE: Final = 80
"""Characters on either side of a word of the screen that are looked at."""

NEAREST: Final = 8
"""Words on either side."""

WORD: Final = re.compile(r"[a-z]+|\d+")
BLANKS: Final = re.compile(r"[\s\xa0\u2009\u202f\-'’]+")
MOST_WORDS: Final = 200
"""A page with so many words of the screen is opened, whatever they are."""

SHORT: Final = 400
"""A main text of fewer characters may have missed the story."""

MANY_TAGS: Final = 6000
"""The main text is looked for in a time that grows with the square of the depth (5,000 tags in each other: 0.9 s); past so many
tags the whole page is looked at. Pages of news have 500 to 4,000."""

QUICK_BYTES: Final = 2 * 1024 * 1024
"""A longer page is opened unseen: it is rare, and looking at it takes as long."""


def may_tell_page(data: bytes, *, charset: str | None = None) -> bool:
    """Whether it is worth opening the page: it may tell of a gathering, or it cannot be told in a hurry."""
    if len(data) > QUICK_BYTES or data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in data[:400]:
        return True
    signs = signs_of(_main_text(_decoded(data, charset)))
    if signs is None:
        return True
    points = _points()
    return bool(signs) and sum(points.get(sign, 0.0) * much for sign, much in signs.items()) >= _threshold()


def signs_of(text: str) -> dict[str, float] | None:
    """The words of the screen in a text, how often, and the words beside them; empty without any, None for very many."""
    found: Counter[str] = Counter()
    beside: set[str] = set()
    lower = text.lower()
    if len(lower) != len(text):
        lower = text  # a letter whose small form is two: places would not agree
    for count, match in enumerate(screen_pattern().finditer(text)):
        if count >= MOST_WORDS:
            return None
        start, end = match.span()
        found[BLANKS.sub(" ", lower[start:end])] += 1
        beside.update(WORD.findall(lower, max(0, start - BESIDE), start)[-NEAREST:])
        beside.update(WORD.findall(lower, end, end + BESIDE)[:NEAREST])
    if not found:
        return {}
    signs = {f"+{'#' if word.isdigit() else word}": 1.0 for word in beside}
    signs |= {word: 1.0 + math.log(count) for word, count in found.items()}
    return signs | {"*all": math.log(found.total()), "*kinds": math.log(len(found)), "*": 1.0}


def _decoded(data: bytes, charset: str | None) -> str:
    """The page's characters, well enough to find English words in: a wrong charset changes no letter from a to z."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(charset or "cp1252", "replace")
    except (LookupError, ValueError):
        return data.decode("cp1252", "replace")


def _main_text(markup: str) -> str:
    """What a quick reader takes for the story; the whole page where that is next to nothing."""
    from resiliparse.extract.html2text import extract_plain_text

    if markup.count("<") <= MANY_TAGS:
        main = str(extract_plain_text(markup, main_content=True, alt_texts=False, comments=False, list_bullets=False))
        if len(main) >= SHORT:
            return main
    return str(extract_plain_text(markup, main_content=False, alt_texts=False, list_bullets=False))


@cache
def _points() -> dict[str, float]:
    """By sign how much it speaks for a gathering."""
    return {
        sign: points
        for prefix, kind in (("", "words"), ("+", "beside"), ("*", "amounts"))
        for sign, points in ((prefix + word, value) for word, value in table("glance")[kind]["points"].items())
    }


@cache
def _threshold() -> float:
    return float(table("glance")["opened"]["from"])

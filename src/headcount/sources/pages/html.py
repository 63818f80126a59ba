"""Saved pages: from the bytes of an HTML page to its report."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import TYPE_CHECKING, Final

from headcount.models import Document
from headcount.sources.limits import PAGE_CHARACTERS, PAGE_DEPTH, PAGE_TAGS, Limit
from headcount.sources.opening import Asked, Found
from headcount.sources.pages import naming
from headcount.sources.pages.charsets import decode_page
from headcount.sources.pages.dating import date_page
from headcount.sources.pages.linked import Linked, bodies_of, read_linked, read_metas
from headcount.sources.pages.markup import Markup, lighten, parse_markup, prune, tidy
from headcount.sources.pages.prose import flat, text_of_body, text_of_tags, words_in
from headcount.sources.pages.trimming import without_asides

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LEAST_WORDS: Final = 5
"""A text of fewer words says nothing: the shortest news in brief known to us has 8."""

SHORT: Final = 250
"""An extraction of fewer characters may have missed the story: the other readers of the page are asked as well."""

NO_DATES: Final = {"max_date": "2100-01-01"}
"""Keeps trafilatura from reading the clock for the dates that it is not asked for."""

ERROR_PAGE: Final = re.compile(
    r"\W*(?:(?:error )?(?:40[0-9]|410|429|50[0-4])\b.{0,80}"
    r"|.{0,40}\b(?:page|file|article) (?:not|cannot be|could not be) found.{0,60}|not found"
    r"|access denied.{0,60}|just a moment\W*|attention required.{0,60}|are you a robot.{0,40}|forbidden|bad gateway"
    r"|service unavailable.{0,40})",
    re.I,
)

for _library in ("trafilatura", "htmldate", "courlan", "justext", "readability"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # what they meet is told as problems, not to standard error
    logging.getLogger(_library).propagate = False


def read_page(document: Document, asked: Asked) -> Iterator[Found]:
    """The one report of a page: its story with title, day of publication, publisher, address, language and country."""
    text, charset, note = decode_page(document.data, declared=document.charset)
    markup = lighten(text)
    doubts = [note] if note else []
    tree = parse_markup(markup.text if markup.depth <= PAGE_DEPTH.most else _head_of(markup.text))
    if tree is None:
        yield _nothing("the page is empty", charset)
        return
    metas = read_metas(tree)
    url = naming.address_of(tree, metas, url=document.url)
    whole = next((element.text_content() for element in tree.iter("title")), None)
    linked = read_linked(markup.linked, url=url, title=whole)
    publisher = naming.publisher_name(linked, metas, url=url or document.url)
    title = naming.title_of(tree, linked, metas, publisher=publisher)
    published, unsure = date_page(tree, linked, metas, title=title, url=url, document=document, asked=asked)
    story, quick = _story(markup, tree, linked, title)
    doubts += [*([quick] if quick else []), *unsure]
    if why := _why_nothing(story, title or whole, markup):
        yield _nothing(why, charset)
        return
    yield Found(
        fields={
            "text": story, "title": title, "published": published, "publisher": publisher, "url": url,
            "language": naming.language_of(tree, linked, metas), "country": naming.country_of(url),
        },
        doubts=tuple(doubts),
        charset=charset,
    )  # fmt: skip


def _head_of(markup: str) -> str:
    """The page up to the end of its head, or as much of it as can hold no deep nesting."""
    end = re.search(r"</head\s*>|<body[\s>]", markup, re.I)
    return markup[: end.start()] if end else "<".join(markup.split("<", PAGE_DEPTH.most)[: PAGE_DEPTH.most])


def _story(markup: Markup, tree: HtmlElement, linked: Linked, title: str | None) -> tuple[str, str | None]:
    """The text of the page, and what limit it was over where a quicker reader than the best one read it."""
    embedded = without_asides(_text_of_value(bodies_of(linked)), title=title)
    over = _limit_over(markup)
    if over is PAGE_DEPTH:
        story = without_asides(text_of_tags(markup.text), title=title)
    elif over:
        story = without_asides(_main_text(markup.text), title=title)
        if words_in(story) < LEAST_WORDS:
            story = without_asides(text_of_tags(markup.text), title=title)
    else:
        prune(tree, title=title)
        tidy(tree)
        story = _extracted(tree, title)
    if len(embedded) > 1.2 * len(story) and words_in(embedded) >= LEAST_WORDS:
        story = embedded
    return story, str(over) if over else None


def _limit_over(markup: Markup) -> Limit | None:
    """The limit past which the best reader of pages is not asked; None where the page is over none."""
    if markup.depth > PAGE_DEPTH.most:
        return PAGE_DEPTH
    if markup.tags > PAGE_TAGS.most:
        return PAGE_TAGS
    return PAGE_CHARACTERS if len(markup.text) > PAGE_CHARACTERS.most else None


def _extracted(tree: HtmlElement, title: str | None) -> str:
    """What trafilatura takes for the story; where that is next to nothing, what the simpler readers do."""
    from lxml.html import tostring

    story = without_asides(_trafilatura(tree, precise=True), title=title)
    if len(story) >= SHORT and len(story) >= _paragraph_length(tree) / 3:
        return story
    others = [_trafilatura(tree, precise=False), _main_text(tostring(tree, encoding="unicode")), _paragraphs(tree)]
    for other in others:
        candidate = without_asides(other, title=title)
        if len(candidate) > 1.5 * len(story):
            story = candidate
    if words_in(story) < LEAST_WORDS:
        body = tree.find(".//body")
        flat(tree)
        story = without_asides(text_of_body(tree if body is None else body), title=title)
    return story


def _trafilatura(tree: HtmlElement, *, precise: bool) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(
        tree,
        favor_precision=precise,
        include_comments=False,
        include_tables=True,
        date_extraction_params=NO_DATES,
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return ""
    flat(found.body)
    return text_of_body(found.body)


def _main_text(markup: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    return str(
        extract_plain_text(
            HTMLTree.parse(markup), preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False, comments=False
        )
    )


def _paragraphs(tree: HtmlElement) -> str:
    kept = [deepcopy(element) for element in tree.iter("p", "blockquote") if element.getparent().tag != "blockquote"]
    parts = []
    for element in kept:
        element.tail = None
        flat(element)
        parts.append(text_of_body(element))
    return "\n\n".join(part for part in parts if part)


def _paragraph_length(tree: HtmlElement) -> int:
    return sum(length for element in tree.iter("p") if (length := len(element.text_content())) > 60)


def _text_of_value(value: str) -> str:
    """A story held in JSON: with tags, with line ends, or as one line."""
    if not value:
        return ""
    if re.search(r"</?(?:p|br|div|h\d|li)\b", value, re.I):
        return text_of_tags(value)
    from html import unescape

    value = re.sub(r"</?[a-zA-Z][^<>]*>", "", unescape(value) if "&" in value else value)
    lines = [" ".join(line.split()) for line in value.splitlines()]
    return "\n\n".join(line for line in lines if line)


def _why_nothing(story: str, title: str | None, markup: Markup) -> str | None:
    if title and ERROR_PAGE.fullmatch(title.strip()) and len(story) < 1000:
        return f"it is a server's message ({title.strip()[:60]})"
    if words_in(story) >= LEAST_WORDS:
        return None
    if re.search(r"<frame[\s>]", markup.text, re.I):
        return "it holds only frames; open the frame with the article and save that"
    if markup.scripted:
        return "its text may be put there by scripts; save the page once more after it has loaded, or save its text"
    return "it holds too few words; save its text instead"


def _nothing(why: str, charset: str) -> Found:
    return Found(fatal=True, doubts=(f"no article text found in this page: {why}",), charset=charset)

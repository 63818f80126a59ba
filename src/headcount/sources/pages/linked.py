"""What a page says of itself for machines: the articles of its JSON-LD and its meta tags."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ARTICLE: Final = re.compile(r"(?:Article|Posting|Report|BlogPost|Newsletter)$")
PAGE: Final = frozenset({"WebPage", "ItemPage", "CreativeWork", "VideoObject", "NewsMediaOrganization", "WebSite", "Organization"})
ELSEWHERE: Final = frozenset(
    (
        "comment comments review relatedLink mentions itemListElement citation isBasedOn hasPart about potentialAction breadcrumb"
    ).split()
)
"""Keys under which other works than the page's own stand."""

NODES: Final = 5000
DATE_IN_BROKEN: Final = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"((?:[^"\\]|\\.){1,300})"')
TRAILING_COMMA: Final = re.compile(r",\s*(?=[}\]])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The JSON-LD of a page: its articles, the page's own first; its other nodes; names of nodes by their id."""

    articles: tuple[Mapping[str, object], ...] = ()
    others: tuple[Mapping[str, object], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def article(self) -> Mapping[str, object]:
        """The node of the page's own article; empty where there is none."""
        return self.articles[0] if self.articles else {}


def read_linked(scripts: tuple[str, ...], *, url: str | None = None, title: str | None = None) -> Linked:
    """The articles that the scripts describe; broken JSON gives at least its dates and headline."""
    articles: list[Mapping[str, object]] = []
    others: list[Mapping[str, object]] = []
    names: dict[str, str] = {}
    for script in scripts:
        for node in _nodes(_parse(script)):
            kinds = [kind for kind in _as_list(node.get("@type")) if isinstance(kind, str)]
            if isinstance(node.get("@id"), str) and isinstance(node.get("name"), str):
                names[str(node["@id"])] = str(node["name"])
            if any(ARTICLE.search(kind) for kind in kinds) or (not kinds and "headline" in node):
                articles.append(node)
            else:
                others.append(node)
    articles.sort(key=lambda node: -_likeness(node, url, title))
    return Linked(articles=tuple(articles), others=tuple(others), names=names)


def _parse(script: str) -> object:
    text = script.strip().removeprefix("<![CDATA[").removeprefix("//<![CDATA[").removesuffix("//]]>").removesuffix("]]>").strip()
    for attempt in (text, TRAILING_COMMA.sub("", text).rstrip(";")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    found = {match[1]: match[2] for match in reversed(list(DATE_IN_BROKEN.finditer(text)))}
    return {"@type": "Article", **found} if found else None


def _nodes(value: object) -> Iterator[Mapping[str, object]]:
    """All objects in the order in which they stand, without those that tell of other works."""
    waiting = [value]
    for _ in range(NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            yield value
            waiting.extend(
                inner for key, inner in reversed(value.items()) if key not in ELSEWHERE and isinstance(inner, dict | list)
            )


def _likeness(node: Mapping[str, object], url: str | None, title: str | None) -> int:
    """How surely a node is the page's own article."""
    score = 0
    own = {
        str(place.get("@id") if isinstance(place, dict) else place)
        for place in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
    }
    if url and any(plain_url(place) == plain_url(url) for place in own):
        score += 4
    headline = told(node.get("headline"))
    if headline and title and plain(headline) and (plain(headline) in plain(title) or plain(title) in plain(headline)):
        score += 2
    return score + ("datePublished" in node)


def bodies_of(linked: Linked) -> str:
    """The story as the JSON-LD holds it, the posts of a live page one after the other; empty where it does not."""
    node = linked.article
    body = node.get("articleBody")
    posts = [
        inner
        for update in _as_list(node.get("liveBlogUpdate"))
        if isinstance(update, dict)
        for inner in (told(update.get("headline")), update.get("articleBody"))
    ]
    parts = [part for part in [body, *posts] if isinstance(part, str) and part.strip()]
    return "\n\n".join(parts)


def publisher_of(linked: Linked) -> str | None:
    """The name of the article's publisher; else that of the site, or of a news organisation that the page describes."""
    for node in linked.articles:
        for publisher in _as_list(node.get("publisher")) + _as_list(node.get("sourceOrganization")):
            if isinstance(publisher, dict):
                name = told(publisher.get("name")) or linked.names.get(str(publisher.get("@id")))
            else:
                name = told(publisher)
            if name and not name.startswith(("http:", "https:")):
                return name
    for kind in ("NewsMediaOrganization", "WebSite"):
        for node in linked.others:
            if kind in _as_list(node.get("@type")) and (name := told(node.get("name"))):
                return name
    return None


def told(value: object) -> str | None:
    """A short text of a node or a meta tag: one line, without markup and references; None where there is none."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str):
        return None
    text = unescape(unescape(value)) if "&" in value else value
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", text)
    return " ".join(text.replace("\xad", "").replace("\u200b", "").split()) or None


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def plain(text: str) -> str:
    """The letters and digits of a text in lower case: what two ways to write a headline share."""
    return "".join(character for character in text.casefold() if character.isalnum())


def plain_url(url: str) -> str:
    """An address without what varies between links to one page."""
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?", "", url.split("#")[0].split("?")[0].rstrip("/").lower()).removesuffix("/amp")


def read_metas(tree: HtmlElement) -> dict[str, list[str]]:
    """By name (in lower case) the contents of the page's meta tags, in the order in which they stand."""
    metas: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = told(element.get("content"))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name:
                metas.setdefault(name.strip().lower(), []).append(content)
                break
    return metas

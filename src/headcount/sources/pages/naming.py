"""A page's title, publisher, address, language and country, from what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from headcount.sources.pages.linked import Linked, plain, publisher_of, told

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Metas = Mapping[str, list[str]]

TITLES: Final = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "citation_title")
SITES: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "dc.publisher",
    "dcterms.publisher",
    "publisher",
    "cre",
)
BEFORE_SITE: Final = re.compile(r"\s+[|·•»:–—-]\s+|\s*[|»]\s*")
TITLE_PIECES: Final = re.compile(r"\s+[|·•»:–—-]\s+|\s*[|»:]\s+")
GENERIC: Final = frozenset("home homepage news article untitled index document blog page default loading search".split())

GENERIC_DOMAINS: Final = frozenset("co com io tv me ai fm ly to cc ws gg am la eu su nu sh vc ac tk ml ga cf gq app".split())
"""Endings of two letters, or before them, that anybody anywhere registers: they tell no country."""

HOST: Final = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+", re.I)


def title_of(tree: HtmlElement, linked: Linked, metas: Metas, *, publisher: str | None) -> str | None:
    """The headline as the page shows it, without the name of the site."""
    heads = [text for element in tree.iter("h1") if (text := told(element.text_content()))]
    whole = next((text for element in tree.iter("title") if (text := told(element.text_content()))), None)
    stated = [text for text in (told(linked.article.get("headline")), *(_first(metas, name) for name in TITLES)) if text]
    for head in heads:
        known = [plain(text) for text in (*stated, whole) if text]
        if len(plain(head)) > 8 and any(plain(head) in text or (len(text) > 8 and text in plain(head)) for text in known):
            return head
    for text in stated:
        if (bare := without_site(text, publisher)).casefold() not in GENERIC:
            return bare
    real = [head for head in heads if plain(head) != plain(publisher or "") and len(head.split()) > 2]
    if len(real) == 1:
        return real[0]
    if whole and (within := _head_within(tree, whole)):
        return within
    if whole and (bare := without_site(whole, publisher)).casefold() not in GENERIC:
        return bare
    return real[0] if real else next((text for text in heads if plain(text) != plain(publisher or "")), None)


def _head_within(tree: HtmlElement, whole: str) -> str | None:
    """A smaller heading, or bold words, of which the page's title consists but for the site's name."""
    pieces = TITLE_PIECES.split(whole)
    longest = max(pieces, key=lambda piece: len(piece.split()))
    known = plain(whole)
    for tags, fits in (
        (("h2", "h3"), lambda name: name in map(plain, pieces)),
        (("h2", "h3", "h4", "b", "strong", "font"), lambda name: name in known and 2 * len(name) > len(known)),
        (("b", "strong", "font"), lambda name: name == plain(longest)),  # a masthead may be in bold
    ):
        for element in tree.iter(*tags):
            text = told(element.text_content()[:400])
            if text and len(text.split()) > 2 and (name := plain(text)) and fits(name):
                return text
    return None


def without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name before or after it: where that is the publisher's, or stands behind a bar."""
    site = plain(publisher or "")
    while marks := list(BEFORE_SITE.finditer(title)):
        first, last = marks[0], marks[-1]
        front, back = title[: first.start()], title[last.end() :]
        if _is_site(back, site) or ("|" in last[0] and _is_short_beside(back, front)):
            title = title[: last.start()]
        elif _is_site(front, site) or ("|" in first[0] and _is_short_beside(front, back)):
            title = title[first.end() :]
        else:
            break
    return title.strip()


def _is_site(piece: str, site: str) -> bool:
    name = plain(piece)
    return (
        bool(site)
        and bool(name)
        and (name == site or name.removeprefix("the") == site.removeprefix("the") or (len(site) > 5 and name.startswith(site)))
    )


def _is_short_beside(piece: str, headline: str) -> bool:
    return len(piece.split()) <= 5 and len(headline.split()) > len(piece.split())


def publisher_name(linked: Linked, metas: Metas, *, url: str | None) -> str | None:
    """Who publishes the page: its site's name, else its publisher's, else the registered domain."""
    named = [_first(metas, "og:site_name"), publisher_of(linked), *(_first(metas, name) for name in SITES[1:])]
    for name in named:
        if name and plain(name) and not name.lower().startswith(("http:", "https:", "@")):
            return name
    return registered_domain(url)


def registered_domain(url: str | None) -> str | None:
    """The domain that the page's publisher registered (``examplepost.co.uk``); None for an address without one."""
    if not url:
        return None
    from courlan import extract_domain

    try:
        host = urlsplit(url).hostname or ""
        domain: str | None = extract_domain(url)
        return domain or (".".join(host.split(".")[-2:]) if HOST.fullmatch(host) else None)
    except (ValueError, TypeError):
        return None


def address_of(tree: HtmlElement, metas: Metas, *, url: str | None) -> str | None:
    """The address that the page gives as its own (canonical, then Open Graph), else the one it came from."""
    base = url if is_web(url) else None
    canonical: list[str] = [
        element.get("href") or "" for element in tree.iter("link") if "canonical" in (element.get("rel") or "").lower().split()
    ]
    for given in [*canonical, *metas.get("og:url", []), *metas.get("al:web:url", [])]:
        try:
            whole: str = urljoin(base or "", given.strip())
        except ValueError:
            continue
        if is_web(whole) and not (base and _is_front(whole) and not _is_front(base)):
            return whole
    return base


def is_web(url: str | None) -> bool:
    """Whether it is an address of the web: http or https, with a host and without a password."""
    if not url or any(character.isspace() for character in url) or len(url) > 2000:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None and parts.password is None
    except ValueError:
        return False


def _is_front(url: str) -> bool:
    """Whether the address is that of a site's first page, which careless templates give as canonical everywhere."""
    parts = urlsplit(url)
    return parts.path in {"", "/"} and not parts.query


def language_of(tree: HtmlElement, linked: Linked, metas: Metas) -> str | None:
    """The language that the page declares, as it writes it (``en-GB``); it may lie."""
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    given: list[str | None] = [
        root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"),
        *(_first(metas, name) for name in ("og:locale", "content-language", "language", "dc.language")),
        told(linked.article.get("inLanguage")),
    ]  # fmt: skip
    for tag in given:
        if tag and re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", tag.strip()):
            return tag.strip().replace("_", "-")
    return None


def country_of(url: str | None) -> str | None:
    """The country whose domain the page's address ends in; None for domains that anybody registers."""
    if not url or not is_web(url):
        return None
    from headcount.sources.countries import COUNTRY_CODES
    from headcount.sources.fields import COUNTRY_ALIASES

    ending = (urlsplit(url).hostname or "").rpartition(".")[2]
    code = COUNTRY_ALIASES.get(ending.upper(), ending.upper())
    return code if len(ending) == 2 and ending not in GENERIC_DOMAINS and code in COUNTRY_CODES else None


def regions_of(tree: HtmlElement, linked: Linked, metas: Metas, *, url: str | None) -> list[str]:
    """Countries that the page hints at, the best hint first: its domain, then the regions of its languages."""
    regions = [country_of(url)]
    for tag in (language_of(tree, linked, metas), _first(metas, "og:locale"), told(linked.article.get("inLanguage"))):
        region = re.fullmatch(r"[A-Za-z]{2,3}[-_]([A-Za-z]{2})", tag or "")
        regions.append(region[1].upper() if region else None)
    return [region for region in regions if region]


def _first(metas: Metas, name: str) -> str | None:
    return next(iter(metas.get(name, ())), None)

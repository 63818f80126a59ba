"""Sitemaps: the addresses that a site lists for search engines, and what the news extension says of each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from headcount.models import Document
from headcount.sources.feeds import read_day
from headcount.sources.limits import SITEMAP_URLS, XML_DEPTH
from headcount.sources.opening import Asked, Found

FIELD_CHARACTERS: Final = 4000
TAGS_AN_ADDRESS: Final = 60
"""Tags of a sitemap for each address that may stand in it; a page with thirty pictures has more, and few have thirty."""


TOLD: Final = frozenset({"loc", "lastmod", "publication_date", "title", "name"})
OTHER_SPACES: Final = ("sitemap-image", "sitemap-video", "xhtml")


class SitemapError(ValueError):
    """What cannot be read as a sitemap; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """One address of a sitemap."""

    url: str
    changed: str = ""
    """The day on which it was last changed, in ISO form; "" where it is not told."""

    published: str = ""
    title: str = ""
    publisher: str = ""

    @property
    def day(self) -> str:
        """The day by which it is new or old."""
        return self.published or self.changed

    @property
    def fields(self) -> dict[str, str]:
        """What is known of the report, by its keys. The day of a change is none of publication."""
        known = {"title": self.title, "published": self.published, "publisher": self.publisher}
        return {key: value for key, value in known.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A list of pages (``urlset``) or of further sitemaps (``sitemapindex``), newest first, with what was doubtful in it."""

    kind: Literal["urlset", "sitemapindex"]
    entries: tuple[SitemapEntry, ...] = ()
    doubts: tuple[str, ...] = ()


def read_sitemap(document: Document, asked: Asked) -> Iterator[Found]:  # noqa: ARG001  # the signature of all readers
    """A sitemap on disk holds no report; it says what to do."""
    try:
        number = len(parse_sitemap(document.data).entries)
    except SitemapError as error:
        yield Found(doubts=(str(error),), fatal=True)
        return
    yield Found(doubts=(f"a sitemap of {number:,} addresses and no text: give it with --fetch to have its pages read",), fatal=True)


@dataclass(slots=True)
class _Walk:
    """What was met so far."""

    kind: str = ""
    entries: list[SitemapEntry] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    depth: int = 0
    tags: int = 0


def parse_sitemap(data: bytes) -> Sitemap:
    """The addresses of a sitemap, newest first, those without a day last. Broken XML is read up to where it breaks, with a doubt.

    Raises SitemapError for what is no sitemap, and for one that declares entities (as bombs do) or nests as none does.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    walk = _Walk()
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=False):
            if not _step(walk, event, element):
                break
    except SitemapError:
        raise
    except DefusedXmlException:
        raise SitemapError("the sitemap declares entities of its own, as bombs do: it was not read") from None
    except (ParseError, UnicodeError, ValueError, LookupError) as error:
        if not walk.entries:
            raise SitemapError(f"the XML of this sitemap is broken ({_short(error)}): nothing could be read of it") from None
        walk.doubts.append(
            f"the XML of this sitemap is broken ({_short(error)}): the {len(walk.entries):,} addresses before were read"
        )
    if walk.kind not in {"urlset", "sitemapindex"}:
        raise SitemapError("expected a sitemap (urlset or sitemapindex), found none in it")
    kind: Literal["urlset", "sitemapindex"] = "urlset" if walk.kind == "urlset" else "sitemapindex"
    entries = sorted(walk.entries, key=lambda one: one.day, reverse=True)
    return Sitemap(kind=kind, entries=tuple(entries), doubts=tuple(walk.doubts))


def _step(walk: _Walk, event: str, element: Any) -> bool:
    """Takes in one tag; False where no more is read."""
    name = _local(element.tag)
    if event == "start":
        walk.depth += 1
        walk.tags += 1
        walk.kind = walk.kind or name
        if walk.depth > XML_DEPTH.most:
            raise SitemapError(f"{XML_DEPTH}: no sitemap is; it was not read")
        if walk.tags > TAGS_AN_ADDRESS * SITEMAP_URLS.most:
            walk.doubts.append(f"more than {walk.tags - 1:,} tags: what follows was not read")
            return False
        return True
    walk.depth -= 1
    if name in {"url", "sitemap"} and walk.depth == 1:
        _close(walk)
        element.clear()
        if len(walk.entries) > SITEMAP_URLS.most:
            walk.entries.pop()
            walk.doubts.append(str(SITEMAP_URLS))
            return False
    elif walk.depth >= 2:
        _note(walk, name, element)
        element.clear()
    else:
        element.clear()
    return True


def _note(walk: _Walk, name: str, element: Any) -> None:
    """Keeps the text of what is told of an address; pictures and films have a ``loc`` and a ``title`` of their own."""
    space = element.tag.partition("}")[0] if element.tag.startswith("{") else ""
    if name in TOLD and not any(other in space for other in OTHER_SPACES):
        text = "".join(element.itertext()).strip()[:FIELD_CHARACTERS]
        if text:
            walk.told.setdefault(name, text)


def _close(walk: _Walk) -> None:
    told, walk.told = walk.told, {}
    if "loc" in told:
        walk.entries.append(
            SitemapEntry(
                url="".join(told["loc"].split()),
                changed=read_day(told.get("lastmod", "")),
                published=read_day(told.get("publication_date", "")),
                title=told.get("title", ""),
                publisher=told.get("name", ""),
            )
        )


def _local(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _short(error: BaseException) -> str:
    return str(error)[:100]

"""Feeds: RSS and Atom through feedparser, JSON Feed; what each item says of itself.

A feed on disk has its items read where they carry their text. From the web, ``fetching.collecting`` fetches the page of each.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import msgspec

from headcount.models import Document
from headcount.sources.encoding import wide_encoding
from headcount.sources.limits import FEED_ITEMS, FIELD_CHARACTERS, MIB, XML_DEPTH, Limit
from headcount.sources.opening import Asked, Found
from headcount.wording import write_count

FULL_CHARACTERS: Final = 600
"""So much text in an item is taken for the article; summaries and teasers of feeds stay below 500."""

FEED_TAGS: Final = Limit(600_000, "more than {most} tags in one feed: it was not read; give the addresses of its articles")
"""feedparser takes 4 µs a tag: this is 3 s."""

FEED_BYTES: Final = Limit(16 * MIB, "a feed of more than {mib}: it was not read; give the addresses of its articles")

ROOT: Final = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
TAG: Final = re.compile(r"<[^<>]{0,2000}>")
ENTITY: Final = re.compile(rb"<!ENTITY", re.I)


class FeedError(ValueError):
    """What cannot be read as a feed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed, as it stands there."""

    url: str = ""
    """The address of its page; relative ones are made whole by who knows the feed's."""

    title: str = ""
    published: str = ""
    """The day in ISO form, in the item's own time zone; "" where it says none that can be read."""

    publisher: str = ""
    content: str = ""
    """Its text as HTML: the article where ``is_full``, else a summary, or nothing."""

    @property
    def is_full(self) -> bool:
        """Whether it carries the article, not a teaser."""
        return len(" ".join(TAG.sub(" ", self.content).split())) >= FULL_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: its title, its items in their order, and what was doubtful in reading it."""

    title: str = ""
    items: tuple[FeedItem, ...] = ()
    doubts: tuple[str, ...] = ()


def read_feed(document: Document, asked: Asked) -> Iterator[Found]:  # noqa: ARG001  # the signature of all readers
    """The items of a feed on disk that carry their text; the others are named, with what to do to have them read."""
    try:
        feed = parse_feed(document.data, charset=document.charset)
    except FeedError as error:
        yield Found(doubts=(str(error),), fatal=True)
        return
    if not feed.items:
        yield Found(doubts=("a feed without items: nothing to read", *feed.doubts), fatal=True)
    for number, item in enumerate(feed.items, start=1):
        part = f"item {number}"
        doubts = feed.doubts if number == 1 else ()
        if not item.is_full:
            where = f" {item.url}" if item.url else ""
            reason = f"the item holds no full text: give the feed's address, or the item's{where}, with --fetch"
            yield Found(doubts=(reason, *doubts), part=part, fatal=True)
            continue
        fields = {**known_of(item, feed), "text": text_of_html(item.content)}
        yield Found(fields={key: value for key, value in fields.items() if value}, doubts=doubts, part=part)


def known_of(item: FeedItem, feed: Feed) -> dict[str, str]:
    """Title, day, publisher and address of an item whose own text is read, by the keys of a report."""
    known = {"title": item.title, "published": item.published, "publisher": item.publisher or feed.title, "url": item.url}
    return {key: value for key, value in known.items() if value}


def page_of_item(item: FeedItem) -> bytes:
    """An item's own text as a page, to be opened as any other."""
    title = html.escape(item.title)
    page = f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body><article><h1>{title}</h1>\n'
    return (page + item.content + "\n</article></body></html>").encode("utf-8", "replace")


def text_of_html(fragment: str) -> str:
    """The text of a piece of HTML, one paragraph a line group."""
    from resiliparse.extract.html2text import extract_plain_text

    text = str(extract_plain_text(fragment, preserve_formatting=True, main_content=False, alt_texts=False, links=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def parse_feed(data: bytes, *, charset: str | None = None) -> Feed:
    """The items of RSS, Atom or JSON Feed. Broken XML is read as far as it goes, with a doubt.

    ``charset`` is what the transport says. Raises FeedError for what is no feed, for one that declares entities of its own
    (as bombs do), and for one with more tags than are read.
    """
    if len(data) > FEED_BYTES.most:
        raise FeedError(str(FEED_BYTES))
    head = data[:65536].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if head[:1] == b"{":
        return _parse_json(data)
    return _parse_xml(data, charset)


def _parse_json(data: bytes) -> Feed:
    try:
        told = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        raise FeedError("the JSON of this feed is broken: give the addresses of its articles") from None
    if not isinstance(told, dict) or not isinstance(told.get("items"), list):
        raise FeedError('expected a JSON Feed with its "items", found none')
    title = _string(told.get("title"))
    items = [_json_item(one) for one in told["items"][: FEED_ITEMS.most] if isinstance(one, dict)]
    return Feed(title=title, items=tuple(items), doubts=_too_many(len(told["items"])))


def _json_item(told: Mapping[str, Any]) -> FeedItem:
    content = _string(told.get("content_html"), None)
    if not content and (text := _string(told.get("content_text"), None)):
        content = "".join(f"<p>{html.escape(one)}</p>" for one in re.split(r"\n\s*\n|\n", text) if one.strip())
    days = (read_day(_string(told.get(name))) for name in ("date_published", "date_modified"))
    url = _string(told.get("url")) or _string(told.get("external_url")) or _web(_string(told.get("id")))
    return FeedItem(url=url, title=_string(told.get("title")), published=next((day for day in days if day), ""), content=content)


def _parse_xml(data: bytes, charset: str | None) -> Feed:
    import feedparser

    narrow = _narrow(data)
    root = ROOT.search(narrow)
    if ENTITY.search(narrow, 0, root.start() if root else len(narrow)):
        raise FeedError("the feed declares entities of its own, as bombs do: it was not read")
    if narrow.count(b"<") > FEED_TAGS.most:
        raise FeedError(str(FEED_TAGS))
    if _depth(narrow) > XML_DEPTH.most:
        raise FeedError(f"{XML_DEPTH}: no feed is; it was not read")
    headers = (
        {"content-type": f"application/xml; charset={charset}"} if charset and charset.isascii() and charset.isprintable() else {}
    )
    try:
        told = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # of a library that looks at anything
        raise FeedError(f"it could not be read as a feed ({type(error).__name__}): give the addresses of its articles") from None
    if not told.get("version") and not told.entries:
        raise FeedError("expected a feed (RSS, Atom, JSON Feed), found none in it")
    doubts = _too_many(len(told.entries))
    broken = told.get("bozo_exception")
    if told.get("bozo") and type(broken).__name__ not in {"CharacterEncodingOverride", "NonXMLContentType"}:
        doubts = (f"the XML of this feed is broken; {write_count(len(told.entries), 'item')} could be read of it", *doubts)
    publisher = _string(told.feed.get("publisher"))
    items = tuple(_xml_item(one, publisher) for one in told.entries[: FEED_ITEMS.most])
    return Feed(title=_plain(_string(told.feed.get("title"))), items=items, doubts=doubts)


def _xml_item(told: Any, publisher: str) -> FeedItem:
    contents = [_string(one.get("value"), None) for one in told.get("content") or ()]
    summary = _string(told.get("summary"), None)
    days = (_day_of(told, name) for name in ("published", "created", "updated"))
    source = told.get("source") or {}
    return FeedItem(
        url=_string(told.get("feedburner_origlink")) or _string(told.get("link")) or _web(_string(told.get("id"))),
        title=_plain(_string(told.get("title"))),
        published=next((day for day in days if day), ""),
        publisher=_plain(_string(source.get("title"))) or _string(told.get("publisher")) or publisher,
        content=max([*contents, summary], key=len),
    )


def _day_of(told: Any, name: str) -> str:
    if name not in told:  # feedparser gives "published" for "updated", with a warning, where it is not asked whether it is there
        return ""
    if day := read_day(_string(told[name])):
        return day
    parsed = told.get(f"{name}_parsed")
    return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}" if parsed else ""


def read_day(written: str) -> str:
    """The day of a date and time as feeds write them, in its own time zone, in ISO form; "" where it is none."""
    written = written.strip()
    try:
        return dt.datetime.fromisoformat(written).date().isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(written).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _narrow(data: bytes) -> bytes:
    wide = wide_encoding(data[:65536])
    return data[wide[1] :].decode(wide[0], "replace").encode("utf-8", "replace") if wide else data


def _depth(data: bytes) -> int:
    """How deep tags stand in each other, at least, without what lies in CDATA and comments; broken markup counts too much."""
    depth = deepest = 0
    for tag in MARKUP.finditer(data):
        if tag[1] is None:
            continue
        depth = max(0, depth - 1) if tag[1] == b"/" else depth if tag[0].endswith(b"/>") else depth + 1
        deepest = max(deepest, depth)
    return deepest


MARKUP: Final = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<(/?)[A-Za-z_][^<>]*>", re.S)


def _too_many(number: int) -> tuple[str, ...]:
    return (str(FEED_ITEMS),) if number > FEED_ITEMS.most else ()


def _string(value: object, most: int | None = FIELD_CHARACTERS) -> str:
    return value.strip()[:most] if isinstance(value, str) else ""


def _plain(title: str) -> str:
    """A title without the markup that some feeds leave in it."""
    return " ".join(html.unescape(TAG.sub("", title)).split())


def _web(url: str) -> str:
    return url if url.lower().startswith(("http://", "https://")) else ""


def links_of(items: Iterable[FeedItem]) -> list[str]:
    """The addresses of the items that have one, each once."""
    return list(dict.fromkeys(item.url for item in items if item.url))

"""From addresses to what they hold: pages at once, feeds and sitemaps by the pages that they name, archives record by record.

Everything is told by its bytes. Hosts take turns, so that the pause after a request to one is used for another; the order
depends on the addresses alone, not on how fast anybody answers.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, Literal

from headcount.fetching.addresses import Address, AddressError, parse_address
from headcount.fetching.crawls import common_crawl_url, is_archive
from headcount.fetching.fetcher import Fetched, Fetcher, FetchError
from headcount.fetching.frontier import Frontier, Wanted
from headcount.fetching.streaming import records_from
from headcount.fetching.unpacking import UnpackError, unpack_gzip
from headcount.models import Document, Problem, Report
from headcount.sources.feeds import Feed, FeedError, FeedItem, known_of, page_of_item, parse_feed
from headcount.sources.finding import Item, Named, items_of
from headcount.sources.limits import NESTING, SITEMAP_URLS, LimitError
from headcount.sources.media import sniff_media
from headcount.sources.opening import READERS, Asked
from headcount.sources.sitemaps import Sitemap, SitemapEntry, SitemapError, parse_sitemap
from headcount.wording import write_count

Outcome = Literal["fetched", "unchanged", "known", "in_feed", "failed"]
"""What became of one address. ``known`` was not asked for, because it is known; ``unchanged`` was, and is as it was; of one that is
``in_feed`` the page cannot be had, and what the feed holds of it was read."""

Known = Callable[[str, Sequence[str]], Collection[str]]
"""From a source and addresses that it names to those of them that were read before."""

OnOutcome = Callable[[str, str, Outcome, str], None]
"""Told the source, the address, its outcome and why, once for each address."""

SLOW_FROM: Final = 120
"""So many pages of one site take minutes at one a second; a note says how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A list that lies on disk: a feed, a sitemap or a file of addresses, of which only the pages are fetched."""

    record: str
    data: bytes


def collect(
    wanted: Iterable[str | Given],
    fetcher: Fetcher,
    *,
    asked: Asked | None = None,
    known: Known = lambda *_: (),
    on_outcome: OnOutcome = lambda *_: None,
    kinds: MutableMapping[str, str] | None = None,
    on_bytes: Callable[[int], None] | None = None,
    resume: Callable[[str], int | None] = lambda _: None,
    pause: Callable[[float], None] = lambda _: None,
) -> Iterator[Item]:
    """What the addresses hold, as ``sources.find_reports`` gives what files hold. Never raises for what a server sends.

    ``wanted`` are URLs, paths of files at Common Crawl, and lists that are given. ``known`` says which of the addresses that a
    feed or a sitemap names are known already; they are not fetched. One that is named itself is always asked for. ``kinds``
    is told what each source proves to be (page, feed, sitemap, list, archive). ``pause`` waits before a broken connection to
    an archive is taken up again.
    """
    kinds = {} if kinds is None else kinds
    collector = _Collector(fetcher, asked or Asked(), known, on_outcome, kinds, on_bytes, resume, pause)
    for one in wanted:
        if isinstance(one, Given):
            yield from collector.expand_given(one)
        else:
            url = common_crawl_url(one) or one
            yield from collector.add(Wanted(url=url, source=url, named=True))
    yield from collector.run()


def addresses_of(data: bytes) -> list[str] | None:
    """The addresses of a list, one a line, lines with # passed over; None where it is none: any other line makes it a text."""
    if b"://" not in data and b"crawl-data/" not in data:
        return None
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None
    found = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return found if found and all(is_address(line) for line in found) else None


def is_address(name: str) -> bool:
    """Whether a name on the command line, or a line of a list, is to be fetched: a URL, or a path at Common Crawl."""
    scheme, mark, _ = name.partition("://")
    if common_crawl_url(name):
        return True
    return bool(mark) and scheme.isascii() and scheme.isalpha() and not any(one.isspace() for one in name)


class _Collector:
    """The addresses that are still to be fetched, and what is done with each."""

    def __init__(
        self,
        fetcher: Fetcher,
        asked: Asked,
        known: Known,
        on_outcome: OnOutcome,
        kinds: MutableMapping[str, str],
        on_bytes: Callable[[int], None] | None,
        resume: Callable[[str], int | None],
        pause: Callable[[float], None],
    ) -> None:
        self._fetcher = fetcher
        self._asked = asked
        self._known = known
        self._tell = on_outcome
        self._kinds = kinds
        self._on_bytes = on_bytes or (lambda _: None)
        self._resume = resume
        self._pause = pause
        self._frontier = Frontier()
        self._refused: dict[str, str] = {}
        """By address that could not be fetched why."""
        self._in_feeds: dict[str, Wanted] = {}
        """By address that was named before what a feed holds of it in full."""

    def run(self) -> Iterator[Item]:
        """Fetches until nothing is left; what is fetched may add to what is wanted."""
        while (one := self._frontier.take()) is not None:
            yield from self._items_of(*one)

    def add(self, wanted: Wanted) -> Iterator[Item]:
        """Has an address fetched in its turn; a Problem at once where it is none."""
        try:
            address = parse_address(wanted.url)
        except AddressError as error:
            yield from self._failed(wanted, str(error))
            return
        if self._frontier.add(address, wanted):
            return
        if wanted.item is None or not wanted.item.is_full:
            self._tell(wanted.source, wanted.url, "known", "named before")
        elif why := self._refused.pop(address.url, None):
            yield from self._in_feed(wanted, wanted.item, why)
        else:
            self._tell(wanted.source, wanted.url, "known", "named before")
            self._in_feeds.setdefault(address.url, wanted)

    def expand_given(self, given: Given) -> Iterator[Item]:
        """The pages that a list on disk names."""
        here = Wanted(url="", source=given.record, record=given.record, named=True)
        yield from self._expand(given.data, here, base=None) or [_problem(here, "no addresses in it: nothing to fetch")]

    def _items_of(self, address: Address, wanted: Wanted) -> Iterator[Item]:
        if is_archive(address):
            yield from self._stream(address, wanted)
            return
        try:
            fetched = self._fetcher.fetch(wanted.url)
        except FetchError as error:
            yield from self._unfetched(address, wanted, error)
            return
        self._on_bytes(len(fetched.data))
        for doubt in fetched.doubts:
            yield _problem(wanted, doubt, fatal=False)
        failed = False
        for item in self._opened(fetched, wanted):
            failed = failed or (isinstance(item, Problem) and item.fatal and item.record == wanted.name)
            yield item
        if failed:
            self._tell(wanted.source, wanted.url, "failed", "what was sent could not be read")
        else:
            self._tell(wanted.source, wanted.url, "unchanged" if fetched.unchanged else "fetched", "")

    def _opened(self, fetched: Fetched, wanted: Wanted) -> Iterator[Item]:
        data, media = fetched.data, sniff_media(fetched.data, ending=_ending(fetched))
        if media == "gzip":
            try:
                inner = unpack_gzip(data)
            except (UnpackError, LimitError):
                inner = b""  # no sitemap: read as the archive that it is, and told what is wrong with it
            if sniff_media(inner) in {"feed", "sitemap"} or addresses_of(inner) is not None:
                data, media = inner, sniff_media(inner)
        if wanted.named and media in {"feed", "sitemap", "text"}:
            expanded = self._expand(data, wanted, base=parse_address(fetched.final_url), charset=fetched.charset)
            if expanded is not None:
                yield from expanded
                return
        if media in READERS:
            yield self._document(replace(fetched, data=data), media, wanted)
            return
        named = Named(
            record=wanted.name, source=wanted.source, ending=_ending(fetched), asked=self._asked, resume=self._resume
        )  # fmt: skip
        for item in items_of(io.BytesIO(data), named):
            if isinstance(item, Report) and item.record == wanted.name and not item.url:
                item = replace(item, url=fetched.final_url)
            yield item

    def _document(self, fetched: Fetched, media: str, wanted: Wanted) -> Document:
        return Document(
            data=fetched.data, media=media, record=wanted.name, source=wanted.source, url=fetched.final_url,
            charset=fetched.charset, fetched=fetched.fetched, fields=tuple(wanted.fields.items()),
        )  # fmt: skip

    def _stream(self, address: Address, wanted: Wanted) -> Iterator[Item]:
        """An archive, forward in constant memory; of one that an earlier run has read in part, the rest is asked for."""
        named = Named(
            record=wanted.name, source=wanted.source, ending=PurePosixPath(address.target.partition("?")[0]).suffix.lower(),
            asked=self._asked,
        )  # fmt: skip
        self._kinds.setdefault(wanted.source, "archive")
        start = max(0, self._resume(wanted.source) or 0) if wanted.source == wanted.name else 0
        why = ""
        for item in records_from(self._fetcher, address, named, start=start, pause=self._pause, on_bytes=self._on_bytes):
            if isinstance(item, Problem) and item.fatal and item.record == named.record:
                why = item.reason
            yield item
        self._tell(wanted.source, wanted.url, "failed" if why else "fetched", why)

    def _unfetched(self, address: Address, wanted: Wanted, error: FetchError) -> Iterator[Item]:
        """A page that cannot be had: what a feed holds of it, be it one that names the page beside a list."""
        if wanted.item is not None and wanted.item.is_full:
            yield from self._in_feed(wanted, wanted.item, error.reason)
            return
        yield from self._failed(wanted, error.reason)
        beside = self._in_feeds.pop(address.url, None)
        if beside is None or beside.item is None:
            self._refused[address.url] = error.reason
        else:
            yield from self._in_feed(beside, beside.item, error.reason)

    def _in_feed(self, wanted: Wanted, item: FeedItem, why: str) -> Iterator[Item]:
        self._tell(wanted.source, wanted.url, "in_feed", why)
        yield from self._own_text(item, wanted, f"its page could not be fetched ({why})")

    def _own_text(self, item: FeedItem, wanted: Wanted, why: str) -> Iterator[Item]:
        """What the feed itself holds of an item, where its page cannot be had."""
        yield _problem(wanted, f"{why}: read from the feed's own text, which may be shorter", fatal=False)
        yield Document(
            data=page_of_item(item), media="html", record=wanted.name, source=wanted.source, url=item.url or None, charset="utf-8",
            fields=tuple(wanted.fields.items()),
        )  # fmt: skip

    def _failed(self, wanted: Wanted, reason: str) -> Iterator[Item]:
        self._tell(wanted.source, wanted.url, "failed", reason)
        yield _problem(wanted, reason)

    def _expand(self, data: bytes, wanted: Wanted, *, base: Address | None, charset: str | None = None) -> Iterator[Item] | None:
        """The items that a list names; None where it is none."""
        media = sniff_media(data)
        found = addresses_of(data) if media == "text" else None
        if media not in {"feed", "sitemap"} and found is None:
            return None
        if wanted.depth >= NESTING.most:
            return iter([_problem(wanted, f"lists of addresses inside each other, more than {NESTING.most} deep")])
        self._kinds.setdefault(wanted.source, "list" if found is not None else media)
        if found is not None:
            return self._expand_list(found, wanted)
        return self._expand_feed(data, wanted, base, charset) if media == "feed" else self._expand_sitemap(data, wanted, base)

    def _expand_list(self, found: list[str], wanted: Wanted) -> Iterator[Item]:
        for one in found:
            yield from self.add(replace(wanted, url=common_crawl_url(one) or one, record="", depth=wanted.depth + 1, named=True))

    def _expand_feed(self, data: bytes, wanted: Wanted, base: Address | None, charset: str | None) -> Iterator[Item]:
        try:
            feed = parse_feed(data, charset=charset)
        except FeedError as error:
            yield _problem(wanted, str(error))
            return
        for doubt in feed.doubts:
            yield _problem(wanted, doubt, fatal=False)
        if not feed.items:
            yield _problem(wanted, "a feed without items", fatal=False)
        found = [_absolute(item.url, base) for item in feed.items]
        known = self._known_of(wanted.source, [url for url, _ in found if url])
        for number, (item, (url, why)) in enumerate(zip(feed.items, found, strict=True), start=1):
            if url not in known:
                yield from self._add_item(replace(item, url=url), feed, wanted, number, why)

    def _known_of(self, source: str, urls: Sequence[str]) -> Collection[str]:
        """Those of the addresses that are known already, each told."""
        known = self._known(source, urls) if urls else ()
        for url in urls:
            if url in known:
                self._tell(source, url, "known", "")
        return known

    def _add_item(self, item: FeedItem, feed: Feed, wanted: Wanted, number: int, why: str) -> Iterator[Item]:
        here = Wanted(url=item.url, source=wanted.source, fields=_beside(item), item=item, depth=wanted.depth + 1)
        if item.url:
            yield from self.add(here)
            return
        here = replace(here, record=f"{wanted.name}#item {number}", fields=known_of(item, feed))
        if item.is_full:
            yield from self._own_text(item, here, why)
        else:
            yield _problem(here, f"{why}, and the feed holds no full text of it")

    def _expand_sitemap(self, data: bytes, wanted: Wanted, base: Address | None) -> Iterator[Item]:
        try:
            sitemap = parse_sitemap(data)
        except SitemapError as error:
            yield _problem(wanted, str(error))
            return
        for doubt in sitemap.doubts:
            yield _problem(wanted, doubt, fatal=False)
        yield from self._add_entries(sitemap, wanted, base)

    def _add_entries(self, sitemap: Sitemap, wanted: Wanted, base: Address | None) -> Iterator[Item]:
        """Its addresses on its own site; a sitemap has no say over another one."""
        fit, other = _same_site(sitemap.entries, base)
        if other:
            reason = f"left out {write_count(other, 'address', 'addresses')} of other sites, of which a sitemap has no say"
            yield _problem(wanted, reason, fatal=False)
        if not fit:
            yield _problem(wanted, "a sitemap without addresses", fatal=False)
        if sitemap.kind == "urlset" and len(fit) >= SLOW_FROM:
            reason = (
                f"{len(fit):,} pages, at one a second {len(fit) // 60:,} minutes or more: stop it at will, it goes on where it was"
            )
            yield _problem(wanted, reason, fatal=False)
        is_list = sitemap.kind == "sitemapindex"
        known = () if is_list else self._known_of(wanted.source, [entry.url for entry in fit])
        for entry in fit:
            if entry.url in known:
                continue
            if self._frontier.met >= FRONTIER_MOST:
                yield _problem(wanted, f"{SITEMAP_URLS} (of all sitemaps of this run together)", fatal=False)
                return
            fields = {} if is_list else entry.fields
            yield from self.add(Wanted(url=entry.url, source=wanted.source, fields=fields, depth=wanted.depth + 1, named=is_list))


FRONTIER_MOST: Final = 20 * SITEMAP_URLS.most
"""Addresses that one run takes up: at one a second, eleven days of one site."""


def _same_site(entries: Iterable[SitemapEntry], base: Address | None) -> tuple[list[SitemapEntry], int]:
    """The entries of the site of ``base`` (that of the first where it is None) and how many there are of others."""
    fit: list[SitemapEntry] = []
    other = 0
    home = base.host.removeprefix("www.") if base else None
    for entry in entries:
        try:
            host = parse_address(entry.url, base=base).host
        except AddressError:
            other += 1
            continue
        home = home or host.removeprefix("www.")
        if host == home or host.endswith(f".{home}"):
            fit.append(replace(entry, url=parse_address(entry.url, base=base).url))
        else:
            other += 1
    return fit, other


def _absolute(url: str, base: Address | None) -> tuple[str, str]:
    """The address of an item in full; "" and why, where it has none."""
    if not url:
        return "", "the item names no page"
    try:
        return parse_address(url, base=base).url, ""
    except AddressError as error:
        return "", f"its address cannot be fetched ({error})"


def _beside(item: FeedItem) -> Mapping[str, str]:
    """What a feed says of an item beside its page: the page's own word comes first. The feed's title is no publisher."""
    known = {"title": item.title, "published": item.published, "publisher": item.publisher}
    return {key: value for key, value in known.items() if value}


def _ending(fetched: Fetched) -> str:
    """What the name ends in, or what the server's media type stands for: it decides where the bytes leave it open."""
    return ENDING_OF_MEDIA.get(fetched.media) or PurePosixPath(fetched.final_url.partition("?")[0]).suffix.lower()[:12]


ENDING_OF_MEDIA: Final = {
    "text/html": ".html", "application/xhtml+xml": ".html", "text/csv": ".csv", "text/tab-separated-values": ".tsv",
    "application/x-ndjson": ".jsonl", "application/jsonl": ".jsonl",
}  # fmt: skip


def _problem(wanted: Wanted, reason: str, *, fatal: bool = True) -> Problem:
    return Problem(stage="fetching", record=wanted.name, source=wanted.source, reason=reason, fatal=fatal)

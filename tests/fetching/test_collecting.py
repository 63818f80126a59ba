"""From addresses to reports: pages, feeds, sitemaps, lists; what each names is fetched, and each failure is told."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Collection, Sequence
from typing import Any

import pytest

from fetching.conftest import Clock, MakeFetcher, Site, serving
from headcount.fetching.cache import Cache
from headcount.fetching.collecting import Given, addresses_of, collect
from headcount.fetching.fetcher import Fetcher
from headcount.models import Document, Problem, Report
from headcount.sources import Item

PAGE = "<!doctype html><title>March</title><p>Hundreds marched in Ludlow."
LONG = "Some 400 people rallied outside the town hall of Hereford over cuts to buses, organisers said. " * 8


def rss(*items: str) -> str:
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>Post: latest</title>{"".join(items)}</channel></rss>'


def item(link: str, *, title: str = "March", day: str = "Sun, 02 Jun 2024 10:00:00 +0000", full: str = "") -> str:
    content = f"<content:encoded><![CDATA[<p>{full}</p>]]></content:encoded>" if full else ""
    return (
        f"<item><title>{title}</title><link>{link}</link><pubDate>{day}</pubDate>{content}<description>Short.</description></item>"
    )


def urlset(*urls: str) -> str:
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


class Told:
    """What became of each address."""

    def __init__(self) -> None:
        self.outcomes: list[tuple[str, str, str, str]] = []

    def __call__(self, source: str, url: str, outcome: str, why: str) -> None:
        self.outcomes.append((source, url, outcome, why))

    def by_path(self, site: Site) -> dict[str, str]:
        return {url.removeprefix(site.url("")): outcome for _, url, outcome, _ in self.outcomes}


def gather(fetcher: Fetcher, *wanted: str | Given, **given: Any) -> list[Item]:
    return list(collect(wanted, fetcher, **given))


def documents(items: list[Item]) -> list[Document]:
    return [one for one in items if isinstance(one, Document)]


def problems(items: list[Item]) -> list[Problem]:
    return [one for one in items if isinstance(one, Problem)]


def test_a_page_becomes_a_document(site: Site, fetcher: Fetcher) -> None:
    """Its bytes, what they are, where they came from in the end, and the day."""
    site.redirect("/a", "/b")
    site.answer("/b", PAGE, media="text/html; charset=utf-8")
    assert gather(fetcher, site.url("/a")) == [
        Document(
            data=PAGE.encode(),
            media="html",
            record=site.url("/a"),
            source=site.url("/a"),
            url=site.url("/b"),
            charset="utf-8",
            fetched=dt.date(2024, 6, 3),
        )
    ]


def test_the_bytes_decide_what_it_is(site: Site, fetcher: Fetcher) -> None:
    """A PDF sent as a page is a PDF; a page without a head is one where the server says so; a text is a report with its address."""
    site.answer("/pdf", b"%PDF-1.7 ...", media="text/html")
    site.answer("/fragment", "<p>Hundreds marched.", media="text/html")
    site.answer("/text", "Hundreds marched in Ludlow.", media="text/plain")
    site.answer("/lines", json.dumps({"text": "Hundreds marched."}), media="application/octet-stream")
    pdf, fragment, text, line = gather(fetcher, *(site.url(path) for path in ("/pdf", "/fragment", "/text", "/lines")))
    assert isinstance(pdf, Document)
    assert isinstance(fragment, Document)
    assert (pdf.media, fragment.media) == ("pdf", "html")
    assert isinstance(text, Report)
    assert (text.text, text.url, text.record) == ("Hundreds marched in Ludlow.", site.url("/text"), site.url("/text"))
    assert isinstance(line, Report)
    assert line.record == site.url("/lines:1")


def test_a_feed_gives_the_pages_of_its_items(site: Site, fetcher: Fetcher) -> None:
    """Each with what the feed says beside it; relative addresses are made whole; the feed is their source."""
    site.answer("/feed", rss(item("/one", title="One"), item(site.url("/two"), day="")), media="application/rss+xml")
    site.answer("/one", PAGE)
    site.answer("/two", PAGE)
    told = Told()
    kinds: dict[str, str] = {}
    one, two = documents(gather(fetcher, site.url("/feed"), on_outcome=told, kinds=kinds))
    assert (one.url, one.source, dict(one.fields)) == (
        site.url("/one"),
        site.url("/feed"),
        {"title": "One", "published": "2024-06-02"},
    )
    assert (two.url, dict(two.fields)) == (site.url("/two"), {"title": "March"})
    assert told.by_path(site) == {"/feed": "fetched", "/one": "fetched", "/two": "fetched"}
    assert kinds == {site.url("/feed"): "feed"}


def test_the_feeds_own_text_stands_in_for_a_page(site: Site, fetcher: Fetcher) -> None:
    """Where a robots.txt or an error forbids the page, a full text in the feed is read, and a doubt says so; a teaser is not."""
    site.answer("/robots.txt", "User-agent: *\nDisallow: /closed\n")
    feed = rss(item("/closed/1", full=LONG), item("/closed/2"), item("/gone", full=LONG), item("http://10.0.0.1/x", full=LONG))
    site.answer("/feed", feed)
    told = Told()
    made = gather(fetcher, site.url("/feed"), on_outcome=told)
    closed, private, gone = documents(made)  # hosts take turns
    assert (closed.media, closed.url, closed.fetched) == ("html", site.url("/closed/1"), None)
    assert LONG.strip().encode() in closed.data
    assert gone.url == site.url("/gone")
    assert private.url == "http://10.0.0.1/x"
    doubts = [(one.record, one.fatal) for one in problems(made)]
    assert (site.url("/closed/2"), True) in doubts
    assert (site.url("/closed/1"), False) in doubts
    assert all("read from the feed's own text" in one.reason for one in problems(made) if not one.fatal)
    position = made.index(closed)
    assert isinstance(made[position - 1], Problem)
    assert made[position - 1].record == closed.record  # the doubt goes with its report
    assert told.by_path(site) == {
        "/feed": "fetched", "/closed/1": "in_feed", "/closed/2": "failed", "/gone": "in_feed", "http://10.0.0.1/x": "in_feed",
    }  # fmt: skip


def test_only_what_is_new_is_fetched(site: Site, fetcher: Fetcher) -> None:
    """What is known of the items of a feed or a sitemap is not asked for; what is named itself always is."""
    site.answer("/feed", rss(item("/one"), item("/two")))
    site.answer("/map", urlset(site.url("/three"), site.url("/four")))
    for path in ("/one", "/two", "/three", "/four"):
        site.answer(path, PAGE)
    asked: list[str] = []

    def known(source: str, urls: Sequence[str]) -> Collection[str]:
        asked.append(source)
        return {site.url("/one"), site.url("/four"), site.url("/two?")}

    told = Told()
    gather(fetcher, site.url("/feed"), site.url("/map"), on_outcome=told, known=known)
    assert site.paths == ["/feed", "/map", "/two", "/three"]
    assert asked == [site.url("/feed"), site.url("/map")]
    assert told.by_path(site)["/one"] == "known"
    gather(fetcher, site.url("/one"), known=known)
    assert site.paths[-1] == "/one"


def test_an_address_is_fetched_once_a_run(site: Site, fetcher: Fetcher) -> None:
    """However often and however spelled it is named."""
    site.answer("/feed", rss(item("/one"), item(site.url("/one#top"))))
    site.answer("/one", PAGE)
    made = gather(fetcher, site.url("/feed"), site.url("/one"), site.url("/one").replace("http", "HTTP"))
    assert len(documents(made)) == 1
    assert site.paths == ["/feed", "/one"]


def test_a_list_names_pages(site: Site, fetcher: Fetcher) -> None:
    """From the web or from disk: one address a line, comments passed over; what cannot be fetched is told, the others are."""
    text = f"# mine\n\n{site.url('/one')}\r\n{site.url('/two')}\nftp://post.example/x\nhttp://me:pw@post.example/\n"
    site.answer("/list", text, media="text/plain")
    site.answer("/one", PAGE)
    site.answer("/two", PAGE)
    made = gather(fetcher, site.url("/list"))
    assert [one.record for one in documents(made)] == [site.url("/one"), site.url("/two")]
    assert {one.source for one in documents(made)} == {site.url("/list")}
    assert ["only addresses that begin with" in problems(made)[0].reason, "user name" in problems(made)[1].reason] == [True, True]
    local = gather(fetcher, Given(record="urls.txt", data=text.encode()))
    assert [(one.record, one.source) for one in documents(local)] == [
        (site.url("/one"), "urls.txt"),
        (site.url("/two"), "urls.txt"),
    ]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"http://a.example/\n", ["http://a.example/"]),
        (b"\xef\xbb\xbf# mine\nhttps://a.example/x y\n", None),
        (b"crawl-data/CC-NEWS/2024/03/CC-NEWS-1.warc.gz\n", ["crawl-data/CC-NEWS/2024/03/CC-NEWS-1.warc.gz"]),
        (b"See http://a.example/ for more.\n", None),
        (b"http://a.example/\nHundreds marched.\n", None),
        (b"# nothing\n", None),
        (b"", None),
        (b"http://a.example/\xff", None),
    ],
)
def test_a_list_is_told_from_a_text(data: bytes, found: list[str] | None) -> None:
    """One line that is no address makes it a text."""
    assert addresses_of(data) == found


def test_a_sitemap_gives_its_pages(site: Site, fetcher: Fetcher) -> None:
    """Its own site's alone; packed ones and those that an index names as well."""
    site.answer("/index", f"<sitemapindex><sitemap><loc>{site.url('/news.xml.gz')}</loc></sitemap></sitemapindex>")
    news = urlset(site.url("/one"), "https://other.example/two", "http://10.0.0.1/", "javascript:alert(1)")
    site.answer("/news.xml.gz", gzip.compress(news.encode()), media="application/gzip")
    site.answer("/one", PAGE)
    made = gather(fetcher, site.url("/index"))
    [one] = documents(made)
    assert (one.url, one.source) == (site.url("/one"), site.url("/index"))
    assert [(one.reason, one.fatal) for one in problems(made)] == [
        ("left out 3 addresses of other sites, of which a sitemap has no say", False)
    ]


def test_sitemaps_that_name_each_other_end(site: Site, fetcher: Fetcher) -> None:
    """A circle ends because no address is asked twice, a chain because of its depth."""
    site.answer("/a", f"<sitemapindex><sitemap><loc>{site.url('/a')}</loc></sitemap></sitemapindex>")
    assert gather(fetcher, site.url("/a")) == []
    for number in range(9):
        site.answer(f"/{number}", f"<sitemapindex><sitemap><loc>{site.url(f'/{number + 1}')}</loc></sitemap></sitemapindex>")
    made = gather(fetcher, site.url("/0"))
    assert ["more than 3 deep" in one.reason for one in problems(made)] == [True]
    assert site.paths == ["/a", "/0", "/1", "/2", "/3"]


def test_a_feed_that_names_feeds_is_no_crawler(site: Site, fetcher: Fetcher) -> None:
    """What an item leads to is a page, or is told; it names nothing more."""
    site.answer("/a", rss(item("/b")))
    site.answer("/b", rss(item("/c")))
    [made] = documents(gather(fetcher, site.url("/a")))
    assert made.media == "feed"
    assert site.paths == ["/a", "/b"]


def test_hosts_take_turns(clock: Clock, make_fetcher: MakeFetcher) -> None:
    """The pause after a request to one is used for the other; the order does not depend on who is fast."""
    with serving(Site()) as site:
        for path in ("/1", "/2", "/3"):
            site.answer(path, PAGE)
        fetcher = make_fetcher(resolver=lambda *_: ["127.0.0.1"])
        urls = [site.url(path, host) for host in ("a.example", "b.example") for path in ("/1", "/2", "/3")]
        made = documents(gather(fetcher, *urls))
    assert [one.record for one in made] == [urls[0], urls[3], urls[1], urls[4], urls[2], urls[5]]
    assert clock.waits == [1.0] * 4  # each page waits for its own robots.txt or predecessor; half of the waits serve both


def test_a_killed_run_goes_on_where_it_stopped(site: Site, make_fetcher: MakeFetcher, cache: Cache) -> None:
    """What was fetched is not asked for again, and everything comes out."""
    urls = [site.url(f"/{number}") for number in range(12)]
    for number in range(12):
        site.answer(f"/{number}", PAGE.replace("Ludlow", f"Ludlow {number}"))
    run = collect(urls, make_fetcher(store=cache))
    first = [next(run) for _ in range(5)]
    run.close()
    whole = gather(make_fetcher(store=cache), *urls)
    assert whole[:5] == first
    assert len(documents(whole)) == 12
    assert site.paths == [f"/{number}" for number in range(12)]


@pytest.mark.parametrize("feed_first", [False, True], ids=["list first", "feed first"])
def test_a_page_that_a_list_names_too_is_read_from_the_feed(site: Site, fetcher: Fetcher, feed_first: bool) -> None:
    """The list's address has failed; that the feed holds the whole text is no less true for it."""
    site.answer("/gone", status=410)
    site.answer("/feed", rss(item("/gone", full=LONG)))
    wanted = [site.url("/feed"), site.url("/gone")]
    told = Told()
    made = gather(fetcher, *(wanted if feed_first else reversed(wanted)), on_outcome=told)
    [kept] = documents(made)
    assert (kept.source, kept.url) == (site.url("/feed"), site.url("/gone"))
    assert [(one.source, one.fatal) for one in problems(made)] == [(site.url("/gone"), True), (site.url("/feed"), False)]
    assert (site.url("/feed"), site.url("/gone"), "in_feed") in [outcome[:3] for outcome in told.outcomes]


def test_failures_name_their_page(site: Site, fetcher: Fetcher) -> None:
    """Each with its address and its source; the others come all the same."""
    site.answer("/list", "\n".join(site.url(f"/{number}") for number in range(3)), media="text/plain")
    site.answer("/0", PAGE)
    site.answer("/1", status=410)
    site.answer("/2", b"\x00\x01\x02binary", media="image/png")
    told = Told()
    made = gather(fetcher, site.url("/list"), on_outcome=told)
    assert len(documents(made)) == 1
    assert [(one.record, one.source, one.fatal) for one in problems(made)] == [
        (site.url("/1"), site.url("/list"), True),
        (site.url("/2"), site.url("/list"), True),
    ]
    assert told.by_path(site) == {"/list": "fetched", "/0": "fetched", "/1": "failed", "/2": "failed"}


def test_broken_lists_are_told(site: Site, fetcher: Fetcher) -> None:
    """Feeds with bombs, sitemaps without addresses, lists on disk that hold nothing."""
    site.answer("/bomb", '<!DOCTYPE rss [<!ENTITY a "ha">]><rss version="2.0"><channel/></rss>')
    site.answer("/none", rss())
    site.answer("/map", urlset())
    reasons = {one.record: one.reason for one in problems(gather(fetcher, site.url("/bomb"), site.url("/none"), site.url("/map")))}
    assert "declares entities" in reasons[site.url("/bomb")]
    assert reasons[site.url("/none")] == "a feed without items"
    assert reasons[site.url("/map")] == "a sitemap without addresses"


def test_a_gzip_that_is_no_sitemap_is_read_as_what_it_is(site: Site, fetcher: Fetcher) -> None:
    """Packed lines are lines; a bomb is told."""
    site.answer("/lines.jsonl.gz", gzip.compress(b'{"text": "Hundreds marched."}\n'), media="application/gzip")
    site.answer("/bomb.gz", gzip.compress(bytes(80 * 1024 * 1024)), media="application/gzip")
    made = gather(fetcher, site.url("/lines.jsonl.gz"), site.url("/bomb.gz"))
    assert [one.text for one in made if isinstance(one, Report)] == ["Hundreds marched."]
    assert any(one.fatal and one.record.startswith(site.url("/bomb.gz")) for one in problems(made))


def test_a_sitemap_of_many_pages_says_how_long_it_takes(site: Site, fetcher: Fetcher) -> None:
    """At one page a second a person would like to know."""
    site.answer("/map", urlset(*(site.url(f"/{number}") for number in range(300))))
    run = collect([site.url("/map")], fetcher)
    first = next(run)
    run.close()
    assert isinstance(first, Problem)
    assert first.reason.startswith("300 pages, at one a second 5 minutes or more")
    assert not first.fatal

"""Feeds: what each item says of itself, in RSS, Atom and JSON; broken and hostile ones."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.models import Document, Problem, Report
from headcount.sources import Asked, open_document
from headcount.sources.feeds import FeedError, FeedItem, page_of_item, parse_feed, read_day, text_of_html

LONG = "Some 400 people rallied outside the town hall of Hereford over cuts to buses, organisers said. " * 8
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Hereford Courier &amp;amp; Mail</title><link>https://courier.example/</link>
<item><title>A &lt;b&gt;march&lt;/b&gt; in Ludlow</title><link>https://courier.example/ludlow</link>
<pubDate>Sat, 01 Jun 2024 23:30:00 -0500</pubDate><description>Short.</description></item>
<item><title>Buses</title><guid isPermaLink="true">https://courier.example/buses</guid><dc:date>2024-05-31T08:00:00+02:00</dc:date>
<dc:publisher>Bus News</dc:publisher>
<content:encoded><![CDATA[<p>{LONG}</p><p>Second.</p>]]></content:encoded><description>Short.</description></item>
<item><description>No title, no link</description></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title type="html">Ledger</title>
<entry><title>Vigil</title><link rel="alternate" href="/vigil"/><id>tag:x,1</id><updated>2024-06-02T01:00:00+10:00</updated>
<content type="html">&lt;p&gt;{LONG}&lt;/p&gt;</content></entry>
<entry><title>Rally</title><link href="https://ledger.example/rally"/><published>2024-06-01</published>
<updated>2024-06-09</updated><summary>Short.</summary></entry></feed>"""


def test_rss_items_are_read() -> None:
    """Title without markup, address, day in the item's own zone, the longest of its texts."""
    feed = parse_feed(RSS.encode())
    first, second, third = feed.items
    assert (first.title, first.url, first.published) == ("A march in Ludlow", "https://courier.example/ludlow", "2024-06-01")
    assert not first.is_full
    assert (second.url, second.published, second.publisher) == ("https://courier.example/buses", "2024-05-31", "Bus News")
    assert second.is_full
    assert (third.url, third.title, third.published, third.content) == ("", "", "", "No title, no link")
    assert (feed.title, feed.doubts) == ("Hereford Courier & Mail", ())


def test_atom_items_are_read() -> None:
    """The day of publication before that of a change; a change where there is no other."""
    first, second = parse_feed(ATOM.encode()).items
    assert (first.url, first.published, first.is_full) == ("/vigil", "2024-06-02", True)
    assert (second.url, second.published, second.is_full) == ("https://ledger.example/rally", "2024-06-01", False)


def test_json_feed_items_are_read() -> None:
    """HTML or plain text; what is no string is left out; an address may stand in the id."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Ledger",
        "items": [
            {"id": "1", "url": "https://ledger.example/1", "title": "One", "date_published": "2024-06-01T23:00:00-05:00"},
            {"id": "https://ledger.example/2", "title": 7, "content_text": "One.\n\nTwo < three."},
            "no item",
        ],
    }  # fmt: skip
    feed = parse_feed(json.dumps(told).encode())
    assert [(one.url, one.title, one.published) for one in feed.items] == [
        ("https://ledger.example/1", "One", "2024-06-01"),
        ("https://ledger.example/2", "", ""),
    ]
    assert feed.items[1].content == "<p>One.</p><p>Two &lt; three.</p>"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sun, 02 Jun 2024 00:30:00 +0200", "2024-06-02"),
        ("2024-06-01T23:30:00-05:00", "2024-06-01"),
        ("2024-06-01", "2024-06-01"),
        ("2 Jun 2024 10:00 GMT", "2024-06-02"),
        ("yesterday", ""),
        ("", ""),
        ("Sun, 99 Jun 2024 00:30:00 +0200", ""),
    ],
)
def test_days_are_read_in_their_own_zone(written: str, day: str) -> None:
    """A report of late evening belongs to the day on which its readers saw it."""
    assert read_day(written) == day


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    """A bare ampersand and a missing end cost nothing but a doubt."""
    cut = RSS.replace("Short.", "Fish & chips", 1).encode()[:-200]
    feed = parse_feed(cut)
    assert feed.items[0].url == "https://courier.example/ludlow"
    assert "the XML of this feed is broken" in feed.doubts[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel/></rss>', "declares entities"),
        (b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><title>&x;</title></rss>', "declares entities"),
        ('<!DOCTYPE rss [<!ENTITY a "ha">]><rss/>'.encode("utf-16"), "declares entities"),
        (b"<rss><channel><item>" + b"<a>" * 700_000, "more than 600,000 tags"),
        (b"<rss><channel>" + b" " * 17 * 1024 * 1024, "a feed of more than 16 MiB"),
        (b"<rss><channel><item>" + b"<a>" * 300, "nested more than 200 deep"),
        (b"<html><body>no feed</body></html>", "found none in it"),
        (b"", "found none in it"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "the JSON of this feed is broken"),
        (b'{"version": "https://jsonfeed.org/version/1"}', 'its "items"'),
        (b"[" * 100_000, "found none in it"),
        (b'{"items":' * 50_000, "the JSON of this feed is broken"),
    ],
)  # fmt: skip
def test_hostile_feeds_are_refused(data: bytes, why: str) -> None:
    """Bombs, external entities, depth, what is no feed: a reason, not a crash."""
    with pytest.raises(FeedError, match=why):
        parse_feed(data)


def test_an_article_about_entities_is_no_bomb() -> None:
    """What stands in a text is not declared."""
    data = RSS.replace("Short.", "<![CDATA[<!ENTITY x 'y'>]]>").encode()
    assert len(parse_feed(data).items) == 3


def test_more_items_than_are_read_are_told() -> None:
    """The first ten thousand are read."""
    items = "".join(f"<item><link>https://a.example/{number}</link></item>" for number in range(10_002))
    feed = parse_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert len(feed.items) == 10_000
    assert "more than 10,000 items" in feed.doubts[0]


def test_a_feed_on_disk_gives_the_items_that_carry_their_text() -> None:
    """The others are named, with what to do."""
    made = open_document(Document(data=RSS.encode(), media="feed", record="a.xml", source="a.xml"), Asked())
    problems = [one for one in made if isinstance(one, Problem)]
    [report] = [one for one in made if isinstance(one, Report)]
    assert report.text.startswith("Some 400 people rallied")
    assert report.text.endswith("\n\nSecond.")
    assert (report.title, report.publisher, report.url) == ("Buses", "Bus News", "https://courier.example/buses")
    assert (report.published, report.record) == (dt.date(2024, 5, 31), "a.xml#item 2")
    assert [(one.record, one.fatal) for one in problems] == [("a.xml#item 1", True), ("a.xml#item 3", True)]
    assert "https://courier.example/ludlow, with --fetch" in problems[0].reason


def test_html_keeps_its_paragraphs() -> None:
    """One paragraph a line group, without scripts and pictures' names."""
    made = text_of_html("<p>One <b>two</b>.</p><script>x()</script><img alt='picture' src='x'><p>Three.</p><ul><li>Four</li></ul>")
    assert made.startswith("One two.\n\nThree.")
    assert "x()" not in made
    assert "picture" not in made


def test_an_item_becomes_a_page() -> None:
    """Its title is text, whatever stands in it."""
    page = page_of_item(FeedItem(title="</title><script>", content="<p>One.</p>")).decode()
    assert "<title>&lt;/title&gt;&lt;script&gt;</title>" in page
    assert "<p>One.</p>" in page


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_refused(data: bytes) -> None:
    """No bytes make the parser fail in another way."""
    for one in (data, b"<rss version='2.0'><channel><item>" + data, b'{"items":[' + data + b"]}"):
        try:
            parse_feed(one)
        except FeedError:
            continue

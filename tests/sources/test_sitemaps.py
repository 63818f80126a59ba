"""Sitemaps: their addresses newest first, the news extension, and what is no sitemap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.models import Document, Problem
from headcount.sources import Asked, open_document
from headcount.sources.sitemaps import SitemapEntry, SitemapError, parse_sitemap

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://gazette.example/old</loc><lastmod>2024-05-01</lastmod></url>
<url><image:image><image:loc>https://gazette.example/picture.jpg</image:loc><image:title>Crowd</image:title></image:image>
<loc>
  https://gazette.example/new </loc><news:news><news:publication><news:name>Leominster Gazette</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2024-06-02T23:30:00-05:00</news:publication_date>
<news:title>March &amp; rally</news:title></news:news></url>
<url><loc>https://gazette.example/undated</loc></url>
<url><lastmod>2024-06-09</lastmod></url>
</urlset>"""


def test_a_news_sitemap_says_title_publisher_and_day() -> None:
    """Newest first, those without a day last; a picture's own address and title are not the page's."""
    sitemap = parse_sitemap(SITEMAP)
    assert sitemap.kind == "urlset"
    assert [one.url for one in sitemap.entries] == [
        "https://gazette.example/new",
        "https://gazette.example/old",
        "https://gazette.example/undated",
    ]
    assert sitemap.entries[0].fields == {"title": "March & rally", "published": "2024-06-02", "publisher": "Leominster Gazette"}
    assert sitemap.entries[1] == SitemapEntry(url="https://gazette.example/old", changed="2024-05-01")
    assert sitemap.entries[1].fields == {}


def test_an_index_names_sitemaps() -> None:
    """Newest first as well."""
    data = b"""<sitemapindex><sitemap><loc>https://a.example/1.xml</loc><lastmod>2023-01-01</lastmod></sitemap>
    <sitemap><loc>https://a.example/2.xml.gz</loc><lastmod>2024-01-01T00:00:00Z</lastmod></sitemap></sitemapindex>"""
    sitemap = parse_sitemap(data)
    assert sitemap.kind == "sitemapindex"
    assert [one.url for one in sitemap.entries] == ["https://a.example/2.xml.gz", "https://a.example/1.xml"]


def test_a_broken_sitemap_is_read_up_to_where_it_breaks() -> None:
    """With a doubt that says so."""
    sitemap = parse_sitemap(SITEMAP[: SITEMAP.index(b"undated")])
    assert len(sitemap.entries) == 2
    assert "is broken" in sitemap.doubts[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<!DOCTYPE urlset [<!ENTITY a "ha">]><urlset><url><loc>&a;</loc></url></urlset>', "declares entities"),
        (
            b'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>',
            "declares entities",
        ),
        (b"<urlset>" + b"<a>" * 100_000, "nested more than 200 deep"),
        (b"<rss><channel/></rss>", "found none in it"),
        (b"", "is broken"),
        (b"<urlset><url><loc>", "is broken"),
        (b'<?xml version="1.0" encoding="no-such"?><urlset/>', "is broken"),
    ],
)
def test_hostile_sitemaps_are_refused(data: bytes, why: str) -> None:
    """Bombs, external entities, depth, what is no sitemap: a reason, not a crash."""
    with pytest.raises(SitemapError, match=why):
        parse_sitemap(data)


def test_more_addresses_than_are_read_are_told() -> None:
    """The protocol allows 50,000."""
    rows = "".join(f"<url><loc>https://a.example/{number}</loc></url>" for number in range(50_001))
    sitemap = parse_sitemap(f"<urlset>{rows}</urlset>".encode())
    assert len(sitemap.entries) == 50_000
    assert "more than 50,000 addresses" in sitemap.doubts[0]


def test_a_sitemap_on_disk_says_what_to_do() -> None:
    """It holds no report."""
    [problem] = open_document(Document(data=SITEMAP, media="sitemap", record="s.xml", source="s.xml"), Asked())
    assert isinstance(problem, Problem)
    assert "a sitemap of 3 addresses and no text: give it with --fetch" in problem.reason


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sitemap_or_refused(data: bytes) -> None:
    """No bytes make the parser fail in another way."""
    for one in (data, b"<urlset><url><loc>" + data):
        try:
            parse_sitemap(one)
        except SitemapError:
            continue

"""What a site asks of robots, and how that is followed."""

from __future__ import annotations

import pytest

from fetching.conftest import Clock, MakeFetcher, Site, send
from headcount.fetching.addresses import parse_address
from headcount.fetching.cache import Cache
from headcount.fetching.fetcher import Fetcher, FetchError
from headcount.fetching.robots import RobotsAnswer, read_rules


def why_not(robots: str, path: str) -> str | None:
    address = parse_address(f"https://post.example{path}")
    return read_rules(RobotsAnswer(status=200, data=robots.encode()), address).why_not(address)


def test_our_own_group_comes_before_that_of_all() -> None:
    """A group for Headcount is followed alone; else that for all; the longest rule decides."""
    robots = "User-agent: *\nDisallow: /\n\nUser-agent: headcount\nDisallow: /private\nAllow: /private/open\n"
    assert why_not(robots, "/news") is None
    assert why_not(robots, "/private/x") is not None
    assert why_not(robots, "/private/open/1") is None
    assert why_not("User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf") == (
        "the robots.txt of post.example asks programs not to fetch it: save it with a browser and give the file"
    )


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(404, True), (403, True), (401, True), (410, True), (429, False), (500, False), (503, False), (None, False)],
)
def test_what_no_robots_txt_means(status: int | None, allowed: bool) -> None:
    """None there: all is allowed. One that cannot be read now: nothing is, for now."""
    address = parse_address("https://post.example/")
    assert (read_rules(RobotsAnswer(status=status, reason="no answer"), address).why_not(address) is None) is allowed


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"<!doctype html><p>404", b"User-agent: *\n" * 50_000, b"Disallow: /" + b"*a" * 99_999]
)
def test_any_bytes_are_rules(data: bytes) -> None:
    """What is no robots.txt forbids nothing, and nothing raises."""
    address = parse_address("https://post.example/" + "a" * 2000)
    assert read_rules(RobotsAnswer(status=200, data=data), address).why_not(address) is None


def test_it_is_asked_before_the_page_and_once_a_day(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """What it forbids is not asked for; a day later it is read anew."""
    site.answer("/robots.txt", "User-agent: *\nDisallow: /b\n", media="text/plain")
    site.answer("/a", "here")
    site.answer("/b", "secret")
    fetcher.fetch(site.url("/a"))
    with pytest.raises(FetchError, match="asks programs not to fetch it") as raised:
        fetcher.fetch(site.url("/b"))
    assert raised.value.permanent
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a"]
    clock.now += 90_000
    site.answer("/robots.txt", "", media="text/plain")
    assert fetcher.fetch(site.url("/b")).data == b"secret"


def test_it_is_kept_for_the_next_run(site: Site, make_fetcher: MakeFetcher, cache: Cache) -> None:
    """A run that is started again does not ask for it again."""
    site.answer("/robots.txt", "User-agent: *\nDisallow: /b\n", media="text/plain")
    site.answer("/a", "here")
    make_fetcher(store=cache).fetch(site.url("/a"))
    with pytest.raises(FetchError, match="asks programs not to fetch it"):
        make_fetcher(store=cache).fetch(site.url("/b"))
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a"]


def test_where_it_cannot_be_read_nothing_is_fetched(site: Site, fetcher: Fetcher) -> None:
    """A server error there is no permission; that is not for good."""
    site.answer("/robots.txt", status=500)
    site.answer("/a", "here")
    with pytest.raises(FetchError, match=r"could not be read .* nothing is fetched from there: try again later") as raised:
        fetcher.fetch(site.url("/a"))
    assert not raised.value.permanent
    assert site.paths == []


def test_its_redirects_are_checked_like_any(site: Site, fetcher: Fetcher) -> None:
    """A robots.txt may lie elsewhere; not in a private network."""
    site.redirect("/robots.txt", "/rules.txt")
    site.answer("/rules.txt", "User-agent: *\nDisallow: /a\n")
    with pytest.raises(FetchError, match="asks programs not to fetch it"):
        fetcher.fetch(site.url("/a"))
    site.redirect("/robots.txt", "http://10.0.0.1/robots.txt")
    with pytest.raises(FetchError, match="nothing is fetched from there"):
        Fetcher.fetch(fetcher_like(fetcher), site.url("/a"))


def fetcher_like(fetcher: Fetcher) -> Fetcher:
    """One with the same settings that has met no site yet."""
    return Fetcher(clock=fetcher._clock, sleep=lambda _: None, allowance=fetcher._allowance, seconds=5)


def test_every_site_on_the_way_is_asked(site: Site, fetcher: Fetcher) -> None:
    """A redirect to where robots are not wanted is not followed."""
    site.redirect("/a", "/b")
    site.answer("/b", "secret")
    site.answer("/robots.txt", "User-agent: *\nDisallow: /b\n")
    with pytest.raises(FetchError, match="asks programs not to fetch it"):
        fetcher.fetch(site.url("/a"))
    assert site.paths == ["/a"]


def test_a_crawl_delay_is_waited_for(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """Up to half a minute; beyond that a doubt says so, once."""
    site.answer("/robots.txt", "User-agent: *\nCrawl-delay: 7\n")
    site.answer("/a", "here")
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/a"))
    assert clock.waits == [7.0, 7.0]
    clock.waits.clear()
    clock.now += 90_000
    site.pages["/robots.txt"] = lambda request: send(request, b"User-agent: *\nCrawl-delay: 3600\n")
    first, second = fetcher.fetch(site.url("/a")), fetcher.fetch(site.url("/a"))
    assert "asks for 3,600 seconds between requests: headcount waits 30" in first.doubts[0]
    assert second.doubts == ()
    assert clock.waits == [30.0, 30.0]

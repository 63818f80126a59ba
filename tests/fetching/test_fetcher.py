"""Fetching one address: redirects, bounds, retries, the cache, and what every hostile answer comes to."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path

import pytest

from fetching.conftest import Clock, MakeFetcher, Site, refused, send, speaking
from headcount.fetching.addresses import parse_address
from headcount.fetching.cache import Cache
from headcount.fetching.fetcher import Fetched, Fetcher, FetchError, name_agent, next_address
from headcount.release import RELEASE

DAY = 86_400.0


def test_a_page_comes_with_what_the_server_says_of_it(site: Site, fetcher: Fetcher) -> None:
    """Bytes, media type, encoding, where it came from in the end, and the day."""
    site.answer("/a", "<p>Hundreds marched.", media='Text/HTML; charset="ISO-8859-2"')
    assert fetcher.fetch(site.url("/a")) == Fetched(
        url=site.url("/a"),
        final_url=site.url("/a"),
        status=200,
        media="text/html",
        charset="ISO-8859-2",
        data=b"<p>Hundreds marched.",
        fetched=date(2024, 6, 3),
    )


def test_a_request_says_who_asks_and_nothing_else(site: Site, make_fetcher: MakeFetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name, a version and the contact; no cookie, no referrer; a proxy of the environment is passed by."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    site.answer("/a", "one", Set_Cookie="spy=1; Path=/")
    site.answer("/b", "two")
    fetcher = make_fetcher(contact="desk@post.example")
    fetcher.fetch(site.url("/a"))
    fetcher.fetch(site.url("/b"))
    headers = site.asked[-1][1]
    assert headers["user-agent"] == f"Headcount/{RELEASE} (desk@post.example)"
    assert headers["host"] == f"127.0.0.1:{site.port}"
    assert headers.keys() == {"host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"}


def test_the_contact_is_a_mail_address_or_a_url() -> None:
    """It stands in each request; what would break the header is refused."""
    assert name_agent("") == f"Headcount/{RELEASE}"
    assert name_agent("https://lab.example/bot") == f"Headcount/{RELEASE} (+https://lab.example/bot)"
    for wrong in ("a\r\nCookie: x", "a)b", "dürer@x.example"):
        with pytest.raises(ValueError, match="expected a mail address or a URL"):
            name_agent(wrong)


# --- redirects ---


def test_redirects_are_followed_to_the_end(site: Site, fetcher: Fetcher) -> None:
    """Relative and absolute ones; the final address is told."""
    site.redirect("/a", "b?x=1")
    site.redirect("/b?x=1", site.url("/c"), status=308)
    site.answer("/c", "here")
    got = fetcher.fetch(site.url("/a"))
    assert (got.url, got.final_url, got.data) == (site.url("/a"), site.url("/c"), b"here")


def test_a_redirect_to_a_private_address_is_refused(site: Site, fetcher: Fetcher) -> None:
    """Every hop is checked like the first: a public page cannot send on to a metadata service, a file or another port."""
    for number, (to, why) in enumerate(
        {
            "http://169.254.169.254/latest/meta-data/": "a cloud's metadata service",
            "http://10.0.0.1/": "in a private network",
            "http://[::1]/": "this machine itself",
            "http://[::ffff:10.0.0.1]/": "in a private network",
            "//192.168.0.1/": "in a private network",
            "http://0x7f.1/": "odd spelling",
            "file:///etc/passwd": "only addresses that begin with",
            "http://me:pw@127.0.0.1/": "a user name or a password",
            "": "does not say where to",
        }.items()
    ):
        site.redirect(f"/{number}", to)
        error = refused(fetcher, site.url(f"/{number}"))
        assert why in error.reason
        assert error.permanent


def test_more_redirects_than_are_followed_end(site: Site, fetcher: Fetcher) -> None:
    """A circle ends at the limit, after six requests."""
    site.redirect("/a", "/a")
    assert "more than 5 redirects" in refused(fetcher, site.url("/a")).reason
    assert site.paths == ["/a"] * 6


def test_a_redirect_from_https_to_http_is_refused() -> None:
    """What was asked for safely must not come in a way that anyone can change."""
    with pytest.raises(FetchError, match="redirected from https to http"):
        next_address(parse_address("https://post.example/"), "http://post.example/")


def test_a_location_cannot_add_headers(site: Site, fetcher: Fetcher) -> None:
    """Line ends in a redirect, raw or escaped, stay part of the path or are refused."""
    site.pages["/a"] = lambda request: send(request, b"", status=302, headers={"Location": "/b%0d%0aX-Evil:%201"})
    site.answer("/b%0d%0aX-Evil:%201", "path")
    assert fetcher.fetch(site.url("/a")).data == b"path"
    assert "x-evil" not in site.asked[-1][1]


def test_a_location_in_utf8_is_understood(site: Site, fetcher: Fetcher) -> None:
    """Headers are Latin-1 by the letter and UTF-8 in practice."""
    site.redirect("/a", "/grüße".encode().decode("latin-1"))
    site.answer("/gr%C3%BC%C3%9Fe", "here")
    assert fetcher.fetch(site.url("/a")).data == b"here"


# --- the connection is made to what was checked ---


def test_a_name_is_resolved_once_for_a_request(site: Site, make_fetcher: MakeFetcher) -> None:
    """A name that resolves to something else a moment later gains nothing: the answer that was checked is the one connected to."""
    answers = {"allowed": "127.0.0.1"}
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return [answers["allowed"]] if len(asked) % 2 else ["10.0.0.1"]

    site.answer("/robots.txt", "User-agent: *\nDisallow:\n")
    site.answer("/a", "here")
    fetcher = make_fetcher(resolver=rebinding)
    error = refused(fetcher, site.url("/a", host="rebind.example"))  # robots.txt took the first answer, the page the second
    assert "rebind.example (10.0.0.1) is in a private network" in error.reason
    assert site.paths == []
    asked.clear()
    assert fetcher.fetch(site.url("/a", host="rebind.example")).data == b"here"
    assert asked == ["rebind.example"]
    assert site.asked[-1][1]["host"] == f"rebind.example:{site.port}"


def test_the_next_address_of_a_host_is_tried(site: Site, make_fetcher: MakeFetcher) -> None:
    """Of several IP addresses, all checked, one that does not answer is passed over."""
    site.answer("/a", "here")
    fetcher = make_fetcher(resolver=lambda *_: ["127.0.0.99", "127.0.0.1"])
    assert fetcher.fetch(site.url("/a", host="two.example")).data == b"here"


def test_a_host_that_is_not_there_is_told(make_fetcher: MakeFetcher) -> None:
    """No name, no connection: each in words, and neither for good."""

    def nobody(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    error = refused(make_fetcher(resolver=nobody), "http://nowhere.example/")
    assert "no host nowhere.example" in error.reason
    assert not error.permanent
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refused(make_fetcher(), f"http://127.0.0.1:{port}/")
    assert "Connection refused" in error.reason


# --- patience ---


def test_what_breaks_off_is_tried_again(clock: Clock, make_fetcher: MakeFetcher) -> None:
    """Twice, after 2 and 8 seconds; the third answer counts."""
    said: list[int] = []

    def flaky(connection: socket.socket) -> None:
        said.append(1)
        whole = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"
        connection.sendall(whole if len(said) == 3 else whole[:-2])

    with speaking(flaky) as url:
        assert make_fetcher().fetch(url).data == b"here"
    assert clock.waits == [1.0, 2.0, 8.0]


def test_a_server_error_is_tried_again(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """And after the third time told, as something that may pass."""
    site.answer("/a", status=502)
    error = refused(fetcher, site.url("/a"))
    assert "(status 502); tried 3 times" in error.reason
    assert site.paths == ["/a"] * 3


def test_retry_after_is_waited_for(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """In seconds or as a moment, up to two minutes; then the page comes."""
    answers = [
        lambda request: send(request, b"", status=429, headers={"Retry-After": "30"}),
        lambda request: send(request, b"", status=503, headers={"Retry-After": "Mon, 03 Jun 2024 12:01:31 GMT"}),
        lambda request: send(request, b"here"),
    ]
    site.pages["/a"] = lambda request: answers.pop(0)(request)
    assert fetcher.fetch(site.url("/a")).data == b"here"
    assert clock.waits == [1.0, 30.0, 60.0]


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "3600"}, {"Retry_After": "soon"}])
@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_says_stop_is_left_alone(site: Site, fetcher: Fetcher, status: int, headers: dict[str, str]) -> None:
    """Asked for more patience than two minutes, or without a word how much, the host gets no request more in this run."""
    site.answer("/a", status=status, **headers)
    site.answer("/b", "here")
    assert f"(status {status})" in refused(fetcher, site.url("/a")).reason
    error = refused(fetcher, site.url("/b"))
    assert "asked to be left alone" in error.reason
    assert not error.permanent
    assert site.paths == ["/a"]


def test_a_host_that_does_not_answer_is_given_up(make_fetcher: MakeFetcher, clock: Clock) -> None:
    """After three addresses in a row the others of that host are not tried: a thousand would take hours."""
    talks: list[int] = []

    def hang_up(connection: socket.socket) -> None:
        talks.append(1)

    with speaking(hang_up) as url:
        fetcher = make_fetcher()
        for number in range(3):
            refused(fetcher, f"{url}{number}")
        assert "failed to answer 3 times in a row" in refused(fetcher, f"{url}4").reason
    assert len(talks) == 9


def test_one_second_lies_between_requests(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """Between two requests to one host, robots.txt among them; another host is asked at once."""
    for path in ("/a", "/b"):
        site.answer(path, "here")
        fetcher.fetch(site.url(path))
    assert clock.waits == [1.0, 1.0]
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/b"]


# --- the cache ---


def test_a_page_is_fetched_once_a_day(site: Site, make_fetcher: MakeFetcher, cache: Cache, clock: Clock) -> None:
    """Killed and run again, or run twice a day: what is there is not asked for. The next day it is, with its marks."""
    site.answer("/a", "one", ETag='"v1"', Last_Modified="Mon, 03 Jun 2024 08:00:00 GMT")
    first = make_fetcher(store=cache).fetch(site.url("/a"))
    again = make_fetcher(store=cache).fetch(site.url("/a"))
    assert (first.unchanged, again.unchanged, again.data) == (False, True, b"one")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a"]
    clock.now += DAY
    site.answer("/a", status=304)
    later = make_fetcher(store=cache).fetch(site.url("/a"))
    assert (later.data, later.unchanged, later.status) == (b"one", True, 200)
    assert later.fetched == date(2024, 6, 3)
    asked = site.asked[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Mon, 03 Jun 2024 08:00:00 GMT")
    make_fetcher(store=cache).fetch(site.url("/a"))
    assert site.paths == ["/a", "/a"]


def test_a_changed_page_takes_the_place_of_the_old(site: Site, make_fetcher: MakeFetcher, cache: Cache, clock: Clock) -> None:
    """A new answer is kept; one with the same bytes counts as unchanged even where the server knows no marks."""
    site.answer("/a", "one")
    make_fetcher(store=cache).fetch(site.url("/a"))
    clock.now += DAY
    assert make_fetcher(store=cache).fetch(site.url("/a")).unchanged
    clock.now += DAY
    site.answer("/a", "two")
    got = make_fetcher(store=cache).fetch(site.url("/a"))
    assert (got.data, got.unchanged, got.fetched) == (b"two", False, date(2024, 6, 5))


def test_a_feed_is_asked_for_every_time(site: Site, make_fetcher: MakeFetcher, cache: Cache) -> None:
    """It changes during the day; with its marks that costs next to nothing."""
    site.answer("/feed", "<rss version='2.0'><channel/></rss>", ETag='"f"')
    make_fetcher(store=cache).fetch(site.url("/feed"))
    site.answer("/feed", status=304)
    assert make_fetcher(store=cache).fetch(site.url("/feed")).unchanged
    assert site.paths == ["/feed", "/feed"]


def test_the_age_that_counts_as_fresh_can_be_given(site: Site, make_fetcher: MakeFetcher, cache: Cache, clock: Clock) -> None:
    """A week asks for nothing on the sixth day; nothing asks each time."""
    site.answer("/a", "one")
    make_fetcher(store=cache).fetch(site.url("/a"))
    clock.now += 6 * DAY
    make_fetcher(store=cache, max_age=7 * DAY).fetch(site.url("/a"))
    assert site.paths == ["/a"]
    make_fetcher(store=cache, max_age=0).fetch(site.url("/a"))
    assert site.paths == ["/a", "/a"]


def test_a_page_that_is_gone_is_not_asked_for_again_that_day(
    site: Site, make_fetcher: MakeFetcher, cache: Cache, clock: Clock
) -> None:
    """A resumed run of a thousand addresses does not ask for its dead ones once more; the next day does."""
    for _ in range(2):
        assert "(status 404)" in refused(make_fetcher(store=cache), site.url("/a")).reason
    assert site.paths == ["/a"]
    clock.now += DAY
    site.answer("/a", "back")
    assert make_fetcher(store=cache).fetch(site.url("/a")).data == b"back"


def test_marks_go_only_to_where_they_came_from(site: Site, make_fetcher: MakeFetcher, cache: Cache, clock: Clock) -> None:
    """After a redirect they are sent to the final address, and no more once it leads elsewhere."""
    site.redirect("/a", "/b")
    site.answer("/b", "one", ETag='"b"')
    site.answer("/c", "two", ETag='"c"')
    make_fetcher(store=cache).fetch(site.url("/a"))
    clock.now += DAY
    make_fetcher(store=cache).fetch(site.url("/a"))
    marked = [("if-none-match" in headers, path) for path, headers in site.asked if path != "/robots.txt"]
    assert marked == [(False, "/a"), (False, "/b"), (False, "/a"), (True, "/b")]
    site.redirect("/a", "/c")
    clock.now += DAY
    assert make_fetcher(store=cache).fetch(site.url("/a")).data == b"two"
    assert "if-none-match" not in site.asked[-1][1]


def test_a_cache_that_cannot_be_written_costs_nothing_but_itself(site: Site, make_fetcher: MakeFetcher, tmp_path: Path) -> None:
    """The page is read all the same, and a doubt says so, once."""
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    site.answer("/a", "one")
    site.answer("/b", "two")
    fetcher = make_fetcher(store=Cache(blocked))
    first, second = fetcher.fetch(site.url("/a")), fetcher.fetch(site.url("/b"))
    assert "nothing can be kept in" in first.doubts[0]
    assert (first.data, second.data, second.doubts) == (b"one", b"two", ())

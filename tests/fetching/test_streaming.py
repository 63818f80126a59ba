"""Web archives read from the web as they come: taken up again where a connection breaks, by the same bytes."""

from __future__ import annotations

import gzip
import io
import os
from http.server import BaseHTTPRequestHandler

import pytest

from fetching.conftest import Clock, Site, send, speaking
from headcount.fetching.addresses import parse_address
from headcount.fetching.collecting import collect
from headcount.fetching.connecting import HEAD
from headcount.fetching.crawls import common_crawl_url, is_archive, is_common_crawl
from headcount.fetching.fetcher import Fetcher
from headcount.fetching.streaming import RemoteFile
from headcount.models import Document, Problem


def served(site: Site, path: str, data: bytes, *, breaks: list[int], ranges: bool = True, etag: str = '"v1"') -> None:
    """The path gives the data; the first connections break off after so many bytes."""

    def page(request: BaseHTTPRequestHandler) -> None:
        start = int(request.headers.get("Range", "bytes=0-")[6:-1]) if ranges else 0
        status, headers = (206, {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}) if start else (200, {})
        request.send_response(status)
        for name, value in {"Content-Length": str(len(data) - start), "ETag": etag, **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data[start:][: breaks.pop(0)] if breaks else data[start:])

    site.pages[path] = page


def read_all(site: Site, fetcher: Fetcher, clock: Clock, path: str = "/a.warc.gz", start: int = 0) -> bytes:
    with RemoteFile(fetcher, parse_address(site.url(path)), start=start, pause=clock.sleep) as remote:
        return io.BufferedReader(remote).read()


def test_a_broken_connection_is_taken_up_again(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """From the byte that is missing, and only if the file is still the same."""
    data = os.urandom(500_000)
    served(site, "/a.warc.gz", data, breaks=[200_000, 100_000])
    assert read_all(site, fetcher, clock) == data
    ranges = [headers.get("range") for path, headers in site.asked if path != "/robots.txt"]
    assert ranges == [None, "bytes=200000-", "bytes=300000-"]
    assert site.asked[-1][1]["if-range"] == '"v1"'


def test_a_server_without_ranges_sends_it_again(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """What was read before is passed over."""
    data = os.urandom(300_000)
    served(site, "/a.warc.gz", data, breaks=[100_000], ranges=False)
    assert read_all(site, fetcher, clock) == data


def test_a_file_that_changes_meanwhile_is_an_error(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """Halves of two files make no archive."""
    served(site, "/a.warc.gz", b"x" * 300_000, breaks=[100_000])
    first = site.pages["/a.warc.gz"]

    def once(request: BaseHTTPRequestHandler) -> None:
        served(site, "/a.warc.gz", b"y" * 300_000, breaks=[], ranges=False, etag='"v2"')
        first(request)

    site.pages["/a.warc.gz"] = once
    with pytest.raises(OSError, match="has changed while it was read"):
        read_all(site, fetcher, clock)


def test_a_server_that_goes_on_elsewhere_is_an_error(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """A range other than the one asked for would tear a hole."""
    site.pages["/a.warc.gz"] = lambda request: send(request, b"xyz", status=206, headers={"Content-Range": "bytes 9-11/12"})
    with pytest.raises(OSError, match="went on at another byte than 5"):
        read_all(site, fetcher, clock, start=5)


@pytest.mark.parametrize("start", [5, 12])
def test_reading_begins_where_it_is_told_to(site: Site, fetcher: Fetcher, clock: Clock, start: int) -> None:
    """An earlier run's place is asked for; the end of the file gives nothing."""
    data = b"hello, world"
    served(site, "/a.warc.gz", data, breaks=[])
    if start == len(data):
        site.answer("/a.warc.gz", status=416)
    assert read_all(site, fetcher, clock, start=start) == data[start:]


def test_a_server_that_breaks_off_for_ever_is_given_up(site: Site, fetcher: Fetcher, clock: Clock) -> None:
    """Three times without a byte, or a hundred times at all."""
    served(site, "/a.warc.gz", b"x" * 1000, breaks=[500, *[0] * 50])
    with pytest.raises(OSError, match="broke off at byte 500"):
        read_all(site, fetcher, clock)
    served(site, "/b.warc.gz", b"x" * 1000, breaks=[1] * 500)
    with pytest.raises(OSError, match="broke off 100 times"):
        read_all(site, fetcher, clock, "/b.warc.gz")


def test_what_is_no_file_has_a_reason(site: Site, fetcher: Fetcher) -> None:
    """Named by its address, like any input."""
    [problem] = collect([site.url("/gone.warc.gz")], fetcher)
    assert isinstance(problem, Problem)
    assert (problem.record, problem.fatal) == (site.url("/gone.warc.gz"), True)
    assert "the server gave no file (status 404)" in problem.reason


@pytest.mark.parametrize("start", [0, 5])
def test_answers_that_stopped_a_run(fetcher: Fetcher, start: int) -> None:
    """A length that is a digit and no number, heads without end: the archive fails with a reason, resumed or not."""
    length = b"HTTP/1.1 206 OK\r\nContent-Range: bytes 5-6/7\r\n" if start else b"HTTP/1.1 200 OK\r\n"
    endless = b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000
    for answer in (length + b"Content-Length: \xb2\r\n\r\nno archive", endless):
        with speaking(lambda connection, answer=answer: connection.sendall(answer)) as url:  # type: ignore[misc]
            made = list(collect([f"{url}a.warc.gz"], fetcher, resume=lambda _: start))
        assert not any(isinstance(one, Problem) and "defect" in one.reason for one in made)
    assert [one.reason for one in made if isinstance(one, Problem)] == [str(HEAD)]


def archive(pages: int) -> list[bytes]:
    """The records of an archive, each packed by itself."""
    page = b"<!doctype html><title>March</title><p>Hundreds marched in Ludlow." + os.urandom(40_000).hex().encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    records = []
    for number in range(pages):
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
            f"WARC-Date: 2024-06-03T10:00:00Z\r\nWARC-Target-URI: https://post.example/{number}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        records.append(gzip.compress(head.encode() + http + b"\r\n\r\n"))
    return records


def test_an_archive_gives_its_pages(site: Site, fetcher: Fetcher) -> None:
    """Record by record, over a connection that breaks."""
    served(site, "/a.warc.gz", b"".join(archive(5)), breaks=[100_000])
    made = list(collect([site.url("/a.warc.gz")], fetcher))
    assert [one.url for one in made if isinstance(one, Document)] == [f"https://post.example/{number}" for number in range(5)]
    assert not [one for one in made if isinstance(one, Problem)]


def test_an_archive_is_resumed_at_its_record(site: Site, fetcher: Fetcher) -> None:
    """Only what an earlier run has not read is sent, and the places are those of the whole file."""
    records = archive(5)
    served(site, "/a.warc.gz", b"".join(records), breaks=[])
    url = site.url("/a.warc.gz")
    whole = list(collect([url], fetcher))
    third = whole[2]
    assert isinstance(third, Document)
    assert third.position == len(records[0] + records[1])
    rest = list(collect([url], fetcher, resume=lambda source: third.position if source == url else None))
    assert rest == whole[2:]
    assert site.asked[-1][1]["range"] == f"bytes={third.position}-"
    site.answer("/a.warc.gz", status=416)
    assert list(collect([url], fetcher, resume=lambda _: 10**6)) == []


def test_an_archive_that_is_another_now_is_read_from_its_beginning(site: Site, fetcher: Fetcher) -> None:
    """Where no record lies at the place, nothing is made of what does."""
    served(site, "/a.warc.gz", b"".join(archive(2)), breaks=[])
    made = list(collect([site.url("/a.warc.gz")], fetcher, resume=lambda _: 77))
    assert [one.url for one in made if isinstance(one, Document)] == ["https://post.example/0", "https://post.example/1"]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("crawl-data/CC-NEWS/2024/03/CC-NEWS-20240301.warc.gz", "https://data.commoncrawl.org/crawl-data/CC-NEWS/2024/03/CC-NEWS-20240301.warc.gz"),
        ("s3://commoncrawl/crawl-data/CC-NEWS/2024/03/warc.paths.gz", "https://data.commoncrawl.org/crawl-data/CC-NEWS/2024/03/warc.paths.gz"),
        ("crawl-data/../../etc/passwd.warc.gz", None),
        ("crawl-data/x.html", None),
        ("reports/x.warc.gz", None),
    ],
)  # fmt: skip
def test_common_crawl_is_named_by_path(name: str, url: str | None) -> None:
    """As its own lists name its files."""
    assert common_crawl_url(name) == url
    if url:
        assert is_common_crawl(parse_address(url))
        assert is_archive(parse_address(url)) == url.endswith("warc.gz")

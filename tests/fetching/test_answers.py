"""What servers send: compressed, broken, endless, dripping, unsafe. Each is a page or one reason why it is none."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fetching.conftest import LOOPBACK, Clock, MakeFetcher, Site, refused, serving, speaking
from headcount.fetching.fetcher import Fetcher, FetchError


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"marched " * 1000)),
        ("x-gzip", gzip.compress(b"marched " * 500) + gzip.compress(b"marched " * 500)),
        ("deflate", zlib.compress(b"marched " * 1000)),
        ("Deflate", zlib.compress(b"marched " * 1000, wbits=-15)),
        ("br", brotli.compress(b"marched " * 1000)),
        ("identity", b"marched " * 1000),
        ("gzip, br", brotli.compress(gzip.compress(b"marched " * 1000))),
    ],
)
def test_compressed_answers_are_unpacked(site: Site, fetcher: Fetcher, encoding: str, packed: bytes) -> None:
    """In every way that was asked for, and in the ways that servers mean by it."""
    site.answer("/a", packed, Content_Encoding=encoding)
    assert fetcher.fetch(site.url("/a")).data == b"marched " * 1000


def zeros(packer: str, mib: int) -> bytes:
    if packer == "br":
        return brotli.compress(bytes(mib * 1024 * 1024), quality=5)
    inner = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(inner.compress(bytes(1024 * 1024)) for _ in range(mib)) + inner.flush()


@pytest.mark.parametrize(
    ("encoding", "packed", "why"),
    [
        ("gzip", zeros("gzip", 64), "more than 250 times its size"),
        ("br", zeros("br", 64), "more than 250 times its size"),
        ("gzip, gzip", gzip.compress(zeros("gzip", 64)), "more than 250 times its size"),
        ("gzip", gzip.compress(b"marched " * 1000)[:-20], "breaks off before its end"),
        ("br", brotli.compress(bytes(range(256)) * 50)[:-5], "breaks off before its end"),
        ("gzip", b"not gzip at all", "not compressed as its headers say"),
        ("br", b"\xff\xff\xff\xff not brotli", "not compressed as its headers say"),
        ("zstd", b"\x28\xb5\x2f\xfd", "which was not asked for"),
        ("gzip, gzip, gzip", b"", "compressed it 3 times over"),
    ],
)
def test_bombs_and_lies_are_refused(site: Site, fetcher: Fetcher, encoding: str, packed: bytes, why: str) -> None:
    """What unpacks without end, breaks off, or is not what its headers say has a reason, and never its content."""
    site.answer("/a", packed, Content_Encoding=encoding)
    assert why in refused(fetcher, site.url("/a")).reason


def test_an_answer_without_end_is_cut_off(site: Site, fetcher: Fetcher) -> None:
    """More than the limit is not taken, whatever length is announced."""

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"marched " * 8192)

    with speaking(endless) as url:
        error = refused(fetcher, url)
    assert "the server sent more than 32 MiB" in error.reason
    assert error.permanent


def slow_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def slow_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X")
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    time.sleep(5)


@pytest.mark.parametrize("raw", [slow_body, slow_head, silent])
def test_a_server_that_drips_is_cut_off(make_fetcher: MakeFetcher, clock: Clock, raw: Callable[[socket.socket], None]) -> None:
    """The time is for the whole answer, head and body, not for each byte of it; and it is not spent three times over."""
    with speaking(raw) as url:
        error = refused(make_fetcher(seconds=0.3), url)
    assert "too long to answer" in error.reason
    assert clock.waits == [1.0]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort", "broke off before its end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n", "broke off before its end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHel", "broke off before its end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nHello\r\n0\r\n\r\n", "broke off before its end"),
        (b"", "broke the connection off"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no answer of a web server"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "no answer of a web server"),
        (b"\x16\x03\x01\x02\x00" * 100, "no answer of a web server"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", "no answer of a web server"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 1000 + b"\r\n", "no answer of a web server"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000, "headers of more than 256 KiB"),
    ],
)
def test_broken_answers_are_told(make_fetcher: MakeFetcher, clock: Clock, raw: bytes, why: str) -> None:
    """Lengths that lie, chunks that break off, heads without end, other protocols: one reason each, no other exception."""
    with speaking(lambda connection: connection.sendall(raw)) as url:
        error = refused(make_fetcher(), url)
    assert why in error.reason


@settings(max_examples=60)
@given(head=st.binary(max_size=60), body=st.binary(max_size=200))
def test_any_answer_is_a_page_or_a_reason(head: bytes, body: bytes) -> None:
    """Whatever bytes a server says, nothing else is raised."""
    answers = (
        head + body,
        b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body,
        b"HTTP/1.1 302 Found\r\nLocation: " + head + b"\r\n\r\n",
    )
    for answer in answers:
        clock = Clock()
        with speaking(lambda connection, said=answer: connection.sendall(said)) as url:  # type: ignore[misc]
            fetcher = Fetcher(clock=clock, sleep=clock.sleep, allowance=LOOPBACK, seconds=2.0)
            with suppress(FetchError):
                assert fetcher.fetch(url).status == 200


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (410, True), (403, True), (401, True), (451, True), (500, False)])
def test_what_is_no_page_has_a_reason(site: Site, fetcher: Fetcher, status: int, permanent: bool) -> None:
    """Each status in words; whether asking later may help is told apart."""
    site.answer("/a", "<p>sorry", status=status)
    error = refused(fetcher, site.url("/a"))
    assert f"(status {status})" in error.reason
    assert error.permanent is permanent


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_a_certificate_must_fit(tmp_path: Path, make_fetcher: MakeFetcher) -> None:
    """TLS is checked against the name in the address; a server that shows another certificate is not asked."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ["-subj", "/CN=post.example", "-addext", "subjectAltName=DNS:post.example"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, "-keyout", key, "-out", cert]
    subprocess.run(make, capture_output=True, check=True)
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(cert, key)
    site = Site()
    site.answer("/a", "safe")
    trusting = ssl.create_default_context(cafile=cert)
    with serving(site, shown):
        fetcher = make_fetcher(resolver=lambda *_: ["127.0.0.1"], trust=lambda: trusting)
        assert fetcher.fetch(f"https://post.example:{site.port}/a").data == b"safe"
        assert "no safe connection to other.example" in refused(fetcher, f"https://other.example:{site.port}/a").reason
        stranger = make_fetcher(resolver=lambda *_: ["127.0.0.1"])
        assert "no safe connection to post.example" in refused(stranger, f"https://post.example:{site.port}/a").reason
    assert site.paths == ["/a"]

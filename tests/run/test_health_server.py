"""The health server: it tells the last report to whoever asks properly, and nothing else to anybody."""

from __future__ import annotations

import json
import os
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from headcount.run.health_server import CLIENTS, REQUEST_BYTES, SILENT_SECONDS, HealthServer, answer_request, judge

REPORT = {
    "status": "ok",
    "sources": [
        {"name": 'Post "late"\n', "failures": 2, "new": 7, "last_fetched_seconds": 1_717_416_000.5, "last_new_seconds": None}
    ],
}


@pytest.fixture
def server() -> Iterator[HealthServer]:
    with HealthServer("127.0.0.1", 0) as server:
        server.tell(REPORT)
        while json.loads(ask(server)[1])["status"] == "starting":
            pass
        yield server


def ask(server: HealthServer, path: str = "/health") -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def head(request: bytes, **report: object) -> tuple[bytes, bytes]:
    told, _, body = answer_request(request, report or REPORT).partition(b"\r\n\r\n")
    return told, body


def test_it_tells_the_last_report(server: HealthServer) -> None:
    """200 while all is well, 503 when it is not, with the same JSON."""
    assert ask(server)[0] == 200
    for status in ("failing", "stale", "ok"):
        server.tell({"status": status, "why": "é"})
        while json.loads((told := ask(server))[1])["status"] != status:
            pass
        assert told[0] == (200 if status == "ok" else 503)


def test_metrics_are_in_the_text_of_prometheus() -> None:
    """Names are escaped; what is unknown has no line."""
    told, body = head(b"GET /metrics HTTP/1.1\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
    lines = body.decode().splitlines()
    assert "headcount_watch_up 1" in lines
    assert 'headcount_watch_source_failures{source="Post \\"late\\"\\n"} 2' in lines
    assert 'headcount_watch_source_last_fetched_seconds{source="Post \\"late\\"\\n"} 1717416000.5' in lines
    assert not any(line.startswith("headcount_watch_source_last_new_seconds{") for line in lines)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /health HTTP/1.1\r\nHost: 127.0.0.1:8780\r\n\r\n", 200),
        (b"GET /health?x=1 HTTP/1.0\r\n\r\n", 200),
        (b"GET /health HTTP/1.1\r\nHost: [::1]:8780\r\n\r\n", 200),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", 200),
        (b"GET /health HTTP/1.1\r\nHost: evil.example:8780\r\n\r\n", 421),
        (b"HEAD /health HTTP/1.1\r\n\r\n", 405),
        (b"POST /health HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", 405),
        (b"DELETE /metrics HTTP/1.1\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", 404),
        (b"GET /health/ HTTP/1.1\r\n\r\n", 404),
        (b"GET http://other.example/ HTTP/1.1\r\n\r\n", 404),
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
        (b"GET  /health HTTP/1.1\r\n\r\n", 400),
        (b"GET /health HTTP/2\r\n\r\n", 400),
        (b"GET /" + b"a" * REQUEST_BYTES, 431),
    ],
)
def test_only_what_is_asked_properly_is_answered(request_: bytes, status: int) -> None:
    """One method, two paths, the machine by its own name; whatever the answer, no browser guesses at it or keeps it."""
    told, body = head(request_)
    lines = told.split(b"\r\n")
    assert lines[0].split(b" ", 2)[1] == str(status).encode()
    assert f"Content-Length: {len(body)}".encode() in lines
    for line in (b"X-Content-Type-Options: nosniff", b"Cache-Control: no-store", b"Connection: close"):
        assert line in lines
    if status != 200:
        assert b"Post" not in body


def test_a_service_that_is_not_heard_of_is_stale() -> None:
    """Whatever it said last: it hangs, or stands still."""
    assert judge(REPORT, heard_before=SILENT_SECONDS)["status"] == "ok"
    told = judge(REPORT, heard_before=SILENT_SECONDS + 1)
    assert told["status"] == "stale"
    assert head(b"GET /health HTTP/1.1\r\n\r\n", **told)[0].startswith(b"HTTP/1.1 503")


def test_clients_that_say_nothing_keep_nobody_away(server: HealthServer) -> None:
    """They are let go of after a while, however many they are; one that leaves at once is no matter."""
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(CLIENTS + 8)]
    for one in silent[:3]:
        one.sendall(b"GET /hea")
    assert ask(server)[0] == 200
    for one in silent:
        one.close()
    assert ask(server)[0] == 200


def test_a_long_request_is_cut_off(server: HealthServer) -> None:
    """At a few kilobytes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
        client.sendall(b"GET /health HTTP/1.1\r\n" + b"X: " + b"a" * REQUEST_BYTES)
        assert client.recv(12) == b"HTTP/1.1 431"


def test_a_server_that_died_is_started_again_with_the_next_report(server: HealthServer) -> None:
    """On the same port."""
    assert server._process is not None
    assert server._process.pid is not None
    os.kill(server._process.pid, signal.SIGKILL)
    server._process.join()
    server.tell({"status": "failing"})
    while json.loads(ask(server)[1])["status"] == "starting":
        pass
    assert ask(server)[0] == 503


def test_nobody_answers_after_the_end() -> None:
    """The port is free, and the process gone."""
    with HealthServer("127.0.0.1", 0) as server:
        port, process = server.port, server._process
        assert process is not None
        pid = process.pid
        assert pid is not None
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=30)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_an_address_that_is_taken_is_refused() -> None:
    """At the start, not at the first question."""
    with HealthServer("127.0.0.1", 0) as server, pytest.raises(OSError, match="in use"):
        HealthServer("127.0.0.1", server.port)

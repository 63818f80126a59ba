"""A web server of our own on loopback, a clock that waits for nobody, and a fetcher that may ask that server alone."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from headcount.fetching.addresses import Allowance
from headcount.fetching.cache import Cache
from headcount.fetching.fetcher import Fetcher, FetchError

LOOPBACK = Allowance(networks=("127.0.0.0/8",))
NOON = 1_717_416_000.0
"""3 June 2024, 12:00 UTC."""

Page = Callable[[BaseHTTPRequestHandler], None]


class Clock:
    """Seconds that pass only when somebody waits; what was waited for is noted."""

    def __init__(self) -> None:
        self.now = NOON
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds


@dataclass
class Site:
    """What the server answers by path, and what it was asked."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, but for robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, path: str, body: bytes | str = b"", *, status: int = 200, media: str = "text/html", **headers: str) -> None:
        """Has the path answered with these."""
        data = body.encode() if isinstance(body, str) else body
        told = {"Content-Type": media, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.pages[path] = lambda request: send(request, data, status=status, headers=told)

    def redirect(self, path: str, to: str, status: int = 302) -> None:
        self.pages[path] = lambda request: send(request, b"", status=status, headers={"Location": to})


def send(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> None:
    """An answer with its length."""
    request.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def serving(site: Site, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """The site, served from a port of its own, over TLS where a context is given."""

    class Request(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = site.pages.get(self.path)
            with suppress(OSError):
                if page:
                    page(self)
                else:
                    send(self, b"", status=404)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Request)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def speaking(raw: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says what ``raw`` says, HTTP or not, to each that connects; its URL. A robots.txt it has not."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = connection.recv(65536)
            if asked.startswith(b"GET /robots.txt"):
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            else:
                raw(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def refused(fetcher: Fetcher, url: str) -> FetchError:
    """Why the address is not fetched."""
    with pytest.raises(FetchError) as raised:
        fetcher.fetch(url)
    return raised.value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as site:
        yield site


@pytest.fixture
def cache(tmp_path: Any) -> Cache:
    return Cache(tmp_path / "cache")


MakeFetcher = Callable[..., Fetcher]


@pytest.fixture
def make_fetcher(clock: Clock) -> MakeFetcher:
    """A fetcher with the clock of the test, which may ask loopback alone."""

    def make(**given: Any) -> Fetcher:
        return Fetcher(**{"clock": clock, "sleep": clock.sleep, "allowance": LOOPBACK, "seconds": 5.0, **given})

    return make


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return make_fetcher()

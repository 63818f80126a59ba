"""A small news site on loopback, a clock that passes only while somebody waits, and a service that watches the one by the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import htmldate  # noqa: F401  # with these loaded here, no worker that is forked has to load them
import trafilatura  # noqa: F401

from fakes import MarchReader
from headcount.fetching import Allowance, Fetcher
from headcount.fetching.cache import Cache
from headcount.models import Reading, Report
from headcount.record.engine import connect
from headcount.run.watching import Watch
from headcount.run.watchlist import Source, Watchlist

NOON = 1_717_416_000.0
"""3 June 2024, 12:00 UTC."""

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2024-06-03T08:00:00Z"></head><body><article><h1>{title}</h1>
<p>{number} marched in Leeds. The crowd walked from the old market to the steps of the town hall in the rain.</p>
<p>Speakers told of the years in which nobody had listened to them, and said that they would come again.</p>
</article></body></html>"""


@dataclass
class NewsSite:
    """What the server answers by path: a body, or a status; and what it was asked."""

    port: int = 0
    pages: dict[str, str | int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    on_ask: Callable[[str], None] = lambda _: None

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def publish(self, feed: str, *numbers: int) -> None:
        """The feed at this path names one page a number, each of a march with so many people."""
        for number in numbers:
            self.pages[f"/{number}.html"] = PAGE.format(title=f"March {number} in Leeds", number=number)
        items = "".join(f"<item><title>March {one}</title><link>{self.url(f'/{one}.html')}</link></item>" for one in numbers)
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>'
        self.pages[feed] = f"{head}{items}</channel></rss>"

    def taken(self) -> list[str]:
        """The paths that were asked for since this was asked last."""
        taken, self.asked = [path for path in self.asked if path != "/robots.txt"], []
        return taken


@contextmanager
def serving_news() -> Iterator[NewsSite]:
    """The site, on a port of its own."""
    site = NewsSite()

    class Request(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.on_ask(self.path)
            page = site.pages.get(self.path, 404)
            data = b"" if isinstance(page, int) else page.encode()
            self.send_response(page if isinstance(page, int) else 200)
            self.send_header("Content-Type", "application/rss+xml" if data.startswith(b"<?xml") else "text/html")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Request)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Reader:
    """The reader of the fakes, whose accounts have ids that no other report's have."""

    def read(self, report: Report) -> Reading:
        reading = MarchReader().read(report)
        return replace(reading, events=tuple(replace(one, event_id=f"{report.report_id}/{one.event_id}") for one in reading.events))


@dataclass
class Waiting:
    """The clock and what is asked of the service from outside: at each wait time passes, and ``then`` is called."""

    now: float = NOON
    until: float = NOON
    """When the service is to stop."""

    stopped: bool = False
    reload: bool = False
    waits: list[float] = field(default_factory=list)
    then: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    @property
    def stopping(self) -> bool:
        return self.stopped or self.now > self.until

    def take_reload(self) -> bool:
        asked, self.reload = self.reload, False
        return asked

    def wait(self, seconds: float, *, for_all: bool) -> None:
        assert seconds > 0
        self.waits.append(seconds)
        self.now += seconds
        self.then()


@dataclass
class Service:
    """A watch over some sources, its log and its reports."""

    folder: Path
    sources: tuple[Source, ...]
    clock: Waiting = field(default_factory=Waiting)
    log: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    lock_seconds: float = 5.0
    place: str | None = None
    """The URL of a database, where the record is not to be a file."""

    watch: Watch | None = None

    @property
    def record(self) -> str:
        return self.place or str(self.folder / "record.db")

    def run(self, *, hours: float = 0.0, once: bool = False, **more: Any) -> Watch:
        """A service that is started now and told to stop after so many hours; returns it as it was at its end."""
        self.clock.until = self.clock.now + hours * 3600 if not once else float("inf")
        self.clock.stopped = False
        self.log.clear()
        engine = connect(self.record, create=True, lock_seconds=self.lock_seconds)
        cache = Cache(self.folder / "cache")
        allowance = Allowance(networks=("127.0.0.0/8",))
        self.watch = Watch(
            watchlist=self.list_of(*self.sources),
            engine=engine,
            record="record.db",
            fetcher_of=lambda wait: Fetcher(clock=self.clock, sleep=wait, store=cache, max_age=30.0, allowance=allowance),
            reader=Reader(),
            coder="test",
            clock=self.clock,
            attention=self.clock,
            tell=lambda event, **told: self.log.append((event, told)),
            report=self.reports.append,
            jobs=1,
            **more,
        )
        try:
            (self.watch.run_once if once else self.watch.run)()
        finally:
            engine.dispose()
        return self.watch

    def list_of(self, *sources: Source) -> Watchlist:
        return Watchlist(path="feeds.toml", record=None, sources=sources)

    def told(self, event: str) -> list[dict[str, Any]]:
        """What the log says of each event of this name."""
        return [told for name, told in self.log if name == event]

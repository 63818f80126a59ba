"""The command that stays: watch."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from headcount.cli import exits
from headcount.cli.messages import write_error
from headcount.cli.networking import TEST_ALLOWANCE, default_cache
from headcount.cli.opening import opened
from headcount.cli.options import DEFAULT_RECORD
from headcount.cli.terminal import is_terminal
from headcount.wording import make_harmless, write_count

if TYPE_CHECKING:
    from headcount.fetching import Fetcher
    from headcount.run.health_server import HealthServer
    from headcount.run.watchlist import Watchlist

FRESH_SECONDS: Final = 30.0
"""What is in the cache counts as fresh for less than the shortest interval, so that a source is asked at each visit. Its pages are
fetched once: the record knows them."""

STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


@click.command()
@click.argument("path", metavar="FEEDS.TOML", type=click.Path(allow_dash=False))
@click.option("--once", is_flag=True, help="Visit each source that is due, and end: for cron.")
@click.option("--check", is_flag=True, help="Say what would be watched, and end; nothing is fetched.")
@click.option("--json-log", is_flag=True, help="Write the log as JSON, a line an event.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes to read with. Default: one a core.")
def watch(*, path: str, once: bool, check: bool, json_log: bool, jobs: int | None) -> int:
    """Watch feeds, sitemaps and pages, and keep what is new.

    FEEDS.TOML names the record, how often to look, and the sources (docs/watching.md). What is new is fetched, read, stored
    and linked. It may be stopped at any moment and goes on where it was; SIGHUP has it read FEEDS.TOML again.

    \b
    headcount watch feeds.toml
    headcount watch feeds.toml --once

    Exit codes: 0 ended by SIGTERM, or all visited with --once, 2 FEEDS.TOML cannot be used, 3 with --once if any source or page
    failed, 5 the record could not be written, or another watch keeps it, 130 Ctrl-C.
    """
    watchlist = read_list(path)
    if check:
        for line in describe_list(watchlist):
            click.echo(line)
        return exits.OK
    return run_watch(watchlist, log_json if json_log else log_line, once=once, jobs=jobs)


COMMANDS: Final = (watch,)


def read_list(path: str) -> Watchlist:
    """The watch list. One that cannot be used ends the command: exit code 2."""
    from headcount.run.watchlist import WatchlistError, read_watchlist

    try:
        return read_watchlist(path)
    except WatchlistError as error:
        raise click.ClickException(str(error)) from error


def run_watch(watchlist: Watchlist, tell: Callable[..., None], *, once: bool, jobs: int | None) -> int:
    """Runs the service until it is to stop; returns the exit code."""
    from headcount.coding.version import name_coder
    from headcount.run import load_reader
    from headcount.run.watch_lock import only_one
    from headcount.run.watching import Watch

    record = record_of(watchlist)
    with (
        Signals() as attention,
        health_of(watchlist, once=once) as health,
        opened(record, create=True) as engine,
        only_one(engine, record=record),
    ):
        service = Watch(
            watchlist=watchlist,
            engine=engine,
            record=record,
            fetcher_of=lambda wait: make_fetcher(service.watchlist, wait),
            reader=load_reader(),
            coder=name_coder(),
            clock=time.time,
            attention=attention,
            tell=tell,
            report=health.tell if health else lambda _: None,
            reload=lambda: reload_list(service.watchlist, tell),
            jobs=jobs,
        )
        if once:
            service.run_once()
        else:
            service.run()
    if attention.stopping:
        return exits.INTERRUPTED if attention.interrupted else exits.OK
    return exits.PARTIAL if service.failed else exits.OK


def record_of(watchlist: Watchlist) -> str:
    """The record of a watch list, or that of the environment where it names none."""
    return watchlist.record or os.environ.get("HEADCOUNT_RECORD") or DEFAULT_RECORD


def make_fetcher(watchlist: Watchlist, wait: Callable[[float], None]) -> Fetcher:
    """The fetcher of one round."""
    from headcount.fetching import Allowance, Fetcher
    from headcount.fetching.cache import Cache

    allowance = Allowance(networks=("127.0.0.0/8", "::1/128")) if os.environ.get(TEST_ALLOWANCE) == "1" else Allowance()
    store = Cache(watchlist.cache or default_cache())
    return Fetcher(
        clock=time.time, sleep=wait, store=store, contact=watchlist.contact, max_age=FRESH_SECONDS, allowance=allowance
    )  # fmt: skip


def reload_list(watchlist: Watchlist, tell: Callable[..., None]) -> Watchlist | None:
    """The watch list as it stands now; None, which is told, where it cannot be used. What only a new start can change is told."""
    from headcount.run.watchlist import WatchlistError, read_watchlist

    try:
        new = read_watchlist(watchlist.path)
    except WatchlistError as error:
        tell("refused", why=str(error))
        return None
    changed = [name for name in ("record", "health") if getattr(new, name) != getattr(watchlist, name)]
    if changed:
        tell("later", what=" and ".join(changed))
    return new


@contextlib.contextmanager
def health_of(watchlist: Watchlist, *, once: bool) -> Iterator[HealthServer | None]:
    """The health server, where one is asked for; a run that ends by itself has none."""
    if watchlist.health is None or once:
        yield None
        return
    from headcount.run.health_server import HealthServer

    host, port = watchlist.health
    try:
        server = HealthServer(host, port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"{watchlist.path}: health: {host}:{port} cannot be listened on ({reason}); give another"
        ) from None
    with server:
        yield server


class Signals:
    """What SIGTERM, SIGINT and SIGHUP ask of the service. A ``with`` block, after which they do what they did before.

    The first SIGTERM or SIGINT lets it store what it has; the second ends it at once, which costs no more than a kill. Where
    a person sees the log, SIGHUP is a closed terminal, and ends it, too.
    """

    def __init__(self) -> None:
        self.interrupted = False
        self._stopping = False
        self._reload = False
        self._attended = is_terminal(sys.stderr)
        self._before: dict[int, Any] = {}

    @property
    def stopping(self) -> bool:
        """Whether the service is to end when the batch is stored."""
        return self._stopping

    def take_reload(self) -> bool:
        """Whether the watch list is to be read again; True once for each time that it was asked for."""
        asked, self._reload = self._reload, False
        return asked

    def wait(self, seconds: float, *, for_all: bool) -> None:
        """Waits; ends early when the service is to stop and, with ``for_all``, when the list is to be read again."""
        until = time.monotonic() + seconds
        while not self._stopping and not (for_all and self._reload):
            left = until - time.monotonic()
            if left <= 0:
                return
            if select.select([self._ours], [], [], left)[0]:
                self._ours.recv(1024)

    def __enter__(self) -> Signals:
        self._ours, self._theirs = socket.socketpair()
        for one in (self._ours, self._theirs):
            one.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)
        signal.set_wakeup_fd(self._wakeup)
        self._ours.close()
        self._theirs.close()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP and not self._attended:
            self._reload = True
            return
        if self._stopping:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            raise SystemExit(exits.TERMINATED)
        self._stopping = True
        self.interrupted = number == signal.SIGINT


def log_line(event: str, **told: Any) -> None:
    """One event for a person: when, of which source, what."""
    source = f"{told['source']}: " if "source" in told else ""
    write_error(f"{_now()} {make_harmless(source + WORDS[event](told))}")


def log_json(event: str, **told: Any) -> None:
    """One event for a program."""
    write_error(json.dumps({"at": _now(), "event": event.replace(" ", "_"), **told}))


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counted(told: dict[str, Any]) -> str:
    events = f" ({write_count(told['events'], 'event')})" if told.get("events") else ""
    parts = [f"{told['new']:,} new{events}"]
    for name, words in (("changed", "changed"), ("unchanged", "unchanged"), ("known", "known before"), ("failed", "failed")):
        if told.get(name):
            parts.append(f"{told[name]:,} {words}")
    if told.get("left"):
        parts.append(f"{told['left']:,} left for the next visit")
    why = f"; {told['why']}" if told.get("why") else ""
    return ", ".join(parts) + why


def _failed(told: dict[str, Any]) -> str:
    times = f" {told['times']} times in a row" if told["times"] > 1 else ""
    return f"failed{times}: {told['why']}; next visit {told['next']}"


WORDS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "started": lambda told: f"watching {write_count(told['sources'], 'source')} for {told['record']}",
    "visited": _counted,
    "failed": _failed,
    "recovered": lambda told: f"can be had again, after {write_count(told['times'], 'visit')} that failed",
    "broke off": lambda told: f"broken off to stop, the rest comes with the next visit: {_counted(told)}",
    "waiting": lambda told: f"{told['why']}; tried again in {told['seconds']:g} s",
    "linked": lambda told: (
        f"linked: {write_count(told['events'], 'event')} of {write_count(told['accounts'], 'account')}, "
        f"{told['new']:,} new, {told['changed']:,} changed"
    ),
    "idle": lambda told: f"no source is due; the next one {told['next']}",
    "reloaded": lambda told: f"the watch list was read again: {write_count(told['sources'], 'source')}",
    "refused": lambda told: f"the watch list was read again and cannot be used; the old one stays: {told['why']}",
    "later": lambda told: f"the watch list names another {told['what']}: that counts from the next start",
    "stopped": lambda _: "stopped",
}


def describe_list(watchlist: Watchlist) -> Iterator[str]:
    """What would be watched, a line a source."""
    from headcount.record.engine import shown

    yield f"record {make_harmless(shown(record_of(watchlist)))}"
    yield f"cache {make_harmless(watchlist.cache or default_cache())}"
    if watchlist.health is not None:
        yield "health http://{}:{}/health".format(*watchlist.health)
    for source in watchlist.sources:
        name = f"{source.name}: " if source.name != source.url else ""
        told = ", ".join(one for one in (source.kind, source.publisher, source.country) if one)
        yield make_harmless(f"every {_write_seconds(source.every)}: {name}{source.url}" + (f" ({told})" if told else ""))


def _write_seconds(seconds: int) -> str:
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"

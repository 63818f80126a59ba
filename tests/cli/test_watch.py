"""The command ``headcount watch`` from outside: signals, exit codes, the log, and the health endpoint while it runs."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from watched import NewsSite, serving_news

Headcount = Any  # the fixture of conftest.py

COMMAND = [sys.executable, "-c", "import sys; from headcount.cli.commands import run_command; sys.exit(run_command())", "watch"]


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with serving_news() as site:
        site.publish("/feed.xml", 2000)
        yield site


@pytest.fixture
def watchlist(site: NewsSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list of one feed on this machine, which the tests may fetch from."""
    monkeypatch.setenv("HEADCOUNT_TEST_ALLOW_LOOPBACK", "1")
    path = tmp_path / "feeds.toml"
    write_list(path, site.url("/feed.xml"))
    return path


def write_list(path: Path, *urls: str, head: str = "") -> None:
    sources = "".join(f'[[source]]\nname = "{url.rpartition("/")[2]}"\nurl = "{url}"\n' for url in urls)
    path.write_text(f'record = "news.db"\ncache = "cache"\n{head}\n{sources}')


@contextmanager
def watching(path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command, running; killed at the end if it still does."""
    with subprocess.Popen([*COMMAND, str(path), "--jobs", "1", *options], stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """The lines of the log up to one with these words."""
    assert process.stderr is not None
    lines = ""
    for line in process.stderr:
        lines += line
        if words in line:
            return lines
    raise AssertionError(f"{words!r} never came: {lines}")


def test_once_visits_links_and_ends(watchlist: Path, site: NewsSite, headcount_in: Headcount) -> None:
    """Exit code 0 where all went well, also where nothing is due; what was found is in the record."""
    done = headcount_in("watch", watchlist, "--once")
    assert done.code == 0
    assert done.out == ""
    assert "Z watching 1 source for " in done.err
    assert "Z feed.xml: 1 new" in done.err
    assert "Z linked: 1 event of 1 account, 1 new, 0 changed\n" in done.err
    again = headcount_in("watch", watchlist, "--once")
    assert again.code == 0
    assert "no source is due; the next one 20" in again.err
    assert "Leeds" in headcount_in("events", "--record", watchlist.parent / "news.db").out


def test_once_ends_with_3_where_a_source_failed(watchlist: Path, site: NewsSite, headcount_in: Headcount) -> None:
    """The others are stored."""
    write_list(watchlist, site.url("/feed.xml"), site.url("/none.xml"))
    done = headcount_in("watch", watchlist, "--once", "--json-log")
    assert done.code == 3
    told = {(line["event"], line.get("source")): line for line in map(json.loads, done.err.splitlines())}
    assert told["visited", "feed.xml"]["new"] == 1
    assert "404" in told["failed", "none.xml"]["why"]
    assert all(line["at"].endswith("Z") for line in told.values())


def test_a_list_that_cannot_be_used_ends_it_before_anything_is_made(watchlist: Path, headcount_in: Headcount) -> None:
    """Exit code 2, with the line; no record, nothing fetched."""
    watchlist.write_text(watchlist.read_text() + 'every = "now"\n')
    done = headcount_in("watch", watchlist)
    assert done.code == 2
    assert f"{watchlist}:7: every: expected a time" in done.err
    assert not (watchlist.parent / "news.db").exists()
    assert headcount_in("watch", watchlist.parent / "nowhere.toml").code == 2


def test_check_says_what_would_be_watched(watchlist: Path, site: NewsSite, headcount_in: Headcount) -> None:
    """And does nothing else."""
    write_list(watchlist, site.url("/feed.xml"), head='[health]\naddress = "127.0.0.1:8780"')
    done = headcount_in("watch", watchlist, "--check")
    assert done.code == 0
    assert done.out.splitlines() == [
        f"record {watchlist.parent / 'news.db'}",
        f"cache {watchlist.parent / 'cache'}",
        "health http://127.0.0.1:8780/health",
        f"every 30m: feed.xml: {site.url('/feed.xml')}",
    ]
    assert site.taken() == []
    assert not (watchlist.parent / "news.db").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_ends_it_when_the_batch_is_stored(watchlist: Path, headcount_in: Headcount, number: int, code: int) -> None:
    """Told in the log; a second watch is refused until then, with exit code 5."""
    with watching(watchlist) as process:
        read_until(process, "linked: 1 event")
        second = headcount_in("watch", watchlist, "--once")
        assert second.code == 5
        assert f"another headcount watch (process {process.pid}) keeps this record" in second.err
        process.send_signal(number)
        read_until(process, "Z stopped")
        assert process.wait(60) == code
    assert headcount_in("watch", watchlist, "--once").code == 0


def test_a_signal_in_the_middle_of_a_visit_keeps_what_was_fetched(watchlist: Path, site: NewsSite, headcount_in: Headcount) -> None:
    """And the next start goes on at once."""
    site.publish("/feed.xml", 1, 2, 3)
    with watching(watchlist) as process:
        site.on_ask = lambda path: process.send_signal(signal.SIGTERM) if path == "/2.html" else None
        assert "feed.xml: broken off to stop" in read_until(process, "stopped")
        assert process.wait(60) == 0
    site.on_ask = lambda _: None
    assert "Z feed.xml: " in headcount_in("watch", watchlist, "--once").err
    with sqlite3.connect(watchlist.parent / "news.db") as record:
        titles = record.execute("SELECT title FROM version ORDER BY title").fetchall()
    record.close()
    assert titles == [(f"March {number} in Leeds",) for number in (1, 2, 3)]


def test_it_reads_its_list_again_on_sighup_and_tells_how_it_fares(watchlist: Path, site: NewsSite) -> None:
    """A list that cannot be used changes nothing. The health endpoint answers while it waits."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    head = f'[health]\naddress = "127.0.0.1:{port}"'
    write_list(watchlist, site.url("/feed.xml"), head=head)
    with watching(watchlist) as process:
        read_until(process, "linked")
        site.publish("/two.xml", 5)
        write_list(watchlist, site.url("/feed.xml"), site.url("/two.xml"), head=head + '\nport = "x"')
        process.send_signal(signal.SIGHUP)
        assert "the old one stays" in read_until(process, "port: there is no such key")
        write_list(watchlist, site.url("/feed.xml"), site.url("/two.xml"), head=head)
        process.send_signal(signal.SIGHUP)
        read_until(process, "the watch list was read again: 2 sources")
        read_until(process, "linked")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            told = json.load(answer)
        assert told["status"] == "ok"
        assert [(one["name"], one["new"]) for one in told["sources"]] == [("feed.xml", 1), ("two.xml", 1)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=30)


def test_an_address_for_health_that_is_taken_ends_it(watchlist: Path, site: NewsSite, headcount_in: Headcount) -> None:
    """Exit code 2, before the record is made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        write_list(watchlist, site.url("/feed.xml"), head=f'[health]\naddress = "{address}"')
        done = headcount_in("watch", watchlist)
    assert done.code == 2
    assert f"health: {address} cannot be listened on" in done.err
    assert not os.path.exists(watchlist.parent / "news.db")

"""The service: what is due is visited, what is new is stored once, and nothing that happens to it changes that."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from databases import new_database
from headcount.fetching import Fetcher
from headcount.record import schema as s
from headcount.record.engine import RecordError, connect, reading
from headcount.run import visiting
from headcount.run.watch_lock import AlreadyWatchedError, only_one
from headcount.run.watching import RECORD_PAUSE, Standing, describe_health, next_due
from headcount.run.watchlist import Source, Watchlist
from watched import NOON, NewsSite, Service, serving_news

HOUR = 3600


class Killed(BaseException):
    """No chance to store anything any more."""


@pytest.fixture
def site() -> Iterator[NewsSite]:
    with serving_news() as site:
        yield site


@pytest.fixture
def service(site: NewsSite, tmp_path: Path) -> Service:
    """One feed, once an hour."""
    site.publish("/feed.xml", 100, 200)
    return Service(tmp_path, (Source(name="Post", url=site.url("/feed.xml"), every=HOUR, publisher="Post", country="GB"),))


def rows(service: Service, *columns: Any, where: Any = True) -> list[tuple[Any, ...]]:
    engine = connect(service.record)
    with reading(engine) as connection:
        found = [tuple(row) for row in connection.execute(sa.select(*columns).where(where))]
    engine.dispose()
    return found


def stored(service: Service) -> list[str]:
    """The titles of the reports that the record holds, in order."""
    return sorted(title or "" for (title,) in rows(service, s.version.c.title))


def marks(service: Service) -> list[tuple[Any, ...]]:
    return rows(service, s.state.c.name, where=s.state.c.name.like("watch:%"))


def test_each_visit_brings_what_is_new_and_nothing_else(service: Service, site: NewsSite) -> None:
    """The feed is asked for at each visit, a page once; what it says is stored, with its capture, and linked."""
    service.run(hours=0.5)
    assert site.taken() == ["/feed.xml", "/100.html", "/200.html"]
    [visited] = service.told("visited")
    assert (visited["source"], visited["new"], visited["events"]) == ("Post", 2, 2)
    assert [told["accounts"] for told in service.told("linked")] == [2]
    assert rows(service, s.version.c.publisher, s.version.c.country) == [("Post", "GB")] * 2
    assert len(rows(service, s.capture.c.digest)) == 2
    site.publish("/feed.xml", 300, 200, 100)
    service.run(hours=0.6)
    assert site.taken() == ["/feed.xml", "/300.html"]
    [visited] = service.told("visited")
    assert (visited["new"], visited["known"]) == (1, 2)
    assert stored(service) == ["March 100 in Leeds", "March 200 in Leeds", "March 300 in Leeds"]


def test_a_source_is_visited_when_it_is_due_whoever_was_last(service: Service, site: NewsSite) -> None:
    """Every hour by the clock, and by the record after a start: a service that is started ten times an hour asks no more often."""
    service.run(hours=3.5)
    assert site.taken().count("/feed.xml") == 4
    for _ in range(5):
        service.run(hours=0.05)
    assert site.taken() == []
    service.run(hours=0.9)
    assert site.taken() == ["/feed.xml"]


def test_a_source_that_fails_is_named_and_visited_ever_more_seldom(service: Service, site: NewsSite) -> None:
    """After 1, 1, 2, 4 hours; the others go on; and when it can be had again that is told, and the interval is as before."""
    site.pages["/bad.xml"] = 404
    service.sources = (*service.sources, Source(name="Bad", url=site.url("/bad.xml"), every=HOUR))
    watch = service.run(hours=8.5)
    failed = service.told("failed")
    assert [told["times"] for told in failed] == [1, 2, 3, 4]
    assert {told["source"] for told in failed} == {"Bad"}
    assert "404" in failed[0]["why"]
    assert len(service.told("visited")) == 9
    assert service.reports[-1]["status"] == "ok"
    assert [one["failures"] for one in service.reports[-1]["sources"]] == [0, 4]
    assert watch.standings[1].due > service.clock.now + 6 * HOUR
    site.publish("/bad.xml", 400)
    service.run(hours=1.5)
    assert [told["new"] for told in service.told("visited") if told["source"] == "Bad"] == [1, 0]


def test_back_off_ends_at_a_day_and_with_the_first_visit_that_does_not_fail(service: Service, site: NewsSite) -> None:
    """A feed that was away for a month is found again within a day."""
    assert next_due(0.0, HOUR, 1, 0.0) == HOUR
    assert next_due(0.0, HOUR, 40, 0.0) == 86_400
    assert next_due(0.0, 7 * 86_400, 40, 0.0) == 7 * 86_400
    site.pages["/feed.xml"] = 404
    service.clock.then = lambda: site.publish("/feed.xml", 1) if service.clock.now > NOON + 2.5 * HOUR else None
    watch = service.run(hours=3.5)
    assert [event for event, _ in service.log if event in {"failed", "recovered", "visited"}] == [
        "failed", "failed", "recovered", "visited",
    ]  # fmt: skip
    assert (watch.standings[0].failures, watch.standings[0].why) == (0, None)


def test_a_page_that_fails_is_left_alone_for_hours_and_then_tried_again(service: Service, site: NewsSite) -> None:
    """Its feed is no failure; the page is told once, and not asked for at every visit."""
    site.pages["/200.html"] = 404
    service.run(hours=4.5)
    assert site.taken().count("/200.html") == 1
    first, *others = service.told("visited")
    assert (first["new"], first["failed"]) == (1, 1)
    assert "/200.html: the server says there is no such page" in first["why"]
    assert all("why" not in told for told in others)
    site.publish("/feed.xml", 100, 200)
    service.run(hours=3)
    assert site.taken().count("/200.html") == 1
    assert len(stored(service)) == 2


def test_a_page_in_the_place_of_a_feed_is_a_failure_and_no_report(service: Service, site: NewsSite) -> None:
    """A login, a notice that the site has moved; what the feed was before says so, or the watch list."""
    service.run(hours=0.5)
    site.pages["/feed.xml"] = "<html><body><p>We are moving house: come back later, and do 5 marched in Hull.</p></body></html>"
    service.run(hours=1)
    [failed] = service.told("failed")
    assert failed["why"].startswith("expected a feed, found a page")
    assert len(stored(service)) == 2
    assert rows(service, s.source.c.kind, s.source.c.last_why) == [("feed", failed["why"])]
    service.sources = (replace(service.sources[0], kind="page"),)
    service.run(hours=2)
    assert len(stored(service)) == 3


def test_a_visit_that_is_to_stop_stores_what_it_has_and_is_made_again_at_the_next_start(service: Service, site: NewsSite) -> None:
    """What was fetched is not lost; what was not is not forgotten until the source would be due."""
    site.on_ask = lambda path: setattr(service.clock, "stopped", path == "/100.html")
    service.run(hours=1)
    assert [event for event, _ in service.log] == ["started", "broke off", "stopped"]
    assert stored(service) == ["March 100 in Leeds"]
    assert len(marks(service)) == 1
    site.on_ask = lambda _: None
    service.run(hours=0.1)
    assert stored(service) == ["March 100 in Leeds", "March 200 in Leeds"]
    assert marks(service) == []
    assert len(service.told("linked")) == 1


@pytest.mark.parametrize("wait", [1, 2, 4, 7])
def test_killed_at_any_moment_it_holds_each_report_once_after_the_next_start(service: Service, site: NewsSite, wait: int) -> None:
    """It dies in its first, second, third pause, without a chance to store anything; the next start makes it good at once."""
    site.publish("/feed.xml", *range(1, 7))

    def die() -> None:
        if len(service.clock.waits) == wait:
            raise Killed

    service.clock.then = die
    died = False
    try:
        service.run(hours=0.01)
    except Killed:
        died = True
    service.clock.then = lambda: None
    service.run(hours=0.1)
    assert stored(service) == [f"March {number} in Leeds" for number in range(1, 7)]
    assert marks(service) == []
    assert died or wait > 6


def test_a_clock_that_jumps_makes_nobody_wait_and_nobody_hurry(service: Service, site: NewsSite) -> None:
    """Set back by a year, the next visit is an hour away and no year; set forward by a year there is one visit, not 8,760."""
    service.run(hours=0.5)
    service.clock.now -= 365 * 24 * HOUR
    site.taken()
    service.run(hours=1.5)
    assert site.taken().count("/feed.xml") == 1
    service.clock.now += 2 * 365 * 24 * HOUR
    service.run(hours=0.5)
    assert site.taken().count("/feed.xml") == 1

    def jump() -> None:
        if len(service.clock.waits) == 3:
            service.clock.now -= 365 * 24 * HOUR

    service.clock.waits.clear()
    service.clock.then = jump
    service.clock.until = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(service.clock), "stopping", property(lambda self: len(self.waits) > 200))
        service.run(hours=1)
    assert site.taken().count("/feed.xml") == 1


def test_a_record_that_another_process_writes_to_is_waited_for_and_named(service: Service, site: NewsSite) -> None:
    """Nothing is fetched meanwhile; the health report says what is the matter."""
    service.lock_seconds = 0.05
    service.run(hours=0.001)
    site.publish("/feed.xml", 300)
    site.taken()
    other = sqlite3.connect(service.folder / "record.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    during: list[tuple[str, list[str]]] = []

    def look() -> None:
        if other.in_transaction and service.reports[-1]["status"] == "failing":
            during.append((service.reports[-1]["why"], site.taken()))
            if len(during) == 3:
                other.rollback()

    service.clock.now += HOUR
    service.clock.then = look
    service.run(hours=0.5)
    other.close()
    assert len(during) == 3
    assert all("another process is writing" in why and not asked for why, asked in during)
    assert [told["seconds"] for told in service.told("waiting")] == [RECORD_PAUSE] * 3
    assert site.taken() == ["/feed.xml", "/300.html"]
    assert service.reports[-1]["status"] == "ok"


def test_a_record_that_refuses_twice_in_a_row_ends_the_service(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is started anew is waited for; a full disk is not. A run that ends by itself waits for neither."""
    refusals = [RecordError("the disk is full")]

    def refuse(*_: Any, **__: Any) -> Any:
        raise refusals[0]

    with monkeypatch.context() as patch:
        patch.setattr("headcount.run.watching.derive_events", refuse)
        with pytest.raises(RecordError, match="the disk is full"):
            service.run(hours=1)
        assert len(service.told("waiting")) == 1
        service.clock.now += HOUR
        with pytest.raises(RecordError, match="the disk is full"):
            service.run(once=True)
        assert service.told("waiting") == []
    service.clock.now += HOUR
    service.run(once=True)
    assert len(service.told("linked")) == 1


def test_a_busy_record_is_waited_for_by_a_run_that_ends_by_itself_too(service: Service, site: NewsSite) -> None:
    """Each due source is visited once it can be; none is left out for it, none visited twice."""
    service.lock_seconds = 0.05
    site.publish("/two.xml", 1)
    service.sources = (*service.sources, Source(name="Two", url=site.url("/two.xml"), every=HOUR))
    service.run(once=True)
    service.clock.now += HOUR
    site.taken()
    other = sqlite3.connect(service.folder / "record.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    service.clock.then = lambda: other.rollback() if other.in_transaction else None
    service.run(once=True)
    other.close()
    assert len(service.told("waiting")) == 1
    assert sorted(site.taken()) == ["/feed.xml", "/two.xml"]


def test_once_visits_what_is_due_once_and_says_when_nothing_is(service: Service, site: NewsSite) -> None:
    """As cron calls it."""
    watch = service.run(once=True)
    assert site.taken().count("/feed.xml") == 1
    assert not watch.failed
    service.run(once=True)
    assert site.taken() == []
    [idle] = service.told("idle")
    assert idle["next"].startswith("2024-06-03T13:00")
    site.pages["/feed.xml"] = 404
    service.clock.now += HOUR
    assert service.run(once=True).failed


def test_a_long_list_gives_the_others_their_turn(service: Service, site: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """A visit takes a number of new pages at most; the rest comes at once after the others, and then the interval holds again."""
    monkeypatch.setattr(visiting, "PAGES_A_VISIT", 3)
    site.publish("/feed.xml", *range(1, 9))
    site.publish("/two.xml", 91, 92)
    service.sources = (*service.sources, Source(name="Two", url=site.url("/two.xml"), every=HOUR))
    service.run(hours=0.5)
    visits = [(told["source"], told["new"], told.get("left", 0)) for told in service.told("visited")]
    assert visits == [("Post", 3, 5), ("Two", 2, 0), ("Post", 3, 2), ("Post", 2, 0)]
    assert len(stored(service)) == 10


def test_a_list_whose_pages_give_nothing_is_not_asked_for_without_end(
    service: Service, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More pages wait, and none of them ever becomes known: the interval holds all the same."""
    monkeypatch.setattr(visiting, "PAGES_A_VISIT", 1)
    monkeypatch.setattr(visiting, "known_items", lambda *_: {})
    service.run(hours=2.5)
    assert site.taken().count("/feed.xml") <= 6


def test_the_watch_list_is_read_again_when_that_is_asked_for(service: Service, site: NewsSite) -> None:
    """New sources are visited at once, those that were watched keep their time; a list that cannot be used changes nothing."""
    site.publish("/new.xml", 500)
    new = Source(name="New", url=site.url("/new.xml"), every=HOUR)
    answers: list[Watchlist | None] = [None, service.list_of(*service.sources, new), service.list_of(new)]

    def ask() -> None:
        service.clock.reload = service.clock.now > NOON + 0.25 * HOUR and bool(answers)

    service.clock.then = ask
    watch = service.run(hours=1.5, reload=lambda: answers.pop(0))
    assert [told["sources"] for told in service.told("reloaded")] == [2, 1]
    assert [told["source"] for told in service.told("visited")] == ["Post", "New", "New"]
    assert [one.source.name for one in watch.standings] == ["New"]


def test_a_defect_in_the_fetching_is_the_failure_of_one_source(
    service: Service, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are visited all the same, and it is tried again later."""
    site.publish("/two.xml", 1)
    service.sources = (*service.sources, Source(name="Two", url=site.url("/two.xml"), every=HOUR))
    fetch = Fetcher.fetch

    def fail(self: Fetcher, url: str) -> Any:
        if url.endswith("/feed.xml"):
            raise ZeroDivisionError("nobody foresaw this")
        return fetch(self, url)

    monkeypatch.setattr(Fetcher, "fetch", fail)
    service.run(hours=0.5)
    [failed] = service.told("failed")
    assert failed["source"] == "Post"
    assert "ZeroDivisionError: nobody foresaw this" in failed["why"]
    assert stored(service) == ["March 1 in Leeds"]


def test_health_is_failing_where_nothing_can_be_had_and_stale_where_it_does_not_keep_up() -> None:
    """One source of several that fails is told, and is no alarm."""
    source = Source(name="Post", url="https://post.example/feed", every=HOUR)
    good, bad = Standing(source=source, due=NOON + HOUR), Standing(source=source, due=NOON + HOUR, failures=1, why="away")

    def status(*standings: Standing, trouble: str | None = None, now: float = NOON) -> str:
        return str(describe_health(standings, trouble=trouble, now=now)["status"])

    assert status(good, good) == "ok"
    assert status(good, bad) == "ok"
    assert describe_health([good, bad], trouble=None, now=NOON)["failing"] == 1
    assert status(bad, bad) == "failing"
    assert status(good, trouble="the disk is full") == "failing"
    assert status(good, now=NOON + 2 * HOUR) == "ok"
    assert status(good, now=NOON + 3 * HOUR + 1) == "stale"


def test_a_record_has_one_service(tmp_path: Path) -> None:
    """The second is refused with the number of the first; when that has ended, or was killed, the next has its place."""
    record = tmp_path / "record.db"
    connect(str(record), create=True).dispose()
    code = (
        "import sys\nfrom headcount.record.engine import connect\nfrom headcount.run.watch_lock import only_one\n"
        f"engine = connect({str(record)!r})\nwith only_one(engine, record='r'):\n"
        "    print('mine', flush=True)\n    sys.stdin.read()"
    )
    engine = connect(str(record))
    for how in (signal.SIGKILL, None):
        first = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert first.stdout is not None
        assert first.stdin is not None
        assert first.stdout.readline() == "mine\n"
        with (
            pytest.raises(AlreadyWatchedError, match=rf"another headcount watch \(process {first.pid}\)"),
            only_one(engine, record="r"),
        ):
            pass
        if how is not None:
            os.kill(first.pid, how)
        first.stdin.close()
        first.wait(30)
        first.stdout.close()
        with only_one(engine, record="r"):
            pass
    engine.dispose()


def test_a_record_in_postgresql_has_one_service_and_the_same_reports(service: Service) -> None:
    """The lock is the server's, and let go of at the end."""
    with new_database() as url:
        service.place = url
        service.run(hours=1.5)
        assert [told["new"] for told in service.told("visited")] == [2, 0]
        assert stored(service) == ["March 100 in Leeds", "March 200 in Leeds"]
        assert marks(service) == []
        first, second = connect(url), connect(url)
        for _ in range(2):
            with only_one(first, record=url):
                with (
                    pytest.raises(AlreadyWatchedError, match="another headcount watch keeps this record"),
                    only_one(second, record=url),
                ):
                    pass
                with reading(first) as connection:
                    connection.execute(sa.select(s.source.c.source))
        first.dispose()
        second.dispose()

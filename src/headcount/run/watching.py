"""The service: visits each source when it is due, and stores and links what is new.

Crash-only: what is due, what is known and which visit broke off stand in the record, the pages of the day in the cache.
A service that is killed and started again goes on where it was. The clock, the waiting and the log are given to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import sqlalchemy as sa

from headcount.fetching import Fetcher
from headcount.record import schema as s
from headcount.record.deriving import Derived, derive_events, is_up_to_date
from headcount.record.engine import RecordBusyError, RecordError, reading, writing
from headcount.record.origins import Seen, note_sources, shorten
from headcount.run import ReportReader
from headcount.run.visiting import Attention, StopError, Visit, moment, to_datetime, to_seconds, visit_source
from headcount.run.watchlist import Source, Watchlist

TOGETHER: Final = 60.0
TOGETHER_SHARE: Final = 0.1
"""Sources that are due within so many seconds, or so much of their interval, are visited in one round, and linked once."""

BEAT: Final = 30.0
"""The longest that is waited at a time: then the clock may have been set, and the health server wants to hear."""

TOLD_EVERY: Final = 5.0
"""Seconds between two reports to the health server during a visit."""

RECORD_PAUSE: Final = 30.0
"""After so many seconds a record that was busy or out of reach is tried again."""

PATIENCE_ONCE: Final = 20
"""How often a run that is to end tries a busy record: ten minutes."""

LONGEST_PAUSE: Final = 86_400.0
"""Back-off doubles the time to the next visit with each visit that fails, up to a day."""

OVERDUE: Final = 3600.0
"""A source that is so many seconds overdue, and its own interval, makes the service stale."""

BROKEN_OFF: Final = "watch: "
"""Before the URL of a source the name in the record's facts under which a visit stands from its beginning to its end."""

Tell = Callable[..., None]
"""Told each event by its name, with ``source`` and what is to be known of it by keyword: a line of the log."""


@dataclass(slots=True, kw_only=True)
class Standing:
    """How one source fares. Times are seconds since 1970."""

    source: Source
    due: float
    kind: str | None = None
    """What it proved to be when it was last had."""

    looked: float | None = None
    found: float | None = None
    """When something new was last found in it."""

    why: str | None = None
    """Why the last visit failed; None where it did not."""

    failures: int = 0
    """Visits that have failed since the last that did not."""

    new: int = 0
    """Reports that this service has stored of it."""

    left: int = 0
    """New pages that the last visit has left for the next one."""


@dataclass(kw_only=True)
class Watch:
    """A running service. ``report`` is given how it fares, for the health server."""

    watchlist: Watchlist
    engine: sa.Engine
    record: str
    fetcher_of: Callable[[Callable[[float], None]], Fetcher]
    """Makes the fetcher of one round, which waits in the way that it is given."""

    reader: ReportReader
    coder: str
    clock: Callable[[], float]
    attention: Attention
    tell: Tell
    report: Callable[[dict[str, Any]], None] = lambda _: None
    reload: Callable[[], Watchlist | None] = lambda: None
    """Reads the watch list again; None where it cannot be used, which it has told."""

    jobs: int | None = None
    trouble: str | None = None
    """Why the record cannot be written to at the moment."""

    failed: bool = False
    """Whether any visit or page has failed."""

    standings: list[Standing] = field(default_factory=list)
    _told: float = 0.0
    _busy: int = 0
    _again: float = 0.0
    """When the record is tried again."""

    def run(self) -> None:
        """Visits what is due, until it is to stop. Raises RecordError where the record refuses twice in a row."""
        self._begin()
        while not self.attention.stopping:
            if self.attention.take_reload() and (told := self.reload()) is not None:
                self.take_list(told)
                self.tell("reloaded", sources=len(self.standings))
            now = self._now()
            again = self.trouble is not None and self._again <= now
            if again or any(one.due <= now for one in self.standings):
                self._round(self._due(now), once=False)
            self._tell_health()
            next_due = min((one.due for one in self.standings), default=now + BEAT)
            wait = (next_due if self.trouble is None else min(next_due, self._again)) - self.clock()
            if wait > 0 and not self.attention.stopping:
                self.attention.wait(min(wait, BEAT), for_all=True)
        self.tell("stopped")

    def run_once(self) -> None:
        """Visits each source that is due once. Raises RecordError where the record refuses, or stays busy for long."""
        self._begin()
        now = self._now()
        waiting = self._due(now)
        if not waiting:
            self.tell("idle", next=moment(min(one.due for one in self.standings)))
        while True:
            waiting = self._round(waiting, once=True)
            self._tell_health()
            if self.attention.stopping or (not waiting and self.trouble is None):
                break
            self.attention.wait(RECORD_PAUSE, for_all=False)
        self.tell("stopped")

    def _begin(self) -> None:
        self.take_list(self.watchlist)
        self.tell("started", sources=len(self.standings), record=self.record)
        self._tell_health()

    def take_list(self, watchlist: Watchlist) -> None:
        """Has these sources watched from now on; those that were watched before keep their standing."""
        self.watchlist = watchlist
        before = {one.source.url: one for one in self.standings}
        self.standings = [self._standing_of(source, before.get(source.url)) for source in watchlist.sources]

    def _standing_of(self, source: Source, before: Standing | None) -> Standing:
        now = self.clock()
        if before is not None:
            if before.source.every != source.every:
                before.due = next_due(before.looked, source.every, before.failures, now)
            before.source = source
            return before
        with reading(self.engine, record=self.record) as connection:
            seen = connection.execute(
                sa.select(s.source.c.last_seen, s.source.c.kind).where(s.source.c.source == shorten(source.url))
            ).first()
            of_source = (s.item.c.source == shorten(source.url)) & (s.item.c.outcome == "new")
            found = connection.execute(sa.select(sa.func.max(s.item.c.at)).where(of_source)).scalar()
            broke_off = connection.execute(sa.select(s.state.c.value).where(s.state.c.name == _mark(source))).first()
        looked = to_seconds(seen.last_seen) if seen else None
        due = now if broke_off else next_due(looked, source.every, 0, now)
        kind = seen.kind if seen else None
        return Standing(source=source, due=due, kind=kind, looked=looked, found=to_seconds(found) if found else None)

    def _now(self) -> float:
        """This moment; where the clock was set back nothing becomes due later than it would from now."""
        now = self.clock()
        for one in self.standings:
            one.due = min(one.due, now + _interval(one.source.every, one.failures))
        self._again = min(self._again, now + RECORD_PAUSE)
        return now

    def _due(self, now: float) -> list[Standing]:
        return [one for one in self.standings if one.due <= now + min(TOGETHER, TOGETHER_SHARE * one.source.every)]

    def _round(self, due: list[Standing], *, once: bool) -> list[Standing]:
        """Visits these sources, the most overdue first, and links; returns those for which the record was not to be had."""
        fetcher = self.fetcher_of(self._wait_politely)
        due = sorted(due, key=lambda one: one.due)
        for number, standing in enumerate(due):
            if self.attention.stopping:
                return due[number:]
            if not self._with_record(partial(self._visit, standing, fetcher), once=once):
                return due[number:]
            self._tell_health()
        if not self.attention.stopping:
            self._with_record(self._link, once=once)
        return []

    def _with_record(self, do: Callable[[], None], *, once: bool) -> bool:
        """Does what needs the record; False where that is busy or out of reach, and is to be tried again after a pause."""
        try:
            do()
        except RecordError as error:
            busy = isinstance(error, RecordBusyError)
            self._busy += 1
            if not busy and (once or self._busy > 1) or once and self._busy > PATIENCE_ONCE:
                raise
            self.trouble = str(error)
            self.tell("waiting", why=self.trouble, seconds=RECORD_PAUSE)
            self._again = self.clock() + RECORD_PAUSE
            for one in self.standings:
                one.due = max(one.due, self._again)
            return False
        self.trouble, self._busy = None, 0
        return True

    def _visit(self, standing: Standing, fetcher: Fetcher) -> None:
        source = standing.source
        self._mark(source)
        visit = visit_source(
            source, kind=standing.kind, engine=self.engine, record=self.record, fetcher=fetcher, reader=self.reader,
            coder=self.coder, clock=self.clock, attention=self.attention, beat=self._beat, jobs=self.jobs,
        )  # fmt: skip
        if visit.broke_off:
            self.tell("broke off", source=source.name, **_counts(visit))
            return
        now = self.clock()
        self._settle(source, visit, at=now)
        failed_before = standing.failures
        standing.failures = standing.failures + 1 if visit.why else 0
        standing.looked, standing.why, standing.kind = now, visit.why, visit.kind
        standing.new += visit.balance.new
        standing.found = now if visit.balance.new else standing.found
        more = visit.left > 0 and (not standing.left or visit.left < standing.left)
        standing.due = now if more else next_due(now, source.every, standing.failures, now)
        standing.left = visit.left
        self.failed = self.failed or bool(visit.why or visit.failed or visit.balance.failed)
        if visit.why:
            self.tell("failed", source=source.name, why=visit.why, times=standing.failures, next=moment(standing.due))
            return
        if failed_before:
            self.tell("recovered", source=source.name, times=failed_before)
        self.tell("visited", source=source.name, **_counts(visit), **({"why": visit.page_why} if visit.page_why else {}))

    def _mark(self, source: Source) -> None:
        """Notes that a visit has begun: it is repeated where its end is not noted."""
        with writing(self.engine, record=self.record) as connection:
            connection.execute(sa.delete(s.state).where(s.state.c.name == _mark(source)))
            connection.execute(sa.insert(s.state).values(name=_mark(source), value=moment(self.clock())))

    def _settle(self, source: Source, visit: Visit, *, at: float) -> None:
        seen = Seen(kind=visit.kind, why=visit.why or visit.page_why, remote=visit.why is None)
        with writing(self.engine, record=self.record) as connection:
            note_sources(connection, {source.url: seen}, at=to_datetime(at))
            connection.execute(sa.delete(s.state).where(s.state.c.name == _mark(source)))

    def _link(self) -> None:
        derived: Derived | None = None
        with reading(self.engine, record=self.record) as connection:
            done = is_up_to_date(connection)
        if not done:
            with writing(self.engine, record=self.record) as connection:
                derived = derive_events(connection)
        if derived is not None:
            self.tell("linked", events=derived.events, accounts=derived.candidates, new=derived.new, changed=derived.changed)

    def _wait_politely(self, seconds: float) -> None:
        """The fetcher's pauses between two requests."""
        while seconds > 0 and not self.attention.stopping:
            self.attention.wait(min(seconds, BEAT), for_all=False)
            self._beat()
            seconds -= BEAT
        if self.attention.stopping:
            raise StopError

    def _beat(self) -> None:
        if abs(self.clock() - self._told) >= TOLD_EVERY:
            self._tell_health()

    def _tell_health(self) -> None:
        self._told = self.clock()
        self.report(describe_health(self.standings, trouble=self.trouble, now=self._told))


def next_due(looked: float | None, every: float, failures: int, now: float) -> float:
    """When a source is to be visited next; one that was never visited, now. A visit in the future is a clock that was set back."""
    return now if looked is None else min(looked, now) + _interval(every, failures)


def _interval(every: float, failures: int) -> float:
    return min(every * 2.0 ** min(max(0, failures - 1), 12), max(every, LONGEST_PAUSE))


def describe_health(standings: Iterable[Standing], *, trouble: str | None, now: float) -> dict[str, Any]:
    """How the service fares: ``ok``; ``failing`` where the record or every source fails; ``stale`` where it does not keep up."""
    told = list(standings)
    late = [one for one in told if now > one.due + max(one.source.every, OVERDUE)]
    status, why = "ok", None
    if trouble is not None:
        status, why = "failing", trouble
    elif told and all(one.failures for one in told):
        status, why = "failing", "no source could be had"
    elif late:
        status, why = "stale", f"{late[0].source.name} was due at {moment(late[0].due)}"
    sources = [
        {
            "name": one.source.name,
            "url": one.source.url,
            "last_fetched": moment(one.looked) if one.looked else None,
            "last_fetched_seconds": one.looked,
            "last_new": moment(one.found) if one.found else None,
            "last_new_seconds": one.found,
            "new": one.new,
            "failed_why": one.why,
            "failures": one.failures,
            "next_due": moment(one.due),
            "next_due_seconds": one.due,
        }
        for one in told
    ]
    failing = sum(1 for one in told if one.failures)
    return {"status": status, "why": why, "at": moment(now), "failing": failing, "sources": sources}


def _counts(visit: Visit) -> dict[str, int]:
    balance = visit.balance
    counts = {
        "new": balance.new, "changed": balance.changed, "events": balance.events, "unchanged": balance.duplicate,
        "known": visit.known, "failed": max(visit.failed, balance.failed), "left": visit.left,
    }  # fmt: skip
    return {name: number for name, number in counts.items() if number or name == "new"}


def _mark(source: Source) -> str:
    return shorten(BROKEN_OFF + source.url)

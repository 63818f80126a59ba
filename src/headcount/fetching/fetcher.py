"""One address to its content: checked, allowed by its site, asked for politely, or fresh in the cache; else the reason why not."""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from headcount.fetching.addresses import (
    NONE_ALLOWED,
    Address,
    AddressError,
    Allowance,
    Resolver,
    choose_ips,
    parse_address,
    resolve,
)
from headcount.fetching.cache import Cache, Entry
from headcount.fetching.connecting import Answer, ConnectionBrokenError, ask
from headcount.fetching.crawls import is_common_crawl
from headcount.fetching.politeness import DELAY_SECONDS, RETRY_AFTER, RETRY_AFTER_AT_MOST, Turns, retry_after
from headcount.fetching.robots import Robots, RobotsAnswer, Rules
from headcount.fetching.unpacking import ACCEPTED, UnpackError, read_body
from headcount.release import RELEASE
from headcount.sources.limits import FETCH_SECONDS, REDIRECTS, LimitError
from headcount.sources.media import sniff_media

REDIRECTIONS: Final = frozenset({301, 302, 303, 307, 308})
TRY_AGAIN: Final = frozenset({408, 425, 500, 502, 504})
GONE: Final = frozenset({401, 402, 403, 404, 405, 406, 410, 414, 451})
"""Answers that will be the same tomorrow; they are kept for the day, so that a resumed run does not ask again."""

IPS_TRIED: Final = 3
"""Of a host with many IP addresses so many are tried."""

LISTS: Final = frozenset({"feed", "sitemap"})
"""What changes during a day; it is asked for again each time, with the marks of what is kept."""

ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,application/atom+xml,*/*;q=0.8"


class FetchError(Exception):
    """An address that could not be fetched; ``reason`` is for a person."""

    def __init__(self, what: str, *, permanent: bool, remedy: str = "") -> None:
        self.what = what
        self.reason = f"{what}; {remedy}" if remedy else what
        """What happened, and what to do."""
        super().__init__(self.reason)
        self.permanent = permanent
        """Whether asking again later would give the same."""


class RefusedAddressError(FetchError):
    """An address that is not fetched from, whatever the server would say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address gave."""

    url: str
    """As it was asked for."""

    final_url: str
    """After all redirects."""

    status: int
    media: str
    """The media type that the server names, in lower case; it may lie."""

    charset: str | None
    """The encoding that the server names; it may lie."""

    data: bytes
    fetched: dt.date
    """The day on which these bytes were fetched."""

    unchanged: bool = False
    """Whether they were in the cache already: still fresh, or found unchanged by the server."""

    doubts: tuple[str, ...] = ()


class Fetcher:
    """Fetches addresses one after the other. The clock (seconds since 1970) and the way to wait are the caller's."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        store: Cache | None = None,
        contact: str = "",
        delay: float = DELAY_SECONDS,
        max_age: float | None = None,
        allowance: Allowance = NONE_ALLOWED,
        resolver: Resolver = resolve,
        seconds: float = FETCH_SECONDS.most,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """``max_age``: how many seconds what is in the cache counts as fresh; None: on the day on which it was fetched, but for
        feeds and sitemaps. ``allowance`` and ``trust`` are for tests with servers of their own."""
        self._clock = clock
        self._store = store
        self._max_age = max_age
        self._allowance = allowance
        self._resolver = resolver
        self._seconds = seconds
        self._trust = cache(trust)
        self._agent = name_agent(contact)
        self._robots = Robots(self._ask_robots, clock=clock)
        self._told: set[str] = set()
        self._doubts: list[str] = []
        self.turns = Turns(delay=delay, clock=clock, sleep=sleep)

    def fetch(self, url: str) -> Fetched:
        """What the address gives. Raises FetchError."""
        try:
            address = parse_address(url)
        except AddressError as error:
            raise FetchError(str(error), permanent=True) from None
        kept = self._store.get(address.url) if self._store else None
        if kept and self._is_fresh(*kept):
            entry, data = kept
            if entry.status in GONE:
                raise FetchError(_why_status(entry.status), permanent=True)
            return _fetched(url, entry, data, unchanged=True)
        return self._fetch_anew(url, address, kept if kept and kept[0].status == 200 else None)

    @contextlib.contextmanager
    def open(self, address: Address, headers: Mapping[str, str], *, follow_robots: bool = True) -> Iterator[tuple[Address, Answer]]:
        """The answer to one request, after redirects, with its body unread and unbounded: for archives that are read forward.

        Raises FetchError before the block is entered; ConnectionBrokenError comes out of the body.
        """
        for hop in self._hops(address, follow_robots=follow_robots):
            with self._answer_of(hop.address, headers, endless=True) as answer:
                if answer.status in REDIRECTIONS:
                    hop.location = answer.headers.get("location", "")
                    continue
                yield hop.address, answer
                return

    def _is_fresh(self, entry: Entry, data: bytes) -> bool:
        age = self._clock() - entry.at
        if self._max_age is not None:
            return 0 <= age <= self._max_age
        same_day = _day(self._clock()) == _day(entry.at)
        return same_day and sniff_media(data) not in LISTS and not _is_text(entry)

    def _fetch_anew(self, url: str, address: Address, kept: tuple[Entry, bytes] | None) -> Fetched:
        for hop in self._hops(address, follow_robots=not is_common_crawl(address)):
            same = kept if kept and kept[0].final_url == hop.address.url else None
            status, headers, data = self._exchange(hop.address, _marks(same[0]) if same else {})
            if status in REDIRECTIONS:
                hop.location = headers.get("location", "")
                continue
            if status == 304 and same:
                entry = replace(same[0], at=self._clock())
                self._keep(entry, same[1])
                return _fetched(url, entry, same[1], unchanged=True, doubts=self._take_doubts())
            entry = Entry(
                url=address.url, final_url=hop.address.url, status=status, at=self._clock(),
                fetched=_day(self._clock()).isoformat(), content_type=headers.get("content-type", ""),
                etag=headers.get("etag", ""), last_modified=headers.get("last-modified", ""),
            )  # fmt: skip
            if status == 200:
                self._keep(entry, data)
                unchanged = same is not None and same[1] == data
                return _fetched(url, entry, data, unchanged=unchanged, doubts=self._take_doubts())
            if status in GONE:
                self._keep(entry, b"")
            raise FetchError(_why_status(status), permanent=status in GONE)
        raise AssertionError("the hops end in an answer or an error")

    def _hops(self, address: Address, *, follow_robots: bool = True) -> Iterator[_Hop]:
        """The address, and after each redirect that is followed the next; each allowed by its own site."""
        for _ in range(REDIRECTS.most + 1):
            if why := self.turns.why_stopped(address.host):
                raise FetchError(why, permanent=False)
            rules = self._robots.rules_of(address) if follow_robots else Rules(site=address.site)
            if why := rules.why_not(address):
                raise FetchError(why, permanent=not rules.refusal)
            self._doubt(rules.doubt)
            self.turns.wait_for(address.host, delay=rules.delay)
            hop = _Hop(address)
            yield hop
            address = next_address(address, hop.location)
        raise FetchError(str(REDIRECTS), permanent=True)

    def _exchange(self, address: Address, marks: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of one request, made again where it breaks off or the server asks for patience."""
        why = ""
        for pause in (*RETRY_AFTER, None):
            try:
                with self._answer_of(address, marks) as answer:
                    data = read_body(answer.blocks, answer.headers.get("content-encoding", "")) if answer.status == 200 else b""
                    status, headers = answer.status, answer.headers
            except ConnectionBrokenError as error:
                if not error.again:
                    self.turns.silent(address.host, str(error))
                    raise FetchError(str(error), permanent=False, remedy="try again later") from None
                why = str(error)
            except UnpackError as error:
                why = str(error)
            except LimitError as error:
                raise FetchError(str(error), permanent=True) from None
            else:
                self.turns.answered(address.host)
                if status in {429, 503}:
                    pause = self._patience(address, status, headers, last=pause is None)
                elif status not in TRY_AGAIN:
                    return status, headers, data
                why = _why_status(status)
            if pause is not None:
                self.turns.pause(pause)
        self.turns.silent(address.host, why)
        raise FetchError(why, permanent=False, remedy=f"tried {len(RETRY_AFTER) + 1} times, try again later")

    def _patience(self, address: Address, status: int, headers: Mapping[str, str], *, last: bool) -> float:
        """How long the host asks to be left alone; past the bound, or where it does not say, for the rest of the run."""
        asked = retry_after(headers.get("retry-after"), now=self._clock())
        if asked is None or asked > RETRY_AFTER_AT_MOST or last:
            self.turns.stop(address.host, f"{address.host} asked to be left alone (status {status}): not asked again in this run")
            raise FetchError(_why_status(status), permanent=False, remedy="try again later")
        return asked

    @contextlib.contextmanager
    def _answer_of(self, address: Address, headers: Mapping[str, str], *, endless: bool = False) -> Iterator[Answer]:
        """One request to the first of the host's IP addresses that can be reached; all of them were checked."""
        try:
            ips = choose_ips(address, resolver=self._resolver, allowance=self._allowance)[:IPS_TRIED]
        except AddressError as error:
            raise RefusedAddressError(str(error), permanent=True) from None
        except OSError:
            reason = f"there is no host {address.host}, or this machine cannot ask for it"
            raise ConnectionBrokenError(reason, again=False) from None
        sent = self._headers(address, headers, compressed=not endless)
        most: dict[str, float] = {"most": float("inf")} if endless else {}
        try:
            for left in range(len(ips) - 1, -1, -1):
                entered = False
                try:
                    with ask(address, ips[-1 - left], sent, seconds=self._seconds, trust=self._trust, **most) as answer:
                        entered = True
                        yield answer
                        return
                except ConnectionBrokenError:
                    if entered or not left:
                        raise
        finally:
            self.turns.asked(address.host)

    def _headers(self, address: Address, more: Mapping[str, str], *, compressed: bool) -> dict[str, str]:
        return {
            "Host": address.site.partition("://")[2], "User-Agent": self._agent, "Accept": ACCEPT, "Accept-Language": "en",
            "Accept-Encoding": ACCEPTED if compressed else "identity", "Connection": "close", **more,
        }  # fmt: skip

    def _ask_robots(self, address: Address) -> RobotsAnswer:
        """A robots.txt, from the cache where that is of this day. Of redirects, every one to a public address is followed."""
        kept = self._store.get(address.url) if self._store else None
        if kept and 0 <= self._clock() - kept[0].at < 86_400:
            return RobotsAnswer(status=kept[0].status, data=kept[1])
        first = address
        try:
            for _ in range(REDIRECTS.most + 1):
                self.turns.wait_for(address.host)
                status, headers, data = self._exchange(address, {})
                if status not in REDIRECTIONS:
                    break
                address = next_address(address, headers.get("location", ""))
            else:
                return RobotsAnswer(status=404)  # RFC 9309, 2.3.1.2: more redirects than are followed count as none there
        except RefusedAddressError as error:
            if address.site == first.site:
                raise
            return RobotsAnswer(status=None, reason=error.what)
        except FetchError as error:
            return RobotsAnswer(status=None, reason=error.what)
        if status < 500 and status != 429:
            day = _day(self._clock()).isoformat()
            entry = Entry(url=first.url, final_url=address.url, status=status, at=self._clock(), fetched=day)
            self._keep(entry, data if status == 200 else b"")
        return RobotsAnswer(status=status, data=data)

    def _keep(self, entry: Entry, data: bytes) -> None:
        if self._store:
            self._store.put(entry, data)
            if self._store.trouble:
                self._doubt(f"{self._store.trouble}: what is fetched will be fetched again next time")

    def _doubt(self, doubt: str) -> None:
        """Something to be told beside the next page, once a run."""
        if doubt and doubt not in self._told:
            self._told.add(doubt)
            self._doubts.append(doubt)

    def _take_doubts(self) -> tuple[str, ...]:
        told, self._doubts = tuple(self._doubts), []
        return told


class _Hop:
    """One address on the way, and where its answer sends on to."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.location = ""


def next_address(address: Address, location: str) -> Address:
    """Where a redirect leads. Raises FetchError where it leads nowhere, or from https to http."""
    if not location:
        raise FetchError("a redirect that does not say where to", permanent=True)
    with contextlib.suppress(UnicodeError):  # then it is Latin-1, as http.client reads all headers
        location = location.encode("latin-1").decode("utf-8")
    try:
        following = parse_address(location, base=address)
    except AddressError as error:
        raise FetchError(f"redirected to where nothing is fetched from: {error}", permanent=True) from None
    if address.scheme == "https" and following.scheme == "http":
        raise FetchError(
            f"redirected from https to http, where anyone on the way could change it: if you trust {following.url}, name that",
            permanent=True,
        )
    return following


def name_agent(contact: str) -> str:
    """The User-Agent: program, version and, where it is given, whom a site's owner can write to."""
    name = f"Headcount/{RELEASE}"
    told = contact.strip()
    if not told:
        return name
    if not told.isascii() or not told.isprintable() or any(one in told for one in '()<>"\\'):
        raise ValueError(f"expected a mail address or a URL as contact, found {contact!a}")
    return f"{name} (+{told})" if told.lower().startswith(("http://", "https://")) else f"{name} ({told})"


def _marks(entry: Entry) -> dict[str, str]:
    """The headers that ask for an answer only where it is another one than that which is kept."""
    told = {"If-None-Match": entry.etag, "If-Modified-Since": entry.last_modified}
    return {name: value for name, value in told.items() if value and value.isascii() and value.isprintable() and len(value) < 1000}


def _fetched(url: str, entry: Entry, data: bytes, *, unchanged: bool = False, doubts: tuple[str, ...] = ()) -> Fetched:
    media, charset = read_content_type(entry.content_type)
    return Fetched(
        url=url, final_url=entry.final_url, status=entry.status, media=media, charset=charset, data=data, fetched=entry.day,
        unchanged=unchanged, doubts=doubts,
    )  # fmt: skip


def read_content_type(value: str) -> tuple[str, str | None]:
    """Media type and charset of a ``Content-Type``."""
    media, *parameters = value[:500].split(";")
    charset = None
    for one in parameters:
        name, _, told = one.partition("=")
        if name.strip().lower() == "charset":
            charset = told.strip().strip("\"'")[:40] or None
    return media.strip().lower()[:100], charset


def _is_text(entry: Entry) -> bool:
    """Whether it may be a list of addresses, which changes like a feed."""
    return read_content_type(entry.content_type)[0] == "text/plain"


def _day(moment: float) -> dt.date:
    return dt.datetime.fromtimestamp(moment, dt.UTC).date()


_MEANING: Final = {
    401: "asks for a password",
    402: "asks for payment",
    403: "refuses it",
    404: "says there is no such page",
    410: "says the page is gone",
    429: "says there were too many requests",
    451: "may not show it for legal reasons",
    503: "says it is overloaded",
}


def _why_status(status: int) -> str:
    meaning = _MEANING.get(status) or ("has an error of its own" if status >= 500 else "gave no page")
    return f"the server {meaning} (status {status})"

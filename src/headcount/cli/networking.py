"""The network, off unless asked for: what ``--fetch`` allows, and addresses beside paths on one command line."""

from __future__ import annotations

import io
import os
import re
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO, Final

import click

if TYPE_CHECKING:
    from headcount.fetching import Fetcher
    from headcount.fetching.collecting import Given, OnOutcome
    from headcount.sources import Asked, Item

TEST_ALLOWANCE: Final = "HEADCOUNT_TEST_ALLOW_LOOPBACK"
"""For tests with servers of their own: with 1 in it, addresses of this machine may be fetched from."""

URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
CRAWL: Final = re.compile(r"crawl-data/\S+\.(?:warc|paths)(?:\.gz)?")
LIST: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n)*+(?:[A-Za-z][A-Za-z0-9+.-]*://|crawl-data/)")
LIST_BYTES: Final = 8 * 1024 * 1024
"""A longer file is no list of addresses that anybody has fetched one a second."""

OFF: Final = "reading from the network is off: add --fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """How the network is asked, and what is known already of what feeds and sitemaps name."""

    fetcher: Fetcher
    known: Callable[[str, Sequence[str]], Collection[str]] = lambda *_: ()
    on_outcome: OnOutcome = lambda *_: None
    kinds: MutableMapping[str, str] = field(default_factory=dict)
    """Told what each source proves to be: page, feed, sitemap, list or archive."""

    def knowing(self, known: Callable[[str, Sequence[str]], Collection[str]]) -> Fetching:
        """The same, with what a record knows."""
        return replace(self, known=known)


def is_url(name: str) -> bool:
    """Whether an argument is an address and not a path: a URL, or a path at Common Crawl that is none here."""
    if os.path.lexists(name):
        return False
    return URL.fullmatch(name) is not None or CRAWL.fullmatch(name) is not None


def fetching_of(paths: Iterable[str], *, fetch: bool, cache: str | None, contact: str, delay: float) -> Fetching | None:
    """What the options allow; None where the network stays off. Ends the command where an address is given without ``--fetch``."""
    if not fetch:
        named = next((path for path in paths if is_url(path)), None)
        if named is not None:
            raise click.UsageError(f"{named}: {OFF}")
        return None
    from headcount.fetching import Allowance, Fetcher
    from headcount.fetching.cache import Cache

    allowance = Allowance(networks=("127.0.0.0/8", "::1/128")) if os.environ.get(TEST_ALLOWANCE) == "1" else Allowance()
    try:
        fetcher = Fetcher(
            clock=time.time,
            sleep=time.sleep,
            store=Cache(cache or default_cache()),
            contact=contact,
            delay=delay,
            allowance=allowance,
        )
    except ValueError as error:
        raise click.UsageError(f"--contact: {error}") from None
    return Fetching(fetcher=fetcher)


def default_cache() -> str:
    """Where fetched pages are kept where nobody says it."""
    home = os.environ.get("XDG_CACHE_HOME")
    folder = home if home and os.path.isabs(home) else os.path.expanduser("~/.cache")
    return os.path.join(folder, "headcount", "http")


def items_of(
    paths: Iterable[str | os.PathLike[str]],
    fetching: Fetching | None,
    *,
    asked: Asked,
    on_bytes: Callable[[int], None] | None = None,
    resume: Callable[[str], int | None] = lambda _: None,
) -> Iterator[Item]:
    """What paths and addresses hold, in the order given; addresses that stand beside each other are fetched in turns."""
    from headcount.sources import find_reports

    waiting: list[str | Given] = []
    for path in paths:
        name = os.fspath(path)
        if name == "-":
            listed, stdin = _list_on_stdin()
            kind = "list"
        else:
            stdin = None
            listed, kind = (None, "") if is_url(name) else _read_list(name, feeds=fetching is not None)
        if listed is not None and fetching is None:
            yield _is_off(name)
        elif listed is not None and fetching is not None:
            fetching.kinds[name if name == "-" else os.path.abspath(name)] = kind
            waiting.append(listed)
        elif is_url(name):
            waiting.append(name)
        else:
            yield from _fetched(waiting, fetching, asked=asked, on_bytes=on_bytes, resume=resume)
            waiting = []
            yield from find_reports([path], asked=asked, stdin=stdin, on_bytes=on_bytes, resume=resume)
    yield from _fetched(waiting, fetching, asked=asked, on_bytes=on_bytes, resume=resume)


def _fetched(
    waiting: list[str | Given],
    fetching: Fetching | None,
    *,
    asked: Asked,
    on_bytes: Callable[[int], None] | None,
    resume: Callable[[str], int | None],
) -> Iterator[Item]:
    if not waiting or fetching is None:
        return
    from headcount.fetching import collect

    yield from collect(
        waiting, fetching.fetcher, asked=asked, known=fetching.known, on_outcome=fetching.on_outcome, kinds=fetching.kinds,
        on_bytes=on_bytes, resume=resume, pause=time.sleep,
    )  # fmt: skip


def _read_list(name: str, *, feeds: bool) -> tuple[Given | None, str]:
    """A file that only names what is to be fetched, and what it is: a list of addresses or, with ``feeds``, a feed or a sitemap."""
    if not os.path.isfile(name):
        return None, ""
    try:
        with open(name, "rb") as file:
            head = file.read(64 * 1024)
            may_list = LIST.match(head) is not None
            kind = "list" if may_list else _kind_of(head) if feeds else ""
            if not kind:
                return None, ""
            data = head + file.read(LIST_BYTES)
    except OSError:
        return None, ""  # reading it says why
    from headcount.fetching.collecting import Given, addresses_of
    from headcount.sources.finding import show_path

    if len(data) > LIST_BYTES or (may_list and addresses_of(data) is None):
        return None, ""
    return Given(record=show_path(name), data=data), kind


def _list_on_stdin() -> tuple[Given | None, BinaryIO | None]:
    """The addresses on standard input; or, where it holds none but looked like it, what was read of it and is to be read again."""
    stdin = getattr(sys.stdin, "buffer", None)
    if not isinstance(stdin, io.BufferedReader):
        return None, None
    try:
        if LIST.match(stdin.peek(1)) is None:
            return None, None
        data = stdin.read(LIST_BYTES)
    except OSError:
        return None, None  # reading it says why
    from headcount.fetching.collecting import Given, addresses_of
    from headcount.sources.limits import REPORT_BYTES

    if len(data) < LIST_BYTES and addresses_of(data) is not None:
        return Given(record="-", data=data), None
    return None, io.BytesIO(data + (stdin.read(REPORT_BYTES) if len(data) == LIST_BYTES else b""))


def _kind_of(head: bytes) -> str:
    from headcount.sources.media import sniff_media

    media = sniff_media(head)
    return media if media in {"feed", "sitemap"} else ""


def _is_off(name: str) -> Item:
    from headcount.models import Problem
    from headcount.sources.finding import show_path

    record = show_path(name)
    return Problem(stage="sources", record=record, source=record, reason=f"a list of addresses; {OFF}")

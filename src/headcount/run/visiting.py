"""One visit to a source that is watched: what is new in it is fetched, opened, read and stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import sqlalchemy as sa

from headcount.fetching import Fetcher, collect
from headcount.models import Document, Problem, Report
from headcount.record.engine import RecordError, reading
from headcount.record.origins import known_items
from headcount.run import ReportReader
from headcount.run.extracting import open_documents
from headcount.run.ingesting import Balance, Earlier, ingest_reports
from headcount.run.watchlist import Source
from headcount.sources import Asked, Defaults, Item

PAGES_A_VISIT: Final = 300
"""The most new pages of one source that are fetched before the others have their turn: at one a second five minutes."""

FAILED_AGAIN: Final = 6 * 3600.0
"""After so many seconds a page that failed is fetched once more, if its feed still names it."""

LISTS: Final = frozenset({"feed", "sitemap", "list"})


class Attention(Protocol):
    """What the service is asked from outside, and how it waits."""

    @property
    def stopping(self) -> bool:
        """Whether it is to end when the batch is stored."""

    def take_reload(self) -> bool:
        """Whether the watch list is to be read again; True once for each time that it was asked for."""

    def wait(self, seconds: float, *, for_all: bool) -> None:
        """Waits; ends early when the service is to stop and, with ``for_all``, when the list is to be read again."""


class StopError(Exception):
    """The service is to stop, and was waiting in the middle of a visit."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """What became of one visit to a source."""

    balance: Balance = field(default_factory=Balance)
    kind: str = "page"
    why: str | None = None
    """Why the source itself could not be had; None where it could."""

    page_why: str | None = None
    """Why the last page that failed did."""

    fetched: int = 0
    known: int = 0
    failed: int = 0
    left: int = 0
    """New pages that wait for the next visit."""

    let_through: int = 0
    """New pages that were to be fetched."""

    broke_off: bool = False


def visit_source(
    source: Source,
    *,
    kind: str | None = None,
    engine: sa.Engine,
    record: str,
    fetcher: Fetcher,
    reader: ReportReader,
    coder: str,
    clock: Callable[[], float],
    attention: Attention,
    beat: Callable[[], None] = lambda: None,
    jobs: int | None = None,
) -> Visit:
    """Fetches what is new in one source and stores it, as ``headcount ingest`` does. Raises RecordError.

    ``kind`` is what it was so far, where the watch list does not say what it is: a feed in whose place a page is sent has failed.
    """
    expected = source.kind or kind
    asked = Asked(
        today=to_datetime(clock()).date(), defaults=Defaults(publisher=source.publisher, country=source.country), keep_bytes=True
    )
    earlier = Earlier(engine, record=record, coder=coder, asked=asked)
    visit = Visit()
    kinds: dict[str, str] = {}

    def on_outcome(_source: str, address: str, outcome: str, why: str) -> None:
        beat()
        if address == source.url:
            visit.why = why or "it could not be read" if outcome == "failed" else visit.why
        elif outcome == "failed":
            visit.failed += 1
            visit.page_why = f"{address}: {why}"
        else:
            visit.known += outcome == "known"
            visit.fetched += outcome != "known"

    def known(named_by: str, addresses: Sequence[str]) -> set[str]:
        with reading(engine, record=record) as connection:
            seen = known_items(connection, named_by, addresses)
        now = clock()
        done = {url for url, one in seen.items() if one.outcome != "failed" or 0 <= now - to_seconds(one.at) < FAILED_AGAIN}
        new = [address for address in dict.fromkeys(addresses) if address not in done]
        most = max(0, PAGES_A_VISIT - visit.let_through)
        left = new[most:]
        visit.let_through += len(new) - len(left)
        visit.left += len(left)
        return done | set(left)

    found = collect(
        [source.url], fetcher, asked=asked, known=known, on_outcome=on_outcome, kinds=kinds, resume=earlier.resume,
        pause=lambda seconds: attention.wait(seconds, for_all=False),
    )  # fmt: skip
    items = _until_stopped(_only_lists(found, source, expected, visit), source, visit, attention)
    visit.balance = ingest_reports(
        engine, open_documents(earlier.leave_out(items), asked=asked, jobs=jobs), record=record, command=f"watch {source.url}",
        coder=coder, clock=lambda: to_datetime(clock()), earlier=earlier, kinds=kinds, reader=reader, jobs=jobs,
        on_reading=lambda _: beat(),
    )  # fmt: skip
    visit.kind = (expected if visit.why else kinds.get(source.url)) or expected or "page"
    visit.known = max(0, visit.known - visit.left)
    return visit


def _only_lists(items: Iterable[Item], source: Source, expected: str | None, visit: Visit) -> Iterator[Item]:
    """The items, but for a page that is sent in place of a list: a site that has moved, a login, an apology."""
    for item in items:
        if expected in LISTS and isinstance(item, Document | Report) and item.record == source.url:
            visit.why = f'expected a {expected}, found a page; where that is right, say kind = "page" in the watch list'
            yield Problem(stage="fetching", record=source.url, source=source.url, reason=visit.why)
        else:
            yield item


def _until_stopped(items: Iterator[Item], source: Source, visit: Visit, attention: Attention) -> Iterator[Item]:
    """The items until the service is to stop; an error that nobody foresaw is the source's failure, not the service's end."""
    while True:
        if attention.stopping:
            visit.broke_off = True
            return
        try:
            item = next(items)
        except StopIteration:
            return
        except StopError:
            visit.broke_off = True
            return
        except RecordError:
            raise
        except Exception as error:
            what = f"{type(error).__name__}: {str(error)[:200]}"
            visit.why = f"the fetching failed ({what}); this is a defect of Headcount: report it with the address"
            yield Problem(stage="fetching", record=source.url, source=source.url, reason=visit.why)
            return
        yield item


def moment(seconds: float) -> str:
    """A moment in UTC as ISO writes it."""
    return f"{to_datetime(seconds).isoformat(timespec='seconds')}Z"


def to_datetime(seconds: float) -> dt.datetime:
    """Seconds since 1970 as the record keeps moments: in UTC, without a zone."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None, microsecond=0)


def to_seconds(at: dt.datetime) -> float:
    """Back again."""
    return at.replace(tzinfo=dt.UTC).timestamp()

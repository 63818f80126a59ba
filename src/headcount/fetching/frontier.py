"""The addresses that a run has still to fetch: hosts take turns, and no address comes twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headcount.fetching.addresses import Address
    from headcount.sources.feeds import FeedItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One address that is to be fetched, and what is known of it."""

    url: str
    source: str
    """What was named by the caller and led to it: itself, a feed, a list."""

    record: str = ""
    """How messages call it, where that is not its URL."""

    fields: Mapping[str, str] = field(default_factory=dict)
    item: FeedItem | None = None
    """What a feed holds of it, for when its page cannot be had."""

    depth: int = 0
    named: bool = False
    """Whether the caller named it, or a list of addresses that the caller named; else a feed or a sitemap did."""

    @property
    def name(self) -> str:
        """How messages call it."""
        return self.record or self.url


class Frontier:
    """A queue a host; each host gives one address in its turn, in the order in which the hosts were first met."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[tuple[Address, Wanted]]] = {}
        self._turns: deque[str] = deque()
        self._met: set[str] = set()

    @property
    def met(self) -> int:
        """How many addresses were taken up so far."""
        return len(self._met)

    def add(self, address: Address, wanted: Wanted) -> bool:
        """Takes an address up; False where it was taken up before."""
        if address.url in self._met:
            return False
        self._met.add(address.url)
        if not self._queues.get(address.host):
            self._turns.append(address.host)
        self._queues.setdefault(address.host, deque()).append((address, wanted))
        return True

    def take(self) -> tuple[Address, Wanted] | None:
        """The next address; None where none is left."""
        while self._turns:
            host = self._turns.popleft()
            queue = self._queues[host]
            if queue:
                taken = queue.popleft()
                if queue:
                    self._turns.append(host)
                return taken
        return None

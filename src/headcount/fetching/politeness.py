"""How often a host is asked: one request at a time, a pause after each, fewer when it asks for that, and none when it says stop."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

DELAY_SECONDS: Final = 1.0
"""The pause between two requests to one host, where neither the caller nor its robots.txt asks for a longer one."""

RETRY_AFTER: Final = (2.0, 8.0)
"""Seconds before a request that broke off is made again, and again. Always the same: a run can be told from its log."""

RETRY_AFTER_AT_MOST: Final = 120.0
"""A host that asks for a longer wait is left alone for the rest of the run."""

SILENT_AT_MOST: Final = 3
"""Addresses of one host that may fail to be reached in a row before the others are not tried."""


class Turns:
    """When each host may be asked next, and which are not asked any more in this run."""

    def __init__(self, *, delay: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._delay = delay
        self._clock = clock
        self._sleep = sleep
        self._free: dict[str, float] = {}
        self._stopped: dict[str, str] = {}
        self._silent: dict[str, int] = {}

    def wait_for(self, host: str, *, delay: float = 0.0) -> None:
        """Waits until the host may be asked; ``delay`` is what its robots.txt asks for."""
        pause = max(self._delay, delay)
        due = self._free.get(host)
        if due is None:
            return
        left = min(due + pause - self._clock(), pause)  # a clock that was set back makes nobody wait for hours
        if left > 0:
            self._sleep(left)

    def asked(self, host: str) -> None:
        """Told that a request to the host is over."""
        self._free[host] = self._clock()

    def pause(self, seconds: float) -> None:
        """A wait before the same request is made again."""
        self._sleep(seconds)

    def answered(self, host: str) -> None:
        """Told that the host has given an answer, of whatever kind."""
        self._silent.pop(host, None)

    def silent(self, host: str, why: str) -> None:
        """Told that the host could not be reached for an address, after all attempts."""
        self._silent[host] = self._silent.get(host, 0) + 1
        if self._silent[host] >= SILENT_AT_MOST:
            self.stop(host, f"{host} failed to answer {SILENT_AT_MOST} times in a row ({why}); not asked again in this run")

    def stop(self, host: str, why: str) -> None:
        """Has the host left alone from now on."""
        self._stopped.setdefault(host, why)

    def why_stopped(self, host: str) -> str | None:
        """Why the host is not asked any more; None where it is."""
        return self._stopped.get(host)


def retry_after(value: str | None, *, now: float) -> float | None:
    """The seconds that a ``Retry-After`` asks for: a number, or the moment up to which to wait. None where it says neither."""
    if value is None:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:12])
    try:
        moment = parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    seconds = moment.timestamp() - now
    return max(0.0, seconds) if math.isfinite(seconds) else None

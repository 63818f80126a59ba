"""What a site asks of robots (RFC 9309): read once a day and host, and followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from headcount.fetching.addresses import Address
from headcount.sources.limits import KIB

AGENT: Final = "Headcount"
"""The name under which a robots.txt may speak of this program."""

ROBOTS_BYTES: Final = 500 * KIB
"""How much of a robots.txt is read; RFC 9309 asks for at least as much."""

DELAY_AT_MOST: Final = 30.0
"""Seconds; a longer Crawl-delay is waited for so long and no longer, and a note says so."""

KEPT_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsAnswer:
    """What asking for a robots.txt gave: its status and text, or why there is no answer."""

    status: int | None
    data: bytes = b""
    reason: str = ""
    """Why there is none, where ``status`` is None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a site asks of this program."""

    site: str
    parsed: Any = None
    """None where all is allowed, or nothing."""

    refusal: str = ""
    """Why nothing is fetched for now, where the rules could not be read; "" where they could."""

    delay: float = 0.0
    """Seconds between requests that the site asks for, within the bound."""

    doubt: str = ""

    def why_not(self, address: Address) -> str | None:
        """Why this address is not to be fetched; None where it may be."""
        if self.refusal:
            return self.refusal
        if self.parsed is not None and not self.parsed.can_fetch(address.url, AGENT):
            return f"the robots.txt of {address.host} asks programs not to fetch it: save it with a browser and give the file"
        return None


class Robots:
    """The rules of all sites met in a run, asked for when a site is first met and once a day after that."""

    def __init__(self, ask: Callable[[Address], RobotsAnswer], *, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._known: dict[str, tuple[float, Rules]] = {}

    def rules_of(self, address: Address) -> Rules:
        """The rules of the site that an address belongs to."""
        asked, rules = self._known.get(address.site, (0.0, None))
        if rules is None or not 0 <= self._clock() - asked < KEPT_SECONDS:
            answer = self._ask(Address(scheme=address.scheme, host=address.host, port=address.port, target="/robots.txt"))
            rules = read_rules(answer, address)
            self._known[address.site] = (self._clock(), rules)
        return rules


def read_rules(answer: RobotsAnswer, address: Address) -> Rules:
    """What an answer means: 2xx is read, 4xx (but 429) allows everything, all else forbids everything for now."""
    if answer.status is not None and 200 <= answer.status < 300:
        return _parsed(answer.data, address)
    if answer.status is not None and 400 <= answer.status < 500 and answer.status != 429:
        return Rules(site=address.site)
    why = answer.reason or f"status {answer.status}"
    return Rules(
        site=address.site,
        refusal=f"the robots.txt of {address.host} could not be read ({why}), so nothing is fetched from there: try again later",
    )


def _parsed(data: bytes, address: Address) -> Rules:
    from protego import Protego

    parsed = Protego.parse(data[:ROBOTS_BYTES].decode("utf-8-sig", "replace").replace("\0", ""))
    asked = parsed.crawl_delay(AGENT) or 0.0
    if not 0 <= asked < float("inf"):
        asked = 0.0
    doubt = ""
    if asked > DELAY_AT_MOST:
        doubt = (
            f"the robots.txt of {address.host} asks for {asked:,.0f} seconds between requests: "
            f"headcount waits {DELAY_AT_MOST:.0f}; give more with --delay"
        )
    return Rules(site=address.site, parsed=parsed, delay=min(float(asked), DELAY_AT_MOST), doubt=doubt)

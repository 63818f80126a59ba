"""The file that says what is watched: a record, how often to look, and the sources. Every mistake in it is named with its line."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from headcount.fetching.addresses import AddressError, parse_address
from headcount.fetching.fetcher import name_agent
from headcount.sources import parse_country

KINDS: Final = ("feed", "sitemap", "list", "page")

SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
EVERY_DEFAULT: Final = "30m"
EVERY_LEAST: Final = 60
EVERY_MOST: Final = 31 * 86_400
"""Nobody's feed changes by the second, and what is looked at less than once a month is not watched."""

SOURCES_MOST: Final = 2_000
FILE_BYTES: Final = 4 * 1024 * 1024

TOP: Final = ("record", "every", "contact", "cache", "health", "source")
HEALTH: Final = ("address", "public")
SOURCE: Final = ("name", "url", "kind", "publisher", "country", "every")


class WatchlistError(Exception):
    """A watch list that cannot be used; the message names the file, the line and the key, and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source that is watched."""

    name: str
    url: str
    kind: str | None = None
    """What the record calls it; None: told by its content."""

    publisher: str | None = None
    country: str | None = None
    every: int
    """Seconds from one visit to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchlist:
    """All that the file says."""

    path: str
    record: str | None
    """The record; None where the file leaves it to the command."""

    contact: str = ""
    cache: str | None = None
    health: tuple[str, int] | None = None
    """The IP address and port that tell how the service fares; None: nobody is told."""

    sources: tuple[Source, ...]


def read_watchlist(path: str) -> Watchlist:
    """The watch list at this path. Raises WatchlistError."""
    try:
        with open(path, "rb") as file:
            data = file.read(FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise WatchlistError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(data) > FILE_BYTES:
        raise WatchlistError(f"{path}: longer than {FILE_BYTES:,} bytes: this is no watch list")
    try:
        text = data.decode("utf-8-sig")
        told = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise WatchlistError(f"{path}:{line}: expected UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise WatchlistError(f"{path}:{line}: expected TOML ({str(error).partition(' (at ')[0]})") from None
    except ValueError:  # a number of more digits than Python takes
        raise WatchlistError(f"{path}: a number in it is too long: this is no watch list") from None
    except RecursionError:
        raise WatchlistError(f"{path}: nested too deeply: this is no watch list") from None
    return _Reader(path, text).read(told)


class _Reader:
    """Takes the tables of one file; knows where in it each key stands."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._folder = Path(path).absolute().parent
        self._lines = text.splitlines()

    def read(self, told: Mapping[str, Any]) -> Watchlist:
        """The watch list that these tables make."""
        self._refuse_unknown(told, TOP, "", 0)
        every = self._every(told, "", 0) or _seconds(EVERY_DEFAULT)
        found = told.get("source", [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self._refuse("source", 0, "", "expected [[source]] before each source, with two brackets")
        if not found:
            raise WatchlistError(f"{self._path}: no source to watch; expected at least one [[source]] with a url")
        if len(found) > SOURCES_MOST:
            raise WatchlistError(f"{self._path}: {len(found):,} sources; expected at most {SOURCES_MOST:,}: split the list")
        sources = tuple(self._source(one, number, every) for number, one in enumerate(found, start=1))
        self._refuse_twice(sources)
        record = self._text(told, "record", "", 0)
        return Watchlist(
            path=self._path,
            record=record if record is None or "://" in record else self._place(record),
            contact=self._contact(told),
            cache=self._place(cache) if (cache := self._text(told, "cache", "", 0)) else None,
            health=self._health(told),
            sources=sources,
        )

    def _source(self, told: Mapping[str, Any], number: int, every: int) -> Source:
        self._refuse_unknown(told, SOURCE, "source", number)
        url = self._text(told, "url", "source", number)
        if url is None:
            self._refuse("", number, "source", "this source has no url; expected the address of a feed, a sitemap or a page")
        try:
            address = parse_address(url or "")
        except AddressError as error:
            self._refuse("url", number, "source", str(error))
        kind = self._text(told, "kind", "source", number)
        if kind is not None and kind not in KINDS:
            self._refuse("kind", number, "source", f"expected one of {', '.join(KINDS)}, found {kind!r}; or leave it out")
        country = self._text(told, "country", "source", number)
        try:
            country = parse_country(country) if country is not None else None
        except ValueError:
            self._refuse("country", number, "source", f"expected a code of two letters such as GB, found {country!r}")
        return Source(
            name=self._text(told, "name", "source", number) or address.url,
            url=address.url,
            kind=kind,
            publisher=self._text(told, "publisher", "source", number),
            country=country,
            every=self._every(told, "source", number) or every,
        )

    def _contact(self, told: Mapping[str, Any]) -> str:
        contact = self._text(told, "contact", "", 0) or ""
        try:
            name_agent(contact)
        except ValueError as error:
            self._refuse("contact", 0, "", str(error))
        return contact

    def _health(self, told: Mapping[str, Any]) -> tuple[str, int] | None:
        health = told.get("health")
        if health is None:
            return None
        if not isinstance(health, dict):
            self._refuse("health", 0, "", 'expected a table [health] with address = "127.0.0.1:8780"')
        self._refuse_unknown(health, HEALTH, "health", 1)
        public = health.get("public", False)
        if not isinstance(public, bool):
            self._refuse("public", 1, "health", f"expected true or false, found {public!r}")
        address = self._text(health, "address", "health", 1) or "127.0.0.1:8780"
        host, _, port = address.rpartition(":")
        try:
            ip = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
            number = int(port) if port.isascii() and port.isdigit() else -1
        except ValueError:
            ip, number = None, -1
        if ip is None or not 0 <= number <= 65_535:
            self._refuse("address", 1, "health", f"expected an IP address and a port such as 127.0.0.1:8780, found {address!r}")
        if not ip.is_loopback and not public:
            self._refuse(
                "address", 1, "health",
                f"{ip} can be reached from other machines; expected 127.0.0.1 or [::1], or public = true if that is meant",
            )  # fmt: skip
        return str(ip), number

    def _every(self, told: Mapping[str, Any], table: str, number: int) -> int | None:
        value = self._text(told, "every", table, number)
        if value is None:
            return None
        seconds = _seconds(value)
        if not EVERY_LEAST <= seconds <= EVERY_MOST:
            self._refuse("every", number, table, f'expected a time from "1m" to "31d" such as "30m", "6h" or "1d", found {value!r}')
        return seconds

    def _text(self, told: Mapping[str, Any], key: str, table: str, number: int) -> str | None:
        value = told.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._refuse(key, number, table, f"expected a text in quotation marks, found {value!r}"[:200])
        if not value.strip() or not value.isprintable() or len(value) > 2_000:
            self._refuse(key, number, table, "expected a text of one line, and not an empty one")
        return str(value).strip()

    def _place(self, path: str) -> str:
        """A path as the file means it: from its own folder, wherever the command is called."""
        return os.path.normpath(self._folder / os.path.expanduser(path))

    def _refuse_unknown(self, told: Mapping[str, Any], known: tuple[str, ...], table: str, number: int) -> None:
        for key in told:
            if key not in known:
                self._refuse(key, number, table, f"there is no such key; expected {', '.join(known)}")

    def _refuse_twice(self, sources: tuple[Source, ...]) -> None:
        for key in ("name", "url"):
            met: dict[str, int] = {}
            for number, source in enumerate(sources, start=1):
                value = getattr(source, key)
                if value in met:
                    first = self._line_of(key, met[value], "source")
                    self._refuse(key, number, "source", f"{value} is the {key} of another source, too (line {first})")
                met[value] = number

    def _refuse(self, key: str, number: int, table: str, why: str) -> NoReturn:
        line = self._line_of(key, number, table)
        raise WatchlistError(f"{self._path}:{line}: {f'{key}: ' if key else ''}{why}")

    def _line_of(self, key: str, number: int, table: str) -> int:
        """The line of a key in the ``number``th table of that name, else that of the table's head, else the first."""
        inside, head, seen = not table, 0, 0
        for place, line in enumerate(self._lines, start=1):
            header = re.match(r"\s*\[\[?\s*[\"']?([\w-]+)[\"']?\s*\]\]?", line)
            if header:
                if key and not table and header[1] == key:
                    return place
                seen += header[1] == table
                inside = header[1] == table and seen == number
                head = place if inside else head
            elif key and inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]", line):
                return place
        return head or 1


def _seconds(value: str) -> int:
    """A time such as "30m" in seconds; 0 where it is none."""
    found = re.fullmatch(r"(\d{1,7})\s*([smhd])", value.strip().lower(), re.ASCII)
    return int(found[1]) * SECONDS[found[2]] if found else 0

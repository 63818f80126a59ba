"""Which addresses may be fetched from: web addresses whose host is public, every one of its IP addresses included.

A feed names addresses that its writer chose. One that leads into the reader's own network, to the machine itself or to a
cloud's metadata service, is refused here, after the name has been resolved; the connection is then made to the very IP
address that was looked at (``connecting``), so that a name which resolves to something else a moment later gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

PORTS: Final = {"http": 80, "https": 443}
WEB_PORTS: Final = frozenset({80, 443, 8000, 8008, 8080, 8443, 8888})
"""Ports on which websites are served. On any other (25, 22, 6379 ...) a request may be taken for a command by what listens."""

URL_CHARACTERS: Final = 4000
HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
NUMERIC: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.I)
DOTS: Final = re.compile("[\u3002\uff0e\uff61]")
UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029]")
"""What no address holds. Programs disagree on what a backslash or a newline in one means; blanks they all write as %20."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""From a host and a port to the IP addresses of the host; raises OSError where it has none."""


class AddressError(ValueError):
    """An address that is not fetched from; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Networks that may be fetched from although they are not public, with any port: for tests with servers of their own."""

    networks: tuple[str, ...] = ()
    ports: tuple[int, ...] | None = None
    """The ports beside those of websites; None: any port, as long as the host lies in one of the networks."""

    def covers(self, address: IPAddress) -> bool:
        """Whether this IP address may be fetched from whatever it is."""
        return any(address in ipaddress.ip_network(network) for network in self.networks)


NONE_ALLOWED: Final = Allowance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A web address, checked in form: its host in lower case and ASCII, its path and query as they are sent."""

    scheme: str
    host: str
    port: int
    target: str
    """Path and query: what the request asks for."""

    @property
    def site(self) -> str:
        """Scheme, host and, where it is not the usual one, port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")

    @property
    def url(self) -> str:
        """The address in full, the same for all its spellings."""
        return self.site + self.target


def parse_address(url: str, *, base: Address | None = None) -> Address:
    """The address that a URL names, relative to ``base`` where that is given.

    Raises AddressError for a scheme other than http and https, a user or a password in it, control characters and blanks,
    a host that is none, or an IP address in any spelling but its usual one.
    """
    url = url.strip(" \t\r\n")
    if len(url) > URL_CHARACTERS:
        raise AddressError(f"an address of more than {URL_CHARACTERS:,} characters")
    if UNFIT.search(url):
        raise AddressError("the address holds control characters or a backslash, as no web address does")
    try:
        parts = urlsplit(urljoin(base.url, url) if base else url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressError(f"no web address ({error})") from None
    if parts.scheme not in PORTS:
        found = f"found {parts.scheme}:" if parts.scheme else "found none of them"
        raise AddressError(f"only addresses that begin with http:// or https:// are fetched, {found}")
    if "@" in parts.netloc:
        raise AddressError("a user name or a password stands in the address: headcount fetches only what is open to all")
    if port == 0:
        raise AddressError("port 0 is none")
    target = _quoted(parts.path or "/", "/:@!$&'()*+,;=~%-._") + (f"?{_quoted(parts.query, _QUERY)}" if parts.query else "")
    return Address(scheme=parts.scheme, host=_checked_host(host, parts.netloc), port=port or PORTS[parts.scheme], target=target)


_QUERY: Final = "/?:@!$&'()*+,;=~%-._[]"


def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe, encoding="utf-8", errors="replace")


def _checked_host(host: str, netloc: str) -> str:
    if not host:
        raise AddressError("no host in the address")
    if netloc.startswith("["):
        try:
            return ipaddress.IPv6Address("" if "%" in host else host).compressed
        except ValueError:
            raise AddressError(f"[{host}] is no IPv6 address that can be fetched from") from None
    name = _ascii_host(host)
    if NUMERIC.fullmatch(name.rsplit(".", 1)[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            raise AddressError(f"{host} is an IP address in an odd spelling: give it as four numbers, or the site's name") from None
    return name


def _ascii_host(host: str) -> str:
    """The host as DNS knows it: one form for all spellings of its letters, other than Latin ones in Punycode."""
    folded = DOTS.sub(".", unicodedata.normalize("NFKC", host)).lower().removesuffix(".")
    labels = []
    for label in unicodedata.normalize("NFC", folded).split("."):
        if label.isascii():
            labels.append(label)
        elif all(unicodedata.category(one)[0] in "LMN" or one == "-" for one in label):
            labels.append("xn--" + label.encode("punycode").decode("ascii"))
        else:
            raise AddressError(f"{host!a} is no host name")
    name = ".".join(labels)
    if len(name) > 253 or not HOST.fullmatch(name):
        raise AddressError(f"{host!a} is no host name")
    return name


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host as this machine's resolver tells them (its own limits of time hold), each once."""
    told = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in told))


def choose_ips(address: Address, *, resolver: Resolver = resolve, allowance: Allowance = NONE_ALLOWED) -> list[str]:
    """The IP addresses to connect to. The name is resolved once; what comes back is what may be connected to, and nothing else.

    Raises AddressError where one of them is not public, or the port is not that of a website; OSError where the host has none.
    """
    try:
        told = [_ip_of(one) for one in ([address.host] if _is_literal(address.host) else resolver(address.host, address.port))]
    except (UnicodeError, ValueError) as error:
        raise AddressError(f"{address.host} cannot be resolved ({error})") from None
    if not told:
        raise OSError(f"{address.host} has no IP address")
    allowed = [allowance.covers(one) for one in told]
    for one, is_allowed in zip(told, allowed, strict=True):
        if not is_allowed and (why := why_not_public(one)):
            where = address.host if str(one) == address.host else f"{address.host} ({one})"
            raise AddressError(f"{where} is {why}: only public addresses are fetched from")
    may = address.port in WEB_PORTS or (all(allowed) and (allowance.ports is None or address.port in allowance.ports))
    if not may:
        raise AddressError(f"port {address.port} is not one of those on which websites are served")
    return [str(one) for one in told]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _ip_of(told: str) -> IPAddress:
    found = ipaddress.ip_address(told.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found


def _networks(*rows: tuple[str, str]) -> tuple[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, str], ...]:
    return tuple((ipaddress.ip_network(network), why) for network, why in rows)


# Own lists and not ipaddress.is_global, whose answers have changed between releases of Python.
NOT_PUBLIC: Final = _networks(
    ("169.254.169.254/32", "a cloud's metadata service"),
    ("168.63.129.16/32", "a cloud's metadata service"),
    ("100.100.100.200/32", "a cloud's metadata service"),
    ("192.0.0.192/32", "a cloud's metadata service"),
    ("fd00:ec2::254/128", "a cloud's metadata service"),
    ("fd20:ce::254/128", "a cloud's metadata service"),
    ("0.0.0.0/8", "no host's address"),
    ("10.0.0.0/8", "in a private network"),
    ("100.64.0.0/10", "in a provider's inner network"),
    ("127.0.0.0/8", "this machine itself"),
    ("169.254.0.0/16", "a link-local address"),
    ("172.16.0.0/12", "in a private network"),
    ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "reserved for examples"),
    ("192.88.99.0/24", "reserved"),
    ("192.168.0.0/16", "in a private network"),
    ("198.18.0.0/15", "reserved for measurements"),
    ("198.51.100.0/24", "reserved for examples"),
    ("203.0.113.0/24", "reserved for examples"),
    ("224.0.0.0/4", "a multicast address"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "no host's address"),
    ("::1/128", "this machine itself"),
    ("fc00::/7", "in a private network"),
    ("fe80::/10", "a link-local address"),
    ("fec0::/10", "in a private network"),
    ("ff00::/8", "a multicast address"),
    ("64:ff9b:1::/48", "in a private network"),
    ("2001::/32", "an address of a tunnel (Teredo)"),
    ("2001::/23", "reserved"),
    ("2001:db8::/32", "reserved for examples"),
    ("2002::/16", "an address of a tunnel (6to4)"),
    ("3fff::/20", "reserved for examples"),
)
GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")
NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
ISATAP: Final = (0x00005EFE, 0x02005EFE)


def why_not_public(address: IPAddress) -> str | None:
    """Why an IP address is none of the public internet ("in a private network"); None where it is.

    An IPv4 address that stands in an IPv6 one (mapped, compatible, NAT64, ISATAP) is judged as what it is; the tunnels 6to4
    and Teredo, which are given up, are refused whatever they lead to. NAT64 stays open for public addresses: behind it,
    a network without IPv4 reaches most of the web.
    """
    why = next((why for network, why in NOT_PUBLIC if address.version == network.version and address in network), None)
    if why or isinstance(address, ipaddress.IPv4Address):
        return why
    low = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped or address in NAT64:
        return why_not_public(low)
    if address not in GLOBAL_V6:
        return "reserved"
    return why_not_public(low) if (int(address) >> 32) & 0xFFFFFFFF in ISATAP else None

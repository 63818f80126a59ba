"""Addresses: whatever string is given, what is connected to is public, and what is sent is one line."""

import ipaddress

from harness import fuzz, watched

with watched():
    from headcount.fetching.addresses import AddressError, choose_ips, parse_address

BASE = parse_address("https://news.example.org/folder/page.html?a=b")


def one(data: bytes) -> None:
    """The first 16 bytes are the IP address that the host is said to have, the others the address."""
    if len(data) < 17:
        return
    url = data[17:].decode("utf-8", "replace")
    for base in (None, BASE):
        try:
            address = parse_address(url, base=base)
        except AddressError as error:
            assert str(error)
            continue
        assert address.scheme in {"http", "https"}
        assert address.host.isascii()
        assert "@" not in address.site
        assert address.target.startswith("/")
        for text in (address.host, address.target):
            assert not any(ord(letter) <= 32 or ord(letter) == 127 for letter in text), text
        again = parse_address(address.url)
        assert again == address, (again, address)
        told = str(ipaddress.IPv4Address(data[:4])) if data[16] % 2 else str(ipaddress.IPv6Address(data[:16]))
        try:
            chosen = choose_ips(address, resolver=lambda *_, told=told: [told])
        except (AddressError, OSError):
            continue
        for ip in chosen:
            _check_public(ipaddress.ip_address(ip))


def _check_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """By the standard library's own lists, which are other lists than ours."""
    if isinstance(ip, ipaddress.IPv6Address) and ip in ipaddress.ip_network("64:ff9b::/96"):
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    assert ip.is_global, ip
    assert not ip.is_multicast, ip
    assert not ip.is_loopback, ip


if __name__ == "__main__":
    fuzz(one)

"""Which addresses are fetched from: only those of the public web, however they are spelled and whatever a name resolves to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headcount.fetching.addresses import AddressError, Allowance, choose_ips, parse_address, why_not_public


def public(*_: object) -> list[str]:
    return ["93.184.215.14"]


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("HTTP://Post.Example/a b?q=ü&r=1#top", "http://post.example/a%20b?q=%C3%BC&r=1"),
        ("https://post.example.:443", "https://post.example/"),
        ("http://post.example:8080/x", "http://post.example:8080/x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("http://post。example/", "http://post.example/"),
        ("http://[2606:2800:21f::1]/", "http://[2606:2800:21f::1]/"),
        ("https://post.example/%E2%82%AC?a=%20", "https://post.example/%E2%82%AC?a=%20"),
    ],
)
def test_an_address_has_one_spelling(url: str, same: str) -> None:
    """Case, default ports, trailing dots, fragments and letters beyond ASCII are brought to one form."""
    assert parse_address(url).url == same
    assert parse_address(same).url == same


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://post.example/", "only addresses that begin with http:// or https://"),
        ("file:///etc/passwd", "only addresses"),
        ("gopher://post.example/", "only addresses"),
        ("javascript:alert(1)", "only addresses"),
        ("post.example/a", "only addresses"),
        ("http://me:secret@post.example/", "a user name or a password"),
        ("http://post.example@127.0.0.1/", "a user name or a password"),
        ("http:///a", "no host"),
        ("http://post.example:99999/", "no web address"),
        ("http://post.example:0/", "port 0"),
        ("http://post.example\\@127.0.0.1/", "control characters or a backslash"),
        ("http://post.example/\r\nX: y", "control characters"),
        ("http://post.ex\tample/", "control characters"),
        ("http://[fe80::1%25eth0]/", "no IPv6 address"),
        ("http://[::1/", "no web address"),
        ("http://%31%32%37.0.0.1/", "no host name"),
        ("http://post..example/", "no host name"),
        ("http://po st.example/", "no host name"),
        ("http://" + "a" * 64 + ".example/", "no host name"),
        ("http://post.example/" + "a" * 5000, "more than 4,000 characters"),
        ("http://0x7f.1/", "odd spelling"),
        ("http://0x7f000001/", "odd spelling"),
        ("http://2130706433/", "odd spelling"),
        ("http://127.1/", "odd spelling"),
        ("http://0177.0.0.1/", "odd spelling"),
        ("http://127.0.0.1.1/", "odd spelling"),
        ("http://1.2.3.256/", "odd spelling"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str, why: str) -> None:
    """Other schemes, credentials, hosts in disguise: refused before anything is resolved, and told why."""
    with pytest.raises(AddressError, match=why.replace("(", r"\(")):
        parse_address(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "169.254.1.1", "100.64.0.1", "100.127.255.255", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7",
        "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "fd20:ce::254",
        "ff02::1", "fec0::1", "2001:db8::1", "2002:7f00:1::", "2002:5db8:d70e::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "3fff::1", "4000::1", "2606:2800::5efe:7f00:1",
        "2606:2800::200:5efe:a00:1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(host: str) -> None:
    """Loopback, private, link-local, shared, reserved, multicast and metadata addresses, also inside IPv6 addresses."""
    address = parse_address(f"http://[{host}]/" if ":" in host else f"http://{host}/")
    with pytest.raises(AddressError, match="only public addresses are fetched from"):
        choose_ips(address, resolver=public)


@pytest.mark.parametrize("host", ["①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "127.0.0.1."])
def test_digits_of_other_scripts_are_digits(host: str) -> None:
    """Circled and wide digits, and wide full stops, make the address that a browser would make of them."""
    with pytest.raises(AddressError, match="this machine itself"):
        choose_ips(parse_address(f"http://{host}/"), resolver=public)


@pytest.mark.parametrize("host", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "2001:200::1"])
def test_a_public_address_is_taken(host: str) -> None:
    """Public addresses, also those that a network without IPv4 reaches by NAT64."""
    assert why_not_public(ipaddress.ip_address(host)) is None


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_judged_as_itself(inner: ipaddress.IPv4Address) -> None:
    """An IPv4 address is as public within an IPv6 one (mapped, NAT64) as by itself, and never more public than Python says."""
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + inner.packed)
    nat64 = ipaddress.IPv6Address(ipaddress.IPv6Address("64:ff9b::").packed[:12] + inner.packed)
    assert (why_not_public(inner) is None) == (why_not_public(mapped) is None) == (why_not_public(nat64) is None)
    assert inner.is_global or inner.is_multicast or why_not_public(inner)


def test_every_answer_of_the_resolver_counts() -> None:
    """One private address among public ones is enough: which of them is asked would be left to chance."""
    with pytest.raises(AddressError, match=r"mixed.example \(10.0.0.1\) is in a private network"):
        choose_ips(parse_address("http://mixed.example/"), resolver=lambda *_: ["93.184.215.14", "10.0.0.1"])


def test_a_name_without_an_address_is_an_os_error() -> None:
    """No answer is no refusal: it may be there later."""
    with pytest.raises(OSError, match="has no IP address"):
        choose_ips(parse_address("http://none.example/"), resolver=lambda *_: [])


@pytest.mark.parametrize("port", [22, 25, 6379, 11211, 3306, 1, 65535])
def test_ports_of_other_services_are_refused(port: int) -> None:
    """A request may be taken for a command by what listens there."""
    with pytest.raises(AddressError, match=f"port {port} is not one of those"):
        choose_ips(parse_address(f"http://post.example:{port}/"), resolver=public)


def test_an_allowance_opens_its_networks_and_nothing_else() -> None:
    """Loopback with any port, for tests; the other private networks stay closed, and a port is open only to what it covers."""
    allowance = Allowance(networks=("127.0.0.0/8",))
    assert choose_ips(parse_address("http://127.0.0.1:41234/"), allowance=allowance) == ["127.0.0.1"]
    with pytest.raises(AddressError, match="private network"):
        choose_ips(parse_address("http://10.0.0.1/"), allowance=allowance)
    with pytest.raises(AddressError, match="port 41234"):
        choose_ips(parse_address("http://post.example:41234/"), resolver=public, allowance=allowance)
    narrow = Allowance(networks=("127.0.0.0/8",), ports=(41235,))
    with pytest.raises(AddressError, match="port 41234"):
        choose_ips(parse_address("http://127.0.0.1:41234/"), allowance=narrow)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """No text makes the parser fail in another way, and what it takes has a host in ASCII and no control characters."""
    for url in (text, f"http://{text}/", f"http://post.example/{text}"):
        try:
            address = parse_address(url)
        except AddressError:
            continue
        assert address.url.isascii()
        assert address.url.isprintable()
        assert " " not in address.url

"""One request and its answer over one connection, to an IP address that was checked before, within bounds of time and size.

No proxy, no cookie, no credential and no connection that is used twice: a request carries only what ``Wire.ask`` is given.
"""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final

from headcount.fetching.addresses import Address
from headcount.sources.limits import FETCH_SECONDS, FETCHED_BYTES, KIB, Limit, LimitError

CONNECT_SECONDS: Final = 10.0
HEAD: Final = Limit(256 * KIB, "the server sent headers of more than 256 KiB and no page")
"""The most that status line and headers may take; what is known to be sent stays below 32 KiB."""

RENEWED_BYTES: Final = 1024 * KIB
RENEWED_SECONDS: Final = 600.0
"""An archive of a gigabyte may take an hour, but no server may take ten minutes over a megabyte of it."""

CHUNK: Final = 64 * KIB


class ConnectionBrokenError(Exception):
    """The exchange came to no end. The message says what happened, for a person."""

    def __init__(self, reason: str, *, again: bool = True) -> None:
        super().__init__(reason)
        self.again = again
        """Whether trying again at once may help; a server that took all its time is not asked to take it three times over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status and headers of an answer; ``blocks`` gives the body as it is sent, without chunking, still compressed."""

    status: int
    headers: Mapping[str, str]
    """By name in lower case; of several values the first that is not empty."""

    blocks: Iterator[bytes]


class TimedSocket:
    """A connected socket whose every wait ends by a moment set beforehand, however the bytes drip in, and that counts them."""

    def __init__(self, inner: Any, *, until: float, most: int) -> None:
        self._inner = inner
        self.until = until
        """When the exchange has to be over, by the monotonic clock."""
        self.idle = FETCH_SECONDS.most + 0.0
        self.most = most
        """How many bytes may still come in."""

        self.limit = HEAD
        """What is told past that."""

        self.renewed = False
        """Whether each further ``RENEWED_BYTES`` are given ``RENEWED_SECONDS``, for what may take hours."""

        self._renewed_at = 2**63

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def makefile(self, *_: object, **__: object) -> io.BufferedReader:
        """The stream that the answer is read from."""
        return io.BufferedReader(_TimedStream(self))

    def settimeout(self, _: object) -> None:
        """The bounds are those that this was made with."""

    def close(self) -> None:
        """Nothing: the library lets go of the socket before the body has been read. ``hang_up`` ends the connection."""

    def hang_up(self) -> None:
        """Ends the connection."""
        self._inner.close()

    def sendall(self, data: bytes) -> None:
        """Sends the request, within what is left of the time."""
        self._inner.settimeout(self._left())
        self._inner.sendall(data)

    def recv_into(self, into: memoryview) -> int:
        """What has come in, as soon as there is some. TimeoutError at the end of the time, LimitError past the bound."""
        self._inner.settimeout(self._left())
        got = int(self._inner.recv_into(into))
        self.most -= got
        if self.most < 0:
            raise LimitError(self.limit)
        if self.renewed and self._renewed_at - self.most >= RENEWED_BYTES:
            self.renew()
        return got

    def renew(self) -> None:
        """Gives what is still to come its time."""
        self.renewed = True
        self.until = time.monotonic() + RENEWED_SECONDS
        self._renewed_at = self.most

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self.idle)


class _TimedStream(io.RawIOBase):
    def __init__(self, source: TimedSocket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        return self._source.recv_into(memoryview(into).cast("B"))


@contextmanager
def ask(
    address: Address,
    ip: str,
    headers: Mapping[str, str],
    *,
    seconds: float = FETCH_SECONDS.most,
    most: float = FETCHED_BYTES.most,
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> Iterator[Answer]:
    """The answer to a GET of the address from the host with this IP address; its body is read while the block lasts.

    TLS is checked against the name in the address. ``seconds`` are for all of it, or, with ``most`` infinite, for each wait;
    ``most`` bounds the body. Raises ConnectionBrokenError where the exchange breaks off, LimitError where a bound is passed.
    """
    endless = most == float("inf")
    with _broken_told(address, seconds):
        connection = _connect(address, ip, min(seconds, CONNECT_SECONDS), trust)
    wire = TimedSocket(connection.sock, until=time.monotonic() + seconds, most=HEAD.most)
    connection.sock = wire
    try:
        with _broken_told(address, seconds):
            connection.request(
                "GET",
                address.target,
                headers=dict(headers),
                preload_content=False,
                decode_content=False,
                enforce_content_length=True,
            )
            response = connection.getresponse()
        if endless:
            wire.idle, wire.most = seconds, 2**62
            wire.renew()
        else:
            wire.most, wire.limit = int(most) + HEAD.most, FETCHED_BYTES
        named = {name.lower(): str(value) for name, value in reversed(list(response.headers.items())) if value}
        yield Answer(status=response.status, headers=named, blocks=_blocks(response, address, seconds))
    finally:
        connection.close()
        wire.hang_up()


def _connect(address: Address, ip: str, seconds: float, trust: Callable[[], ssl.SSLContext]) -> Any:
    from urllib3.connection import HTTPConnection, HTTPSConnection

    if address.scheme == "http":
        plain = HTTPConnection(ip, address.port, timeout=seconds)
        plain.connect()
        return plain
    secure = HTTPSConnection(
        ip, address.port, timeout=seconds, server_hostname=address.host, ssl_context=trust(),
        cert_reqs=ssl.CERT_REQUIRED,
    )  # fmt: skip
    secure.connect()
    return secure


def _blocks(response: Any, address: Address, seconds: float) -> Iterator[bytes]:
    with _broken_told(address, seconds):
        while block := response.read1(CHUNK, decode_content=False):
            yield block


@contextmanager
def _broken_told(address: Address, seconds: float) -> Iterator[None]:
    """Turns what the libraries raise into words. The text of an answer that is none is not repeated: anything may stand there."""
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, IncompleteRead, NewConnectionError, ReadTimeoutError

    try:
        yield
    except NewConnectionError as error:
        raise ConnectionBrokenError(f"no connection to {address.host}: {_os_reason(error)}") from None
    except (ConnectTimeoutError, ReadTimeoutError, TimeoutError):
        what = str(FETCH_SECONDS) if seconds == FETCH_SECONDS.most else "the server took too long to answer"
        raise ConnectionBrokenError(what, again=False) from None
    except (ssl.SSLError, ssl.CertificateError) as error:
        raise ConnectionBrokenError(f"no safe connection to {address.host}: {_ssl_reason(error)}", again=False) from None
    except IncompleteRead:
        raise ConnectionBrokenError("the answer broke off before its end") from None
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        raise _told(error, address) from None


def _told(error: BaseException, address: Address) -> ConnectionBrokenError:
    causes = [error, *(one for one in error.args if isinstance(one, BaseException)), error.__cause__, error.__context__]
    if any(isinstance(one, TimeoutError) for one in causes):
        return ConnectionBrokenError("the server took too long to answer", again=False)
    for one in causes:
        if isinstance(one, ssl.SSLError | ssl.CertificateError):
            return ConnectionBrokenError(f"no safe connection to {address.host}: {_ssl_reason(one)}", again=False)
    if any("IncompleteRead" in type(one).__name__ for one in causes):
        return ConnectionBrokenError("the answer broke off before its end")
    if any(isinstance(one, ConnectionError) for one in causes):
        return ConnectionBrokenError(f"{address.host} broke the connection off")
    return ConnectionBrokenError(f"{address.host} sent what is no answer of a web server")


def _ssl_reason(error: BaseException) -> str:
    return str(getattr(error, "verify_message", "") or getattr(error, "reason", "") or "the certificate does not fit")[:200]


def _os_reason(error: BaseException) -> str:
    cause = error.__cause__ or error.__context__
    return str(getattr(cause, "strerror", None) or "it does not answer")

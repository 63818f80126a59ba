"""Says over HTTP how a service fares, from a process of its own: ``GET /health`` as JSON, ``GET /metrics`` for Prometheus.

A process, not a thread: the service forks its readers, and forking beside threads can deadlock. It knows nothing but the last
report that the service sent it, and says so when that grows old. It reads no path and no body, and answers nothing but GET.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import multiprocessing
import selectors
import signal
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Any, Final

from headcount.run.workers import CAN_FORK

REQUEST_BYTES: Final = 8 * 1024
REQUEST_SECONDS: Final = 5.0
"""How long a client may take to ask, and to take its answer."""

CLIENTS: Final = 32
"""Connections that are open at once; others wait."""

SILENT_SECONDS: Final = 900.0
"""Without a word from the service for so long it is stale: it hangs, or was stopped. A slow page takes 3 minutes, a batch of
reports less."""

HEAD: Final = (
    "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'\r\n"
    "Referrer-Policy: no-referrer\r\nConnection: close\r\n"
)

Report = Mapping[str, Any]


class HealthServer:
    """Tells the last report that it was given. A ``with`` block, after which nobody answers."""

    def __init__(self, host: str, port: int) -> None:
        """Raises OSError where the address cannot be had."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._any_host = not ipaddress.ip_address(host).is_loopback
        self._listener = socket.create_server((host, port), family=family, backlog=CLIENTS)
        self._pipe: socket.socket | None = None
        self._process: BaseProcess | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._listener.getsockname()[1])

    def __enter__(self) -> HealthServer:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._listener.close()

    def tell(self, report: Report) -> None:
        """Has this told from now on. A server that has died, or takes nothing any more, is started anew."""
        sent = json.dumps(report).encode()
        for _ in range(2):
            with contextlib.suppress(OSError):
                assert self._pipe is not None  # noqa: S101
                self._pipe.sendall(len(sent).to_bytes(4, "big") + sent)
                return
            self._stop()
            self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("fork" if CAN_FORK else "spawn")
        ours, theirs = socket.socketpair()
        ours.settimeout(REQUEST_SECONDS)
        inherited = [ours] if CAN_FORK else []
        process: Any = context.Process(  # type: ignore[attr-defined]
            target=_serve_until_closed,
            args=(self._listener, theirs, inherited, self._any_host),
            daemon=True,
            name="headcount-health",
        )
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)
        theirs.close()
        self._pipe, self._process = ours, process

    def _stop(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(1)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._pipe = self._process = None


@dataclass(slots=True)
class _Client:
    """One connection: what it has asked so far, and what is still to be sent."""

    until: float
    asked: bytes = b""
    answer: bytes = b""


@dataclass(slots=True)
class _Served:
    """The state of the server's process."""

    listener: socket.socket
    pipe: socket.socket
    selector: selectors.BaseSelector
    any_host: bool
    report: Report = field(default_factory=lambda: {"status": "starting"})
    heard: float = 0.0
    incoming: bytes = b""
    clients: dict[socket.socket, _Client] = field(default_factory=dict)


def _serve_until_closed(listener: socket.socket, pipe: socket.socket, inherited: list[socket.socket], any_host: bool) -> None:
    """What the process does; it ends with the service."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the service is told to stop, and closes the pipe when it has
    signal.set_wakeup_fd(-1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    for one in inherited:
        one.close()
    listener.setblocking(False)
    pipe.setblocking(False)
    served = _Served(listener, pipe, selectors.DefaultSelector(), any_host, heard=time.monotonic())
    served.selector.register(pipe, selectors.EVENT_READ)
    served.selector.register(listener, selectors.EVENT_READ)
    while _serve_once(served):
        pass


def _serve_once(served: _Served) -> bool:
    """Does what is to be done until somebody else wants something; False when the service has ended."""
    for key, _ in served.selector.select(1.0 if served.clients else None):
        if key.fileobj is served.pipe:
            if not _take_report(served):
                return False
        elif key.fileobj is served.listener:
            _take_client(served)
        elif isinstance(key.fileobj, socket.socket) and key.fileobj in served.clients:
            _go_on(served, key.fileobj)
    now = time.monotonic()
    for connection in [one for one, client in served.clients.items() if client.until <= now]:
        _let_go(served, connection)
    return True


def _take_report(served: _Served) -> bool:
    try:
        got = served.pipe.recv(1 << 16)
    except BlockingIOError:
        return True
    except OSError:
        return False
    if not got:
        return False
    served.incoming += got
    while len(served.incoming) >= 4 and len(served.incoming) - 4 >= (size := int.from_bytes(served.incoming[:4], "big")):
        served.report = json.loads(served.incoming[4 : 4 + size])
        served.incoming = served.incoming[4 + size :]
        served.heard = time.monotonic()
    return True


def _take_client(served: _Served) -> None:
    try:
        connection, _ = served.listener.accept()
    except OSError:
        return
    connection.setblocking(False)
    served.clients[connection] = _Client(time.monotonic() + REQUEST_SECONDS)
    served.selector.register(connection, selectors.EVENT_READ)
    if len(served.clients) >= CLIENTS:
        served.selector.unregister(served.listener)


def _go_on(served: _Served, connection: socket.socket) -> None:
    """Reads a request, or sends more of the answer."""
    client = served.clients[connection]
    try:
        if not client.answer:
            got = connection.recv(REQUEST_BYTES + 1)
            client.asked += got
            if b"\r\n\r\n" not in client.asked and len(client.asked) <= REQUEST_BYTES:
                if not got:
                    _let_go(served, connection)
                return
            report = judge(served.report, heard_before=time.monotonic() - served.heard)
            client.answer = answer_request(client.asked, report, any_host=served.any_host)
            served.selector.modify(connection, selectors.EVENT_WRITE)
        client.answer = client.answer[connection.send(client.answer) :]
    except BlockingIOError:
        return
    except OSError:
        client.answer = b""
    if not client.answer:
        _let_go(served, connection)


def _let_go(served: _Served, connection: socket.socket) -> None:
    if len(served.clients) >= CLIENTS:
        served.selector.register(served.listener, selectors.EVENT_READ)
    served.selector.unregister(connection)
    del served.clients[connection]
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
    connection.close()


def judge(report: Report, *, heard_before: float) -> Report:
    """The report as it is to be told now: stale where nothing has been heard of the service for long."""
    told = dict(report)
    told["heard_seconds_ago"] = round(heard_before)
    if heard_before > SILENT_SECONDS:
        told["status"] = "stale"
        told["why"] = f"the service has not been heard of for {round(heard_before):,} seconds"
    return told


def answer_request(asked: bytes, report: Report, *, any_host: bool = False) -> bytes:
    """The whole answer to one request, as it goes over the wire; unless ``any_host`` only to one that names this machine."""
    line, _, rest = asked.partition(b"\r\n")
    parts = line.split(b" ")
    if len(asked) > REQUEST_BYTES:
        return _answer(431, "text/plain", f"a request of more than {REQUEST_BYTES:,} bytes\n")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        return _answer(400, "text/plain", "expected GET /health HTTP/1.1\n")
    if not any_host and not _is_meant(rest):
        return _answer(421, "text/plain", "expected an IP address or localhost as Host\n")
    page = PAGES.get(parts[1].partition(b"?")[0])
    if page is None:
        return _answer(404, "text/plain", "there is /health and /metrics\n")
    if parts[0] != b"GET":
        return _answer(405, "text/plain", "only GET\n", "Allow: GET\r\n")
    return page(report)


def _is_meant(headers: bytes) -> bool:
    """Whether the request names the machine as somebody on it does: a page in a browser may be given any other name for it."""
    for line in headers.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"host":
            host = value.strip().decode("latin-1").lower()
            host = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
            if host == "localhost":
                return True
            try:
                ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
            except ValueError:
                return False
    return True


def _tell_health(report: Report) -> bytes:
    status = 200 if report.get("status") == "ok" else 503
    return _answer(status, "application/json", json.dumps(report, indent=2) + "\n")


def _tell_metrics(report: Report) -> bytes:
    lines = ["# TYPE headcount_watch_up gauge", f"headcount_watch_up {int(report.get('status') == 'ok')}"]
    sources = report.get("sources", [])
    for name, key in METRICS.items():
        lines.append(f"# TYPE headcount_watch_source_{name} gauge")
        for source in sources:
            value = source.get(key)
            if value is not None:
                lines.append(f"headcount_watch_source_{name}{{source={_label(source['name'])}}} {float(value):.15g}")
    return _answer(200, "text/plain; version=0.0.4", "\n".join(lines) + "\n")


PAGES: Final[Mapping[bytes, Callable[[Report], bytes]]] = {b"/health": _tell_health, b"/metrics": _tell_metrics}
METRICS: Final = {
    "failures": "failures",
    "new_total": "new",
    "last_fetched_seconds": "last_fetched_seconds",
    "last_new_seconds": "last_new_seconds",
    "next_due_seconds": "next_due_seconds",
}
REASONS: Final = {
    200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 421: "Misdirected Request",
    431: "Request Header Fields Too Large", 503: "Service Unavailable",
}  # fmt: skip


def _label(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _answer(status: int, media: str, body: str, more: str = "") -> bytes:
    data = body.encode("utf-8", "replace")
    media += "" if media == "application/json" else "; charset=utf-8"
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n{HEAD}{more}\r\n"
    return head.encode("ascii") + data

"""A load client that costs little: one thread, a selector, and one prepared HTTP/1.1 request.

On two cores the client's own work is taken from the server's. This spends about 40 microseconds
a request, where an HTTP library spends a millisecond.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tools.bench.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
NO_BODY = re.compile(rb"HTTP/1.1 (204|304)")
READ_BYTES = 65536
ANSWER_SECONDS = 30


def prepared(
    url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> bytes:
    """The bytes of one request that keeps its connection open."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    named = {"Host": parts.netloc, "Content-Length": str(len(body)), **(headers or {})}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {named[name]}" for name in named)]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection:
    def __init__(self, url: str, request: bytes) -> None:
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.received = b""
        self.sent_at = 0.0

    def send(self) -> None:
        self.received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.request)

    def receive(self) -> bool:
        """Read what is there; True when the answer is whole."""
        part = self.socket.recv(READ_BYTES)
        if not part:
            raise ConnectionError("the server closed the connection within an answer")
        self.received += part
        head, separator, body = self.received.partition(b"\r\n\r\n")
        if not separator:
            return False
        length = CONTENT_LENGTH.search(head)
        if not length and not NO_BODY.match(head):
            raise ValueError(f"an answer without Content-Length: {head!r}")
        return len(body) >= (int(length[1]) if length else 0)

    @property
    def status(self) -> int:
        return int(self.received[9:12])


def run(url: str, request: bytes, clients: int, seconds: float, status: int = 200) -> Sample:
    """Keep `clients` connections busy, each with one request at a time, for that long."""
    connections = [_Connection(url, request) for _ in range(clients)]
    sample = Sample(0.0)
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send()
        _loop(selector, sample, seconds, status)
    for connection in connections:
        connection.socket.close()
    return sample


def _loop(selector: selectors.BaseSelector, sample: Sample, seconds: float, status: int) -> None:
    started = time.perf_counter()
    while selector.get_map():
        ready = selector.select(ANSWER_SECONDS)
        if not ready:
            raise TimeoutError(f"no answer within {ANSWER_SECONDS} s")
        for key, _ in ready:
            connection = key.data
            if not connection.receive():
                continue
            now = time.perf_counter()
            if connection.status == status:
                sample.latencies.append(now - connection.sent_at)
            else:
                sample.failures.append(connection.received.decode(errors="replace"))
            if now - started < seconds:
                connection.send()
            else:
                selector.unregister(connection.socket)
    sample.seconds = time.perf_counter() - started

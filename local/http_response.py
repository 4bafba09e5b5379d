"""Writes what a WSGI application answers: with a length where it is known, else in chunks."""

from __future__ import annotations

from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from local.http_request import BadRequest

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIEnvironment


class Response:
    """Writes what the application answers: with a length where it is known, else in chunks."""

    def __init__(self, connection: socket.socket, environ: WSGIEnvironment) -> None:
        self._connection = connection
        self._head_only = environ["REQUEST_METHOD"] == "HEAD"
        http11 = environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        wishes = environ.get("HTTP_CONNECTION", "").lower()
        self.keep_alive = "keep-alive" in wishes or (http11 and "close" not in wishes)
        self._chunked_ok = http11
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._sent = False

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        if exc_info is not None and self._sent:
            raise exc_info[1]
        self._status, self._headers = status, list(headers)
        return self._write

    def send(self, body: Iterable[bytes]) -> None:
        try:
            if isinstance(body, (list, tuple)):
                self._send_whole(b"".join(body))
            else:
                self._send_stream(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()

    def fail(self) -> None:
        self.keep_alive = False
        if not self._sent:
            self.start("500 Internal Server Error", [])
            self._send_whole(b"")

    def _write(self, data: bytes) -> None:
        raise NotImplementedError("the write() callable of WSGI is not offered")

    def _send_whole(self, data: bytes) -> None:
        given = {name.lower() for name, _ in self._headers}
        if not self._bodiless() and not (self._head_only and "content-length" in given):
            # Counted here: a length that is off by a byte makes the next answer unreadable. What a
            # HEAD says of it is the application's, which knows the body that is not sent.
            kept = [header for header in self._headers if header[0].lower() != "content-length"]
            self._headers = [*kept, ("Content-Length", str(len(data)))]
        if self._head_only or self._bodiless():
            data = b""
        head = self._head({name.lower() for name, _ in self._headers})
        if len(data) < 64 * 1024:
            self._connection.sendall(head + data)
        else:
            self._connection.sendall(head)
            self._connection.sendall(data)

    def _send_stream(self, body: Iterable[bytes]) -> None:
        chunks = iter(body)
        first = next(chunks, b"")
        names = {name.lower() for name, _ in self._headers}
        known = "content-length" in names
        second = None if known else next(chunks, None)
        if not known and second is None:
            self._send_whole(first)
            return
        chunked = not known and self._chunked_ok
        if chunked:
            self._headers.append(("Transfer-Encoding", "chunked"))
        elif not known:
            self.keep_alive = False
        self._connection.sendall(self._head(names))
        if self._head_only or self._bodiless():
            return
        for data in _all_of(first, second, chunks):
            if data:
                self._connection.sendall(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
        if chunked:
            self._connection.sendall(b"0\r\n\r\n")

    def _bodiless(self) -> bool:
        return self._status[:3] in {"204", "304"} or self._status.startswith("1")

    def _head(self, names: set[str]) -> bytes:
        self._sent = True
        lines = [f"HTTP/1.1 {self._status}"]
        lines += [f"{name}: {value}" for name, value in self._headers]
        if "date" not in names:
            lines.append(f"Date: {formatdate(usegmt=True)}")
        lines.append("Connection: keep-alive" if self.keep_alive else "Connection: close")
        if any("\r" in line or "\n" in line for line in lines):
            raise BadRequest("line break in a response header")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _all_of(first: bytes, second: bytes | None, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield first
    if second is not None:
        yield second
    yield from rest

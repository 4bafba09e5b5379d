"""A WSGI server on loopback: one thread per connection, HTTP/1.1 keep-alive, TCP_NODELAY.

A synchronous Step Functions execution holds its thread while the Lambda it runs calls back in, so
a fixed pool would deadlock. The request body is read before the application runs and `wsgi.input`
is a rewindable BytesIO: a layer may read it and seek back for the next.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from io import BufferedReader
from typing import TYPE_CHECKING

from local.http_request import LOOPBACK, BadRequest, read_request
from local.http_response import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

_IDLE_SECONDS = 600


class Server:
    """Serves one application. `port` 0 takes a free port; OSError, in a sentence, when it is taken."""

    def __init__(self, app: WSGIApplication | None, port: int) -> None:
        self.app = app
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((LOOPBACK, port))
            # At once: of two processes that have bound a port, only the first may listen.
            self._socket.listen(512)
        except OSError as error:
            self._socket.close()
            reason = f"Cannot listen on {LOOPBACK}:{port}: {error.strerror}."
            raise OSError(error.errno, reason) from None
        self.port: int = self._socket.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = False

    def start(self) -> None:
        threading.Thread(target=self._accept, name=f"accept-{self.port}", daemon=True).start()

    def stop(self) -> None:
        """Refuse new connections and close the open ones."""
        self._stopping = True
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while not self._stopping:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(_IDLE_SECONDS)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            with connection, _reader(connection) as reader:
                while self._answer_one(connection, reader):
                    pass
        except (OSError, BadRequest) as error:
            log.debug("connection closed: %s", error)
        finally:
            with self._lock:
                self._open.discard(connection)

    def _answer_one(self, connection: socket.socket, reader: BufferedReader) -> bool:
        try:
            environ = read_request(connection, reader, self.port)
        except BadRequest:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            raise
        if environ is None:
            return False
        response = Response(connection, environ)
        if self.app is None:
            raise RuntimeError("the server was started before it was given an application")
        try:
            response.send(self.app(environ, response.start))
        except OSError:
            raise
        except Exception:
            log.exception("%s %s", environ["REQUEST_METHOD"], environ["RAW_URI"])
            response.fail()
        return response.keep_alive and not self._stopping


def _reader(connection: socket.socket) -> BufferedReader:
    return BufferedReader(connection.makefile("rb", buffering=0), 64 * 1024)

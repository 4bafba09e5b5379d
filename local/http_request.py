"""Reads one HTTP/1.1 request from a connection into a WSGI environment (RFC 9112, PEP 3333)."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    import socket
    from io import BufferedReader

    from _typeshed.wsgi import WSGIEnvironment

LOOPBACK = "127.0.0.1"
_MAX_LINE = 64 * 1024
_MAX_HEADERS = 256
# What S3 takes in one PUT; anything larger is a mistake of the caller.
_MAX_BODY = 5 * 1024**3


class BadRequest(Exception):  # noqa: N818 - the HTTP phrase
    """The bytes on the connection are not an HTTP/1.1 request."""


def read_request(
    connection: socket.socket, reader: BufferedReader, port: int
) -> WSGIEnvironment | None:
    line = reader.readline(_MAX_LINE)
    if line in {b"", b"\r\n"}:
        return None
    try:
        method, target, version = line.decode("latin-1").split()
    except ValueError:
        raise BadRequest("request line") from None
    parts = urlsplit(target) if not target.startswith("/") else None
    raw = (
        target
        if parts is None
        else (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    )
    path, _, query = raw.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "RAW_URI": raw,
        "REQUEST_URI": raw,
        "SERVER_NAME": LOOPBACK,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": version,
        "REMOTE_ADDR": LOOPBACK,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    _read_headers(reader, environ)
    body = _read_body(connection, reader, environ)
    environ["wsgi.input"] = io.BytesIO(body)
    return environ


def _read_headers(reader: BufferedReader, environ: dict[str, Any]) -> None:
    names: dict[str, str] = {}
    for _ in range(_MAX_HEADERS):
        line = reader.readline(_MAX_LINE)
        if line in {b"\r\n", b"\n"}:
            # moto gives S3's user metadata its original spelling back through this key.
            environ["moto.preserved_header_names"] = names
            return
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest("header")
        key = name.upper().replace("-", "_")
        if "_" in name:
            # `X_Foo` must not pass for `X-Foo`; only S3 metadata may hold an underscore.
            if not name.lower().startswith("x-amz-meta-"):
                continue
            names[f"HTTP_{key}"] = name
        if key not in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            key = f"HTTP_{key}"
        value = value.strip()
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    raise BadRequest("too many headers")


def _read_body(connection: socket.socket, reader: BufferedReader, environ: dict[str, Any]) -> bytes:
    chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest("Content-Length") from None
    if not chunked and length == 0:
        return b""
    if not 0 <= length <= _MAX_BODY:
        raise BadRequest("Content-Length")
    if "100-continue" in environ.get("HTTP_EXPECT", "").lower():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if not chunked:
        body = reader.read(length)
        if len(body) < length:
            raise BadRequest("body ends early")
        return body
    body = _read_chunks(reader)
    # The application sees an ordinary body; what remains says nothing about chunks.
    environ["CONTENT_LENGTH"] = str(len(body))
    del environ["HTTP_TRANSFER_ENCODING"]
    return body


def _read_chunks(reader: BufferedReader) -> bytes:
    parts: list[bytes] = []
    while True:
        try:
            size = int(reader.readline(_MAX_LINE).split(b";")[0].strip(), 16)
        except ValueError:
            raise BadRequest("chunk size") from None
        if size == 0:
            break
        parts.append(reader.read(size))
        reader.readline(_MAX_LINE)
    while reader.readline(_MAX_LINE) not in {b"\r\n", b"\n", b""}:
        pass
    return b"".join(parts)

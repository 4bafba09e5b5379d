"""A request to S3 as it came over the wire: nothing decoded that a signature covers."""

from __future__ import annotations

import datetime as dt
import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from local.s3.errors import S3Error, new_host_id, new_request_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIEnvironment

_VIRTUAL_HOST = ".localhost"
# An empty name is the service itself. Anything else in this place, moto would read differently.
_BUCKET_IN_PATH = re.compile(r"/(?:[A-Za-z0-9._-]+(?:/|$)|$)")
TRANSPORT_HEADER = "HTTP_X_WAYBILL_LOCAL_TRANSPORT"


@dataclass
class S3Request:
    """`raw_path` and `raw_query` are the bytes of the request line; `key` is decoded."""

    environ: WSGIEnvironment
    method: str
    raw_path: str
    raw_query: str
    bucket: str
    key: str
    received_at: dt.datetime
    request_id: str = field(default_factory=new_request_id)
    host_id: str = field(default_factory=new_host_id)

    @classmethod
    def of(cls, environ: WSGIEnvironment) -> S3Request:
        """Read a WSGI environment; bucket and key come from host or path, as the client chose."""
        raw_path, _, raw_query = str(environ["RAW_URI"]).partition("?")
        bucket, key = address(environ.get("HTTP_HOST", ""), raw_path)
        return cls(
            environ=environ,
            method=environ["REQUEST_METHOD"],
            raw_path=raw_path,
            raw_query=raw_query,
            bucket=bucket,
            key=key,
            received_at=dt.datetime.now(dt.UTC),
        )

    def require_plain_address(self) -> None:
        """Raise S3Error where the path names its bucket in a way that two readers read in two."""
        by_host = bucket_of_host(self.environ.get("HTTP_HOST", ""))
        if not (self.raw_path.startswith("/") if by_host else _BUCKET_IN_PATH.match(self.raw_path)):
            raise S3Error(400, "InvalidURI", "Couldn't parse the specified URI.")

    @functools.cached_property
    def parameters(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in order and with duplicates."""
        pairs = [pair.partition("=") for pair in self.raw_query.split("&") if pair]
        return [(unquote_plus(name), unquote_plus(value)) for name, _, value in pairs]

    @functools.cached_property
    def query(self) -> dict[str, str]:
        return dict(self.parameters)

    @functools.cached_property
    def body(self) -> memoryview:
        """The whole body, without a copy; the server has read it before."""
        return memoryview(self.environ["wsgi.input"].getvalue())

    def header(self, name: str) -> str | None:
        value = self.environ.get(_environ_key(name))
        return None if value is None else _utf8(str(value))

    def headers(self) -> Iterator[tuple[str, str]]:
        """Yield every header, names in lower case."""
        for key, value in self.environ.items():
            if key.startswith("HTTP_"):
                yield key[5:].lower().replace("_", "-"), _utf8(str(value))
            elif key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
                yield key.lower().replace("_", "-"), _utf8(str(value))

    @property
    def transport(self) -> str:
        """Say what the connection stands for: `tls1.3`, unless a test asks for less.

        Loopback HTTP stands for a TLS 1.3 connection, so that a bucket policy that denies plain
        HTTP can be in force locally. The header X-Waybill-Local-Transport (`http`, `tls1.0`, ...)
        lowers it for one request, so that the denial itself can be shown.
        """
        return str(self.environ.get(TRANSPORT_HEADER, "tls1.3")).lower()


def bucket_of_host(host: str) -> str:
    """Return the bucket of a virtual-hosted address (`<bucket>.localhost:<port>`), or nothing."""
    name = host.rpartition(":")[0] or host
    return name.removesuffix(_VIRTUAL_HOST) if name.endswith(_VIRTUAL_HOST) else ""


def address(host: str, raw_uri: str) -> tuple[str, str]:
    """Return bucket and key, either empty, of a path-style or virtual-hosted address."""
    path = raw_uri.partition("?")[0]
    if by_host := bucket_of_host(host):
        return by_host, unquote(path[1:], errors="surrogateescape")
    bucket, _, key = path[1:].partition("/")
    return unquote(bucket), unquote(key, errors="surrogateescape")


def find_bucket(name: str) -> Any:
    """Return moto's bucket of this name, or None."""
    from moto.s3.models import s3_backends

    from local.runtime import RUNTIME

    return s3_backends[RUNTIME.account]["aws"].buckets.get(name)


def _environ_key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _utf8(value: str) -> str:
    # WSGI hands header bytes over as latin-1; signatures are over UTF-8.
    return value.encode("latin-1").decode("utf-8", "surrogateescape")

"""Requests byte by byte: a signer written for the tests alone, and a client that changes nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import http.client
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        found = re.search(rb"<Code>(.*?)</Code>", self.body)
        return found.group(1).decode() if found else None

    def json(self) -> Any:
        return json.loads(self.body)


def send(endpoint: str, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
    """Send exactly this target; header names are given with underscores for dashes."""
    parts = urlsplit(endpoint)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.putrequest(method, target, skip_host="Host" in given, skip_accept_encoding=True)
        if body or method in {"PUT", "POST"}:
            given.setdefault("Content-Length", str(len(body)))
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read())
    finally:
        connection.close()


@dataclass(frozen=True)
class Signing:
    """What a presigned URL is made of; change a field to make a wrong one."""

    key_id: str
    secret: str
    host: str
    path: str
    method: str = "GET"
    token: str | None = None
    region: str = "us-east-1"
    service: str = "s3"
    expires: str = "60"
    at: dt.datetime | None = None
    scope_date: str | None = None
    signed_headers: tuple[tuple[str, str], ...] = ()
    sign_host: bool = True
    parameters: tuple[tuple[str, str], ...] = ()

    def target(self) -> str:
        """Return path and query, signed."""
        stamp = f"{self.at or dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
        date = self.scope_date or stamp[:8]
        scope = f"{date}/{self.region}/{self.service}/aws4_request"
        headers = dict(self.signed_headers) | ({"host": self.host} if self.sign_host else {})
        names = ";".join(sorted(headers))
        query = [
            *self.parameters,
            ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
            ("X-Amz-Credential", f"{self.key_id}/{scope}"),
            ("X-Amz-Date", stamp),
            ("X-Amz-Expires", self.expires),
            ("X-Amz-SignedHeaders", names),
            *((("X-Amz-Security-Token", self.token),) if self.token else ()),
        ]
        canonical = encoded_query(query)
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        request = f"{self.method}\n{self.path}\n{canonical}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        return f"{self.path}?{canonical}&X-Amz-Signature={self._sign(date, text)}"

    def _sign(self, date: str, text: str) -> str:
        return signature(self.secret, date, self.region, self.service, text)


def signature(secret: str, date: str, region: str, service: str, text: str) -> str:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request", text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def encoded_query(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(sorted(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in pairs))


def form_body(fields: Iterable[tuple[str, str]], file: bytes | None, filename: str = "f.bin"
              ) -> tuple[str, bytes]:  # fmt: skip
    """Return content type and body of a form; `file` None leaves the file out."""
    boundary = "waybill-boundary-1f2e3d"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    if file is not None:
        head = f'Content-Disposition: form-data; name="file"; filename="{filename}"'
        kind = "Content-Type: application/octet-stream"
        parts.append(f"--{boundary}\r\n{head}\r\n{kind}\r\n\r\n".encode() + file + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return f"multipart/form-data; boundary={boundary}", b"".join(parts)


def sha256_base64(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def marked(names: Iterable[str], right_in_moto: Collection[str]) -> list[Any]:
    """Return the names as test parameters, each a gap but those that plain moto gets right."""
    return [
        pytest.param(name, marks=() if name in right_in_moto else pytest.mark.gap) for name in names
    ]

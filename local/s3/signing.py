"""The arithmetic of Signature Version 4: keys, canonical requests, credential scopes.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.s3.request import S3Request

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
_TIMESTAMP = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True)
class Scope:
    """`<access key id>/<yyyymmdd>/<region>/<service>/aws4_request`, taken apart."""

    access_key_id: str
    date: str
    region: str
    service: str

    @classmethod
    def parse(cls, credential: str) -> Scope | None:
        parts = credential.split("/")
        if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):  # noqa: PLR2004
            return None
        return cls(*parts[:4])

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


def signing_key(secret: str, scope: Scope) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (scope.date, scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def string_to_sign(timestamp: str, scope: Scope, canonical_request: str) -> str:
    digest = hashlib.sha256(canonical_request.encode("utf-8", "surrogateescape")).hexdigest()
    return "\n".join((ALGORITHM, timestamp, str(scope), digest))


def canonical_request(
    request: S3Request, query: str, signed_headers: Iterable[str], payload_hash: str
) -> str:
    """Build what the client signed. The path is the one on the wire: any other byte differs."""
    names = list(signed_headers)
    lines = [f"{name}:{_trimmed(request.header(name) or '')}\n" for name in names]
    parts = (request.method, request.raw_path, query, "".join(lines), ";".join(names), payload_hash)
    return "\n".join(parts)


def canonical_query(parameters: Iterable[tuple[str, str]]) -> str:
    return "&".join(sorted(f"{_encoded(name)}={_encoded(value)}" for name, value in parameters))


def is_canonical(raw_pair: str, name: str, value: str) -> bool:
    """Say whether a pair on the wire is written the one way that signatures are made over."""
    return raw_pair == f"{_encoded(name)}={_encoded(value)}"


def parse_timestamp(text: str) -> dt.datetime | None:
    if not _TIMESTAMP.fullmatch(text):
        return None
    try:
        return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~", errors="surrogateescape")


def _trimmed(value: str) -> str:
    return re.sub(" +", " ", value.strip())

"""The line that S3 writes into its server access log for a request.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from local.s3.request import S3Request
    from local.s3.signer import Signer

_AUTH_TYPES = {"REST-QUERY-STRING": "QueryString", "REST-HEADER": "AuthHeader"}
_CIPHER = "TLS_AES_128_GCM_SHA256"


@dataclass(frozen=True)
class Outcome:
    """What a record says beside the request itself; times in milliseconds."""

    operation: str
    key: str
    signer: Signer | None
    status: int
    error_code: str | None
    bytes_sent: int
    object_size: int | None
    total_ms: int
    turn_around_ms: int


def format_record(request: S3Request, region: str, outcome: Outcome) -> str:
    """Return the record's 27 fields in S3's order, separated by one space."""
    from moto.s3.models import OWNER

    tls = request.transport != "http"
    version = request.environ.get("SERVER_PROTOCOL", "HTTP/1.1")
    query = f"?{request.raw_query}" if request.raw_query else ""
    signer = outcome.signer
    requester = signer.credential.principal_arn if signer else None
    fields = (
        OWNER,
        request.bucket,
        f"[{request.received_at:%d/%b/%Y:%H:%M:%S +0000}]",
        request.environ.get("REMOTE_ADDR"),
        requester,
        request.request_id,
        outcome.operation,
        _twice_encoded(outcome.key),
        f'"{request.method} {request.raw_path}{query} {version}"',
        outcome.status,
        outcome.error_code,
        outcome.bytes_sent or None,
        outcome.object_size,
        outcome.total_ms,
        outcome.turn_around_ms,
        _quoted(request.header("referer")),
        _quoted(request.header("user-agent")),
        request.query.get("versionId"),
        request.host_id,
        "SigV4" if signer else None,
        _CIPHER if tls else None,
        _AUTH_TYPES.get(signer.auth_type) if signer else None,
        request.header("host"),
        f"TLSv{request.transport.removeprefix('tls')}" if tls else None,
        None,  # access point
        None,  # ACL required: ACLs are off
        region,
    )
    return " ".join("-" if field in {None, ""} else str(field) for field in fields)


def _twice_encoded(key: str) -> str | None:
    once = quote(key, safe="/-_.~*", errors="surrogateescape")
    return quote(once, safe="/-_.~*") or None


def _quoted(value: str | None) -> str:
    # S3 does not escape quotes inside, and neither does this: readers must cope with the real log.
    return f'"{value or "-"}"'

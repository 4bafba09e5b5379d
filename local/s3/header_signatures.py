"""Requests signed in their Authorization header, as SDKs and Terraform send them.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from local.s3.errors import S3Error, access_denied, invalid_argument
from local.s3.signer import (
    SKEW,
    Signer,
    find_credential,
    require_match,
    require_signed,
    scope_problem,
)
from local.s3.signing import (
    Scope,
    canonical_query,
    canonical_request,
    parse_timestamp,
    sign,
    signing_key,
    string_to_sign,
)

if TYPE_CHECKING:
    from local.s3.request import S3Request

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)"
)


def from_header(request: S3Request, authorization: str) -> Signer:
    """Return who signed with an Authorization header, or raise S3Error as S3 would."""
    found = _AUTHORIZATION.fullmatch(authorization.strip())
    scope = Scope.parse(found.group(1)) if found else None
    if found is None or scope is None:
        raise _header_error("The authorization header is malformed.")
    if len(request.query) != len(request.parameters):
        # Whether the first or the last one counts, two readers may see differently.
        raise invalid_argument("A parameter may be given once only.", "", "")
    payload_hash = request.header("x-amz-content-sha256")
    if not payload_hash:
        raise S3Error(
            400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"
        )
    timestamp = _header_timestamp(request)
    signed_at = parse_timestamp(timestamp)
    if signed_at is None:
        raise access_denied("AWS authentication requires a valid Date or x-amz-date header")
    if abs(request.received_at - signed_at) > SKEW:
        message = "The difference between the request time and the current time is too large."
        raise S3Error(403, "RequestTimeTooSkewed", message, RequestTime=timestamp)
    if problem := scope_problem(scope, signed_at, request.bucket):
        raise _header_error(f"The authorization header is malformed; {problem}")
    names = found.group(2).split(";")
    require_signed(request, names)
    credential = find_credential(scope.access_key_id, request.header("x-amz-security-token"))
    text = canonical_request(request, canonical_query(request.parameters), names, payload_hash)
    key = signing_key(credential.secret_access_key, scope)
    expected = sign(key, string_to_sign(timestamp, scope, text))
    require_match(expected, found.group(3), scope.access_key_id)
    return Signer(credential, "REST-HEADER", signed_at, scope, expected, payload_hash)


def _header_timestamp(request: S3Request) -> str:
    stamp = request.header("x-amz-date")
    if stamp:
        return stamp
    try:
        return f"{parsedate_to_datetime(request.header('date') or ''):%Y%m%dT%H%M%SZ}"
    except (TypeError, ValueError):
        return ""


def _header_error(message: str) -> S3Error:
    return S3Error(400, "AuthorizationHeaderMalformed", message)

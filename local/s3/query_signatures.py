"""Presigned URLs: a signature, a date and a lifetime among the parameters.

One thing is stricter than S3: an address whose percent-escapes are not the canonical ones (which
every SDK writes) is refused, so that each byte of a link is covered by its signature.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

from __future__ import annotations

import datetime as dt
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
    ALGORITHM,
    Scope,
    canonical_query,
    canonical_request,
    is_canonical,
    parse_timestamp,
    sign,
    signing_key,
    string_to_sign,
)

if TYPE_CHECKING:
    from local.s3.request import S3Request

_LONGEST_LIFE_SECONDS = 604800
_QUERY_NAMES = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)
AUTH_PARAMETERS = frozenset(name.lower() for name in _QUERY_NAMES) | {
    "x-amz-security-token",
    "x-amz-content-sha256",
}


def from_query(request: S3Request) -> Signer:
    """Return who signed a presigned URL, or raise S3Error as S3 would."""
    query = _checked_query(request)
    scope, signed_at = _scope(request, query)
    _require_current(request, signed_at, query["X-Amz-Expires"])
    names = query["X-Amz-SignedHeaders"].split(";")
    require_signed(request, names)
    credential = find_credential(scope.access_key_id, query.get("X-Amz-Security-Token"))
    payload_hash = (
        request.header("x-amz-content-sha256")
        or query.get("X-Amz-Content-Sha256")
        or "UNSIGNED-PAYLOAD"
    )
    unsigned = [pair for pair in request.parameters if pair[0] != "X-Amz-Signature"]
    text = canonical_request(request, canonical_query(unsigned), names, payload_hash)
    key = signing_key(credential.secret_access_key, scope)
    expected = sign(key, string_to_sign(query["X-Amz-Date"], scope, text))
    require_match(expected, query["X-Amz-Signature"], scope.access_key_id)
    return Signer(credential, "REST-QUERY-STRING", signed_at, scope, expected, payload_hash)


def _scope(request: S3Request, query: dict[str, str]) -> tuple[Scope, dt.datetime]:
    scope = Scope.parse(query["X-Amz-Credential"])
    signed_at = parse_timestamp(query["X-Amz-Date"])
    if scope is None:
        raise _query_error(
            "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed."
        )
    if signed_at is None:
        raise _query_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    if problem := scope_problem(scope, signed_at, request.bucket):
        raise _query_error(f"Error parsing the X-Amz-Credential parameter; {problem}")
    return scope, signed_at


def _checked_query(request: S3Request) -> dict[str, str]:
    query = request.query
    if missing := [name for name in _QUERY_NAMES if not query.get(name)]:
        raise _query_error(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
            "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
            Missing=missing[0],
        )
    names = [name.lower() for name, _ in request.parameters]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise invalid_argument("A parameter may be given once only.", twice, "")
    if query["X-Amz-Algorithm"] != ALGORITHM:
        raise _query_error(f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    if not _is_canonical(request):
        require_match("canonical", "otherwise encoded", query["X-Amz-Credential"].split("/")[0])
    return query


def _is_canonical(request: S3Request) -> bool:
    raw_pairs = request.raw_query.split("&")
    pairs = request.parameters
    return len(raw_pairs) == len(pairs) and all(
        is_canonical(raw, *pair) for raw, pair in zip(raw_pairs, pairs, strict=True)
    )


def _require_current(request: S3Request, signed_at: dt.datetime, expires: str) -> None:
    if not expires.isascii() or not expires.isdigit():
        raise _query_error("X-Amz-Expires should be a number")
    seconds = int(expires)
    if not 0 < seconds <= _LONGEST_LIFE_SECONDS:
        raise _query_error(
            "X-Amz-Expires must be non-negative"
            if seconds == 0
            else f"X-Amz-Expires must be less than a week (in seconds) that is "
            f"{_LONGEST_LIFE_SECONDS}"
        )
    now = request.received_at
    until = signed_at + dt.timedelta(seconds=seconds)
    if now >= until:
        times = {"Expires": _iso(until), "ServerTime": _iso(now), "X-Amz-Expires": expires}
        raise access_denied("Request has expired", **times)
    if signed_at > now + SKEW:
        raise access_denied("Request is not yet valid", ServerTime=_iso(now))


def _query_error(message: str, **details: str) -> S3Error:
    return S3Error(400, "AuthorizationQueryParametersError", message, **details)


def _iso(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"

"""Who signed a request to S3, and what every kind of signature must satisfy."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.runtime import RUNTIME
from local.s3.errors import S3Error, access_denied
from local.s3.request import find_bucket
from local.s3.signing import ALGORITHM, Scope

if TYPE_CHECKING:
    from local.credentials import Credential
    from local.s3.request import S3Request

SKEW = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Signer:
    """Who signed, how, when; `auth_type` in the words of the policy key s3:authType."""

    credential: Credential
    auth_type: str
    signed_at: dt.datetime
    scope: Scope
    signature: str
    payload_hash: str


def unsupported_mechanism() -> S3Error:
    return S3Error(
        400,
        "InvalidRequest",
        f"The authorization mechanism you have provided is not supported. Please use {ALGORITHM}.",
    )


def find_credential(access_key_id: str, session_token: str | None) -> Credential:
    """Return a known, unexpired key whose session token is the one given; else raise S3Error."""
    credential = RUNTIME.credentials.find(access_key_id)
    missing_token = credential is not None and credential.session_token and not session_token
    if credential is None or missing_token:
        raise S3Error(
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records.",
            AWSAccessKeyId=access_key_id,
        )
    if not hmac.compare_digest(
        (credential.session_token or "").encode(), (session_token or "").encode()
    ):
        raise S3Error(400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
    return credential


def require_match(expected: str, given: str, access_key_id: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogateescape")):
        raise S3Error(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. "
            "Check your key and signing method.",
            AWSAccessKeyId=access_key_id,
        )


def scope_problem(scope: Scope, signed_at: dt.datetime, bucket: str) -> str | None:
    """Say what is wrong with a credential scope: its date, its region, its service."""
    if scope.date != f"{signed_at:%Y%m%d}":
        return f'Invalid credential date "{scope.date}". This date is not the same as X-Amz-Date.'
    found = find_bucket(bucket)
    region = found.region_name if found is not None else scope.region
    if scope.region != region:
        return f"the region '{scope.region}' is wrong; expecting '{region}'"
    if scope.service != "s3":
        return f'incorrect service "{scope.service}". This endpoint belongs to "s3".'
    return None


def require_signed(request: S3Request, names: list[str]) -> None:
    """Raise S3Error unless the host and every x-amz- header are among the signed names."""
    if "host" not in names or any(name != name.lower() for name in names):
        raise access_denied(
            "There were headers present in the request which were not signed",
            HeadersNotSigned="host",
        )
    for name, _ in request.headers():
        if name.startswith("x-amz-") and name not in names:
            raise access_denied(
                "There were headers present in the request which were not signed",
                HeadersNotSigned=name,
            )

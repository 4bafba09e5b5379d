"""Decides who signed a request, exactly as S3 does: query string, Authorization header, or nobody.

moto accepts any signature, an expired or a forged one too. Presigned URLs are the product's only
way to a file, so every parameter, signed header and date of them is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.s3.errors import invalid_argument
from local.s3.header_signatures import from_header
from local.s3.query_signatures import from_query
from local.s3.signer import unsupported_mechanism

if TYPE_CHECKING:
    from local.s3.request import S3Request
    from local.s3.signer import Signer


def authenticate(request: S3Request) -> Signer | None:
    """Return the signer, None for an unsigned request, or raise S3Error as S3 would."""
    in_query = any(name.lower() in {"x-amz-signature", "x-amz-algorithm", "x-amz-credential"}
                   for name in request.query)  # fmt: skip
    in_header = request.header("authorization")
    if in_query and in_header:
        raise invalid_argument(
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
            "Authorization",
            in_header,
        )
    if in_query:
        return from_query(request)
    if uses_signature_v2(request):
        raise unsupported_mechanism()
    return from_header(request, in_header) if in_header else None


def uses_signature_v2(request: S3Request) -> bool:
    if (request.header("authorization") or "").startswith("AWS "):
        return True
    return "Signature" in request.query or "AWSAccessKeyId" in request.query

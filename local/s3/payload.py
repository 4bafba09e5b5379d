"""The body of a request, verified: what the client said about its bytes must be true of them.

moto stores whatever checksum it is told. The product pins a file's SHA-256 when it is shared, so a
wrong one must never get in.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import re
from typing import TYPE_CHECKING

from local.s3.checksums import ALGORITHMS, checksum, md5_base64
from local.s3.chunked import STREAMING, decode
from local.s3.errors import S3Error, invalid_argument

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from local.s3.request import S3Request
    from local.s3.signer import Signer

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


def verify(request: S3Request, signer: Signer | None) -> None:
    """Verify hashes and checksums, and leave a plain body with its checksum for moto.

    Raises S3Error: XAmzContentSHA256Mismatch, BadDigest, InvalidDigest, InvalidRequest.
    """
    payload_hash = signer.payload_hash if signer else "UNSIGNED-PAYLOAD"
    if signer and payload_hash in STREAMING:
        _unwrap(request, signer)
    elif _SHA256_HEX.fullmatch(payload_hash):
        _require_sha256(request, payload_hash)
    elif payload_hash != "UNSIGNED-PAYLOAD":
        raise invalid_argument(
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING value, or a valid sha256 "
            "value.",
            "x-amz-content-sha256",
            payload_hash,
        )
    if _is_about_the_body(request):
        verify_digests(request.environ, request.body)


def verify_digests(environ: WSGIEnvironment, body: memoryview) -> None:
    """Compare Content-MD5 and x-amz-checksum-* with the body; announce the checksum to moto."""
    md5 = environ.get("HTTP_CONTENT_MD5")
    if md5 is not None and not hmac.compare_digest(md5.encode(), md5_base64(body).encode()):
        raise _bad_digest("Content-MD5")
    given = [name for name in ALGORITHMS if _header_key(name) in environ]
    if len(given) > 1:
        raise S3Error(
            400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple were sent."
        )
    announced = str(environ.get("HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM", "")).lower()
    name = given[0] if given else announced
    if not name:
        return
    if name not in ALGORITHMS or (announced and announced != name):
        raise S3Error(
            400, "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid."
        )
    actual = checksum(name, body)
    if given and not hmac.compare_digest(str(environ[_header_key(name)]).encode(), actual.encode()):
        raise _bad_digest(name.upper())
    environ[_header_key(name)] = actual
    environ["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = name.upper()


def _is_about_the_body(request: S3Request) -> bool:
    # The checksum on CompleteMultipartUpload is the object's, and on CreateMultipartUpload the
    # algorithm announces what the parts will carry.
    multipart = request.method == "POST" and {"uploads", "uploadId"} & request.query.keys()
    copies = request.header("x-amz-copy-source")
    return request.method in {"PUT", "POST"} and not multipart and not copies


def _unwrap(request: S3Request, signer: Signer) -> None:
    environ = request.environ
    decoded = decode(request.body, signer)
    length = request.header("x-amz-decoded-content-length")
    if length is not None and length != str(len(decoded.data)):
        raise S3Error(400, "IncompleteBody", "You did not provide the number of bytes specified by "
                      "the x-amz-decoded-content-length HTTP header.")  # fmt: skip
    for name, value in decoded.trailers.items():
        if name.startswith("x-amz-checksum-"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    encodings = [part.strip() for part in environ.pop("HTTP_CONTENT_ENCODING", "").split(",")]
    if kept := ",".join(part for part in encodings if part not in {"", "aws-chunked"}):
        environ["HTTP_CONTENT_ENCODING"] = kept
    replace_body(request, decoded.data)
    environ["HTTP_X_AMZ_CONTENT_SHA256"] = "UNSIGNED-PAYLOAD"


def replace_body(request: S3Request, data: bytes | memoryview) -> None:
    request.environ["wsgi.input"] = io.BytesIO(data)
    request.environ["CONTENT_LENGTH"] = str(len(data))
    request.__dict__.pop("body", None)


def _require_sha256(request: S3Request, expected: str) -> None:
    actual = hashlib.sha256(request.body).hexdigest()
    if not hmac.compare_digest(actual, expected):
        raise S3Error(
            400,
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ClientComputedContentSHA256=expected,
            S3ComputedContentSHA256=actual,
        )


def _header_key(algorithm: str) -> str:
    return f"HTTP_X_AMZ_CHECKSUM_{algorithm.upper()}"


def _bad_digest(name: str) -> S3Error:
    return S3Error(400, "BadDigest", f"The {name} you specified did not match what we received.")

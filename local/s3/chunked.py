"""Bodies in aws-chunked encoding: each chunk, and the trailer, with a signature of its own.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
"""

from __future__ import annotations

import hashlib
import hmac
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.s3.errors import S3Error
from local.s3.signing import EMPTY_SHA256, sign, signing_key

if TYPE_CHECKING:
    from local.s3.signer import Signer

UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
STREAMING = frozenset({UNSIGNED_TRAILER, SIGNED, SIGNED_TRAILER})


@dataclass
class Decoded:
    """The bytes meant, and the trailing headers (lower-case names)."""

    data: bytes
    trailers: dict[str, str] = field(default_factory=dict)


def decode(body: memoryview, signer: Signer) -> Decoded:
    """Take the chunks apart, verifying each signature where the payload is signed."""
    chain = None if signer.payload_hash == UNSIGNED_TRAILER else _Chain(signer)
    reader, data = io.BytesIO(body), bytearray()
    while True:
        size, signature = _chunk_head(reader.readline())
        chunk = reader.read(size)
        if len(chunk) < size:
            raise _malformed()
        if chain:
            chain.verify("AWS4-HMAC-SHA256-PAYLOAD", signature, _sha256(chunk), EMPTY_SHA256)
        if size == 0:
            break
        data += chunk
        if reader.readline().strip():
            raise _malformed()
    return Decoded(bytes(data), _trailers(reader, chain))


class _Chain:
    """Each signature covers the one before; the first is that of the request's headers."""

    def __init__(self, signer: Signer) -> None:
        self._key = signing_key(signer.credential.secret_access_key, signer.scope)
        self._date, self._scope = f"{signer.signed_at:%Y%m%dT%H%M%SZ}", str(signer.scope)
        self._previous = signer.signature

    def verify(self, kind: str, given: str, *digests: str) -> None:
        # A chunk's text ends with the hash of nothing and the chunk's, a trailer's with its own.
        parts = (kind, self._date, self._scope, self._previous, *reversed(digests))
        expected = sign(self._key, "\n".join(parts))
        if not hmac.compare_digest(expected.encode(), given.encode()):
            raise S3Error(
                403,
                "SignatureDoesNotMatch",
                "The chunk signature we calculated does not match the signature you provided.",
            )
        self._previous = expected


def _chunk_head(line: bytes) -> tuple[int, str]:
    size, _, extension = line.strip().partition(b";")
    try:
        signature = extension.removeprefix(b"chunk-signature=").decode("ascii")
        return int(size, 16), signature
    except ValueError:
        raise _malformed() from None


def _trailers(reader: io.BytesIO, chain: _Chain | None) -> dict[str, str]:
    found = {}
    for line in reader.read().splitlines():
        name, colon, value = line.decode("latin-1").partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    given = found.pop("x-amz-trailer-signature", "")
    if chain and (found or given):
        text = "".join(f"{name}:{found[name]}\n" for name in sorted(found))
        chain.verify("AWS4-HMAC-SHA256-TRAILER", given, _sha256(text.encode()))
    return found


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _malformed() -> S3Error:
    return S3Error(
        400, "IncompleteBody", "The request body terminated unexpectedly or is not well formed."
    )

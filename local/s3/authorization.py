"""May whoever signed do this: asked of the bucket's policy, and of the source's where one is copied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from local.s3.bucket_policy import (
    Principal,
    Verdict,
    context_of,
    evaluate,
    principal_of,
    resource_of,
    transport_keys,
)
from local.s3.errors import S3Error, access_denied
from local.s3.request import find_bucket

if TYPE_CHECKING:
    from local.s3.operations import Operation
    from local.s3.request import S3Request
    from local.s3.signer import Signer

Context = dict[str, str | list[str]]


@dataclass(frozen=True)
class Asked:
    """What a request asks for; `bucket` is moto's, or None where there is none of that name."""

    request: S3Request
    operation: Operation
    bucket: Any
    key: str
    transport: str

    def verdict(self, principal: Principal, context: Context) -> Verdict:
        if self.bucket is None or not self.bucket.policy:
            return Verdict.SILENT
        resource = resource_of(self.request.bucket, self.key)
        return evaluate(self.bucket.policy, principal, self.operation.action, resource, context)


def authorize(asked: Asked, signer: Signer | None, stored: Any) -> Context:
    """Return the condition keys of the request, or raise S3Error (403, 404)."""
    context = context_of(asked.request, asked.operation, signer, stored)
    context |= transport_keys(asked.transport)
    principal = principal_of(signer)
    verdict = asked.verdict(principal, context)
    if verdict is Verdict.DENIED:
        raise access_denied()
    if signer is None:
        _require_public(asked, verdict)
    if copied := asked.request.header("x-amz-copy-source"):
        _authorize_reading(copied, principal, context)
    return context


def deny_signature_v2(asked: Asked) -> None:
    """Raise AccessDenied where the bucket's policy names the old signature; S3 refuses it anyway."""
    context = context_of(asked.request, asked.operation, None, None)
    context |= transport_keys(asked.transport)
    context |= {"s3:signatureversion": "AWS", "s3:signatureage": "0"}
    if asked.verdict(Principal(), context) is Verdict.DENIED:
        raise access_denied()


def _require_public(asked: Asked, verdict: Verdict) -> None:
    name = asked.request.bucket
    if asked.bucket is None and name:
        message = "The specified bucket does not exist"
        raise S3Error(404, "NoSuchBucket", message, BucketName=name)
    block = asked.bucket.public_access_block if asked.bucket is not None else None
    restricted = block is not None and str(block.restrict_public_buckets).lower() == "true"
    if verdict is not Verdict.ALLOWED or restricted:
        raise access_denied()


def _authorize_reading(copied: str, principal: Principal, context: Context) -> None:
    path, _, query = copied.partition("?")
    name, _, key = unquote(path).lstrip("/").partition("/")
    source = find_bucket(name)
    if source is None or not source.policy:
        return
    action = "s3:GetObjectVersion" if query.startswith("versionId=") else "s3:GetObject"
    verdict = evaluate(source.policy, principal, action, resource_of(name, key), context)
    if verdict is Verdict.DENIED:
        raise access_denied()

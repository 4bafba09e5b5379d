"""What moto keeps of an object, put right: its checksum's type, its ETag, who may write it when.

The verified body, its MD5 and its checksum are known before moto sees the request; computing the
ETag again would read the object while others may already be reading it from the same buffer.
"""

from __future__ import annotations

import contextlib
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.patching import patch
from local.s3.bucket_policy import Verdict, evaluate
from local.s3.checksums import ALGORITHMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.policy_conditions import Context
    from local.s3.bucket_policy import Principal


@dataclass
class Incoming:
    """The object that the current request writes."""

    md5_hex: str
    from_form: bool


@dataclass(frozen=True)
class Decision:
    """What the bucket policy of a request for many keys is asked, key by key."""

    principal: Principal
    context: Context


INCOMING: ContextVar[Incoming | None] = ContextVar("incoming", default=None)
DECISION: ContextVar[Decision | None] = ContextVar("decision", default=None)
_locks = [threading.Lock() for _ in range(64)]


@contextlib.contextmanager
def one_writer(bucket: str, key: str) -> Iterator[None]:
    """Let writers of one key follow each other: `If-None-Match: *` lets exactly one through."""
    with _locks[hash((bucket, key)) % len(_locks)]:
        yield


@patch("moto.s3.models:S3Backend.put_object")
def _put_object(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    incoming = INCOMING.get()
    INCOMING.set(None)
    if incoming is not None:
        kwargs.setdefault("etag", incoming.md5_hex)
        if incoming.from_form:
            kwargs["request_method"] = "POST"
    key = original(self, *args, **kwargs)
    if key.checksum_value is not None:
        key.checksum_type = "FULL_OBJECT"
    return key


@patch("moto.s3.responses:S3Response.put_object")
def _put_object_response(original: Any, self: Any) -> Any:
    status, headers, body = original(self)
    if any(name.startswith("x-amz-checksum-") for name in headers):
        headers["x-amz-checksum-type"] = "FULL_OBJECT"
    return status, headers, body


@patch("moto.s3.responses:S3Response.head_object")
def _head_object(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    """HEAD says the checksum's type, and a composite one's number of parts, as GET does."""
    status, answer, body = original(self, *args, **kwargs)
    algorithms = {f"x-amz-checksum-{name}" for name in ALGORITHMS}
    checksum = next((name for name in answer if name in algorithms), None)
    if checksum is None:
        return status, answer, body
    bucket_name, query, key_name = args
    key = self.backend.get_object(bucket_name, key_name, query.get("versionId", [None])[0])
    if key is not None and key.checksum_type:
        answer["x-amz-checksum-type"] = key.checksum_type
        if key.checksum_type == "COMPOSITE":
            answer[checksum] = f"{key.checksum_value}-{key.checksum_parts}"
    return status, answer, body


@patch("moto.s3.models:FakeBucket.get_permission")
def _get_permission(_original: Any, self: Any, action: str, resource: str) -> Any:
    """The gate has decided before moto is asked; only DeleteObjects asks again, for each key."""
    from moto.iam.access_control import PermissionResult

    decision = DECISION.get()
    if decision is not None and self.policy is not None:
        verdict = evaluate(self.policy, decision.principal, action, resource, decision.context)
        if verdict is Verdict.DENIED:
            return PermissionResult.DENIED
    return PermissionResult.PERMITTED

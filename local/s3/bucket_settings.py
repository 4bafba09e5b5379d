"""Bucket settings that moto takes and then gives back changed, so that Terraform never settles.

moto drops lifecycle rules' sizes, tags and newer versions, the key format of access logs, and
EventBridge notifications. S3 returns what was put; so does this.
"""

from __future__ import annotations

import re
from typing import Any

from local.patching import patch

_MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size"
_DEFAULT_MINIMUM_SIZE = "all_storage_classes_128K"


@patch("moto.s3.responses:S3Response._bucket_response_put")
def _bucket_response_put(
    original: Any, self: Any, request: Any, bucket_name: str, querystring: Any
) -> Any:
    answer = original(self, request, bucket_name, querystring)
    bucket = self.backend.get_bucket(bucket_name)
    if "lifecycle" in querystring:
        size = self.headers.get(_MINIMUM_SIZE, _DEFAULT_MINIMUM_SIZE)
        bucket.lifecycle_as_put = (bytes(self.body), size)
        return 200, {_MINIMUM_SIZE: size}, ""
    if "notification" in querystring:
        bucket.notifies_event_bridge = b"EventBridgeConfiguration" in self.body
    return answer


@patch("moto.s3.responses:S3Response.get_bucket_lifecycle")
def _get_bucket_lifecycle(original: Any, self: Any) -> Any:
    bucket = self.backend.get_bucket(self.bucket_name)
    if not bucket.rules or not hasattr(bucket, "lifecycle_as_put"):
        return original(self)
    document, size = bucket.lifecycle_as_put
    return 200, {_MINIMUM_SIZE: size}, document


@patch("moto.s3.responses:S3Response.get_bucket_logging")
def _get_bucket_logging(original: Any, self: Any) -> Any:
    status, headers, body = original(self)
    stored = self.backend.get_bucket_logging(self.bucket_name) or {}
    key_format = stored.get("TargetObjectKeyFormat")
    if not key_format:
        return status, headers, body
    text = body.decode() if isinstance(body, bytes) else body
    element = f"<TargetObjectKeyFormat>{_key_format(key_format)}</TargetObjectKeyFormat>"
    return status, headers, text.replace("</LoggingEnabled>", f"{element}</LoggingEnabled>")


def _key_format(key_format: dict[str, Any]) -> str:
    if "PartitionedPrefix" not in key_format:
        return "<SimplePrefix/>"
    source = (key_format["PartitionedPrefix"] or {}).get("PartitionDateSource")
    inner = f"<PartitionDateSource>{source}</PartitionDateSource>" if source else ""
    return f"<PartitionedPrefix>{inner}</PartitionedPrefix>"


@patch("moto.s3.responses:S3Response.get_bucket_notification")
def _get_bucket_notification(original: Any, self: Any) -> Any:
    answer = original(self)
    if not getattr(self.backend.get_bucket(self.bucket_name), "notifies_event_bridge", False):
        return answer
    status, headers, body = answer
    text = body.decode() if isinstance(body, bytes) else body
    element = "<EventBridgeConfiguration/>"
    if re.search(r"<NotificationConfiguration[^>]*/>", text) or not text:
        text = f"<NotificationConfiguration>{element}</NotificationConfiguration>"
    else:
        text = text.replace(
            "</NotificationConfiguration>", f"{element}</NotificationConfiguration>"
        )
    return status, headers, text

"""Server access logs: one record a request, delivered in batches to the bucket's log bucket.

moto writes an object for each request, always `REST.<method>.BUCKET - ... 200`, without key, query
or error: nothing can be read from them. Delivery here is soon and complete; on AWS it is neither
(records come within hours, best effort).

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import secrets
import threading
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.patching import patch
from local.runtime import RUNTIME
from local.s3.bucket_policy import Principal, Verdict, evaluate, resource_of
from local.s3.log_records import Outcome, format_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.s3.request import S3Request

log = logging.getLogger(__name__)

_SETTLING_SECONDS = 1.0
LOG_DELIVERY = Principal(service="logging.s3.amazonaws.com")
_asking: ContextVar[str] = ContextVar("asking", default="")


@dataclass(frozen=True)
class _Destination:
    source: str
    source_region: str
    target: str
    prefix: str
    date_source: str | None  # None: SimplePrefix
    event_day: str


class Delivery:
    """Holds records until they are due, and writes each batch as one object of the log bucket."""

    def __init__(self) -> None:
        self._pending: dict[_Destination, list[str]] = {}
        self._lock = threading.Lock()
        self._settled = threading.Condition()
        self._unfinished = 0
        self._started = False

    @contextlib.contextmanager
    def unfinished(self) -> Iterator[None]:
        """Mark a request whose record is still to come: its client may have the answer already."""
        with self._settled:
            self._unfinished += 1
        try:
            yield
        finally:
            with self._settled:
                self._unfinished -= 1
                self._settled.notify_all()

    def settle(self) -> None:
        """Wait for the records of answered requests, but not long: a download may run on."""
        with self._settled:
            self._settled.wait_for(lambda: self._unfinished == 0, _SETTLING_SECONDS)

    def add(self, destination: _Destination, line: str) -> None:
        with self._lock:
            self._pending.setdefault(destination, []).append(line)
            if not self._started:
                self._started = True
                threading.Thread(target=self._run, name="s3-log-delivery", daemon=True).start()

    def flush(self) -> int:
        """Deliver everything now; returns the number of objects written."""
        with self._lock:
            pending, self._pending = self._pending, {}
        return sum(_deliver(destination, lines) for destination, lines in pending.items())

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            pause.wait(RUNTIME.log_delivery_seconds)
            self.flush()


DELIVERY = Delivery()


def record(request: S3Request, bucket: Any, outcome: Outcome) -> None:
    """Note a finished request, where its bucket has logging on."""
    if bucket is None or not bucket.logging:
        return
    line = format_record(request, bucket.region_name, outcome)
    key_format = bucket.logging.get("TargetObjectKeyFormat") or {}
    destination = _Destination(
        source=bucket.name,
        source_region=bucket.region_name,
        target=bucket.logging["TargetBucket"],
        prefix=bucket.logging.get("TargetPrefix") or "",
        date_source=_date_source(key_format),
        event_day=f"{request.received_at:%Y/%m/%d}",
    )
    DELIVERY.add(destination, line)


def _date_source(key_format: dict[str, Any]) -> str | None:
    if "PartitionedPrefix" not in key_format:
        return None
    partitioned = key_format["PartitionedPrefix"] or {}
    return partitioned.get("PartitionDateSource") or "EventTime"


def _deliver(destination: _Destination, lines: list[str]) -> bool:
    from moto.s3.models import s3_backends

    backend = s3_backends[RUNTIME.account]["aws"]
    key = _object_key(destination, dt.datetime.now(dt.UTC))
    target = backend.buckets.get(destination.target)
    if target is None or not _may_deliver(target, key, destination.source):
        log.warning("access log of %s not delivered to %s", destination.source, destination.target)
        return False
    backend.put_object(target.name, key, value=("\n".join(lines) + "\n").encode())
    return True


def _object_key(destination: _Destination, now: dt.datetime) -> str:
    unique = secrets.token_hex(8).upper()
    if destination.date_source is None:
        return f"{destination.prefix}{now:%Y-%m-%d-%H-%M-%S}-{unique}"
    by_event = destination.date_source == "EventTime"
    day = destination.event_day if by_event else f"{now:%Y/%m/%d}"
    # A partition by event time gathers a whole day, so its names carry no time of day.
    stamp = f"{day.replace('/', '-')}-00-00-00" if by_event else f"{now:%Y-%m-%d-%H-%M-%S}"
    source = f"{RUNTIME.account}/{destination.source_region}/{destination.source}"
    return f"{destination.prefix}{source}/{day}/{stamp}-{unique}"


def _may_deliver(target: Any, key: str, source: str) -> bool:
    context = {"aws:sourcearn": f"arn:aws:s3:::{source}", "aws:sourceaccount": RUNTIME.account,
               "aws:securetransport": "true", "s3:tlsversion": "1.3",
               "aws:principalisawsservice": "true"}  # fmt: skip
    if not target.policy:
        # The older way, a grant to the log delivery group, was checked when logging was set up.
        return bool(target._log_permissions_enabled_acl(target))
    verdict = evaluate(
        target.policy, LOG_DELIVERY, "s3:PutObject", resource_of(target.name, key), context
    )
    return verdict is Verdict.ALLOWED


@patch("moto.s3.models:FakeBucket.set_logging")
def _set_logging(original: Any, self: Any, *args: Any) -> None:
    token = _asking.set(self.name)
    try:
        original(self, *args)
    finally:
        _asking.reset(token)


@patch("moto.s3.models:FakeBucket._log_permissions_enabled_policy")
def _log_permissions_enabled_policy(
    _original: Any, target_bucket: Any, target_prefix: str | None
) -> bool:
    """Evaluate the policy: moto compares strings, and fails on `Principal: "*"`."""
    if not target_bucket.policy:
        return False
    return _may_deliver(target_bucket, f"{target_prefix or ''}record", _asking.get())


@patch("moto.s3.models:S3Backend.log_incoming_request")
def _log_incoming_request(_original: Any, *_: Any) -> None:
    """Nothing: what moto records is not true."""

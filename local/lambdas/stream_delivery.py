"""DynamoDB streams to Lambda: behind the write's back, in order, in batches, until they succeed.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
Differs from AWS: a table has one shard, records are kept for as long as the process lives, and
batches given up on go to the server's log instead of an on-failure destination.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from typing import Any

from local import lambdas
from local.dynamodb import streams
from local.patching import patch

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0


class _Reader(threading.Thread):
    """One thread for an event source mapping, with its own place in the table's stream."""

    def __init__(self, table: Any, mapping: Any, mappings: dict[str, Any]) -> None:
        super().__init__(name=f"stream-{table.name}", daemon=True)
        self._shard = table.stream_shard
        self._mapping = mapping
        self._mappings = mappings
        latest = mapping.starting_position == "LATEST"
        self._at = len(self._shard.items) if latest else 0
        self.news = threading.Event()

    @property
    def alive(self) -> bool:
        return self._mapping.uuid in self._mappings

    def run(self) -> None:
        while self.alive:
            records = self._shard.items[self._at : self._at + self._mapping.batch_size]
            if not records or not self._mapping.enabled:
                self.news.wait(1)
                self.news.clear()
                continue
            self._at += len(records)
            events = [self._event(record.to_json()) for record in records]
            try:
                self._deliver([event for event in events if self._wanted(event)])
            except Exception:
                log.exception("%d stream records are lost", len(events))

    def _deliver(self, events: list[dict[str, Any]]) -> None:
        pause, attempts = _FIRST_PAUSE_SECONDS, 0
        while events and self.alive:
            failed = self._failed(events)
            if failed is None:
                return
            if failed:
                events, attempts = events[failed:], 0
            elif self._given_up(attempts):
                log.error("%s is given up on", [event["eventID"] for event in events])
                return
            elif self._mapping.bisect_on_error and len(events) > 1:
                half = len(events) // 2
                self._deliver(events[:half])
                events = events[half:]
                continue
            attempts += 1
            threading.Event().wait(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _failed(self, events: list[dict[str, Any]]) -> int | None:
        """Return None when all succeeded, else how many did before the first that did not."""
        payload = json.dumps({"Records": events}, default=str).encode()
        result = lambdas.invoke(self._mapping.function_arn, payload)
        if result.error:
            return 0
        if "ReportBatchItemFailures" not in (self._mapping.function_response_types or []):
            return None
        failures = (json.loads(result.payload) or {}).get("batchItemFailures") or []
        names = {failure.get("itemIdentifier") for failure in failures}
        for number, event in enumerate(events):
            if event["dynamodb"]["SequenceNumber"] in names:
                return number
        return None

    def _given_up(self, attempts: int) -> bool:
        most = self._mapping.max_retry_attempts
        return most is not None and most >= 0 and attempts >= most

    def _event(self, record: dict[str, Any]) -> dict[str, Any]:
        image = dict(record["dynamodb"])
        created = image.get("ApproximateCreationDateTime")
        if isinstance(created, dt.datetime):
            image["ApproximateCreationDateTime"] = created.replace(tzinfo=dt.UTC).timestamp()
        source = self._mapping.event_source_arn
        return {
            **record,
            "awsRegion": source.split(":")[3],
            "dynamodb": image,
            "eventSourceARN": source,
        }

    def _wanted(self, event: dict[str, Any]) -> bool:
        from moto.events.models import EventPattern

        filters = (self._mapping.filter_criteria or {}).get("Filters") or []
        patterns = [EventPattern.load(each["Pattern"]) for each in filters]
        return not patterns or any(pattern.matches_event(event) for pattern in patterns)


_readers: dict[str, list[_Reader]] = {}


@patch("moto.awslambda.models:LambdaBackend.create_event_source_mapping")
def _create_mapping(original: Any, self: Any, spec: dict[str, Any]) -> Any:
    from moto.dynamodb.models import dynamodb_backends

    mapping = original(self, spec)
    _, _, service, _, _, resource = mapping.event_source_arn.split(":", 5)
    if service == "dynamodb":
        backend = dynamodb_backends[self.account_id][self.region_name]
        table = backend.get_table(resource.split("/")[1])
        reader = _Reader(table, mapping, self._event_source_mappings)
        _readers.setdefault(table.table_arn, []).append(reader)
        reader.start()
    return mapping


def _wake(table: Any, _record: Any) -> None:
    for reader in _readers.get(table.table_arn, ()):
        reader.news.set()


streams.listen(_wake)

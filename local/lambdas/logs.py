"""Writes functions' logs to CloudWatch Logs, behind the invocations' back.

AWS delivers them late as well; here by milliseconds. What one stream keeps is bounded, since
moto holds every event in memory.
"""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

_EVENTS_PER_STREAM = 20_000
# The X-Amz-Log-Result header carries the last 4 KB.
TAIL_BYTES = 4096


@dataclass(frozen=True)
class Report:
    """One invocation as its log tells it. Seconds, MB."""

    request_id: str
    version: str
    memory: int
    text: bytes
    seconds: float
    init_seconds: float | None
    failed: bool = False
    as_json: bool = False

    def lines(self) -> list[str]:
        """Return the events AWS writes: START, what the function printed, END, REPORT."""
        printed = [
            line for line in self.text.decode("utf-8", "replace").splitlines() if line.strip()
        ]
        return self._around_json(printed) if self.as_json else self._around_text(printed)

    def _around_text(self, printed: list[str]) -> list[str]:
        milliseconds = self.seconds * 1000
        report = (
            f"REPORT RequestId: {self.request_id}\tDuration: {milliseconds:.2f} ms\t"
            f"Billed Duration: {int(milliseconds) + 1} ms\tMemory Size: {self.memory} MB\t"
            f"Max Memory Used: {self.memory // 2} MB\t"
        )
        if self.init_seconds is not None:
            report += f"Init Duration: {self.init_seconds * 1000:.2f} ms\t"
        return [
            f"START RequestId: {self.request_id} Version: {self.version}",
            *printed,
            f"END RequestId: {self.request_id}",
            report,
        ]

    def _around_json(self, printed: list[str]) -> list[str]:
        """https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html."""
        # Written out, since every invocation writes two: ids are ours and hold nothing to escape.
        now = f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
        of_request = f'"requestId": "{self.request_id}"'
        milliseconds = self.seconds * 1000
        metrics = (
            f'"durationMs": {milliseconds:.3f}, "billedDurationMs": {int(milliseconds) + 1}, '
            f'"memorySizeMB": {self.memory}, "maxMemoryUsedMB": {self.memory // 2}'
        )
        if self.init_seconds is not None:
            metrics += f', "initDurationMs": {self.init_seconds * 1000:.3f}'
        status = "error" if self.failed else "success"
        return [
            (
                f'{{"time": "{now}", "type": "platform.start", '
                f'"record": {{{of_request}, "version": "{self.version}"}}}}'
            ),
            *printed,
            (
                f'{{"time": "{now}", "type": "platform.report", '
                f'"record": {{{of_request}, "metrics": {{{metrics}}}, "status": "{status}"}}}}'
            ),
        ]

    def tail(self) -> str:
        text = "\n".join(self.lines()) + "\n"
        return text.encode()[-TAIL_BYTES:].decode("utf-8", "ignore")


class LogWriter:
    """One thread for all log groups; `write` only queues."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[tuple[Any, str, str, int, Report | list[str]]] = (
            queue.SimpleQueue()
        )
        threading.Thread(target=self._run, name="lambda-logs", daemon=True).start()

    def write(self, backend: Any, group: str, stream: str, entry: Report | list[str]) -> None:
        """Queue one invocation's report, or ready lines, for a stream of a moto logs backend."""
        self._queue.put((backend, group, stream, int(time.time() * 1000), entry))

    def _run(self) -> None:
        while True:
            backend, group, stream, at, entry = self._queue.get()
            lines = entry.lines() if isinstance(entry, Report) else entry
            try:
                _put(backend, group, stream, [{"timestamp": at, "message": m} for m in lines])
            except Exception:
                log.exception("log lines of %s are lost", group)


def _put(backend: Any, group: str, stream: str, events: list[dict[str, Any]]) -> None:
    backend.ensure_log_group(group)
    backend.ensure_log_stream(group, stream)
    backend.groups[group].put_log_events(stream, events)
    kept = backend.groups[group].streams[stream].events
    if len(kept) > _EVENTS_PER_STREAM:
        del kept[: _EVENTS_PER_STREAM // 2]


WRITER = LogWriter()

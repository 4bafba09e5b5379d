"""Access logs of a stage, in the stage's own format, written behind the request's back.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import queue
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

from local.api_gateway.responses import substituted
from local.lambdas.logs import WRITER
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from local.api_gateway.request import Request
    from local.api_gateway.responses import Answer

_STREAM = uuid.uuid4().hex
_entries: queue.SimpleQueue[tuple[Request, dict[str, str], int, int, float]] = queue.SimpleQueue()


def log_access(request: Request, stage: Any, answer: Answer) -> None:
    """Queue a line for the stage's log group, if it has one."""
    settings = stage.access_log_settings
    if settings and settings.get("destinationArn") and settings.get("format"):
        seconds = time.time() - request.at
        _entries.put((request, settings, answer.status, len(answer.body), seconds))


def _run() -> None:
    from moto.logs.models import logs_backends

    while True:
        request, settings, status, length, seconds = _entries.get()
        line = _line(request, settings["format"], status, length, seconds)
        group = settings["destinationArn"].split(":log-group:")[1].removesuffix(":*")
        backend = logs_backends[RUNTIME.account][RUNTIME.region]
        WRITER.write(backend, group, _STREAM, [line])


def _line(request: Request, template: str, status: int, length: int, seconds: float) -> str:
    context = request.context()
    # A quote or line break in a caller's header must not end a field of a JSON format.
    written: dict[str, str | int] = {
        name: value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
        if isinstance(value, str) and name != "error.messageString"
        else value
        for name, value in context.items()
    }
    written |= {
        "status": status,
        "responseLength": length,
        "responseLatency": int(seconds * 1000),
    }
    if request.integration_seconds is not None:
        written["integrationLatency"] = int(request.integration_seconds * 1000)
        written["integration.latency"] = written["integrationLatency"]
    return substituted(template, written)


threading.Thread(target=_run, name="api-access-logs", daemon=True).start()

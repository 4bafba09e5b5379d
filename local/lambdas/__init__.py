"""Lambda without docker: functions run from the deployed zip in warm worker processes.

moto runs functions in containers or not at all, reports errors as `Handled`, and does everything
synchronously (proof: tests/local/contract/test_lambdas.py). Here the payload is bytes from end to
end; only the function's own process parses it.

Differs from AWS: memory, architecture and runtime version are not enforced; retries of
asynchronous invocations wait seconds, not minutes; concurrency is 8 a function, then a queue.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import json
import logging
import shutil
import tempfile
import threading
import uuid
import weakref
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import calls
from local.lambdas.logs import WRITER, Report
from local.lambdas.pool import Pool, with_process
from local.lambdas.process import FunctionSettings, UnreadablePayload
from local.runtime import RUNTIME

log = logging.getLogger(__name__)

_RETRY_SECONDS = (1, 2)
# AWS reads the header into the function's environment; X-Ray itself is not embedded.
_TRACE = "Root=1-00000000-000000000000000000000000;Sampled=0"


class FunctionMissing(Exception):  # noqa: N818 - a state
    """No function has this ARN (the API answers ResourceNotFoundException)."""


@dataclass(frozen=True)
class Invocation:
    """What a synchronous invocation answers. `log` is empty unless its tail was asked for."""

    payload: bytes
    error: bool
    log: str


_pools: weakref.WeakKeyDictionary[Any, Pool] = weakref.WeakKeyDictionary()
_pools_lock = threading.Lock()
_executor = ThreadPoolExecutor(16, thread_name_prefix="lambda-async")
_code = Path(tempfile.mkdtemp(prefix="waybill-lambda-"))
atexit.register(shutil.rmtree, _code, ignore_errors=True)


def invoke(function_arn: str, payload: bytes, *, log_tail: bool = False) -> Invocation:
    """Run a function and wait. `function_arn` may be a name or carry a version or alias.

    Raises FunctionMissing, TooManyRequests, and UnreadablePayload when the payload is not JSON.
    """
    return run(_function(function_arn), payload, log_tail=log_tail)


def invoke_async(function_arn: str, event: bytes | dict[str, Any]) -> None:
    """Queue an event for a function; a function error is retried twice, as on AWS."""
    payload = event if isinstance(event, bytes) else json.dumps(event, default=str).encode()
    _executor.submit(_deliver, function_arn, payload, str(uuid.uuid4()), 0)


def stop() -> None:
    """End every process. The unpacked code goes when the interpreter does."""
    _executor.shutdown(wait=False, cancel_futures=True)
    for pool in list(_pools.values()):
        pool.retire()


def run(function: Any, payload: bytes, *, log_tail: bool = False) -> Invocation:
    """As `invoke`, for a function object of moto's."""
    return _run(function, payload, str(uuid.uuid4()), log_tail=log_tail)


def _run(function: Any, payload: bytes, request_id: str, *, log_tail: bool = False) -> Invocation:
    calls.record("lambda", "Invoke", function.function_arn)
    pool, process = with_process(lambda: _pool(function))
    init_seconds, process.init_seconds = process.init_seconds, None
    alive = False
    try:
        outcome = process.call(request_id, payload, _TRACE)
        alive = outcome.alive
    except UnreadablePayload:
        alive = True
        raise
    finally:
        pool.give_back(process, alive=alive)
    settings = pool.settings
    report = Report(
        request_id,
        settings.version,
        settings.memory,
        outcome.log,
        outcome.seconds,
        init_seconds,
        failed=outcome.error,
        as_json=settings.json_logs,
    )
    WRITER.write(function.logs_backend, settings.log_group, process.log_stream, report)
    return Invocation(outcome.payload, outcome.error, report.tail() if log_tail else "")


def _deliver(function_arn: str, payload: bytes, request_id: str, attempt: int) -> None:
    try:
        function = _function(function_arn)
        failed = _run(function, payload, request_id).error
        if failed and attempt < _retries(function):
            delay = _RETRY_SECONDS[attempt]
            again = threading.Timer(
                delay, _executor.submit, (_deliver, function_arn, payload, request_id, attempt + 1)
            )
            again.daemon = True
            again.start()
    except Exception:
        log.exception("an event for %s is lost", function_arn)


def _retries(function: Any) -> int:
    for settings in function.event_invoke_config:
        return int(settings.get("MaximumRetryAttempts", len(_RETRY_SECONDS)))
    return len(_RETRY_SECONDS)


def _function(arn: str) -> Any:
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda.models import lambda_backends

    region = arn.split(":")[3] if arn.startswith("arn:") else RUNTIME.region
    try:
        return lambda_backends[RUNTIME.account][region].get_function(arn)
    except (UnknownFunctionException, KeyError, ValueError):
        raise FunctionMissing(arn) from None


def _pool(function: Any) -> Pool:
    pool = _pools.get(function)
    if pool is None:
        with _pools_lock:
            pool = _pools.get(function)
            if pool is None:
                pool = _pools[function] = Pool(_settings(function))
    return pool


def _settings(function: Any) -> FunctionSettings:
    # Kept by api.py; moto itself drops it.
    log_settings = function.get_configuration().get("LoggingConfig") or {}
    return FunctionSettings(
        arn=function.function_arn,
        name=function.function_name,
        version=str(function.version),
        handler=function.handler or "",
        role=function.role,
        runtime=function.run_time or "",
        region=function.region,
        memory=int(function.memory_size or 128),
        timeout_seconds=float(function.timeout or 3),
        log_group=log_settings.get("LogGroup") or function.logs_group_name,
        json_logs=log_settings.get("LogFormat") == "JSON",
        log_level=log_settings.get("ApplicationLogLevel") or "INFO",
        environment={k: str(v) for k, v in (function.environment_vars or {}).items()},
        task_root=_unpack(function.code_bytes),
    )


def _unpack(code: bytes) -> Path:
    """Return the directory of a zip's contents; the same zip is unpacked once."""
    folder = _code / hashlib.sha256(code).hexdigest()
    if not folder.exists():
        part = Path(tempfile.mkdtemp(dir=_code))
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            archive.extractall(part)
        with contextlib.suppress(OSError):
            part.rename(folder)
    return folder


def retire(function: Any) -> None:
    """Let the processes of a function's old code or configuration go."""
    with _pools_lock:
        pool = _pools.pop(function, None)
    if pool is not None:
        pool.retire()

"""One warm worker process of a function: started, called, timed, killed."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORKER = Path(__file__).with_name("worker.py")
_REQUEST = struct.Struct(">36sdII")
_REPLY = struct.Struct(">BI")
_READY, _RESULT, _ERROR, _UNREADABLE = range(4)

# AWS allows 10 s before it counts against the function's own timeout; a busy laptop needs more.
INIT_SECONDS = 30
# Credentials live longer than any process that holds them.
_SESSION_SECONDS = 6 * 3600
MAX_AGE_SECONDS = 5 * 3600
# AWS keeps this much of a log in the X-Amz-Log-Result header.
_LOG_READ_LIMIT = 1 << 20


class UnreadablePayload(ValueError):  # noqa: N818 - a state, as AWS words it
    """The payload is not JSON; the API answers InvalidRequestContentException."""


@dataclass(frozen=True)
class FunctionSettings:
    """What of a function's configuration its process is made of. Memory in MB."""

    arn: str
    name: str
    version: str
    handler: str
    role: str
    runtime: str
    region: str
    memory: int
    timeout_seconds: float
    log_group: str
    json_logs: bool
    log_level: str
    environment: Mapping[str, str]
    task_root: Path


@dataclass(frozen=True)
class Outcome:
    """What a process answered. `alive` is False when it must not be used again."""

    payload: bytes
    log: bytes
    seconds: float
    error: bool
    alive: bool


class Process:
    """Not thread-safe: the pool hands it to one caller at a time."""

    def __init__(self, settings: FunctionSettings) -> None:
        self.settings = settings
        self.started_at = time.monotonic()
        today = dt.datetime.now(dt.UTC)
        self.log_stream = f"{today:%Y/%m/%d}/[{settings.version}]{secrets.token_hex(16)}"
        self._channel, theirs = socket.socketpair()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by kill()
        # The child shares this descriptor: appending, it starts anew whenever we truncate.
        fcntl.fcntl(self._log, fcntl.F_SETFL, os.O_APPEND | os.O_RDWR)
        self._killed = False
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_WORKER), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=_environment(settings, self.log_stream),
                pass_fds=(theirs.fileno(),),
                # A signal to the terminal's group is for the parent, which stops its children.
                start_new_session=True,
            )
        self._problem: bytes | None = None
        self.init_seconds: float | None = None

    def prepare(self) -> None:
        """Wait for the function's module to be imported. A failure is answered by `call`."""
        path = [str(self.settings.task_root)]
        if RUNTIME.lambda_runtime is not None:
            path.append(str(RUNTIME.lambda_runtime.resolve()))
        document = json.dumps({"path": path, "function_arn": self.settings.arn}).encode()
        self._channel.sendall(struct.pack(">I", len(document)) + document)
        self._channel.settimeout(INIT_SECONDS)
        try:
            _, self._problem = self._read_reply()
        except (TimeoutError, EOFError) as error:
            kind = "Sandbox.Timedout" if isinstance(error, TimeoutError) else "Runtime.ExitError"
            self._problem = _document(kind, "Error: the function could not be initialised")
        self.init_seconds = time.monotonic() - self.started_at

    def call(self, request_id: str, payload: bytes, trace: str = "") -> Outcome:
        """Run the function once. Raises UnreadablePayload when the payload is not JSON."""
        if self._problem:
            return Outcome(self._problem, self._take_log(), 0, error=True, alive=False)
        timeout = self.settings.timeout_seconds
        started = time.perf_counter()
        header = trace.encode()
        try:
            self._channel.settimeout(timeout)
            self._channel.sendall(
                _REQUEST.pack(request_id.encode(), time.time() + timeout, len(header), len(payload))
                + header
                + payload
            )
            kind, answer = self._read_reply()
        except TimeoutError:
            return self._timed_out(request_id, time.perf_counter() - started)
        except (EOFError, OSError):
            return self._exited(request_id, time.perf_counter() - started)
        if kind == _UNREADABLE:
            raise UnreadablePayload(answer.decode())
        seconds = time.perf_counter() - started
        return Outcome(answer, self._take_log(), seconds, error=kind == _ERROR, alive=True)

    @property
    def stale(self) -> bool:
        return time.monotonic() - self.started_at > MAX_AGE_SECONDS

    def kill(self) -> None:
        """End the process and whatever it started. A second call does nothing."""
        if self._killed:
            return
        self._killed = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._channel.close()
        self._log.close()

    def _timed_out(self, request_id: str, seconds: float) -> Outcome:
        log = self._take_log()
        self.kill()
        text = f"Task timed out after {self.settings.timeout_seconds:.2f} seconds"
        stamp = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        document = _document("Sandbox.Timedout", f"RequestId: {request_id} Error: {text}")
        log += f"{stamp} {request_id} {text}\n".encode()
        return Outcome(document, log, seconds, error=True, alive=False)

    def _exited(self, request_id: str, seconds: float) -> Outcome:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        status = self._process.poll()
        log = self._take_log()
        self.kill()
        if not status:
            reason = "Runtime exited without providing a reason"
        elif status < 0:
            reason = f"Runtime exited with error: signal: {signal.Signals(-status).name}"
        else:
            reason = f"Runtime exited with error: exit status {status}"
        document = _document("Runtime.ExitError", f"RequestId: {request_id} Error: {reason}")
        return Outcome(document, log, seconds, error=True, alive=False)

    def _read_reply(self) -> tuple[int, bytes]:
        data = self._receive(64 * 1024)
        while len(data) < _REPLY.size:
            data += self._receive(_REPLY.size)
        kind, length = _REPLY.unpack_from(data)
        missing = length - (len(data) - _REPLY.size)
        if not missing:
            return kind, data[_REPLY.size :]
        parts = [data[_REPLY.size :]]
        while missing:
            parts.append(self._receive(min(missing, 1 << 20)))
            missing -= len(parts[-1])
        return kind, b"".join(parts)

    def _receive(self, most: int) -> bytes:
        data = self._channel.recv(most)
        if not data:
            raise EOFError
        return data

    def _take_log(self) -> bytes:
        descriptor = self._log.fileno()
        written = os.fstat(descriptor).st_size
        if not written:
            return b""
        data = os.pread(descriptor, min(written, _LOG_READ_LIMIT), 0)
        os.ftruncate(descriptor, 0)
        return data


def _document(kind: str, message: str) -> bytes:
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def _environment(settings: FunctionSettings, log_stream: str) -> dict[str, str]:
    """Return exactly AWS's reserved variables, the function's own, and where AWS is.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    session: Any = RUNTIME.credentials.issue(settings.role, _SESSION_SECONDS)
    return {
        **settings.environment,
        "_HANDLER": settings.handler,
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{settings.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": settings.name,
        "AWS_LAMBDA_FUNCTION_VERSION": settings.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(settings.memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if settings.json_logs else "Text",
        **({"AWS_LAMBDA_LOG_LEVEL": settings.log_level} if settings.json_logs else {}),
        "AWS_LAMBDA_LOG_GROUP_NAME": settings.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
        "LAMBDA_TASK_ROOT": str(settings.task_root),
        "LAMBDA_RUNTIME_DIR": str(_WORKER.parent),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "AWS_ENDPOINT_URL": RUNTIME.endpoint,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

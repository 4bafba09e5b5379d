"""The process that runs one function: started with nothing but the function's own world.

It is a script, run with `-I -S` outside this package: it may import the standard library only.
Frames on the socket are struct headers and raw JSON, so the parent never parses a payload.
What the function prints goes to file descriptors 1 and 2, which the parent has made its log.
"""

from __future__ import annotations

import gc
import importlib
import json
import logging
import os
import socket
import struct
import sys
import time
import traceback
from typing import Any

# Request: id, deadline (epoch seconds), length of trace header, length of payload.
REQUEST = struct.Struct(">36sdII")
# Reply: kind, length of payload. Both must equal the parent's (process.py).
REPLY = struct.Struct(">BI")
READY, RESULT, ERROR, UNREADABLE = range(4)

_request_id = ""


class Context:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

    identity = None
    client_context = None

    def __init__(self, request_id: str, deadline: float, settings: dict[str, str]) -> None:
        self.aws_request_id = request_id
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = settings["function_arn"]
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.time()) * 1000))

    def log(self, message: Any) -> None:
        sys.stdout.write(str(message))


class LogHandler(logging.Handler):
    """The root handler that AWS's runtime installs, with its line format."""

    def emit(self, record: logging.LogRecord) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        milliseconds = int(record.msecs)
        try:
            sys.stdout.write(
                f"[{record.levelname}]\t{stamp}.{milliseconds:03d}Z\t{_request_id}\t"
                f"{self.format(record)}\n"
            )
        except Exception:  # noqa: BLE001 - a log line never fails an invocation
            self.handleError(record)


class JsonLogHandler(logging.Handler):
    """The same for functions whose log format is JSON: one object a line."""

    def emit(self, record: logging.LogRecord) -> None:
        entry: dict[str, Any] = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _request_id,
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            entry["errorType"] = type(error).__name__
            entry["errorMessage"] = str(error)
            entry["stackTrace"] = traceback.format_tb(error.__traceback__)
        sys.stdout.write(json.dumps(entry, default=str) + "\n")


def main() -> None:
    channel = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(_read(channel, struct.unpack(">I", _read(channel, 4))[0]))
    # sys.path holds the standard library only: see -I and -S.
    sys.path[:0] = settings["path"]
    os.chdir(os.environ["LAMBDA_TASK_ROOT"])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)  # type: ignore[union-attr]
    _set_up_logging()
    handler, problem = _load(os.environ["_HANDLER"])
    # What the imports made lives as long as the process; no collection need look at it again.
    gc.freeze()
    _reply(channel, READY, problem)
    while True:
        _serve_one(channel, handler, settings)


def _set_up_logging() -> None:
    root = logging.getLogger()
    if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        root.addHandler(JsonLogHandler())
        # AWS's names of levels are Python's, but for two.
        level = os.environ["AWS_LAMBDA_LOG_LEVEL"]
        root.setLevel({"TRACE": "DEBUG", "FATAL": "CRITICAL"}.get(level, level))
    else:
        root.addHandler(LogHandler())


def _load(name: str) -> tuple[Any, bytes]:
    """Return the handler, or None and the error document to answer with."""
    module_name, _, function_name = name.rpartition(".")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        return None, _error_document("Runtime.ImportModuleError", message, [])
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        return None, _error_document("Runtime.UserCodeSyntaxError", message, [])
    except Exception as error:  # noqa: BLE001 - whatever the module raises is its answer
        return None, _failure(error)
    handler = getattr(module, function_name, None)
    if handler is None:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        return None, _error_document("Runtime.HandlerNotFound", message, [])
    return handler, b""


def _serve_one(channel: socket.socket, handler: Any, settings: dict[str, str]) -> None:
    global _request_id  # noqa: PLW0603 - one invocation at a time is what a Lambda process is
    raw_id, deadline, trace_length, length = REQUEST.unpack(_read(channel, REQUEST.size))
    _request_id = raw_id.decode()
    os.environ["_X_AMZN_TRACE_ID"] = _read(channel, trace_length).decode()
    payload = _read(channel, length)
    try:
        event = json.loads(payload)
    except ValueError as error:
        _reply(channel, UNREADABLE, str(error).encode())
        return
    try:
        kind, answer = _run(handler, event, Context(_request_id, deadline, settings))
    except SystemExit as leaving:
        # As on AWS the process is gone; the parent reads its exit status.
        sys.stdout.flush()
        os._exit(leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None))
    _reply(channel, kind, answer)


def _run(handler: Any, event: Any, context: Context) -> tuple[int, bytes]:
    try:
        result = handler(event, context)
    except Exception as error:  # noqa: BLE001 - whatever the function raises is its answer
        document = _failure(error)
        _log_failure(error, json.loads(document))
        return ERROR, document
    try:
        return RESULT, json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        sys.stdout.write(f"[ERROR] Runtime.MarshalError: {message}\n")
        return ERROR, _error_document("Runtime.MarshalError", message, [])


def _log_failure(error: BaseException, document: dict[str, Any]) -> None:
    if os.environ["AWS_LAMBDA_LOG_FORMAT"] == "JSON":
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        sys.stdout.write(json.dumps({"timestamp": moment, "level": "ERROR", **document}) + "\n")
        return
    trace = "".join(document["stackTrace"])
    sys.stdout.write(
        f"[ERROR] {type(error).__name__}: {error}\nTraceback (most recent call last):\n{trace}"
    )


def _failure(error: BaseException) -> bytes:
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if frame.filename != __file__ and "<frozen" not in frame.filename
    ]
    return _error_document(type(error).__name__, str(error), traceback.format_list(own))


def _error_document(kind: str, message: str, trace: list[str]) -> bytes:
    document = {
        "errorMessage": message,
        "errorType": kind,
        "requestId": _request_id,
        "stackTrace": trace,
    }
    return json.dumps(document).encode()


def _reply(channel: socket.socket, kind: int, payload: bytes) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    channel.sendall(REPLY.pack(kind, len(payload)) + payload)


def _read(channel: socket.socket, length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = channel.recv(min(length, 1 << 20))
        if not part:
            # The embedded AWS is gone, and so is every function it ran.
            os._exit(0)
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    main()

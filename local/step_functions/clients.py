"""The boto3 clients of Tasks: kept, signed as the state machine's role, answered in this process.

moto signs as nobody, makes a client for each call (10 ms and more), and tries 200 regular
expressions for each request it answers in-process.
"""

from __future__ import annotations

import functools
import re
import threading
import time
import uuid
from typing import Any

from local.patching import patch
from local.runtime import RUNTIME
from local.step_functions.names import SERVICES

_SESSION_SECONDS = 12 * 3600
_clients: dict[tuple[str, str, str], tuple[float, Any]] = {}
_clients_lock = threading.Lock()


@patch("moto.stepfunctions.parser.asl.utils.boto_client:boto_client_for")
def _client_for(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    region: str,
    service: str,
    state_credentials: Any = None,
) -> Any:
    role = getattr(state_credentials, "role_arn", "") or ""
    key = (SERVICES.get(service, (service, ""))[0], region, role)
    found = _clients.get(key)
    if found is not None and found[0] > time.monotonic():
        return found[1]
    with _clients_lock:
        # Half the session: a client in use never holds a key about to expire.
        made = (time.monotonic() + _SESSION_SECONDS / 2, _new_client(*key))
        _clients[key] = made
    return made[1]


def _new_client(service: str, region: str, role: str) -> Any:
    import boto3
    from botocore.config import Config

    session = RUNTIME.credentials.issue(role or "arn:aws:iam::aws:role/none", _SESSION_SECONDS)
    # Answered by moto in this process, without HTTP: see botocore_stubber in server.py.
    session_of_its_own: Any = boto3.session.Session()
    client = session_of_its_own.client(
        service,
        region_name=region,
        aws_access_key_id=session.access_key_id,
        aws_secret_access_key=session.secret_access_key,
        aws_session_token=session.session_token,
        config=Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            inject_host_prefix=False,
            s3={"addressing_style": "path"},
        ),
    )
    client.meta.events.register("after-call", _ensure_request_id)
    return client


def _ensure_request_id(parsed: dict[str, Any], **_: Any) -> None:
    # The interpreter quotes it in every cause; moto leaves it out of some errors.
    parsed.setdefault("ResponseMetadata", {}).setdefault("RequestId", str(uuid.uuid4()))


@patch("moto.core.botocore_stubber:BotocoreStubber.process_request")
def _process_request(original: Any, self: Any, request: Any) -> Any:
    """Find the service by its URL once; moto tries 200 regular expressions for every call."""
    handler = _handler(request.url.split("?", 1)[0])
    if handler is None:
        return original(self, request)
    from moto.core.request import normalize_request
    from werkzeug.exceptions import HTTPException

    normalised = normalize_request(request)
    try:
        return handler(normalised, normalised.raw_url, normalised.headers)
    except HTTPException as error:
        return error.code, dict(error.get_headers()), error.get_body()


@functools.lru_cache(maxsize=256)
def _handler(url: str) -> Any:
    """Return moto's handler of a JSON or query service, whose URL is its host alone."""
    from moto import backend_index, backends

    if not url.endswith(".amazonaws.com/"):
        return None
    for service, pattern in backend_index.backend_url_patterns:
        if pattern.match(url) and service != "s3":
            regions = backends.get_backend(service)[RUNTIME.account]
            # Any will do: a handler reads account and region from the request.
            backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
            for path, handler in backend.urls.items():
                if re.match(path, url):
                    return handler
    return None

"""Which AWS calls were made, by whom: `GET /_local/calls?after=<number>`.

AWS writes this to CloudTrail, minutes later and without data events; a test that counts what one
request costs, or a check of who may do what, needs it at once. Calls that a signed principal makes
are listed, in the order of their arrival; unsigned ones (sign-in pages, presigned links) are not.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from local.patching import patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/_local/calls"
KEPT = 10_000

_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/[^/]+/([^/]+)/")
_calls: deque[dict[str, Any]] = deque(maxlen=KEPT)
_lock = threading.Lock()
_last = 0


def record(service: str, operation: str, principal: str) -> None:
    """Add a call; `principal` is an ARN: the caller's, or of an invocation the function's."""
    global _last  # noqa: PLW0603 - one list, one counter
    with _lock:
        _last += 1
        call = {"number": _last, "service": service, "operation": operation}
        _calls.append({**call, "principal": principal})


@patch("moto.core.responses:BaseResponse.setup_class")
def _setup_class(original: Any, self: Any, request: Any, *args: Any, **kwargs: Any) -> None:
    """Every request to every service passes here, over HTTP or from inside the process."""
    original(self, request, *args, **kwargs)
    scope = _SCOPE.search(self.headers.get("Authorization", ""))
    if scope is None:
        return
    key_id, service = scope.groups()
    credential = RUNTIME.credentials.find(key_id)
    record(service, _operation(self, request), credential.principal_arn if credential else key_id)


def _operation(response: Any, request: Any) -> str:
    target = response.headers.get("X-Amz-Target", "")
    if target:
        return str(target.rpartition(".")[2])
    actions = response.querystring.get("Action")
    return str(actions[0]) if actions else f"{request.method} {response.path}"


def middleware(app: WSGIApplication) -> WSGIApplication:
    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            return app(environ, start_response)
        after = int(parse_qs(environ["QUERY_STRING"]).get("after", ["0"])[0])
        body = json.dumps(_since(after)).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    return answered


def _since(number: int) -> dict[str, Any]:
    with _lock:
        return {"last": _last, "calls": [call for call in _calls if call["number"] > number]}

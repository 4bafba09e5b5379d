"""Lambda's API on top of the warm processes: Invoke, and the changes that make them stale."""

from __future__ import annotations

import base64
from typing import Any

from local import lambdas
from local.lambdas.pool import TooManyRequests
from local.lambdas.process import UnreadablePayload
from local.patching import patch

_MAX_PAYLOAD = 6 * 1024 * 1024


@patch("moto.awslambda.models:LambdaFunction.update_function_code")
def _update_code(original: Any, self: Any, updated_spec: dict[str, Any]) -> Any:
    try:
        return original(self, updated_spec)
    finally:
        lambdas.retire(self)


@patch("moto.awslambda.models:LambdaFunction.update_configuration")
def _update_configuration(original: Any, self: Any, config_updates: dict[str, Any]) -> Any:
    try:
        return original(self, config_updates)
    finally:
        lambdas.retire(self)


@patch("moto.awslambda.models:LambdaBackend.delete_function")
def _delete(original: Any, self: Any, function_name: str, qualifier: str | None = None) -> None:
    function = self.get_function(function_name, qualifier)
    original(self, function_name, qualifier)
    lambdas.retire(function)


@patch("moto.awslambda.models:LambdaFunction.invoke")
def _invoke_api(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    self: Any,
    body: str | bytes,
    request_headers: Any,
    response_headers: dict[str, Any],
) -> bytes:
    """The Invoke operation: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html."""
    payload = (body.encode() if isinstance(body, str) else body) or b"{}"
    if len(payload) > _MAX_PAYLOAD:
        raise _refusal(
            "RequestTooLargeException", f"Request must be smaller than {_MAX_PAYLOAD} bytes", 413
        )
    kind = request_headers.get("X-Amz-Invocation-Type") or "RequestResponse"
    if kind == "DryRun":
        return b""
    if kind == "Event":
        lambdas.invoke_async(self.function_arn, payload)
        return b""
    wants_log = request_headers.get("X-Amz-Log-Type") == "Tail"
    try:
        result = lambdas.run(self, payload, log_tail=wants_log)
    except UnreadablePayload as error:
        message = f"Could not parse request body into json: {error}"
        raise _refusal("InvalidRequestContentException", message, 400) from None
    except TooManyRequests:
        raise _refusal("TooManyRequestsException", "Rate Exceeded.", 429) from None
    if result.error:
        response_headers["x-amz-function-error"] = "Unhandled"
    if wants_log:
        response_headers["x-amz-log-result"] = base64.b64encode(result.log.encode()).decode()
    response_headers["x-amz-executed-version"] = str(self.version)
    return result.payload


def _refusal(name: str, message: str, status: int) -> Exception:
    from moto.core.exceptions import JsonRESTError

    error: Any = JsonRESTError(name, message)
    error.code = status
    refusal: Exception = error
    return refusal

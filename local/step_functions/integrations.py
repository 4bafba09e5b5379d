"""What a Task calls: AWS's own APIs as the state machine's role, and Lambda functions.

moto knows no service by its Step Functions name, and leaves dates and streams in the results
(proof: tests/local/contract/test_step_functions.py).

Member names follow the Java SDK, which AWS's integrations are made of: `ETag`, `SsekmsKeyId`.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING, Any

from local import lambdas
from local.lambdas.pool import TooManyRequests
from local.patching import patch
from local.step_functions import clients  # noqa: F401 - registers its own patches
from local.step_functions.names import SERVICES, java_name, operation

if TYPE_CHECKING:
    from botocore.model import Shape

_TASK = "moto.stepfunctions.parser.asl.component.state.exec.state_task"
_SERVICE = f"{_TASK}.service.state_task_service:StateTaskService"
_SDK = f"{_TASK}.service.state_task_service_aws_sdk:StateTaskServiceAwsSdk"


@patch(f"{_SERVICE}._get_boto_service_name")
def _boto_service_name(original: Any, self: Any, boto_service_name: str | None = None) -> str:  # noqa: ARG001
    name: str = boto_service_name or self.resource.api_name
    return SERVICES.get(name, (name, ""))[0]


@patch(f"{_SERVICE}._normalise_parameters")
def _normalise_parameters(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    self: Any,
    parameters: dict[str, Any],
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    service = self._get_boto_service_name(boto_service_name)
    shape = operation(service, self._get_boto_service_action(service_action_name)).input_shape
    if shape is not None:
        converted = _to_boto(parameters, shape)
        parameters.clear()
        parameters.update(converted)


@patch(f"{_SERVICE}._normalise_response")
def _normalise_response(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    self: Any,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    if not isinstance(response, dict):
        return
    service = self._get_boto_service_name(boto_service_name)
    shape = operation(service, self._get_boto_service_action(service_action_name)).output_shape
    optimised_dynamodb = type(self).__name__ == "StateTaskServiceDynamoDB"
    converted = _plain(response, None if optimised_dynamodb else shape)
    if optimised_dynamodb:
        converted.pop("ConsumedCapacity", None)
    response.clear()
    response.update(converted)


@patch(f"{_SDK}._eval_service_task")
def _eval_sdk_task(original: Any, self: Any, env: Any, *args: Any, **kwargs: Any) -> None:
    original(self, env, *args, **kwargs)
    body: Any = env.stack[-1].get("Body")
    if hasattr(body, "read"):
        # A stream can be read once and copied never.
        env.stack[-1]["Body"] = body.read().decode("utf-8", "replace")


def _to_boto(value: Any, shape: Shape) -> Any:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        members = _members(shape)
        converted = {}
        for key, item in value.items():
            name, member = members.get(key.lower().replace("_", ""), (key, None))
            converted[name] = item if member is None else _to_boto(item, member)
        return converted
    if kind == "list" and isinstance(value, list):
        return [_to_boto(item, shape.member) for item in value]  # type: ignore[attr-defined]
    if kind == "map" and isinstance(value, dict):
        return {k: _to_boto(item, shape.value) for k, item in value.items()}  # type: ignore[attr-defined]
    if kind == "string" and not isinstance(value, str):
        return json.dumps(value, separators=(",", ":"))
    if kind == "blob" and not isinstance(value, bytes):
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        return text.encode()
    return value


def _members(shape: Any) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] | None = getattr(shape, "_waybill_members", None)
    if found is None:
        found = {name.lower().replace("_", ""): (name, m) for name, m in shape.members.items()}
        if "null" in found:
            # The Java SDK's member, since `null` is a word of the language.
            found["nul"] = found["null"]
        shape._waybill_members = found
    return found


def _plain(value: Any, shape: Any) -> Any:
    """Return a result as JSON; with a shape, its members take their Step Functions names."""
    if isinstance(value, dict):
        if shape is not None and shape.type_name == "structure":
            members = shape.members
            return {java_name(k): _plain(v, members.get(k)) for k, v in value.items()}
        member = shape.value if shape is not None and shape.type_name == "map" else None
        return {k: _plain(v, member) for k, v in value.items()}
    if isinstance(value, list):
        member = shape.member if shape is not None and shape.type_name == "list" else None
        return [_plain(item, member) for item in value]
    if isinstance(value, dt.datetime):
        return iso(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return value


def iso(moment: dt.datetime) -> str:
    """Return a moment as AWS shows it: UTC, milliseconds only where there are any."""
    utc = moment.astimezone(dt.UTC)
    milliseconds = utc.microsecond // 1000
    return f"{utc:%Y-%m-%dT%H:%M:%S}" + (f".{milliseconds:03d}" if milliseconds else "") + "Z"


@patch(f"{_SDK}._normalise_service_error_name")
def _error_prefix(original: Any, service_name: str) -> str:  # noqa: ARG001 - replaced
    known = SERVICES.get(service_name.lower())
    return known[1] if known else service_name[:1].upper() + service_name[1:]


@patch(f"{_SDK}._normalise_exception_name")
def _exception_name(original: Any, norm_service_name: str, ex: Exception) -> str:  # noqa: ARG001
    name = type(ex).__name__
    if name == "ClientError":
        # An error without a model of its own is the service's general exception in Java; only
        # HEAD, which has no body to name its error in, is known by its status.
        code = ex.response["Error"]["Code"]  # type: ignore[attr-defined]
        name = "NoSuchKey" if (norm_service_name, code) == ("S3", "404") else norm_service_name
    return f"{norm_service_name}.{name.removesuffix('Exception')}Exception"


@patch(f"{_TASK}.lambda_eval_utils:_invoke_lambda_function")
def _invoke(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    parameters: dict[str, Any],
    region: str,  # noqa: ARG001 - the ARN names it
    state_credentials: Any,  # noqa: ARG001 - permissions are not evaluated at run time
) -> dict[str, Any]:
    """Call the function without the detour over HTTP and moto's Lambda API."""
    arn = parameters["FunctionName"]
    if parameters.get("Qualifier"):
        arn = f"{arn}:{parameters['Qualifier']}"
    try:
        result = lambdas.invoke(arn, parameters.get("Payload") or b"{}")
    except lambdas.FunctionMissing:
        raise _lambda_error(
            "ResourceNotFoundException", f"Function not found: {arn}", 404
        ) from None
    except TooManyRequests:
        raise _lambda_error("TooManyRequestsException", "Rate Exceeded.", 429) from None
    answer = {"ExecutedVersion": "$LATEST", "StatusCode": 200, "Payload": _parsed(result.payload)}
    return {**answer, "FunctionError": "Unhandled"} if result.error else answer


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return payload.decode("utf-8", "replace")


def _lambda_error(code: str, message: str, status: int) -> Exception:
    from botocore.exceptions import ClientError

    metadata = {"HTTPStatusCode": status, "RequestId": str(uuid.uuid4())}
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}
    return ClientError(response, "Invoke")

"""Where a method's requests go: to a Lambda function, or to an answer written in the document."""

from __future__ import annotations

import base64
import binascii
import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

from local import lambdas
from local.api_gateway.request import Request, proxy_event
from local.api_gateway.responses import Answer, GatewayError, Headers, mapped_headers, substituted
from local.lambdas.pool import TooManyRequests
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from local.api_gateway.document import Method

LONGEST_SECONDS = 29
_PROXY_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"}

_slow = ThreadPoolExecutor(64, thread_name_prefix="api-slow")


def integrate(request: Request, method: Method, stage: Any, binary_types: list[str]) -> Answer:
    """Run the method's integration. Raises GatewayError."""
    if method.kind == "mock":
        return _mock(request, method)
    if method.kind != "aws_proxy" or method.function_arn is None:
        raise GatewayError("API_CONFIGURATION_ERROR")
    binary = _is_binary(binary_types, request.content_type)
    event = proxy_event(request, stage.variables, binary=binary)
    started = time.perf_counter()
    try:
        invocation = _invoke(method.function_arn, json.dumps(event).encode())
    finally:
        request.integration_seconds = time.perf_counter() - started
    if invocation.error:
        raise GatewayError("INTEGRATION_FAILURE")
    return _from_proxy(invocation.payload, binary_types, request.headers.get("Accept", ""))


def _invoke(function_arn: str, payload: bytes) -> lambdas.Invocation:
    try:
        if _timeout_seconds(function_arn) <= LONGEST_SECONDS:
            return lambdas.invoke(function_arn, payload)
        return _slow.submit(lambdas.invoke, function_arn, payload).result(LONGEST_SECONDS)
    except TimeoutError:
        raise GatewayError("INTEGRATION_TIMEOUT") from None
    except lambdas.FunctionMissing:
        raise GatewayError("API_CONFIGURATION_ERROR") from None
    except TooManyRequests:
        raise GatewayError("INTEGRATION_FAILURE") from None


@cache
def _functions() -> Any:
    from moto.awslambda.models import lambda_backends

    return lambda_backends[RUNTIME.account][RUNTIME.region]


def _timeout_seconds(function_arn: str) -> float:
    from moto.awslambda.exceptions import UnknownFunctionException

    try:
        function = _functions().get_function(function_arn)
    except UnknownFunctionException:
        raise lambdas.FunctionMissing(function_arn) from None
    return float(function.timeout or 3)


def _from_proxy(payload: bytes, binary_types: list[str], accept: str) -> Answer:
    """The function's answer; one that is not of the agreed shape is 502, as on AWS."""
    try:
        answer = json.loads(payload)
        if not isinstance(answer, dict) or not answer.keys() <= _PROXY_KEYS:
            raise GatewayError("INTEGRATION_FAILURE")
        status = int(answer["statusCode"])
        headers = _headers(answer)
        text = answer.get("body")
        text = "" if text is None else text
        first = accept.partition(",")[0].partition(";")[0].strip().lower() or "*/*"
        if answer.get("isBase64Encoded") and _is_binary(binary_types, first):
            return Answer(status, headers, base64.b64decode(text, validate=True))
        return Answer(status, headers, text.encode())
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise GatewayError("INTEGRATION_FAILURE") from None


def _headers(answer: dict[str, Any]) -> Headers:
    multiple: dict[str, list[Any]] = answer.get("multiValueHeaders") or {}
    single = {k: [v] for k, v in (answer.get("headers") or {}).items() if k not in multiple}
    headers: Headers = []
    for name, values in {**single, **multiple}.items():
        for value in values:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            if any(mark in name + text for mark in "\r\n"):
                raise GatewayError("INTEGRATION_FAILURE")
            if name.lower() not in _HOP_BY_HOP:
                headers.append((name, text))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return headers


def _is_binary(binary_types: list[str], content_type: str) -> bool:
    return "*/*" in binary_types or content_type in binary_types


def _mock(request: Request, method: Method) -> Answer:
    """The answer the document writes for the status the request template chooses."""
    templates = method.integration.get("requestTemplates") or {}
    template = templates.get(request.content_type) or next(iter(templates.values()), "{}")
    try:
        status = str(json.loads(template)["statusCode"])
    except (ValueError, KeyError, TypeError):
        raise GatewayError("API_CONFIGURATION_ERROR") from None
    responses = method.integration.get("responses") or {}
    chosen = next((r for r in responses.values() if str(r.get("statusCode")) == status), None)
    chosen = chosen or responses.get("default") or {"statusCode": status}
    bodies = chosen.get("responseTemplates") or {}
    kind, text = next(iter(bodies.items()), ("application/json", ""))
    headers: Headers = [("Content-Type", kind)]
    headers += mapped_headers("method.response.header.", chosen.get("responseParameters"), request)
    return Answer(
        int(chosen["statusCode"]), headers, substituted(text or "", request.context()).encode()
    )

"""Gateway responses: what API Gateway itself answers, as the API's document shapes it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from local.api_gateway.request import Request

Headers = list[tuple[str, str]]

# Type: status, message, and the name in x-amzn-ErrorType.
_TYPES: dict[str, tuple[int, str, str]] = {
    "MISSING_AUTHENTICATION_TOKEN": (
        403,
        "Missing Authentication Token",
        "MissingAuthenticationTokenException",
    ),
    "UNAUTHORIZED": (401, "Unauthorized", "UnauthorizedException"),
    "ACCESS_DENIED": (403, "Forbidden", "AccessDeniedException"),
    "BAD_REQUEST_BODY": (400, "Invalid request body", "BadRequestException"),
    "BAD_REQUEST_PARAMETERS": (400, "Missing required request parameters", "BadRequestException"),
    "REQUEST_TOO_LARGE": (413, "Request Too Long", "RequestTooLargeException"),
    "AUTHORIZER_CONFIGURATION_ERROR": (
        500,
        "Internal server error",
        "AuthorizerConfigurationException",
    ),
    "API_CONFIGURATION_ERROR": (500, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_FAILURE": (502, "Internal server error", "InternalServerErrorException"),
    "INTEGRATION_TIMEOUT": (504, "Endpoint request timed out", "InternalServerErrorException"),
}
_DEFAULT_TEMPLATE = '{"message":$context.error.messageString}'
_VARIABLE = re.compile(r"\$context\.([A-Za-z0-9_:.]*[A-Za-z0-9_])")


class GatewayError(Exception):
    """Answered by the gateway; `kind` is a gateway response type."""

    def __init__(self, kind: str, message: str | None = None) -> None:
        super().__init__(message or _TYPES[kind][1])
        self.kind = kind


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Headers
    body: bytes


def gateway_answer(settings: dict[str, Any], request: Request, error: GatewayError) -> Answer:
    """The answer for an error, by its own settings, its class's, or API Gateway's default."""
    status, _, exception = _TYPES[error.kind]
    default = "DEFAULT_4XX" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "DEFAULT_5XX"
    chosen = settings.get(error.kind) or settings.get(default) or {}
    request.error = {
        "message": str(error),
        "messageString": json.dumps(str(error)),
        "responseType": error.kind,
        "validationErrorString": str(error) if error.kind.startswith("BAD_REQUEST") else "",
    }
    templates = chosen.get("responseTemplates") or {"application/json": _DEFAULT_TEMPLATE}
    kind, template = next(iter(templates.items()))
    context = request.context()
    own: Headers = [("Content-Type", kind), ("x-amzn-ErrorType", exception)]
    mapped = mapped_headers("gatewayresponse.header.", chosen.get("responseParameters"), request)
    replaced = {name.lower() for name, _ in mapped}
    headers = [header for header in own if header[0].lower() not in replaced] + mapped
    body = substituted(template, context).encode()
    return Answer(int(chosen.get("statusCode") or status), headers, body)


def substituted(template: str, context: dict[str, str | int]) -> str:
    """Plain replacement of `$context.…`; an unknown variable is `-`, as in access logs."""
    return _VARIABLE.sub(lambda found: str(context.get(found.group(1), "-")), template)


def mapped_headers(prefix: str, parameters: dict[str, str] | None, request: Request) -> Headers:
    """Response parameters: a quoted literal, `context.…`, or `method.request.header.…`."""
    headers: Headers = []
    for target, source in (parameters or {}).items():
        value = _value(source, request)
        if target.startswith(prefix) and value is not None:
            headers.append((target.removeprefix(prefix), value))
    return headers


def _value(source: str, request: Request) -> str | None:
    if source.startswith("'"):
        return source.strip("'")
    if source.startswith("context."):
        return str(request.context().get(source.removeprefix("context."), ""))
    return request.header(source.removeprefix("method.request.header."))

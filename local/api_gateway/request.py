"""A request on its way through a deployed stage, and the event a Lambda function gets of it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import base64
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from local.runtime import RUNTIME

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from local.api_gateway.authorizer import Claims
    from local.api_gateway.document import Method

_NO_IDENTITY: dict[str, str | None] = dict.fromkeys(
    (
        "cognitoIdentityPoolId",
        "accountId",
        "cognitoIdentityId",
        "caller",
        "principalOrgId",
        "accessKey",
        "cognitoAuthenticationType",
        "cognitoAuthenticationProvider",
        "userArn",
        "user",
    )
)


@dataclass
class Request:
    """`path` is without the stage and still URL-encoded; `headers` have their usual spelling."""

    api_id: str
    stage: str
    verb: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    source_ip: str
    protocol: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    at: float = field(default_factory=time.time)
    method: Method | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    claims: Claims | None = None
    integration_seconds: float | None = None
    error: dict[str, str] = field(default_factory=dict)

    @property
    def extended_id(self) -> str:
        """The id AWS's edge adds; here it says no more than the request's own."""
        return base64.b64encode(self.id[:15].encode()).decode()

    @property
    def content_type(self) -> str:
        return (
            self.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
        )

    def header(self, name: str) -> str | None:
        return self.headers.get(canonical(name))

    def query_values(self) -> dict[str, list[str]]:
        values: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            values.setdefault(name, []).append(value)
        return values

    def context(self) -> dict[str, str | int]:
        """The scalar `$context` variables of templates and access logs."""
        identity = {
            "identity.sourceIp": self.source_ip,
            "identity.userAgent": self.headers.get("User-Agent", "-"),
        }
        resource = self.method.resource if self.method else "-"
        values: dict[str, str | int] = {
            "accountId": RUNTIME.account,
            "apiId": self.api_id,
            "stage": self.stage,
            "requestId": self.id,
            "extendedRequestId": self.extended_id,
            "requestTime": self.request_time,
            "requestTimeEpoch": int(self.at * 1000),
            "httpMethod": self.verb,
            "path": f"/{self.stage}{self.path}",
            "resourcePath": resource,
            "protocol": self.protocol,
            "domainName": self.headers.get("Host", ""),
            **identity,
        }
        claims = {f"authorizer.claims.{name}": text for name, text in (self.claims or {}).items()}
        return {**values, **claims, **{f"error.{name}": text for name, text in self.error.items()}}

    @property
    def request_time(self) -> str:
        return time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.at))


def canonical(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


_KEPT_SPELLINGS = 1000
_spelling: dict[str, str] = {}


def read_headers(environ: WSGIEnvironment) -> dict[str, str]:
    """Headers in the spelling AWS's edge gives them: each word capitalised."""
    headers = {}
    for key, value in environ.items():
        if key.startswith("HTTP_") or key in {"CONTENT_TYPE", "CONTENT_LENGTH"}:
            name = _spelling.get(key)
            if name is None:
                name = canonical(key.removeprefix("HTTP_").replace("_", "-"))
                if len(_spelling) < _KEPT_SPELLINGS:
                    _spelling[key] = name
            headers[name] = value
    return headers


def proxy_event(request: Request, variables: dict[str, str], *, binary: bool) -> dict[str, Any]:
    """The event of a Lambda proxy integration, payload format 1.0."""
    method, given = request.method, request.query_values()
    headers = _forwarded(request)
    resource = method.resource if method else ""
    body = (
        base64.b64encode(request.body).decode()
        if binary
        else request.body.decode("utf-8", "replace")
    )
    return {
        "resource": resource,
        "path": request.path,
        "httpMethod": request.verb,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in given.items()} or None,
        "multiValueQueryStringParameters": given or None,
        "pathParameters": request.parameters or None,
        "stageVariables": variables or None,
        "requestContext": _request_context(request, resource),
        "body": body if request.body else None,
        "isBase64Encoded": binary and bool(request.body),
    }


def _forwarded(request: Request) -> dict[str, str]:
    # Whatever the caller wrote there, the last address is the one the gateway saw.
    earlier = request.headers.get("X-Forwarded-For")
    chain = f"{earlier}, {request.source_ip}" if earlier else request.source_ip
    own = {"X-Forwarded-For": chain, "X-Forwarded-Proto": "http"}
    return {**request.headers, **own, "X-Forwarded-Port": str(RUNTIME.api_port)}


def _request_context(request: Request, resource: str) -> dict[str, Any]:
    agent = request.headers.get("User-Agent")
    context: dict[str, Any] = {
        "accountId": RUNTIME.account,
        "apiId": request.api_id,
        "domainName": request.headers.get("Host"),
        "domainPrefix": request.api_id,
        "extendedRequestId": request.extended_id,
        "httpMethod": request.verb,
        "identity": {**_NO_IDENTITY, "sourceIp": request.source_ip, "userAgent": agent},
        "path": f"/{request.stage}{request.path}",
        "protocol": request.protocol,
        "requestId": request.id,
        "requestTime": request.request_time,
        "requestTimeEpoch": int(request.at * 1000),
        "resourceId": "local",
        "resourcePath": resource,
        "stage": request.stage,
    }
    if request.claims is not None:
        context["authorizer"] = {"claims": dict(request.claims)}
    return context

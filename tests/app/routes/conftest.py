"""Calls of the real Chalice app, as API Gateway makes them: a REST proxy event, and its answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.app.samples import ADA, NOW, REQUEST_ID

CLAIMS = {
    "sub": ADA.sub,
    "username": "ada",
    "token_use": "access",
    "client_id": "web-client",
    "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Waybill01",
    "iat": str(NOW - 60),
    "scope": "openid waybill/files",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def document(self) -> Any:
        return json.loads(self.body)

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.document["errors"]]


def event(method, resource, body=None, *, claims=CLAIMS, path=None, query=None, **more):
    """A REST API's Lambda proxy event (docs.aws.amazon.com/apigateway, "Input format")."""
    raw = body if body is None or isinstance(body, str) else json.dumps(body)
    context = {
        "resourcePath": resource,
        "httpMethod": method,
        "path": f"/v1{resource}",
        "stage": "v1",
        "requestId": REQUEST_ID,
        "identity": {"sourceIp": "192.0.2.7", "userAgent": more.pop("user_agent", "curl/8")},
    }
    if claims is not None:
        context["authorizer"] = {"claims": claims}
    headers = {"Content-Type": "application/json", **more.pop("headers", {})}
    return {
        "resource": resource,
        "path": resource,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": query and {k: [v] for k, v in query.items()},
        "pathParameters": path,
        "stageVariables": None,
        "requestContext": context,
        "body": raw,
        "isBase64Encoded": False,
        **more,
    }


@pytest.fixture
def call(services):  # noqa: ARG001  the app takes its services from there
    from app import app

    def send(method, resource, body=None, **details):
        answered = app(event(method, resource, body, **details), None)
        assert not answered.get("isBase64Encoded")
        return Answer(answered["statusCode"], answered["headers"], answered["body"])

    return send


@pytest.fixture
def is_problem():
    """Whether an answer is a problem document of this status and code, and as safe as any."""

    def check(answer, status, code):
        assert (answer.status, answer.document["code"]) == (status, code)
        assert answer.document["status"] == status
        assert answer.document["type"] == f"urn:waybill:problem:{code}"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Traceback" not in answer.body
        return True

    return check

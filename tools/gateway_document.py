"""The REST API as API Gateway is given it (PutRestApi): OpenAPI 3.0.1 with its extensions.

Three placeholders stand inside strings for Terraform's templatefile: `${api_invoke_arn}`,
`${user_pool_arn}` and `${allowed_origin}`.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.contract.openapi import path_parameters, query_parameters
from app.contract.operations import OPERATIONS
from tools.gateway_responses import PROBLEM_TYPE, RESPONSES, SECURITY_HEADERS, body, cors_headers

if TYPE_CHECKING:
    from app.contract.operations import Operation

AUTHORIZER = "user_pool"
REQUEST_HEADERS = "Authorization,Content-Type"
PREFLIGHT_SECONDS = 600
# API Gateway's own limit; the function is given less time, so that it is the one that answers.
INTEGRATION_TIMEOUT_MILLISECONDS = 29_000


def document(version: str) -> dict[str, Any]:
    """The whole document. Every operation with scopes is behind the Cognito authorizer."""
    return {
        "openapi": "3.0.1",
        "info": {"title": "Waybill", "version": version},
        "paths": _paths(),
        "components": {
            "schemas": {"Body": {"type": "object"}},
            "securitySchemes": {AUTHORIZER: _authorizer()},
        },
        "x-amazon-apigateway-request-validators": {
            "all": {"validateRequestBody": True, "validateRequestParameters": True}
        },
        "x-amazon-apigateway-request-validator": "all",
        "x-amazon-apigateway-gateway-responses": gateway_responses(),
    }


def gateway_responses() -> dict[str, Any]:
    """What API Gateway answers by itself, in the API's own form and with nothing of its own.

    The templates hold no `$context.error`: its texts name resources and authorizers.
    """
    return {kind: _gateway_response(kind) for kind in RESPONSES}


def _gateway_response(kind: str) -> dict[str, Any]:
    answer = RESPONSES[kind]
    headers = PROBLEM_TYPE | SECURITY_HEADERS | cors_headers() | answer.headers
    return {
        **({"statusCode": str(answer.status)} if answer.status else {}),
        "responseParameters": {
            f"gatewayresponse.header.{name}": f"'{value}'" for name, value in headers.items()
        },
        "responseTemplates": {"application/json": json.dumps(body(answer))},
    }


def _authorizer() -> dict[str, Any]:
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": ["${user_pool_arn}"],
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    for path, methods in paths.items():
        methods["options"] = _preflight(path, [method.upper() for method in methods])
    return paths


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "parameters": _path_parameters(operation.path) + _query_parameters(operation),
        # A scope makes API Gateway ask for an access token: without one it takes ID tokens.
        "security": [{AUTHORIZER: list(operation.scopes)}] if operation.scopes else [],
        "responses": {str(operation.status): {"description": operation.summary}},
        "x-amazon-apigateway-integration": {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": "${api_invoke_arn}",
            "timeoutInMillis": INTEGRATION_TIMEOUT_MILLISECONDS,
        },
    }
    if operation.request:
        # An object, and no more: the API names the field that is wrong, API Gateway would not.
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in path_parameters(path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": required, "schema": {"type": "string"}}
        for name, required, _ in query_parameters(operation.query)
    ]


def _preflight(path: str, methods: list[str]) -> dict[str, Any]:
    """The answer to a browser's OPTIONS, given by API Gateway itself without a function."""
    headers = cors_headers() | {
        "Access-Control-Allow-Methods": ",".join(sorted(methods)),
        "Access-Control-Allow-Headers": REQUEST_HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    schema = {"schema": {"type": "string"}}
    answer = {"description": "Preflight answered", "headers": dict.fromkeys(headers, schema)}
    values = {f"method.response.header.{name}": f"'{value}'" for name, value in headers.items()}
    return {
        "parameters": _path_parameters(path),
        "security": [],
        "responses": {"204": answer},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": {"application/json": '{"statusCode": 204}'},
            "responses": {"default": {"statusCode": "204", "responseParameters": values}},
        },
    }

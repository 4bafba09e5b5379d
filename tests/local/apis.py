"""Deploys small REST APIs for the contract tests."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

import requests

from tests.local.functions import deploy

ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""


@dataclass
class Api:
    """A deployed REST API of the target, reached under its own host name."""

    aws: Any
    id: str
    stage: str = "v1"

    def call(self, method: str, path: str, token: str | None = None, **arguments: Any) -> Any:
        """Send one request to the stage; the path goes out as it is written."""
        port = self.aws.api_endpoint.rpartition(":")[2]
        host = f"{self.id}.execute-api.localhost:{port}"
        headers = {"Host": host, **arguments.pop("headers", {})}
        if token is not None:
            headers["Authorization"] = token
        request = requests.Request(method, self.aws.api_endpoint, headers=headers, **arguments)
        prepared = request.prepare()
        query = (prepared.url or "").partition("?")[2]
        prepared.url = f"{self.aws.api_endpoint}/{self.stage}{path}" + (
            f"?{query}" if query else ""
        )
        with requests.Session() as session:
            return session.send(prepared, timeout=60, allow_redirects=False)

    def event(self, method: str, path: str, token: str | None = None, **arguments: Any) -> Any:
        """The event an echoing function got of this request."""
        answer = self.call(method, path, token, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()


def proxy(aws: Any, function_arn: str, **settings: Any) -> dict[str, Any]:
    """An operation answered by a Lambda function."""
    uri = (
        f"arn:aws:apigateway:{aws.region}:lambda:path/2015-03-31/functions/"
        f"{function_arn}/invocations"
    )
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    responses = {"200": {"description": "An answer"}}
    key = "x-amazon-apigateway-integration"
    return {"responses": responses, key: integration, **settings}


def make_api(
    aws: Any, paths: dict[str, Any], pool_arns: list[str] | None = None, **document: Any
) -> Api:
    """Import an OpenAPI 3.0 document and deploy it to stage v1."""
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": pool_arns or [],
        },
    }
    whole = {
        "openapi": "3.0.1",
        "info": {"title": f"test-{uuid.uuid4().hex[:8]}", "version": "1", "description": "-"},
        "paths": paths,
        **document,
    }
    if pool_arns:
        whole.setdefault("components", {})["securitySchemes"] = {"pool": scheme}
    return import_api(aws, whole)


def import_api(aws: Any, document: dict[str, Any]) -> Api:
    client = aws.client("apigateway")
    api_id = client.import_rest_api(body=json.dumps(document).encode())["id"]
    deploy_stage(aws, api_id)
    return Api(aws, api_id)


def deploy_stage(aws: Any, api_id: str, **settings: Any) -> None:
    client = aws.client("apigateway")
    deployment = client.create_deployment(restApiId=api_id)["id"]
    client.create_stage(restApiId=api_id, stageName="v1", deploymentId=deployment, **settings)


def echo(aws: Any) -> str:
    """Deploy a function that answers with its own event."""
    return deploy(aws, ECHO)

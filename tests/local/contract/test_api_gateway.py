"""Deployed REST APIs: routes, validation, the proxy event, and what the gateway answers itself."""

from __future__ import annotations

import json
import uuid

import pytest
import requests

from tests.local.apis import deploy_stage, echo, import_api, make_api, proxy
from tests.local.functions import deploy

pytestmark = pytest.mark.gap

MODEL = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "size": {"$ref": "#/components/schemas/Size"}},
}
VALIDATED = {
    "x-amazon-apigateway-request-validators": {
        "all": {"validateRequestBody": True, "validateRequestParameters": True}
    },
    "x-amazon-apigateway-request-validator": "all",
    "components": {"schemas": {"Size": {"type": "integer", "minimum": 0}}},
}


@pytest.fixture(scope="module")
def api(aws):
    answer = proxy(aws, echo(aws))
    paths = ("/files", "/files/new", "/files/{id}", "/files/{id}/shares/{share}", "/all/{rest+}")
    document = {path: {"get": answer, "post": answer} for path in paths}
    document["/any"] = {"x-amazon-apigateway-any-method": answer}
    return make_api(aws, document, **{"x-amazon-apigateway-binary-media-types": ["image/png"]})


# -- routes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/files", "/files", None),
        ("/files/", "/files", None),
        ("/files/new", "/files/new", None),
        ("/files/7", "/files/{id}", {"id": "7"}),
        ("/files/new/shares/a", "/files/{id}/shares/{share}", {"id": "new", "share": "a"}),
        ("/files/a%2Fb%20c", "/files/{id}", {"id": "a%2Fb%20c"}),
        ("/all/a/b/c", "/all/{rest+}", {"rest": "a/b/c"}),
        ("/any", "/any", None),
    ],
)
def test_a_path_finds_its_resource(api, path, resource, parameters):
    event = api.event("GET", path)
    assert (event["resource"], event["pathParameters"]) == (resource, parameters)
    assert event["path"] == path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/files/7/shares"),
        ("GET", "/all"),
        ("GET", "/files//shares/a"),
        ("GET", "/FILES"),
        ("DELETE", "/files"),
        ("OPTIONS", "/files"),
    ],
)
def test_what_is_not_a_method_is_403(api, method, path):
    answer = api.call(method, path)
    assert answer.status_code == 403
    assert answer.json() == {"message": "Missing Authentication Token"}
    assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_stage_that_is_not_there_is_forbidden(api):
    answer = requests.get(f"{api.aws.api_endpoint}/nostage/files", timeout=10)
    assert (answer.status_code, answer.json()) == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "169.254.169.254"])
def test_a_foreign_host_is_refused(api, host):
    port = api.aws.api_endpoint.rpartition(":")[2]
    answer = api.call("GET", "/files", headers={"Host": f"{host}:{port}"})
    assert answer.status_code == 403
    assert "loopback" in answer.text


def test_a_stage_serves_what_was_deployed_not_what_was_imported_since(aws):
    client = aws.client("apigateway")
    answer = proxy(aws, echo(aws))
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1", "description": "-"}}
    small = import_api(aws, {**document, "paths": {"/old": {"get": answer}}})
    changed = json.dumps({**document, "paths": {"/new": {"get": answer}}}).encode()
    client.put_rest_api(restApiId=small.id, mode="overwrite", body=changed)
    assert small.event("GET", "/old")
    assert small.call("GET", "/new").status_code == 403
    deployment = client.create_deployment(restApiId=small.id)["id"]
    client.update_stage(
        restApiId=small.id,
        stageName="v1",
        patchOperations=[{"op": "replace", "path": "/deploymentId", "value": deployment}],
    )
    assert small.event("GET", "/new")
    assert small.call("GET", "/old").status_code == 403


# -- the event -------------------------------------------------------------------------------


def test_the_event_is_a_rest_proxys(api):
    headers = {"User-Agent": "test", "X-Forwarded-For": "10.9.8.7", "x-custom": "yes"}
    event = api.event("GET", "/files?a=1&a=2&b=x%20y&c=", headers=headers)
    assert event["queryStringParameters"] == {"a": "2", "b": "x y", "c": ""}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x y"], "c": [""]}
    assert event["headers"]["X-Custom"] == "yes"
    assert event["multiValueHeaders"]["X-Custom"] == ["yes"]
    assert event["headers"]["X-Forwarded-For"] == "10.9.8.7, 127.0.0.1"
    assert (event["body"], event["isBase64Encoded"]) == (None, False)
    context = event["requestContext"]
    assert context["identity"]["sourceIp"] == "127.0.0.1"
    assert context["identity"]["userAgent"] == "test"
    assert (context["stage"], context["path"]) == ("v1", "/v1/files")
    assert context["apiId"] == api.id
    assert uuid.UUID(context["requestId"])
    assert "authorizer" not in context


def test_text_arrives_as_text_and_declared_types_as_base64(api):
    text = api.event("POST", "/files", data="é".encode(), headers={"Content-Type": "text/plain"})
    assert (text["body"], text["isBase64Encoded"]) == ("é", False)
    image = api.event("POST", "/files", data=b"\x89PNG", headers={"Content-Type": "image/png"})
    assert (image["body"], image["isBase64Encoded"]) == ("iVBORw==", True)


def test_the_answers_request_id_is_the_events(api):
    answer = api.call("GET", "/files")
    assert answer.headers["x-amzn-RequestId"] == answer.json()["requestContext"]["requestId"]


def test_ten_megabytes_are_the_most(api):
    answer = api.call("POST", "/files", data=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Too Long"})


# -- answers of functions --------------------------------------------------------------------


@pytest.fixture(scope="module")
def saying(aws):
    function = deploy(
        aws,
        """
        import json

        def handler(event, context):
            answer = json.loads(event["body"])
            if answer == "raise":
                raise ValueError("a secret")
            return answer
        """,
    )
    paths = {"/say": {"post": proxy(aws, function)}}
    settings = {"x-amazon-apigateway-binary-media-types": ["image/png"]}
    served = make_api(aws, paths, **settings)
    return lambda answer, **arguments: served.call(
        "POST", "/say", data=json.dumps(answer), **arguments
    )


def test_status_headers_and_body_are_the_functions(saying):
    answer = saying(
        {
            "statusCode": 418,
            "headers": {"X-One": "1", "Content-Type": "text/plain"},
            "multiValueHeaders": {"X-Many": ["a", "b"]},
            "body": "short and stout",
        }
    )
    assert (answer.status_code, answer.text) == (418, "short and stout")
    assert (answer.headers["X-One"], answer.headers["X-Many"]) == ("1", "a, b")
    assert answer.headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    "answer",
    [
        "raise",
        "a string",
        None,
        {},
        {"body": "no status"},
        {"statusCode": "many"},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "more": 1},
        {"statusCode": 200, "headers": {"X-Split": "a\r\nSet-Cookie: b"}},
    ],
)
def test_an_answer_of_another_shape_is_502_and_tells_nothing(saying, answer):
    given = saying(answer)
    assert (given.status_code, given.json()) == (502, {"message": "Internal server error"})
    assert "Set-Cookie" not in given.headers


def test_binary_answers_are_decoded_for_those_who_accept_them(saying):
    answer = {"statusCode": 200, "body": "iVBORw==", "isBase64Encoded": True}
    assert saying(answer, headers={"Accept": "image/png"}).content == b"\x89PNG"
    assert saying(answer, headers={"Accept": "text/html"}).text == "iVBORw=="


def test_a_function_that_is_gone_is_500(aws):
    gone = echo(aws)
    aws.client("lambda").delete_function(FunctionName=gone)
    served = make_api(aws, {"/x": {"get": proxy(aws, gone)}})
    assert served.call("GET", "/x").status_code == 500


def test_a_function_slower_than_the_gateway_waits_is_504(aws):
    slow = deploy(
        aws,
        """
        import time

        def handler(event, context):
            time.sleep(40)
        """,
        Timeout=60,
    )
    served = make_api(aws, {"/x": {"get": proxy(aws, slow)}})
    answer = served.call("GET", "/x")
    assert (answer.status_code, answer.json()) == (504, {"message": "Endpoint request timed out"})


# -- validation ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(aws):
    answer = proxy(aws, echo(aws))
    required = [
        {"name": "X-Kind", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "page", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "size", "in": "query", "schema": {"type": "string"}},
    ]
    body = {"required": True, "content": {"application/json": {"schema": MODEL}}}
    paths = {
        "/list": {"get": {**answer, "parameters": required}},
        "/make": {"post": {**answer, "requestBody": body}},
    }
    return make_api(aws, paths, **VALIDATED)


def test_required_parameters_have_to_be_there(strict):
    answer = strict.call("GET", "/list")
    assert answer.status_code == 400
    assert answer.json() == {"message": "Missing required request parameters: [X-Kind, page]"}
    assert strict.event("GET", "/list?page=1", headers={"x-kind": "a"})


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"text"', "null", "7", "{}", '{"name": 7}', '{"name": "a", "size": -1}'],
)
def test_a_body_that_is_not_of_the_model_is_400(strict, body):
    headers = {"Content-Type": "application/json"}
    answer = strict.call("POST", "/make", data=body, headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"message": "Invalid request body"})


def test_a_body_of_the_model_passes(strict):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    data = json.dumps({"name": "a", "size": 3, "more": True})
    assert strict.event("POST", "/make", data=data, headers=headers)["body"] == data


# -- the gateway's own answers ---------------------------------------------------------------


def test_preflight_is_answered_by_the_document(aws):
    key = "method.response.header."
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 204}'},
        "responses": {
            "default": {
                "statusCode": "204",
                "responseParameters": {
                    f"{key}Access-Control-Allow-Origin": "'http://localhost:5173'",
                    f"{key}Access-Control-Allow-Methods": "'GET,OPTIONS'",
                },
            }
        },
    }
    answer = {"responses": {"204": {"description": "Allowed"}}}
    answer["x-amazon-apigateway-integration"] = integration
    served = make_api(aws, {"/x": {"options": answer}})
    given = served.call("OPTIONS", "/x", headers={"Origin": "http://localhost:5173"})
    assert given.status_code == 204
    assert given.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    assert given.headers["Access-Control-Allow-Methods"] == "GET,OPTIONS"


def test_gateway_responses_are_shaped_by_the_document(aws):
    template = (
        '{"type":"$context.error.responseType","title":$context.error.messageString,'
        '"instance":"$context.requestId","unknown":"$context.nothing"}'
    )
    shaped = {
        "responseParameters": {"gatewayresponse.header.X-Frame": "'DENY'"},
        "responseTemplates": {"application/problem+json": template},
    }
    special = {**shaped, "statusCode": 404}
    settings = {
        "x-amazon-apigateway-gateway-responses": {
            "DEFAULT_4XX": shaped,
            "MISSING_AUTHENTICATION_TOKEN": special,
        },
        **VALIDATED,
    }
    required = [{"name": "page", "in": "query", "required": True, "schema": {"type": "string"}}]
    paths = {"/x": {"get": {**proxy(aws, echo(aws)), "parameters": required}}}
    served = make_api(aws, paths, **settings)
    missing = served.call("GET", "/nothing")
    assert (missing.status_code, missing.headers["X-Frame"]) == (404, "DENY")
    bad = served.call("GET", "/x")
    assert bad.status_code == 400
    assert bad.headers["Content-Type"] == "application/problem+json"
    assert bad.json() == {
        "type": "BAD_REQUEST_PARAMETERS",
        "title": "Missing required request parameters: [page]",
        "instance": bad.headers["x-amzn-RequestId"],
        "unknown": "-",
    }


def test_requests_are_logged_in_the_stages_format(aws):
    group = f"/test/{uuid.uuid4().hex[:8]}"
    logs = aws.client("logs")
    logs.create_log_group(logGroupName=group)
    served = make_api(aws, {"/x": {"get": proxy(aws, echo(aws))}})
    form = (
        '{"id":"$context.requestId","status":$context.status,"agent":"$context.identity.userAgent"}'
    )
    operations = {
        "destinationArn": f"arn:aws:logs:{aws.region}:123456789012:log-group:{group}",
        "format": form,
    }
    aws.client("apigateway").update_stage(
        restApiId=served.id,
        stageName="v1",
        patchOperations=[
            {"op": "replace", "path": f"/accessLogSettings/{name}", "value": value}
            for name, value in operations.items()
        ],
    )
    answer = served.call("GET", "/x", headers={"User-Agent": 'a "quoted" agent'})
    events = aws.eventually(lambda: logs.filter_log_events(logGroupName=group)["events"])
    assert json.loads(events[0]["message"]) == {
        "id": answer.headers["x-amzn-RequestId"],
        "status": 200,
        "agent": 'a "quoted" agent',
    }


def test_an_authorizer_that_cannot_be_enforced_closes_the_api(aws):
    scheme = {"type": "apiKey", "name": "X-Key", "in": "header"}
    answer = {**proxy(aws, echo(aws)), "security": [{"key": []}]}
    served = make_api(aws, {"/x": {"get": answer}}, components={"securitySchemes": {"key": scheme}})
    assert served.call("GET", "/x").status_code == 500


def test_stage_variables_reach_the_function(aws):
    client = aws.client("apigateway")
    document = {"openapi": "3.0.1", "info": {"title": "t", "version": "1", "description": "-"}}
    document["paths"] = {"/x": {"get": proxy(aws, echo(aws))}}
    api_id = client.import_rest_api(body=json.dumps(document).encode())["id"]
    deploy_stage(aws, api_id, variables={"colour": "green"})
    served = make_api(aws, {"/y": {"get": proxy(aws, echo(aws))}})
    served.id = api_id
    assert served.event("GET", "/x")["stageVariables"] == {"colour": "green"}

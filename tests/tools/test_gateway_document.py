import json
import re

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

from app.contract.operations import OPERATIONS
from app.contract.problems import PROBLEMS
from tools.gateway_document import document

REFUSALS_OF_ITS_OWN = {
    "forbidden",
    "missing_parameter",
    "refused",
    "timeout",
    "too_many_requests",
    "unavailable",
}


@pytest.fixture(scope="module")
def gateway():
    return json.loads(json.dumps(document("1.2.3")))


def operations(gateway):
    return [
        (method.upper(), path, operation)
        for path, methods in gateway["paths"].items()
        for method, operation in methods.items()
    ]


def responses(gateway):
    return gateway["x-amazon-apigateway-gateway-responses"]


def test_the_document_is_valid_openapi_3_0(gateway):
    OpenAPIV30SpecValidator(gateway).validate()


def test_it_has_every_operation_of_the_registry_and_a_preflight_for_each_path(gateway):
    found = {(method, path) for method, path, _ in operations(gateway)}
    assert {pair for pair in found if pair[0] != "OPTIONS"} == {
        (one.method, one.path) for one in OPERATIONS
    }
    assert {path for method, path in found if method == "OPTIONS"} == set(gateway["paths"])


def test_every_operation_but_the_open_ones_asks_for_a_token_with_a_scope(gateway):
    scopes = {(one.method, one.path): list(one.scopes) for one in OPERATIONS}
    for method, path, operation in operations(gateway):
        wanted = scopes.get((method, path), [])
        assert operation["security"] == ([{"user_pool": wanted}] if wanted else [])


def test_the_authorizer_is_the_user_pool(gateway):
    authorizer = gateway["components"]["securitySchemes"]["user_pool"]
    assert authorizer["x-amazon-apigateway-authtype"] == "cognito_user_pools"
    assert authorizer["x-amazon-apigateway-authorizer"]["providerARNs"] == ["${user_pool_arn}"]


def test_requests_are_validated_before_a_function_runs(gateway):
    validator = gateway["x-amazon-apigateway-request-validator"]
    assert gateway["x-amazon-apigateway-request-validators"][validator] == {
        "validateRequestBody": True,
        "validateRequestParameters": True,
    }


def test_placeholders_are_the_three_that_terraform_fills(gateway):
    text = json.dumps(gateway)
    found = set(re.findall(r"\$\{(\w*)", text))
    assert found == {"api_invoke_arn", "user_pool_arn", "allowed_origin"}
    assert "%{" not in text


def test_a_preflight_names_the_methods_of_its_path_and_one_origin(gateway):
    for path, methods in gateway["paths"].items():
        integration = methods["options"]["x-amazon-apigateway-integration"]
        assert integration["type"] == "mock"
        headers = integration["responses"]["default"]["responseParameters"]
        prefix = "method.response.header.Access-Control-Allow"
        expected = sorted({one.method for one in OPERATIONS if one.path == path})
        assert headers[f"{prefix}-Methods"] == f"'{','.join(expected)}'"
        assert headers[f"{prefix}-Origin"] == "'${allowed_origin}'"


def test_every_answer_of_the_gateway_itself_is_a_problem_document(gateway):
    for answer in responses(gateway).values():
        body = json.loads(answer["responseTemplates"]["application/json"])
        assert {"type", "title", "detail", "code"} <= set(body)
        assert body["type"] == f"urn:waybill:problem:{body['code']}"
        assert body["code"] in {*PROBLEMS, *REFUSALS_OF_ITS_OWN}
        if "statusCode" in answer:
            assert str(body["status"]) == answer["statusCode"]


def test_every_answer_of_the_gateway_itself_carries_the_headers_of_the_product(gateway):
    expected = {
        "Content-Type": "'application/problem+json'",
        "Strict-Transport-Security": "'max-age=63072000; includeSubDomains'",
        "X-Content-Type-Options": "'nosniff'",
        "Cache-Control": "'no-store'",
        "Access-Control-Allow-Origin": "'${allowed_origin}'",
        "Vary": "'Origin'",
    }
    for answer in responses(gateway).values():
        headers = answer["responseParameters"]
        for name, value in expected.items():
            assert headers[f"gatewayresponse.header.{name}"] == value


def test_the_gateway_tells_nothing_about_its_insides(gateway):
    assert "$context" not in json.dumps(responses(gateway))


def test_both_ways_of_having_no_valid_token_are_401_with_a_challenge(gateway):
    for kind in ("UNAUTHORIZED", "EXPIRED_TOKEN"):
        answer = responses(gateway)[kind]
        assert answer["statusCode"] == "401"
        headers = answer["responseParameters"]
        assert headers["gatewayresponse.header.WWW-Authenticate"] == "'Bearer'"


def test_an_address_that_is_not_there_is_not_found(gateway):
    assert responses(gateway)["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"

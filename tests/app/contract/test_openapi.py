import json

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.contract.openapi import document
from app.contract.operations import OPERATIONS
from app.contract.problems import PROBLEMS


@pytest.fixture(scope="module")
def openapi():
    return json.loads(json.dumps(document("1.2.3")))


def described(openapi):
    return {
        (method.upper(), path): operation
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_valid_openapi_3_1(openapi):
    OpenAPIV31SpecValidator(openapi).validate()
    assert openapi["info"]["version"] == "1.2.3"


def test_it_has_every_operation_of_the_registry_and_no_other(openapi):
    assert set(described(openapi)) == {(one.method, one.path) for one in OPERATIONS}


def test_every_operation_states_who_may_call_it(openapi):
    for one in OPERATIONS:
        operation = described(openapi)[one.method, one.path]
        assert operation["x-waybill-caller"] == one.caller
        assert bool(operation["security"]) == (one.caller != "anyone")


def test_the_same_registry_gives_the_same_document():
    assert json.dumps(document("1")) == json.dumps(document("1"))


def test_requests_refuse_unknown_fields_in_the_document_too(openapi):
    for one in OPERATIONS:
        if one.request:
            schema = openapi["components"]["schemas"][one.request.__name__]
            assert schema["additionalProperties"] is False


def test_every_refusal_is_a_problem_document_that_names_its_codes(openapi):
    for one in OPERATIONS:
        operation = described(openapi)[one.method, one.path]
        for code in one.problems:
            refusal = operation["responses"][str(PROBLEMS[code].status)]
            assert f"`{code}`" in refusal["description"]
            assert list(refusal["content"]) == ["application/problem+json"]

"""The API's public document, OpenAPI 3.1, made from the operation registry and the models.

API Gateway is given another one (`tools/gateway_document.py`): it reads OpenAPI 3.0 only, and
checks less than the API itself does.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from app.contract.models import ProblemDetails
from app.contract.operations import OPERATIONS
from app.contract.problems import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

    from app.contract.operations import Operation

    # Keyed by model and mode, as pydantic gives them; a model may also be a dataclass there.
    Schemas = dict[tuple[Any, JsonSchemaMode], dict[str, Any]]

PROBLEM_TYPE = "application/problem+json"
CALLERS = {
    "anyone": "Anyone may call this.",
    "person": "Anyone signed in may call this.",
    "admin": "Members of the group `admins` may call this.",
}
ACCESS_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the user pool (authorization code with PKCE). ID tokens are "
    "refused. The names listed with an operation are scopes, any one of which is enough.",
}


def document(version: str) -> dict[str, Any]:
    """The whole document, ready for `json.dumps`; the same registry gives the same document."""
    schemas, definitions = models_json_schema(
        sorted(_models(OPERATIONS), key=lambda model: (model[0].__name__, model[1])),
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Waybill",
            "version": version,
            "summary": "Hands files over from your own AWS account, and proves who took what.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/v1"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in OPERATIONS)],
        "paths": _paths(schemas),
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"access_token": ACCESS_TOKEN},
        },
    }


def path_parameters(path: str) -> list[str]:
    """The names in braces, in order: `/files/{file_id}/shares` has `file_id`."""
    return re.findall(r"{(\w+)}", path)


def query_parameters(model: type[BaseModel] | None) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """Name, whether it must be there, and JSON Schema of each query parameter."""
    schema = model.model_json_schema(by_alias=True) if model else {}
    for name, definition in schema.get("properties", {}).items():
        yield name, name in schema.get("required", ()), definition


def _models(operations: Iterable[Operation]) -> set[tuple[type[BaseModel], JsonSchemaMode]]:
    found: set[tuple[type[BaseModel], JsonSchemaMode]] = {(ProblemDetails, "serialization")}
    for operation in operations:
        if operation.request:
            found.add((operation.request, "validation"))
        if operation.response:
            found.add((operation.response, "serialization"))
    return found


def _paths(schemas: Schemas) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in OPERATIONS:
        methods = paths.setdefault(operation.path, {})
        methods[operation.method.lower()] = _operation(operation, schemas)
    return paths


def _operation(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": CALLERS[operation.caller],
        "x-waybill-caller": operation.caller,
        "security": [{"access_token": list(operation.scopes)}] if operation.scopes else [],
        "responses": _success(operation, schemas) | _refusals(operation, schemas),
    }
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.request:
        schema = schemas[(operation.request, "validation")]
        content = {"application/json": {"schema": schema}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in path_parameters(operation.path)
    ]
    in_query = [
        {"name": name, "in": "query", "required": required, "schema": schema}
        for name, required, schema in query_parameters(operation.query)
    ]
    return in_path + in_query


def _success(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.response:
        schema = schemas[(operation.response, "serialization")]
        response["content"] = {"application/json": {"schema": schema}}
    return {str(operation.status): response}


def _refusals(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    def status(code: str) -> int:
        return PROBLEMS[code].status

    codes = sorted(operation.problems, key=lambda code: (status(code), code))
    return {
        str(number): _refusal(list(same), schemas) for number, same in groupby(codes, key=status)
    }


def _refusal(codes: list[str], schemas: Schemas) -> dict[str, Any]:
    """One response for all problems of one status, which it names."""
    titles = "; ".join(f"`{code}`: {PROBLEMS[code].title}" for code in codes)
    schema = schemas[(ProblemDetails, "serialization")]
    return {"description": titles, "content": {PROBLEM_TYPE: {"schema": schema}}}

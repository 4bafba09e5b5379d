"""Reads an OpenAPI 3.0 or Swagger 2.0 document with API Gateway's extensions into routes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from jsonschema import Draft4Validator

Document = dict[str, Any]

_EXTENSION = "x-amazon-apigateway-"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_FUNCTION = re.compile(r":lambda:path/[\d-]+/functions/(.+)/invocations$")
ANY = "ANY"


@dataclass(frozen=True)
class CognitoAuthorizer:
    """User pools whose tokens open a method; with scopes, access tokens alone do."""

    pool_arns: tuple[str, ...]
    header: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Validation:
    """What has to be there: (place, name) pairs, and a model for each content type."""

    parameters: tuple[tuple[str, str], ...] = ()
    body_required: bool = False
    models: dict[str, Draft4Validator] = field(default_factory=dict)


@dataclass(frozen=True)
class Method:
    """One method of one resource, ready to serve."""

    resource: str
    verb: str
    integration: dict[str, Any]
    authorizer: CognitoAuthorizer | None
    validation: Validation

    @cached_property
    def kind(self) -> str:
        return str(self.integration.get("type", "")).lower()

    @cached_property
    def function_arn(self) -> str | None:
        found = _FUNCTION.search(self.integration.get("uri") or "")
        return found.group(1) if found else None


def read_methods(document: Document) -> list[Method]:
    """Every method. Raises ValueError for an authorizer that cannot be enforced here."""
    methods = []
    for resource, item in document.get("paths", {}).items():
        for key, operation in item.items():
            verb = ANY if key == f"{_EXTENSION}any-method" else key.upper()
            if verb == ANY or key in _METHODS:
                shared = item.get("parameters", [])
                methods.append(_method(document, resource, verb, operation, shared))
    return methods


def _method(
    document: Document, resource: str, verb: str, operation: dict[str, Any], shared: list[Any]
) -> Method:
    return Method(
        resource=resource,
        verb=verb,
        integration=operation.get(f"{_EXTENSION}integration") or {},
        authorizer=_authorizer(document, operation),
        validation=_validation(document, operation, shared),
    )


def _authorizer(document: Document, operation: dict[str, Any]) -> CognitoAuthorizer | None:
    wanted = operation.get("security", document.get("security")) or []
    if not wanted:
        return None
    (name, scopes), *others = wanted[0].items()
    if others or len(wanted) > 1:
        raise ValueError("API Gateway takes one security requirement for a method")
    schemes = (document.get("components") or {}).get("securitySchemes") or {}
    scheme = {**schemes, **(document.get("securityDefinitions") or {})}[name]
    if scheme.get(f"{_EXTENSION}authtype") != "cognito_user_pools":
        # Letting such a method through unauthenticated would be the one wrong answer.
        raise ValueError(f"the authorizer {name} is not of type cognito_user_pools")
    arns = scheme[f"{_EXTENSION}authorizer"]["providerARNs"]
    return CognitoAuthorizer(tuple(arns), scheme.get("name", "Authorization"), frozenset(scopes))


def _validation(document: Document, operation: dict[str, Any], shared: list[Any]) -> Validation:
    key = f"{_EXTENSION}request-validator"
    name = operation.get(key, document.get(key))
    rules = (document.get(f"{_EXTENSION}request-validators") or {}).get(name) or {}
    given = [_resolved(document, p) for p in [*shared, *operation.get("parameters", [])]]
    parameters: tuple[tuple[str, str], ...] = ()
    if rules.get("validateRequestParameters"):
        parameters = tuple(
            (p["in"], p["name"]) for p in given if p.get("required") and p["in"] != "body"
        )
    if not rules.get("validateRequestBody"):
        return Validation(parameters)
    return Validation(parameters, _body_required(operation), _models(document, operation, given))


def _body_required(operation: dict[str, Any]) -> bool:
    return bool((operation.get("requestBody") or {}).get("required"))


def _models(
    document: Document, operation: dict[str, Any], parameters: list[dict[str, Any]]
) -> dict[str, Draft4Validator]:
    content = (operation.get("requestBody") or {}).get("content") or {}
    schemas = {kind.lower(): media.get("schema") for kind, media in content.items()}
    for parameter in parameters:
        if parameter["in"] == "body":
            schemas["application/json"] = parameter["schema"]
    # References are relative to the whole document, so its models come along.
    shared = {name: document[name] for name in ("components", "definitions") if name in document}
    return {
        kind: Draft4Validator({**shared, "allOf": [schema]})
        for kind, schema in schemas.items()
        if schema
    }


def _resolved(document: Document, item: dict[str, Any]) -> dict[str, Any]:
    found: Any = item
    if "$ref" in item:
        found = document
        for part in item["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    resolved: dict[str, Any] = found
    return resolved

"""REST APIs imported from an OpenAPI document, as moto keeps and reads them back.

moto refuses Swagger 2.0 (which API Gateway takes), fails on anything in a path that is not a
method and on integrations without a backend, ignores authorizers, scopes and media types, and
returns a policy that no client can parse. Serving the API is api_gateway.py's part; it keeps the
document itself.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from __future__ import annotations

import copy
import json
from typing import Any

from local.patching import patch

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
_ANY = "x-amazon-apigateway-any-method"
_BACKEND = "moto.apigateway.models:APIGatewayBackend"


@patch(f"{_BACKEND}.put_rest_api")
def _put_rest_api(
    original: Any, self: Any, function_id: str, api_doc: dict[str, Any], **options: Any
) -> Any:
    document = _for_moto(api_doc)
    if options.get("mode", "merge") == "merge":
        _remove_given_resources(self.get_rest_api(function_id), document)
    api = original(self, function_id, document, **options)
    _take_settings(api, document)
    _protect_methods(api, document, _take_authorizers(self, api, document))
    return api


def _for_moto(given: dict[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(given)
    if document.pop("swagger", None) is not None:
        document["openapi"] = "3.0.1"
    for path, item in document["paths"].items():
        methods = {
            "any" if name == _ANY else name: operation
            for name, operation in item.items()
            if name in _METHODS or name == _ANY
        }
        for operation in methods.values():
            integration = operation.get("x-amazon-apigateway-integration")
            if integration is not None:
                # A mock has neither; moto asks for both.
                integration.setdefault("uri", "")
                integration.setdefault("httpMethod", "")
        document["paths"][path] = methods
    return document


def _remove_given_resources(api: Any, document: dict[str, Any]) -> None:
    # moto would add a second resource of the same path beside the first.
    for path, methods in document["paths"].items():
        resource = api.get_resource_for_path(path)
        if resource is not None and resource.parent_id is not None:
            methods_kept = resource.resource_methods
            del api.resources[resource.id]
            document["paths"][path] = {**_operations(methods_kept), **methods}


def _operations(methods: dict[str, Any]) -> dict[str, Any]:
    return {
        name.lower(): {
            "x-amazon-apigateway-integration": {
                key: value
                for key, value in method.method_integration.to_json().items()
                if value is not None
            }
        }
        if method.method_integration
        else {}
        for name, method in methods.items()
    }


def _take_settings(api: Any, document: dict[str, Any]) -> None:
    media_types = document.get("x-amazon-apigateway-binary-media-types")
    if media_types is not None:
        api.binaryMediaTypes = list(media_types)
    policy = document.get("x-amazon-apigateway-policy")
    if policy is not None:
        api.policy = json.dumps(policy)
    description = document.get("info", {}).get("description")
    if description is not None:
        api.description = description


def _take_authorizers(
    backend: Any, api: Any, document: dict[str, Any]
) -> dict[str, tuple[str, str | None]]:
    """Create the document's authorizers; return each scheme's authorization type and id."""
    components = document.get("components", {}).get("securitySchemes", {})
    schemes = {**document.get("securityDefinitions", {}), **components}
    api.authorizers = {
        key: value for key, value in api.authorizers.items() if value.name not in schemes
    }
    found: dict[str, tuple[str, str | None]] = {}
    for name, scheme in schemes.items():
        given = scheme.get("x-amazon-apigateway-authorizer")
        if given is None:
            kind = str(scheme.get("x-amazon-apigateway-authtype", "NONE")).lower()
            found[name] = ("AWS_IAM" if kind == "awssigv4" else "NONE", None)
            continue
        kind = given["type"].upper()
        authorizer = backend.create_authorizer(
            api.id,
            name,
            kind,
            provider_arns=given.get("providerARNs"),
            auth_type=scheme.get("x-amazon-apigateway-authtype"),
            authorizer_uri=given.get("authorizerUri"),
            authorizer_credentials=given.get("authorizerCredentials"),
            identity_source=given.get("identitySource", "method.request.header.Authorization"),
            authorizer_result_ttl=given.get("authorizerResultTtlInSeconds"),
        )
        pool = kind == "COGNITO_USER_POOLS"
        found[name] = ("COGNITO_USER_POOLS" if pool else "CUSTOM", authorizer.id)
    return found


def _protect_methods(
    api: Any, document: dict[str, Any], schemes: dict[str, tuple[str, str | None]]
) -> None:
    for path, operations in document["paths"].items():
        resource = api.get_resource_for_path(path)
        for name, operation in operations.items():
            method = resource.resource_methods[name.upper()]
            method.operation_name = operation.get("operationId")
            method.authorization_type = "NONE"
            for requirement in operation.get("security", document.get("security", [])):
                for scheme, scopes in requirement.items():
                    kind, authorizer = schemes.get(scheme, ("NONE", None))
                    method.authorization_type, method.authorizer_id = kind, authorizer
                    method.authorization_scopes = scopes or None


@patch("moto.apigateway.models:RestAPI.to_dict")
def _to_dict(original: Any, self: Any) -> Any:
    """Escape the policy as API Gateway does: its value is the inside of a JSON string."""
    described = original(self)
    if self.policy:
        described["policy"] = json.dumps(self.policy)[1:-1]
    return described


@patch("moto.apigateway.models:RestAPI.apply_patch_operations")
def _apply_patch_operations(original: Any, self: Any, patch_operations: list[Any]) -> None:
    """Apply what moto misreads: media types are named in the path, booleans are words."""
    rest = []
    for operation in patch_operations:
        path, value = operation["path"], operation.get("value")
        if path.startswith("/binaryMediaTypes/"):
            _change_media_type(self, operation)
        elif path == "/disableExecuteApiEndpoint":
            self.disableExecuteApiEndpoint = str(value).lower() == "true"
        elif path == "/minimumCompressionSize":
            self.minimum_compression_size = int(value) if value else None
        else:
            rest.append(operation)
    original(self, rest)


def _change_media_type(api: Any, operation: dict[str, Any]) -> None:
    # RFC 6901: ~1 stands for a slash, ~0 for a tilde.
    named = operation["path"].split("/", 2)[2].replace("~1", "/").replace("~0", "~")
    kept = [media_type for media_type in api.binaryMediaTypes if media_type != named]
    if operation["op"] == "add":
        kept.append(named)
    elif operation["op"] == "replace" and operation.get("value"):
        kept.append(operation["value"])
    api.binaryMediaTypes = kept

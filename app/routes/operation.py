"""Binds a view to its entry in the operation registry: path, method, input, output, errors."""

from __future__ import annotations

import functools
import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chalice import CognitoUserPoolAuthorizer, Response
from pydantic import ValidationError

from app.contract.operations import BY_ID, Operation
from app.contract.problems import INTERNAL_ERROR, INVALID_REQUEST, MALFORMED_JSON, TOO_LARGE
from app.domain.sharing import FieldFault
from app.routes.caller import caller_of
from app.routes.problems import ProblemError, problem_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice import Blueprint
    from chalice.app import Request
    from pydantic import BaseModel

LARGEST_BODY_BYTES = 64 * 1024
# The pool's ARN stands in API Gateway's document, which Terraform deploys; Chalice's own
# deployment, which would read it here, is not used.
_SIGNED_IN = CognitoUserPoolAuthorizer("people", provider_arns=["*"])
_logger = logging.getLogger(__name__)


def operation(blueprint: Blueprint, operation_id: str) -> Callable[[Callable[..., Any]], Any]:
    """Register a view under its operation.

    The view gets `caller` where the operation asks for a person, `body` and `query` as validated
    models where it has them, and path parameters decoded (API Gateway leaves them encoded).
    """
    spec = BY_ID[operation_id]

    def register(view: Callable[..., Any]) -> Any:
        @functools.wraps(view)
        def answer(**path: str) -> Response:
            request = blueprint.current_request
            try:
                given = {name: unquote(value) for name, value in path.items()}
                return _success(spec, view(**given, **_inputs(spec, request)))
            except ProblemError as problem:
                return problem_response(problem.code, problem.errors)
            except Exception:
                _logger.exception("%s failed", spec.id)
                return problem_response(INTERNAL_ERROR)

        authorizer = _SIGNED_IN.with_scopes(list(spec.scopes)) if spec.scopes else None
        # No `cors` here: True would be Chalice's default, any origin, in place of the app's own.
        blueprint.route(spec.path, methods=[spec.method], authorizer=authorizer, name=spec.id)(
            answer
        )
        return view

    return register


def _inputs(spec: Operation, request: Request) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if spec.scopes:
        inputs["caller"] = caller_of(request.context)
    if spec.request is not None:
        inputs["body"] = _validated(spec.request, _json_object(request.raw_body))
    if spec.query is not None:
        inputs["query"] = _validated(spec.query, dict(request.query_params or {}))
    return inputs


def _json_object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LARGEST_BODY_BYTES:
        raise ProblemError(TOO_LARGE)
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise ProblemError(MALFORMED_JSON) from None
    if not isinstance(document, dict):
        raise ProblemError(MALFORMED_JSON)
    return document


def _validated(model: type[BaseModel], values: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        raise ProblemError(INVALID_REQUEST, _faults(invalid)) from None


def _faults(invalid: ValidationError) -> list[FieldFault]:
    """Every fault with its field, without the value: an answer does not repeat what it was sent."""
    return [
        FieldFault(".".join(str(part) for part in error["loc"]), _sentence(error["msg"]))
        for error in invalid.errors(include_url=False, include_context=False, include_input=False)
    ]


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")


def _success(spec: Operation, body: Any) -> Response:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Response(text, headers, spec.status)

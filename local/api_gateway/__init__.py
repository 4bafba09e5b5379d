"""API Gateway's data plane for REST APIs: deployed stages served at `/<stage>/<path>`.

moto keeps the control plane and serves no stage whose document uses authorizers. Differs from
AWS: throttling, usage plans, caching and resource policies are kept by moto and not enforced
here; VTL templates are limited to `$context` variables; one API is reached by the stage's name
alone (the one deployed last), or as `<api id>.execute-api.localhost`.
"""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from local import guard
from local.api_gateway import authorizer
from local.api_gateway.access_logs import log_access
from local.api_gateway.integrations import integrate
from local.api_gateway.request import Request, read_headers
from local.api_gateway.responses import Answer, GatewayError, gateway_answer
from local.api_gateway.stages import Served, find, remember_document
from local.http_server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from local.api_gateway.document import Method

__all__ = ["remember_document", "serve"]

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 10 * 1024 * 1024
_NO_STAGE = b'{"message":"Forbidden"}'


def serve(port: int) -> Server:
    """Bind the API's port (0 takes a free one). The caller starts and stops the server."""
    server = Server(None, port)
    server.app = guard.middleware(application, server.port)
    return server


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer one request to a stage."""
    raw_path = environ["RAW_URI"].partition("?")[0]
    _, stage_name, *rest = raw_path.split("/", 2)
    served = find(environ.get("HTTP_HOST", ""), stage_name)
    if served is None:
        return _send(
            start_response, Answer(403, [("Content-Type", "application/json")], _NO_STAGE), "-"
        )
    request = _request(environ, served, f"/{rest[0]}" if rest else "/")
    answer = _answer(request, served)
    log_access(request, served.stage, answer)
    return _send(start_response, answer, request.id)


def _request(environ: WSGIEnvironment, served: Served, path: str) -> Request:
    return Request(
        api_id=served.deployment.api_id,
        stage=served.stage.name,
        verb=environ["REQUEST_METHOD"],
        path=path,
        query=environ.get("QUERY_STRING", ""),
        headers=read_headers(environ),
        body=environ["wsgi.input"].read(),
        source_ip=environ["REMOTE_ADDR"],
        protocol=environ["SERVER_PROTOCOL"],
    )


def _answer(request: Request, served: Served) -> Answer:
    settings = {}
    try:
        settings = served.deployment.gateway_responses
        method = _method(request, served)
        _authorize(request, method)
        _validate(request, method)
        return integrate(request, method, served.stage, served.deployment.binary_types)
    except GatewayError as error:
        return gateway_answer(settings, request, error)
    except Exception:
        log.exception("%s %s", request.verb, request.path)
        return gateway_answer(settings, request, GatewayError("API_CONFIGURATION_ERROR"))


def _method(request: Request, served: Served) -> Method:
    found = served.deployment.router.find(request.verb, request.path)
    if found is None:
        raise GatewayError("MISSING_AUTHENTICATION_TOKEN")
    if len(request.body) > LARGEST_BODY_BYTES:
        raise GatewayError("REQUEST_TOO_LARGE")
    request.method, request.parameters = found
    return found[0]


def _authorize(request: Request, method: Method) -> None:
    if method.authorizer is None:
        return
    try:
        token = request.header(method.authorizer.header)
        request.claims = authorizer.authorize(method.authorizer, token)
    except authorizer.Refused as refused:
        raise GatewayError("UNAUTHORIZED", str(refused)) from None


def _validate(request: Request, method: Method) -> None:
    rules = method.validation
    missing = [name for place, name in rules.parameters if not _present(request, place, name)]
    if missing:
        names = ", ".join(missing)
        raise GatewayError(
            "BAD_REQUEST_PARAMETERS", f"Missing required request parameters: [{names}]"
        )
    model = rules.models.get(request.content_type)
    if model is None or not (request.body or rules.body_required):
        return
    if not model.is_valid(_parsed(request.body)):
        raise GatewayError("BAD_REQUEST_BODY")


def _present(request: Request, place: str, name: str) -> bool:
    if place == "header":
        return bool(request.header(name))
    if place == "query":
        return any(request.query_values().get(name, []))
    return bool(request.parameters.get(name))


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise GatewayError("BAD_REQUEST_BODY") from None


def _send(start_response: StartResponse, answer: Answer, request_id: str) -> Iterable[bytes]:
    headers = [*answer.headers, ("x-amzn-RequestId", request_id)]
    start_response(f"{answer.status} {_phrase(answer.status)}", headers)
    return [answer.body]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Status"

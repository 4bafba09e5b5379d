"""Documents as they were imported, as they were deployed, and the stage a request means.

Wrong in moto: the import keeps a part of the document, and a deployment keeps nothing of it.
"""

from __future__ import annotations

import copy
import json
import threading
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from local.api_gateway.document import Document, read_methods
from local.api_gateway.routes import Router
from local.patching import patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable

_RESPONSE = "moto.apigateway.responses:APIGatewayResponse"
_HOST_MARK = ".execute-api."
_REDIRECTION = 300

_documents: dict[str, Document] = {}
_deployed: dict[tuple[str, str], Deployment] = {}
_lock = threading.Lock()


class Deployment:
    """A document frozen by CreateDeployment; it is compiled when it is first served."""

    def __init__(self, api_id: str, document: Document, order: int) -> None:
        self.api_id = api_id
        self.document = copy.deepcopy(document)
        self.order = order

    @cached_property
    def router(self) -> Router:
        return Router(read_methods(self.document))

    @cached_property
    def gateway_responses(self) -> dict[str, Any]:
        return self.document.get("x-amazon-apigateway-gateway-responses") or {}

    @cached_property
    def binary_types(self) -> list[str]:
        return [
            t.lower() for t in self.document.get("x-amazon-apigateway-binary-media-types") or []
        ]


@dataclass(frozen=True)
class Served:
    """A stage and what is deployed to it. `stage` is moto's."""

    deployment: Deployment
    stage: Any


def remember_document(rest_api_id: str, document: Document, *, merge: bool = False) -> None:
    """Keep a REST API's document as it was given; with `merge` its paths join those there are."""
    with _lock:
        before = _documents.get(rest_api_id) if merge else None
        if before is not None:
            document = {**before, **document, "paths": {**before["paths"], **document["paths"]}}
        _documents[rest_api_id] = document


def deploy(rest_api_id: str, deployment_id: str) -> None:
    """Freeze the document as it stands for a deployment."""
    with _lock:
        document = _documents.get(rest_api_id)
        if document is not None:
            order = len(_deployed)
            _deployed[rest_api_id, deployment_id] = Deployment(rest_api_id, document, order)


def find(host: str, stage_name: str) -> Served | None:
    """The stage of that name: of the API the host names, or of the one deployed last."""
    apis = _backend().apis
    named, mark, _ = host.partition(_HOST_MARK)
    candidates = [named] if mark else list(apis)
    found = None
    for api_id in candidates:
        stage = apis[api_id].stages.get(stage_name) if api_id in apis else None
        deployment = _deployed.get((api_id, stage.deployment_id)) if stage else None
        if deployment and (found is None or deployment.order > found.deployment.order):
            found = Served(deployment, stage)
    return found


@cache
def _backend() -> Any:
    from moto.apigateway.models import apigateway_backends

    return apigateway_backends[RUNTIME.account][RUNTIME.region]


def _document(body: str | bytes) -> Document | None:
    from moto.apigateway.utils import deserialize_body

    document = deserialize_body(body) if body else None
    known = isinstance(document, dict) and ("openapi" in document or "swagger" in document)
    return document if known else None


def _api_id(path: str) -> str:
    return path.split("/")[2]


@patch(f"{_RESPONSE}.create_rest_api")
def create_rest_api(original: Callable[..., Any], self: Any) -> Any:
    document = _document(self.body)
    answer = original(self)
    if document is not None and answer[0] < _REDIRECTION:
        remember_document(json.loads(answer[2])["id"], document)
    return answer


@patch(f"{_RESPONSE}.put_rest_api")
def put_rest_api(original: Callable[..., Any], self: Any) -> Any:
    document = _document(self.body)
    merge = self._get_param("mode", "merge") != "overwrite"
    answer = original(self)
    if document is not None and answer[0] < _REDIRECTION:
        remember_document(_api_id(self.path), document, merge=merge)
    return answer


@patch(f"{_RESPONSE}.create_deployment")
def create_deployment(original: Callable[..., Any], self: Any) -> Any:
    answer = original(self)
    if answer[0] < _REDIRECTION:
        deploy(_api_id(self.path), json.loads(answer[2])["id"])
    return answer

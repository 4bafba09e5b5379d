"""Puts the embedded AWS together: moto, the services' patches and layers, and its two ports."""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
import json
import logging
import os
import sys
import types
from typing import TYPE_CHECKING, Any

# Read by moto at import. CORS is answered by the services themselves, not for everybody.
os.environ["MOTO_DISABLE_GLOBAL_CORS"] = "true"
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
# A second of start-up time for machine images nobody asks for.
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"

from local import api_gateway, guard, lambdas
from local.http_server import Server
from local.patching import apply_all, patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# In the order in which their middleware sees a request, outermost first.
SERVICES = (
    "mail",
    "calls",
    "cognito",
    "s3",
    "sns",
    "ses",
    "lambdas.api",
    "logs",
    "kms",
    "api_gateway.imports",
    "api_gateway",
    "dynamodb",
    "step_functions",
    "lambdas.operations",
    "lambdas.events",
)


@patch("moto.core.responses:BaseResponse.call_action")
def _call_action(original: Any, self: Any) -> Any:
    """An operation that moto lacks is 501, which no client retries; 500 is retried 25 times."""
    try:
        return original(self)
    except NotImplementedError as error:
        log.warning("%s: %s", type(self).__name__, error)
        return 501, {"x-amzn-errortype": "NotImplemented"}, _error("NotImplemented", str(error))


@patch("moto.core.serialize:AttributePicker.__call__")
def _pick(original: Any, self: Any, context: Any) -> Any:
    """A member of an answer: where the answer is plain JSON already, its own name finds it.

    moto tries eight spellings of every member of every item, which was a third of a download.
    """
    found = context.obj
    if type(found) is dict and context.key in found and not self.response_transformers:
        return found[context.key]
    return original(self, context)


def _error(code: str, message: str) -> str:
    return json.dumps({"__type": code, "message": message})


def crash_guard(app: WSGIApplication) -> WSGIApplication:
    """A crash inside moto is 501 as well, with its traceback in the log."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except Exception as error:
            log.exception(
                "%s %s %s",
                environ["REQUEST_METHOD"],
                environ["RAW_URI"],
                environ.get("HTTP_X_AMZ_TARGET", ""),
            )
            body = _error("NotImplemented", repr(error)).encode()
            headers = [
                ("Content-Type", "application/json"),
                ("Content-Length", str(len(body))),
                ("x-amzn-errortype", "NotImplemented"),
            ]
            start_response("501 Not Implemented", headers)
            return [body]

    return answered


class EmbeddedAws:
    """The running whole. Construction binds both ports (OSError when one is taken)."""

    def __init__(self, port: int, api_port: int, region: str, lambda_runtime: Path | None) -> None:
        self._server = Server(None, port)
        RUNTIME.port, RUNTIME.region = self._server.port, region
        RUNTIME.lambda_runtime = lambda_runtime
        RUNTIME.issue_deployer()
        _configure_moto(region)
        modules = [importlib.import_module(f"local.{name}") for name in SERVICES]
        with _without_batch():
            apply_all()
        self._server.app = self._application(modules)
        self._api_server = api_gateway.serve(api_port)
        RUNTIME.api_port = self._api_server.port

    def start(self) -> None:
        self._server.start()
        self._api_server.start()

    def stop(self) -> None:
        self._server.stop()
        self._api_server.stop()
        lambdas.stop()

    def _application(self, modules: list[ModuleType]) -> WSGIApplication:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        app: WSGIApplication = DomainDispatcherApplication(create_backend_app)
        for module in reversed(modules):
            if hasattr(module, "middleware"):
                app = module.middleware(app)
        return guard.middleware(_without_control(crash_guard(app)), self._server.port)


def _without_control(app: WSGIApplication) -> WSGIApplication:
    """Close moto's own interface: it resets everything for anybody, without a signature."""

    def served(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/moto-api"):
            start_response("404 Not Found", [("Content-Length", "0")])
            return [b""]
        return app(environ, start_response)

    return served


@contextlib.contextmanager
def _without_batch() -> Iterator[None]:
    """Spare the start moto's EC2, which Step Functions imports for the names of Batch's states.

    It is two thirds of the start-up time.
    """
    package = importlib.util.find_spec("moto.batch")
    if package is None or package.submodule_search_locations is None:
        raise RuntimeError("moto is not installed")
    stand_in = types.ModuleType("moto.batch")
    stand_in.__path__ = list(package.submodule_search_locations)
    sys.modules["moto.batch"] = stand_in
    try:
        yield
    finally:
        # Whoever asks for Batch itself gets the real one.
        del sys.modules["moto.batch"]


def _configure_moto(region: str) -> None:
    os.environ["MOTO_PORT"] = str(RUNTIME.port)
    os.environ["AWS_DEFAULT_REGION"] = region
    from moto.core.config import default_user_config
    from moto.core.models import botocore_stubber
    from moto.core.responses import BaseResponse

    default_user_config["stepfunctions"]["execute_state_machine"] = True
    default_user_config["lambda"]["use_docker"] = True
    # boto3 inside this process is answered in-process and never leaves it.
    botocore_stubber.enabled = True
    # Unsigned calls (Cognito's public ones) name no region.
    BaseResponse.default_region = region
    # It prints whole programs for every failed state.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)


@patch("moto.core.utils:method_names_from_class")
def _method_names(original: Any, clazz: object) -> Any:
    """Called for every request; the answer never changes."""
    return _names_of(original, clazz)


@functools.lru_cache(maxsize=256)
def _names_of(original: Any, clazz: object) -> frozenset[str]:
    return frozenset(original(clazz))

"""The gate in front of moto's S3: whatever moto would route to S3 passes here first.

Plain moto verifies no signature, no expiry, no POST policy, no checksum and no condition of a
bucket policy, and answers CORS to everybody. Each of these has a file of its own (s3_*.py).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from local.guard import answers_origin
from local.patching import patch
from local.s3 import (
    access_logs,
    bucket_settings,  # noqa: F401 - the latter only patches
)
from local.s3.exchange import Exchange
from local.s3.request import S3Request, address, find_bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FLUSH_PATH = "/_local/access-logs/flush"
# What moto answers by its path, whoever asks; everything else may end at S3.
_NOT_S3 = ("/_local/", "/moto-api", "/latest/meta-data/", "/latest/api/")
_SERVICE = re.compile(
    r"AWS4-HMAC-SHA256 Credential=[^/,\s]+/\d+/[^/,\s]+/([a-z0-9-]+)/aws4_request,"
)


def middleware(app: WSGIApplication) -> WSGIApplication:
    """Wrap the application; requests of other services pass untouched."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    router = DomainDispatcherApplication(create_backend_app)

    def gated(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == FLUSH_PATH and environ["REQUEST_METHOD"] == "POST":
            return _flush(start_response)
        if not _is_s3(router, environ):
            return app(environ, start_response)
        return Exchange(S3Request.of(environ), app).run(start_response)

    return gated


@answers_origin
def _names_a_bucket(environ: WSGIEnvironment) -> bool:
    # Behind the door the bucket's own CORS rules decide what a foreign page may read.
    bucket, _ = address(environ.get("HTTP_HOST", ""), environ["RAW_URI"])
    return find_bucket(bucket) is not None


def _is_s3(router: Any, environ: WSGIEnvironment) -> bool:
    """Ask moto's own router, so that nothing reaches its S3 by a way this gate does not see."""
    path = environ["PATH_INFO"]
    if path.startswith(_NOT_S3):
        return False
    signed_for = _SERVICE.match(environ.get("HTTP_AUTHORIZATION", ""))
    if signed_for:
        return signed_for.group(1) == "s3"
    host = router.infer_service_region_host(environ, path)
    return host is None or router.get_backend_for_host(host) == "s3"


@functools.cache
def _modules(listed: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    return tuple(listed())


@patch("moto.backends:list_of_moto_modules")
def _list_of_moto_modules(original: Callable[[], Iterable[str]]) -> tuple[str, ...]:
    """List moto's own folders once; its router would do it, and stat each, for every request."""
    return _modules(original)


def _flush(start_response: StartResponse) -> Iterable[bytes]:
    access_logs.DELIVERY.settle()
    body = b'{"objects": %d}' % access_logs.DELIVERY.flush()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]

"""The outermost door: only callers on this machine, and no web page of anybody else.

A page in a browser can reach loopback ports. DNS rebinding would give it a foreign Host, a
cross-site request a foreign Origin; both are refused before any service sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OriginRule = Callable[["WSGIEnvironment"], bool]
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_origin_rules: list[OriginRule] = []


def answers_origin(rule: OriginRule) -> OriginRule:
    """Register a rule that lets a foreign Origin through (a bucket's CORS rule that names it)."""
    _origin_rules.append(rule)
    return rule


def middleware(app: WSGIApplication, port: int) -> WSGIApplication:
    """Wrap an application served on `port`; refusals are 403 in plain text."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _host_allowed(environ.get("HTTP_HOST", ""), port):
            return _refuse(start_response, "This service answers only to its loopback address.")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and not _origin_allowed(origin, environ):
            return _refuse(start_response, "This service answers no foreign web page.")
        return app(environ, start_response)

    return guarded


def _host_allowed(host: str, port: int) -> bool:
    name, _, given_port = host.rpartition(":")
    if given_port != str(port):
        return False
    name = name.strip("[]").lower()
    # <bucket>.localhost never leaves the machine (RFC 6761), and S3 addresses buckets so.
    return name in _LOOPBACK or name.endswith(".localhost")


def _origin_allowed(origin: str, environ: WSGIEnvironment) -> bool:
    parts = urlsplit(origin)
    name = (parts.hostname or "").lower()
    if parts.scheme in {"http", "https"} and (name in _LOOPBACK or name.endswith(".localhost")):
        return True
    return any(rule(environ) for rule in _origin_rules)


def _refuse(start_response: StartResponse, reason: str) -> Iterable[bytes]:
    body = (reason + "\n").encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("403 Forbidden", headers)
    return [body]

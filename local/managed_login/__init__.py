"""Managed login at Cognito's own paths, on the port of the AWS services.

Wrong in moto: it is absent. Not here: other identity providers, passkeys, e-mailed one-time
passwords, and the domain's own host name; pages are plain and work without script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local import guard
from local.cognito.pools import find_pool
from local.managed_login import account, cookies, pages, tokens
from local.managed_login.render import STYLE, error_page, redirect
from local.managed_login.request import BadRequest, RefusedRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Handler = Callable[[Request], Response]

_FORMS: dict[str, Handler] = {
    "/login": pages.login,
    "/signup": account.sign_up,
    "/confirmUser": account.confirm,
    "/confirm": account.confirm,
    "/forgotPassword": account.forgot_password,
    "/forgot": account.forgot_password,
    "/confirmForgotPassword": account.confirm_forgot_password,
    "/newPassword": pages.new_password,
    "/mfa": pages.mfa,
    "/setupMfa": pages.set_up_mfa,
}
_REDIRECTS: dict[str, Handler] = {"/oauth2/authorize": pages.authorize, "/logout": pages.logout}
_CALLS: dict[str, tuple[tuple[str, ...], Handler]] = {
    "/oauth2/token": (("POST",), tokens.token),
    "/oauth2/revoke": (("POST",), tokens.revoke),
    "/oauth2/userInfo": (("GET", "POST"), tokens.user_info),
}
_STYLE_PATH = "/managed-login/style.css"
_WELL_KNOWN = re.compile(r"/([\w-]+_[0-9a-zA-Z]+)/\.well-known/(jwks\.json|openid-configuration)")
_LARGEST_FORM_BYTES = 64 * 1024


def middleware(app: WSGIApplication) -> WSGIApplication:
    def with_login(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        handler = _handler(environ.get("PATH_INFO", ""))
        if handler is None:
            return app(environ, start_response)
        request = Request(environ)
        request.max_content_length = _LARGEST_FORM_BYTES
        return handler(request)(environ, start_response)

    return with_login


def _handler(path: str) -> Handler | None:
    if path in _FORMS:
        return lambda request: _page(request, _FORMS[path], ("GET", "HEAD", "POST"))
    if path in _REDIRECTS:
        return lambda request: _page(request, _REDIRECTS[path], ("GET", "HEAD"))
    if path in _CALLS:
        return lambda request: _call(request, *_CALLS[path])
    if path == _STYLE_PATH:
        return lambda _: Response(STYLE, mimetype="text/css", headers={"Cache-Control": "no-cache"})
    known = _WELL_KNOWN.fullmatch(path)
    return (
        (lambda request: _call(request, ("GET",), _discovery(*known.groups()))) if known else None
    )


def _page(request: Request, handler: Handler, methods: tuple[str, ...]) -> Response:
    """A page for a browser; every way it can be refused is a page as well, or a redirect."""
    if request.method not in methods:
        return _not_allowed(methods)
    try:
        if request.method == "POST" and not cookies.is_own_form(request):
            return error_page(request, "This form is out of date, or did not come from here.", 403)
        return handler(request)
    except BadRequest as problem:
        return error_page(request, str(problem))
    except RefusedRequest as refused:
        return redirect(refused.location)


def _call(request: Request, methods: tuple[str, ...], handler: Handler) -> Response:
    """A call from a program or a page's script: any origin may, since no cookie counts here."""
    if request.method == "OPTIONS":
        response = Response(b"", 204)
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = "600"
    else:
        response = handler(request) if request.method in methods else _not_allowed(methods)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _discovery(pool_id: str, document: str) -> Handler:
    def answer(_request: Request) -> Response:
        pool = find_pool(pool_id)
        if pool is None:
            return Response(
                '{"message": "User pool does not exist."}', 404, mimetype="application/json"
            )
        return tokens.jwks(pool) if document == "jwks.json" else tokens.discovery(pool)

    return answer


def _not_allowed(methods: tuple[str, ...]) -> Response:
    return Response(b"", 405, {"Allow": ", ".join(methods)})


@guard.answers_origin
def _own_form(environ: WSGIEnvironment) -> bool:
    """Under no-referrer a browser sends our own forms with `Origin: null`; the form's proof decides."""
    return environ.get("HTTP_ORIGIN") == "null" and environ.get("PATH_INFO") in _FORMS

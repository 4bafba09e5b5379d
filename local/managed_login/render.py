"""Turns templates into pages with the headers that keep them to themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.wrappers import Response

from local.managed_login import cookies

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

    from local.managed_login.request import AuthorizationRequest

_FOLDER = Path(__file__).parent / "templates"
STYLE = (_FOLDER / "style.css").read_bytes()

_templates = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    name: str,
    request: Request,
    wish: AuthorizationRequest | None = None,
    status: int = 200,
    **values: Any,
) -> Response:
    """Render `name`.html. With an authorization request its forms may end at its application."""
    secret = cookies.form_secret(request)
    shown = {"problem": None, "notice": None, "username": "", **values}
    text = _templates.get_template(f"{name}.html").render(
        csrf=cookies.form_proof(secret), query=wish.query if wish else "", **shown
    )
    response = Response(text, status, mimetype="text/html")
    if wish is not None:
        cookies.keep_form_secret(response, secret)
    # Browsers hold a form's redirect to form-action too, so the application's origin is named.
    targets = f"'self' {wish.origin}" if wish else "'none'"
    return protected(response, targets)


def protected(response: Response, form_targets: str = "'none'") -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {form_targets}"
    )
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def redirect(location: str) -> Response:
    """302 that no cache and no Referer keeps."""
    return protected(Response(b"", 302, {"Location": location}))


def error_page(request: Request, message: str, status: int = 400) -> Response:
    return page("error", request, status=status, problem=message)

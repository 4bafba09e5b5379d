"""The Chalice object: CORS and the routes. No rules, no boto3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Chalice, CORSConfig, Response

from app.bootstrap import services
from app.contract.problems import INTERNAL_ERROR, METHOD_NOT_ALLOWED, UNSUPPORTED_MEDIA_TYPE
from app.routes import downloads, files, people, service, shares
from app.routes.problems import MEDIA_TYPE, problem_response

if TYPE_CHECKING:
    from collections.abc import Callable

app = Chalice(app_name="waybill", configure_logs=False)
app.api.cors = CORSConfig(
    allow_origin=services().settings.allowed_origin,
    expose_headers=["Retry-After"],
    max_age=600,
)

for _resource in (service, people, files, shares, downloads):
    app.register_blueprint(_resource.blueprint)

_CHALICE_REFUSALS = {405: METHOD_NOT_ALLOWED, 415: UNSUPPORTED_MEDIA_TYPE}


@app.middleware("http")  # type: ignore[untyped-decorator]
def answer_with_problems(event: Any, get_response: Callable[[Any], Response]) -> Response:
    """Chalice's own refusals come before any route: they get the one error format as well."""
    response = get_response(event)
    kind = response.headers.get("Content-Type", "")
    if response.status_code < 400 or kind == MEDIA_TYPE:  # noqa: PLR2004  RFC 9110, 15.5
        return response
    problem = problem_response(_CHALICE_REFUSALS.get(response.status_code, INTERNAL_ERROR))
    kept = {
        name: value
        for name, value in response.headers.items()
        if name == "Allow" or name.startswith("Access-")
    }
    problem.headers.update(kept)
    return problem

"""What API Gateway answers without reaching the API: each kind of its own refusals as a problem
document (RFC 9457), with the headers every answer of the product carries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.contract.problems import (
    INTERNAL_ERROR,
    MALFORMED_JSON,
    PROBLEMS,
    TOO_LARGE,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA_TYPE,
)
from app.domain.reasons import NOT_FOUND

# Two years, as browsers' preload lists ask. An API answer is for one person: never stored.
SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


# A template's own content type is application/json: this header replaces it.
PROBLEM_TYPE = {"Content-Type": "application/problem+json"}


@dataclass(frozen=True)
class Answer:
    """One kind of refusal. Without a status, API Gateway keeps the one it would have sent."""

    status: int | None
    code: str
    title: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)


def cors_headers() -> dict[str, str]:
    """One origin, named; a cache between must not give one origin's answer to another."""
    return {"Access-Control-Allow-Origin": "${allowed_origin}", "Vary": "Origin"}


def body(answer: Answer) -> dict[str, Any]:
    """The problem document, in the form the API's own have."""
    return {
        "type": f"urn:waybill:problem:{answer.code}",
        "title": answer.title,
        **({"status": answer.status} if answer.status else {}),
        "detail": answer.detail,
        "code": answer.code,
    }


def _as_the_api_says(code: str, **headers: str) -> Answer:
    problem = PROBLEMS[code]
    return Answer(problem.status, code, problem.title, problem.detail, headers)


# RFC 9110, 11.6.1: a 401 names its scheme.
UNAUTHENTICATED = _as_the_api_says(UNAUTHORIZED, **{"WWW-Authenticate": "Bearer"})
FORBIDDEN = Answer(403, "forbidden", "Not allowed", "This token does not allow this operation.")
NO_SUCH_ROUTE = Answer(404, NOT_FOUND, "Not found", "There is nothing at this address.")
MALFORMED_BODY = _as_the_api_says(MALFORMED_JSON)
MISSING_PARAMETER = Answer(
    400, "missing_parameter", "Missing parameter", "A parameter that must be given is missing."
)
TOO_MANY = Answer(
    429,
    "too_many_requests",
    "Too many requests",
    "Wait a moment, then try again.",
    {"Retry-After": "1"},
)
TIMEOUT = Answer(504, "timeout", "No answer in time", "The request may have been carried out.")
UNAVAILABLE = Answer(503, "unavailable", "Not available", "Try again in a moment.")
REFUSED = Answer(None, "refused", "Refused", "The request was refused before it was read.")
BROKEN = _as_the_api_says(INTERNAL_ERROR)
FAILED = Answer(None, BROKEN.code, BROKEN.title, BROKEN.detail)

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
RESPONSES = {
    "DEFAULT_4XX": REFUSED,
    "DEFAULT_5XX": FAILED,
    "ACCESS_DENIED": FORBIDDEN,
    "API_CONFIGURATION_ERROR": BROKEN,
    "AUTHORIZER_CONFIGURATION_ERROR": BROKEN,
    "AUTHORIZER_FAILURE": BROKEN,
    "BAD_REQUEST_BODY": MALFORMED_BODY,
    "BAD_REQUEST_PARAMETERS": MISSING_PARAMETER,
    # API Gateway's own status is 403; a client must refresh its token, which 401 tells it.
    "EXPIRED_TOKEN": UNAUTHENTICATED,
    "INTEGRATION_FAILURE": UNAVAILABLE,
    "INTEGRATION_TIMEOUT": TIMEOUT,
    "INVALID_SIGNATURE": FORBIDDEN,
    # Its name for a path or method that is not there.
    "MISSING_AUTHENTICATION_TOKEN": NO_SUCH_ROUTE,
    "QUOTA_EXCEEDED": TOO_MANY,
    "REQUEST_TOO_LARGE": _as_the_api_says(TOO_LARGE),
    "RESOURCE_NOT_FOUND": NO_SUCH_ROUTE,
    "THROTTLED": TOO_MANY,
    "UNAUTHORIZED": UNAUTHENTICATED,
    "UNSUPPORTED_MEDIA_TYPE": _as_the_api_says(UNSUPPORTED_MEDIA_TYPE),
    "WAF_FILTERED": FORBIDDEN,
}

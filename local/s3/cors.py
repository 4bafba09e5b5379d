"""Cross-origin requests, by the bucket's rules and no other.

moto's server answers `Access-Control-Allow-Origin` to every origin, and of several rules it mixes
all. A browser upload that works against that proves nothing about the deployed rules.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.policy_conditions import as_list, matches
from local.s3.errors import S3Error

if TYPE_CHECKING:
    from local.s3.request import S3Request

Headers = list[tuple[str, str]]
_VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
_REFUSED = (
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of "
    "Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are "
    "not whitelisted by the resource's CORS spec."
)


def preflight(request: S3Request, bucket: Any) -> Headers:
    """Return the headers that answer an OPTIONS request, or raise S3Error (400, 403)."""
    origin = request.header("origin")
    method = request.header("access-control-request-method")
    if not origin:
        raise S3Error(400, "BadRequest", "Insufficient information. Origin request header needed.")
    if method not in {"GET", "HEAD", "PUT", "POST", "DELETE"}:
        message = f"Invalid Access-Control-Request-Method: {method or 'null'}"
        raise S3Error(400, "BadRequest", message)
    if bucket is None or not bucket.cors:
        raise S3Error(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
    wanted = _names(request.header("access-control-request-headers"))
    rule = _first_rule(bucket, origin, method, wanted)
    if rule is None:
        raise S3Error(403, "AccessForbidden", _REFUSED)
    headers = _headers(rule, origin)
    if wanted:
        headers.append(("Access-Control-Allow-Headers", ", ".join(wanted)))
    return headers


def response_headers(request: S3Request, bucket: Any) -> Headers:
    """Return what an ordinary response to this origin carries; nothing if no rule names it."""
    origin = request.header("origin")
    if not origin or bucket is None or not bucket.cors:
        return []
    rule = _first_rule(bucket, origin, request.method, [])
    return _headers(rule, origin) if rule else []


def _first_rule(bucket: Any, origin: str, method: str, wanted: list[str]) -> Any:
    for rule in bucket.cors:
        allowed = [str(name) for name in as_list(rule.allowed_headers or [])]
        if (
            method in as_list(rule.allowed_methods)
            and any(matches(pattern, origin) for pattern in as_list(rule.allowed_origins))
            and all(any(matches(p, name, ignore_case=True) for p in allowed) for name in wanted)
        ):
            return rule
    return None


def _headers(rule: Any, origin: str) -> Headers:
    anybody = "*" in as_list(rule.allowed_origins)
    headers = [("Access-Control-Allow-Origin", "*" if anybody else origin)]
    if not anybody:
        headers.append(("Access-Control-Allow-Credentials", "true"))
    methods = ", ".join(as_list(rule.allowed_methods))
    headers.append(("Access-Control-Allow-Methods", methods))
    if rule.exposed_headers:
        exposed = ", ".join(as_list(rule.exposed_headers))
        headers.append(("Access-Control-Expose-Headers", exposed))
    if rule.max_age_seconds:
        headers.append(("Access-Control-Max-Age", str(rule.max_age_seconds)))
    headers.append(("Vary", _VARY))
    return headers


def _names(header: str | None) -> list[str]:
    return [name.strip().lower() for name in (header or "").split(",") if name.strip()]

"""The only table from an error to HTTP (RFC 9457, application/problem+json)."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from chalice import Response

from app.contract.problems import INTERNAL_ERROR, PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.sharing import FieldFault

MEDIA_TYPE = "application/problem+json"
# A problem is about this one request: a cached refusal would outlive its reason.
_HEADERS = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}


class ProblemError(Exception):
    """Raised by a route to answer with a problem; `code` stands in `contract/problems.py`."""

    def __init__(self, code: str, errors: Sequence[FieldFault] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors


def problem_response(code: str, errors: Sequence[FieldFault] = ()) -> Response:
    """The problem document. It never repeats what the request said: an answer about a file that
    is not there and one about somebody else's are the same bytes.
    """
    known = PROBLEMS.get(code) or PROBLEMS[INTERNAL_ERROR]
    document: dict[str, Any] = {
        "type": f"urn:waybill:problem:{code}",
        "title": known.title,
        "status": known.status,
        "detail": known.detail,
        "code": code,
    }
    if errors:
        document["errors"] = [{"field": one.field, "message": one.message} for one in errors]
    headers = dict(_HEADERS)
    if known.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "1"
    return Response(json.dumps(document), headers, known.status)

"""The service itself: is it there, and what can it do."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from chalice import Blueprint

from app.contract import VERSION
from app.routes.operation import operation

blueprint = Blueprint(__name__)


@operation(blueprint, "get_health")
def get_health() -> dict[str, str]:
    return {"status": "ok"}


@operation(blueprint, "get_openapi")
def get_openapi() -> str:
    return _document()


@cache
def _document() -> str:
    from app.contract.openapi import document

    described: dict[str, Any] = document(VERSION)
    return json.dumps(described, ensure_ascii=False)

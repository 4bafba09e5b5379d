"""The caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from app.routes.operation import operation

if TYPE_CHECKING:
    from app.routes.caller import Caller

blueprint = Blueprint(__name__)


@operation(blueprint, "get_me")
def get_me(caller: Caller) -> dict[str, Any]:
    return {
        "sub": caller.sub,
        "username": caller.username,
        "groups": list(caller.groups),
        "scopes": list(caller.scopes),
    }

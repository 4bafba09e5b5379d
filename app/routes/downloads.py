"""Downloads: one POST, one decision, one counted grant. A GET would let mail scanners consume it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from app.domain.events import Action
from app.routes.attempt import act
from app.routes.operation import operation

if TYPE_CHECKING:
    from app.routes.caller import Caller

blueprint = Blueprint(__name__)


@operation(blueprint, "download_file")
def download_file(caller: Caller, file_id: str) -> Any:
    return act("download_file", Action.DOWNLOAD, caller, file_id)

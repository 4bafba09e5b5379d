"""A person's own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from app.bootstrap import services
from app.contract.problems import INVALID_REQUEST
from app.contract.views import file_view
from app.domain.events import Action
from app.domain.reasons import Reason
from app.domain.sharing import FieldFault
from app.routes.attempt import RefusedRead, act, reading
from app.routes.operation import operation
from app.routes.problems import ProblemError

if TYPE_CHECKING:
    from app.contract.models import Page, StartUpload
    from app.domain.files import File
    from app.routes.caller import Caller

blueprint = Blueprint(__name__)


@operation(blueprint, "start_upload")
def start_upload(caller: Caller, body: StartUpload) -> Any:
    limit = services().settings.upload_limit_bytes
    if body.size > limit:
        raise ProblemError(
            INVALID_REQUEST, [FieldFault("size", f"A file may have {limit} bytes at most.")]
        )
    file_id = services().clock.new_id()
    upload = body.model_dump()
    return act("start_upload", Action.UPLOAD_START, caller, file_id, upload=upload)


@operation(blueprint, "complete_upload")
def complete_upload(caller: Caller, file_id: str) -> Any:
    return act("complete_upload", Action.UPLOAD_COMPLETE, caller, file_id)


@operation(blueprint, "list_files")
def list_files(caller: Caller, query: Page) -> dict[str, Any]:
    with reading(Action.FILE_LIST, caller):
        page = services().permissions.files_of(caller.sub, query.limit, query.cursor)
    return {"items": [file_view(file) for file in page.items], "next_cursor": page.next_cursor}


@operation(blueprint, "get_file")
def get_file(caller: Caller, file_id: str) -> dict[str, Any]:
    with reading(Action.FILE_READ, caller, file_id):
        return file_view(own_file(caller, file_id))


def own_file(caller: Caller, file_id: str) -> File:
    file = services().permissions.file(file_id)
    if file is None:
        raise RefusedRead(Reason.NO_SUCH_FILE)
    if file.owner != caller.sub:
        raise RefusedRead(Reason.NOT_OWNER)
    return file

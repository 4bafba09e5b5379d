"""Tasks of `stepfunctions/start_upload.asl.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.views import file_view
from app.domain.events import Action
from app.domain.files import File, FileState, object_key
from app.domain.times import from_epoch, iso
from app.domain.uploads import decide_start
from app.steps.deciding import Deciding

if TYPE_CHECKING:
    from app.contract.attempts import Attempt


def decide_upload(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Decide whether this person may upload, and plan the file's row."""
    deciding = Deciding(attempt, Action.UPLOAD_START)
    person, permissions = deciding.person, services().permissions
    file = File(
        id=attempt["file_id"],
        owner=person.sub,
        owner_email=person.email,
        key=object_key(person.sub, attempt["file_id"]),
        state=FileState.UPLOADING,
        created_at=iso(deciding.moment),
        **attempt["upload"],
    )
    deciding.note(bucket=services().settings.files_bucket, key=file.key)
    decision = decide_start(person, permissions.user_state(person.sub), file)
    if not decision:
        return deciding.refuse(decision.reason)
    return deciding.allow(permissions.plan_upload(person, file), file=asdict(file))


def sign_upload(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Sign a form that admits exactly the announced bytes under a fresh key."""
    row = attempt["decision"]["file"]
    file = File(**{**row, "state": FileState(row["state"])})
    lifetime = services().settings.upload_lifetime_seconds
    expires_at = int(services().clock.now().timestamp()) + lifetime
    form = services().files.sign_upload(file, lifetime)
    return {"file": file_view(file), "upload": {**form, "expires_at": from_epoch(expires_at)}}

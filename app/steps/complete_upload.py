"""Tasks of `stepfunctions/complete_upload.asl.json`."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.views import file_view
from app.domain import uploads
from app.domain.events import Action
from app.domain.uploads import StoredObject
from app.steps.deciding import Deciding

if TYPE_CHECKING:
    from app.contract.attempts import Attempt


def decide_completion(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Compare what S3 holds with what was announced, and plan the file's new state."""
    deciding = Deciding(attempt, Action.UPLOAD_COMPLETE)
    permissions = services().permissions
    file = permissions.decode_file(attempt.get("found", {}).get("Item"))
    if file is not None:
        deciding.note(bucket=services().settings.files_bucket, key=file.key)
    state = permissions.user_state(deciding.person.sub)
    decision = uploads.decide_completion(deciding.person, state, file, _stored(attempt))
    if not decision:
        return deciding.refuse(decision.reason)
    complete = decision.granted
    deciding.note(version=complete.version or "")
    plan = permissions.plan_completion(deciding.person, complete)
    return deciding.allow(plan, body=file_view(complete))


def _stored(attempt: Attempt) -> StoredObject | None:
    """What HeadObject answered; an object stored without the checksum has none to compare."""
    head = attempt.get("object")
    if head is None or "VersionId" not in head:
        return None
    checksum = head.get("ChecksumSHA256")
    sha256 = base64.b64decode(checksum).hex() if checksum else None
    return StoredObject(int(head["ContentLength"]), sha256, head["VersionId"])

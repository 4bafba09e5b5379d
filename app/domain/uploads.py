"""May this upload start, and is what S3 holds what was announced?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.decisions import Allowed, Refused
from app.domain.files import File, FileState
from app.domain.people import Person, UserState, standing
from app.domain.reasons import Reason


@dataclass(frozen=True)
class StoredObject:
    """What S3 says it holds. `sha256` in lower-case hex, None where S3 computed none."""

    size: int
    sha256: str | None
    version: str


def decide_start(person: Person, state: UserState, file: File) -> Allowed[File] | Refused:
    """Decide whether a new file may be uploaded."""
    refusal = standing(person, state)
    return Refused(refusal) if refusal else Allowed(file)


def decide_completion(
    person: Person, state: UserState, file: File | None, stored: StoredObject | None
) -> Allowed[File] | Refused:
    """Decide whether an upload is what was announced; allows the file as it is from now on."""
    refusal = standing(person, state) or _unfinished(person, file)
    if refusal is not None or file is None:
        return Refused(refusal or Reason.NO_SUCH_FILE)
    if stored is None:
        return Refused(Reason.UPLOAD_MISSING)
    if (stored.size, stored.sha256) != (file.size, file.sha256):
        return Refused(Reason.UPLOAD_DIFFERS)
    return Allowed(replace(file, state=FileState.READY, version=stored.version))


def _unfinished(person: Person, file: File | None) -> Reason | None:
    if file is None:
        return Reason.NO_SUCH_FILE
    if file.owner != person.sub:
        return Reason.NOT_OWNER
    if file.state is FileState.UPLOADING:
        return None
    return Reason.FILE_DELETED if file.state is FileState.DELETED else Reason.ALREADY_COMPLETE

"""A file: what was promised when its upload began, and what S3 holds since."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.reasons import Reason


class FileState(StrEnum):
    UPLOADING = "uploading"
    READY = "ready"
    DELETED = "deleted"


@dataclass(frozen=True)
class File:
    """One file. Size in bytes; `sha256` in lower-case hex; times ISO 8601 UTC with milliseconds."""

    id: str
    owner: str  # sub
    owner_email: str
    name: str
    media_type: str
    size: int
    sha256: str
    key: str  # in the files bucket, made by the server: a person's text never reaches it
    state: FileState
    created_at: str
    version: str | None = None  # S3's version id, once complete


def object_key(owner: str, file_id: str) -> str:
    """Each person has a folder; the name of the file is not part of the key."""
    return f"users/{owner}/{file_id}"


def unready(file: File) -> Reason | None:
    """Why nobody can have the bytes of this file, or None."""
    if file.state is FileState.DELETED:
        return Reason.FILE_DELETED
    return None if file.state is FileState.READY else Reason.FILE_NOT_READY

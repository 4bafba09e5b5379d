"""How files and shares look from outside: plain values, made without pydantic, so that a workflow
step shows them too without importing it. `models.py` describes the same shapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.shares import usable
from app.domain.times import from_epoch

if TYPE_CHECKING:
    from app.domain.files import File
    from app.domain.shares import Share


def file_view(file: File) -> dict[str, Any]:
    """A file as its owner sees it."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "state": file.state.value,
        "created_at": file.created_at,
    }


def share_view(share: Share, now: int) -> dict[str, Any]:
    """A share as the owner of the file sees it; `now` in epoch seconds."""
    return {
        "id": share.id,
        "file_id": share.file_id,
        "recipient": share.recipient,
        "expires_at": from_epoch(share.terms.expires_at),
        "download_limit": share.terms.download_limit,
        "downloads_used": share.used,
        "message": share.terms.message,
        "created_at": share.created_at,
        "state": _state(share, now),
    }


def received_view(share: Share, now: int) -> dict[str, Any]:
    """A share as its recipient sees it: the pinned bytes, and what is left of the terms."""
    return {
        "id": share.id,
        "file_id": share.file_id,
        "shared_by": share.owner_email,
        "file": shared_file_view(share),
        "expires_at": from_epoch(share.terms.expires_at),
        "download_limit": share.terms.download_limit,
        "remaining_downloads": share.remaining(),
        "message": share.terms.message,
        "created_at": share.created_at,
        "state": _state(share, now),
    }


def shared_file_view(share: Share) -> dict[str, Any]:
    """The bytes a share or a grant gives: fixed when it was shared."""
    return {
        "id": share.file_id,
        "name": share.file_name,
        "media_type": share.media_type,
        "size": share.file_size,
        "sha256": share.sha256,
    }


def own_file_view(file: File) -> dict[str, Any]:
    """The bytes a grant of one's own file gives."""
    names = ("id", "name", "media_type", "size", "sha256")
    view = file_view(file)
    return {name: view[name] for name in names}


def _state(share: Share, now: int) -> str:
    """`active`, or the reason for which this share opens nothing any more."""
    return usable(share, share.bound_to or "", now) or "active"

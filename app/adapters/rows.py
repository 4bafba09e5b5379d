"""Rows of the permissions table: keys, and domain values to rows and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.adapters.items import decode, encode
from app.domain.files import File, FileState
from app.domain.people import UserState
from app.domain.shares import Share, Terms

if TYPE_CHECKING:
    from app.ports import Item

FILE = "FILE"
SHARE_PREFIX = "SHARE#"


def file_key(file_id: str) -> Item:
    return encode({"pk": f"FILE#{file_id}", "sk": FILE})


def share_key(file_id: str, recipient: str) -> Item:
    return encode({"pk": f"FILE#{file_id}", "sk": f"{SHARE_PREFIX}{recipient}"})


def user_key(sub: str) -> Item:
    return encode({"pk": f"USER#{sub}", "sk": "STATE"})


def file_row(file: File) -> Item:
    row = {
        "id": file.id,
        "owner": file.owner,
        "owner_email": file.owner_email,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "key": file.key,
        "state": file.state.value,
        "created_at": file.created_at,
        "version": file.version,
    }
    return file_key(file.id) | encode(row)


def file_of(item: Item | None) -> File | None:
    if item is None:
        return None
    row = _without_keys(item)
    return File(**{**row, "state": FileState(row["state"])})


def share_row(share: Share) -> Item:
    row = {
        "id": share.id,
        "file_id": share.file_id,
        # Not `owner`: that attribute is the key of the list of a person's files.
        "shared_by": share.owner,
        "owner_email": share.owner_email,
        "recipient": share.recipient,
        "expires_at": share.terms.expires_at,
        "download_limit": share.terms.download_limit,
        "message": share.terms.message,
        "created_at": share.created_at,
        "file_name": share.file_name,
        "file_size": share.file_size,
        "media_type": share.media_type,
        "sha256": share.sha256,
        "version": share.version,
        "used": share.used,
        "revoked_at": share.revoked_at,
        "bound_to": share.bound_to,
    }
    return share_key(share.file_id, share.recipient) | encode(row)


def share_of(item: Item | None) -> Share | None:
    if item is None:
        return None
    row = _without_keys(item)
    terms = Terms(
        expires_at=row.pop("expires_at"),
        download_limit=row.pop("download_limit", None),
        message=row.pop("message", ""),
    )
    return Share(owner=row.pop("shared_by"), terms=terms, **row)


def user_state_of(item: Item | None) -> UserState:
    row = _without_keys(item or {})
    return UserState(enabled="disabled_at" not in row, not_before=row.get("not_before", 0))


def _without_keys(item: Item) -> dict[str, Any]:
    return {name: value for name, value in decode(item).items() if name not in ("pk", "sk")}

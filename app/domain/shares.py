"""A share: what one recipient may do with one file, and under which terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.reasons import Reason

if TYPE_CHECKING:
    from app.domain.files import File


@dataclass(frozen=True)
class Terms:
    """What the owner allows. `expires_at` in epoch seconds; no limit means any number of grants."""

    expires_at: int
    download_limit: int | None = None
    message: str = ""


@dataclass(frozen=True)
class Share:
    """One recipient's share. The bytes are pinned: version and hash are those shared (P6)."""

    id: str
    file_id: str
    owner: str
    owner_email: str
    recipient: str  # normalised address
    terms: Terms
    created_at: str
    file_name: str
    file_size: int
    media_type: str
    sha256: str
    version: str
    used: int = 0
    revoked_at: str | None = None
    bound_to: str | None = None  # the recipient's sub, from the first grant on

    def remaining(self) -> int | None:
        limit = self.terms.download_limit
        return None if limit is None else max(0, limit - self.used)


def usable(share: Share, sub: str, now: int) -> Reason | None:
    """Why this share opens nothing for this person now, or None.

    `now` in epoch seconds. Expiry is exclusive: at `expires_at` itself the share is over, as it
    is in the condition of the grant.
    """
    if share.bound_to not in (None, sub):
        return Reason.NOT_SHARED_WITH_YOU
    if share.revoked_at is not None:
        return Reason.SHARE_REVOKED
    if share.terms.expires_at <= now:
        return Reason.EXPIRED
    if share.remaining() == 0:
        return Reason.LIMIT_REACHED
    return None


def active(share: Share, now: int) -> bool:
    """Whether re-sharing would silently replace terms that still hold."""
    return share.revoked_at is None and share.terms.expires_at > now


def pinned(file: File, recipient: str, terms: Terms, share_id: str, created_at: str) -> Share:
    """A new share of a ready file as it is now."""
    if file.version is None:
        raise ValueError("only a complete file can be shared")
    return Share(
        id=share_id,
        file_id=file.id,
        owner=file.owner,
        owner_email=file.owner_email,
        recipient=recipient,
        terms=terms,
        created_at=created_at,
        file_name=file.name,
        file_size=file.size,
        media_type=file.media_type,
        sha256=file.sha256,
        version=file.version,
    )

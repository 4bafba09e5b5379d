"""The closed set of reasons for which Waybill says no, and what the requester is told."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why an attempt was refused: stored in the audit record as it is. Codes are never reused."""

    ACCOUNT_DISABLED = "account_disabled"
    SESSION_REVOKED = "session_revoked"
    EMAIL_NOT_VERIFIED = "email_not_verified"

    NO_SUCH_FILE = "no_such_file"
    NOT_OWNER = "not_owner"
    NOT_SHARED_WITH_YOU = "not_shared_with_you"

    FILE_NOT_READY = "file_not_ready"
    FILE_DELETED = "file_deleted"

    SHARE_REVOKED = "share_revoked"
    EXPIRED = "expired"
    LIMIT_REACHED = "limit_reached"

    ALREADY_SHARED = "already_shared"
    RECIPIENT_IS_OWNER = "recipient_is_owner"
    TERMS_NOT_ALLOWED = "terms_not_allowed"

    UPLOAD_MISSING = "upload_missing"
    UPLOAD_DIFFERS = "upload_differs"
    ALREADY_COMPLETE = "already_complete"

    CONTENDED = "contended"


NOT_FOUND = "not_found"

_WOULD_REVEAL_THE_FILE = frozenset(
    {Reason.NO_SUCH_FILE, Reason.NOT_OWNER, Reason.NOT_SHARED_WITH_YOU}
)


def told(reason: Reason) -> str:
    """The code the requester sees.

    Whether the file does not exist or is somebody else's, a stranger gets the same answer: a
    difference would tell him that a guessed id exists. The audit record keeps the true reason.
    """
    return NOT_FOUND if reason in _WOULD_REVEAL_THE_FILE else reason.value

"""Every problem a client can meet: code -> status and words (RFC 9457 problem details)."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.reasons import NOT_FOUND, Reason


@dataclass(frozen=True)
class Problem:
    """HTTP status, a short title, and a sentence that is safe to show to anybody."""

    status: int
    title: str
    detail: str


INVALID_REQUEST = "invalid_request"
MALFORMED_JSON = "malformed_json"
INVALID_CURSOR = "invalid_cursor"
TOO_LARGE = "body_too_large"
METHOD_NOT_ALLOWED = "method_not_allowed"
UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
UNAUTHORIZED = "unauthorized"
INTERNAL_ERROR = "internal_error"

PROBLEMS: dict[str, Problem] = {
    MALFORMED_JSON: Problem(400, "Malformed JSON", "The body is not a JSON object."),
    INVALID_CURSOR: Problem(400, "Invalid cursor", "The cursor is not one of this list's."),
    UNAUTHORIZED: Problem(401, "Not signed in", "The access token is missing or not valid here."),
    METHOD_NOT_ALLOWED: Problem(405, "Method not allowed", "This address has no such method."),
    UNSUPPORTED_MEDIA_TYPE: Problem(415, "Unsupported media type", "Send application/json."),
    TOO_LARGE: Problem(413, "Body too large", "The body is longer than this operation takes."),
    INVALID_REQUEST: Problem(422, "Invalid request", "Some fields are not as they must be."),
    NOT_FOUND: Problem(404, "Not found", "There is no such file, or it is not shared with you."),
    Reason.ACCOUNT_DISABLED: Problem(
        403, "Account disabled", "This account may not use Waybill. Ask your administrator."
    ),
    Reason.SESSION_REVOKED: Problem(
        401, "Session revoked", "This session has been ended. Sign in again."
    ),
    Reason.EMAIL_NOT_VERIFIED: Problem(
        403, "E-mail not verified", "Verify your e-mail address first."
    ),
    Reason.FILE_NOT_READY: Problem(
        409, "File not ready", "The upload of this file is not complete."
    ),
    Reason.FILE_DELETED: Problem(410, "File deleted", "This file has been deleted."),
    Reason.SHARE_REVOKED: Problem(403, "Share revoked", "The owner has taken this share back."),
    Reason.EXPIRED: Problem(403, "Share expired", "The time to download this file is over."),
    Reason.LIMIT_REACHED: Problem(
        403, "Download limit reached", "This file may not be downloaded any more often."
    ),
    Reason.ALREADY_SHARED: Problem(
        409, "Already shared", "One of the recipients has this file already; change that share."
    ),
    Reason.RECIPIENT_IS_OWNER: Problem(
        422, "Recipient is the owner", "The file is yours already: leave yourself out."
    ),
    Reason.TERMS_NOT_ALLOWED: Problem(
        422, "Terms not allowed", "The expiry or the limit is not one that may be given."
    ),
    Reason.UPLOAD_MISSING: Problem(409, "Upload missing", "Nothing has been uploaded yet."),
    Reason.UPLOAD_DIFFERS: Problem(
        409, "Upload differs", "What was uploaded is not what was announced: start again."
    ),
    Reason.ALREADY_COMPLETE: Problem(
        409, "Already complete", "The upload of this file was completed before."
    ),
    Reason.CONTENDED: Problem(
        503, "Try again", "Too many requests for this file at the same moment: try again."
    ),
    INTERNAL_ERROR: Problem(
        500, "Internal error", "Something went wrong on our side. It has been recorded."
    ),
}

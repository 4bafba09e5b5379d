"""The audit trail's vocabulary and record: past facts, from one enum."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Outcome(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"
    FAILED = "failed"


class Action(StrEnum):
    """What was attempted, `subject:verb`. Only ever added to: archives are read for years."""

    UPLOAD_START = "file:upload_start"
    UPLOAD_COMPLETE = "file:upload_complete"
    FILE_LIST = "file:list"
    FILE_READ = "file:read"
    SHARE = "file:share"
    SHARE_LIST = "share:list"
    RECEIVED_LIST = "received:list"
    DOWNLOAD = "file:download"


@dataclass(frozen=True)
class AuditRecord:
    """One attempt. Fields are only ever added: old records stay readable.

    `time` is ISO 8601 UTC with milliseconds; `source_ip` comes from the gateway, never from a
    header a client can write (docs.aws.amazon.com/apigateway, `$context.identity.sourceIp`).
    """

    id: str  # the request's id: one attempt, one record
    time: str
    actor: str  # sub
    action: Action
    outcome: Outcome
    source_ip: str
    user_agent: str
    reason: str = ""
    actor_email: str = ""
    file_id: str = ""
    share_id: str = ""
    bucket: str = ""
    key: str = ""
    version: str = ""
    grant_id: str = ""
    recipients: tuple[str, ...] = ()
    terms: str = ""

    def concluded(self, outcome: Outcome, reason: str = "") -> AuditRecord:
        return replace(self, outcome=outcome, reason=reason)

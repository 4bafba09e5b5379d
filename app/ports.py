"""What Waybill needs of the world, as Protocols. `adapters/` keeps them, one file a port."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.domain.access import Access, DownloadFacts
    from app.domain.events import AuditRecord
    from app.domain.files import File
    from app.domain.people import Person, UserState
    from app.domain.shares import Share
    from app.domain.sharing import SharingFacts

# One action of a DynamoDB transaction, in the form TransactWriteItems takes. A step plans it, the
# workflow's own role carries it out: no function of ours may write a grant.
TransactItem = dict[str, Any]
Item = dict[str, Any]


@dataclass(frozen=True)
class FilePage:
    items: tuple[File, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class SharePage:
    items: tuple[Share, ...]
    next_cursor: str | None


class InvalidCursorError(ValueError):
    """A cursor that no list of ours has handed out."""


class Clock(Protocol):
    def now(self) -> datetime: ...

    def new_id(self) -> str: ...

    def pause(self, attempt: int) -> None:
        """Wait before another attempt, longer and more at random each time."""


class PermissionStore(Protocol):
    """Files, shares and user states. Reads for decisions are strongly consistent."""

    def user_state(self, sub: str) -> UserState: ...

    def file(self, file_id: str) -> File | None: ...

    def decode_file(self, item: Item | None) -> File | None:
        """A file row as a workflow read it."""

    def download_facts(self, sub: str, email: str, file_id: str) -> DownloadFacts: ...

    def sharing_facts(self, sub: str, file_id: str, recipients: Sequence[str]) -> SharingFacts: ...

    def files_of(self, owner: str, limit: int, cursor: str | None) -> FilePage: ...

    def shares_of(self, file_id: str, limit: int, cursor: str | None) -> SharePage: ...

    def shares_with(self, email: str, limit: int, cursor: str | None) -> SharePage: ...

    def plan_upload(self, person: Person, file: File) -> list[TransactItem]: ...

    def plan_completion(self, person: Person, file: File) -> list[TransactItem]: ...

    def plan_shares(
        self, person: Person, file: File, shares: Sequence[Share], now: int
    ) -> list[TransactItem]: ...

    def plan_grant(self, person: Person, access: Access, now: int) -> list[TransactItem]: ...


class AuditTrail(Protocol):
    """Append only: one record an attempt, and none is ever changed."""

    def encode(self, record: AuditRecord) -> Item: ...

    def plan(self, record: AuditRecord) -> TransactItem: ...

    def write(self, record: AuditRecord) -> None:
        """Store a record; a record that this attempt has left already stays as it is."""


class FileStore(Protocol):
    """Signed addresses: bytes go straight between the client and S3 (P1)."""

    def sign_upload(self, file: File, lifetime_seconds: int) -> dict[str, Any]:
        """`{url, fields}` of a presigned POST for exactly these bytes under exactly this key."""

    def sign_download(
        self, *, key: str, version: str, name: str, grant_id: str, lifetime_seconds: int
    ) -> str: ...


class People(Protocol):
    """The user pool."""

    def verified_email(self, username: str) -> str | None:
        """The person's normalised address, when verified and the account enabled."""


class Subscriptions(Protocol):
    """Who hears of what by mail."""

    def subscribe(self, email: str) -> None: ...


@dataclass(frozen=True)
class WorkflowResult:
    """What one execution came to: its output, or None where it failed or timed out."""

    output: dict[str, Any] | None


class Workflows(Protocol):
    def run(self, workflow: str, name: str, payload: dict[str, Any]) -> WorkflowResult: ...

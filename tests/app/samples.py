"""People, files and shares to test with; every field can be changed by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.files import File, FileState
from app.domain.people import Person
from app.domain.shares import Share, Terms

MOMENT = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)
NOW = int(MOMENT.timestamp())
A_DAY = 24 * 60 * 60

FILE_ID = "3f1c9b1e-0000-4000-8000-00000000000f"
OTHER_FILE_ID = "3f1c9b1e-0000-4000-8000-0000000000ff"
SHARE_ID = "5a1c9b1e-0000-4000-8000-00000000000e"
REQUEST_ID = "9c1c9b1e-0000-4000-8000-000000000001"

ADA = Person(
    sub="ada-sub",
    email="ada@example.com",
    email_verified=True,
    enabled=True,
    token_issued_at=NOW - 60,
)
BOB = replace(ADA, sub="bob-sub", email="bob@example.com")
EVE = replace(ADA, sub="eve-sub", email="eve@example.com")

_FILE = File(
    id=FILE_ID,
    owner=ADA.sub,
    owner_email=ADA.email,
    name="Q3 board report.pdf",
    media_type="application/pdf",
    size=12345,
    sha256="ab" * 32,
    key=f"users/{ADA.sub}/{FILE_ID}",
    state=FileState.READY,
    created_at="2030-01-30T08:00:00.000Z",
    version="version-1",
)


def a_file(**changes: Any) -> File:
    """Ada's ready file, or one that differs as named."""
    return replace(_FILE, **changes)


def an_upload(**changes: Any) -> File:
    """Ada's file before its bytes have come."""
    return a_file(**{"state": FileState.UPLOADING, "version": None, **changes})


def a_share(limit: int | None = 3, expires_at: int = NOW + A_DAY, **changes: Any) -> Share:
    """Bob's share of Ada's file: three downloads within a day, or as named."""
    share = Share(
        id=SHARE_ID,
        file_id=FILE_ID,
        owner=ADA.sub,
        owner_email=ADA.email,
        recipient=BOB.email,
        terms=Terms(expires_at, limit, changes.pop("message", "")),
        created_at="2030-01-30T09:00:00.000Z",
        file_name=_FILE.name,
        file_size=_FILE.size,
        media_type=_FILE.media_type,
        sha256=_FILE.sha256,
        version="version-1",
    )
    return replace(share, **changes)

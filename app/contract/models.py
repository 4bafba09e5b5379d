"""Requests, validated strictly: unknown fields and wrong types are refused, never guessed at.
Responses, described: `views.py` makes them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

# Pydantic reads the annotations when the classes are made: these are no mere types.
from app.contract.fields import (  # noqa: TC001
    DownloadLimit,
    FileName,
    Instant,
    MediaType,
    Message,
    Recipients,
    Sha256,
)


class RequestModel(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class StartUpload(RequestModel):
    """What will be uploaded. S3 admits exactly these bytes and no others."""

    name: FileName
    size: int = Field(ge=0, description="Bytes.")
    sha256: Sha256
    media_type: MediaType = "application/octet-stream"


class ShareFile(RequestModel):
    """Who may download the file, how often, and until when."""

    recipients: Recipients
    expires_at: Instant | None = None
    download_limit: DownloadLimit | None = None
    message: Message = ""


class Page(RequestModel):
    """Which part of a list."""

    # A query parameter is text: here alone a number may be written as one.
    limit: int = Field(default=50, ge=1, le=100, strict=False)
    cursor: str | None = Field(default=None, min_length=1, max_length=1024)


class Me(BaseModel):
    """Who the access token says you are."""

    sub: str
    username: str
    groups: list[str]
    scopes: list[str]


class FileOut(BaseModel):
    """A file as its owner sees it."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    state: Literal["uploading", "ready", "deleted"]
    created_at: str


class PresignedPost(BaseModel):
    """Where and with which form fields to POST the bytes; the field `file` comes last."""

    url: str
    fields: dict[str, str]
    expires_at: str


class UploadTicket(BaseModel):
    file: FileOut
    upload: PresignedPost


class FileList(BaseModel):
    items: list[FileOut]
    next_cursor: str | None


class ShareOut(BaseModel):
    """A share as the owner of the file sees it. `state`: `active`, or why it opens nothing."""

    id: str
    file_id: str
    recipient: str
    expires_at: str
    download_limit: int | None
    downloads_used: int
    message: str
    created_at: str
    state: str


class Shares(BaseModel):
    shares: list[ShareOut]


class ShareList(BaseModel):
    items: list[ShareOut]
    next_cursor: str | None


class SharedFile(BaseModel):
    """The bytes a share or grant gives: fixed when the file was shared."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


class ReceivedShare(BaseModel):
    """A share as its recipient sees it."""

    id: str
    file_id: str
    shared_by: str
    file: SharedFile
    expires_at: str
    download_limit: int | None
    remaining_downloads: int | None
    message: str
    created_at: str
    state: str


class ReceivedList(BaseModel):
    items: list[ReceivedShare]
    next_cursor: str | None


class Grant(BaseModel):
    """One counted download: a short link to exactly these bytes. A link is a grant, used or not."""

    id: str
    url: str
    expires_at: str
    file: SharedFile
    remaining_downloads: int | None


class Health(BaseModel):
    status: Literal["ok"]


class FieldProblem(BaseModel):
    field: str
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable; `errors` names the fields at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FieldProblem] = []

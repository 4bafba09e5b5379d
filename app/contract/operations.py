"""The operation registry: every route, who may call it, what goes in and what comes out.

Routes, the OpenAPI document, API Gateway's document and the docs are all made from it or checked
against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.contract import models
from app.contract.problems import (
    INTERNAL_ERROR,
    INVALID_CURSOR,
    INVALID_REQUEST,
    MALFORMED_JSON,
    TOO_LARGE,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA_TYPE,
)
from app.domain.reasons import NOT_FOUND, Reason

if TYPE_CHECKING:
    from pydantic import BaseModel

FILES_SCOPE = "waybill/files"

_STANDING = (
    UNAUTHORIZED,
    Reason.ACCOUNT_DISABLED.value,
    Reason.SESSION_REVOKED.value,
    Reason.EMAIL_NOT_VERIFIED.value,
)
_BODY = (MALFORMED_JSON, UNSUPPORTED_MEDIA_TYPE, INVALID_REQUEST, TOO_LARGE)


@dataclass(frozen=True)
class Operation:
    """One route. `path` without the stage; `scopes` empty means no token is asked for."""

    id: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    caller: Literal["anyone", "person", "admin"]
    tag: str
    response: type[BaseModel] | None
    status: int = 200
    request: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    scopes: tuple[str, ...] = (FILES_SCOPE,)
    problems: tuple[str, ...] = ()


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="get_health",
        method="GET",
        path="/health",
        summary="Whether the service answers",
        caller="anyone",
        tag="service",
        response=models.Health,
        scopes=(),
    ),
    Operation(
        id="get_openapi",
        method="GET",
        path="/openapi.json",
        summary="This document",
        caller="anyone",
        tag="service",
        response=None,
        scopes=(),
    ),
    Operation(
        id="get_me",
        method="GET",
        path="/me",
        summary="Who the access token says you are",
        caller="person",
        tag="people",
        response=models.Me,
        problems=(UNAUTHORIZED,),
    ),
    Operation(
        id="start_upload",
        method="POST",
        path="/files",
        summary="Announce a file and get a form to upload exactly its bytes with",
        caller="person",
        tag="files",
        request=models.StartUpload,
        response=models.UploadTicket,
        status=201,
        problems=(*_STANDING, *_BODY, Reason.CONTENDED, INTERNAL_ERROR),
    ),
    Operation(
        id="list_files",
        method="GET",
        path="/files",
        summary="Your files, newest first",
        caller="person",
        tag="files",
        query=models.Page,
        response=models.FileList,
        problems=(*_STANDING, INVALID_REQUEST, INVALID_CURSOR, INTERNAL_ERROR),
    ),
    Operation(
        id="get_file",
        method="GET",
        path="/files/{file_id}",
        summary="One of your files",
        caller="person",
        tag="files",
        response=models.FileOut,
        problems=(*_STANDING, NOT_FOUND, INTERNAL_ERROR),
    ),
    Operation(
        id="complete_upload",
        method="POST",
        path="/files/{file_id}/complete",
        summary="Say that the bytes are there: they are compared with what was announced",
        caller="person",
        tag="files",
        response=models.FileOut,
        problems=(
            *_STANDING,
            NOT_FOUND,
            Reason.UPLOAD_MISSING,
            Reason.UPLOAD_DIFFERS,
            Reason.ALREADY_COMPLETE,
            Reason.FILE_DELETED,
            Reason.CONTENDED,
            INTERNAL_ERROR,
        ),
    ),
    Operation(
        id="share_file",
        method="POST",
        path="/files/{file_id}/shares",
        summary="Share a file of yours with some people, all of them or none",
        caller="person",
        tag="shares",
        request=models.ShareFile,
        response=models.Shares,
        status=201,
        problems=(
            *_STANDING,
            *_BODY,
            NOT_FOUND,
            Reason.FILE_NOT_READY,
            Reason.FILE_DELETED,
            Reason.ALREADY_SHARED,
            Reason.RECIPIENT_IS_OWNER,
            Reason.TERMS_NOT_ALLOWED,
            Reason.CONTENDED,
            INTERNAL_ERROR,
        ),
    ),
    Operation(
        id="list_shares",
        method="GET",
        path="/files/{file_id}/shares",
        summary="With whom a file of yours is shared, and what they have used",
        caller="person",
        tag="shares",
        query=models.Page,
        response=models.ShareList,
        problems=(*_STANDING, INVALID_REQUEST, INVALID_CURSOR, NOT_FOUND, INTERNAL_ERROR),
    ),
    Operation(
        id="list_received",
        method="GET",
        path="/shares",
        summary="What is shared with you, newest first",
        caller="person",
        tag="shares",
        query=models.Page,
        response=models.ReceivedList,
        problems=(*_STANDING, INVALID_REQUEST, INVALID_CURSOR, INTERNAL_ERROR),
    ),
    Operation(
        id="download_file",
        method="POST",
        path="/files/{file_id}/downloads",
        summary="Get one counted, short link to a file",
        caller="person",
        tag="downloads",
        response=models.Grant,
        status=201,
        problems=(
            *_STANDING,
            NOT_FOUND,
            Reason.FILE_NOT_READY,
            Reason.FILE_DELETED,
            Reason.SHARE_REVOKED,
            Reason.EXPIRED,
            Reason.LIMIT_REACHED,
            Reason.CONTENDED,
            INTERNAL_ERROR,
        ),
    ),
)

BY_ID: dict[str, Operation] = {operation.id: operation for operation in OPERATIONS}

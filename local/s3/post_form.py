"""The multipart/form-data body of a browser's upload, read as S3 reads it: `file` ends the form.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from local.s3.errors import S3Error, invalid_argument

_LARGEST_FIELDS = 20 * 1024


@dataclass(frozen=True)
class PostForm:
    """Fields by lower-case name, `${filename}` replaced; `file` is a view into the body."""

    fields: dict[str, str]
    file: memoryview


def is_post_form(method: str, content_type: str) -> bool:
    return method == "POST" and content_type.lower().startswith("multipart/form-data")


def parse(content_type: str, body: memoryview) -> PostForm:
    """Read fields up to `file`; raises S3Error. What follows the file is ignored, as in S3."""
    boundary = _boundary(content_type)
    # Searching needs bytes; the view of a request's body already is one, so nothing is copied.
    raw = body.obj if isinstance(body.obj, bytes) else bytes(body)
    fields: dict[str, str] = {}
    start, first = 0, b"--" + boundary
    if not raw.startswith(first):
        raise _malformed()
    start = len(first)
    while raw[start : start + 2] == b"\r\n":
        head_end = raw.find(b"\r\n\r\n", start)
        if head_end < 0 or head_end - start > _LARGEST_FIELDS:
            raise _malformed()
        name, filename = _disposition(raw[start:head_end])
        end = raw.find(b"\r\n" + first, head_end + 4)
        if end < 0:
            raise _malformed()
        if name == "file":
            view = memoryview(raw)[head_end + 4 : end]
            return PostForm(_expanded(fields, filename), view)
        _add(fields, name, raw[head_end + 4 : end])
        start = end + 2 + len(first)
    raise invalid_argument("POST requires exactly one file upload per request.", "file", "0")


def _boundary(content_type: str) -> bytes:
    message = Message()
    message["Content-Type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise _malformed()
    return boundary.encode("latin-1")


def _disposition(head: bytes) -> tuple[str, str]:
    found = re.search(
        rb"^content-disposition:\s*form-data\s*;(.*)$", head, re.IGNORECASE | re.MULTILINE
    )
    if not found:
        raise _malformed()
    names = dict(re.findall(rb';?\s*(name|filename)="([^"]*)"', found.group(1)))
    if b"name" not in names:
        raise _malformed()
    filename = names.get(b"filename", b"").decode("utf-8", "replace")
    return names[b"name"].decode("utf-8", "replace").lower(), filename


def _add(fields: dict[str, str], name: str, value: bytes) -> None:
    if name in fields:
        raise invalid_argument("A field may be given once only.", name, "")
    fields[name] = value.decode("utf-8", "surrogateescape")
    if sum(len(key) + len(text) for key, text in fields.items()) > _LARGEST_FIELDS:
        raise S3Error(
            400,
            "MaxPostPreDataLengthExceeded",
            "Your POST request fields preceding the upload file were too large.",
        )


def _expanded(fields: dict[str, str], filename: str) -> dict[str, str]:
    base = re.split(r"[\\/]", filename)[-1]
    # The policy is held against the expanded form, so expansion comes first.
    return {
        name: value if name == "policy" else value.replace("${filename}", base)
        for name, value in fields.items()
    }


def _malformed() -> S3Error:
    return S3Error(
        400,
        "MalformedPOSTRequest",
        "The body of your POST request is not well-formed multipart/form-data.",
    )

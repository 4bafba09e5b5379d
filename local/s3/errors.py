"""What S3 says when it refuses: an XML body with the request's ids, and the status that goes with it.

https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

import base64
import secrets
from http import HTTPStatus
from xml.sax.saxutils import escape


class S3Error(Exception):
    """A refusal; `details` become elements of their own between Message and RequestId."""

    def __init__(self, status: int, code: str, message: str, **details: str) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.details = status, code, message, details

    def body(self, request_id: str, host_id: str) -> bytes:
        elements = {
            "Code": self.code,
            "Message": self.message,
            **self.details,
            "RequestId": request_id,
            "HostId": host_id,
        }
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in elements.items())
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'.encode()


def access_denied(message: str = "Access Denied", **details: str) -> S3Error:
    return S3Error(403, "AccessDenied", message, **details)


def invalid_argument(message: str, name: str, value: str) -> S3Error:
    return S3Error(400, "InvalidArgument", message, ArgumentName=name, ArgumentValue=value)


def status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def new_request_id() -> str:
    """Return what x-amz-request-id looks like: 16 upper-case letters and digits."""
    return secrets.token_hex(8).upper()


def new_host_id() -> str:
    """Return what x-amz-id-2 looks like: 56 random bytes in Base64."""
    return base64.b64encode(secrets.token_bytes(56)).decode()

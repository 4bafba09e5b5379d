"""How S3 answers a form that was stored: 204, or 200, 201 or 303 where the form asks for it.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from local.runtime import RUNTIME

if TYPE_CHECKING:
    from local.s3.post_form import PostForm
    from local.s3.request import S3Request

Headers = list[tuple[str, str]]


def of_form(request: S3Request, form: PostForm, put_headers: Headers) -> tuple[
    int, Headers, list[bytes]
]:  # fmt: skip
    """Answer the form, given the headers with which the PUT was answered."""
    fields = form.fields
    etag = next((value for name, value in put_headers if name.lower() == "etag"), "")
    key = quote(fields["key"], safe="/~", errors="surrogateescape")
    location = f"{RUNTIME.endpoint}/{request.bucket}/{key}"
    kept = [(n, v) for n, v in put_headers if n.lower() not in {"content-length", "content-type"}]
    redirect = fields.get("success_action_redirect") or fields.get("redirect")
    if redirect:
        target = _with_query(redirect, bucket=request.bucket, key=fields["key"], etag=etag)
        return 303, [*kept, ("Location", target), ("Content-Length", "0")], []
    kept.append(("Location", location))
    status = fields.get("success_action_status")
    if status == "201":
        body = _post_response(location, request.bucket, fields["key"], etag)
        length = ("Content-Length", str(len(body)))
        return 201, [*kept, ("Content-Type", "application/xml"), length], [body]
    if status == "200":
        return 200, [*kept, ("Content-Length", "0")], []
    return 204, kept, []


def _post_response(location: str, bucket: str, key: str, etag: str) -> bytes:
    values = {"Location": location, "Bucket": bucket, "Key": key, "ETag": etag}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'
    return document.encode("utf-8", "surrogateescape")


def _with_query(url: str, **values: str) -> str:
    parts = urlsplit(url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *values.items()])
    return urlunsplit(parts._replace(query=query))

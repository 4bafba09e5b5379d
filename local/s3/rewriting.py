"""A request whose signature holds, as moto understands it: path-style, with nothing left to verify."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from xml.parsers.expat import ExpatError

import xmltodict

from local.runtime import RUNTIME
from local.s3.errors import S3Error
from local.s3.query_signatures import AUTH_PARAMETERS
from local.s3.request import TRANSPORT_HEADER, bucket_of_host

if TYPE_CHECKING:
    from local.s3.post_form import PostForm
    from local.s3.request import S3Request

_CONSUMED = ("HTTP_X_AMZ_TRAILER", "HTTP_EXPECT")
# What a form may set; x-amz-* fields besides these of its own signature are headers too.
_FORM_HEADERS = frozenset({"cache-control", "content-type", "content-disposition",
                           "content-encoding", "content-md5", "expires",
                           "if-none-match"})  # fmt: skip
_NOT_OF_FORMS = frozenset({"x-amz-algorithm", "x-amz-credential", "x-amz-date",
                           "x-amz-signature", "x-amz-security-token",
                           "x-amz-copy-source"})  # fmt: skip


def plain_request(request: S3Request) -> S3Request:
    """Return the request that moto is to answer.

    Signed `x-amz-*` parameters stand for headers; other `x-` parameters mean nothing to S3 (they
    are there for its log), and moto must not see them either.
    """
    environ = {k: v for k, v in request.environ.items() if k not in _CONSUMED}
    kept = []
    for pair in request.raw_query.split("&") if request.raw_query else ():
        name = pair.partition("=")[0]
        if not name.lower().startswith("x-"):
            kept.append(pair)
        elif name.lower().startswith("x-amz-") and name.lower() not in AUTH_PARAMETERS:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ.setdefault(key, wsgi_text(request.query[name]))
    raw_path = request.raw_path
    if bucket_of_host(request.header("host") or ""):
        raw_path = f"/{quote(request.bucket)}{raw_path}"
        environ["PATH_INFO"] = f"/{request.bucket}{environ['PATH_INFO']}"
    return _rewritten(request, environ, request.method, raw_path, "&".join(kept))


def put_request(request: S3Request, form: PostForm) -> S3Request:
    """Return the PUT that a form means: its fields as headers, its file still to be the body."""
    fields = form.fields
    # A form is signed by its fields alone: no header of the request may add to it.
    environ = {k: v for k, v in request.environ.items() if not k.startswith("HTTP_X_AMZ_")}
    environ = {k: v for k, v in environ.items() if k not in {"CONTENT_TYPE", *_CONSUMED}}
    for name, value in fields.items():
        if name in _FORM_HEADERS or (name.startswith("x-amz-") and name not in _NOT_OF_FORMS):
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = wsgi_text(value)
    if algorithm := environ.pop("HTTP_X_AMZ_CHECKSUM_ALGORITHM", None):
        environ["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = algorithm
    if "acl" in fields:
        environ["HTTP_X_AMZ_ACL"] = wsgi_text(fields["acl"])
    if "tagging" in fields:
        environ["HTTP_X_AMZ_TAGGING"] = _tags_of(fields["tagging"])
    key = fields["key"]
    environ["PATH_INFO"] = f"/{request.bucket}/{wsgi_text(key)}"
    encoded = quote(key, safe="/~", errors="surrogateescape")
    return _rewritten(request, environ, "PUT", f"/{quote(request.bucket)}/{encoded}", "")


def _tags_of(document: str) -> str:
    try:
        tag_set = xmltodict.parse(document, force_list=("Tag",))["Tagging"]["TagSet"] or {}
        return urlencode([(tag["Key"], tag["Value"]) for tag in tag_set.get("Tag", [])])
    except (ExpatError, KeyError, TypeError, AttributeError):
        raise S3Error(400, "MalformedXML", "The XML you provided was not well-formed.") from None


def wsgi_text(text: str) -> str:
    """Return text as WSGI carries it: UTF-8 bytes, each as one latin-1 character."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _rewritten(
    request: S3Request, environ: dict[str, Any], method: str, raw_path: str, raw_query: str
) -> S3Request:
    # The transport header is moto's no more; the policy check reads it from the first request.
    environ.pop(TRANSPORT_HEADER, None)
    environ["HTTP_HOST"] = f"127.0.0.1:{RUNTIME.port}"
    environ["REQUEST_METHOD"], environ["QUERY_STRING"] = method, raw_query
    target = f"{raw_path}?{raw_query}" if raw_query else raw_path
    environ["RAW_URI"] = environ["REQUEST_URI"] = target
    return replace(request, environ=environ, method=method, raw_path=raw_path, raw_query=raw_query)

"""One request to S3 and its response, in S3's order: who signed, may they, is the body what was
said, do it, log it.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from local.s3 import access_logs, payload, post_policy, post_response
from local.s3 import cors as s3_cors
from local.s3 import post_form as s3_post_form
from local.s3.authorization import Asked, authorize, deny_signature_v2
from local.s3.bucket_policy import principal_of
from local.s3.errors import S3Error, status_line
from local.s3.log_records import Outcome
from local.s3.objects import DECISION, INCOMING, Decision, Incoming, one_writer
from local.s3.operations import Operation, operation_of
from local.s3.request import S3Request, find_bucket
from local.s3.rewriting import plain_request, put_request
from local.s3.signatures import authenticate, uses_signature_v2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication

    from local.s3.signer import Signer

_CODE = re.compile(rb"<Code>([^<]*)</Code>")
_IDS = re.compile(rb"<(RequestId|HostId)>[^<]*</\1>")
_OF_MOTO = frozenset({"x-amzn-requestid", "x-amz-request-id", "x-amz-sdk-checksum-algorithm"})
# moto keeps these headers of the upload as if they were the object's metadata.
_OF_REQUEST = frozenset({"x-amz-checksum-algorithm", "x-amz-content-sha256"})
_READS = frozenset({"REST.GET.OBJECT", "REST.HEAD.OBJECT"})
_HEAD_CODES = {403: "AccessDenied", 404: "NoSuchKey", 412: "PreconditionFailed"}


@dataclass
class Exchange:
    """One request and its response."""

    request: S3Request
    app: WSGIApplication
    signer: Signer | None = None
    form: s3_post_form.PostForm | None = None
    key: str = ""
    operation: Operation = field(init=False)
    inner: S3Request = field(init=False)  # what moto is asked
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self.key, self.inner = self.request.key, self.request
        content_type = self.request.header("content-type") or ""
        self.is_form = not self.key and s3_post_form.is_post_form(self.request.method, content_type)
        self.operation = operation_of(self.request, post_form=self.is_form)
        self.bucket = find_bucket(self.request.bucket)

    def run(self, start_response: StartResponse) -> Iterable[bytes]:
        try:
            self.request.require_plain_address()
            if self.request.method == "OPTIONS":
                headers = s3_cors.preflight(self.request, self.bucket)
                return self._answer(start_response, 200, [("Content-Length", "0"), *headers], [])
            self._authenticate()
            self._authorize()
            payload.verify(self.inner, self.signer)
            status, headers, chunks = self._ask_moto()
        except S3Error as error:
            return self._refuse(start_response, error)
        return self._answer(start_response, status, headers, chunks)

    def _authenticate(self) -> None:
        if self.is_form:
            content_type = self.request.header("content-type") or ""
            self.form = s3_post_form.parse(content_type, self.request.body)
            self.key = self.form.fields.get("key", "")
            self.signer = post_policy.authenticate_form(self.request, self.form)
            self.inner = put_request(self.request, self.form)
            payload.replace_body(self.inner, self.form.file)
            return
        if uses_signature_v2(self.request):
            deny_signature_v2(self._asked(self.request))
        self.signer = authenticate(self.request)
        self.inner = plain_request(self.request)

    def _authorize(self) -> None:
        asked = self._asked(self.inner)
        context = authorize(asked, self.signer, self._stored_object())
        if self.operation.logged == "REST.POST.MULTI_OBJECT_DELETE":
            DECISION.set(Decision(principal_of(self.signer), context))

    def _asked(self, request: S3Request) -> Asked:
        return Asked(request, self.operation, self.bucket, self.key, self.request.transport)

    def _stored_object(self) -> Any:
        if self.bucket is None or not self.key or self.key not in self.bucket.keys:
            return None
        versions = self.bucket.keys.getlist(self.key, [])
        wanted = self.request.query.get("versionId")
        found = [v for v in versions if wanted is None or v.version_id == wanted]
        return found[-1] if found and hasattr(found[-1], "size") else None

    def _ask_moto(self) -> tuple[int, list[tuple[str, str]], Iterable[bytes]]:
        captured: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
            captured[:] = [int(status.split(maxsplit=1)[0]), headers]

        writes = self.operation.writes_object
        if writes and self.inner.method == "PUT" and not self.inner.header("x-amz-copy-source"):
            md5 = hashlib.md5(self.inner.body, usedforsecurity=False).hexdigest()
            INCOMING.set(Incoming(md5, self.form is not None))
        try:
            lock = one_writer(self.request.bucket, self.key) if writes else contextlib.nullcontext()
            with lock:
                chunks = self.app(self.inner.environ, start)
        finally:
            INCOMING.set(None)
            DECISION.set(None)
        status, headers = captured
        if self.form is not None and status == HTTPStatus.OK:
            return post_response.of_form(self.request, self.form, headers)
        return status, headers, chunks

    def _refuse(self, start_response: StartResponse, error: S3Error) -> Iterable[bytes]:
        body = error.body(self.request.request_id, self.request.host_id)
        headers = [("Content-Type", "application/xml")]
        return self._answer(start_response, error.status, headers, [body])

    def _answer(
        self,
        start_response: StartResponse,
        status: int,
        headers: list[tuple[str, str]],
        chunks: Iterable[bytes],
    ) -> Iterable[bytes]:
        turn_around, error_code = self._milliseconds(), None
        if status >= HTTPStatus.BAD_REQUEST:
            body, error_code = self._error_body(status, chunks)
            chunks = [body]
            headers = [pair for pair in headers if pair[0].lower() != "content-length"]
            headers.append(("Content-Length", str(len(body))))
        start_response(status_line(status), self._own_headers(headers))
        return self._send(chunks, status, error_code, turn_around)

    def _own_headers(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        preflight = self.request.method == "OPTIONS"
        hidden = _OF_MOTO | (_OF_REQUEST if self.operation.logged in _READS else set())
        kept = [
            (name, value)
            for name, value in headers
            if name.lower() not in hidden
            and (preflight or not name.lower().startswith("access-control-"))
        ]
        ids = [("x-amz-request-id", self.request.request_id), ("x-amz-id-2", self.request.host_id)]
        cors = [] if preflight else s3_cors.response_headers(self.request, self.bucket)
        return [*kept, *ids, *cors]

    def _error_body(self, status: int, chunks: Iterable[bytes]) -> tuple[bytes, str | None]:
        if self.request.method == "HEAD":
            return b"", _HEAD_CODES.get(status)
        body = b"".join(chunks)
        found = _CODE.search(body)
        ids = {b"RequestId": self.request.request_id, b"HostId": self.request.host_id}
        body = _IDS.sub(
            lambda m: b"<%b>%b</%b>" % (m.group(1), ids[m.group(1)].encode(), m.group(1)), body
        )
        return body, found.group(1).decode() if found else None

    def _send(
        self, chunks: Iterable[bytes], status: int, error_code: str | None, turn_around: int
    ) -> Iterator[bytes]:
        sent = 0
        with access_logs.DELIVERY.unfinished():
            try:
                for chunk in chunks:
                    sent += len(chunk)
                    yield chunk
            finally:
                if close := getattr(chunks, "close", None):
                    close()
                # An upload may be large, and the connection keeps its last request.
                self.request.environ["wsgi.input"].close()
                self._record(status, error_code, sent, turn_around)

    def _record(self, status: int, error_code: str | None, sent: int, turn_around: int) -> None:
        stored = self._stored_object()
        outcome = Outcome(
            operation=self.operation.logged,
            key=self.key,
            signer=self.signer,
            status=status,
            error_code=error_code,
            bytes_sent=0 if self.request.method == "HEAD" else sent,
            object_size=stored.size if stored is not None else None,
            total_ms=self._milliseconds(),
            turn_around_ms=turn_around,
        )
        access_logs.record(self.request, self.bucket, outcome)

    def _milliseconds(self) -> int:
        return round((time.perf_counter() - self.started) * 1000)

"""The inbox: where mail of SNS, SES and Cognito arrives instead of leaving the machine.

`GET /_local/mail?to=` answers JSON, `/_local/mail/` is a page for people.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from local.mail import page
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

JSON_PATH, PAGE_PATH = "/_local/mail", "/_local/mail/"
_KEPT = 2000


@dataclass(frozen=True)
class Message:
    """One mail; `at` is UTC in ISO 8601, `source` says who sent it (`sns:<topic>`, `cognito`)."""

    id: str
    at: str
    to: str
    subject: str
    body: str
    source: str


class Inbox:
    """The newest mails of everybody, oldest first; older ones are forgotten."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._messages: deque[Message] = deque(maxlen=kept)
        self._lock = threading.Lock()

    def send(self, to: str, subject: str, body: str, source: str) -> Message:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = Message(secrets.token_hex(8), at, to, subject, body, source)
        with self._lock:
            self._messages.append(message)
        return message

    deliver = send

    def messages(self, to: str | None = None) -> list[Message]:
        """Return the mails to one address (upper and lower case alike), or all."""
        with self._lock:
            found = list(self._messages)
        return [m for m in found if to is None or m.to.casefold() == to.casefold()]


RUNTIME.inbox = Inbox()


def middleware(app: WSGIApplication) -> WSGIApplication:
    """Answer the two addresses of the inbox; pass everything else on."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path not in {JSON_PATH, PAGE_PATH} or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return app(environ, start_response)
        to = parse_qs(environ.get("QUERY_STRING", "")).get("to", [None])[0]
        messages = _inbox().messages(to or None)
        if path == PAGE_PATH:
            body, headers = page.render(messages, to or "")
        else:
            body = json.dumps([asdict(message) for message in messages]).encode()
            headers = [("Content-Type", "application/json")]
        headers += [("Content-Length", str(len(body))), ("Cache-Control", "no-store"),
                    ("X-Content-Type-Options", "nosniff")]  # fmt: skip
        start_response("200 OK", headers)
        return [body]

    return answered


def _inbox() -> Inbox:
    inbox = RUNTIME.inbox
    if not isinstance(inbox, Inbox):
        raise TypeError("the inbox was replaced")
    return inbox

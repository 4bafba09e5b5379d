"""What managed login keeps in the browser: who is signed in, a step under way, the form's proof."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request, Response

    from local.cognito.pools import Pool, User

SESSION_COOKIE = "cognito"
STEP_COOKIE = "cognito-step"
FORM_COOKIE = "XSRF-TOKEN"
SESSION_SECONDS = 3600
STEP_SECONDS = 180

_form_key = secrets.token_bytes(32)


@dataclass(frozen=True)
class SignedIn:
    pool: Pool
    user: User
    auth_time: int
    expires_at: float


class BrowserSessions:
    """Who signed in from which browser, for an hour: the next application asks no password."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._sessions: dict[str, SignedIn] = {}
        self._lock = threading.Lock()

    def start(self, response: Response, pool: Pool, user: User) -> SignedIn:
        now = self._clock()
        token, session = (
            secrets.token_urlsafe(32),
            SignedIn(pool, user, int(now), now + SESSION_SECONDS),
        )
        with self._lock:
            for old in [key for key, kept in self._sessions.items() if kept.expires_at < now]:
                del self._sessions[old]
            self._sessions[token] = session
        # Lax, not Strict: it has to come along when an application sends the browser here.
        response.set_cookie(
            SESSION_COOKIE, token, max_age=SESSION_SECONDS, httponly=True, samesite="Lax"
        )
        return session

    def find(self, request: Request, pool: Pool) -> SignedIn | None:
        """The session, if its person may still sign in."""
        session = self._sessions.get(request.cookies.get(SESSION_COOKIE, ""))
        if session is None or session.pool is not pool or session.expires_at < self._clock():
            return None
        present = pool.users.get(session.user.username) is session.user
        usable = present and session.user.enabled and session.user.status == "CONFIRMED"
        return session if usable else None

    def end(self, request: Request, response: Response) -> None:
        with self._lock:
            self._sessions.pop(request.cookies.get(SESSION_COOKIE, ""), None)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Lax")


sessions = BrowserSessions()


def keep_step(response: Response, token: str) -> None:
    """Remember the challenge that is to be answered next."""
    response.set_cookie(STEP_COOKIE, token, max_age=STEP_SECONDS, httponly=True, samesite="Strict")


def step(request: Request) -> str | None:
    return request.cookies.get(STEP_COOKIE)


def end_step(response: Response) -> None:
    response.delete_cookie(STEP_COOKIE, httponly=True, samesite="Strict")


def form_secret(request: Request) -> str:
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(32)


def form_proof(secret: str) -> str:
    """What a form of ours carries, and no other page can know."""
    return hmac.new(_form_key, secret.encode(), hashlib.sha256).hexdigest()


def keep_form_secret(response: Response, secret: str) -> None:
    response.set_cookie(FORM_COOKIE, secret, httponly=True, samesite="Strict")


def is_own_form(request: Request) -> bool:
    secret = request.cookies.get(FORM_COOKIE)
    given = request.form.get("_csrf", "")
    return bool(secret) and hmac.compare_digest(form_proof(secret or "").encode(), given.encode())

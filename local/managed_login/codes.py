"""Authorization codes: five minutes, one use, for one client, address and PKCE challenge."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.cognito import tokens as cognito_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.cognito.pools import Client, User
    from local.managed_login.request import AuthorizationRequest

LIFETIME_SECONDS = 300
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass
class _Code:
    request: AuthorizationRequest
    user: User
    auth_time: int
    expires_at: float
    taken: bool = False
    origin_jti: str | None = None


class InvalidGrant(Exception):  # noqa: N818 - OAuth's word
    """The code, or the proof that goes with it, is not good."""


class AuthorizationCodes:
    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._lock = threading.Lock()

    def issue(self, request: AuthorizationRequest, user: User, auth_time: int) -> str:
        code = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            for old in [key for key, kept in self._codes.items() if kept.expires_at < now]:
                del self._codes[old]
            self._codes[code] = _Code(request, user, auth_time, now + LIFETIME_SECONDS)
        return code

    def redeem(
        self, code: str, client: Client, redirect_uri: str, verifier: str
    ) -> cognito_tokens.Tokens:
        """Exchange a code for tokens. Raises InvalidGrant."""
        with self._lock:
            kept = self._codes.get(code)
            if kept is None or kept.expires_at < self._clock() or kept.request.client is not client:
                raise InvalidGrant
            taken, kept.taken = kept.taken, True
        if kept.request.redirect_uri != redirect_uri or not _proves(
            kept.request.challenge, verifier
        ):
            # Spent all the same: a code seen by others is not to be tried twice.
            raise InvalidGrant
        if taken:
            self._replayed(kept)
            raise InvalidGrant
        return self._exchange(kept)

    def _exchange(self, kept: _Code) -> cognito_tokens.Tokens:
        request, user = kept.request, kept.user
        if request.pool.users.get(user.username) is not user or not user.enabled:
            raise InvalidGrant
        who = cognito_tokens.SignIn(
            user, request.scopes, "TokenGeneration_HostedAuth", request.nonce, kept.auth_time
        )
        grant, tokens = cognito_tokens.sign_in(request.pool, request.client, who)
        kept.origin_jti = grant.origin_jti
        return tokens

    def _replayed(self, kept: _Code) -> None:
        """Two parties hold the code and its verifier: end what came of it (RFC 6749, 4.1.2).

        Without the verifier nothing ends, or whoever sees a code could sign its owner out.
        """
        if kept.origin_jti is not None:
            cognito_tokens.end(kept.request.pool, kept.origin_jti)


def _proves(challenge: str, verifier: str) -> bool:
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode()).digest()
    computed = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(computed, challenge.encode())


codes = AuthorizationCodes()

"""Signing in: the password, and the challenges that may follow it.

One flow serves both the API (InitiateAuth, RespondToAuthChallenge) and managed login. Wrong in
moto: unknown, disabled and guessed-at people are not told apart as the app client asks, and
sessions never end.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Literal

from local.cognito import mfa, srp
from local.cognito.pools import (
    Client,
    Pool,
    User,
    find_user,
    hides_existence,
    normalised,
    refusal,
)
from local.cognito.throttle import Throttle

Challenge = Literal["PASSWORD_VERIFIER", "NEW_PASSWORD_REQUIRED", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"]
WRONG_PASSWORD = "Incorrect username or password."  # noqa: S105 - a message

throttle = Throttle()


@dataclass(frozen=True)
class Session:
    """A sign-in under way: who, for which client, and what has to be answered next."""

    pool: Pool
    client: Client
    user: User
    challenge: Challenge
    exchange: srp.Exchange | None = None
    enrolled: bool = False
    expires_at: float = field(default=0.0)


_sessions: dict[str, Session] = {}
_lock = threading.Lock()


def open_session(session: Session, token: str | None = None) -> str:
    """Keep a session for the client's AuthSessionValidity (minutes) and return its token."""
    minutes = int(session.client.extended_config.get("AuthSessionValidity") or 3)
    now = time.time()
    token = token or secrets.token_urlsafe(64)
    with _lock:
        for key in [key for key, kept in _sessions.items() if kept.expires_at < now]:
            del _sessions[key]
        _sessions[token] = replace(session, expires_at=now + 60 * minutes)
    return token


def peek_session(token: str | None) -> Session:
    with _lock:
        session = _sessions.get(token or "")
    if session is None or session.expires_at < time.time():
        raise refusal("NotAuthorizedException", "Invalid session for the user, session is expired.")
    return session


def expect_session(token: str | None, client_id: str | None, challenge: Challenge) -> Session:
    """The session, if it is this client's and waits for this challenge."""
    session = peek_session(token)
    if session.client.id != client_id or session.challenge != challenge:
        raise refusal("NotAuthorizedException", "Invalid session for the user.")
    return session


def close_session(token: str | None, client_id: str | None, challenge: Challenge) -> Session:
    """Use a session up: of two answers at once, one is refused."""
    session = expect_session(token, client_id, challenge)
    with _lock:
        if _sessions.pop(token or "", None) is None:
            raise refusal("NotAuthorizedException", "Invalid session for the user.")
    return session


def _key(pool: Pool, name: str) -> str:
    """Names of one person share one count, so guessing gains nothing by varying the name."""
    user = find_user(pool, name)
    return f"{pool.id} {user.id if user else normalised(pool, name)}"


def refuse_while_locked(pool: Pool, name: str) -> None:
    if throttle.locked(_key(pool, name)):
        raise refusal("NotAuthorizedException", "Password attempts exceeded")


def known_user(pool: Pool, client: Client, name: str) -> User | None:
    """The person, or None where the client asks for their absence to be hidden."""
    user = find_user(pool, name)
    if user is None and not hides_existence(client):
        raise refusal("UserNotFoundException", "User does not exist.")
    return user


def check_password(pool: Pool, client: Client, name: str, password: str) -> User:
    """The person whose name and password these are. Raises as InitiateAuth does."""
    refuse_while_locked(pool, name)
    user = known_user(pool, client, name)
    # An unknown name is compared too, so that the time taken tells nothing.
    expected = user.password if user is not None and user.password else secrets.token_hex()
    right = hmac.compare_digest(expected.encode(), password.encode())
    return password_checked(pool, name, user, right=right)


def password_checked(pool: Pool, name: str, user: User | None, *, right: bool) -> User:
    """What follows the comparison, however it was made."""
    key = _key(pool, name)
    if user is None or not right:
        throttle.fail(key)
        raise refusal("NotAuthorizedException", WRONG_PASSWORD)
    throttle.succeed(key)
    if not user.enabled:
        raise refusal("NotAuthorizedException", "User is disabled.")
    if user.status == "RESET_REQUIRED":
        raise refusal("PasswordResetRequiredException", "Password reset required for the user")
    if user.status == "UNCONFIRMED":
        raise refusal("UserNotConfirmedException", "User is not confirmed.")
    return user


def next_challenge(pool: Pool, user: User) -> Challenge | None:
    """What is still to be answered once the password was right; None when nothing is."""
    if user.status == "FORCE_CHANGE_PASSWORD":
        return "NEW_PASSWORD_REQUIRED"
    if mfa.needed(pool, user):
        return "SOFTWARE_TOKEN_MFA"
    if mfa.enrolment_needed(pool, user):
        return "MFA_SETUP"
    return None


def check_code(session: Session, code: str) -> None:
    """The authenticator's code; wrong ones count towards the same lock as wrong passwords."""
    refuse_while_locked(session.pool, session.user.username)
    key = _key(session.pool, session.user.username)
    try:
        mfa.check(session.user, code)
    except Exception:
        throttle.fail(key)
        raise
    throttle.succeed(key)


def set_first_password(session: Session, password: str) -> None:
    """Answer NEW_PASSWORD_REQUIRED: the temporary password gives way to the person's own."""
    session.pool.backend._validate_password(session.pool.id, password)
    session.user.password = password
    session.user.status = _confirmed()


def _confirmed() -> object:
    from moto.cognitoidp.models import UserStatus

    return UserStatus.CONFIRMED

"""Tokens of a user pool: issuing, refreshing, revoking and reading them.

Wrong in moto: lifetimes are ignored (always an hour), refresh tokens never expire, work for other
clients and for disabled people, and the scope is fixed. Here one `Grant` stands behind each
sign-in; its tokens live and die with it.
https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
"""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

import jwt

from local.cognito import keys as cognito_keys
from local.cognito.claims import access_claims, identity_claims
from local.cognito.pools import (
    Beside,
    Client,
    Pool,
    User,
    every_pool,
    lifetime_seconds,
    refusal,
)
from local.cognito.triggers import pre_token_generation

# What a sign-in through the API may: manage its own account.
SELF_SERVICE_SCOPE = "aws.cognito.signin.user.admin"


@dataclass(frozen=True)
class Grant:
    """One sign-in. `origin_jti` names it in every token that comes of it."""

    client_id: str
    user: User
    scopes: tuple[str, ...]
    auth_time: int
    expires_at: float
    nonce: str | None = None
    origin_jti: str = field(default_factory=lambda: str(uuid.uuid4()))
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Tokens:
    access: str
    identity: str | None
    refresh: str | None
    expires_in: int


@dataclass
class _Book:
    """What a pool remembers: live grants, the refresh tokens that lead to them, their end."""

    grants: dict[str, Grant] = field(default_factory=dict)
    refresh: dict[str, tuple[str, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_books = Beside(_Book)


@dataclass(frozen=True)
class SignIn:
    """Somebody who has just shown who they are. Scopes are those already allowed."""

    user: User
    scopes: tuple[str, ...] = (SELF_SERVICE_SCOPE,)
    source: str = "TokenGeneration_Authentication"
    nonce: str | None = None
    auth_time: int | None = None


def sign_in(pool: Pool, client: Client, who: SignIn) -> tuple[Grant, Tokens]:
    """Start a grant and issue its first tokens."""
    now = int(time.time())
    grant = Grant(
        client_id=client.id,
        user=who.user,
        scopes=who.scopes,
        auth_time=who.auth_time or now,
        expires_at=now + lifetime_seconds(client, "RefreshToken"),
        nonce=who.nonce,
    )
    tokens = _issue(pool, client, grant, who.source)
    refresh = secrets.token_urlsafe(96)
    book = _books.of(pool)
    with book.lock:
        _forget_ended(book, now)
        book.grants[grant.origin_jti] = grant
        book.refresh[refresh] = (grant.origin_jti, grant.expires_at)
    return grant, replace(tokens, refresh=refresh)


def _forget_ended(book: _Book, now: float) -> None:
    for token, (_, expires_at) in list(book.refresh.items()):
        if expires_at < now:
            del book.refresh[token]
    for origin_jti, grant in list(book.grants.items()):
        # Access tokens outlive their grant by a day at most, the longest lifetime there is.
        if grant.expires_at < now - 86400:
            del book.grants[origin_jti]


def refresh(pool: Pool, client: Client, token: str) -> Tokens:
    """Fresh access and identity tokens; a fresh refresh token where the client rotates them."""
    book = _books.of(pool)
    with book.lock:
        origin_jti, expires_at = book.refresh.get(token, ("", 0.0))
        grant = book.grants.get(origin_jti)
    if grant is None or grant.client_id != client.id:
        raise refusal("NotAuthorizedException", "Invalid Refresh Token")
    if time.time() >= expires_at:
        raise refusal("NotAuthorizedException", "Refresh Token has expired")
    _refuse_absent(pool, grant.user)
    # Nonce belongs to the sign-in request alone (OpenID Connect Core, 12.2).
    tokens = _issue(pool, client, replace(grant, nonce=None), "TokenGeneration_RefreshTokens")
    return replace(tokens, refresh=_rotate(book, client, token, grant))


def rotates(client: Client) -> bool:
    return bool(_rotation(client).get("Feature") == "ENABLED")


def _rotation(client: Client) -> dict[str, Any]:
    return client.extended_config.get("RefreshTokenRotation") or {}


def _rotate(book: _Book, client: Client, used: str, grant: Grant) -> str | None:
    if not rotates(client):
        return None
    fresh = secrets.token_urlsafe(96)
    with book.lock:
        if used not in book.refresh or grant.origin_jti not in book.grants:
            raise refusal("NotAuthorizedException", "Invalid Refresh Token")
        # The grace period lets a client retry when the answer with the new token was lost.
        grace_ends = time.time() + int(_rotation(client).get("RetryGracePeriodSeconds") or 0)
        book.refresh[used] = (grant.origin_jti, min(book.refresh[used][1], grace_ends))
        book.refresh[fresh] = (grant.origin_jti, grant.expires_at)
    return fresh


def revoke(pool: Pool, client: Client, token: str) -> None:
    """End the grant behind a refresh token. Unknown tokens pass in silence (RFC 7009)."""
    book = _books.of(pool)
    with book.lock:
        origin_jti, _ = book.refresh.get(token, ("", 0.0))
        grant = book.grants.get(origin_jti)
    if grant is None:
        return
    if grant.client_id != client.id:
        raise refusal("UnauthorizedException", "Token was not issued to this client")
    end(pool, grant.origin_jti)


def end(pool: Pool, origin_jti: str) -> None:
    book = _books.of(pool)
    with book.lock:
        book.grants.pop(origin_jti, None)
        for token, (owner, _) in list(book.refresh.items()):
            if owner == origin_jti:
                del book.refresh[token]


def sign_out_everywhere(pool: Pool, user: User) -> None:
    book = _books.of(pool)
    with book.lock:
        ended = [jti for jti, grant in book.grants.items() if grant.user is user]
    for origin_jti in ended:
        end(pool, origin_jti)


@dataclass(frozen=True)
class Bearer:
    """Whose access token it is, and what it allows."""

    pool: Pool
    user: User
    client_id: str
    scopes: frozenset[str]


def read_access_token(token: str | None, scope: str = SELF_SERVICE_SCOPE) -> Bearer:
    """Check a token presented to Cognito itself. Raises NotAuthorizedException."""
    pool, claims = _verified(token or "")
    grant = _books.of(pool).grants.get(claims.get("origin_jti", ""))
    if grant is None:
        raise refusal("NotAuthorizedException", "Access Token has been revoked")
    _refuse_absent(pool, grant.user)
    scopes = frozenset(claims.get("scope", "").split())
    if scope not in scopes:
        raise refusal("NotAuthorizedException", "Access Token does not have required scopes")
    return Bearer(pool, grant.user, grant.client_id, scopes)


def _verified(token: str) -> tuple[Pool, dict[str, Any]]:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        for pool in every_pool():
            key = cognito_keys.of(pool).access
            if key.kid == kid:
                issuer = cognito_keys.issuer(pool)
                return pool, jwt.decode(token, key.public, algorithms=["RS256"], issuer=issuer)
    except jwt.ExpiredSignatureError:
        raise refusal("NotAuthorizedException", "Access Token has expired") from None
    except jwt.PyJWTError:
        pass
    raise refusal("NotAuthorizedException", "Invalid Access Token")


def _refuse_absent(pool: Pool, user: User) -> None:
    if pool.users.get(user.username) is not user:
        raise refusal("NotAuthorizedException", "User does not exist.")
    if not user.enabled:
        raise refusal("NotAuthorizedException", "User is disabled.")


def _issue(pool: Pool, client: Client, grant: Grant, source: str) -> Tokens:
    override = pre_token_generation(pool, client.id, grant.user, list(grant.scopes), source)
    keys = cognito_keys.of(pool)
    access = cognito_keys.sign(keys.access, access_claims(pool, client, grant, override))
    identity = None
    if not set(grant.scopes).isdisjoint({"openid", SELF_SERVICE_SCOPE}):
        claims = identity_claims(pool, client, grant, override, access)
        identity = cognito_keys.sign(keys.identity, claims)
    return Tokens(access, identity, None, lifetime_seconds(client, "AccessToken"))


def client_credentials(pool: Pool, client: Client, scopes: list[str]) -> Tokens:
    """A machine's token: no person, no identity or refresh token (RFC 6749, 4.4)."""
    now, ttl = int(time.time()), lifetime_seconds(client, "AccessToken")
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": now,
        "iss": cognito_keys.issuer(pool),
        "exp": now + ttl,
        "iat": now,
        "version": 2,
        "jti": str(uuid.uuid4()),
        "client_id": client.id,
    }
    return Tokens(cognito_keys.sign(cognito_keys.of(pool).access, claims), None, None, ttl)

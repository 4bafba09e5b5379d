"""What a pool's tokens say, with what the PreTokenGeneration trigger changes about it.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
"""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from typing import TYPE_CHECKING, Any

from local.cognito import keys
from local.cognito.pools import Client, Pool, User, lifetime_seconds
from local.cognito.triggers import group_names

if TYPE_CHECKING:
    from local.cognito.tokens import Grant

# The trigger's version and its answer.
Override = tuple[str, dict[str, Any]]

# No trigger may change these (AWS lists them on the trigger's page).
_FIXED = frozenset(
    [
        "acr",
        "amr",
        "at_hash",
        "auth_time",
        "azp",
        "client_id",
        "cognito:username",
        "device_key",
        "event_id",
        "exp",
        "iat",
        "identities",
        "iss",
        "jti",
        "nbf",
        "nonce",
        "origin_jti",
        "scope",
        "sub",
        "token_use",
        "username",
        "version",
    ]
)
_OF_SCOPE = {
    "email": ("email", "email_verified"),
    "phone": ("phone_number", "phone_number_verified"),
}
_TRUTH = ("email_verified", "phone_number_verified")


def access_claims(pool: Pool, client: Client, grant: Grant, override: Override) -> dict[str, Any]:
    version, answer = override
    changes = answer.get("accessTokenGeneration") or {} if version != "V1_0" else {}
    scopes = [s for s in grant.scopes if s not in (changes.get("scopesToSuppress") or [])]
    scopes += [s for s in changes.get("scopesToAdd") or [] if s not in scopes]
    claims = _common(pool, client, grant, "AccessToken", answer)
    claims |= {
        "client_id": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "username": grant.user.username,
        "version": 2,
    }
    return _changed(claims, changes)


def identity_claims(
    pool: Pool, client: Client, grant: Grant, override: Override, access_token: str
) -> dict[str, Any]:
    version, answer = override
    changes = answer if version == "V1_0" else answer.get("idTokenGeneration") or {}
    claims = readable_attributes(client, grant.user, grant.scopes)
    claims |= _common(pool, client, grant, "IdToken", answer)
    claims |= {
        "aud": client.id,
        "token_use": "id",
        "at_hash": _half_hash(access_token),
        "cognito:username": grant.user.username,
    }
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    return _changed(claims, changes)


def readable_attributes(client: Client, user: User, scopes: tuple[str, ...]) -> dict[str, Any]:
    """The attributes these scopes show: all readable ones where no narrower scope was asked for."""
    readable = client.extended_config.get("ReadAttributes") or list(user.attribute_lookup)
    narrow = [scope for scope in scopes if scope in {"email", "phone", "profile"}]
    shown = {name for scope in narrow for name in _OF_SCOPE.get(scope, ())}
    contact = {name for names in _OF_SCOPE.values() for name in names}
    claims: dict[str, Any] = {}
    for name, value in user.attribute_lookup.items():
        in_scope = not narrow or name in shown or ("profile" in narrow and name not in contact)
        if name != "sub" and name in readable and in_scope:
            claims[name] = value == "true" if name in _TRUTH else value
    return claims


def _common(
    pool: Pool, client: Client, grant: Grant, token: str, answer: dict[str, Any]
) -> dict[str, Any]:
    now = int(time.time())
    claims: dict[str, Any] = {
        "sub": grant.user.id,
        "iss": keys.issuer(pool),
        "origin_jti": grant.origin_jti,
        "event_id": grant.event_id,
        "auth_time": grant.auth_time,
        "exp": now + lifetime_seconds(client, token),
        "iat": now,
        "jti": str(uuid.uuid4()),
    }
    groups = (answer.get("groupOverrideDetails") or {}).get("groupsToOverride")
    groups = group_names(grant.user) if groups is None else groups
    if groups:
        claims["cognito:groups"] = groups
    return claims


def _changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    added = changes.get("claimsToAddOrOverride") or {}
    claims |= {name: value for name, value in added.items() if name not in _FIXED}
    dropped = set(changes.get("claimsToSuppress") or []) - _FIXED
    return {name: value for name, value in claims.items() if name not in dropped}


def _half_hash(access_token: str) -> str:
    """`at_hash` of OpenID Connect Core, 3.1.3.6."""
    digest = hashlib.sha256(access_token.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()

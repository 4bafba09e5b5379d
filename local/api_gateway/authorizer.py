"""The Cognito authorizer of a REST API: whose token this is, or none of ours.

A token that has been verified is remembered, to the byte, until it expires: RS256 costs more than
the rest of a request. As on AWS, revocation does not reach here; only the end of a token does.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jwt

from local.cognito import keys
from local.cognito.pools import Pool, find_pool

if TYPE_CHECKING:
    from local.api_gateway.document import CognitoAuthorizer

_KEPT_TOKENS = 10_000
_ALGORITHM = "RS256"
_DATES = ("exp", "iat")

Claims = Mapping[str, str]


class Refused(Exception):  # noqa: N818 - what the caller is
    """Not authorized; the message is the one API Gateway shows."""


_verified: dict[tuple[CognitoAuthorizer, str], tuple[float, Claims]] = {}
_lock = threading.Lock()


def authorize(authorizer: CognitoAuthorizer, value: str | None) -> Claims:
    """The token's claims as strings, as API Gateway hands them on. Raises Refused."""
    if not value:
        raise Refused("Unauthorized")
    token = value[7:] if value[:7].lower() == "bearer " else value
    known = _verified.get((authorizer, token))
    if known is not None and time.time() < known[0]:
        return known[1]
    claims = _verify(authorizer, token)
    shown = {name: _as_text(name, given) for name, given in claims.items()}
    _remember((authorizer, token), float(claims["exp"]), shown)
    return shown


def _remember(key: tuple[CognitoAuthorizer, str], until: float, claims: Claims) -> None:
    with _lock:
        if len(_verified) >= _KEPT_TOKENS:
            _verified.clear()
        _verified[key] = (until, claims)


def _verify(authorizer: CognitoAuthorizer, token: str) -> dict[str, Any]:
    try:
        claims = _signed_claims(authorizer, token)
    except jwt.ExpiredSignatureError:
        raise Refused("The incoming token has expired") from None
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Refused("Unauthorized") from None
    wanted = "access" if authorizer.scopes else "id"
    if claims["token_use"] != wanted:
        raise Refused("Unauthorized")
    granted = claims.get("scope", "")
    if authorizer.scopes and not (
        isinstance(granted, str) and authorizer.scopes.intersection(granted.split(" "))
    ):
        raise Refused("Unauthorized")
    return claims


def _signed_claims(authorizer: CognitoAuthorizer, token: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    # The key is ours and found by id; keys or addresses of keys in the header mean nothing.
    if header.get("alg") != _ALGORITHM or "crit" in header:
        raise jwt.InvalidAlgorithmError
    for pool in _pools(authorizer):
        key = keys.public_keys(pool).get(str(header.get("kid")))
        if key is not None:
            return jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                issuer=keys.issuer(pool),
                options={
                    "require": ["exp", "iat", "iss", "sub", "token_use"],
                    "verify_aud": False,
                },
            )
    raise jwt.InvalidKeyError


def _pools(authorizer: CognitoAuthorizer) -> list[Pool]:
    found = (find_pool(arn.rpartition("/")[2]) for arn in authorizer.pool_arns)
    return [pool for pool in found if pool is not None]


def _as_text(name: str, value: Any) -> str:
    """API Gateway's way of writing a claim: lists joined by commas, dates in words."""
    if name in _DATES:
        return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
    if isinstance(value, list):
        return ",".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)

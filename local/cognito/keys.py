"""The keys that sign a pool's tokens: made at random at each start, two for each pool.

Wrong in moto: every token is signed with one private key published in its package, so anybody
can forge one (models.py `CognitoIdpUserPool.__init__`), and JWKS serves its public half.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from local.cognito.pools import Beside, Pool


@dataclass(frozen=True)
class SigningKey:
    kid: str
    private: rsa.RSAPrivateKey

    @property
    def public(self) -> rsa.RSAPublicKey:
        return self.private.public_key()

    def as_jwk(self) -> dict[str, str]:
        numbers = self.public.public_numbers()
        return {
            "alg": "RS256",
            "e": _base64url(numbers.e),
            "kid": self.kid,
            "kty": "RSA",
            "n": _base64url(numbers.n),
            "use": "sig",
        }


class PoolKeys:
    """As in Cognito, identity and access tokens of a pool have a key each."""

    def __init__(self) -> None:
        self.identity = _new_key()
        self.access = _new_key()


_keys = Beside(PoolKeys)


def of(pool: Pool) -> PoolKeys:
    return _keys.of(pool)


def sign(key: SigningKey, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, key.private, algorithm="RS256", headers={"kid": key.kid, "typ": ""})


def public_keys(pool: Pool) -> dict[str, rsa.RSAPublicKey]:
    """Key id to public key for both of a pool's keys, as its JWKS lists them."""
    keys = of(pool)
    return {key.kid: key.public for key in (keys.identity, keys.access)}


def jwks(pool: Pool) -> dict[str, list[dict[str, str]]]:
    """The pool's JSON Web Key Set (RFC 7517)."""
    keys = of(pool)
    return {"keys": [keys.identity.as_jwk(), keys.access.as_jwk()]}


def issuer(pool: Pool) -> str:
    return f"https://cognito-idp.{pool.region}.amazonaws.com/{pool.id}"


def _new_key() -> SigningKey:
    kid = base64.b64encode(secrets.token_bytes(32)).decode()
    return SigningKey(kid, rsa.generate_private_key(public_exponent=65537, key_size=2048))


def _base64url(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()

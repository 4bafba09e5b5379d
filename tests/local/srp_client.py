"""The client's half of Cognito's SRP, written from RFC 5054 and Cognito's own key derivation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any

# RFC 5054, appendix A, 3072-bit group: computed, so that it is not a copy of the server's.
_PI_DIGITS = 1690314


def _prime() -> int:
    # N = 2^3072 - 2^3008 - 1 + 2^64 * ([2^2942 pi] + 1690314), RFC 3526.
    return 2**3072 - 2**3008 - 1 + 2**64 * (_pi_scaled(2942) + _PI_DIGITS)


def _pi_scaled(bits: int) -> int:
    """Whole part of 2^bits times pi, by Machin's formula."""
    guard = bits + 64
    unity = 1 << guard

    def arctan_inverse(x: int) -> int:
        total = term = unity // x
        n, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    return (4 * (4 * arctan_inverse(5) - arctan_inverse(239))) >> 64


N = _prime()


def _pad(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def sign_in(idp: Any, client_id: str, pool_id: str, name: str, password: str) -> dict[str, Any]:
    """Sign in with SRP; the answer of RespondToAuthChallenge."""
    a_private = secrets.randbits(256)
    a_public = pow(2, a_private, N)
    started = idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": name, "SRP_A": f"{a_public:x}"},
    )["ChallengeParameters"]
    user_id, stamp = started["USER_ID_FOR_SRP"], _timestamp()
    identity = f"{pool_id.split('_', 1)[1]}{user_id}".encode()
    key = _key(identity + f":{password}".encode(), a_private, started)
    message = identity + base64.b64decode(started["SECRET_BLOCK"]) + stamp.encode()
    signature = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return idp.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={
            "USERNAME": user_id,
            "PASSWORD_CLAIM_SECRET_BLOCK": started["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": signature,
            "TIMESTAMP": stamp,
        },
    )


def _key(identity: bytes, a_private: int, given: dict[str, str]) -> bytes:
    salt, b_public = int(given["SALT"], 16), int(given["SRP_B"], 16)
    scrambler = _number(_pad(pow(2, a_private, N)), _pad(b_public))
    x = _number(_pad(salt), hashlib.sha256(identity).digest())
    base = b_public - _number(_pad(N), _pad(2)) * pow(2, x, N)
    shared = pow(base, a_private + scrambler * x, N)
    extracted = hmac.new(_pad(scrambler), _pad(shared), hashlib.sha256).digest()
    return hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]


def _timestamp() -> str:
    now = time.gmtime()
    return time.strftime(f"%a %b {now.tm_mday} %H:%M:%S UTC %Y", now)

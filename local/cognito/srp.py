"""The server's half of Secure Remote Password 6a as Cognito speaks it.

Wrong in moto: SRP_B is a random uuid and the claim is never checked (models.py `initiate_auth`,
`respond_to_auth_challenge`), so any password signs in. The group is the 3072-bit one of RFC 5054,
appendix A; the key derivation is Cognito's own ("Caldera Derived Key").
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

_PRIME_HEX = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
)
PRIME = int(_PRIME_HEX, 16)
GENERATOR = 2


def padded(number: int) -> bytes:
    """Big-endian bytes with a leading zero where the top bit is set (as Java's BigInteger)."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _digest_number(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


MULTIPLIER = _digest_number(padded(PRIME), padded(GENERATOR))


@dataclass(frozen=True)
class Exchange:
    """One started exchange: what the client is told, and the key it has to prove."""

    salt: str
    public: str
    secret_block: str
    pool_name: str
    user_id: str
    key: bytes

    def proves(self, signature: str, timestamp: str) -> bool:
        """Whether the client's claim was made with the right password."""
        message = f"{self.pool_name}{self.user_id}".encode()
        message += base64.b64decode(self.secret_block) + timestamp.encode()
        wanted = base64.b64encode(hmac.new(self.key, message, hashlib.sha256).digest())
        return hmac.compare_digest(wanted, signature.encode("utf-8", "replace"))


def start(pool_id: str, user_id: str, password: str, client_public: str) -> Exchange:
    """Answer SRP_A (hexadecimal). Raises ValueError for a value RFC 5054 forbids."""
    a_public = int(client_public, 16)
    if a_public % PRIME == 0:
        raise ValueError("SRP_A is zero modulo N")
    pool_name = pool_id.split("_", 1)[1]
    salt, b_private = secrets.randbits(128), secrets.randbits(1024)
    identity = hashlib.sha256(f"{pool_name}{user_id}:{password}".encode()).digest()
    verifier = pow(GENERATOR, _digest_number(padded(salt), identity), PRIME)
    b_public = (MULTIPLIER * verifier + pow(GENERATOR, b_private, PRIME)) % PRIME
    scrambler = _digest_number(padded(a_public), padded(b_public))
    shared = pow(a_public * pow(verifier, scrambler, PRIME), b_private, PRIME)
    extracted = hmac.new(padded(scrambler), padded(shared), hashlib.sha256).digest()
    key = hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
    block = base64.b64encode(secrets.token_bytes(256)).decode()
    return Exchange(f"{salt:x}", f"{b_public:x}", block, pool_name, user_id, key)

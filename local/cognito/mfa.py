"""Time-based one-time passwords (RFC 6238): a secret per person, and no code accepted twice.

Wrong in moto: one secret for everybody ("asdfasdfasdf"), and any code is accepted.
"""

from __future__ import annotations

import hmac
import threading
import time
from dataclasses import dataclass, field

import pyotp

from local.cognito.pools import Beside, Pool, User, refusal

PERIOD_SECONDS = 30


@dataclass
class Authenticator:
    """A person's authenticator app; `pending` until a first code has proved it."""

    secret: str | None = None
    pending: str | None = None
    last_step: int = -1
    lock: threading.Lock = field(default_factory=threading.Lock)

    def accept(self, secret: str | None, code: str, at: float) -> None:
        """Accept a code of this step or a neighbour. Raises CodeMismatch- or ExpiredCodeException."""
        if secret is None:
            raise refusal("InvalidParameterException", "No software token has been associated")
        generator = pyotp.TOTP(secret, interval=PERIOD_SECONDS)
        now = int(at) // PERIOD_SECONDS
        with self.lock:
            for step in (now, now - 1, now + 1):
                if hmac.compare_digest(generator.generate_otp(step).encode(), code.encode()):
                    if step <= self.last_step:
                        raise refusal(
                            "ExpiredCodeException",
                            "Your software token has already been used once.",
                        )
                    self.last_step = step
                    return
        raise refusal("CodeMismatchException", "Invalid code received for user")


_authenticators = Beside(Authenticator)


def begin(user: User) -> str:
    """Make a fresh secret (base32) that counts once `finish` has seen a code of it."""
    authenticator = _authenticators.of(user)
    authenticator.pending = pyotp.random_base32()
    return authenticator.pending


def pending(user: User) -> str:
    """The secret being set up."""
    return _authenticators.of(user).pending or begin(user)


def finish(user: User, code: str) -> None:
    authenticator = _authenticators.of(user)
    pending = authenticator.pending
    try:
        authenticator.accept(pending, code.strip(), time.time())
    except Exception as error:
        raise refusal("EnableSoftwareTokenMFAException", "Code mismatch") from error
    authenticator.secret, authenticator.pending = pending, None
    user.token_verified = True


def check(user: User, code: str) -> None:
    authenticator = _authenticators.of(user)
    authenticator.accept(authenticator.secret, code.strip(), time.time())


def needed(pool: Pool, user: User) -> bool:
    """Whether a sign-in has to show a code."""
    if pool.mfa_config == "OFF" or not user.token_verified:
        return False
    return bool(pool.mfa_config == "ON" or user.software_token_mfa_enabled)


def enrolment_needed(pool: Pool, user: User) -> bool:
    return bool(pool.mfa_config == "ON" and not user.token_verified)


def enrolment_uri(pool: Pool, user: User, secret: str) -> str:
    """The `otpauth:` address authenticator apps read."""
    name = user.attribute_lookup.get("email") or user.username
    return pyotp.TOTP(secret, interval=PERIOD_SECONDS).provisioning_uri(
        name=name, issuer_name=pool.name
    )

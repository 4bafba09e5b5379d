"""Confirmation and reset codes: six digits, sent by mail, with an end and five tries.

Wrong in moto: no code is ever sent, and any is accepted.
https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from local.cognito.pools import Beside, Pool, User, refusal
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable

Purpose = Literal["sign_up", "reset", "email"]

LIFETIME_SECONDS: dict[Purpose, int] = {"sign_up": 86400, "reset": 3600, "email": 86400}
TRIES = 5
SENT_PER_HOUR = 20
PLACEHOLDER = "{####}"


@dataclass
class _Code:
    digits: str
    expires_at: float
    wrong_tries: int = 0


@dataclass
class Codes:
    """One person's open codes. A new code takes the place of the one before."""

    clock: Callable[[], float] = time.time
    _open: dict[Purpose, _Code] = field(default_factory=dict)
    _sent: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, purpose: Purpose) -> str:
        """A fresh code. Raises LimitExceededException past twenty an hour."""
        with self._lock:
            now = self.clock()
            self._sent = [at for at in self._sent if at > now - 3600]
            if len(self._sent) >= SENT_PER_HOUR:
                raise _too_often()
            self._sent.append(now)
            code = _Code(f"{secrets.randbelow(10**6):06d}", now + LIFETIME_SECONDS[purpose])
            self._open[purpose] = code
            return code.digits

    def use(self, purpose: Purpose, digits: str) -> None:
        """Consume the code. Raises ExpiredCode-, CodeMismatch- or LimitExceededException."""
        with self._lock:
            code = self._open.get(purpose)
            if code is None or self.clock() >= code.expires_at:
                raise refusal(
                    "ExpiredCodeException", "Invalid code provided, please request a code again."
                )
            if code.wrong_tries >= TRIES:
                raise _too_often()
            if not hmac.compare_digest(code.digits.encode(), digits.strip().encode()):
                code.wrong_tries += 1
                raise refusal(
                    "CodeMismatchException",
                    "Invalid verification code provided, please try again.",
                )
            del self._open[purpose]


_codes = Beside(Codes)


def use(user: User, purpose: Purpose, digits: str | None) -> None:
    _codes.of(user).use(purpose, digits or "")


def send(pool: Pool, user: User, purpose: Purpose, address: str | None = None) -> dict[str, str]:
    """Mail a fresh code and return CodeDeliveryDetails; `address` where it is not the user's."""
    to = address or user.attribute_lookup.get("email")
    if not to:
        raise refusal(
            "InvalidParameterException",
            "Cannot send a code: the user has no registered/verified email or phone_number",
        )
    digits = _codes.of(user).make(purpose)
    subject, text = _template(pool, purpose)
    RUNTIME.inbox.deliver(to, subject, text.replace(PLACEHOLDER, digits), "cognito")
    return delivery_details(to)


def delivery_details(address: str) -> dict[str, str]:
    """CodeDeliveryDetails with the masked address that AWS shows."""
    name, _, domain = address.partition("@")
    masked = f"{name[:1]}***@{domain[:1]}***"
    return {"Destination": masked, "DeliveryMedium": "EMAIL", "AttributeName": "email"}


def _template(pool: Pool, purpose: Purpose) -> tuple[str, str]:
    if purpose == "reset":
        return "Your password reset code", f"Your password reset code is {PLACEHOLDER}."
    settings: dict[str, Any] = pool.extended_config
    subject = settings.get("EmailVerificationSubject") or "Your verification code"
    text = settings.get("EmailVerificationMessage") or f"Your verification code is {PLACEHOLDER}."
    return subject, text


def _too_often() -> Exception:
    return refusal("LimitExceededException", "Attempt limit exceeded, please try after some time.")

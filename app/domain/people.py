"""Who asks: what the verified token, the user pool and our own state say of one person."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.reasons import Reason


@dataclass(frozen=True)
class UserState:
    """What Waybill itself holds of a person; the default is a person it has never restricted."""

    enabled: bool = True
    not_before: int = 0  # epoch seconds: a token issued earlier is refused


@dataclass(frozen=True)
class Person:
    """One person, identified by `sub`; the address counts only when it is verified."""

    sub: str
    email: str  # normalised
    email_verified: bool
    enabled: bool  # in the user pool
    token_issued_at: int  # epoch seconds
    groups: tuple[str, ...] = ()


def standing(person: Person, state: UserState) -> Reason | None:
    """Why this person may do nothing at all, or None."""
    if not (person.enabled and state.enabled):
        return Reason.ACCOUNT_DISABLED
    if person.token_issued_at < state.not_before:
        return Reason.SESSION_REVOKED
    if not person.email_verified:
        return Reason.EMAIL_NOT_VERIFIED
    return None

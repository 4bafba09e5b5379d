"""May this person share this file with these recipients, under these terms?"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.decisions import Allowed, Refused
from app.domain.files import File, unready
from app.domain.people import Person, UserState, standing
from app.domain.reasons import Reason
from app.domain.shares import Share, Terms, active

SECONDS_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class TermLimits:
    """What the administrator allows at most."""

    longest_share_days: int
    largest_download_limit: int
    default_share_days: int


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with one field of a request."""

    field: str
    message: str


def term_faults(terms: Terms, limits: TermLimits, now: int) -> list[FieldFault]:
    """Every term that may not be given; `now` in epoch seconds."""
    latest = now + limits.longest_share_days * SECONDS_A_DAY
    faults = []
    if terms.expires_at <= now:
        faults.append(FieldFault("expires_at", "The expiry must lie in the future."))
    if terms.expires_at > latest:
        days = limits.longest_share_days
        faults.append(FieldFault("expires_at", f"A share may last {days} days at most."))
    if terms.download_limit is not None and terms.download_limit > limits.largest_download_limit:
        most = limits.largest_download_limit
        faults.append(FieldFault("download_limit", f"The limit may be {most} at most."))
    return faults


@dataclass(frozen=True)
class Proposal:
    """What the owner wants: the same terms for each recipient. Addresses are normalised."""

    recipients: tuple[str, ...]
    terms: Terms


@dataclass(frozen=True)
class SharingFacts:
    """All that deciding one act of sharing needs, read at once and strongly consistent."""

    state: UserState
    file: File | None
    existing: tuple[Share, ...]


def decide(
    person: Person, facts: SharingFacts, proposal: Proposal, limits: TermLimits, now: int
) -> Allowed[File] | Refused:
    """Decide one act of sharing, all recipients or none; `now` in epoch seconds."""
    if reason := standing(person, facts.state):
        return Refused(reason)
    file = facts.file
    if file is None or file.owner != person.sub:
        return Refused(Reason.NO_SUCH_FILE if file is None else Reason.NOT_OWNER)
    reason = unready(file) or _unfit(person, facts, proposal, limits, now)
    return Refused(reason) if reason else Allowed(file)


def _unfit(
    person: Person, facts: SharingFacts, proposal: Proposal, limits: TermLimits, now: int
) -> Reason | None:
    if person.email in proposal.recipients:
        return Reason.RECIPIENT_IS_OWNER
    if any(active(share, now) for share in facts.existing):
        return Reason.ALREADY_SHARED
    return Reason.TERMS_NOT_ALLOWED if term_faults(proposal.terms, limits, now) else None

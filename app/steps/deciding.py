"""What every deciding step has in common: who asks, when, and the one record it will leave."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.domain.addresses import normalise
from app.domain.events import Action, AuditRecord, Outcome
from app.domain.people import Person
from app.domain.reasons import Reason, told
from app.domain.times import iso

if TYPE_CHECKING:
    from app.contract.attempts import Attempt, User
    from app.ports import TransactItem

MOST_ROUNDS = 5


class Deciding:
    """One round of deciding an attempt.

    A cancelled transaction leads the workflow back here: the facts are read again, so that the
    loser of a race is refused with the true reason, and the loser of a mere conflict tries again
    after a pause, a bounded number of times.
    """

    def __init__(self, attempt: Attempt, action: Action) -> None:
        clock = services().clock
        self._request_id = attempt["request"]["id"]
        self._rounds = int(attempt.get("decision", {}).get("round", 0))
        if self._rounds:
            clock.pause(self._rounds)
        self.moment = clock.now()
        self.now = int(self.moment.timestamp())
        self.person = _person(attempt)
        self._record = self._first_record(attempt, action)

    def note(self, **fields: Any) -> None:
        """Add to the record what became known."""
        self._record = replace(self._record, **fields)

    def refuse(self, reason: Reason) -> dict[str, Any]:
        """What to record, and the code the requester is told."""
        record = self._record.concluded(Outcome.REFUSED, reason.value)
        return {
            "outcome": "refused",
            "round": self._rounds + 1,
            "told": told(reason),
            "record": services().audit.encode(record),
        }

    def allow(self, plan: list[TransactItem], **more: Any) -> dict[str, Any]:
        """One transaction that holds the act and its record, so that neither is without the other.

        The token makes a repeated call within this execution count once (TransactWriteItems,
        ClientRequestToken); it differs a round, because the content may.
        """
        if self._rounds >= MOST_ROUNDS:
            return self.refuse(Reason.CONTENDED)
        number = self._rounds + 1
        return {
            "outcome": "allowed",
            "round": number,
            "transaction": [*plan, services().audit.plan(self._record)],
            "token": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._request_id}#{number}")),
            **more,
        }

    def _first_record(self, attempt: Attempt, action: Action) -> AuditRecord:
        return AuditRecord(
            id=self._request_id,
            time=iso(self.moment),
            actor=self.person.sub,
            actor_email=self.person.email,
            action=action,
            outcome=Outcome.ALLOWED,
            source_ip=attempt["request"]["source_ip"],
            user_agent=attempt["request"]["user_agent"],
            file_id=attempt["file_id"],
        )


def _person(attempt: Attempt) -> Person:
    """The person who asks: identity from the verified token, standing from the user pool."""
    unknown: User = {"enabled": False, "attributes": []}
    user = attempt.get("user", unknown)
    attributes = {one["Name"]: one.get("Value", "") for one in user["attributes"]}
    return Person(
        sub=attempt["actor"]["sub"],
        email=normalise(attributes.get("email", "")),
        email_verified=attributes.get("email_verified") == "true",
        enabled=user["enabled"],
        token_issued_at=attempt["actor"]["issued_at"],
        groups=tuple(attempt["actor"]["groups"]),
    )

"""Who calls, as the gateway verified it, and what it saw of the request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.problems import UNAUTHORIZED
from app.domain.events import Action, AuditRecord, Outcome
from app.domain.times import iso
from app.routes.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_USER_AGENT = 512
_GATEWAY_DATE = "%a %b %d %H:%M:%S %Z %Y"


@dataclass(frozen=True)
class Caller:
    """One request's person and origin. `source_ip` is the gateway's own observation."""

    request_id: str
    source_ip: str
    user_agent: str
    sub: str
    username: str
    issued_at: int  # epoch seconds
    groups: tuple[str, ...]
    scopes: tuple[str, ...]

    def record(self, action: Action, file_id: str, outcome: Outcome, reason: str) -> AuditRecord:
        return AuditRecord(
            id=self.request_id,
            time=iso(services().clock.now()),
            actor=self.sub,
            action=action,
            outcome=outcome,
            reason=reason,
            source_ip=self.source_ip,
            user_agent=self.user_agent,
            file_id=file_id,
        )


def caller_of(context: Mapping[str, Any]) -> Caller:
    """The caller in a REST proxy event's `requestContext`.

    The gateway's authorizer has verified the token. Its kind and client are checked once more: a
    method deployed without scopes would let ID tokens through, and nothing else would show it.
    """
    claims = context.get("authorizer", {}).get("claims", {})
    settings = services().settings
    genuine = (
        claims.get("token_use") == "access"
        and claims.get("client_id") in settings.client_ids
        and claims.get("iss", "").endswith(f"/{settings.user_pool_id}")
    )
    if not genuine:
        raise ProblemError(UNAUTHORIZED)
    identity = context["identity"]
    return Caller(
        request_id=context["requestId"],
        source_ip=identity["sourceIp"],
        user_agent=_printable(identity.get("userAgent") or ""),
        sub=claims["sub"],
        username=claims["username"],
        issued_at=_epoch(claims["iat"]),
        groups=_groups(claims.get("cognito:groups", "")),
        scopes=tuple(claims.get("scope", "").split()),
    )


def _printable(text: str) -> str:
    """A user agent is the client's own text: kept, but never as control characters in a log."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)[:LONGEST_USER_AGENT]


def _epoch(claim: str) -> int:
    """REST APIs hand `iat` over as epoch seconds or as `Sat Nov 21 19:00:00 UTC 2026`."""
    if claim.isdigit():
        return int(claim)
    return int(datetime.strptime(claim, _GATEWAY_DATE).replace(tzinfo=UTC).timestamp())


def _groups(claim: str) -> tuple[str, ...]:
    """REST APIs flatten the list: `a,b`, or `[a b]` in older stages."""
    return tuple(name for name in re.split(r"[,\s]+", claim.strip("[]")) if name)

"""Tasks of `stepfunctions/share_file.asl.json`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.views import share_view
from app.domain.events import Action
from app.domain.notices import share_notice
from app.domain.shares import Terms, pinned
from app.domain.sharing import Proposal, decide
from app.domain.times import from_epoch, iso
from app.steps.deciding import Deciding

if TYPE_CHECKING:
    from app.contract.attempts import Attempt
    from app.domain.files import File
    from app.domain.shares import Share


def decide_sharing(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Decide one act of sharing, and plan its rows, its record and its notices."""
    deciding = Deciding(attempt, Action.SHARE)
    person, permissions = deciding.person, services().permissions
    proposal = Proposal(tuple(attempt["recipients"]), Terms(**attempt["terms"]))
    deciding.note(recipients=proposal.recipients, terms=_in_words(proposal.terms))
    facts = permissions.sharing_facts(person.sub, attempt["file_id"], proposal.recipients)
    limits = services().settings.term_limits
    decision = decide(person, facts, proposal, limits, deciding.now)
    if not decision:
        return deciding.refuse(decision.reason)
    file = decision.granted
    bucket = services().settings.files_bucket
    deciding.note(bucket=bucket, key=file.key, version=file.version or "")
    shares = _shares(file, proposal, iso(deciding.moment))
    plan = permissions.plan_shares(person, file, shares, deciding.now)
    body = {"shares": [share_view(share, deciding.now) for share in shares]}
    return deciding.allow(plan, body=body, notices=_notices(file, shares))


def _shares(file: File, proposal: Proposal, created_at: str) -> list[Share]:
    new_id, terms = services().clock.new_id, proposal.terms
    return [pinned(file, one, terms, new_id(), created_at) for one in proposal.recipients]


def _notices(file: File, shares: list[Share]) -> list[dict[str, str]]:
    web_url = services().settings.web_url
    return [asdict(share_notice(file, share, web_url)) for share in shares]


def _in_words(terms: Terms) -> str:
    limit = "any number" if terms.download_limit is None else str(terms.download_limit)
    return f"until {from_epoch(terms.expires_at)}; downloads each: {limit}"

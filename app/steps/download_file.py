"""Tasks of `stepfunctions/download_file.asl.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.views import own_file_view, shared_file_view
from app.domain.access import Access, DownloadFacts, decide
from app.domain.events import Action
from app.domain.times import from_epoch
from app.steps.deciding import Deciding

if TYPE_CHECKING:
    from app.contract.attempts import Attempt


def decide_access(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Read at once all that bears on this download, decide, and plan the grant."""
    deciding = Deciding(attempt, Action.DOWNLOAD)
    person, permissions = deciding.person, services().permissions
    facts = permissions.download_facts(person.sub, person.email, attempt["file_id"])
    _name_the_object(deciding, facts)
    decision = decide(person, facts, deciding.now)
    if not decision:
        return deciding.refuse(decision.reason)
    access, grant_id = decision.granted, attempt["request"]["id"]
    deciding.note(grant_id=grant_id, version=access.version)
    plan = permissions.plan_grant(person, access, deciding.now)
    return deciding.allow(plan, grant=_grant(grant_id, access))


def sign_link(attempt: Attempt, _context: object) -> dict[str, Any]:
    """Sign one short link to exactly the granted bytes. It leaves only once it is recorded."""
    grant = attempt["decision"]["grant"]
    lifetime = services().settings.link_lifetime_seconds
    expires_at = int(services().clock.now().timestamp()) + lifetime
    url = services().files.sign_download(
        key=grant["key"],
        version=grant["version"],
        name=grant["file"]["name"],
        grant_id=grant["id"],
        lifetime_seconds=lifetime,
    )
    shown = {name: grant[name] for name in ("id", "file", "remaining_downloads")}
    return {**shown, "url": url, "expires_at": from_epoch(expires_at)}


def _name_the_object(deciding: Deciding, facts: DownloadFacts) -> None:
    file, share = facts.file, facts.share
    if file is None:
        return
    bucket = services().settings.files_bucket
    deciding.note(bucket=bucket, key=file.key, version=file.version or "")
    if share is not None and file.owner != deciding.person.sub:
        deciding.note(share_id=share.id, version=share.version)


def _grant(grant_id: str, access: Access) -> dict[str, Any]:
    file, share = access.file, access.share
    remaining = share.remaining() if share else None
    return {
        "id": grant_id,
        "key": file.key,
        "version": access.version,
        "file": shared_file_view(share) if share else own_file_view(file),
        "remaining_downloads": None if remaining is None else remaining - 1,
    }

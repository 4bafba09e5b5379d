"""Shares: what a person gives, and what a person is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from app.bootstrap import services
from app.contract.problems import INVALID_REQUEST
from app.contract.views import received_view, share_view
from app.domain.events import Action
from app.domain.reasons import Reason
from app.domain.shares import Terms
from app.domain.sharing import SECONDS_A_DAY, term_faults
from app.routes.attempt import RefusedRead, act, reading
from app.routes.files import own_file
from app.routes.operation import operation
from app.routes.problems import ProblemError

if TYPE_CHECKING:
    from app.contract.models import Page, ShareFile
    from app.routes.caller import Caller

blueprint = Blueprint(__name__)


@operation(blueprint, "share_file")
def share_file(caller: Caller, file_id: str, body: ShareFile) -> Any:
    terms = _terms(body)
    return act(
        "share_file",
        Action.SHARE,
        caller,
        file_id,
        recipients=body.recipients,
        terms={
            "expires_at": terms.expires_at,
            "download_limit": terms.download_limit,
            "message": terms.message,
        },
    )


@operation(blueprint, "list_shares")
def list_shares(caller: Caller, file_id: str, query: Page) -> dict[str, Any]:
    with reading(Action.SHARE_LIST, caller, file_id):
        own_file(caller, file_id)
        page = services().permissions.shares_of(file_id, query.limit, query.cursor)
    now = _now()
    items = [share_view(share, now) for share in page.items]
    return {"items": items, "next_cursor": page.next_cursor}


@operation(blueprint, "list_received")
def list_received(caller: Caller, query: Page) -> dict[str, Any]:
    with reading(Action.RECEIVED_LIST, caller):
        email = services().people.verified_email(caller.username)
        if email is None:
            raise RefusedRead(Reason.EMAIL_NOT_VERIFIED)
        page = services().permissions.shares_with(email, query.limit, query.cursor)
    now = _now()
    # An address can pass to another person: what its first holder has bound stays with them.
    mine = [share for share in page.items if share.bound_to in (None, caller.sub)]
    items = [received_view(share, now) for share in mine]
    return {"items": items, "next_cursor": page.next_cursor}


def _terms(body: ShareFile) -> Terms:
    """The terms asked for, the administrator's defaults filled in; a 422 names what may not be."""
    limits, now = services().settings.term_limits, _now()
    default = now + limits.default_share_days * SECONDS_A_DAY
    expires_at = int(body.expires_at.timestamp()) if body.expires_at else default
    terms = Terms(expires_at, body.download_limit, body.message)
    if faults := term_faults(terms, limits, now):
        raise ProblemError(INVALID_REQUEST, faults)
    return terms


def _now() -> int:
    return int(services().clock.now().timestamp())

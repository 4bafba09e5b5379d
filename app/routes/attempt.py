"""An attempt and its one audit record: acts through their workflow, reads around their query."""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.bootstrap import services
from app.contract.problems import INTERNAL_ERROR
from app.domain.events import Action, Outcome
from app.domain.reasons import NOT_FOUND, Reason, told
from app.ports import InvalidCursorError
from app.routes.problems import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.routes.caller import Caller

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_logger = logging.getLogger(__name__)


class RefusedRead(Exception):  # noqa: N818  a decision, not an error
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def act(workflow: str, action: Action, caller: Caller, file_id: str, **details: Any) -> Any:
    """Run an act's workflow and return what it granted; every outcome is recorded by then.

    `details` are the workflow's own fields; the input's shape is `contract/attempts.py`.
    """
    failure = caller.record(action, file_id, Outcome.FAILED, INTERNAL_ERROR)
    attempt: dict[str, Any] = {
        "request": {
            "id": caller.request_id,
            "source_ip": caller.source_ip,
            "user_agent": caller.user_agent,
        },
        "actor": {
            "sub": caller.sub,
            "username": caller.username,
            "issued_at": caller.issued_at,
            "groups": list(caller.groups),
        },
        "file_id": _checked(file_id),
        "failure_record": services().audit.encode(failure),
        **details,
    }
    output = _run(workflow, caller.request_id, attempt)
    if output is None:
        services().audit.write(failure)
        raise ProblemError(INTERNAL_ERROR)
    if output["status"] != "granted":
        raise ProblemError(output["problem"]["code"])
    return output["body"]


def _run(workflow: str, name: str, attempt: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return services().workflows.run(workflow, name, attempt).output
    except Exception:
        _logger.exception("%s could not be run", workflow)
        return None


@contextmanager
def reading(action: Action, caller: Caller, file_id: str = "") -> Iterator[None]:
    """Read on behalf of a caller in good standing; recorded before the answer leaves."""
    if file_id:
        _checked(file_id)
    try:
        _check_standing(caller)
        yield
    except RefusedRead as refusal:
        reason = refusal.reason
        services().audit.write(caller.record(action, file_id, Outcome.REFUSED, reason.value))
        raise ProblemError(told(reason)) from None
    except InvalidCursorError:
        raise ProblemError("invalid_cursor") from None
    except Exception:
        services().audit.write(caller.record(action, file_id, Outcome.FAILED, INTERNAL_ERROR))
        raise
    services().audit.write(caller.record(action, file_id, Outcome.ALLOWED, ""))


def _check_standing(caller: Caller) -> None:
    """Revocation holds for lists as well: a token outlives it, access does not."""
    state = services().permissions.user_state(caller.sub)
    if not state.enabled:
        raise RefusedRead(Reason.ACCOUNT_DISABLED)
    if caller.issued_at < state.not_before:
        raise RefusedRead(Reason.SESSION_REVOKED)


def _checked(file_id: str) -> str:
    """An id that none of ours can be is answered like one that is not there."""
    if not _ID.fullmatch(file_id):
        raise ProblemError(NOT_FOUND)
    return file_id

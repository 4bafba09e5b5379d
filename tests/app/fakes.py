"""The ports in memory. `test_ports.py` runs one contract against them and the real adapters."""

from __future__ import annotations

import uuid
from typing import Any

from app.adapters.audit_trail import DynamoAuditTrail
from app.adapters.permission_plans import PermissionPlans
from app.domain.access import DownloadFacts
from app.domain.people import UserState
from app.domain.sharing import SharingFacts
from app.ports import FilePage, InvalidCursorError, SharePage, WorkflowResult
from tests.app.samples import MOMENT


class StandingClock:
    def __init__(self):
        self.moment = MOMENT
        self.pauses = []
        self._made = 0

    def now(self):
        return self.moment

    def new_id(self):
        self._made += 1
        return str(uuid.UUID(int=self._made))

    def pause(self, attempt):
        self.pauses.append(attempt)


class MemoryPermissionStore(PermissionPlans):
    """`reads` counts what would be calls to DynamoDB."""

    def __init__(self):
        super().__init__("permissions")
        self.states: dict[str, UserState] = {}
        self.files: dict[str, Any] = {}
        self.shares: dict[tuple[str, str], Any] = {}
        self.reads = 0

    def add(self, *things):
        for one in things:
            if hasattr(one, "recipient"):
                self.shares[one.file_id, one.recipient] = one
            else:
                self.files[one.id] = one

    def restrict(self, sub, state):
        self.states[sub] = state

    def user_state(self, sub):
        self.reads += 1
        return self.states.get(sub, UserState())

    def file(self, file_id):
        self.reads += 1
        return self.files.get(file_id)

    def decode_file(self, item):
        return item and self.files[item["id"]["S"]]

    def download_facts(self, sub, email, file_id):
        self.reads += 1
        state = self.states.get(sub, UserState())
        return DownloadFacts(state, self.files.get(file_id), self.shares.get((file_id, email)))

    def sharing_facts(self, sub, file_id, recipients):
        self.reads += 1
        found = (self.shares.get((file_id, one)) for one in recipients)
        state = self.states.get(sub, UserState())
        return SharingFacts(state, self.files.get(file_id), tuple(one for one in found if one))

    def files_of(self, owner, limit, cursor):
        mine = [one for one in self.files.values() if one.owner == owner]
        return FilePage(*self._page(mine, limit, cursor, newest_first))

    def shares_of(self, file_id, limit, cursor):
        of_file = [one for one in self.shares.values() if one.file_id == file_id]
        return SharePage(*self._page(of_file, limit, cursor, lambda one: one.recipient))

    def shares_with(self, email, limit, cursor):
        received = [one for one in self.shares.values() if one.recipient == email]
        return SharePage(*self._page(received, limit, cursor, newest_first))

    def _page(self, things, limit, cursor, order):
        self.reads += 1
        if cursor is not None and not cursor.isdigit():
            raise InvalidCursorError(cursor)
        start = int(cursor or 0)
        page = tuple(sorted(things, key=order)[start : start + limit])
        more = start + limit < len(things)
        return page, str(start + limit) if more else None


def newest_first(thing):
    return tuple(-ord(character) for character in thing.created_at)


class MemoryAuditTrail(DynamoAuditTrail):
    """Encodes and plans as the real one; what is written stays in `records`."""

    def __init__(self):
        super().__init__(None, "audit", 400)
        self.records: dict[str, Any] = {}

    def write(self, record):
        self.records.setdefault(record.id, record)


class StaticPeople:
    def __init__(self):
        self.verified: dict[str, str] = {}

    def verified_email(self, username):
        return self.verified.get(username)


class ScriptedWorkflows:
    """Answers with `output` (None: the execution failed), or raises it."""

    def __init__(self):
        self.output: Any = None
        self.runs: list[tuple[str, str, dict[str, Any]]] = []

    def run(self, workflow, name, payload):
        self.runs.append((workflow, name, payload))
        if isinstance(self.output, Exception):
            raise self.output
        return WorkflowResult(self.output)

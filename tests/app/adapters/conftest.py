"""The permission store and the audit trail on the embedded AWS, and transactions on both."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.adapters.audit_trail import DynamoAuditTrail
from app.adapters.permission_store import DynamoPermissionStore
from app.adapters.rows import file_key, file_row, share_key, share_row, user_key
from app.domain.events import Action, AuditRecord, Outcome
from tests.app.samples import ADA, BOB, a_file, a_share


class World:
    """One file of Ada's and its shares, apart from those of any other test."""

    def __init__(self, tables):
        self.tables = tables
        self.store = DynamoPermissionStore(tables.client, tables.permissions)
        self.audit = DynamoAuditTrail(tables.client, tables.audit, 400)
        self.ada = replace(ADA, sub=f"ada-{uuid.uuid4()}")
        self.bob = replace(BOB, sub=f"bob-{uuid.uuid4()}")
        self.file = a_file(id=str(uuid.uuid4()), owner=self.ada.sub)
        self.put_file()

    def put_file(self, **changes):
        """Store Ada's file; what is planned later still speaks of the file as it was."""
        self.tables.put(file_row(replace(self.file, **changes)))

    def share(self, **changes):
        return a_share(**{"file_id": self.file.id, "owner": self.ada.sub, **changes})

    def put_share(self, **changes):
        self.tables.put(share_row(self.share(**changes)))

    def put_state(self, person, **attributes):
        self.tables.put(user_key(person.sub) | attributes)

    def stored_share(self):
        return self.store.download_facts(self.bob.sub, BOB.email, self.file.id).share

    def item(self, key):
        return self.tables.item(key)

    def file_item(self):
        return self.item(file_key(self.file.id))

    def share_item(self, recipient=BOB.email):
        return self.item(share_key(self.file.id, recipient))

    def record(self, attempt):
        return AuditRecord(
            id=attempt,
            time="2030-01-31T12:00:00.000Z",
            actor=self.bob.sub,
            action=Action.DOWNLOAD,
            outcome=Outcome.ALLOWED,
            source_ip="192.0.2.7",
            user_agent="curl/8",
        )

    def carry_out(self, plan, attempt=None):
        """Do as the state machine does; returns whether it went through, act and record alike."""
        attempt = attempt or str(uuid.uuid4())
        known = self.tables.record(attempt) is not None
        client = self.tables.client
        try:
            client.transact_write_items(
                TransactItems=[*plan, self.audit.plan(self.record(attempt))],
                ClientRequestToken=str(uuid.uuid4()),
            )
        except client.exceptions.TransactionCanceledException:
            assert (self.tables.record(attempt) is not None) == known
            return False
        assert self.tables.record(attempt) is not None
        return True


@pytest.fixture
def world(tables):
    return World(tables)

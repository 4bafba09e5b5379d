"""What the app's tests share: a clock that stands still, ports in memory, and an embedded AWS."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from app import bootstrap
from tests.app.fakes import (
    MemoryAuditTrail,
    MemoryPermissionStore,
    ScriptedWorkflows,
    StandingClock,
    StaticPeople,
)
from tests.app.tables import tables

__all__ = ["tables"]

# Two cores may be shared with others: how long an example takes says nothing about the rules.
settings.register_profile("waybill", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("waybill")

ENVIRONMENT = {
    "PERMISSIONS_TABLE": "permissions",
    "AUDIT_TABLE": "audit",
    "FILES_BUCKET": "waybill-files",
    "USER_POOL_ID": "us-east-1_Waybill01",
    "CLIENT_IDS": "web-client,cli-client",
    "TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:notices",
    "STATE_MACHINES": "{}",
    "ALLOWED_ORIGIN": "https://files.example.com",
    "WEB_URL": "https://files.example.com",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE01",
    "AWS_SECRET_ACCESS_KEY": "an invented secret",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture
def services(monkeypatch):
    """The services every route and step of this test gets: real settings, ports in memory."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    bootstrap.services.cache_clear()
    bootstrap._client.cache_clear()
    built = bootstrap.services()
    built.clock = StandingClock()
    built.permissions = MemoryPermissionStore()
    built.audit = MemoryAuditTrail()
    built.people = StaticPeople()
    built.workflows = ScriptedWorkflows()
    yield built
    bootstrap.services.cache_clear()
    bootstrap._client.cache_clear()

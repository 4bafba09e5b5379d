"""Builds the services once a process; the only importer of adapters."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from app import settings as settings_module

if TYPE_CHECKING:
    from app.ports import (
        AuditTrail,
        Clock,
        FileStore,
        People,
        PermissionStore,
        Subscriptions,
        Workflows,
    )
    from app.settings import Settings


class Services:
    """Everything a route or step may use, each made when first asked for.

    boto3 takes most of a cold start: a function that only decides never imports it before it has
    something to read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> Clock:
        from app.adapters.clock import SystemClock

        return SystemClock()

    @cached_property
    def permissions(self) -> PermissionStore:
        from app.adapters.permission_store import DynamoPermissionStore

        return DynamoPermissionStore(_client("dynamodb"), self.settings.permissions_table)

    @cached_property
    def audit(self) -> AuditTrail:
        from app.adapters.audit_trail import DynamoAuditTrail

        retention = self.settings.audit_retention_days
        return DynamoAuditTrail(_client("dynamodb"), self.settings.audit_table, retention)

    @cached_property
    def files(self) -> FileStore:
        from app.adapters.file_store import S3FileStore

        return S3FileStore(_client("s3"), self.settings.files_bucket)

    @cached_property
    def people(self) -> People:
        from app.adapters.people import CognitoPeople

        return CognitoPeople(_client("cognito-idp"), self.settings.user_pool_id)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        from app.adapters.subscriptions import SnsSubscriptions

        return SnsSubscriptions(_client("sns"), self.settings.topic_arn)

    @cached_property
    def workflows(self) -> Workflows:
        from app.adapters.workflows import StepFunctionsWorkflows

        return StepFunctionsWorkflows(_client("stepfunctions"), self.settings.state_machines)


@cache
def services() -> Services:
    return Services(settings_module.from_environment())


@cache
def _client(service: str) -> Any:
    import boto3
    from botocore.config import Config

    # Signature Version 4 is demanded, not left to the region: in the oldest regions boto3 would
    # presign with version 2, for which S3 reports an age of 0, so that no age limit ever fires.
    signing: dict[str, Any] = {
        "signature_version": "s3v4",
        "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
    }
    # A synchronous execution is started at most once: started again after a lost answer, it would
    # find its own record in the way and be told that it failed.
    attempts = 1 if service == "stepfunctions" else 3
    config = Config(
        connect_timeout=3,
        read_timeout=27,
        retries={"total_max_attempts": attempts},
        **(signing if service == "s3" else {}),
    )
    # boto3-stubs names every service in an overload; this is the one place that takes any of them.
    make: Any = boto3.client
    return make(service, config=config)

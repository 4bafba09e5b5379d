"""Synchronous Express executions (docs.aws.amazon.com/step-functions, StartSyncExecution).

The call answers 200 whether the workflow succeeded or not, and CloudTrail does not show it: the
status decides, and our own audit record is the trail.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.ports import WorkflowResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_stepfunctions import SFNClient


class StepFunctionsWorkflows:
    def __init__(self, client: SFNClient, state_machines: Mapping[str, str]) -> None:
        self._client = client
        self._state_machines = state_machines

    def run(self, workflow: str, name: str, payload: dict[str, Any]) -> WorkflowResult:
        execution = self._client.start_sync_execution(
            stateMachineArn=self._state_machines[workflow], name=name, input=json.dumps(payload)
        )
        if execution["status"] != "SUCCEEDED":
            return WorkflowResult(None)
        return WorkflowResult(json.loads(execution["output"]))

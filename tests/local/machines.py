"""Deploys small state machines for the contract tests, and runs them."""

from __future__ import annotations

import json
import uuid
from typing import Any

ROLE = "arn:aws:iam::123456789012:role/tests-run-workflows"


def machine(aws: Any, definition: dict[str, Any], **settings: Any) -> str:
    """Create a state machine, EXPRESS unless told otherwise; return its ARN."""
    created = aws.client("stepfunctions").create_state_machine(
        **{
            "name": f"test-{uuid.uuid4().hex[:12]}",
            "type": "EXPRESS",
            "roleArn": ROLE,
            "definition": json.dumps(definition),
            **settings,
        }
    )
    return created["stateMachineArn"]


def run(aws: Any, definition: dict[str, Any], given: Any = None, **settings: Any) -> dict[str, Any]:
    """Deploy an EXPRESS state machine and run it once; return what StartSyncExecution answers."""
    return start(aws, machine(aws, definition, **settings), given)


def start(aws: Any, arn: str, given: Any = None) -> dict[str, Any]:
    answer = aws.client("stepfunctions").start_sync_execution(
        stateMachineArn=arn, input=json.dumps({} if given is None else given)
    )
    answer.pop("ResponseMetadata")
    return answer


def output(answer: dict[str, Any]) -> Any:
    """Return the output of an execution that must have succeeded."""
    assert answer["status"] == "SUCCEEDED", (answer.get("error"), answer.get("cause"))
    return json.loads(answer["output"])


def states(**by_name: dict[str, Any]) -> dict[str, Any]:
    """Return a definition of states in the given order; the last one ends unless it says Next."""
    names = list(by_name)
    for name, following in zip(names, [*names[1:], None], strict=True):
        state = by_name[name]
        if state["Type"] in {"Choice", "Fail", "Succeed"} or "Next" in state or "End" in state:
            continue
        state.update({"Next": following} if following else {"End": True})
    return {"StartAt": names[0], "States": by_name}

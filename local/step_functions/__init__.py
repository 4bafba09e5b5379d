"""Step Functions: Express executions answered synchronously, and definitions checked for real.

moto has no StartSyncExecution, no ValidateStateMachineDefinition and no versions to list, calls
every state machine STANDARD, and keeps each execution for ever (proof:
tests/local/contract/test_step_functions.py). JSONPath definitions only: JSONata is refused.

Not offered: activities' history, TestState, redrive, distributed maps, `.sync` of foreign services.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from types import SimpleNamespace
from typing import Any

from local.patching import add, patch
from local.step_functions import (
    integrations,  # noqa: F401 - each registers its own patches
    interpreter,  # noqa: F401 - each registers its own patches
    paths,  # noqa: F401 - each registers its own patches
)
from local.step_functions.logs import session_for
from local.step_functions.validation import problems

_RESPONSES = "moto.stepfunctions.responses:StepFunctionResponse"
_BACKEND = "moto.stepfunctions.parser.models:StepFunctionsParserBackend"
_KEPT_EXECUTIONS = 1000
_NAME = re.compile(r"^[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,80}$")


@add(f"{_RESPONSES}.start_sync_execution")
def _start_sync_execution(self: Any) -> Any:
    """https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html."""
    from moto.core.responses import ActionResult

    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    if machine.type != "EXPRESS":
        raise _refusal(
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type of state machine",
        )
    execution = _express_execution(
        self.stepfunction_backend, machine, self._get_param("name"), self._get_param("input")
    )
    execution.start()
    answer = {k: v for k, v in execution.to_start_sync_execution_output().items() if v is not None}
    seconds = (execution.stop_date - execution.start_date).total_seconds()
    answer["billingDetails"] = {
        "billedMemoryUsedInMB": 64,
        # AWS bills in steps of 100 ms.
        "billedDurationInMilliseconds": max(1, -int(-seconds * 10 // 1)) * 100,
    }
    return ActionResult(answer)


@patch(f"{_BACKEND}.start_execution")
def _start_execution(
    original: Any,
    self: Any,
    state_machine_arn: str,
    name: str | None = None,
    execution_input: str | None = None,
    *more: Any,
) -> Any:
    """An execution without a name gets one; an Express one is not kept, as on AWS."""
    machine = self.describe_state_machine(state_machine_arn)
    if machine.type == "EXPRESS":
        execution = _express_execution(self, machine, name, execution_input, sync=False)
        execution.start()
        return execution
    execution = original(self, state_machine_arn, _name(name), execution_input, *more)
    del machine.executions[:-_KEPT_EXECUTIONS]
    return execution


def _express_execution(
    backend: Any, machine: Any, name: str | None, given_input: str | None, *, sync: bool = True
) -> Any:
    from moto.stepfunctions.parser.backend.execution import Execution, SyncExecution

    name = _name(name)
    arn = (
        f"arn:aws:states:{backend.region_name}:{backend.account_id}:express:"
        f"{machine.name}:{name}:{uuid.uuid4()}"
    )
    return (SyncExecution if sync else Execution)(
        name=name,
        sm_type="EXPRESS",
        role_arn=machine.roleArn,
        exec_arn=arn,
        account_id=backend.account_id,
        region_name=backend.region_name,
        # An update of the state machine does not reach an execution that has begun.
        state_machine=SimpleNamespace(
            arn=machine.arn, name=machine.name, definition=machine.definition, sm_type="EXPRESS"
        ),
        start_date=dt.datetime.now(dt.UTC),
        cloud_watch_logging_session=session_for(machine, arn),
        input_data=_checked_input(given_input),
        activity_store={},
    )


@patch(
    "moto.stepfunctions.parser.backend.execution_worker:ExecutionWorker._get_evaluation_environment"
)
def _environment(original: Any, self: Any) -> Any:
    env = original(self)
    env.event_manager.unrecorded = not env.is_standard_workflow()
    return env


def _name(given: str | None) -> str:
    if given is not None and not _NAME.match(given):
        raise _refusal("InvalidName", f"Invalid Name: '{given}'")
    return given or str(uuid.uuid4())


def _checked_input(given: str | None) -> str:
    try:
        json.loads(given or "{}")
    except ValueError as error:
        message = f"Invalid State Machine Execution Input: '{error}'"
        raise _refusal("InvalidExecutionInput", message) from None
    return given or "{}"


@patch(f"{_BACKEND}._validate_definition")
def _validate_definition(original: Any, definition: str) -> None:  # noqa: ARG001 - replaced
    found = problems(definition)
    if found:
        text = ", ".join(f"{p.code}: {p.message} at {p.location}" for p in found)
        raise _refusal("InvalidDefinition", f"Invalid State Machine Definition: '{text}'")


def _refusal(code: str, message: str) -> Exception:
    from moto.core.exceptions import AWSError

    # moto's own classes of these names are not made for its answers: they come out empty.
    refusal: Exception = AWSError(message, exception_type=code, status=400)
    return refusal


@add(f"{_RESPONSES}.validate_state_machine_definition")
def _validate_state_machine_definition(self: Any) -> Any:
    from moto.core.responses import ActionResult

    found = problems(self._get_param("definition"))
    return ActionResult(
        {
            "result": "FAIL" if found else "OK",
            "diagnostics": [problem.as_diagnostic() for problem in found],
            "truncated": False,
        }
    )


@add(f"{_RESPONSES}.publish_state_machine_version")
def _publish_state_machine_version(self: Any) -> Any:
    from moto.core.responses import ActionResult

    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    machine.publish(self._get_param("description"))
    version = machine.latest_version
    return ActionResult(
        {"creationDate": version.creation_date, "stateMachineVersionArn": version.arn}
    )


@add(f"{_RESPONSES}.list_state_machine_versions")
def _list_state_machine_versions(self: Any) -> Any:
    from moto.core.responses import ActionResult

    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    newest_first = sorted(machine.versions.items(), reverse=True)
    versions = [
        {"stateMachineVersionArn": version.arn, "creationDate": version.creation_date}
        for _, version in newest_first
    ]
    return ActionResult({"stateMachineVersions": versions})


@add(f"{_RESPONSES}.delete_state_machine_version")
def _delete_state_machine_version(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    arn, _, number = self._get_param("stateMachineVersionArn").rpartition(":")
    machine = self.stepfunction_backend.describe_state_machine(arn)
    machine.versions.pop(int(number), None)
    return EmptyResult()


@patch(f"{_RESPONSES}.describe_execution")
def _describe_execution(original: Any, self: Any) -> Any:
    """The output is a JSON text, also where it is a string; moto hands that on without quotes."""
    answer = original(self)
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    if "output" in answer.result:
        answer.result["output"] = json.dumps(execution.output, separators=(",", ":"), default=str)
    return answer


@patch(f"{_RESPONSES}.send_task_failure")
def _send_task_failure(original: Any, self: Any) -> Any:  # noqa: ARG001 - replaced
    """With its cause, which moto drops."""
    from moto.core.responses import EmptyResult

    self.stepfunction_backend.send_task_failure(
        self._get_param("taskToken"),
        error=self._get_param("error"),
        cause=self._get_param("cause"),
    )
    return EmptyResult()

"""The interpreter, without what makes it slow or unbounded.

moto parses the definition anew in each execution (60-350 ms), starts a thread for each task,
formats whole programs for a log nobody reads, and keeps every thread ever started.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import deque
from typing import Any

from local.patching import patch, replace
from local.step_functions.paths import copied

_PARSER = "moto.stepfunctions.parser"
_ASL = f"{_PARSER}.asl"

# An Express execution may run this long.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
EXPRESS_SECONDS = 5 * 60

# moto appends each thread and never looks again.
replace(f"{_PARSER}.utils:TMP_THREADS", deque(maxlen=1))
for _module in (
    "asl.component.program.program",
    "asl.component.state.exec.state_map.iteration.inline_iteration_component",
    "asl.component.state.exec.state_task.service.state_task_service_callback",
    "asl.component.state.exec.state_parallel.branch_worker",
    "asl.component.state.exec.execute_state",
    "backend.execution_worker",
):
    replace(f"{_PARSER}.{_module}:TMP_THREADS", deque(maxlen=1))


@patch(f"{_ASL}.parse.asl_parser:AmazonStateLanguageParser.parse")
def _parse(original: Any, definition: str) -> Any:
    """A program keeps its state in the execution's environment: it may be shared."""
    return _program(original, definition)


@functools.lru_cache(maxsize=256)
def _program(parse: Any, definition: str) -> Any:
    return parse(definition)


@patch(f"{_ASL}.component.eval_component:EvalComponent._log_failure_event_exception")
def _log_failure(original: Any, self: Any, failure_event_exception: Any) -> None:
    """The failure is in the execution's answer and log; the program's text need not be."""


@patch(f"{_ASL}.component.eval_component:EvalComponent._log_exception")
def _log_exception(original: Any, self: Any, exception: Any) -> None:
    """As above."""


@patch(f"{_ASL}.eval.environment:Environment.program_state")
def _program_state(original: Any, self: Any) -> Any:  # noqa: ARG001 - replaced
    # States are replaced, never changed; only a running one has fields that move.
    return self._program_state


@patch(f"{_ASL}.component.program.program:Program.eval")
def _run_program(original: Any, self: Any, env: Any) -> None:
    """Bound an Express execution, and tell a timeout as AWS does."""
    from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSeconds

    if env.is_standard_workflow() or env.is_frame():
        original(self, env)
        return
    own = self.timeout_seconds
    if own is None or own.timeout_seconds > EXPRESS_SECONDS:
        bounded = type(self)(
            self.query_language,
            self.start_at,
            self.states,
            TimeoutSeconds(EXPRESS_SECONDS),
            self.comment,
            self.version,
        )
        original(bounded, env)
    else:
        original(self, env)


@patch(f"{_ASL}.component.state.exec.execute_state:ExecutionState._evaluate_with_timeout")
def _evaluate(original: Any, self: Any, env: Any) -> None:
    """A task without a timeout of its own runs in the execution's thread."""
    if not self.timeout.is_default_value():
        original(self, env)
        return
    env.stack.append(_run_in_frame(self, env))
    if not self._is_language_query_jsonpath():
        env.states.set_result(env.stack[-1])
    for step in (self.assign_decl, self.result_selector):
        if step:
            step.eval(env=env)
    if self.result_path:
        self.result_path.eval(env)
    else:
        env.states.reset(input_value=env.stack.pop())


def _run_in_frame(state: Any, env: Any) -> Any:
    frame = env.open_frame()
    frame.states.reset(input_value=env.states.get_input())
    frame.stack = copied(env.stack)
    try:
        state._eval_execution(frame)
        return frame.stack[-1]
    finally:
        frame.set_ended()
        env.close_frame(frame)


@patch(f"{_PARSER}.backend.execution:BaseExecutionWorkerCommunication._reflect_execution_status")
def _reflect_status(original: Any, self: Any) -> None:
    from moto.stepfunctions.parser.asl.eval.program_state import ProgramTimedOut

    original(self)
    if isinstance(self.execution.exec_worker.env.program_state(), ProgramTimedOut):
        self.execution.error = "States.Timeout"


def timestamp(moment: dt.datetime) -> str:
    """Return a moment as the context object shows it: UTC, always milliseconds."""
    utc = moment.astimezone(dt.UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


@patch(f"{_PARSER}.backend.execution:Execution.get_start_execution_details")
def _start_details(original: Any, self: Any) -> Any:
    """`$$.Execution.StartTime` is text; moto hands on a datetime, which nothing can serialise."""
    details = original(self)
    details.start_time = timestamp(self.start_date)
    return details


class _Moment(dt.datetime):
    def isoformat(self, *_: Any, **__: Any) -> str:
        return timestamp(self)


class _Clock:
    """Stands in for the module `datetime` where a state notes its EnteredTime."""

    datetime = _Moment
    timezone = dt.timezone


replace(f"{_ASL}.component.state.state:datetime", _Clock)

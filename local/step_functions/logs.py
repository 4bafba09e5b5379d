"""Execution logs in CloudWatch Logs, by the state machine's loggingConfiguration.

moto has the filter and crashes on the first event. Events look like AWS's:
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from local.lambdas.logs import WRITER
from local.patching import patch

_STATE = "moto.stepfunctions.parser.asl.component.state.state:CommonStateField"
_EVENTS = "moto.stepfunctions.parser.asl.eval.event.event_manager:EventManager"
_DATA = ("input", "inputDetails", "output", "outputDetails", "parameters")


@dataclass(frozen=True)
class LogSession:
    """What the interpreter asks of a log: the level, whether to include data, and to take events."""

    execution_arn: str
    level: str
    include_data: bool
    backend: Any
    group: str
    stream: str

    @property
    def configuration(self) -> SimpleNamespace:
        # Data is removed in publish: more than what moto removes.
        return SimpleNamespace(include_execution_data=True)

    def log_level_filter(self, history_event_type: Any) -> bool:
        from moto.stepfunctions.parser.api import LogLevel
        from moto.stepfunctions.parser.asl.eval.event.logging import is_logging_enabled_for

        return bool(is_logging_enabled_for(LogLevel(self.level), history_event_type))

    def publish_history_log(self, history_log: dict[str, Any]) -> None:
        event = dict(history_log)
        moment = dt.datetime.fromisoformat(event["event_timestamp"]).replace(tzinfo=dt.UTC)
        event["event_timestamp"] = str(int(moment.timestamp() * 1000))
        if not self.include_data and event.get("details"):
            event["details"] = {k: v for k, v in event["details"].items() if k not in _DATA}
        WRITER.write(self.backend, self.group, self.stream, [json.dumps(event, default=str)])


def session_for(state_machine: Any, execution_arn: str) -> LogSession | None:
    """Return the session of an execution, or None when nothing is to be logged."""
    from moto.logs.models import logs_backends

    settings = state_machine.loggingConfiguration or {}
    level = settings.get("level", "OFF")
    destinations = settings.get("destinations") or []
    if level == "OFF" or not destinations:
        return None
    arn = destinations[0]["cloudWatchLogsLogGroup"]["logGroupArn"]
    _, _, _, region, account, _, group, *_ = arn.split(":")
    today = dt.datetime.now(dt.UTC)
    return LogSession(
        execution_arn=execution_arn,
        level=level,
        include_data=bool(settings.get("includeExecutionData")),
        backend=logs_backends[account][region],
        group=group,
        stream=f"states/{state_machine.name}/{today:%Y-%m-%d-%H}/00000000",
    )


@patch(f"{_EVENTS}.add_event")
def _add_event(
    original: Any, self: Any, context: Any, event_type: Any, *args: Any, **kwargs: Any
) -> int:
    """An Express execution has no history to ask for: what is not logged is not kept."""
    if not getattr(self, "unrecorded", False):
        return int(original(self, context, event_type, *args, **kwargs))
    session = self._cloud_watch_logging_session
    if session is None or not session.log_level_filter(event_type):
        return 0
    event_id = int(original(self, context, event_type, *args, **kwargs))
    self._history_event_list.clear()
    return event_id


@patch(f"{_STATE}._get_state_entered_event_details")
def _entered(original: Any, self: Any, env: Any) -> Any:
    return {} if _unheard(env) else original(self, env)


@patch(f"{_STATE}._get_state_exited_event_details")
def _exited(original: Any, self: Any, env: Any) -> Any:
    if not _unheard(env):
        return original(self, env)
    env.variable_store.reset_tracing()
    return {}


def _unheard(env: Any) -> bool:
    """Whether nobody will see this state's events: then its data need not be written out."""
    manager = env.event_manager
    session = manager._cloud_watch_logging_session
    return getattr(manager, "unrecorded", False) and (session is None or session.level != "ALL")

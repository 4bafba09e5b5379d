"""How a definition reads its data: JSONPath, the context object, variables, Choice comparisons.

moto answers `$.a[0].b` with a list, takes Default where a Choice's variable is missing, compares
timestamps with fractions as false, and parses each path anew (1.75 ms) (proof:
tests/local/contract/test_step_functions.py).
"""

from __future__ import annotations

import base64
import copy
import datetime as dt
import functools
import re
import threading
from types import SimpleNamespace
from typing import Any

from local.patching import patch, replace

_ASL = "moto.stepfunctions.parser.asl"
_OPERATORS = f"{_ASL}.component.state.choice.comparison"

# $.name, ['name'] and [0]: whatever a path of these selects, it selects one value.
_STEP = re.compile(
    r"""\.([A-Za-z_][\w-]*)|\[\s*'([^']*)'\s*\]|\[\s*"([^"]*)"\s*\]|\[\s*(-?\d+)\s*\]"""
)
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")
_current = threading.local()


def copied(value: Any, _memo: Any = None) -> Any:
    """Copy JSON data: what copy.deepcopy does, ten times faster."""
    kind = type(value)
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    if kind is list:
        return [copied(item) for item in value]
    if kind in (str, int, float, bool, type(None)):
        return value
    return copy.deepcopy(value)


for _module in (
    "eval.states",
    "component.common.string.string_expression",
    "component.common.path.result_path",
    "component.state.exec.execute_state",
    "component.state.exec.state_task.service.state_task_service",
):
    replace(f"{_ASL}.{_module}:copy", SimpleNamespace(deepcopy=copied, copy=copy.copy))


@functools.lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str | int, ...] | None:
    """Return the steps of a definite path, or None when it may select several values."""
    steps: list[str | int] = []
    at = 1
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None:
            return None
        name, quoted, double_quoted, index = match.groups()
        steps.append(int(index) if index is not None else name or quoted or double_quoted)
        at = match.end()
    return tuple(steps)


@functools.lru_cache(maxsize=1024)
def _parsed(path: str) -> Any:
    from jsonpath_ng import ext

    parse: Any = vars(ext)["parse"]
    return parse(path)


@patch(f"{_ASL}.component.common.path.result_path:parse")
def _parse_result_path(original: Any, path: str) -> Any:
    return _parsed_with(original, path)


@functools.lru_cache(maxsize=1024)
def _parsed_with(parse: Any, path: str) -> Any:
    return parse(path)


@patch(f"{_ASL}.utils.json_path:extract_json")
def _extract_json(original: Any, path: str, data: Any) -> Any:  # noqa: ARG001 - replaced
    """One value for a definite path, a list for any other, as AWS has it."""
    if path.startswith("$$"):
        return _from_root(path[1:], _current.env.states.context_object.context_object_data)
    variable = _VARIABLE.match(path)
    if variable is not None:
        value = _current.env.variable_store.get(variable.group(1))
        return _from_root("$" + path[variable.end() :], value)
    return _from_root(path, data)


def _from_root(path: str, data: Any) -> Any:
    from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

    steps = _steps(path)
    if steps is None:
        return [match.value for match in _parsed(path).find(data)]
    value = data
    try:
        for step in steps:
            if isinstance(value, str):
                raise TypeError  # noqa: TRY301 - a text has no members in JSONPath
            value = value[step]
    except (KeyError, IndexError, TypeError):
        raise NoSuchJsonPathError(json_path=path, data=data) from None
    return value


@patch(f"{_ASL}.component.common.string.string_expression:StringVariableSample._eval_body")
def _sample_variable(original: Any, self: Any, env: Any) -> None:
    """`$name` and `$name.path` need no JSONata, which moto has not."""
    match = _VARIABLE.match(self.expression)
    if match is None:
        original(self, env)
        return
    value = env.variable_store.get(match.group(1))
    env.stack.append(copied(_from_root("$" + self.expression[match.end() :], value)))


@patch(f"{_OPERATORS}.comparison_variable:ComparisonVariable._eval_body")
def _compare(original: Any, self: Any, env: Any) -> None:  # noqa: ARG001 - replaced
    """A missing variable fails the execution, unless it is what IsPresent asks about.

    https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
    """
    from moto.stepfunctions.parser.asl.component.state.choice.comparison import (
        comparison_operator_type,
        variable,
    )

    _current.env = env
    self.variable.eval(env)
    asks_presence = comparison_operator_type.ComparisonOperatorType.IsPresent
    missing = isinstance(env.stack[-1], variable.NoSuchVariable)
    if missing and self.comparison_function.operator_type != asks_presence:
        path = self.variable.string_sampler.literal_value
        raise RuntimeError(
            f"Invalid path '{path}': The choice state's condition path references an invalid value."
        )
    self.comparison_function.eval(env)


@patch(f"{_OPERATORS}.operator.implementations.is_operator:IsTimestamp.string_to_timestamp")
def _timestamp(original: Any, text: str) -> dt.datetime | None:  # noqa: ARG001 - replaced
    """RFC 3339 with any fraction and offset; moto knows whole seconds and Z."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None and "T" in text else None


_ENCODING = f"{_ASL}.component.intrinsic.function.statesfunction.encoding_decoding"


@patch(f"{_ENCODING}.base_64_encode:Base64Encode._eval_body")
def _base64_encode(original: Any, self: Any, env: Any) -> None:  # noqa: ARG001 - replaced
    self.argument_list.eval(env=env)
    text = env.stack.pop().pop()
    _check_length(text)
    env.stack.append(base64.b64encode(text.encode()).decode())


@patch(f"{_ENCODING}.base_64_decode:Base64Decode._eval_body")
def _base64_decode(original: Any, self: Any, env: Any) -> None:  # noqa: ARG001 - replaced
    self.argument_list.eval(env=env)
    text = env.stack.pop().pop()
    _check_length(text)
    env.stack.append(base64.b64decode(text).decode())


def _check_length(text: str) -> None:
    limit = 10_000
    if len(text) > limit:
        raise ValueError(f"Maximum input string is {limit} characters, but got {len(text)}.")


@patch(f"{_ASL}.eval.event.event_manager:EventManager.get_event_history")
def _history(original: Any, self: Any) -> Any:
    events = original(self)
    for event in events:
        if isinstance(event.get("timestamp"), str):
            event["timestamp"] = dt.datetime.fromisoformat(event["timestamp"])
    return events

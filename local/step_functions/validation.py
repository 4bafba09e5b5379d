"""What is wrong with a definition, found before it is deployed.

The provider asks for this at plan time, so a definition that cannot run fails `terraform plan`.
moto's grammar knows fields and resources; what a state refers to is checked here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENDS = {"Succeed", "Fail"}


@dataclass(frozen=True)
class Problem:
    """One diagnostic: code and location as ValidateStateMachineDefinition reports them."""

    code: str
    message: str
    location: str

    def as_diagnostic(self) -> dict[str, str]:
        return {
            "severity": "ERROR",
            "code": self.code,
            "message": self.message,
            "location": self.location,
        }


def problems(definition: str) -> list[Problem]:
    """Return everything that is wrong; an empty list means that the definition can be deployed."""
    try:
        document = json.loads(definition)
    except ValueError as error:
        return [Problem("INVALID_JSON_DESCRIPTION", str(error), "/")]
    if not isinstance(document, dict):
        return [Problem("SCHEMA_VALIDATION_FAILED", "A definition is a JSON object", "/")]
    found = [*_of_machine(document, "")]
    # The grammar's message is of use only where ours have nothing to say.
    return found or [*_of_grammar(definition)]


def _of_grammar(definition: str) -> Iterator[Problem]:
    from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

    try:
        AmazonStateLanguageParser.parse(definition)
    except Exception as error:  # noqa: BLE001 - the grammar raises whatever it stumbles on
        yield Problem("SCHEMA_VALIDATION_FAILED", str(error), "/")


def _of_machine(machine: dict[str, Any], at: str) -> Iterator[Problem]:
    yield from _of_language(machine, at)
    states = machine.get("States")
    if not isinstance(states, dict) or not states:
        yield Problem("SCHEMA_VALIDATION_FAILED", "States is missing or empty", f"{at}/States")
        return
    start = machine.get("StartAt")
    if start not in states:
        message = f"StartAt names no state: {start!r}"
        yield Problem("MISSING_TRANSITION_TARGET", message, f"{at}/StartAt")
    for name, state in states.items():
        yield from _of_state(name, state, states, f"{at}/States/{name}")
    reached = _reached(start, states)
    for name in states:
        if name not in reached:
            message = f"No road leads to the state {name!r}"
            yield Problem("SCHEMA_VALIDATION_FAILED", message, f"{at}/States/{name}")


def _of_state(name: str, state: Any, states: dict[str, Any], at: str) -> Iterator[Problem]:
    if not isinstance(state, dict) or "Type" not in state:
        yield Problem("SCHEMA_VALIDATION_FAILED", f"The state {name!r} has no Type", at)
        return
    yield from _of_language(state, at)
    for target in _targets(state):
        if target not in states:
            message = f"The state {name!r} leads to {target!r}, which does not exist"
            yield Problem("MISSING_TRANSITION_TARGET", message, at)
    yield from _of_continuation(name, state, at)
    for field in ("Retry", "Catch"):
        yield from _of_error_handlers(state.get(field) or [], f"{at}/{field}")
    for number, branch in enumerate(state.get("Branches") or []):
        yield from _of_machine(branch, f"{at}/Branches[{number}]")
    for field in ("ItemProcessor", "Iterator"):
        if field in state:
            yield from _of_machine(state[field], f"{at}/{field}")


def _of_continuation(name: str, state: dict[str, Any], at: str) -> Iterator[Problem]:
    if state["Type"] == "Choice":
        if not state.get("Choices"):
            yield Problem("SCHEMA_VALIDATION_FAILED", f"{name!r} has no Choices", at)
    elif state["Type"] not in _ENDS and ("Next" in state) == bool(state.get("End")):
        message = f"The state {name!r} needs either Next or End"
        yield Problem("SCHEMA_VALIDATION_FAILED", message, at)


def _of_language(part: dict[str, Any], at: str) -> Iterator[Problem]:
    if part.get("QueryLanguage", "JSONPath") != "JSONPath":
        message = "The embedded AWS runs JSONPath definitions only"
        yield Problem("SCHEMA_VALIDATION_FAILED", message, f"{at}/QueryLanguage")


def _of_error_handlers(handlers: list[dict[str, Any]], at: str) -> Iterator[Problem]:
    for number, handler in enumerate(handlers):
        names = handler.get("ErrorEquals") or []
        if not names:
            yield Problem("SCHEMA_VALIDATION_FAILED", "ErrorEquals is empty", f"{at}[{number}]")
        if "States.ALL" in names and (len(names) > 1 or number < len(handlers) - 1):
            message = "States.ALL must stand alone and last"
            yield Problem("SCHEMA_VALIDATION_FAILED", message, f"{at}[{number}]")


def _targets(state: dict[str, Any]) -> Iterator[Any]:
    for field in ("Next", "Default"):
        if field in state:
            yield state[field]
    for field in ("Choices", "Catch"):
        for rule in state.get(field) or []:
            if isinstance(rule, dict) and "Next" in rule:
                yield rule["Next"]


def _reached(start: Any, states: dict[str, Any]) -> set[Any]:
    reached: set[Any] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in reached or not isinstance(states.get(name), dict):
            continue
        reached.add(name)
        waiting.extend(_targets(states[name]))
    return reached

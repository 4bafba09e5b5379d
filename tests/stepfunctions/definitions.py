"""The workflow definitions as graphs: states, the edges between them, and the roads they make."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "stepfunctions"
NAMES = sorted(path.name.removesuffix(".asl.json") for path in FOLDER.glob("*.asl.json"))
ALREADY_RECORDED = ["DynamoDB.ConditionalCheckFailedException"]


def text(name: str) -> str:
    return (FOLDER / f"{name}.asl.json").read_text()


def load(name: str) -> dict[str, Any]:
    return json.loads(text(name))


def machines(definition: dict[str, Any]):
    """The machine itself and every machine inside it (Map, Parallel)."""
    yield definition
    for state in definition["States"].values():
        inner = [state[key] for key in ("ItemProcessor", "Iterator") if key in state]
        for machine in [*inner, *state.get("Branches", ())]:
            yield from machines(machine)


def states(definition: dict[str, Any]):
    """(name, state) of every state, however deep."""
    for machine in machines(definition):
        yield from machine["States"].items()


@dataclass(frozen=True)
class Edge:
    target: str
    caught: tuple[str, ...] = ()  # the errors that lead here; empty: the state went well


def edges(state: dict[str, Any]) -> list[Edge]:
    found = [Edge(state[key]) for key in ("Next", "Default") if key in state]
    found += [Edge(choice["Next"]) for choice in state.get("Choices", ())]
    return found + [Edge(one["Next"], tuple(one["ErrorEquals"])) for one in state.get("Catch", ())]


def is_end(state: dict[str, Any]) -> bool:
    return state.get("End", False) or state["Type"] in {"Succeed", "Fail"}


def records(name: str) -> bool:
    return "record" in name.lower()


def signing_states(machine: dict[str, Any]) -> list[str]:
    """States that make something which must not leave unrecorded: a link or a ticket."""
    made = {"$.link", "$.ticket"}
    return [name for name, state in machine["States"].items() if state.get("ResultPath") in made]


def roads_past_every_record(machine: dict[str, Any]) -> list[str]:
    """Roads from the start to any end on which no state named a record is passed."""
    return _roads(machine, machine["StartAt"], lambda _: [], ends=is_end)


def roads_to_an_answer_without_a_record(machine: dict[str, Any], start: str) -> list[str]:
    """Roads from a state to an end that answers, on which no record was stored.

    A record that failed is none, so its Catch leads on; that one is there already is one. A
    Fail answers nothing: the API stores the record then.
    """

    def onward(state: dict[str, Any]) -> list[Edge]:
        return [e for e in edges(state) if e.caught and list(e.caught) != ALREADY_RECORDED]

    def answers(state: dict[str, Any]) -> bool:
        return is_end(state) and state["Type"] != "Fail"

    return _roads(machine, start, onward, ends=answers)


def _roads(machine, start, onward_from_a_record, ends) -> list[str]:
    """One road to each end, told as its states with arrows."""
    found, seen, waiting = [], set(), [(start,)]
    while waiting:
        road = waiting.pop(0)
        name = road[-1]
        if name in seen:
            continue
        seen.add(name)
        state = machine["States"][name]
        if ends(state) and not records(name):
            found.append(" -> ".join(road))
        onward = onward_from_a_record(state) if records(name) else edges(state)
        waiting += [(*road, edge.target) for edge in onward]
    return found


def without(definition: dict[str, Any], removed: str) -> dict[str, Any]:
    """The definition with one state taken out: whatever led to it leads to what came after it."""
    after = definition["States"][removed]["Next"]
    mended = json.dumps(definition).replace(f'"Next": "{removed}"', f'"Next": "{after}"')
    mended = mended.replace(f'"Default": "{removed}"', f'"Default": "{after}"')
    result = json.loads(mended)
    del result["States"][removed]
    return result

"""Every definition: complete, guarded, patient within bounds, and named like its code."""

from __future__ import annotations

import importlib
import inspect
import json
import re

import pytest

from tests.stepfunctions.definitions import NAMES, edges, is_end, load, machines, states, text

GATEWAY_SECONDS = 29  # API Gateway's limit: a workflow that outlives it answers nobody
PLACEHOLDERS = {"permissions_table", "audit_table", "files_bucket", "user_pool_id", "topic_arn"}
INTEGRATIONS = {
    "start_upload": {
        "aws-sdk:cognitoidentityprovider:adminGetUser",
        "aws-sdk:dynamodb:transactWriteItems",
        "dynamodb:putItem",
    },
    "complete_upload": {
        "aws-sdk:cognitoidentityprovider:adminGetUser",
        "aws-sdk:dynamodb:transactWriteItems",
        "aws-sdk:s3:headObject",
        "dynamodb:getItem",
        "dynamodb:putItem",
    },
    "share_file": {
        "aws-sdk:cognitoidentityprovider:adminGetUser",
        "aws-sdk:dynamodb:transactWriteItems",
        "dynamodb:putItem",
        "sns:publish",
    },
    "download_file": {
        "aws-sdk:cognitoidentityprovider:adminGetUser",
        "aws-sdk:dynamodb:transactWriteItems",
        "dynamodb:putItem",
    },
}


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def definition(name):
    return load(name)


def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(set(keys)) == len(keys), f"a key stands twice among {keys}"
    return dict(pairs)


def test_it_is_json_before_anything_is_filled_in(name):
    assert json.loads(text(name), object_pairs_hook=unique)


def test_it_says_what_it_is_for_and_when_it_gives_up(definition):
    assert definition["Comment"].endswith(".")
    assert 0 < definition["TimeoutSeconds"] < GATEWAY_SECONDS


def tasks(definition):
    return [(state, task) for state, task in states(definition) if task["Type"] == "Task"]


def impatient(definition):
    """Tasks without an end of their own."""
    limit = definition["TimeoutSeconds"]
    return [
        state for state, task in tasks(definition) if not 0 < task.get("TimeoutSeconds", 0) < limit
    ]


def retried_badly(definition):
    """Tasks that try again in step with each other, for ever, or whatever happened."""
    found = []
    for state, task in tasks(definition):
        sound = bool(task.get("Retry")) and all(
            one.get("JitterStrategy") == "FULL"
            and 0 < one.get("MaxAttempts", 0) <= 3
            and one.get("IntervalSeconds", 0) > 0
            and one.get("MaxDelaySeconds", 0) > 0
            and not any(error.startswith("States.") for error in one["ErrorEquals"])
            for one in task["Retry"]
        )
        if not sound:
            found.append(state)
    return found


def caught_badly(definition):
    """Tasks whose last resort is missing, not last, or not alone."""
    found = []
    for state, task in tasks(definition):
        caught = [one["ErrorEquals"] for one in task.get("Catch", ())]
        last = caught[-1:] == [["States.ALL"]]
        if not last or any("States.ALL" in errors for errors in caught[:-1]):
            found.append(state)
    return found


def astray(definition):
    """States nobody reaches, and names that lead nowhere."""
    found = []
    for machine in machines(definition):
        reached, waiting = set(), [machine["StartAt"]]
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            if state in machine["States"]:
                waiting += [edge.target for edge in edges(machine["States"][state])]
        found += sorted(reached ^ set(machine["States"]))
        found += [
            state
            for state, one in machine["States"].items()
            if is_end(one) == bool(one.get("Next") or one.get("Choices"))
        ]
    return found


def unguarded(definition):
    """Choices that compare what may not be there, or know no other way."""
    found = []
    for state, choice in states(definition):
        if choice["Type"] != "Choice":
            continue
        if "Default" not in choice:
            found.append(state)
        for rule in choice["Choices"]:
            tests = rule.get("And", [rule])
            present = {one["Variable"] for one in tests if one.get("IsPresent") is True}
            if {one["Variable"] for one in tests} - present:
                found.append(state)
    return found


def misnamed(name, definition):
    """States and functions that do not say the same."""
    module = importlib.import_module(f"app.steps.{name}")
    functions = {
        function
        for function, value in inspect.getmembers(module, inspect.isfunction)
        if value.__module__ == module.__name__ and not function.startswith("_")
    }
    called = {
        state: task["Resource"] for state, task in tasks(definition) if "${" in task["Resource"]
    }
    found = [
        state
        for state, resource in called.items()
        if resource != f"${{{state.lower().replace(' ', '_')}_arn}}"
    ]
    return found + sorted(functions ^ {state.lower().replace(" ", "_") for state in called})


def test_every_task_ends_in_time(definition):
    assert impatient(definition) == []


def test_every_task_tries_again_out_of_step_and_a_bounded_number_of_times(definition):
    assert retried_badly(definition) == []


def test_every_task_has_a_last_resort(definition):
    assert caught_badly(definition) == []


def test_every_state_is_reached_and_leads_somewhere(definition):
    assert astray(definition) == []


def test_every_choice_asks_first_whether_it_is_there_and_knows_another_way(definition):
    assert unguarded(definition) == []


def test_a_state_its_function_and_its_placeholder_say_the_same(name, definition):
    assert misnamed(name, definition) == []


def test_placeholders_are_known(name):
    named = set(re.findall(r"\$\{([^}]*)\}", text(name)))
    functions = {one for one in named if one.endswith("_arn")} - PLACEHOLDERS
    module = importlib.import_module(f"app.steps.{name}")
    assert all(hasattr(module, one.removesuffix("_arn")) for one in functions)
    assert named - functions <= PLACEHOLDERS
    assert "%{" not in text(name)


def test_it_calls_what_its_role_allows_and_nothing_else(name, definition):
    prefix = "arn:aws:states:::"
    used = {task["Resource"] for _, task in tasks(definition)}
    integrations = {one.removeprefix(prefix) for one in used if one.startswith(prefix)}
    assert integrations == INTEGRATIONS[name]


def test_states_are_sentences_choices_questions(definition):
    for state, one in states(definition):
        assert re.fullmatch(r"[A-Z][a-z]+( [a-z]+)*\??", state)
        if one["Type"] == "Choice" and state != definition["StartAt"]:
            assert state.endswith("?")


def test_it_checks_its_input_first(definition):
    first = definition["States"][definition["StartAt"]]
    assert first["Type"] == "Choice"
    assert first["Default"] == "Record failure"


# --- planted faults: each check finds its own ---


def planted(change):
    definition = load("download_file")
    change(definition["States"])
    return definition


def test_a_task_without_timeout_is_found():
    assert impatient(planted(lambda s: s["Sign link"].pop("TimeoutSeconds"))) == ["Sign link"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("JitterStrategy", "NONE"), ("MaxAttempts", 99), ("ErrorEquals", ["States.ALL"])],
)
def test_a_bad_retry_is_found(field, value):
    def change(found):
        found["Sign link"]["Retry"][0][field] = value

    assert retried_badly(planted(change)) == ["Sign link"]


def test_a_missing_retry_is_found():
    assert retried_badly(planted(lambda s: s["Get user"].pop("Retry"))) == ["Get user"]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["Sign link"].pop("Catch"),
        lambda s: s["Sign link"]["Catch"][-1].update(ErrorEquals=["States.TaskFailed"]),
        lambda s: s["Sign link"]["Catch"][-1].update(ErrorEquals=["States.ALL", "X"]),
        lambda s: s["Sign link"]["Catch"].insert(
            0, {"ErrorEquals": ["States.ALL"], "Next": "Failed"}
        ),
    ],
)
def test_a_bad_catch_is_found(change):
    assert caught_badly(planted(change)) == ["Sign link"]


def test_an_unreachable_and_a_dangling_state_are_found():
    assert astray(planted(lambda s: s.update(Lost={"Type": "Succeed"}))) == ["Lost"]
    assert "Nowhere" in astray(planted(lambda s: s["Sign link"].update(Next="Nowhere")))
    assert "Sign link" in astray(planted(lambda s: s["Sign link"].pop("Next")))


def test_an_unguarded_choice_is_found():
    def unguard(found):
        rule = found["Access allowed?"]["Choices"][0]
        rule["And"] = [one for one in rule["And"] if "IsPresent" not in one]

    assert unguarded(planted(unguard)) == ["Access allowed?"]
    assert unguarded(planted(lambda s: s["Access allowed?"].pop("Default"))) == ["Access allowed?"]


def test_a_state_named_otherwise_than_its_function_is_found():
    def rename(found):
        found["Make link"] = found.pop("Sign link")

    assert misnamed("download_file", planted(rename)) == ["Make link", "make_link", "sign_link"]


def test_a_key_that_stands_twice_is_found():
    with pytest.raises(AssertionError, match="twice"):
        json.loads('{"Next": "a", "Next": "b"}', object_pairs_hook=unique)

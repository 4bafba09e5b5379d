"""No road leads out of a workflow without a record: drawn as a graph, and every road walked."""

from __future__ import annotations

import pytest

from tests.stepfunctions import definitions
from tests.stepfunctions.definitions import (
    NAMES,
    load,
    records,
    roads_past_every_record,
    roads_to_an_answer_without_a_record,
    signing_states,
    without,
)

RECORDS = [(name, state) for name in NAMES for state in load(name)["States"] if records(state)]


@pytest.mark.parametrize("name", NAMES)
def test_every_road_passes_a_record(name):
    assert roads_past_every_record(load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_leaves_after_a_record_that_went_well(name):
    machine = load(name)
    assert roads_to_an_answer_without_a_record(machine, machine["StartAt"]) == []


@pytest.mark.parametrize("name", ["start_upload", "download_file"])
def test_what_was_signed_leaves_only_after_it_was_recorded(name):
    machine = load(name)
    [signing] = signing_states(machine)
    assert signing.startswith("Sign ")
    assert roads_to_an_answer_without_a_record(machine, signing) == []


@pytest.mark.parametrize(("name", "state"), RECORDS)
def test_a_record_taken_out_is_missed_and_its_road_told(name, state):
    machine = without(load(name), state)
    roads = roads_past_every_record(machine)
    assert roads
    assert all(road.startswith("Validate request") for road in roads)
    assert all(machine["States"][road.split(" -> ")[-1]] for road in roads)


def test_the_road_of_a_missing_refusal_reads_as_it_runs():
    roads = roads_past_every_record(without(load("download_file"), "Record refusal"))
    assert roads == ["Validate request -> Get user -> Decide access -> Access allowed? -> Refused"]


def test_a_link_handed_out_before_its_record_is_found():
    machine = load("download_file")
    machine["States"]["Sign link"]["Next"] = "Done"
    assert roads_to_an_answer_without_a_record(machine, "Sign link") == ["Sign link -> Done"]


def test_a_link_signed_after_the_record_is_found():
    """The record says there was a link; the road from signing to its end holds no record."""
    machine = load("download_file")
    machine["States"]["Access allowed?"]["Choices"][0]["Next"] = "Record download"
    machine["States"]["Record download"]["Next"] = "Sign link"
    machine["States"]["Sign link"]["Next"] = "Done"
    assert roads_to_an_answer_without_a_record(machine, "Sign link") == ["Sign link -> Done"]


def test_an_answer_after_a_record_that_failed_is_found():
    machine = load("download_file")
    machine["States"]["Record download"]["Catch"][-1]["Next"] = "Done"
    roads = roads_to_an_answer_without_a_record(machine, machine["StartAt"])
    assert [road.split(" -> ")[-2:] for road in roads] == [["Record download", "Done"]]


@pytest.mark.parametrize(("name", "state"), RECORDS)
def test_a_state_named_a_record_stores_one(name, state):
    """Once, whatever is tried again: the attempt's id is its key, and may not be there yet."""
    task = load(name)["States"][state]
    if task["Resource"].endswith(":transactWriteItems"):
        assert task["Parameters"]["TransactItems.$"] == "$.decision.transaction"
        assert task["Parameters"]["ClientRequestToken.$"] == "$.decision.token"
        return
    assert task["Resource"] == "arn:aws:states:::dynamodb:putItem"
    assert task["Parameters"]["TableName"] == "${audit_table}"
    assert task["Parameters"]["ConditionExpression"] == "attribute_not_exists(id)"
    kind = {"Record refusal": "$.decision.record", "Record failure": "$.failure_record"}
    assert task["Parameters"]["Item.$"] == kind[state]


@pytest.mark.parametrize("name", NAMES)
def test_a_cancelled_transaction_is_decided_again(name):
    """The loser of a race is told the true reason, which only another look at the facts knows."""
    [(_, task)] = [
        (state, task)
        for state, task in load(name)["States"].items()
        if task.get("Resource", "").endswith(":transactWriteItems")
    ]
    [cancelled] = [
        one
        for one in task["Catch"]
        if "DynamoDb.TransactionCanceledException" in one["ErrorEquals"]
    ]
    again = cancelled["Next"]
    assert again.startswith(("Decide ", "Find "))
    assert definitions.edges(load(name)["States"][again])


@pytest.mark.parametrize("name", NAMES)
def test_a_failure_tells_nothing(name):
    failed = load(name)["States"]["Failed"]
    assert failed["Type"] == "Fail"
    assert set(failed) == {"Type", "Error", "Cause"}

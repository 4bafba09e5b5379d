"""Step Functions: definitions checked before they are deployed, versions, and logs."""

from __future__ import annotations

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from tests.local.machines import machine, output, run, start, states

pytestmark = pytest.mark.gap

SDK = "arn:aws:states:::aws-sdk:"


BROKEN = {
    "no such state": states(A={"Type": "Pass", "Next": "B"}),
    "no such start": {**states(A={"Type": "Pass"}), "StartAt": "B"},
    "unreachable": {
        "StartAt": "A",
        "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}},
    },
    "neither next nor end": {"StartAt": "A", "States": {"A": {"Type": "Pass"}}},
    "unknown type": {"StartAt": "A", "States": {"A": {"Type": "Do", "End": True}}},
    "unknown resource": states(A={"Type": "Task", "Resource": "arn:aws:states:::lamda:invoke"}),
    "all errors not alone": states(
        A={
            "Type": "Task",
            "Resource": SDK + "sts:getCallerIdentity",
            "Retry": [{"ErrorEquals": ["States.ALL", "Busy"]}],
        }
    ),
    "empty errors": states(
        A={
            "Type": "Task",
            "Resource": SDK + "sts:getCallerIdentity",
            "Retry": [{"ErrorEquals": []}],
        }
    ),
    "broken intrinsic": states(A={"Type": "Pass", "Parameters": {"a.$": "States.Formt('{}')"}}),
    "inside a branch": states(
        A={"Type": "Parallel", "Branches": [states(B={"Type": "Pass", "Next": "C"})]}
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_definition_that_cannot_run_is_refused(aws, name):
    client = aws.client("stepfunctions")
    definition = json.dumps(BROKEN[name])
    verdict = client.validate_state_machine_definition(definition=definition, type="EXPRESS")
    assert verdict["result"] == "FAIL"
    assert verdict["diagnostics"][0]["severity"] == "ERROR"
    with pytest.raises(ClientError) as refused:
        machine(aws, BROKEN[name])
    assert refused.value.response["Error"]["Code"] == "InvalidDefinition"


def test_a_sound_definition_is_found_so(aws):
    verdict = aws.client("stepfunctions").validate_state_machine_definition(
        definition=json.dumps(states(A={"Type": "Pass"}))
    )
    assert (verdict["result"], verdict["diagnostics"]) == ("OK", [])


def test_versions_are_published_listed_and_run(aws):
    client = aws.client("stepfunctions")
    arn = machine(aws, states(A={"Type": "Pass", "Result": 1}))
    first = client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    client.update_state_machine(
        stateMachineArn=arn, definition=json.dumps(states(A={"Type": "Pass", "Result": 2}))
    )
    second = client.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
    listed = client.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in listed] == [second, first]
    assert output(start(aws, first)) == 1
    assert output(start(aws, second)) == 2
    assert output(start(aws, arn)) == 2


def test_a_standard_execution_gets_a_name_and_keeps_its_output_as_json(aws):
    client = aws.client("stepfunctions")
    arn = machine(aws, states(A={"Type": "Pass", "Result": "text"}), type="STANDARD")
    started = [client.start_execution(stateMachineArn=arn)["executionArn"] for _ in range(2)]
    assert len(set(started)) == 2
    told = aws.eventually(
        lambda: next(
            (
                d
                for d in [client.describe_execution(executionArn=started[0])]
                if d["status"] == "SUCCEEDED"
            ),
            None,
        )
    )
    assert told["output"] == '"text"'


def logs_of(aws, level, *, data):
    logs = aws.client("logs")
    group = f"/aws/vendedlogs/test-{uuid.uuid4().hex[:12]}"
    logs.create_log_group(logGroupName=group)
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["arn"]
    destination = {"cloudWatchLogsLogGroup": {"logGroupArn": arn}}
    definition = states(
        Secret={"Type": "Pass", "Result": "secret-data"},
        No={"Type": "Fail", "Error": "Denied"},
    )
    answer = run(
        aws,
        definition,
        loggingConfiguration={
            "level": level,
            "includeExecutionData": data,
            "destinations": [destination],
        },
    )
    messages = aws.eventually(
        lambda: (
            [
                event["message"]
                for event in logs.filter_log_events(logGroupName=group)["events"]
                if "ExecutionFailed" in event["message"]
            ]
            and [e["message"] for e in logs.filter_log_events(logGroupName=group)["events"]]
        )
    )
    events = [json.loads(message) for message in messages]
    assert {event["execution_arn"] for event in events} == {answer["executionArn"]}
    return events


def test_an_execution_is_logged_in_full(aws):
    events = logs_of(aws, "ALL", data=True)
    assert events[0]["type"] == "ExecutionStarted"
    assert events[-1]["type"] == "ExecutionFailed"
    assert "secret-data" in json.dumps(events)


def test_data_stays_out_of_the_log_unless_asked_for(aws):
    assert "secret-data" not in json.dumps(logs_of(aws, "ALL", data=False))


def test_only_errors_are_logged_at_level_error(aws):
    types = {event["type"] for event in logs_of(aws, "ERROR", data=True)}
    assert "ExecutionFailed" in types
    assert "ExecutionStarted" not in types

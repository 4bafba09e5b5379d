"""Step Functions: executions answered at once, and how a definition reads its data."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.local.machines import ROLE, machine, output, run, start, states

pytestmark = pytest.mark.gap

SDK = "arn:aws:states:::aws-sdk:"


def passing(**parameters):
    return states(Pass={"Type": "Pass", "Parameters": parameters})


def test_an_express_execution_is_answered_at_once(aws):
    answer = run(aws, states(Hello={"Type": "Pass", "Result": "hello"}), {"a": 1})
    assert answer["status"] == "SUCCEEDED"
    assert answer["output"] == '"hello"'
    assert json.loads(answer["input"]) == {"a": 1}
    assert ":express:" in answer["executionArn"]
    assert answer["billingDetails"]["billedDurationInMilliseconds"] % 100 == 0
    assert answer["startDate"] <= answer["stopDate"]


def test_a_failed_execution_is_an_answer_with_error_and_cause(aws):
    answer = run(aws, states(No={"Type": "Fail", "Error": "Share.Denied", "Cause": "not yours"}))
    assert (answer["status"], answer["error"], answer["cause"]) == (
        "FAILED",
        "Share.Denied",
        "not yours",
    )
    assert "output" not in answer


def test_a_standard_state_machine_cannot_be_run_synchronously(aws):
    arn = machine(aws, states(Hello={"Type": "Pass"}), type="STANDARD")
    with pytest.raises(ClientError) as refused:
        start(aws, arn)
    assert refused.value.response["Error"]["Code"] == "StateMachineTypeNotSupported"


def test_a_state_machine_that_does_not_exist_is_named_so(aws):
    arn = machine(aws, states(Hello={"Type": "Pass"})) + "x"
    with pytest.raises(ClientError) as refused:
        start(aws, arn)
    assert refused.value.response["Error"]["Code"] == "StateMachineDoesNotExist"


def test_an_input_that_is_not_json_is_refused(aws):
    arn = machine(aws, states(Hello={"Type": "Pass"}))
    with pytest.raises(ClientError) as refused:
        aws.client("stepfunctions").start_sync_execution(stateMachineArn=arn, input="{")
    assert refused.value.response["Error"]["Code"] == "InvalidExecutionInput"


def test_the_state_machines_timeout_ends_the_execution(aws):
    definition = {**states(Long={"Type": "Wait", "Seconds": 20}), "TimeoutSeconds": 1}
    started = time.monotonic()
    answer = run(aws, definition)
    assert time.monotonic() - started < 10
    assert answer["status"] == "TIMED_OUT"
    assert answer["error"] == "States.Timeout"


def test_parallel_executions_do_not_mix(aws):
    arn = machine(
        aws,
        states(
            Both={
                "Type": "Parallel",
                "Branches": [
                    states(Left={"Type": "Pass", "InputPath": "$.n"}),
                    states(
                        Each={
                            "Type": "Map",
                            "ItemsPath": "$.items",
                            "ItemProcessor": states(Same={"Type": "Pass"}),
                        }
                    ),
                ],
            }
        ),
    )
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: output(start(aws, arn, {"n": n, "items": [n, n + 1]})), range(24))
        )
    assert answers == [[n, [n, n + 1]] for n in range(24)]


def test_a_definite_path_gives_the_value_itself(aws):
    definition = passing(
        **{
            "first.$": "$.a[0].b",
            "last.$": "$.t[-1]",
            "quoted.$": "$['odd name']",
            "all.$": "$.t[*]",
            "filtered.$": "$.a[?(@.b=='x')].b",
        }
    )
    given = {"a": [{"b": "x"}, {"b": "y"}], "t": ["p", "q"], "odd name": 1}
    assert output(run(aws, definition, given)) == {
        "first": "x",
        "last": "q",
        "quoted": 1,
        "all": ["p", "q"],
        "filtered": ["x"],
    }


def test_a_path_to_nothing_fails_the_execution(aws):
    answer = run(aws, passing(**{"a.$": "$.missing"}))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")
    assert "$.missing" in answer["cause"]


def test_the_context_object_shows_times_as_text(aws):
    definition = passing(
        **{
            "started.$": "$$.Execution.StartTime",
            "entered.$": "$$.State.EnteredTime",
            "id.$": "$$.Execution.Id",
            "name.$": "$$.Execution.Name",
            "role.$": "$$.Execution.RoleArn",
        }
    )
    answer = run(aws, definition)
    told = output(answer)
    for moment in (told["started"], told["entered"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
    assert told["id"] == answer["executionArn"]
    assert told["name"] == answer["name"]
    assert told["role"] == ROLE


def test_variables_are_assigned_and_read(aws):
    definition = states(
        Keep={"Type": "Pass", "Assign": {"who.$": "$.name"}},
        Tell={"Type": "Pass", "Parameters": {"who.$": "$who.first"}},
    )
    assert output(run(aws, definition, {"name": {"first": "Ada"}})) == {"who": "Ada"}


def test_intrinsics_take_any_text(aws):
    definition = passing(
        **{
            "coded.$": "States.Base64Encode($.text)",
            "back.$": "States.Base64Decode(States.Base64Encode($.text))",
            "line.$": "States.Format('{} for {}', $.n, $.text)",
        }
    )
    told = output(run(aws, definition, {"text": "Zoë", "n": 3}))
    assert told == {"coded": "Wm/Dqw==", "back": "Zoë", "line": "3 for Zoë"}


def choosing(**rule):
    return states(
        Which={"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], "Default": "No"},
        Yes={"Type": "Pass", "Result": True, "End": True},
        No={"Type": "Pass", "Result": False, "End": True},
    )


def test_a_choice_on_a_missing_variable_fails(aws):
    answer = run(aws, choosing(Variable="$.type", StringEquals="x"))
    assert (answer["status"], answer["error"]) == ("FAILED", "States.Runtime")


@pytest.mark.parametrize(("given", "present"), [({"type": None}, True), ({}, False)])
def test_is_present_may_ask_for_what_is_missing(aws, given, present):
    assert output(run(aws, choosing(Variable="$.type", IsPresent=True), given)) is present


def test_and_stops_before_a_variable_that_is_missing(aws):
    rule = {
        "And": [
            {"Variable": "$.type", "IsPresent": True},
            {"Variable": "$.type", "StringEquals": "x"},
        ]
    }
    assert output(run(aws, choosing(**rule), {})) is False


@pytest.mark.parametrize(
    ("moment", "past"),
    [
        ("2020-01-01T00:00:00.123Z", True),
        ("2020-01-01T00:00:00Z", True),
        ("2020-01-01T02:00:00.5+02:00", True),
        ("2999-01-01T00:00:00.123456Z", False),
    ],
)
def test_timestamps_with_fractions_are_compared(aws, moment, past):
    rule = {"Variable": "$.expires_at", "TimestampLessThanPath": "$$.Execution.StartTime"}
    assert output(run(aws, choosing(**rule), {"expires_at": moment})) is past

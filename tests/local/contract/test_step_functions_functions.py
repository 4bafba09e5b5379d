"""Step Functions: tasks that call Lambda functions, their errors, retries and timeouts."""

from __future__ import annotations

import json

import pytest

from tests.local.functions import deploy
from tests.local.machines import output, run, states

pytestmark = pytest.mark.gap

SDK = "arn:aws:states:::aws-sdk:"


def test_a_lambda_task_gives_the_payload(aws):
    arn = deploy(aws, "def handler(event, context):\n    return {'got': event}\n")
    definition = states(
        Ask={
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": arn, "Payload.$": "$"},
            "ResultSelector": {"decision.$": "$.Payload"},
            "ResultPath": "$.asked",
        },
        Direct={"Type": "Task", "Resource": arn, "InputPath": "$.asked", "ResultPath": "$.direct"},
    )
    told = output(run(aws, definition, {"n": 1}))
    assert told["asked"] == {"decision": {"got": {"n": 1}}}
    assert told["direct"] == {"got": told["asked"]}


def test_an_exception_of_a_function_is_caught_by_its_name(aws):
    source = (
        "class FileGone(Exception): pass\ndef handler(event, context):\n    raise FileGone('x')\n"
    )
    definition = states(
        Ask={
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": deploy(aws, source), "Payload": {}},
            "Catch": [{"ErrorEquals": ["FileGone"], "ResultPath": "$.error", "Next": "Gone"}],
        },
        Gone={"Type": "Pass"},
    )
    told = output(run(aws, definition, {"kept": 1}))
    assert told["kept"] == 1
    assert told["error"]["Error"] == "FileGone"
    assert json.loads(told["error"]["Cause"])["errorMessage"] == "x"


def test_a_function_that_does_not_exist_is_named_so(aws):
    arn = deploy(aws, "handler = print") + "x"
    definition = states(
        Ask={
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": arn, "Payload": {}},
        }
    )
    assert run(aws, definition)["error"] == "Lambda.ResourceNotFoundException"


def test_a_task_is_retried_with_jitter_until_it_succeeds(aws):
    source = """
        calls = []
        class Busy(Exception): pass

        def handler(event, context):
            calls.append(1)
            if len(calls) < 3:
                raise Busy("wait")
            return len(calls)
    """
    definition = states(
        Ask={
            "Type": "Task",
            "Resource": deploy(aws, source),
            "Retry": [
                {
                    "ErrorEquals": ["Busy"],
                    "IntervalSeconds": 1,
                    "MaxDelaySeconds": 1,
                    "MaxAttempts": 3,
                    "BackoffRate": 1,
                    "JitterStrategy": "FULL",
                }
            ],
        }
    )
    assert output(run(aws, definition)) == 3


def test_a_tasks_own_timeout_is_caught(aws):
    source = "import time\ndef handler(event, context):\n    time.sleep(8)\n"
    definition = states(
        Ask={
            "Type": "Task",
            "Resource": deploy(aws, source),
            "TimeoutSeconds": 1,
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Late"}],
        },
        Late={"Type": "Pass", "Result": "late"},
    )
    assert output(run(aws, definition)) == "late"

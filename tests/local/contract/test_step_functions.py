"""Step Functions: what definitions of Express workflows rely on."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.local.functions import deploy
from tests.local.machines import ROLE, machine, output, run, start, states

pytestmark = pytest.mark.gap

SDK = "arn:aws:states:::aws-sdk:"


@pytest.fixture(scope="module")
def table(aws):
    name = f"test-{uuid.uuid4().hex[:12]}"
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    yield name
    dynamodb.delete_table(TableName=name)


@pytest.fixture(scope="module")
def topic(aws):
    sns = aws.client("sns")
    arn = sns.create_topic(Name=f"test-{uuid.uuid4().hex[:12]}")["TopicArn"]
    yield arn
    sns.delete_topic(TopicArn=arn)


def passing(**parameters):
    return states(Pass={"Type": "Pass", "Parameters": parameters})


# --- StartSyncExecution


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


# --- Data


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


# --- Choice


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


# --- Lambda


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


# --- DynamoDB


def transaction(**more):
    return states(
        Write={
            "Type": "Task",
            "Resource": SDK + "dynamodb:transactWriteItems",
            "Parameters": {"TransactItems.$": "$.decision.transaction"},
            **more,
        }
    )


def first_put(table, item_id):
    return {
        "Put": {
            "TableName": table,
            "Item": {"id": {"S": item_id}, "n": {"N": "1"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
    }


def test_a_transaction_is_written(aws, table):
    item_id = str(uuid.uuid4())
    given = {"decision": {"transaction": [first_put(table, item_id)]}}
    output(run(aws, transaction(), given))
    found = aws.client("dynamodb").get_item(TableName=table, Key={"id": {"S": item_id}})
    assert found["Item"]["n"] == {"N": "1"}


def test_a_cancelled_transaction_says_which_condition_failed(aws, table):
    item_id = str(uuid.uuid4())
    arn = machine(aws, transaction())
    given = {"decision": {"transaction": [first_put(table, item_id)]}}
    output(start(aws, arn, given))
    given["decision"]["transaction"].append(first_put(table, item_id + "-other"))
    answer = start(aws, arn, given)
    assert answer["error"] == "DynamoDb.TransactionCanceledException"
    assert "[ConditionalCheckFailed, None]" in answer["cause"]


def test_items_are_put_and_got_by_the_optimised_integration(aws, table):
    item = {"id": {"S.$": "$.id"}, "ok": {"BOOL": True}, "tags": {"SS": ["a"]}}
    definition = states(
        Put={
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": table, "Item": item},
            "ResultPath": None,
        },
        Get={
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": table, "Key": {"id": {"S.$": "$.id"}}},
        },
    )
    item_id = str(uuid.uuid4())
    assert output(run(aws, definition, {"id": item_id}))["Item"] == {
        "id": {"S": item_id},
        "ok": {"BOOL": True},
        "tags": {"SS": ["a"]},
    }


def test_a_failed_condition_of_put_item_has_its_name(aws, table):
    definition = states(
        Put={
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {
                "TableName": table,
                "Item": {"id": {"S": "once"}},
                "ConditionExpression": "attribute_not_exists(id)",
            },
        }
    )
    arn = machine(aws, definition)
    output(start(aws, arn))
    assert start(aws, arn)["error"] == "DynamoDB.ConditionalCheckFailedException"


# --- Other services


def test_a_user_is_looked_up(aws):
    cognito = aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName=f"test-{uuid.uuid4().hex[:8]}")["UserPool"]["Id"]
    cognito.admin_create_user(
        UserPoolId=pool,
        Username="ada",
        UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
        MessageAction="SUPPRESS",
    )
    arn = machine(
        aws,
        states(
            Get={
                "Type": "Task",
                "Resource": SDK + "cognitoidentityprovider:adminGetUser",
                "Parameters": {"UserPoolId": pool, "Username.$": "$.name"},
            }
        ),
    )
    told = output(start(aws, arn, {"name": "ada"}))
    assert told["Enabled"] is True
    assert {"Name": "email", "Value": "ada@example.com"} in told["UserAttributes"]
    assert re.fullmatch(r"\d{4}-.*Z", told["UserCreateDate"])
    missing = start(aws, arn, {"name": "nobody"})
    assert missing["error"] == "CognitoIdentityProvider.UserNotFoundException"


def test_an_objects_head_is_read_with_its_checksum(aws):
    s3 = aws.client("s3")
    bucket = f"test-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="k", Body=b"bytes", ChecksumAlgorithm="SHA256")
    arn = machine(
        aws,
        states(
            Head={
                "Type": "Task",
                "Resource": SDK + "s3:headObject",
                "Parameters": {"Bucket": bucket, "Key.$": "$.key", "ChecksumMode": "ENABLED"},
            }
        ),
    )
    head = output(start(aws, arn, {"key": "k"}))
    assert head["ContentLength"] == 5
    assert head["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"bytes").digest()).decode()
    assert re.fullmatch(r"\d{4}-.*Z", head["LastModified"])
    assert head["ETag"].startswith('"')
    missing = start(aws, arn, {"key": "other"})
    assert missing["error"] in {"S3.NoSuchKeyException", "S3.S3Exception"}


def test_notices_are_published_for_each_item(aws, topic):
    sqs = aws.client("sqs")
    queue = sqs.create_queue(QueueName=f"test-{uuid.uuid4().hex[:12]}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    aws.client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn["QueueArn"],
        Attributes={"RawMessageDelivery": "true"},
    )
    definition = states(
        Each={
            "Type": "Map",
            "ItemsPath": "$.people",
            "ItemSelector": {"who.$": "$$.Map.Item.Value", "file.$": "$.file"},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"},
                **states(
                    Notify={
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sns:publish",
                        "Parameters": {
                            "TopicArn": topic,
                            "Message.$": "States.Format('{} for {}', $.file, $.who)",
                            "MessageAttributes": {
                                "recipient": {"DataType": "String", "StringValue.$": "$.who"}
                            },
                        },
                    }
                ),
            },
        }
    )
    answers = output(run(aws, definition, {"people": ["ada", "bob"], "file": "plan"}))
    assert [bool(answer["MessageId"]) for answer in answers] == [True, True]
    messages = {
        message["Body"]
        for _ in range(2)
        for message in sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1
        ).get("Messages", [])
    }
    assert messages == {"plan for ada", "plan for bob"}


def test_calls_are_made_as_the_state_machines_role(aws):
    definition = states(
        Who={"Type": "Task", "Resource": SDK + "sts:getCallerIdentity", "Parameters": {}}
    )
    arn = output(run(aws, definition))["Arn"]
    assert f":assumed-role/{ROLE.rpartition('/')[2]}/" in arn


def test_one_workflow_starts_another(aws):
    inner = machine(aws, states(Hello={"Type": "Pass", "Result": {"hi": 1}}), type="STANDARD")
    definition = states(
        Start={
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution",
            "Parameters": {"StateMachineArn": inner, "Input": {"a": 1}},
        }
    )
    assert ":execution:" in output(run(aws, definition))["ExecutionArn"]


# --- Definitions


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


# --- Standard workflows and logs


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

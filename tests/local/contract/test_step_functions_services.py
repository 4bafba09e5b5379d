"""Step Functions: tasks that call DynamoDB, Cognito, S3, SNS and other workflows."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid

import pytest

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

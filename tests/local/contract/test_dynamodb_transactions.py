"""DynamoDB: transactions that hold or leave nothing, and reasons that can be read."""

from __future__ import annotations

import uuid

import pytest
from botocore.exceptions import ClientError

from tests.local.items import code, count_one, key, put, read, reasons


def test_a_cancelled_transaction_leaves_nothing(dynamodb, table, pk):
    dynamodb.put_item(TableName=table, Item=put(table, pk, "SHARE", used=3)["Put"]["Item"])
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(
            TransactItems=[
                put(table, pk, "RECORD"),
                {"Delete": {"TableName": table, "Key": key(pk, "OTHER")}},
                count_one(table, pk, "SHARE", 3),
            ]
        )
    assert code(cancelled) == "TransactionCanceledException"
    assert reasons(cancelled) == ["None", "None", "ConditionalCheckFailed"]
    assert "[None, None, ConditionalCheckFailed]" in str(cancelled.value)
    assert read(dynamodb, table, pk, "RECORD") is None
    assert read(dynamodb, table, pk, "SHARE")["used"] == {"N": "3"}


@pytest.mark.gap
def test_a_write_that_cannot_be_made_cancels_the_others(dynamodb, table, pk):
    dynamodb.put_item(TableName=table, Item={**key(pk, "NAME"), "used": {"S": "many"}})
    counting = count_one(table, pk, "NAME", 1)
    del counting["Update"]["ConditionExpression"]
    del counting["Update"]["ExpressionAttributeValues"][":limit"]
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(TransactItems=[put(table, pk, "RECORD"), counting])
    assert code(cancelled) == "TransactionCanceledException"
    assert reasons(cancelled) == ["None", "ValidationError"]
    assert read(dynamodb, table, pk, "RECORD") is None


def test_the_item_that_failed_its_condition_is_returned_when_asked_for(dynamodb, table, pk):
    dynamodb.put_item(TableName=table, Item=put(table, pk, "SHARE", used=3)["Put"]["Item"])
    counting = count_one(table, pk, "SHARE", 3)
    counting["Update"]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    with pytest.raises(ClientError) as cancelled:
        dynamodb.transact_write_items(TransactItems=[counting])
    assert cancelled.value.response["CancellationReasons"][0]["Item"]["used"] == {"N": "3"}


def test_two_actions_on_one_item_are_refused(dynamodb, table, pk):
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(
            TransactItems=[
                put(table, pk, "ONE"),
                {
                    "ConditionCheck": {
                        "TableName": table,
                        "Key": key(pk, "ONE"),
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
            ]
        )
    assert code(refused) == "ValidationException"
    assert "multiple operations on one item" in str(refused.value)
    assert read(dynamodb, table, pk, "ONE") is None


def test_more_than_a_hundred_actions_are_refused(dynamodb, table, pk):
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(TransactItems=[put(table, pk, f"N#{n}") for n in range(101)])
    assert code(refused) == "ValidationException"


@pytest.mark.gap
def test_a_repeated_request_token_writes_once(dynamodb, table, pk):
    dynamodb.put_item(TableName=table, Item=put(table, pk, "SHARE", used=0)["Put"]["Item"])
    token = str(uuid.uuid4())
    for _ in range(3):
        dynamodb.transact_write_items(
            TransactItems=[count_one(table, pk, "SHARE", 5)], ClientRequestToken=token
        )
    assert read(dynamodb, table, pk, "SHARE")["used"] == {"N": "1"}


@pytest.mark.gap
def test_a_request_token_with_another_content_is_refused(dynamodb, table, pk):
    token = str(uuid.uuid4())
    dynamodb.transact_write_items(TransactItems=[put(table, pk, "ONE")], ClientRequestToken=token)
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(
            TransactItems=[put(table, pk, "TWO")], ClientRequestToken=token
        )
    assert code(refused) == "IdempotentParameterMismatchException"
    assert read(dynamodb, table, pk, "TWO") is None

"""DynamoDB streams: one record per change that held, delivered in order until it succeeds."""

from __future__ import annotations

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from tests.local.functions import deploy, logged

pytestmark = pytest.mark.gap

TELL = """
import json
def handler(event, context):
    for record in event["Records"]:
        print("got " + json.dumps(record))
"""


@pytest.fixture
def table(aws):
    name = f"test-{uuid.uuid4().hex[:12]}"
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    yield name
    dynamodb.delete_table(TableName=name)


def connect(aws, table, function, **settings):
    arn = aws.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    aws.client("lambda").create_event_source_mapping(
        **{
            "EventSourceArn": arn,
            "FunctionName": function,
            "StartingPosition": "TRIM_HORIZON",
            **settings,
        }
    )
    return arn


def put(aws, table, item_id, n=0):
    aws.client("dynamodb").put_item(
        TableName=table, Item={"id": {"S": item_id}, "n": {"N": str(n)}}
    )


def told(aws, function, count):
    """Return the records the function was given, once there are as many as expected."""

    def printed():
        lines = [line for line in logged(aws, function).splitlines() if line.startswith("got ")]
        return len(lines) >= count and lines

    return [json.loads(line.removeprefix("got ")) for line in aws.eventually(printed)]


def test_changes_arrive_in_order_with_their_images(aws, table):
    function = deploy(aws, TELL)
    arn = connect(aws, table, function, BatchSize=3)
    for n in range(10):
        put(aws, table, "one", n)
    records = told(aws, function, 10)
    assert [r["dynamodb"]["NewImage"]["n"]["N"] for r in records] == [str(n) for n in range(10)]
    assert [r["eventName"] for r in records] == ["INSERT"] + ["MODIFY"] * 9
    assert records[1]["dynamodb"]["OldImage"]["n"] == {"N": "0"}
    assert records[0]["dynamodb"]["Keys"] == {"id": {"S": "one"}}
    assert {r["eventSourceARN"] for r in records} == {arn}
    assert len({r["eventID"] for r in records}) == 10


def test_an_update_that_makes_an_item_is_one_insert(aws, table):
    function = deploy(aws, TELL)
    connect(aws, table, function)
    aws.client("dynamodb").update_item(
        TableName=table,
        Key={"id": {"S": "new"}},
        UpdateExpression="SET n = :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    put(aws, table, "last")
    first, last = told(aws, function, 2)
    assert [first["eventName"], last["eventName"]] == ["INSERT", "INSERT"]
    assert last["dynamodb"]["Keys"]["id"] == {"S": "last"}
    assert first["dynamodb"]["NewImage"]["n"] == {"N": "1"}


def test_a_cancelled_transaction_tells_nothing(aws, table):
    function = deploy(aws, TELL)
    connect(aws, table, function)
    with pytest.raises(ClientError):
        aws.client("dynamodb").transact_write_items(
            TransactItems=[
                {"Put": {"TableName": table, "Item": {"id": {"S": "undone"}}}},
                {
                    "ConditionCheck": {
                        "TableName": table,
                        "Key": {"id": {"S": "missing"}},
                        "ConditionExpression": "attribute_exists(id)",
                    }
                },
            ]
        )
    put(aws, table, "after")
    [record] = told(aws, function, 1)
    assert record["dynamodb"]["Keys"]["id"]["S"] == "after"


def test_a_batch_is_tried_until_it_succeeds_and_none_overtakes_it(aws, table):
    source = """
        import json
        tries = []

        def handler(event, context):
            tries.append(1)
            if len(tries) < 3:
                raise RuntimeError("not yet")
            for record in event["Records"]:
                print("got " + json.dumps(record))
    """
    function = deploy(aws, source)
    connect(aws, table, function, BatchSize=1)
    put(aws, table, "first")
    put(aws, table, "second")
    records = told(aws, function, 2)
    assert [r["dynamodb"]["Keys"]["id"]["S"] for r in records] == ["first", "second"]


def test_only_records_that_match_the_filter_are_delivered(aws, table):
    function = deploy(aws, TELL)
    connect(
        aws,
        table,
        function,
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["REMOVE"]})}]},
    )
    put(aws, table, "one")
    aws.client("dynamodb").delete_item(TableName=table, Key={"id": {"S": "one"}})
    [record] = told(aws, function, 1)
    assert record["eventName"] == "REMOVE"

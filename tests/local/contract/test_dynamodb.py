"""DynamoDB: every call is atomic, however many clients there are."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.local.items import code, count_one, key, put, read

CLIENTS = 64


def race(action, clients=CLIENTS):
    """Run `action(n)` in as many threads at once; return its results."""
    barrier = threading.Barrier(clients)

    def start(n):
        barrier.wait()
        return action(n)

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(start, range(clients)))


def grant_by_transaction(dynamodb, table, pk, limit):
    """Take one of `limit` grants and record it, in one transaction; return whether it was given."""
    try:
        dynamodb.transact_write_items(
            TransactItems=[
                count_one(table, pk, "SHARE", limit),
                put(table, pk, f"GRANT#{uuid.uuid4()}"),
            ]
        )
    except dynamodb.exceptions.TransactionCanceledException:
        return False
    return True


def grant_by_read_then_write(dynamodb, table, pk, limit):
    """The classic mistake: look, then count."""
    if int(read(dynamodb, table, pk, "SHARE")["used"]["N"]) >= limit:
        return False
    dynamodb.transact_write_items(
        TransactItems=[
            count_one(table, pk, "SHARE", 10**6),
            put(table, pk, f"GRANT#{uuid.uuid4()}"),
        ]
    )
    return True


def grants_given(grant, dynamodb, table, pk, *, limit, rounds):
    dynamodb.put_item(TableName=table, Item=put(table, pk, "SHARE", used=0)["Put"]["Item"])
    given = 0
    for _ in range(rounds):
        given += sum(race(lambda _: grant(dynamodb, table, pk, limit)))
    return given


@pytest.mark.gap
def test_64_clients_get_exactly_the_grants_there_are(dynamodb, table, pk):
    limit = 100
    given = grants_given(grant_by_transaction, dynamodb, table, pk, limit=limit, rounds=4)
    assert given == limit
    assert read(dynamodb, table, pk, "SHARE")["used"] == {"N": str(limit)}
    records = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :grant)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":grant": {"S": "GRANT#"}},
    )
    assert records["Count"] == limit


def test_the_race_would_show_a_grant_too_many(dynamodb, table, pk):
    """The proof of the test above: the same harness catches code that reads and then writes."""
    given = grants_given(grant_by_read_then_write, dynamodb, table, pk, limit=5, rounds=1)
    assert given > 5


def test_concurrent_additions_are_all_counted(dynamodb, table, pk):
    def add(_):
        for _ in range(10):
            dynamodb.update_item(
                TableName=table,
                Key=key(pk, "COUNT"),
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    race(add, clients=40)
    assert read(dynamodb, table, pk, "COUNT")["n"] == {"N": "400"}


def test_of_concurrent_first_writers_one_wins(dynamodb, table, pk):
    def first(_):
        try:
            dynamodb.put_item(
                TableName=table,
                Item=key(pk, "ONCE"),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    for _ in range(3):
        assert sum(race(first)) == 1
        dynamodb.delete_item(TableName=table, Key=key(pk, "ONCE"))


@pytest.mark.gap
def test_a_cancelled_transaction_discards_nobody_elses_writes(dynamodb, table, pk):
    """A rollback of whole tables would take the neighbours' counts with it."""
    dynamodb.put_item(TableName=table, Item=put(table, pk, "SHARE", used=1)["Put"]["Item"])

    def cancel_or_count(n):
        for _ in range(5):
            if n % 2:
                assert not grant_by_transaction(dynamodb, table, pk, limit=1)
            else:
                dynamodb.put_item(TableName=table, Item=key(pk, f"N#{uuid.uuid4()}"))

    race(cancel_or_count, clients=32)
    written = dynamodb.query(
        TableName=table,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :n)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":n": {"S": "N#"}},
    )
    assert written["Count"] == 80


def test_a_batch_is_read_as_of_one_moment(dynamodb, table, pk):
    """Two items that only ever change together are never seen apart."""
    stop = threading.Event()

    def write(_):
        for n in range(60):
            dynamodb.transact_write_items(
                TransactItems=[put(table, pk, sk, n=n) for sk in ("LEFT", "RIGHT")]
            )
        stop.set()
        return True

    def look(_):
        while not stop.is_set():
            found = dynamodb.batch_get_item(
                RequestItems={table: {"Keys": [key(pk, "LEFT"), key(pk, "RIGHT")]}}
            )["Responses"][table]
            if len({item["n"]["N"] for item in found}) > 1 or len(found) == 1:
                return False
        return True

    assert all(race(lambda n: look(n) if n else write(n), clients=6))


def test_a_refused_update_does_not_make_the_item(dynamodb, table, pk):
    with pytest.raises(ClientError) as refused:
        dynamodb.update_item(
            TableName=table,
            Key=key(pk, "NEW"),
            UpdateExpression="SET n = missing + :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
    assert code(refused) == "ValidationException"
    assert read(dynamodb, table, pk, "NEW") is None

"""The product's two tables on the embedded AWS, keyed and indexed as Terraform makes them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Tables:
    client: Any
    permissions: str
    audit: str

    def put(self, item):
        self.client.put_item(TableName=self.permissions, Item=item)

    def item(self, key):
        return self.client.get_item(TableName=self.permissions, Key=key, ConsistentRead=True).get(
            "Item"
        )

    def record(self, attempt):
        key = {"id": {"S": attempt}}
        return self.client.get_item(TableName=self.audit, Key=key, ConsistentRead=True).get("Item")


@pytest.fixture(scope="session")
def tables(aws):
    client = aws.client("dynamodb")
    made = Tables(client, f"permissions-{uuid.uuid4().hex}", f"audit-{uuid.uuid4().hex}")
    indexes = {"by_owner": "owner", "by_recipient": "recipient"}
    names = ("pk", "sk", "created_at", *indexes.values())
    client.create_table(
        TableName=made.permissions,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in names],
        KeySchema=key_schema("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": index,
                "KeySchema": key_schema(partition, "created_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, partition in indexes.items()
        ],
    )
    client.create_table(
        TableName=made.audit,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=key_schema("id"),
    )
    for table in (made.permissions, made.audit):
        client.get_waiter("table_exists").wait(TableName=table)
    yield made
    for table in (made.permissions, made.audit):
        client.delete_table(TableName=table)


def key_schema(partition, sort=None):
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": sort, "KeyType": "RANGE"}] if sort else [])

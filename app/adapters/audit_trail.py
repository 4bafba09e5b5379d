"""The audit table in DynamoDB: append only.

The attempt's id is the whole key, so that a second record of one attempt cannot exist.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.adapters.items import encode
from app.domain.times import day, epoch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from app.domain.events import AuditRecord
    from app.ports import Item, TransactItem

first_record_of_this_attempt = "attribute_not_exists(id)"
SECONDS_A_DAY = 24 * 60 * 60


class DynamoAuditTrail:
    def __init__(self, client: DynamoDBClient, table: str, retention_days: int) -> None:
        self._client = client
        self._table = table
        self._retention_days = retention_days

    def encode(self, record: AuditRecord) -> Item:
        purge_at = epoch(record.time) + self._retention_days * SECONDS_A_DAY
        return encode({**asdict(record), "day": day(record.time), "purge_at": purge_at})

    def plan(self, record: AuditRecord) -> TransactItem:
        return {
            "Put": {
                "TableName": self._table,
                "Item": self.encode(record),
                "ConditionExpression": first_record_of_this_attempt,
            }
        }

    def write(self, record: AuditRecord) -> None:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=self.encode(record),
                ConditionExpression=first_record_of_this_attempt,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # the workflow recorded the attempt before it failed: that record is the true one

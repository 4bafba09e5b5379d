"""A download's AWS calls alone, made directly: no API, no workflow, no function between them."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.facts import Facts


def rows(facts: Facts) -> str:
    """Store a file and a share that these calls read and count; returns their partition key."""
    partition = f"BENCH#{uuid.uuid4()}"
    dynamodb = facts.client("dynamodb")
    for sort, more in (("FILE", {}), ("SHARE#bench", {"used": {"N": "0"}})):
        item = {"pk": {"S": partition}, "sk": {"S": sort}, **more}
        dynamodb.put_item(TableName=facts.permissions_table, Item=item)
    return partition


def prepare(facts: Facts, partition: str, username: str) -> Callable[[], None]:
    """Get user, read both rows, sign a link, and count the download in one transaction."""
    cognito, dynamodb = facts.client("cognito-idp"), facts.client("dynamodb")
    s3 = facts.client("s3", config=Config(signature_version="s3v4"))
    table, pool = facts.permissions_table, facts.user_pool_id
    keys = [_key(partition, sort) for sort in ("FILE", "SHARE#bench")]
    link = {"Bucket": facts.files_bucket, "Key": "users/bench/file"}

    def download() -> None:
        cognito.admin_get_user(UserPoolId=pool, Username=username)
        dynamodb.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        s3.generate_presigned_url("get_object", Params=link, ExpiresIn=120)
        dynamodb.transact_write_items(TransactItems=_grant(facts, partition, username))

    return download


def _key(partition: str, sort: str) -> dict[str, Any]:
    return {"pk": {"S": partition}, "sk": {"S": sort}}


def _grant(facts: Facts, partition: str, username: str) -> list[dict[str, Any]]:
    table = facts.permissions_table
    allowed = {
        "TableName": table,
        "Key": _key(f"USER#{username}", "STATE"),
        "ConditionExpression": "attribute_not_exists(pk) OR enabled = :yes",
        "ExpressionAttributeValues": {":yes": {"BOOL": True}},
    }
    counted = {
        "TableName": table,
        "Key": _key(partition, "SHARE#bench"),
        "UpdateExpression": "ADD used :one",
        "ConditionExpression": "used < :limit",
        "ExpressionAttributeValues": {":one": {"N": "1"}, ":limit": {"N": "1000000000"}},
    }
    recorded = {
        "TableName": facts.audit_table,
        "Item": {"id": {"S": str(uuid.uuid4())}, "time": {"S": str(time.time())}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    return [{"ConditionCheck": allowed}, {"Update": counted}, {"Put": recorded}]

"""The permissions table in DynamoDB: reads for decisions and lists. Keys: `rows.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.adapters import cursors
from app.adapters.items import decode, encode_value
from app.adapters.permission_plans import PermissionPlans
from app.adapters.rows import (
    SHARE_PREFIX,
    file_key,
    file_of,
    share_key,
    share_of,
    user_key,
    user_state_of,
)
from app.domain.access import DownloadFacts
from app.domain.sharing import SharingFacts
from app.ports import FilePage, InvalidCursorError, SharePage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from app.domain.files import File
    from app.domain.people import UserState
    from app.ports import Item


class DynamoPermissionStore(PermissionPlans):
    def __init__(self, client: DynamoDBClient, table: str) -> None:
        super().__init__(table)
        self._client = client

    def user_state(self, sub: str) -> UserState:
        return user_state_of(self._get(user_key(sub)))

    def file(self, file_id: str) -> File | None:
        return file_of(self._get(file_key(file_id)))

    def decode_file(self, item: Item | None) -> File | None:
        return file_of(item)

    def download_facts(self, sub: str, email: str, file_id: str) -> DownloadFacts:
        user, file, share = self._get_all(
            [user_key(sub), file_key(file_id), share_key(file_id, email)]
        )
        return DownloadFacts(user_state_of(user), file_of(file), share_of(share))

    def sharing_facts(self, sub: str, file_id: str, recipients: Sequence[str]) -> SharingFacts:
        shares = [share_key(file_id, recipient) for recipient in recipients]
        user, file, *existing = self._get_all([user_key(sub), file_key(file_id), *shares])
        found = tuple(share for item in existing if (share := share_of(item)))
        return SharingFacts(user_state_of(user), file_of(file), found)

    def files_of(self, owner: str, limit: int, cursor: str | None) -> FilePage:
        items, cursor = self._page("by_owner", ("owner", owner), limit, cursor)
        return FilePage(tuple(file for item in items if (file := file_of(item))), cursor)

    def shares_with(self, email: str, limit: int, cursor: str | None) -> SharePage:
        items, cursor = self._page("by_recipient", ("recipient", email), limit, cursor)
        return SharePage(tuple(share for item in items if (share := share_of(item))), cursor)

    def shares_of(self, file_id: str, limit: int, cursor: str | None) -> SharePage:
        partition = encode_value(f"FILE#{file_id}")
        query: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :shares)",
            "ExpressionAttributeValues": {":pk": partition, ":shares": encode_value(SHARE_PREFIX)},
            "ConsistentRead": True,
            "Limit": limit,
        }
        if cursor:
            sk = cursors.decode(cursor, frozenset({"sk"}))["sk"]
            if not sk.startswith(SHARE_PREFIX):  # DynamoDB refuses a start outside the query
                raise InvalidCursorError("The cursor is not one of ours.")
            query["ExclusiveStartKey"] = {"pk": partition, "sk": encode_value(sk)}
        answer = self._client.query(**query)
        last = answer.get("LastEvaluatedKey")
        shares = tuple(share for item in answer["Items"] if (share := share_of(item)))
        return SharePage(shares, cursors.encode({"sk": decode(last)["sk"]}) if last else None)

    def _page(
        self, index: str, partition: tuple[str, str], limit: int, cursor: str | None
    ) -> tuple[list[Item], str | None]:
        """One page of an index, newest first, and where the next one starts."""
        name, value = partition
        query: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": index,
            "KeyConditionExpression": "#partition = :partition",
            "ExpressionAttributeNames": {"#partition": name},
            "ExpressionAttributeValues": {":partition": encode_value(value)},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            position = cursors.decode(cursor, frozenset({"pk", "sk", "created_at"}))
            start = {key: encode_value(text) for key, text in position.items()}
            query["ExclusiveStartKey"] = {name: encode_value(value), **start}
        answer = self._client.query(**query)
        return answer["Items"], _next_cursor(answer.get("LastEvaluatedKey"))

    def _get(self, key: Item) -> Item | None:
        return self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
            "Item"
        )

    def _get_all(self, keys: list[Item]) -> list[Item | None]:
        """Items for keys, in their order, None where there is none; one call, at most 100 keys."""
        wanted: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}}
        found: list[Item] = []
        while wanted:  # DynamoDB may leave keys unprocessed under load: they are asked for again
            answer = self._client.batch_get_item(RequestItems=wanted)
            found += answer["Responses"].get(self._table, [])
            wanted = answer.get("UnprocessedKeys") or {}
        by_key = {_identity(item): item for item in found}
        return [by_key.get(_identity(key)) for key in keys]


def _identity(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _next_cursor(last: Item | None) -> str | None:
    if not last:
        return None
    row = decode(last)
    return cursors.encode({name: row[name] for name in ("pk", "sk", "created_at")})

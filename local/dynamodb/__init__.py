"""DynamoDB with the guarantees its callers rely on: every call atomic, transactions all or nothing.

moto has no lock anywhere: 400 concurrent `ADD n 1` lose some, concurrent transactions answer 500,
a cancelled one restores whole tables and with them discards what others wrote meanwhile, and a
ClientRequestToken is ignored (proof: tests/local/contract/test_dynamodb.py).

Differs from AWS: everything is strongly consistent, nothing is throttled, no transaction meets a
TransactionConflict (they queue), and items past their TTL stay until they are deleted.
"""

from __future__ import annotations

import copy
import json
import threading
from typing import Any

from local.dynamodb import streams, transactions
from local.patching import patch

# Reads take it as well: a BatchGetItem must not see half of a transaction.
_lock = threading.RLock()
_READS = frozenset({"BatchGetItem", "GetItem", "Query"})


@patch("moto.dynamodb.responses:DynamoHandler.call_action")
def _call_action(original: Any, self: Any) -> Any:
    with _lock, streams.recording():
        return original(self)


@patch("moto.dynamodb.responses:DynamoHandler.serialized")
def _serialized(original: Any, self: Any, action_result: Any) -> Any:
    """Items are in the form the answer has already: moto tries ten types for each attribute."""
    result = action_result.result
    if self._get_action() not in _READS or not isinstance(result, dict):
        return original(self, action_result)
    body = json.dumps({name: part for name, part in result.items() if part is not None})
    headers = {"Content-Type": "application/x-amz-json-1.0", **self.response_headers}
    return 200, headers, body


@patch("moto.dynamodb.responses:DynamoHandler.transact_write_items")
def _transact_write_items(original: Any, self: Any) -> Any:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html."""
    token = self.body.get("ClientRequestToken")
    items = self.body["TransactItems"]
    transactions.validate_count(items)
    if token is None:
        return original(self)
    scope = (self.current_account, self.region, token)
    if transactions.TOKENS.replays(scope, items):
        from moto.core.responses import ActionResult

        return ActionResult({})
    answer = original(self)
    # A cancelled transaction leaves its token unused: it may be tried again.
    transactions.TOKENS.remember(scope, items)
    return answer


@patch("moto.dynamodb.models:DynamoDBBackend.transact_write_items")
def _apply(original: Any, self: Any, transact_items: list[dict[str, Any]]) -> None:  # noqa: ARG001
    transactions.apply(self, transact_items)


@patch("moto.dynamodb.models:DynamoDBBackend.update_item")
def _update_item(
    original: Any, self: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any
) -> Any:
    """A refused update leaves the item as it was; moto leaves a half-made one."""
    table = self.get_table(table_name)
    hash_key, range_key = self.get_keys_value(table, key)
    before = copy.deepcopy(table.get_item(hash_key, range_key))
    savepoint = streams.mark()
    try:
        return original(self, table_name, key, *args, **kwargs)
    except Exception:
        transactions.restore(table, hash_key, range_key, before)
        streams.take_back(savepoint)
        raise

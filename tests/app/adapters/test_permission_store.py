"""Reads for decisions: complete and consistent, also when DynamoDB answers in parts."""

from __future__ import annotations

import boto3
import pytest
from botocore.stub import Stubber

from app.adapters.permission_store import DynamoPermissionStore
from app.adapters.rows import file_key, file_row, share_key, share_row, user_key
from tests.app.samples import BOB, FILE_ID, a_file, a_share

TABLE = "permissions"
KEYS = [user_key(BOB.sub), file_key(FILE_ID), share_key(FILE_ID, BOB.email)]


@pytest.fixture
def stubbed(services):  # noqa: ARG001  for its invented credentials
    client = boto3.client("dynamodb")
    with Stubber(client) as stub:
        yield DynamoPermissionStore(client, TABLE), stub
        stub.assert_no_pending_responses()


def asked_for(keys):
    return {"RequestItems": {TABLE: {"Keys": keys, "ConsistentRead": True}}}


def test_keys_left_unprocessed_under_load_are_asked_for_again(stubbed):
    """Taken for missing rows, they would turn a share into a refusal, or a disabled account into
    a welcome one.
    """
    store, stub = stubbed
    rest = {TABLE: {"Keys": KEYS[1:], "ConsistentRead": True}}
    stub.add_response(
        "batch_get_item",
        {
            "Responses": {
                TABLE: [user_key(BOB.sub) | {"disabled_at": {"S": "2026-11-21T12:00:00.000Z"}}]
            }
        }
        | {"UnprocessedKeys": rest},
        asked_for(KEYS),
    )
    stub.add_response(
        "batch_get_item",
        {"Responses": {TABLE: [share_row(a_share()), file_row(a_file())]}, "UnprocessedKeys": {}},
        asked_for(KEYS[1:]),
    )
    facts = store.download_facts(BOB.sub, BOB.email, FILE_ID)
    assert not facts.state.enabled
    assert (facts.file, facts.share) == (a_file(), a_share())


def test_a_download_is_decided_on_one_consistent_read(stubbed):
    store, stub = stubbed
    stub.add_response("batch_get_item", {"Responses": {TABLE: []}}, asked_for(KEYS))
    facts = store.download_facts(BOB.sub, BOB.email, FILE_ID)
    assert (facts.file, facts.share) == (None, None)


def test_single_reads_are_consistent(stubbed):
    store, stub = stubbed
    for key in (user_key(BOB.sub), file_key(FILE_ID)):
        expected = {"TableName": TABLE, "Key": key, "ConsistentRead": True}
        stub.add_response("get_item", {}, expected)
    assert store.user_state(BOB.sub).enabled
    assert store.file(FILE_ID) is None

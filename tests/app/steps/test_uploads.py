"""Deciding the two halves of an upload, and signing its form."""

from __future__ import annotations

import base64
import json

import pytest

from app.adapters.items import decode
from app.steps.complete_upload import decide_completion
from app.steps.start_upload import decide_upload, sign_upload
from tests.app.samples import ADA, EVE, FILE_ID, NOW, a_file, an_upload
from tests.app.steps.conftest import actions, an_attempt, condition, record_in

ANNOUNCED = {
    "name": "r\u00e9sum\u00e9.pdf",
    "size": 12345,
    "sha256": "ab" * 32,
    "media_type": "application/pdf",
}
FOUND = {"Item": {"id": {"S": FILE_ID}}}
HEAD = {
    "VersionId": "version-9",
    "ContentLength": 12345,
    "ChecksumSHA256": base64.b64encode(bytes.fromhex("ab" * 32)).decode(),
}


@pytest.fixture
def started(services):  # noqa: ARG001
    return decide_upload(an_attempt(ADA, upload=ANNOUNCED), None)


def complete(store, file, person=ADA, **more):
    if file:
        store.add(file)
    found = {"found": FOUND if file else {}}
    return decide_completion(an_attempt(person, **found, **more), None)


def test_an_upload_stores_what_was_announced_under_a_key_of_our_own(started):
    row = decode(started["transaction"][1]["Put"]["Item"])
    assert row["key"] == f"users/{ADA.sub}/{FILE_ID}"
    assert row["state"] == "uploading"
    assert "version" not in row
    assert row["name"] == ANNOUNCED["name"]
    assert condition(started, 1) == "attribute_not_exists(pk)"
    assert [kind for kind, _, _ in actions(started)] == ["ConditionCheck", "Put", "Put"]


def test_starting_is_recorded_with_its_object(started):
    record = record_in(started)
    assert record["action"] == "file:upload_start"
    assert record["bucket"] == "waybill-files"
    assert record["key"] == f"users/{ADA.sub}/{FILE_ID}"


def test_the_form_admits_the_announced_bytes_until_it_ends(started):
    through_the_state_machine = json.loads(json.dumps(started))
    ticket = sign_upload(an_attempt(ADA, decision=through_the_state_machine), None)
    assert ticket["upload"]["fields"]["key"] == f"users/{ADA.sub}/{FILE_ID}"
    assert ticket["upload"]["expires_at"] == "2030-01-31T12:15:00.000Z"
    assert ticket["file"]["state"] == "uploading"


def test_completing_makes_the_file_ready_in_the_version_s3_holds(store):
    decision = complete(store, an_upload(), object=HEAD)
    update = decision["transaction"][1]["Update"]
    values = {
        name: next(iter(one.values())) for name, one in update["ExpressionAttributeValues"].items()
    }
    assert values == {
        ":ready": "ready",
        ":state": "uploading",
        ":version": "version-9",
        ":owner": ADA.sub,
    }
    assert decision["body"]["state"] == "ready"
    assert record_in(decision)["version"] == "version-9"
    assert record_in(decision)["action"] == "file:upload_complete"


@pytest.mark.parametrize("clause", ["#owner = :owner", "#state = :state"])
def test_completing_rests_on(store, clause):
    assert clause in condition(complete(store, an_upload(), object=HEAD), 1)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ({}, "upload_missing"),
        ({"object": {k: v for k, v in HEAD.items() if k != "VersionId"}}, "upload_missing"),
        ({"object": HEAD | {"ContentLength": 1}}, "upload_differs"),
        ({"object": HEAD | {"ChecksumSHA256": "AAAA"}}, "upload_differs"),
        ({"object": {k: v for k, v in HEAD.items() if k != "ChecksumSHA256"}}, "upload_differs"),
    ],
    ids=["nothing there", "no version", "other size", "other hash", "no hash"],
)
def test_other_bytes_are_refused(store, head, reason):
    decision = complete(store, an_upload(), **head)
    assert (decision["outcome"], decision["told"]) == ("refused", reason)
    assert record_in(decision)["key"] == f"users/{ADA.sub}/{FILE_ID}"


@pytest.mark.parametrize(
    ("file", "person", "told", "reason"),
    [
        (None, ADA, "not_found", "no_such_file"),
        (an_upload(), EVE, "not_found", "not_owner"),
        (a_file(), ADA, "already_complete", "already_complete"),
    ],
)
def test_only_the_owner_completes_and_only_once(store, file, person, told, reason):
    decision = complete(store, file, person, object=HEAD)
    assert (decision["outcome"], decision["told"]) == ("refused", told)
    assert record_in(decision)["reason"] == reason


def test_a_second_round_finds_the_file_complete(store):
    """The loser of a race of two completions is told so."""
    decision = complete(store, a_file(), object=HEAD, decision={"round": 1})
    assert decision["told"] == "already_complete"
    assert decision["round"] == 2


def test_the_moment_is_the_clocks(started):
    row = decode(started["transaction"][1]["Put"]["Item"])
    assert row["created_at"] == "2030-01-31T12:00:00.000Z"
    assert NOW == 1896091200

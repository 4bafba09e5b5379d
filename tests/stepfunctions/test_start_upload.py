"""The beginning of an upload, run from its definition with the steps of the deployed zip."""

from __future__ import annotations

import uuid

import pytest

from app.domain.files import FileState
from tests.stepfunctions.conftest import an_attempt

UPLOAD = {
    "name": "r\u00e9sum\u00e9.pdf",
    "size": 9,
    "sha256": "ab" * 32,
    "media_type": "application/pdf",
}


@pytest.fixture
def given(ada):
    return an_attempt(ada, str(uuid.uuid4()), upload=UPLOAD)


def test_a_form_leaves_with_its_file_stored_and_recorded(deployment, ada, given):
    status, output = deployment.run("start_upload", given)
    assert (status, output["status"]) == ("SUCCEEDED", "granted")
    file = deployment.store.file(given["file_id"])
    assert (file.owner, file.state, file.version) == (ada.sub, FileState.UPLOADING, None)
    assert file.key == output["body"]["upload"]["fields"]["key"] == f"users/{ada.sub}/{file.id}"
    assert output["body"]["file"]["name"] == UPLOAD["name"]
    record = deployment.record(given)
    assert (record["action"], record["outcome"]) == ("file:upload_start", "allowed")
    assert record["key"] == file.key


def test_a_refused_person_leaves_no_file(deployment, ada, given, disable):
    disable(ada)
    _, output = deployment.run("start_upload", given)
    assert output == {"status": "refused", "problem": {"code": "account_disabled"}}
    assert deployment.store.file(given["file_id"]) is None
    assert deployment.record(given)["outcome"] == "refused"


def test_a_session_revoked_since_leaves_no_file(deployment, ada, given, disable):
    disable(ada, not_before=1_900_000_000)
    _, output = deployment.run("start_upload", given)
    assert output["problem"] == {"code": "session_revoked"}
    assert deployment.store.file(given["file_id"]) is None


def test_an_id_that_is_taken_is_never_given_again(deployment, ada, file):
    """The row of another file stays; after five rounds the workflow gives up, recorded."""
    given = an_attempt(ada, file.id, upload=UPLOAD)
    _, output = deployment.run("start_upload", given)
    assert output == {"status": "refused", "problem": {"code": "contended"}}
    assert deployment.store.file(file.id) == file
    assert deployment.record(given)["reason"] == "contended"


def test_without_an_upload_it_is_no_request(deployment, ada):
    given = an_attempt(ada)
    assert deployment.run("start_upload", given) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"

"""What holds for each workflow: how it refuses, how it fails, and that it records once."""

from __future__ import annotations

import time
import uuid
from types import SimpleNamespace

import pytest

from tests.stepfunctions.conftest import Person, an_attempt
from tests.stepfunctions.definitions import NAMES, text

DETAILS = {
    "start_upload": {
        "upload": {"name": "a", "size": 1, "sha256": "ab" * 32, "media_type": "text/plain"}
    },
    "complete_upload": {},
    "share_file": {
        "recipients": ["carol@example.com"],
        "terms": {"expires_at": 4_000_000_000, "download_limit": 1, "message": ""},
    },
    "download_file": {},
}


@pytest.fixture(params=NAMES)
def workflow(request):
    return request.param


@pytest.fixture
def attempt(workflow):
    return lambda person, **changes: an_attempt(person, **(DETAILS[workflow] | changes))


def fails(deployment, workflow, given):
    """It ends as FAILED and leaves its failure record, once."""
    assert deployment.run(workflow, given) == ("FAILED", None)
    record = deployment.record(given)
    assert (record["outcome"], record["reason"]) == ("failed", "internal_error")
    return True


def refuses(deployment, workflow, given, code, reason=None):
    status, output = deployment.run(workflow, given)
    assert (status, output) == ("SUCCEEDED", {"status": "refused", "problem": {"code": code}})
    record = deployment.record(given)
    assert (record["outcome"], record["reason"]) == ("refused", reason or code)
    return True


@pytest.mark.parametrize(
    "malform",
    [
        {"actor": {}},
        {"actor": {"sub": 7, "username": "x"}},
        {"actor": {"sub": "x", "username": None}},
        {"request": {"source_ip": "192.0.2.7"}},
        {"file_id": ["a"]},
    ],
    ids=["nobody", "a number for a person", "no name", "no id", "a list for an id"],
)
def test_malformed_input_fails_recorded(deployment, workflow, attempt, ada, malform):
    given = attempt(ada)
    broken = given | malform
    assert deployment.run(workflow, broken) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"


def test_a_step_that_breaks_fails_recorded(deployment, workflow, attempt, ada):
    given = attempt(ada)
    given["request"].pop("user_agent")
    assert fails(deployment, workflow, given)


def test_a_pool_that_cannot_be_asked_fails_recorded(deployment, workflow, attempt, ada):
    broken = deployment.machine(text(workflow), user_pool_id="us-east-1_Nowhere00")
    given = attempt(ada)
    assert deployment.start(broken, given) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"


def test_somebody_deleted_since_is_refused_like_a_disabled_one(deployment, workflow, attempt):
    ghost = SimpleNamespace(sub=str(uuid.uuid4()), username=f"ghost-{uuid.uuid4().hex}")
    assert refuses(deployment, workflow, attempt(ghost), "account_disabled")


def test_somebody_disabled_in_the_pool_is_refused(deployment, workflow, attempt, ada):
    deployment.idp.admin_disable_user(UserPoolId=deployment.pool, Username=ada.username)
    assert refuses(deployment, workflow, attempt(ada), "account_disabled")


def test_somebody_without_a_verified_address_is_refused(deployment, workflow, attempt):
    unverified = Person(deployment, "eve", verified="false")
    assert refuses(deployment, workflow, attempt(unverified), "email_not_verified")


def test_somebody_disabled_by_waybill_gets_nothing(
    *, deployment, workflow, attempt, ada, disable, file
):
    disable(ada)
    assert refuses(deployment, workflow, attempt(ada, file_id=file.id), "account_disabled")


def test_a_file_that_is_not_there_is_recorded_as_such(deployment, workflow, attempt, ada):
    if workflow == "start_upload":
        assert deployment.run(workflow, attempt(ada, file_id=str(uuid.uuid4())))[0] == "SUCCEEDED"
        return
    given = attempt(ada, file_id=str(uuid.uuid4()))
    assert refuses(deployment, workflow, given, "not_found", "no_such_file")


def test_the_same_attempt_is_recorded_once(deployment, workflow, attempt, ada):
    given = attempt(ada, file_id=str(uuid.uuid4()))
    deployment.run(workflow, given)
    first = deployment.record(given)
    deployment.run(workflow, given)
    assert deployment.record(given) == first
    assert len(deployment.records_of(ada)) == 1


def test_without_an_audit_table_nothing_is_answered(deployment, workflow, attempt, ada):
    """The trail is gone: the workflow fails, and the API tells nobody anything."""
    machine = deployment.machine(text(workflow), audit_table=f"gone-{uuid.uuid4().hex}")
    given = attempt(ada, file_id=str(uuid.uuid4()))
    started = time.monotonic()
    status, output = deployment.start(machine, given)
    if workflow == "start_upload":  # its record is in its transaction, planned by the step
        assert status == "SUCCEEDED"
        assert deployment.record(given)["outcome"] == "allowed"
    else:
        assert (status, output) == ("FAILED", None)
    assert time.monotonic() - started < 25

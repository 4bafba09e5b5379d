"""Acts: one run of their workflow, whose every end becomes one answer and leaves one record."""

from __future__ import annotations

import json

import pytest

from app.contract.problems import PROBLEMS
from tests.app.bodies import GOOD_SHARE, GOOD_UPLOAD
from tests.app.samples import A_DAY, ADA, FILE_ID, NOW, REQUEST_ID

ACTS = {
    "start_upload": ("/files", GOOD_UPLOAD, "file:upload_start", 201),
    "complete_upload": ("/files/{file_id}/complete", None, "file:upload_complete", 200),
    "share_file": ("/files/{file_id}/shares", GOOD_SHARE, "file:share", 201),
    "download_file": ("/files/{file_id}/downloads", None, "file:download", 201),
}


@pytest.fixture(params=ACTS)
def workflow(request):
    return request.param


@pytest.fixture
def act(call, workflow):
    resource, body, _, _ = ACTS[workflow]
    path = {"file_id": FILE_ID} if "{" in resource else None
    return lambda: call("POST", resource, body, path=path)


def test_what_was_granted_is_the_answer(act, workflow, services):
    services.workflows.output = {"status": "granted", "body": {"name": "r\u00e9sum\u00e9"}}
    answer = act()
    assert answer.status == ACTS[workflow][3]
    assert answer.document == {"name": "r\u00e9sum\u00e9"}
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert services.audit.records == {}


def test_the_workflow_is_told_who_asks_from_where_and_about_what(act, workflow, services):
    services.workflows.output = {"status": "granted", "body": {}}
    act()
    [(name, execution, payload)] = services.workflows.runs
    assert (name, execution) == (workflow, REQUEST_ID)
    assert payload["request"] == {
        "id": REQUEST_ID,
        "source_ip": "192.0.2.7",
        "user_agent": "curl/8",
    }
    assert payload["actor"] == {
        "sub": ADA.sub,
        "username": "ada",
        "issued_at": NOW - 60,
        "groups": [],
    }
    assert json.loads(json.dumps(payload)) == payload


def test_it_brings_the_record_of_its_own_failure(act, workflow, services):
    services.workflows.output = {"status": "granted", "body": {}}
    act()
    [(_, _, payload)] = services.workflows.runs
    record = payload["failure_record"]
    assert record["id"] == {"S": REQUEST_ID}
    assert record["action"] == {"S": ACTS[workflow][2]}
    assert record["outcome"] == {"S": "failed"}
    assert record["actor"] == {"S": ADA.sub}
    assert record["file_id"] == {"S": payload["file_id"]}


@pytest.mark.parametrize("code", [code for code in PROBLEMS if PROBLEMS[code].status < 500])
def test_a_refusal_is_answered_with_its_reason(code, act, services, is_problem):
    services.workflows.output = {"status": "refused", "problem": {"code": code}}
    assert is_problem(act(), PROBLEMS[code].status, code)
    assert services.audit.records == {}  # the workflow has recorded it


def test_the_loser_of_too_many_races_is_told_to_try_again(act, services, is_problem):
    services.workflows.output = {"status": "refused", "problem": {"code": "contended"}}
    answer = act()
    assert is_problem(answer, 503, "contended")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.parametrize(
    "end",
    [None, RuntimeError("the ARN arn:aws:states:secret"), TimeoutError()],
    ids=["failed", "exception", "timeout"],
)
def test_a_failure_is_generic_and_leaves_exactly_one_record(
    end, act, workflow, services, is_problem
):
    services.workflows.output = end
    answer = act()
    assert is_problem(answer, 500, "internal_error")
    assert "arn" not in answer.body
    [record] = services.audit.records.values()
    assert (record.id, record.action) == (REQUEST_ID, ACTS[workflow][2])
    assert (record.outcome, record.reason) == ("failed", "internal_error")


def test_an_execution_nobody_understands_is_a_generic_failure(act, services, is_problem):
    services.workflows.output = {"surprise": True}
    assert is_problem(act(), 500, "internal_error")


def test_without_a_place_for_the_record_there_is_no_success(act, services, is_problem):
    def unavailable(_record):
        raise ConnectionError

    services.workflows.output = None
    services.audit.write = unavailable
    assert is_problem(act(), 500, "internal_error")


def test_a_share_without_terms_gets_the_administrators_default(call, services):
    services.workflows.output = {"status": "granted", "body": {}}
    call("POST", "/files/{file_id}/shares", GOOD_SHARE, path={"file_id": FILE_ID})
    [(_, _, payload)] = services.workflows.runs
    terms = {"expires_at": NOW + 14 * A_DAY, "download_limit": None, "message": ""}
    assert payload["terms"] == terms
    assert payload["recipients"] == ["bob@example.com"]


def test_recipients_reach_the_workflow_normalised_and_the_instant_as_seconds(call, services):
    services.workflows.output = {"status": "granted", "body": {}}
    body = {
        "recipients": ["O'Brien@Example.com"],
        "expires_at": "2030-02-01T13:00:00+01:00",
        "download_limit": 2,
        "message": 'Say "hello"\n\\ {{}} $.x',
    }
    call("POST", "/files/{file_id}/shares", body, path={"file_id": FILE_ID})
    [(_, _, payload)] = services.workflows.runs
    assert payload["recipients"] == ["o'brien@example.com"]
    assert payload["terms"] == {
        "expires_at": NOW + A_DAY,
        "download_limit": 2,
        "message": body["message"],
    }


def test_each_upload_gets_an_id_of_our_own(call, services):
    services.workflows.output = {"status": "granted", "body": {}}
    call("POST", "/files", GOOD_UPLOAD)
    call("POST", "/files", GOOD_UPLOAD)
    first, second = (payload for _, _, payload in services.workflows.runs)
    assert first["file_id"] != second["file_id"]
    assert first["upload"] == GOOD_UPLOAD | {"media_type": "application/octet-stream"}

"""Reads: whose they are, in pages, and one record each before the answer leaves."""

from __future__ import annotations

import json

import pytest

from app.contract.models import FileList, FileOut, Health, ReceivedList, ShareList
from tests.app.samples import ADA, BOB, EVE, FILE_ID, OTHER_FILE_ID, REQUEST_ID, a_file, a_share

ADAS_FILE = {"path": {"file_id": FILE_ID}}


def only_record(services):
    [record] = services.audit.records.values()
    assert record.id == REQUEST_ID
    return record.action, record.outcome, record.reason


@pytest.fixture
def stored(services):
    services.permissions.add(a_file(), a_share(), a_share(recipient=EVE.email, used=1))
    services.people.verified["ada"] = ADA.email
    return services


def test_my_files_are_listed_and_the_reading_is_recorded(call, stored):
    stored.permissions.add(a_file(id=OTHER_FILE_ID, owner=BOB.sub))
    answer = call("GET", "/files")
    assert [one["id"] for one in answer.document["items"]] == [FILE_ID]
    assert FileList.model_validate(answer.document)
    assert only_record(stored) == ("file:list", "allowed", "")


def test_a_file_of_mine_is_shown(call, stored):
    answer = call("GET", "/files/{file_id}", **ADAS_FILE)
    assert FileOut.model_validate(answer.document).name == "Q3 board report.pdf"
    assert only_record(stored) == ("file:read", "allowed", "")
    assert stored.audit.records[REQUEST_ID].file_id == FILE_ID


def test_an_owner_sees_with_whom_a_file_is_shared(call, stored):
    answer = call("GET", "/files/{file_id}/shares", **ADAS_FILE)
    assert ShareList.model_validate(answer.document)
    assert [one["recipient"] for one in answer.document["items"]] == [BOB.email, EVE.email]
    assert only_record(stored) == ("share:list", "allowed", "")


def test_a_recipient_sees_what_is_shared_with_a_verified_address(call, stored):
    stored.people.verified["ada"] = BOB.email
    answer = call("GET", "/shares")
    assert ReceivedList.model_validate(answer.document)
    assert [one["file_id"] for one in answer.document["items"]] == [FILE_ID]
    assert only_record(stored) == ("received:list", "allowed", "")


def test_an_address_that_passed_to_another_person_does_not_show_what_was_bound(call, stored):
    stored.permissions.add(a_share(bound_to="the first holder"))
    stored.people.verified["ada"] = BOB.email
    assert call("GET", "/shares").document["items"] == []


def test_without_a_verified_address_nothing_is_shared_with_anybody(call, stored, is_problem):
    stored.people.verified.clear()
    assert is_problem(call("GET", "/shares"), 403, "email_not_verified")
    assert only_record(stored) == ("received:list", "refused", "email_not_verified")


@pytest.mark.parametrize(
    ("resource", "action"),
    [("/files/{file_id}", "file:read"), ("/files/{file_id}/shares", "share:list")],
)
@pytest.mark.parametrize(
    ("file", "reason"), [(None, "no_such_file"), (a_file(owner=BOB.sub), "not_owner")]
)
def test_a_refused_read_leaves_the_true_reason_in_one_record(
    *, resource, action, file, reason, call, services, is_problem
):
    if file:
        services.permissions.add(file)
    assert is_problem(call("GET", resource, **ADAS_FILE), 404, "not_found")
    assert only_record(services) == (action, "refused", reason)


@pytest.mark.parametrize("resource", ["/files", "/shares", "/files/{file_id}"])
def test_a_read_that_fails_is_generic_and_recorded_as_failed(
    resource, call, stored, is_problem, monkeypatch
):
    def broken(_sub):
        raise ConnectionError("table arn:aws:dynamodb:secret")

    monkeypatch.setattr(stored.permissions, "user_state", broken)
    answer = call("GET", resource, path={"file_id": FILE_ID})
    assert is_problem(answer, 500, "internal_error")
    assert "arn" not in answer.body
    [record] = stored.audit.records.values()
    assert record.outcome == "failed"


def test_nothing_is_shown_that_could_not_be_recorded(call, stored, is_problem, monkeypatch):
    def unavailable(_record):
        raise ConnectionError

    monkeypatch.setattr(stored.audit, "write", unavailable)
    answer = call("GET", "/files")
    assert is_problem(answer, 500, "internal_error")
    assert FILE_ID not in answer.body


def test_a_list_goes_on_where_its_cursor_says(call, services):
    ids = [f"3f1c9b1e-0000-4000-8000-00000000000{n}" for n in range(5)]
    services.permissions.add(
        *(a_file(id=one, created_at=f"2030-01-0{n + 1}") for n, one in enumerate(ids))
    )
    seen, query = [], {"limit": "2"}
    while True:
        page = call("GET", "/files", query=query).document
        seen += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query = {"limit": "2", "cursor": page["next_cursor"]}
    assert seen == ids[::-1]


def test_a_cursor_that_is_not_ours_is_refused(call, stored, is_problem):  # noqa: ARG001
    for resource in ("/files", "/shares", "/files/{file_id}/shares"):
        answer = call("GET", resource, query={"cursor": "forged"}, **ADAS_FILE)
        assert is_problem(answer, 400, "invalid_cursor")


def test_the_service_says_it_is_there_to_anybody(call, services):
    answer = call("GET", "/health", claims=None)
    assert Health.model_validate(answer.document)
    assert services.audit.records == {}


def test_the_document_of_the_api_is_there_for_anybody(call):
    answer = call("GET", "/openapi.json", claims=None)
    assert json.loads(answer.body)["openapi"].startswith("3.1")
    assert answer.headers["Content-Type"] == "application/json"


def test_pages_of_another_origin_may_not_read_an_answer(call):
    for answer in (call("GET", "/health"), call("GET", "/me", claims=None)):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://files.example.com"

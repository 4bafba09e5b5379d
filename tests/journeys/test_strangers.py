"""Who was not invited learns nothing, not even that there is something."""

import uuid

import pytest

from tests.journeys.conftest import announce, audit_records, download, in_days, share, uploaded

ROUTES = [
    ("GET", "/files/{id}", None),
    ("POST", "/files/{id}/complete", None),
    ("GET", "/files/{id}/shares", None),
    ("POST", "/files/{id}/shares", {"recipients": ["x@example.com"]}),
    ("POST", "/files/{id}/downloads", None),
]
OF_THE_ANSWER_ITSELF = {"date", "x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"}


def shown(answer):
    """All of an answer but what names the answer itself."""
    headers = {k.lower(): v for k, v in answer.headers.items()}
    kept = {k: v for k, v in headers.items() if k not in OF_THE_ANSWER_ITSELF}
    return answer.status_code, answer.content, kept


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_somebody_elses_file_and_no_file_get_the_same_answer(ada, stranger, method, path, body):
    theirs = uploaded(ada, b"for others")
    ids = (theirs, str(uuid.uuid4()), "not-an-id", "a'--", "%2e%2e%2f", theirs.upper(), "%00")
    answers = [stranger.api(method, path.replace("{id}", one), json=body) for one in ids]
    assert answers[0].status_code == 404
    assert [shown(answer) for answer in answers] == [shown(answers[0])] * len(ids)


def test_a_stranger_learns_nothing_of_an_unfinished_or_shared_file(ada, bob, stranger):
    unfinished, shared = announce(ada, b"soon")["file"]["id"], uploaded(ada)
    share(ada, shared, bob)
    answers = [download(stranger, one) for one in (unfinished, shared, str(uuid.uuid4()))]
    assert answers[0].json()["code"] == "not_found"
    assert [shown(answer) for answer in answers] == [shown(answers[0])] * 3


def test_the_owner_sees_in_the_audit_trail_why_the_stranger_was_refused(stack, ada, stranger):
    file_id = uploaded(ada)
    download(stranger, file_id)
    record = audit_records(stack, file_id=file_id)[-1]
    assert (record["outcome"], record["reason"]) == ("refused", "not_shared_with_you")
    assert record["actor_email"] == stranger.email


def test_a_recipient_cannot_share_on(ada, bob, stranger):
    file_id = uploaded(ada)
    share(ada, file_id, bob)
    body = {"recipients": [stranger.email], "expires_at": in_days(1)}
    assert bob.api("POST", f"/files/{file_id}/shares", json=body).status_code == 404


def test_nobody_can_share_what_is_somebody_elses(ada, stranger):
    file_id = uploaded(ada)
    body = {"recipients": [stranger.email]}
    assert stranger.api("POST", f"/files/{file_id}/shares", json=body).status_code == 404
    assert download(stranger, file_id).status_code == 404

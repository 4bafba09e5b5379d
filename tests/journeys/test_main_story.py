"""From signing up to the attempt past the limit: the story the product is for."""

import hashlib

import requests

from tests.journeys.conftest import (
    announce,
    audit_records,
    download,
    eventually,
    in_days,
    post_form,
    problem_code,
    share,
    uploaded,
)

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 4096  # a megabyte that no text encoding survives


def mails(stack, person, subject):
    inbox = requests.get(
        f"{stack.endpoint}/_local/mail", params={"to": person.email}, timeout=5
    ).json()
    return [mail for mail in inbox if subject in mail["subject"]]


def test_two_people_get_one_download_each_and_the_third_attempt_is_refused(stack, ada, bob, carol):
    ticket = announce(ada, CONTENT, name="Q3 \u2013 Überblick.pdf")
    file_id, upload = ticket["file"]["id"], ticket["upload"]
    assert upload["url"].startswith(stack.endpoint), "the bytes go to S3, not to the API"
    assert post_form(upload, CONTENT).status_code == 204
    file = ada.api("POST", f"/files/{file_id}/complete").json()
    assert file["state"] == "ready"

    shares = share(ada, file_id, bob, carol, download_limit=1, expires_at=in_days(3))
    assert [one["recipient"] for one in shares] == [bob.email, carol.email]
    for recipient in (bob, carol):
        mail = eventually(lambda who=recipient: mails(stack, who, "has shared a file with you"))[0]
        assert "Überblick" not in mail["body"], "a mail is read by others: no file name in it"
        assert "X-Amz-Signature" not in mail["body"], "no link to bytes in a mail"
        received = recipient.api("GET", "/shares").json()["items"][0]
        assert received["file"]["sha256"] == hashlib.sha256(CONTENT).hexdigest()
        assert received["remaining_downloads"] == 1

        grant = download(recipient, file_id).json()
        answer = requests.get(grant["url"], timeout=20)
        assert answer.content == CONTENT
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert "%C3%9Cberblick.pdf" in answer.headers["Content-Disposition"]
        assert grant["remaining_downloads"] == 0

    refused = download(bob, file_id)
    assert (refused.status_code, problem_code(refused)) == (403, "limit_reached")
    used = ada.api("GET", f"/files/{file_id}/shares").json()["items"]
    assert {one["recipient"]: one["downloads_used"] for one in used} == {
        bob.email: 1,
        carol.email: 1,
    }
    actions = [(one["action"], one["outcome"]) for one in audit_records(stack, file_id=file_id)]
    assert actions == [
        ("file:upload_start", "allowed"),
        ("file:upload_complete", "allowed"),
        ("file:share", "allowed"),
        ("file:download", "allowed"),
        ("file:download", "allowed"),
        ("file:download", "refused"),
        ("share:list", "allowed"),
    ]


def test_an_empty_file_travels_like_any_other(ada, bob):
    file_id = uploaded(ada, b"", "empty.txt")
    share(ada, file_id, bob)
    assert requests.get(download(bob, file_id).json()["url"], timeout=5).content == b""


def test_the_owner_downloads_without_a_share_and_without_counting(ada):
    file_id = uploaded(ada, b"mine")
    for _ in range(3):
        grant = download(ada, file_id).json()
        assert grant["remaining_downloads"] is None
        assert requests.get(grant["url"], timeout=5).content == b"mine"


def test_a_share_without_a_limit_grants_any_number(ada, bob):
    file_id = uploaded(ada)
    share(ada, file_id, bob)
    assert [download(bob, file_id).status_code for _ in range(4)] == [201] * 4


def test_a_recipient_typed_in_capitals_is_the_same_person(ada, bob):
    file_id = uploaded(ada)
    body = {"recipients": [bob.email.upper()], "expires_at": in_days(1)}
    assert ada.api("POST", f"/files/{file_id}/shares", json=body).status_code == 201
    assert download(bob, file_id).status_code == 201


def test_an_address_with_an_apostrophe_is_an_address(ada, newcomer):
    brian = newcomer("o'brien")
    file_id = uploaded(ada)
    share(ada, file_id, brian)
    assert download(brian, file_id).status_code == 201


def test_lists_go_on_where_the_last_page_ended(newcomer):
    owner = newcomer("lister")
    ids = [announce(owner, b"x", f"{number}.txt")["file"]["id"] for number in range(5)]
    seen, cursor = [], None
    while True:
        page = owner.api("GET", "/files", params={"limit": 2, "cursor": cursor}).json()
        seen += [file["id"] for file in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == list(reversed(ids)), "newest first, each once"


def test_sharing_twice_with_somebody_does_not_replace_the_terms(ada, bob):
    file_id = uploaded(ada)
    share(ada, file_id, bob, download_limit=1)
    again = ada.api(
        "POST",
        f"/files/{file_id}/shares",
        json={"recipients": [bob.email], "expires_at": in_days(10)},
    )
    assert (again.status_code, problem_code(again)) == (409, "already_shared")
    kept = ada.api("GET", f"/files/{file_id}/shares").json()["items"]
    assert [one["download_limit"] for one in kept] == [1]


def test_a_file_is_not_shared_before_its_bytes_are_there(ada, bob):
    file_id = announce(ada, b"soon")["file"]["id"]
    early = ada.api("POST", f"/files/{file_id}/shares", json={"recipients": [bob.email]})
    assert (early.status_code, problem_code(early)) == (409, "file_not_ready")


def test_an_upload_is_complete_only_with_the_announced_bytes(ada):
    ticket = announce(ada, b"announced")
    path = f"/files/{ticket['file']['id']}/complete"
    missing = ada.api("POST", path)
    assert (missing.status_code, problem_code(missing)) == (409, "upload_missing")
    assert post_form(ticket["upload"], b"different").status_code == 400, "S3 checks the hash"
    assert post_form(ticket["upload"], b"announced").status_code == 204
    assert ada.api("POST", path).status_code == 200
    again = ada.api("POST", path)
    assert (again.status_code, problem_code(again)) == (409, "already_complete")

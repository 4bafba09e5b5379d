"""Every attempt leaves one record, and every transfer a line in S3's own log that names its grant."""

import re
from urllib.parse import parse_qs, urlsplit

import requests

from tests.journeys.conftest import audit_records, download, eventually, share, uploaded

REQUIRED = {"id", "time", "actor", "actor_email", "action", "outcome", "file_id"} | {
    "source_ip",
    "user_agent",
    "day",
}


def test_each_attempt_has_exactly_one_record_with_who_what_when_and_where_from(
    stack, ada, newcomer
):
    guest = newcomer("guest")
    file_id = uploaded(ada)
    before = audit_records(stack, file_id=file_id)
    share(ada, file_id, guest, download_limit=2)
    answers = [download(guest, file_id) for _ in range(4)]
    records = audit_records(stack, file_id=file_id)[len(before) :]
    assert [one["action"] for one in records] == ["file:share"] + ["file:download"] * 4
    assert [one["outcome"] for one in records[1:]] == ["allowed"] * 2 + ["refused"] * 2
    for record in records:
        assert record.keys() >= REQUIRED, REQUIRED - record.keys()
        assert record["source_ip"] == "127.0.0.1"
        assert record["user_agent"].startswith("python-requests/")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", record["time"])
    assert [one["actor_email"] for one in records] == [ada.email] + [guest.email] * 4
    granted = [answer.json()["id"] for answer in answers if answer.status_code == 201]
    assert [one["grant_id"] for one in records if "grant_id" in one] == granted


def test_the_source_address_is_the_gateways_and_not_a_header(stack, ada):
    file_id = uploaded(ada)
    ada.api("POST", f"/files/{file_id}/downloads", headers={"X-Forwarded-For": "203.0.113.9"})
    assert audit_records(stack, file_id=file_id)[-1]["source_ip"] == "127.0.0.1"


def test_reading_a_list_leaves_a_record_too(stack, newcomer):
    reader = newcomer("reader")
    reader.api("GET", "/files")
    reader.api("GET", "/shares")
    actions = [one["action"] for one in audit_records(stack, actor=reader.sub)]
    assert actions == ["file:list", "received:list"]


def test_a_workflow_that_breaks_leaves_a_record_and_says_nothing_of_why(stack, ada):
    file_id = uploaded(ada)
    functions = stack.client("lambda")
    name = stack.functions["sign_link"]
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]
    functions.update_function_configuration(FunctionName=name, Handler="app.steps.nowhere.sign")
    try:
        answer = download(ada, file_id)
    finally:
        functions.update_function_configuration(FunctionName=name, Handler=handler)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "nowhere" not in answer.text
    last = audit_records(stack, file_id=file_id)[-1]
    assert (last["action"], last["outcome"]) == ("file:download", "failed")
    assert "grant_id" not in last


def log_lines(stack):
    requests.post(f"{stack.endpoint}/_local/access-logs/flush", timeout=10)
    s3 = stack.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=stack.logs_bucket)
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    bodies = [s3.get_object(Bucket=stack.logs_bucket, Key=key)["Body"].read() for key in keys]
    return [line for body in bodies for line in body.decode().splitlines()]


def test_each_transfer_stands_in_the_access_log_under_its_grant(stack, ada, bob):
    file_id = uploaded(ada, b"logged bytes")
    share(ada, file_id, bob)
    grants = [download(bob, file_id).json() for _ in range(2)]
    for grant in grants:
        assert requests.get(grant["url"], timeout=5).content == b"logged bytes"
    for grant in grants:
        line = eventually(
            lambda grant_id=grant["id"]: [
                line
                for line in log_lines(stack)
                if f"x-wb-grant={grant_id}" in line and "REST.GET.OBJECT" in line
            ]
        )[0]
        assert '" 200 - 12 12 ' in line, "status, no error, bytes sent, object size"
        assert bob.email not in line, "no person in a log of addresses"


def test_no_function_writes_a_secret_to_its_log(stack, ada, bob):
    file_id = uploaded(ada)
    share(ada, file_id, bob)
    url = download(bob, file_id).json()["url"]
    secrets = ["X-Amz-Signature", "Bearer ", "eyJ", bob.tokens.access, bob.tokens.refresh]
    secrets.append(parse_qs(urlsplit(url).query)["X-Amz-Signature"][0])
    logs = stack.client("logs")

    def messages(group):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return [one["message"] for page in pages for one in page["events"]]

    eventually(lambda: messages(f"/aws/lambda/{stack.functions['sign_link']}"))
    for group in logs.describe_log_groups()["logGroups"]:
        text = "\n".join(messages(group["logGroupName"]))
        assert not [one for one in secrets if one in text], group["logGroupName"]

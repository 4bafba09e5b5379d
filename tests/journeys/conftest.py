"""People and files for whole stories over HTTP: nothing here reaches behind an address."""

import hashlib
import itertools
import secrets
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests

from tests.person import Person, Settings

_numbers = itertools.count(1)
_RUN = secrets.token_hex(3)  # a stack may be used by several runs
PASSWORD = "Correct-Horse-7-Battery"
SCOPES = "openid email profile waybill/files"
DEADLINE_SECONDS = 20


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


def eventually(look, expected=bool):
    """The first value of `look` that is as expected, within a deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not expected(value := look()):
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS} s; last seen: {value!r}"
        time.sleep(0.1)
    return value


@pytest.fixture(scope="session")
def newcomer(stack):
    """Makes people who have signed up, confirmed and signed in, each with an address of their own."""

    def make(name, domain="example.com"):
        settings = Settings(stack.endpoint, stack.api, stack.client_id, scope=SCOPES)
        person = Person(settings, f"{name}.{_RUN}.{next(_numbers)}@{domain}", PASSWORD)
        person.sign_up()
        person.confirm()
        person.confirm_mail_subscription()
        person.sign_in()
        return person

    return make


@pytest.fixture(scope="session")
def ada(newcomer):
    return newcomer("ada")


@pytest.fixture(scope="session")
def bob(newcomer):
    return newcomer("bob")


@pytest.fixture(scope="session")
def carol(newcomer):
    return newcomer("carol")


@pytest.fixture(scope="session")
def stranger(newcomer):
    return newcomer("stranger")


def announce(person, content, name="report.pdf", **fields):
    announced = {
        "name": name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **fields,
    }
    answer = person.api("POST", "/files", json=announced)
    assert answer.status_code == 201, answer.text
    return answer.json()


def post_form(upload, content, **changed):
    fields = {**upload["fields"], **changed}
    return requests.post(upload["url"], data=fields, files={"file": ("any", content)}, timeout=20)


def uploaded(person, content=b"the agreed text", name="report.pdf"):
    """A complete file of this person; its id."""
    ticket = announce(person, content, name)
    stored = post_form(ticket["upload"], content)
    assert stored.status_code == 204, stored.text
    file_id = ticket["file"]["id"]
    completed = person.api("POST", f"/files/{file_id}/complete")
    assert completed.status_code == 200, completed.text
    return file_id


def share(owner, file_id, *recipients, **terms):
    terms = {"expires_at": in_days(7), **terms}
    addresses = [one.email for one in recipients]
    answer = owner.api("POST", f"/files/{file_id}/shares", json={"recipients": addresses, **terms})
    assert answer.status_code == 201, answer.text
    return answer.json()["shares"]


def download(person, file_id):
    return person.api("POST", f"/files/{file_id}/downloads")


def audit_records(stack, **key):
    """Audit records of a file or a person, oldest first, as plain values."""
    (name, value), index = next(iter(key.items())), {"file_id": "by_file", "actor": "by_actor"}
    query = stack.client("dynamodb").query(
        TableName=stack.audit_table,
        IndexName=index[name],
        KeyConditionExpression="#name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": {"S": value}},
    )
    return [{k: next(iter(v.values())) for k, v in item.items()} for item in query["Items"]]


def problem_code(answer):
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.json()["code"]

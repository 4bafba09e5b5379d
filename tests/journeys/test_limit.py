"""A limit of N means N grants, whoever asks at the same moment (P3)."""

import io
import os
import threading
import zipfile
from contextlib import contextmanager

import pytest

from tests.journeys.conftest import audit_records, download, share, uploaded
from tools import paths

CLIENTS = 64
ROUNDS = 50 if os.environ.get("FULL") else 10
LIMITS = (1, 2, 20)


def race(stack, owner, recipient, limit, clients=CLIENTS):
    """Everybody at once for one share; what was granted, counted and recorded."""
    file_id = uploaded(owner)
    share(owner, file_id, recipient, download_limit=limit)
    start, answers = threading.Barrier(clients), []

    def attempt():
        start.wait()
        answers.append(download(recipient, file_id))

    threads = [threading.Thread(target=attempt) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = [answer.status_code for answer in answers]
    codes = {answer.json()["code"] for answer in answers if answer.status_code != 201}
    counter = owner.api("GET", f"/files/{file_id}/shares").json()["items"][0]["downloads_used"]
    records = [one for one in audit_records(stack, file_id=file_id) if "download" in one["action"]]
    recorded = [one["outcome"] for one in records]
    return {
        "granted": statuses.count(201),
        "counter": counter,
        "recorded": recorded.count("allowed"),
        "refused": recorded.count("refused"),
        "codes": codes,
    }


@pytest.mark.parametrize("limit", LIMITS)
def test_exactly_as_many_grants_as_the_limit_allows(stack, ada, bob, limit):
    for _ in range(ROUNDS):
        outcome = race(stack, ada, bob, limit)
        assert outcome == {
            "granted": limit,
            "counter": limit,
            "recorded": limit,
            "refused": CLIENTS - limit,
            "codes": {"limit_reached"},
        }


def test_the_race_catches_a_limit_that_is_read_first_and_written_later(stack, ada, bob):
    """The proof of the proof: without its condition, the same race must over-issue."""
    with without_the_condition(stack):
        outcomes = [race(stack, ada, bob, 2) for _ in range(3)]
    assert any(outcome["granted"] > 2 for outcome in outcomes), outcomes
    assert race(stack, ada, bob, 2)["granted"] == 2, "and with it, none"


@contextmanager
def without_the_condition(stack):
    """Deploy the deciding step with the limit only read, not part of the write's condition."""
    functions, name = stack.client("lambda"), stack.functions["decide_access"]
    genuine = (paths.BUILD / "local" / "lambda.zip").read_bytes()
    functions.update_function_code(FunctionName=name, ZipFile=mutant(genuine))
    try:
        yield
    finally:
        functions.update_function_code(FunctionName=name, ZipFile=genuine)


def mutant(genuine):
    changed, clause = io.BytesIO(), ", not_yet_used_up,"
    with zipfile.ZipFile(io.BytesIO(genuine)) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            if member == "app/adapters/permission_plans.py":
                assert clause in content.decode(), "the clause to leave out has moved"
                content = content.decode().replace(clause, ",").encode()
            if not (member.endswith(".pyc") and "permission_plans" in member):
                new.writestr(member, content)
    return changed.getvalue()

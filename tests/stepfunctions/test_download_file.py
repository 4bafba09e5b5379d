"""The download workflow, run from its definition with the steps of the deployed zip."""

from __future__ import annotations

import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.adapters.rows import file_row
from app.domain.files import FileState
from tests.stepfunctions.conftest import Person, an_attempt
from tests.stepfunctions.definitions import load, text


@pytest.fixture
def download(deployment, file):
    def run(person):
        given = an_attempt(person, file.id)
        status, output = deployment.run("download_file", given)
        assert status == "SUCCEEDED"
        return output, deployment.record(given)

    return run


def test_a_grant_is_a_link_to_the_bytes_counted_and_recorded(
    deployment, file, share, download, bob
):
    given = share(bob, limit=2)
    output, record = download(bob)
    assert output["status"] == "granted"
    body = output["body"]
    with urllib.request.urlopen(body["url"], timeout=10) as answer:
        assert answer.read() == b"the bytes"
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(body["url"]).query))
    assert query["x-wb-grant"] == body["id"] == record["id"] == record["grant_id"]
    assert query["versionId"] == record["version"] == file.version
    assert body["remaining_downloads"] == 1
    stored = deployment.store.download_facts(bob.sub, bob.email, file.id).share
    assert (stored.used, stored.bound_to) == (1, bob.sub)
    assert (record["outcome"], record["share_id"]) == ("allowed", given.id)


def test_the_attempt_past_the_limit_is_refused_and_recorded(share, download, bob):
    share(bob, limit=2)
    outcomes = [download(bob) for _ in range(3)]
    assert [output["status"] for output, _ in outcomes] == ["granted", "granted", "refused"]
    output, record = outcomes[2]
    assert output["problem"] == {"code": "limit_reached"}
    assert (record["outcome"], record["reason"]) == ("refused", "limit_reached")
    assert "url" not in str(output)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expires_at": 1_000_000_000}, "expired"),
        ({"revoked_at": "2030-01-01T00:00:00.000Z"}, "share_revoked"),
        ({"used": 3, "limit": 3}, "limit_reached"),
    ],
)
def test_a_share_that_is_over_is_refused_with_its_reason(share, download, bob, change, code):
    share(bob, **change)
    output, record = download(bob)
    assert output == {"status": "refused", "problem": {"code": code}}
    assert record["reason"] == code


def test_a_stranger_is_told_what_nobody_is_told(deployment, share, download, bob):
    share(bob)
    stranger = Person(deployment, "eve")
    output, record = download(stranger)
    assert output == {"status": "refused", "problem": {"code": "not_found"}}
    assert record["reason"] == "not_shared_with_you"


def test_a_share_once_used_is_not_for_the_next_holder_of_the_address(share, download, bob):
    share(bob, bound_to="the first holder")
    output, _ = download(bob)
    assert output["problem"] == {"code": "not_found"}


def test_an_owner_gets_the_own_file_without_counting(
    *, deployment, file, share, download, ada, bob
):
    share(bob)
    output, record = download(ada)
    assert output["status"] == "granted"
    assert output["body"]["remaining_downloads"] is None
    assert "share_id" not in record
    assert deployment.store.download_facts(bob.sub, bob.email, file.id).share.used == 0


def test_rivals_for_the_last_grants_get_just_those(deployment, file, share, bob):
    share(bob, limit=3)
    attempts = [an_attempt(bob, file.id) for _ in range(12)]
    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(lambda one: deployment.run("download_file", one), attempts))
    assert {status for status, _ in outcomes} == {"SUCCEEDED"}
    granted = [output for _, output in outcomes if output["status"] == "granted"]
    refused = {o["problem"]["code"] for _, o in outcomes if o["status"] == "refused"}
    used = deployment.store.download_facts(bob.sub, bob.email, file.id).share.used
    assert len(granted) == used <= 3
    assert refused <= {"limit_reached", "contended"}
    recorded = [deployment.record(one)["outcome"] for one in attempts]
    assert recorded.count("allowed") == used
    assert recorded.count("refused") == 12 - used


def test_a_link_that_cannot_be_signed_counts_nothing(deployment, file, share, bob):
    """Signing comes before counting, so that nothing has to be undone."""
    share(bob)
    nobody = deployment.placeholders["sign_link_arn"] + "-gone"
    given = an_attempt(bob, file.id)
    machine = deployment.machine(text("download_file"), sign_link_arn=nobody)
    assert deployment.start(machine, given) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"
    assert deployment.store.download_facts(bob.sub, bob.email, file.id).share.used == 0


def test_a_file_deleted_meanwhile_is_gone(deployment, file, share, download, bob):
    share(bob)
    deployment.tables.put(file_row(replace(file, state=FileState.DELETED)))
    assert download(bob)[0]["problem"] == {"code": "file_deleted"}


def test_it_stays_within_its_budget_of_calls():
    """At most three AWS calls besides the one transaction, and two functions of its own."""
    road = ["Get user", "Decide access", "Sign link", "Record download"]
    states = load("download_file")["States"]
    tasks = [states[name] for name in road]
    assert states["Done"]["Type"] == "Pass"
    functions = [one for one in tasks if "${" in one["Resource"]]
    calls = [one for one in tasks if one["Resource"].startswith("arn:")]
    assert len(functions) == 2
    assert len(calls) == 2  # the pool, and the transaction; the deciding step reads once more

"""The sharing workflow, run from its definition with the steps of the deployed zip."""

from __future__ import annotations

import json
import re
import time
import urllib.request
import uuid

import pytest

from tests.stepfunctions.conftest import Person, an_attempt
from tests.stepfunctions.definitions import text

SOON = {"download_limit": 2, "message": "Here it is."}


@pytest.fixture
def terms(deployment):  # noqa: ARG001
    return {**SOON, "expires_at": int(time.time()) + 3600}


@pytest.fixture
def share_with(deployment, file, terms):
    def run(person, *recipients, machine=None, **changes):
        given = an_attempt(
            person,
            file.id,
            recipients=[getattr(one, "email", one) for one in recipients],
            terms=terms | changes,
        )
        machine = machine or deployment.machines["share_file"]
        status, output = deployment.start(machine, given)
        assert status == "SUCCEEDED"
        return output, deployment.record(given)

    return run


def stored(deployment, file):
    return {one.recipient: one for one in deployment.store.shares_of(file.id, 100, None).items}


def test_all_recipients_get_their_share_and_the_act_one_record(
    *, deployment, file, share_with, ada, bob, terms
):
    output, record = share_with(ada, bob, "o'brien@example.com")
    assert output["status"] == "granted"
    shares = stored(deployment, file)
    assert set(shares) == {bob.email, "o'brien@example.com"}
    for one in shares.values():
        assert (one.version, one.used) == (file.version, 0)
        assert one.terms.expires_at == terms["expires_at"]
    shown = {one["recipient"]: one["id"] for one in output["body"]["shares"]}
    assert shown == {name: one.id for name, one in shares.items()}
    assert (record["outcome"], record["recipients"]) == (
        "allowed",
        (bob.email, "o'brien@example.com"),
    )
    assert len(deployment.records_of(ada)) == 1


def test_each_recipient_hears_of_their_own_share_only(deployment, share_with, ada, bob):
    carol = Person(deployment, "carol")
    for person in (bob, carol):
        subscribe(deployment, person.email)
    share_with(ada, bob)
    [mail] = deployment.aws.eventually(lambda: notices(deployment, bob.email))
    assert mail["subject"] == f"{ada.email} has shared a file with you"
    assert "Here it is." in mail["body"]
    assert "Q3 board report" not in mail["subject"] + mail["body"]
    assert notices(deployment, carol.email) == []


def subscribe(deployment, email):
    """As the confirmation of an account does; then the person follows the link in the mail."""
    deployment.sns.subscribe(
        TopicArn=deployment.topic,
        Protocol="email",
        Endpoint=email,
        Attributes={"FilterPolicy": json.dumps({"recipient": [email]})},
    )
    [mail] = deployment.aws.eventually(lambda: deployment.aws.inbox(email))
    link = re.search(r"http\S+", mail["body"])[0]
    urllib.request.urlopen(link, timeout=10).close()


def notices(deployment, email):
    return [mail for mail in deployment.aws.inbox(email) if "shared a file" in mail["subject"]]


def test_a_mail_that_cannot_be_sent_takes_no_share_back(deployment, file, share_with, ada, bob):
    nowhere = deployment.topic + "-gone"
    machine = deployment.machine(text("share_file"), topic_arn=nowhere)
    output, record = share_with(ada, bob, machine=machine)
    assert output["status"] == "granted"
    assert record["outcome"] == "allowed"
    assert set(stored(deployment, file)) == {bob.email}


def test_terms_that_hold_are_not_replaced_and_nobody_else_gets_a_share(
    *, deployment, file, share, share_with, ada, bob
):
    before = share(bob, used=1)
    output, record = share_with(ada, bob, "new@example.com")
    assert output == {"status": "refused", "problem": {"code": "already_shared"}}
    assert record["reason"] == "already_shared"
    assert stored(deployment, file) == {bob.email: before}


def test_an_ended_share_is_given_again(*, deployment, file, share, share_with, ada, bob):
    share(bob, used=3, expires_at=1_000_000_000)
    assert share_with(ada, bob)[0]["status"] == "granted"
    assert stored(deployment, file)[bob.email].used == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expires_at": 1_000_000_000}, "terms_not_allowed"),
        ({"download_limit": 10**6}, "terms_not_allowed"),
    ],
)
def test_terms_are_decided_once_more(share_with, ada, bob, change, code):
    """The API has refused them before; the workflow does not take its word."""
    assert share_with(ada, bob, **change)[0]["problem"] == {"code": code}


def test_an_owner_is_no_recipient(share_with, ada, bob):
    assert share_with(ada, bob, ada)[0]["problem"] == {"code": "recipient_is_owner"}


def test_a_recipient_shares_nothing_on(deployment, file, share, share_with, bob):
    share(bob)
    output, record = share_with(bob, "friend@example.com")
    assert output["problem"] == {"code": "not_found"}
    assert record["reason"] == "not_owner"
    assert set(stored(deployment, file)) == {bob.email}


def test_fifty_people_get_a_share_at_once(deployment, file, share_with, ada):
    people = [f"p{n}-{uuid.uuid4().hex[:6]}@example.com" for n in range(50)]
    assert share_with(ada, *people)[0]["status"] == "granted"
    assert set(stored(deployment, file)) == set(people)


def test_without_recipients_it_is_no_request(deployment, ada, file, terms):
    given = an_attempt(ada, file.id, recipients=[], terms=terms)
    assert deployment.run("share_file", given) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"


def test_an_expiry_in_words_is_no_request(deployment, ada, file, terms):
    given = an_attempt(
        ada, file.id, recipients=["b@example.com"], terms=terms | {"expires_at": "x"}
    )
    assert deployment.run("share_file", given) == ("FAILED", None)
    assert deployment.record(given)["outcome"] == "failed"

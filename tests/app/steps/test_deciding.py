"""What every deciding step has in common: rounds, one read, one record, who asks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.domain.people import UserState
from app.steps.complete_upload import decide_completion
from app.steps.deciding import MOST_ROUNDS
from app.steps.download_file import decide_access
from app.steps.share_file import decide_sharing
from app.steps.start_upload import decide_upload
from tests.app.samples import (
    A_DAY,
    ADA,
    BOB,
    EVE,
    NOW,
    REQUEST_ID,
    a_file,
    a_share,
    an_upload,
)
from tests.app.steps.conftest import actions, an_attempt, record_in

TERMS = {"expires_at": NOW + A_DAY, "download_limit": 2, "message": ""}
UPLOAD = {"name": "a.txt", "size": 1, "sha256": "ab" * 32, "media_type": "text/plain"}
FOUND = {"found": {"Item": {"id": {"S": an_upload().id}}}}
HEAD = {
    "object": {
        "VersionId": "version-9",
        "ContentLength": 12345,
        "ChecksumSHA256": "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
    }
}

# step -> (the person allowed, the file there, what else the attempt holds, store reads at most)
STEPS = {
    decide_upload: (ADA, None, {"upload": UPLOAD}, 1),
    decide_completion: (ADA, an_upload(), FOUND | HEAD, 1),
    decide_sharing: (ADA, a_file(), {"recipients": [BOB.email], "terms": TERMS}, 1),
    decide_access: (BOB, a_file(), {}, 1),
}


@pytest.fixture(params=STEPS, ids=lambda step: step.__name__)
def step(request):
    return request.param


@pytest.fixture
def decide(step, store):
    """Run the step for an attempt that would be allowed, but for what is named."""
    person, file, more, _ = STEPS[step]
    if file:
        store.add(file)
    if step is decide_access:
        store.add(a_share())

    def run(who=person, **changes):
        return step(an_attempt(who, **{**more, **changes}), None)

    run.person = person
    return run


def test_what_is_allowed_is_one_transaction_that_ends_with_its_record(decide):
    decision = decide()
    assert decision["outcome"] == "allowed"
    assert decision["round"] == 1
    assert actions(decision)[0] == ("ConditionCheck", "permissions", "STATE")
    assert actions(decision)[-1] == ("Put", "audit", REQUEST_ID)
    assert decision["transaction"][-1]["Put"]["ConditionExpression"] == "attribute_not_exists(id)"
    assert record_in(decision)["outcome"] == "allowed"


def test_a_transaction_writes_each_item_once(decide):
    keys = [str(next(iter(one.values())).get("Key")) for one in decide()["transaction"]]
    keys = [key for key in keys if key != "None"]
    assert len(set(keys)) == len(keys)


def test_the_record_says_who_what_when_from_where_and_on_what(decide):
    record = record_in(decide())
    assert record["id"] == REQUEST_ID
    assert record["actor"] == decide.person.sub
    assert record["actor_email"] == decide.person.email
    assert record["source_ip"] == "192.0.2.7"
    assert record["user_agent"] == "curl/8"
    assert record["time"] == "2030-01-31T12:00:00.000Z"
    assert record["day"] == "2030-01-31"
    assert record["purge_at"] == NOW + 400 * A_DAY
    assert record["file_id"]
    assert record["key"].startswith(f"users/{ADA.sub}/")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"enabled": False}, "account_disabled"),
        ({"email_verified": False}, "email_not_verified"),
    ],
)
def test_a_person_without_standing_is_refused_with_the_reason(decide, change, reason):
    decision = decide(replace(decide.person, **change))
    assert decision["outcome"] == "refused"
    assert decision["told"] == reason
    assert record_in(decision)["reason"] == reason


def test_somebody_deleted_from_the_pool_is_refused_like_a_disabled_one(decide):
    gone = {"enabled": False, "attributes": []}
    assert decide(user=gone)["told"] == "account_disabled"
    attempt_without_user = decide(user=gone)
    assert record_in(attempt_without_user)["actor"] == decide.person.sub


def test_a_revoked_session_is_refused(decide, store):
    store.restrict(decide.person.sub, UserState(not_before=NOW))
    assert decide()["told"] == "session_revoked"


def test_identity_is_the_tokens_and_never_the_pools_attributes(decide):
    forged = {
        "enabled": True,
        "attributes": [
            {"Name": "sub", "Value": "victim-sub"},
            {"Name": "email", "Value": decide.person.email},
            {"Name": "email_verified", "Value": "true"},
        ],
    }
    assert record_in(decide(user=forged))["actor"] == decide.person.sub


def test_the_address_is_compared_normalised(decide):
    shouting = replace(decide.person, email=decide.person.email.upper())
    assert decide(shouting)["outcome"] == "allowed"


def test_no_step_reads_the_store_more_than_once(decide, step, store):
    store.reads = 0
    decide()
    assert store.reads <= STEPS[step][3] <= 1


def test_the_first_round_does_not_wait(decide, services):
    decide()
    assert services.clock.pauses == []


@pytest.mark.parametrize("earlier", range(1, MOST_ROUNDS))
def test_a_lost_round_is_decided_again_after_a_pause(decide, services, earlier):
    decision = decide(decision={"round": earlier})
    assert (decision["outcome"], decision["round"]) == ("allowed", earlier + 1)
    assert services.clock.pauses == [earlier]


def test_after_five_lost_rounds_it_gives_up(decide):
    assert MOST_ROUNDS == 5
    decision = decide(decision={"round": 5})
    assert (decision["outcome"], decision["told"]) == ("refused", "contended")
    assert record_in(decision)["reason"] == "contended"


def test_a_true_reason_goes_before_giving_up(decide):
    decision = decide(replace(decide.person, enabled=False), decision={"round": 5})
    assert decision["told"] == "account_disabled"


def test_each_round_has_a_token_of_its_own_and_a_repeat_the_same(decide):
    tokens = [decide(decision={"round": number})["token"] for number in range(5)]
    assert len(set(tokens)) == 5
    assert decide(decision={"round": 3})["token"] == tokens[3]
    assert all(1 <= len(token) <= 36 for token in tokens)


def test_a_decision_fits_through_a_state_machine(decide):
    """Everything a step returns travels as JSON, and little of the 256 KiB there are."""
    assert len(json.dumps(decide())) < 8 * 1024


def test_a_stranger_is_told_the_same_for_any_file(store):
    missing = decide_access(an_attempt(EVE), None)
    store.add(a_file(), a_share())
    present = decide_access(an_attempt(EVE), None)
    assert missing["told"] == present["told"] == "not_found"
    assert record_in(missing)["reason"] == "no_such_file"
    assert record_in(present)["reason"] == "not_shared_with_you"

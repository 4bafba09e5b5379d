"""Deciding an act of sharing: rows, record and notices of all recipients, or of none."""

from __future__ import annotations

import pytest

from app.adapters.items import decode
from app.domain.files import FileState
from app.steps.share_file import decide_sharing
from tests.app.samples import A_DAY, ADA, BOB, EVE, FILE_ID, NOW, a_file, a_share
from tests.app.steps.conftest import actions, an_attempt, condition, record_in

BOTH = [BOB.email, "o'brien@example.com"]
TERMS = {"expires_at": NOW + A_DAY, "download_limit": 2, "message": "Here it is."}


def share(person=ADA, recipients=BOTH, terms=TERMS, **more):
    return decide_sharing(an_attempt(person, recipients=recipients, terms=terms, **more), None)


@pytest.fixture
def shared(store):
    store.add(a_file())
    return share()


def test_each_recipient_gets_a_row_in_one_transaction(shared):
    assert actions(shared)[:-1] == [
        ("ConditionCheck", "permissions", "STATE"),
        ("ConditionCheck", "permissions", "FILE"),
        ("Put", "permissions", "SHARE#bob@example.com"),
        ("Put", "permissions", "SHARE#o'brien@example.com"),
    ]


def test_a_row_pins_the_bytes_and_starts_unused_and_unbound(shared):
    row = decode(shared["transaction"][2]["Put"]["Item"])
    assert (row["version"], row["sha256"]) == ("version-1", "ab" * 32)
    assert row["used"] == 0
    assert (row["expires_at"], row["download_limit"]) == (NOW + A_DAY, 2)
    assert not {"bound_to", "revoked_at", "owner"} & set(row)


@pytest.mark.parametrize(
    "clause",
    ["attribute_not_exists(pk)", "expires_at <= :now", "attribute_exists(revoked_at)"],
)
def test_a_row_replaces_another_only_under(shared, clause):
    for number in (2, 3):
        assert clause in condition(shared, number)


@pytest.mark.parametrize("clause", ["#owner = :owner", "#state = :state"])
def test_the_file_must_still_be(shared, clause):
    assert clause in condition(shared, 1)


def test_the_record_names_recipients_terms_and_bytes(shared):
    record = record_in(shared)
    assert record["action"] == "file:share"
    assert record["recipients"] == tuple(BOTH)
    assert record["terms"] == "until 2030-02-01T12:00:00.000Z; downloads each: 2"
    assert record["version"] == "version-1"


def test_no_limit_is_recorded_in_words(store):
    store.add(a_file())
    decision = share(terms=TERMS | {"download_limit": None})
    assert record_in(decision)["terms"].endswith("downloads each: any number")
    assert "download_limit" not in decode(decision["transaction"][2]["Put"]["Item"])


def test_each_recipient_is_told_once_and_by_address(shared):
    assert [one["recipient"] for one in shared["notices"]] == BOTH
    for notice in shared["notices"]:
        assert notice["event"] == "share:created"
        assert f"/shares/{FILE_ID}" in notice["body"]
        assert a_file().name not in notice["body"] + notice["subject"]


def test_the_answer_shows_the_new_shares(shared):
    shares = shared["body"]["shares"]
    assert [one["recipient"] for one in shares] == BOTH
    assert {one["state"] for one in shares} == {"active"}
    assert len({one["id"] for one in shares}) == 2


@pytest.mark.parametrize(
    ("file", "existing", "person", "change", "told", "reason"),
    [
        (None, None, ADA, {}, "not_found", "no_such_file"),
        (a_file(), None, EVE, {}, "not_found", "not_owner"),
        (a_file(), a_share(), BOB, {}, "not_found", "not_owner"),
        (a_file(state=FileState.UPLOADING), None, ADA, {}, "file_not_ready", "file_not_ready"),
        (a_file(), a_share(), ADA, {}, "already_shared", "already_shared"),
        (
            a_file(),
            None,
            ADA,
            {"recipients": [ADA.email]},
            "recipient_is_owner",
            "recipient_is_owner",
        ),
        (
            a_file(),
            None,
            ADA,
            {"terms": TERMS | {"expires_at": NOW}},
            "terms_not_allowed",
            "terms_not_allowed",
        ),
    ],
)
def test_a_refusal_plans_nothing_and_tells_nobody(
    *, store, file, existing, person, change, told, reason
):
    store.add(*(one for one in (file, existing) if one))
    decision = share(person, **change)
    assert (decision["outcome"], decision["told"]) == ("refused", told)
    assert record_in(decision)["reason"] == reason
    assert "notices" not in decision
    assert record_in(decision)["recipients"] == tuple(change.get("recipients", BOTH))


def test_an_ended_share_is_replaced(store):
    store.add(a_file(), a_share(expires_at=NOW, used=3, bound_to=BOB.sub))
    decision = share(recipients=[BOB.email])
    row = decode(decision["transaction"][2]["Put"]["Item"])
    assert row["used"] == 0
    assert "bound_to" not in row


def test_fifty_recipients_fit_into_one_transaction(store):
    store.add(a_file())
    decision = share(recipients=[f"p{n}@example.com" for n in range(50)])
    assert len(decision["transaction"]) == 53  # of the 100 there may be
    assert store.reads == 1

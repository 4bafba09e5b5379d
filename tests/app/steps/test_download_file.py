"""Deciding a download, and signing what was granted."""

from __future__ import annotations

import urllib.parse

import pytest

from app.domain.files import FileState
from app.steps.download_file import decide_access, sign_link
from tests.app.samples import (
    ADA,
    BOB,
    EVE,
    FILE_ID,
    NOW,
    REQUEST_ID,
    SHARE_ID,
    a_file,
    a_share,
)
from tests.app.steps.conftest import actions, an_attempt, condition, record_in


@pytest.fixture
def granted(store):
    store.add(a_file(version="version-2", name="renamed.pdf"), a_share(used=1))
    return decide_access(an_attempt(BOB), None)


def test_a_grant_is_exactly_these_bytes_and_what_is_left(granted):
    assert granted["grant"] == {
        "id": REQUEST_ID,
        "key": f"users/{ADA.sub}/{FILE_ID}",
        "version": "version-1",
        "file": {
            "id": FILE_ID,
            "name": "Q3 board report.pdf",
            "media_type": "application/pdf",
            "size": 12345,
            "sha256": "ab" * 32,
        },
        "remaining_downloads": 1,
    }


def test_a_grant_counts_under_every_condition_that_was_decided_on(granted):
    assert actions(granted) == [
        ("ConditionCheck", "permissions", "STATE"),
        ("ConditionCheck", "permissions", "FILE"),
        ("Update", "permissions", "SHARE#bob@example.com"),
        ("Put", "audit", REQUEST_ID),
    ]
    update = granted["transaction"][2]["Update"]
    assert update["UpdateExpression"] == "SET used = used + :one, bound_to = :sub"
    values = {
        name: next(iter(one.values())) for name, one in update["ExpressionAttributeValues"].items()
    }
    assert values == {":one": "1", ":now": str(NOW), ":sub": BOB.sub}


@pytest.mark.parametrize(
    "clause",
    [
        "attribute_exists(pk)",
        "attribute_not_exists(revoked_at)",
        "expires_at > :now",
        "used < download_limit",
        "bound_to = :sub",
    ],
)
def test_the_count_rests_on(granted, clause):
    assert clause in condition(granted, 2)


def test_the_record_names_the_grant_the_share_and_the_bytes(granted):
    record = record_in(granted)
    assert record["action"] == "file:download"
    assert record["grant_id"] == REQUEST_ID
    assert record["share_id"] == SHARE_ID
    assert record["version"] == "version-1"
    assert record["bucket"] == "waybill-files"
    assert "reason" not in record


def test_an_owners_own_download_is_recorded_but_not_counted(store):
    store.add(a_file(), a_share(recipient=ADA.email))
    decision = decide_access(an_attempt(ADA), None)
    assert [kind for kind, _, _ in actions(decision)] == ["ConditionCheck", "ConditionCheck", "Put"]
    assert decision["grant"]["remaining_downloads"] is None
    assert "share_id" not in record_in(decision)


@pytest.mark.parametrize(
    ("file", "share", "person", "told", "reason"),
    [
        (None, None, BOB, "not_found", "no_such_file"),
        (a_file(), None, EVE, "not_found", "not_shared_with_you"),
        (a_file(), a_share(bound_to="x"), BOB, "not_found", "not_shared_with_you"),
        (a_file(), a_share(expires_at=NOW), BOB, "expired", "expired"),
        (a_file(), a_share(used=3), BOB, "limit_reached", "limit_reached"),
        (a_file(), a_share(revoked_at="x"), BOB, "share_revoked", "share_revoked"),
        (a_file(state=FileState.DELETED), a_share(), BOB, "file_deleted", "file_deleted"),
        (a_file(state=FileState.UPLOADING), a_share(), BOB, "file_not_ready", "file_not_ready"),
    ],
)
def test_a_refusal_tells_one_thing_and_records_the_true_one(
    *, store, file, share, person, told, reason
):
    store.add(*(one for one in (file, share) if one))
    decision = decide_access(an_attempt(person), None)
    assert (decision["outcome"], decision["told"]) == ("refused", told)
    record = record_in(decision)
    assert (record["outcome"], record["reason"]) == ("refused", reason)
    assert "grant" not in decision
    assert "grant_id" not in record


def test_a_link_is_short_pinned_and_names_the_grant(granted, services):
    ticket = sign_link(an_attempt(BOB, decision=granted), None)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(ticket["url"]).query))
    assert query["X-Amz-Expires"] == str(services.settings.link_lifetime_seconds) == "120"
    assert query["versionId"] == "version-1"
    assert query["x-wb-grant"] == REQUEST_ID
    assert ticket["expires_at"] == "2030-01-31T12:02:00.000Z"
    assert set(ticket) == {"id", "url", "expires_at", "file", "remaining_downloads"}


def test_signing_reads_nothing_and_asks_nobody(granted, store):
    store.reads = 0
    sign_link(an_attempt(BOB, decision=granted), None)
    assert store.reads == 0

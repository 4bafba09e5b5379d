"""The audit vocabulary: archives are read for years, so nothing in it may change unnoticed."""

from __future__ import annotations

import re
from dataclasses import fields

from app.domain.events import Action, AuditRecord, Outcome

ACTIONS = {
    "file:upload_start",
    "file:upload_complete",
    "file:list",
    "file:read",
    "file:share",
    "share:list",
    "received:list",
    "file:download",
}
FIELDS = [
    "id",
    "time",
    "actor",
    "action",
    "outcome",
    "source_ip",
    "user_agent",
    "reason",
    "actor_email",
    "file_id",
    "share_id",
    "bucket",
    "key",
    "version",
    "grant_id",
    "recipients",
    "terms",
]


def test_every_action_ever_recorded_is_still_known():
    assert {action.value for action in Action} == ACTIONS


def test_an_action_is_a_subject_and_a_verb():
    assert all(re.fullmatch(r"[a-z]+:[a-z_]+", action) for action in Action)


def test_an_attempt_ends_in_one_of_three_ways():
    assert [outcome.value for outcome in Outcome] == ["allowed", "refused", "failed"]


def test_fields_are_only_ever_added():
    assert [field.name for field in fields(AuditRecord)][: len(FIELDS)] == FIELDS


def test_concluding_changes_outcome_and_reason_alone():
    record = AuditRecord(
        id="r",
        time="2030-01-31T12:00:00.000Z",
        actor="ada-sub",
        action=Action.DOWNLOAD,
        outcome=Outcome.ALLOWED,
        source_ip="192.0.2.1",
        user_agent="curl/8",
        file_id="f",
    )
    concluded = record.concluded(Outcome.REFUSED, "expired")
    changed = {
        field.name
        for field in fields(AuditRecord)
        if getattr(record, field.name) != getattr(concluded, field.name)
    }
    assert changed == {"outcome", "reason"}

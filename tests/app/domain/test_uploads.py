"""May an upload start, and is what came what was announced?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decisions import Allowed, Refused
from app.domain.files import FileState, object_key
from app.domain.people import UserState
from app.domain.reasons import Reason
from app.domain.uploads import StoredObject, decide_completion, decide_start
from tests.app import strategies
from tests.app.samples import ADA, EVE, FILE_ID, a_file, an_upload

AS_ANNOUNCED = StoredObject(size=12345, sha256="ab" * 32, version="version-9")


def test_somebody_in_good_standing_may_upload():
    assert decide_start(ADA, UserState(), an_upload()) == Allowed(an_upload())


@given(strategies.people, strategies.states)
def test_starting_needs_standing_and_nothing_else(person, state):
    allowed = bool(decide_start(person, state, an_upload()))
    in_time = person.token_issued_at >= state.not_before
    assert allowed == (person.enabled and state.enabled and in_time and person.email_verified)


def test_the_announced_bytes_make_the_file_ready_in_their_version():
    decision = decide_completion(ADA, UserState(), an_upload(), AS_ANNOUNCED)
    assert decision == Allowed(replace(an_upload(), state=FileState.READY, version="version-9"))


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        (None, Reason.UPLOAD_MISSING),
        (replace(AS_ANNOUNCED, size=12344), Reason.UPLOAD_DIFFERS),
        (replace(AS_ANNOUNCED, sha256="cd" * 32), Reason.UPLOAD_DIFFERS),
        (replace(AS_ANNOUNCED, sha256=None), Reason.UPLOAD_DIFFERS),
    ],
)
def test_other_bytes_are_refused(stored, reason):
    assert decide_completion(ADA, UserState(), an_upload(), stored) == Refused(reason)


def test_an_empty_file_is_a_file():
    empty = an_upload(size=0)
    assert decide_completion(ADA, UserState(), empty, replace(AS_ANNOUNCED, size=0))


@pytest.mark.parametrize(
    ("person", "file", "reason"),
    [
        (ADA, None, Reason.NO_SUCH_FILE),
        (EVE, an_upload(), Reason.NOT_OWNER),
        (EVE, a_file(state=FileState.DELETED), Reason.NOT_OWNER),
        (ADA, a_file(), Reason.ALREADY_COMPLETE),
        (ADA, a_file(state=FileState.DELETED), Reason.FILE_DELETED),
        (replace(ADA, enabled=False), None, Reason.ACCOUNT_DISABLED),
        (replace(ADA, email_verified=False), an_upload(), Reason.EMAIL_NOT_VERIFIED),
    ],
)
def test_only_the_owners_unfinished_upload_is_completed(person, file, reason):
    assert decide_completion(person, UserState(), file, AS_ANNOUNCED) == Refused(reason)


@given(strategies.people, strategies.states, st.none() | strategies.files)
def test_a_completed_file_never_changes_its_version_again(person, state, file):
    decision = decide_completion(person, state, file, AS_ANNOUNCED)
    if isinstance(decision, Allowed):
        assert file.state is FileState.UPLOADING


def test_the_key_of_an_object_is_made_of_ids_alone():
    assert object_key(ADA.sub, FILE_ID) == f"users/{ADA.sub}/{FILE_ID}"

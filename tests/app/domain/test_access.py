"""May this person have this file now? As sentences, and as laws over all facts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.domain.access import Access, DownloadFacts, decide
from app.domain.decisions import Allowed, Refused
from app.domain.files import FileState
from app.domain.people import UserState
from app.domain.reasons import NOT_FOUND, Reason, told
from tests.app import strategies
from tests.app.samples import ADA, BOB, EVE, NOW, a_file, a_share

WELCOME = UserState()
many_examples = settings(max_examples=400)


def reason_of(person, file, share, state=WELCOME, now=NOW):
    decision = decide(person, DownloadFacts(state, file, share), now)
    return decision.reason if isinstance(decision, Refused) else None


def test_a_recipient_gets_the_version_that_was_shared():
    share = a_share(version="version-1")
    decision = decide(BOB, DownloadFacts(WELCOME, a_file(version="version-2"), share), NOW)
    assert decision == Allowed(Access(a_file(version="version-2"), "version-1", share))


def test_an_owner_gets_the_file_as_it_is_and_uses_up_no_share():
    decision = decide(ADA, DownloadFacts(WELCOME, a_file(), None), NOW)
    assert decision == Allowed(Access(a_file(), "version-1", None))


def test_an_owner_who_also_is_a_recipient_uses_up_no_share():
    share = a_share(recipient=ADA.email, used=3)
    decision = decide(ADA, DownloadFacts(WELCOME, a_file(), share), NOW)
    assert decision == Allowed(Access(a_file(), "version-1", None))


def test_a_share_is_over_at_the_very_second_of_its_expiry():
    assert reason_of(BOB, a_file(), a_share(expires_at=NOW + 1)) is None
    assert reason_of(BOB, a_file(), a_share(expires_at=NOW)) is Reason.EXPIRED


def test_the_limit_is_the_number_of_grants_and_not_one_more():
    assert reason_of(BOB, a_file(), a_share(limit=2, used=1)) is None
    assert reason_of(BOB, a_file(), a_share(limit=2, used=2)) is Reason.LIMIT_REACHED
    assert reason_of(BOB, a_file(), a_share(limit=2, used=3)) is Reason.LIMIT_REACHED


def test_no_limit_means_any_number():
    assert reason_of(BOB, a_file(), a_share(limit=None, used=10**6)) is None


def test_a_share_belongs_to_the_first_who_used_it():
    assert reason_of(BOB, a_file(), a_share(bound_to=BOB.sub)) is None
    assert reason_of(BOB, a_file(), a_share(bound_to=EVE.sub)) is Reason.NOT_SHARED_WITH_YOU


# What is refused first, when several things are wrong at once.
PRECEDENCE = {
    "the account": (
        replace(BOB, enabled=False, email_verified=False),
        a_file(state=FileState.DELETED),
        a_share(expires_at=NOW),
        UserState(not_before=NOW),
        Reason.ACCOUNT_DISABLED,
    ),
    "then the session": (
        replace(BOB, email_verified=False),
        a_file(state=FileState.DELETED),
        a_share(expires_at=NOW),
        UserState(not_before=NOW),
        Reason.SESSION_REVOKED,
    ),
    "then the address": (
        replace(BOB, email_verified=False),
        None,
        None,
        WELCOME,
        Reason.EMAIL_NOT_VERIFIED,
    ),
    "then whether there is a file": (BOB, None, a_share(), WELCOME, Reason.NO_SUCH_FILE),
    "then whether it is any of your business": (
        EVE,
        a_file(state=FileState.DELETED),
        None,
        WELCOME,
        Reason.NOT_SHARED_WITH_YOU,
    ),
    "then the file": (
        BOB,
        a_file(state=FileState.DELETED),
        a_share(expires_at=NOW, revoked_at="earlier"),
        WELCOME,
        Reason.FILE_DELETED,
    ),
    "a file that is not complete": (
        BOB,
        a_file(state=FileState.UPLOADING),
        a_share(),
        WELCOME,
        Reason.FILE_NOT_READY,
    ),
    "then revocation": (
        BOB,
        a_file(),
        a_share(expires_at=NOW, used=3, revoked_at="earlier"),
        WELCOME,
        Reason.SHARE_REVOKED,
    ),
    "then expiry": (BOB, a_file(), a_share(expires_at=NOW, used=3), WELCOME, Reason.EXPIRED),
    "then the limit": (BOB, a_file(), a_share(used=3), WELCOME, Reason.LIMIT_REACHED),
    "an owner's deleted file": (
        ADA,
        a_file(state=FileState.DELETED),
        None,
        WELCOME,
        Reason.FILE_DELETED,
    ),
    "an owner's unfinished file": (
        ADA,
        a_file(state=FileState.UPLOADING, version=None),
        None,
        WELCOME,
        Reason.FILE_NOT_READY,
    ),
}


@pytest.mark.parametrize("case", PRECEDENCE)
def test_the_first_thing_wrong_is_the_reason(case):
    person, file, share, state, reason = PRECEDENCE[case]
    assert reason_of(person, file, share, state) is reason


@many_examples
@given(strategies.people, strategies.download_facts, strategies.instants)
def test_nobody_without_standing_ever_gets_anything(person, facts, now):
    decision = decide(person, facts, now)
    welcome = person.enabled and facts.state.enabled and person.email_verified
    if not welcome or person.token_issued_at < facts.state.not_before:
        assert isinstance(decision, Refused)


@many_examples
@given(strategies.people, strategies.download_facts, strategies.instants)
def test_every_grant_is_the_owners_or_rests_on_a_share_that_holds(person, facts, now):
    decision = decide(person, facts, now)
    if isinstance(decision, Refused):
        return
    access = decision.granted
    assert access.file == facts.file
    assert access.file.state is FileState.READY
    if access.share is None:
        assert access.file.owner == person.sub
        assert access.version == access.file.version
        return
    share = access.share
    assert share == facts.share
    assert access.version == share.version
    assert share.revoked_at is None
    assert share.terms.expires_at > now
    assert share.terms.download_limit is None or share.used < share.terms.download_limit
    assert share.bound_to in (None, person.sub)


@many_examples
@given(strategies.people, strategies.download_facts, strategies.instants)
def test_a_stranger_is_told_the_same_whatever_the_file_is(person, facts, now):
    """No file, somebody's file in any state, a share bound to another: one answer."""
    has_a_share = facts.share is not None and facts.share.bound_to in (None, person.sub)
    if facts.file is not None and (facts.file.owner == person.sub or has_a_share):
        return
    without = decide(person, replace(facts, file=None, share=None), now)
    assert told(decide(person, facts, now).reason) == told(without.reason)


@given(strategies.people, strategies.download_facts, strategies.instants)
def test_time_alone_never_opens_a_file(person, facts, now):
    if decide(person, facts, now):
        return
    assert not decide(person, facts, now + 1)


@given(strategies.people, strategies.download_facts, strategies.instants)
def test_using_up_and_revoking_never_open_a_file(person, facts, now):
    if facts.share is None or decide(person, facts, now):
        return
    used = replace(facts, share=replace(facts.share, used=facts.share.used + 1))
    revoked = replace(facts, share=replace(facts.share, revoked_at="now"))
    assert not decide(person, used, now)
    assert not decide(person, revoked, now)


def test_a_stranger_is_told_not_found():
    assert told(reason_of(EVE, a_file(), None)) == told(reason_of(EVE, None, None)) == NOT_FOUND

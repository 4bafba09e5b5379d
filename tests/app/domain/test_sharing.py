"""May this person share this file with these recipients, under these terms?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from app.domain.decisions import Allowed, Refused
from app.domain.files import FileState
from app.domain.people import UserState
from app.domain.reasons import NOT_FOUND, Reason, told
from app.domain.shares import Terms, active, pinned
from app.domain.sharing import Proposal, SharingFacts, TermLimits, decide, term_faults
from tests.app import strategies
from tests.app.samples import A_DAY, ADA, BOB, EVE, MOMENT, NOW, a_file, a_share

LIMITS = TermLimits(longest_share_days=365, largest_download_limit=10, default_share_days=14)
TERMS = Terms(expires_at=NOW + A_DAY, download_limit=2)
WITH_BOB = Proposal((BOB.email,), TERMS)


def reason_of(person=ADA, file=None, existing=(), proposal=WITH_BOB, state=UserState()):  # noqa: B008
    facts = SharingFacts(state, file or a_file(), tuple(existing))
    decision = decide(person, facts, proposal, LIMITS, NOW)
    return decision.reason if isinstance(decision, Refused) else None


def test_an_owner_shares_a_ready_file():
    facts = SharingFacts(UserState(), a_file(), ())
    assert decide(ADA, facts, WITH_BOB, LIMITS, NOW) == Allowed(a_file())


def test_nobody_shares_what_was_shared_with_them():
    assert reason_of(BOB, existing=[a_share()]) is Reason.NOT_OWNER


def test_a_stranger_learns_nothing_of_the_file():
    no_file = decide(EVE, SharingFacts(UserState(), None, ()), WITH_BOB, LIMITS, NOW)
    assert told(no_file.reason) == told(reason_of(EVE)) == NOT_FOUND
    assert reason_of(EVE, a_file(state=FileState.DELETED)) is Reason.NOT_OWNER


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (FileState.UPLOADING, Reason.FILE_NOT_READY),
        (FileState.DELETED, Reason.FILE_DELETED),
    ],
)
def test_only_a_ready_file_is_shared(state, reason):
    assert reason_of(file=a_file(state=state)) is reason


def test_an_owner_is_no_recipient():
    proposal = Proposal((BOB.email, ADA.email), TERMS)
    assert reason_of(proposal=proposal) is Reason.RECIPIENT_IS_OWNER


@pytest.mark.parametrize(
    "holds",
    [a_share(), a_share(limit=1, used=1), a_share(limit=None), a_share(bound_to=BOB.sub)],
    ids=["unused", "used up", "without a limit", "bound"],
)
def test_terms_that_still_hold_are_never_silently_replaced(holds):
    assert reason_of(existing=[holds]) is Reason.ALREADY_SHARED


@pytest.mark.parametrize(
    "over", [a_share(expires_at=NOW), a_share(revoked_at="2030-01-31T11:00:00.000Z")]
)
def test_a_share_that_is_over_may_be_given_again(over):
    assert reason_of(existing=[over]) is None


def test_one_recipient_who_has_the_file_already_stops_all():
    proposal = Proposal((EVE.email, BOB.email), TERMS)
    existing = [a_share(recipient=EVE.email, expires_at=NOW), a_share()]
    assert reason_of(proposal=proposal, existing=existing) is Reason.ALREADY_SHARED


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        (Terms(NOW, 2), ["expires_at"]),
        (Terms(NOW + 1, 10), []),
        (Terms(NOW + 365 * A_DAY, 2), []),
        (Terms(NOW + 365 * A_DAY + 1, 2), ["expires_at"]),
        (Terms(NOW + 1, 11), ["download_limit"]),
        (Terms(NOW - 1, 11), ["expires_at", "download_limit"]),
        (Terms(NOW + 1, None), []),
    ],
)
def test_every_term_that_may_not_be_given_is_named(terms, fields):
    assert [fault.field for fault in term_faults(terms, LIMITS, NOW)] == fields
    expected = Reason.TERMS_NOT_ALLOWED if fields else None
    assert reason_of(proposal=replace(WITH_BOB, terms=terms)) is expected


def test_a_share_pins_the_bytes_of_its_moment():
    file = a_file()
    share = pinned(file, BOB.email, TERMS, "share-1", MOMENT.isoformat())
    assert (share.version, share.sha256, share.file_size) == (file.version, file.sha256, file.size)
    assert (share.used, share.bound_to, share.revoked_at) == (0, None, None)


def test_a_file_without_a_version_cannot_be_pinned():
    with pytest.raises(ValueError, match="complete"):
        pinned(a_file(version=None), BOB.email, TERMS, "share-1", "now")


def test_what_is_left_of_a_limit_is_never_negative():
    assert a_share(limit=3, used=1).remaining() == 2
    assert a_share(limit=3, used=5).remaining() == 0
    assert a_share(limit=None, used=5).remaining() is None


@settings(max_examples=400)
@given(strategies.people, strategies.sharing_facts, strategies.proposals)
def test_whatever_is_shared_is_ready_the_sharers_own_and_under_allowed_terms(
    person, facts, proposal
):
    decision = decide(person, facts, proposal, LIMITS, NOW)
    if isinstance(decision, Refused):
        return
    file = decision.granted
    assert file == facts.file
    assert (file.owner, file.state) == (person.sub, FileState.READY)
    assert person.enabled
    assert person.email_verified
    assert facts.state.enabled
    assert person.token_issued_at >= facts.state.not_before
    assert person.email not in proposal.recipients
    assert not any(active(share, NOW) for share in facts.existing)
    assert term_faults(proposal.terms, LIMITS, NOW) == []

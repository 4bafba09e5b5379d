"""Who may do anything at all."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import UserState, standing
from app.domain.reasons import Reason
from tests.app import strategies
from tests.app.samples import ADA, NOW


def test_a_person_never_restricted_is_welcome():
    assert standing(ADA, UserState()) is None


def test_disabled_in_the_pool_or_by_waybill_is_disabled():
    assert standing(replace(ADA, enabled=False), UserState()) is Reason.ACCOUNT_DISABLED
    assert standing(ADA, UserState(enabled=False)) is Reason.ACCOUNT_DISABLED


def test_a_token_of_the_second_of_the_revocation_is_still_good_and_an_older_one_is_not():
    issued = replace(ADA, token_issued_at=NOW)
    assert standing(issued, UserState(not_before=NOW)) is None
    assert standing(issued, UserState(not_before=NOW + 1)) is Reason.SESSION_REVOKED


def test_an_address_that_is_not_verified_counts_for_nothing():
    assert standing(replace(ADA, email_verified=False), UserState()) is Reason.EMAIL_NOT_VERIFIED


@given(strategies.people, strategies.states, st.integers(0, 5))
def test_a_later_revocation_never_lets_a_token_in_again(person, state, later):
    stricter = replace(state, not_before=state.not_before + later)
    if standing(person, state):
        assert standing(person, stricter)

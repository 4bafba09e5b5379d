"""Mailed codes and their end, against a clock of the test's own."""

from __future__ import annotations

import pytest
from moto.core.exceptions import JsonRESTError

from local.cognito.codes import LIFETIME_SECONDS, SENT_PER_HOUR, Codes


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def codes(clock):
    return Codes(clock)


def reason(call, *args):
    with pytest.raises(JsonRESTError) as refused:
        call(*args)
    return refused.value.error_type


@pytest.mark.parametrize("purpose", LIFETIME_SECONDS)
def test_a_code_works_until_its_last_second_and_once(codes, clock, purpose):
    digits = codes.make(purpose)
    clock.now += LIFETIME_SECONDS[purpose] - 1
    codes.use(purpose, digits)
    assert reason(codes.use, purpose, digits) == "ExpiredCodeException"


@pytest.mark.parametrize("purpose", LIFETIME_SECONDS)
def test_a_code_ends(codes, clock, purpose):
    digits = codes.make(purpose)
    clock.now += LIFETIME_SECONDS[purpose]
    assert reason(codes.use, purpose, digits) == "ExpiredCodeException"


def test_a_code_serves_its_own_purpose_only(codes):
    digits = codes.make("sign_up")
    assert reason(codes.use, "reset", digits) == "ExpiredCodeException"


def test_codes_are_not_sent_without_end(codes, clock):
    for _ in range(SENT_PER_HOUR):
        codes.make("reset")
    assert reason(codes.make, "reset") == "LimitExceededException"
    clock.now += 3600
    assert codes.make("reset")

"""The pause after failed sign-ins, against a clock of the test's own."""

from __future__ import annotations

import pytest

from local.cognito.throttle import Throttle


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def throttle(clock):
    return Throttle(clock)


def fail(throttle, clock, times):
    """Fail that often, each time as soon as the lock allows."""
    for _ in range(times):
        while throttle.locked("alice"):
            clock.now += 1
        throttle.fail("alice")


def lock_seconds(throttle, clock):
    start = clock.now
    while throttle.locked("alice"):
        clock.now += 1
    return clock.now - start


def test_four_failures_cost_nothing(throttle, clock):
    fail(throttle, clock, 4)
    assert not throttle.locked("alice")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(5, 1), (6, 2), (7, 4), (10, 32), (14, 512), (15, 900), (40, 900)]
)
def test_from_the_fifth_on_the_lock_doubles_up_to_fifteen_minutes(
    throttle, clock, failures, seconds
):
    fail(throttle, clock, failures)
    assert lock_seconds(throttle, clock) == seconds


def test_asking_during_a_lock_does_not_lengthen_it(throttle, clock):
    fail(throttle, clock, 6)
    assert all(throttle.locked("alice") for _ in range(100))
    assert lock_seconds(throttle, clock) == 2


def test_success_starts_over(throttle, clock):
    fail(throttle, clock, 8)
    throttle.succeed("alice")
    fail(throttle, clock, 4)
    assert not throttle.locked("alice")


def test_a_quarter_of_an_hour_of_peace_starts_over(throttle, clock):
    fail(throttle, clock, 8)
    clock.now += 8 + 15 * 60 + 1
    fail(throttle, clock, 1)
    assert not throttle.locked("alice")


def test_others_are_not_locked(throttle, clock):
    fail(throttle, clock, 20)
    assert not throttle.locked("bob")

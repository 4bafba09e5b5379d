"""Instants: one way to write them, which sorts as text in the order of time."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import day, epoch, from_epoch, iso

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
instants = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001


def test_an_instant_is_utc_with_milliseconds():
    paris = datetime(2030, 1, 31, 13, 0, 0, 123456, timezone(timedelta(hours=1)))
    assert iso(paris) == "2030-01-31T12:00:00.123Z"
    assert day(iso(paris)) == "2030-01-31"


@given(st.integers(0, 4_000_000_000))
def test_epoch_seconds_survive_being_written(seconds):
    assert epoch(from_epoch(seconds)) == seconds


@given(instants, instants)
def test_text_order_is_time_order(one, other):
    milliseconds = timedelta(milliseconds=1)
    if abs(one - other) >= milliseconds:
        assert (iso(one) < iso(other)) == (one < other)


@given(instants)
def test_the_day_is_the_day_in_utc(instant):
    assert day(iso(instant)) == instant.astimezone(UTC).date().isoformat()

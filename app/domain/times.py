"""Instants as Waybill writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(instant: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`: sorts as text in the order of time."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_epoch(seconds: int) -> str:
    return iso(datetime.fromtimestamp(seconds, UTC))


def day(iso_time: str) -> str:
    """The day an ISO instant lies in, `YYYY-MM-DD`."""
    return iso_time[:10]


def epoch(iso_time: str) -> int:
    """Epoch seconds of an instant as `iso` writes it."""
    return int(datetime.fromisoformat(iso_time).timestamp())

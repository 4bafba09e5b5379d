"""The pause Cognito makes after failed sign-ins, so that a password cannot be guessed.

https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FREE_ATTEMPTS = 5
LONGEST_LOCK_SECONDS = 15 * 60
FORGOTTEN_AFTER_SECONDS = 15 * 60


class Throttle:
    """Counts failures per key; from the fifth on each one locks, 1 s at first, then doubling."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[int, float]] = {}

    def locked(self, key: str) -> bool:
        """Whether attempts are refused now. Asking during a lock does not lengthen it."""
        with self._lock:
            count, last = self._current(key)
            return self._clock() < last + _lock_seconds(count)

    def fail(self, key: str) -> None:
        with self._lock:
            count, _ = self._current(key)
            self._failures[key] = (count + 1, self._clock())

    def succeed(self, key: str) -> None:
        with self._lock:
            self._failures.pop(key, None)

    def _current(self, key: str) -> tuple[int, float]:
        count, last = self._failures.get(key, (0, 0.0))
        idle = self._clock() - last - _lock_seconds(count)
        return (0, 0.0) if idle > FORGOTTEN_AFTER_SECONDS else (count, last)


def _lock_seconds(failures: int) -> int:
    if failures < FREE_ATTEMPTS:
        return 0
    return min(int(2 ** min(failures - FREE_ATTEMPTS, 30)), LONGEST_LOCK_SECONDS)

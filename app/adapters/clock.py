"""Time and chance: the only place that asks for either."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import UTC, datetime

FIRST_PAUSE_SECONDS = 0.02


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def new_id(self) -> str:
        return str(uuid.uuid4())

    def pause(self, attempt: int) -> None:
        """Full jitter: anywhere between nothing and twice the last ceiling, so that rivals for one
        share do not meet again in step.
        """
        ceiling_microseconds = int(FIRST_PAUSE_SECONDS * 1e6) * 2**attempt
        time.sleep(secrets.randbelow(ceiling_microseconds) / 1e6)

"""Child processes of a command: their output goes to a log, and its end is shown when one fails."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from typing import TYPE_CHECKING

from tools import paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TAIL_LINES = 25
STOP_SECONDS = 15


class ChildFailedError(RuntimeError):
    """A child process ended badly; the message has the end of its log and where the log is."""


class Child:
    """One process in a group of its own, so that Ctrl-C reaches us first and we stop it in order.

    `log` is overwritten. `stop` is safe to call at any time, also twice.
    """

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=paths.ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait(self, timeout_seconds: float | None = None) -> None:
        """Wait for a good end. Raises ChildFailedError, or subprocess.TimeoutExpired."""
        if self._process.wait(timeout_seconds):
            raise self.failure()

    def ended_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def failure(self) -> ChildFailedError:
        code = self._process.poll()
        return ChildFailedError(
            f"{self.name} ended with code {code}. The end of {self.log}:\n{tail(self.log)}"
        )

    def stop(self) -> None:
        """Ask the process to end, and end its whole group if it does not."""
        if self.running:
            self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    with log.open(encoding="utf-8", errors="replace") as file:
        return "".join(f"  | {line}" for line in deque(file, maxlen=lines)).rstrip()

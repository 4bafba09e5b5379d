"""The warm processes of one configuration of one function, and the queue for them."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from local.lambdas.process import FunctionSettings, Process

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PROCESSES = 8
# On AWS a caller beyond the concurrency limit is refused at once; here it may wait its turn.
QUEUE_SECONDS = 60


class TooManyRequests(Exception):  # noqa: N818 - AWS's name
    """No process came free in time (the API answers TooManyRequestsException)."""


class Retired(Exception):  # noqa: N818 - a state
    """Code or configuration changed: ask for the function's new pool."""


class _Waiter:
    def __init__(self) -> None:
        self.gate = threading.Lock()
        self.gate.acquire()
        self.process: Process | None = None
        self.may_start = False


class Pool:
    """At most MAX_PROCESSES processes; whoever waits is served in the order of arrival."""

    def __init__(self, settings: FunctionSettings) -> None:
        self.settings = settings
        self._idle: list[Process] = []
        self._count = 0
        self._waiting: deque[_Waiter] = deque()
        self._retired = False
        self._lock = threading.Lock()

    def take(self) -> Process:
        """Return a process that is warm, else a new one, else the next that comes free."""
        with self._lock:
            if self._retired:
                raise Retired
            if self._idle:
                # The last one used: the others may grow cold.
                return self._idle.pop()
            if self._count < MAX_PROCESSES:
                self._count += 1
                waiter = None
            else:
                waiter = _Waiter()
                self._waiting.append(waiter)
        return self._start() if waiter is None else self._wait(waiter)

    def give_back(self, process: Process, *, alive: bool) -> None:
        alive = alive and not process.stale
        with self._lock:
            waiter = self._waiting.popleft() if self._waiting and not self._retired else None
            keep = alive and not self._retired
            if not keep:
                self._count -= 1
            if waiter is not None:
                self._serve(waiter, process if keep else None)
            elif keep:
                self._idle.append(process)
        if not keep:
            process.kill()

    def retire(self) -> None:
        """Let go of every process; those at work end when they are given back."""
        with self._lock:
            self._retired = True
            idle, self._idle = self._idle, []
            waiting, self._waiting = self._waiting, deque()
        for waiter in waiting:
            waiter.gate.release()
        for process in idle:
            process.kill()

    def _serve(self, waiter: _Waiter, process: Process | None) -> None:
        waiter.process = process
        if process is None:
            self._count += 1
            waiter.may_start = True
        waiter.gate.release()

    def _wait(self, waiter: _Waiter) -> Process:
        served = waiter.gate.acquire(timeout=QUEUE_SECONDS)
        if not served:
            with self._lock:
                if waiter in self._waiting:
                    self._waiting.remove(waiter)
                    raise TooManyRequests
        if waiter.process is not None:
            return waiter.process
        if waiter.may_start:
            return self._start()
        raise Retired

    def _start(self) -> Process:
        try:
            process = Process(self.settings)
            process.prepare()
        except BaseException:
            with self._lock:
                self._count -= 1
            raise
        return process


def with_process(pool_of: Callable[[], Pool]) -> tuple[Pool, Process]:
    """Take a process of the function's current pool, however often it is replaced meanwhile."""
    deadline = time.monotonic() + QUEUE_SECONDS
    while time.monotonic() < deadline:
        pool = pool_of()
        try:
            return pool, pool.take()
        except Retired:
            continue
    raise TooManyRequests

"""Runs one Python call over and over in several processes: clients that share no interpreter."""

from __future__ import annotations

import multiprocessing
import time
from typing import TYPE_CHECKING, Any

from tools.bench.samples import Sample

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

    Prepare = Callable[..., Callable[[], Any]]

START_SECONDS = 60


def run(prepare: Prepare, arguments: tuple[Any, ...], clients: int, seconds: float) -> Sample:
    """`prepare(*arguments)` gives each process its call, which is made until the time is over."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(clients), context.Queue()
    workers = [
        context.Process(target=_work, args=(prepare, arguments, seconds, barrier, results))
        for _ in range(clients)
    ]
    for worker in workers:
        worker.start()
    latencies = [results.get(timeout=START_SECONDS + 2 * seconds) for _ in workers]
    for worker in workers:
        worker.join()
    return Sample(seconds, [value for each in latencies for value in each])


def _work(
    prepare: Prepare,
    arguments: tuple[Any, ...],
    seconds: float,
    barrier: Barrier,
    results: Queue[list[float]],
) -> None:
    call = prepare(*arguments)
    call()
    latencies = []
    barrier.wait(START_SECONDS)
    end = time.perf_counter() + seconds
    while (before := time.perf_counter()) < end:
        call()
        latencies.append(time.perf_counter() - before)
    results.put(latencies)

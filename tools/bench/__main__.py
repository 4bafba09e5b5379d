"""`make bench`: grants and requests per second beside yardsticks, imports and sizes.

Contenders take turns in short rounds on one embedded AWS, so that what else this machine does
falls on all of them alike. The figures are of this machine; the ratios carry over.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tools import facts, imports, paths, wheels
from tools.bench import bare_calls, chalice_local, load, processes, published_sample, table, world
from tools.bench.samples import Sample
from tools.package import build_zip
from tools.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from tools.bench.world import World
    from tools.facts import Facts

    Contender = Callable[[int, float], Sample]

# A new client finds no process waiting for it: processes start until nothing is gained any more.
WARM_UP_SECONDS = 2.0
WARM_UP_ROUNDS = 10
WORTH_ANOTHER_ROUND = 1.15
GRANT_CLIENTS = (1, 8)
REQUEST_CLIENTS = (1, 8, 16)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a round")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of each measurement")
    options = parser.parse_args()
    with ExitStack() as stack:
        running = stack.enter_context(_stack()) if not _served() else facts.read(_served())
        print(_grants(world.made(running), options.rounds, options.seconds), flush=True)
        print(_requests(running, options.rounds, options.seconds), flush=True)
    print(_imports())
    print(_sizes())
    return 0


def _served() -> Path | None:
    served = os.environ.get("WAYBILL_STACK")
    return Path(served) if served else None


def _stack() -> Stack:
    def report(line: str) -> None:
        print(f"  {line}", file=sys.stderr, flush=True)

    return Stack(paths.BUILD / "bench" / "stack", report=report)


def _take_turns(
    contenders: dict[str, Contender], counts: tuple[int, ...], rounds: int, seconds: float
) -> list[table.Row]:
    rows: list[table.Row] = []
    for clients in counts:
        sums = {what: Sample(0.0) for what in contenders}
        for contender in contenders.values():
            _warm_up(contender, clients)
        for _ in range(rounds):
            for what, contender in contenders.items():
                sums[what] += contender(clients, seconds)
        rows += [(what, clients, sums[what]) for what in contenders]
    return rows


def _warm_up(contender: Contender, clients: int) -> None:
    reached = 0.0
    for _ in range(WARM_UP_ROUNDS):
        rate = contender(clients, WARM_UP_SECONDS).per_second
        if rate < reached * WORTH_ANOTHER_ROUND:
            return
        reached = rate


def _grants(people: World, rounds: int, seconds: float) -> str:
    running, recipient = people.facts, people.recipient
    url = f"{running.api}/files/{people.file_id}/downloads"
    ours = load.prepared(url, "POST", recipient.headers)
    arguments = (running, bare_calls.rows(running), recipient.username)
    with published_sample.deployed(people) as sample:
        contenders: dict[str, Contender] = {
            "Waybill's API": lambda clients, time: load.run(url, ours, clients, time, status=201),
            "bare AWS calls": lambda clients, time: processes.run(
                bare_calls.prepare, arguments, clients, time
            ),
            "published sample": lambda clients, time: load.run(
                running.endpoint, sample, clients, time
            ),
        }
        rows = _take_turns(contenders, GRANT_CLIENTS, rounds, seconds)
    title = "Grants (goals: at least half as many as bare calls; more than the published sample)"
    return table.speed(title, rows, "bare AWS calls")


def _requests(running: Facts, rounds: int, seconds: float) -> str:
    headers = world.new_person(running).headers

    def contender(url: str) -> Contender:
        request = load.prepared(url, headers=headers)
        return lambda clients, time: load.run(url, request, clients, time)

    # Chalice's server has no authorizer for /me: it is given a lighter request, to be fair to it.
    with chalice_local.serving(running) as address:
        contenders = {
            "GET /v1/me, token verified": contender(f"{running.api}/me"),
            "chalice local, GET /health": contender(f"{address}/health"),
        }
        rows = _take_turns(contenders, REQUEST_CLIENTS, rounds, seconds)
    return table.speed("Requests (goal: 1000 a second)", rows, "chalice local, GET /health")


def _imports() -> str:
    """CPU of each handler's import: with .pyc files, the least of five, and without any."""
    directory = Path(tempfile.mkdtemp(prefix="waybill-bench-"))
    try:
        unpacked = imports.unpack(paths.LOCAL_ZIP, directory)
        rows = [_import(handler, unpacked) for handler in imports.handlers()]
    finally:
        shutil.rmtree(directory)
    return table.costs("CPU of imports (goals: app.app 250 ms, steps 50 ms)", rows)


def _import(handler: str, unpacked: Path) -> tuple[str, str, str]:
    cold = imports.measure(handler, unpacked, compiled=False).seconds
    imports.measure(handler, unpacked)
    warm = min(imports.measure(handler, unpacked).seconds for _ in range(5))
    return handler, f"{warm * 1000:.0f} ms", f"{cold * 1000:.0f} ms before it is compiled"


def _sizes() -> str:
    build_zip(wheels.lambda_target(), paths.LAMBDA_ZIP, paths.BUILD)
    found = [(path, path.stat().st_size) for path in (paths.LAMBDA_ZIP, paths.LOCAL_ZIP)]
    rows = [(str(path.relative_to(paths.ROOT)), f"{size:,}", "bytes") for path, size in found]
    return table.costs("Zip (goal: 3,145,728 bytes)", rows)


if __name__ == "__main__":
    raise SystemExit(main())

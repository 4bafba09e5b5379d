"""`make run`: Waybill on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING

from tools import paths
from tools.children import ChildFailedError
from tools.stack import Ports, Stack

if TYPE_CHECKING:
    from tools.facts import Facts

AWS_PORT = 4580
API_PORT = 4581
DIRECTORY = paths.BUILD / "local" / "stack"


def main() -> int:
    options = _options()
    # A stop by the system is a stop by Ctrl-C: children are stopped in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ports = Ports(options.port, options.api_port)
    if taken := [port for port in (ports.aws, ports.api) if not _free(port)]:
        print(_ports_taken(taken), file=sys.stderr)
        return 2
    stack = Stack(DIRECTORY, ports, report=lambda line: print(f"  {line}", flush=True))
    try:
        _serve(stack)
    except KeyboardInterrupt:
        print("\nStopping.")
    except ChildFailedError as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    finally:
        paths.FACTS.unlink(missing_ok=True)
    return 0


def _serve(stack: Stack) -> None:
    started = time.monotonic()
    print("Starting Waybill on an embedded AWS:", flush=True)
    with stack as facts:
        facts.write(paths.FACTS)
        print(_welcome(facts, time.monotonic() - started), flush=True)
        stack.wait()


def _options() -> argparse.Namespace:
    environment = os.environ
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    aws = int(environment.get("WAYBILL_AWS_PORT", AWS_PORT))
    api = int(environment.get("WAYBILL_API_PORT", API_PORT))
    parser.add_argument("--port", type=int, default=aws, help="AWS services and sign-in")
    parser.add_argument("--api-port", type=int, default=api, help="the API")
    return parser.parse_args()


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port left in TIME_WAIT by the last run is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _ports_taken(taken: list[int]) -> str:
    named = " and ".join(str(port) for port in taken)
    return (
        f"Port {named} on 127.0.0.1 is in use, perhaps by another `make run`. Stop it, or choose "
        f"others: make run PORT={AWS_PORT + 100} API_PORT={API_PORT + 100}"
    )


def _welcome(facts: Facts, seconds: float) -> str:
    return f"""
Waybill is ready after {seconds:.0f} s.

  Sign up and in   make token   (managed login: {facts.login})
  Inbox            {facts.inbox}
  API              {facts.api}          (GET {facts.api}/openapi.json lists its routes)
  AWS              {facts.endpoint}
  For programs     {paths.FACTS.relative_to(paths.ROOT)} has every address, name and key

README.md, "A tour", goes through the whole story with curl. Nothing is kept: Ctrl-C ends it all.
"""


if __name__ == "__main__":
    raise SystemExit(main())

"""`python -m local`: run the embedded AWS until it is told to stop."""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from local.runtime import RUNTIME


def main() -> int:
    options = _options()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    RUNTIME.log_delivery_seconds = options.log_delivery_seconds
    from local.server import EmbeddedAws

    try:
        aws = EmbeddedAws(options.port, options.api_port, options.region, options.lambda_runtime)
    except OSError as error:
        sys.stderr.write(f"{error.strerror}\n")
        return 2
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    # What is loaded by now stays: without this the collector looks through all of moto and botocore
    # again and again, in the middle of requests.
    gc.freeze()
    gc.set_threshold(50_000)
    aws.start()
    if options.ready_file:
        _write_ready_file(options.ready_file)
    _wait(stopping, os.getppid() if options.with_parent else None)
    aws.stop()
    if options.ready_file:
        options.ready_file.unlink(missing_ok=True)
    return 0


def _wait(stopping: threading.Event, parent: int | None) -> None:
    """Until told to stop or, with `parent`, until that process is gone: killed, it can tell nobody."""
    while not stopping.wait(1):
        if parent is not None and os.getppid() != parent:
            return


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=int, default=4580, help="AWS services (0: any free port)")
    parser.add_argument("--api-port", type=int, default=4581, help="deployed REST APIs")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the starting process is gone"
    )
    parser.add_argument("--ready-file", type=Path, help="written once the ports answer")
    parser.add_argument(
        "--lambda-runtime", type=Path, help="directory of the packages Lambda itself provides"
    )
    parser.add_argument(
        "--log-delivery-seconds",
        type=float,
        default=RUNTIME.log_delivery_seconds,
        help="how long after a request its access log record is delivered",
    )
    return parser.parse_args()


def _write_ready_file(path: Path) -> None:
    deployer = RUNTIME.deployer
    if deployer is None:
        raise RuntimeError("the deployer's credential is issued before the ports open")
    ready = {
        "endpoint": RUNTIME.endpoint,
        "api_endpoint": RUNTIME.api_endpoint,
        "access_key_id": deployer.access_key_id,
        "secret_access_key": deployer.secret_access_key,
        "region": RUNTIME.region,
        "account": RUNTIME.account,
        "pid": os.getpid(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(ready, file, indent=2)
    # A reader that polls for the file never sees half of it.
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())

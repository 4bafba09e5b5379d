"""Chalice's own server for the same app, which checks no token, as a yardstick."""

from __future__ import annotations

import os
import socket
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools import paths
from tools.children import Child, ChildFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.facts import Facts

START_SECONDS = 30
POLL_SECONDS = 0.05


@contextmanager
def serving(facts: Facts) -> Iterator[str]:
    """`chalice local` with the deployed API function's own settings; gives its address."""
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chalice")), "local", "--no-autoreload"]
    log = paths.BUILD / "bench" / "chalice-local.log"
    child = Child("chalice local", [*command, "--port", str(port)], log, _environment(facts))
    try:
        _await_port(port, child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.stop()


def _environment(facts: Facts) -> dict[str, str]:
    function = facts.client("lambda").get_function_configuration(
        FunctionName=facts.functions["api"]
    )
    return {
        **os.environ,
        **function["Environment"]["Variables"],
        "AWS_ENDPOINT_URL": facts.endpoint,
        "AWS_ACCESS_KEY_ID": facts.access_key_id,
        "AWS_SECRET_ACCESS_KEY": facts.secret_access_key,
        "AWS_DEFAULT_REGION": facts.region,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int, child: Child) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not child.running:
            raise child.failure()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise ChildFailedError(f"chalice local does not listen; see {child.log}")

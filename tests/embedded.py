"""The AWS that the contract tests speak to: embedded (default), plain moto, or a live account."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
# What AWS's own Python runtime provides to a function, besides the standard library.
PROVIDED = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
START_SECONDS = 30


@dataclass(frozen=True)
class Aws:
    """Clients of one target. `endpoint` is None for a live account."""

    target: str
    endpoint: str | None
    api_endpoint: str | None
    region: str
    access_key_id: str | None
    secret_access_key: str | None

    def client(self, service: str, **kwargs: Any) -> Any:
        """Return a boto3 client; without retries, so that a test sees the first answer."""
        config = Config(
            retries={"total_max_attempts": 1},
            # StartSyncExecution is sent to sync-<host>, which loopback has not.
            inject_host_prefix=self.endpoint is None,
            max_pool_connections=80,
            **({"s3": {"addressing_style": "path"}} if self.endpoint else {}),
        )
        if "config" in kwargs:
            config = config.merge(kwargs.pop("config"))
        defaults = {
            "endpoint_url": self.endpoint,
            "region_name": self.region,
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
        }
        return boto3.client(service, config=config, **{**defaults, **kwargs})

    def inbox(self, to: str) -> list[dict[str, Any]]:
        """Return the mail sent to an address, oldest first."""
        url = f"{self.endpoint}/_local/mail?{urllib.parse.urlencode({'to': to})}"
        with urllib.request.urlopen(url, timeout=10) as response:
            return json.load(response)

    def eventually(self, question: Callable[[], Any], seconds: float = 20) -> Any:
        """Ask until the answer is true, and return it; fail after `seconds`."""
        # Plain moto is asked only to see it fail: no need to be patient.
        seconds = min(seconds, 1) if self.target == "plain" else seconds
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
            time.sleep(0.02)
        return answer


@contextmanager
def served(target: str, folder: Path) -> Iterator[Aws]:
    """One target, started and stopped; its log and ready file are kept in `folder`."""
    if target == "live":
        yield Aws(target, None, None, os.environ.get("AWS_REGION", "us-east-1"), None, None)
        return
    start = _start_embedded if target == "embedded" else _start_plain
    with (folder / "log").open("w") as log:
        process, server = start(folder, log)
        try:
            yield server
        finally:
            process.terminate()
            process.wait(20)


def provided_packages(folder: Path) -> Path:
    """Make a directory that holds only what the Lambda runtime itself provides."""
    folder.mkdir()
    for name in PROVIDED:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (folder / source.name).symlink_to(source)
    return folder


def _start_embedded(folder: Path, log: Any) -> tuple[subprocess.Popen[bytes], Aws]:
    ready_file = folder / "aws.json"
    arguments = ["--with-parent", "--port", "0", "--api-port", "0"]
    arguments += ["--ready-file", str(ready_file)]
    arguments += ["--lambda-runtime", str(provided_packages(folder / "lambda-runtime"))]
    process = subprocess.Popen(
        [sys.executable, "-m", "local", *arguments], cwd=ROOT, stdout=log, stderr=log
    )
    _await_start(process, ready_file.exists, folder / "log")
    ready = json.loads(ready_file.read_text())
    return process, Aws(
        "embedded",
        ready["endpoint"],
        ready["api_endpoint"],
        ready["region"],
        ready["access_key_id"],
        ready["secret_access_key"],
    )


def _start_plain(folder: Path, log: Any) -> tuple[subprocess.Popen[bytes], Aws]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], cwd=ROOT, stdout=log, stderr=log
    )
    _await_start(process, lambda: _listens(port), folder / "log")
    endpoint = f"http://127.0.0.1:{port}"
    configuration = json.dumps({"stepfunctions": {"execute_state_machine": True}}).encode()
    urllib.request.urlopen(f"{endpoint}/moto-api/config", configuration, timeout=10).close()
    return process, Aws("plain", endpoint, endpoint, "us-east-1", "AKIAPLAINPLAINPLAIN1", "plain")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _await_start(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.02)

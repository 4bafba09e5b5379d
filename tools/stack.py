"""One Waybill on an embedded AWS: started for `make run`, and for a test session of its own.

Three things are made at the same time, the package, the embedded AWS and Terraform's working
folder; then `terraform apply` deploys the first to the second with the third.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools import facts, paths, provision
from tools.children import Child, ChildFailedError
from tools.terraform import cli_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENVIRONMENT = paths.ROOT / "infra" / "environments" / "local"
TERRAFORM_DATA = "terraform"
READY_SECONDS = 60
APPLY_SECONDS = 600
PROGRESS_SECONDS = 10
POLL_SECONDS = 0.05
READY = "aws.json"
# About once in twenty applies the provider closes a connection of its own while it reads: the
# answer is lost or, where its second try finds what the first has made, "already" there.
LOST_ANSWER = ("use of closed network connection", "already exists", "AlreadyExists", "Conflict")


@dataclass(frozen=True)
class Ports:
    """Where to listen on 127.0.0.1; 0 is any free port."""

    aws: int = 0
    api: int = 0


class Stack:
    """Use as a context manager: `with Stack(directory) as facts`; leaving it stops everything.

    `directory` holds logs and Terraform's state, which are removed first: the embedded AWS keeps
    nothing, so an old state would describe things that are gone. Raises ChildFailedError.
    """

    def __init__(
        self,
        directory: Path,
        ports: Ports = Ports(),
        report: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.directory = directory
        self._ports = ports
        self._report = report
        self._children: list[Child] = []
        self._stopping = threading.Event()
        self._aws: Child | None = None

    def __enter__(self) -> facts.Facts:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> facts.Facts:
        """Bring everything up; returns when the API can be called."""
        self._forget_the_last_run()
        ready = self._prepare()
        try:
            outputs = self._terraform_apply(ready)
        except ChildFailedError as failure:
            if not any(sign in str(failure) for sign in LOST_ANSWER):
                raise
            ready = self._start_over()
            outputs = self._terraform_apply(ready)
        return facts.gathered(ready, outputs)

    def _start_over(self) -> dict[str, Any]:
        """A fresh embedded AWS: what an unanswered call has made, Terraform does not know of."""
        self._report("Terraform lost an answer of the embedded AWS: starting over")
        if self._aws is not None:
            self._aws.stop()
        for name in (provision.STATE, READY):
            (self.directory / name).unlink(missing_ok=True)
        return self._embedded_aws()

    def _forget_the_last_run(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        for path in self.directory.iterdir():
            # What `terraform init` installed stays right until the configuration changes.
            if path.name != TERRAFORM_DATA:
                path.unlink()

    def wait(self) -> None:
        """Block until the embedded AWS ends, which by itself it never should."""
        if self._aws is None:
            raise RuntimeError("the stack was not started")
        self._aws.wait()

    def stop(self) -> None:
        """Stop every child, newest first."""
        self._stopping.set()
        for child in reversed(self._children):
            child.stop()

    def _prepare(self) -> dict[str, Any]:
        with ThreadPoolExecutor(3) as pool:
            jobs = (self._embedded_aws, self._package, self._terraform_init)
            futures = [pool.submit(job) for job in jobs]
            try:
                results = [future.result() for future in futures]
            except BaseException:
                # Leaving the pool waits for its threads, and these wait for their children.
                self.stop()
                raise
        return dict(results[0] or {})

    def _package(self) -> None:
        self._run(
            "Package", [sys.executable, "-m", "tools.package", "--only=local"], dict(os.environ)
        )

    def _embedded_aws(self) -> dict[str, Any]:
        ready = self.directory / READY
        command = [sys.executable, "-m", "local", "--with-parent", "--ready-file", str(ready)]
        command += ["--port", str(self._ports.aws), "--api-port", str(self._ports.api)]
        command += ["--lambda-runtime", str(paths.LAMBDA_RUNTIME)]
        started = time.monotonic()
        self._aws = self._child("Embedded AWS", command, clean_environment())
        while not ready.exists():
            if not self._aws.running:
                raise self._aws.failure()
            if time.monotonic() - started > READY_SECONDS or self._stopping.is_set():
                raise ChildFailedError(f"The embedded AWS is not ready; see {self._aws.log}")
            time.sleep(POLL_SECONDS)
        self._done("Embedded AWS", started)
        return dict(json.loads(ready.read_text()))

    def _terraform_init(self) -> None:
        self._run("Terraform init", self._provision("init"), self._terraform_environment())

    def _terraform_apply(self, ready: dict[str, Any]) -> dict[str, Any]:
        variables = {
            "endpoint": ready["endpoint"],
            "api_endpoint": ready["api_endpoint"],
            # The provider waits 55 seconds for rules that the embedded AWS stores and never runs.
            "lifecycle_rules": False,
        }
        (self.directory / provision.VARIABLES).write_text(json.dumps(variables))
        environment = self._terraform_environment() | {
            "AWS_ENDPOINT_URL": ready["endpoint"],
            "AWS_ACCESS_KEY_ID": ready["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"],
            "AWS_REGION": ready["region"],
            "AWS_MAX_ATTEMPTS": "5",
        }
        self._apply_with_progress(environment)
        outputs = (self.directory / provision.OUTPUTS).read_text()
        return dict(json.loads(outputs))

    def _apply_with_progress(self, environment: dict[str, str]) -> None:
        started = time.monotonic()
        child = self._child("Terraform apply", self._provision("apply"), environment)
        while not child.ended_within(PROGRESS_SECONDS):
            seconds = time.monotonic() - started
            made = child.log.read_text(errors="replace").count(": Creation complete after")
            self._report(f"{child.name:<16} {made} resources after {seconds:5.1f} s")
            if seconds > APPLY_SECONDS:
                raise ChildFailedError(f"Terraform apply takes too long; see {child.log}")
        child.wait()
        self._done(child.name, started)

    def _provision(self, command: str) -> list[str]:
        module = [sys.executable, "-m", "tools.provision"]
        return [*module, command, str(ENVIRONMENT), str(self.directory)]

    def _terraform_environment(self) -> dict[str, str]:
        own = {"TF_DATA_DIR": str(self.directory / TERRAFORM_DATA)}
        return clean_environment() | cli_environment() | own

    def _run(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        started = time.monotonic()
        self._child(name, command, environment).wait(APPLY_SECONDS)
        self._done(name, started)

    def _child(self, name: str, command: list[str], environment: dict[str, str]) -> Child:
        if self._stopping.is_set():
            raise ChildFailedError(f"{name} was not started: stopping")
        log = self.directory / f"{name.lower().replace(' ', '-')}.log"
        child = Child(name, command, log, environment)
        self._children.append(child)
        return child

    def _done(self, name: str, started: float) -> None:
        self._report(f"{name:<16} ready after {time.monotonic() - started:5.1f} s")


def clean_environment() -> dict[str, str]:
    """This process's environment without settings that would lead to a real AWS account."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "TF_VAR_", "TF_LOG", "TF_CLI_ARGS"))
    }
    return kept | {"AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1,localhost"}

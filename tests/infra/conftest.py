"""Terraform for these tests, and the local environment applied to an embedded AWS of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from python_terraform import IsFlagged, IsNotFlagged, Terraform

from tests.infra import hcl
from tools import gateway_document, paths
from tools.terraform import cli_environment, terraform_binary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCAL = hcl.INFRA / "environments" / "local"
START_SECONDS = 60
PARALLELISM = 40


@pytest.fixture(scope="session")
def session_environment() -> Iterator[pytest.MonkeyPatch]:
    """The process's environment, which python-terraform hands on, without the machine's settings."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_CA_BUNDLE", "TF_CLI_ARGS", "TF_LOG", "TF_WORKSPACE"):
            patch.delenv(name, raising=False)
        for name, value in cli_environment().items():
            patch.setenv(name, value)
        yield patch


@pytest.fixture(scope="session")
def terraform_data(session_environment, tmp_path_factory) -> pytest.MonkeyPatch:
    """Keeps Terraform's working data out of the repository."""
    session_environment.setenv("TF_DATA_DIR", str(tmp_path_factory.mktemp("terraform")))
    return session_environment


def terraform(folder: Path, **defaults: Any) -> Terraform:
    return Terraform(str(folder), terraform_bin_path=str(terraform_binary()), **defaults)


@dataclass
class LocalEnvironment:
    """environments/local with a state of its own, driven through python-terraform."""

    directory: Path
    variables: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict)
    applied: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.directory / "local.tfstate"
        self._terraform = terraform(
            LOCAL, state=str(self.state), variables=self.variables, parallelism=PARALLELISM
        )

    def init(self) -> None:
        # Not through .init(): it hands on -state, -var and -parallelism, which init refuses.
        self._said(
            "init",
            self._terraform.cmd("init", lockfile="readonly", input=False, no_color=IsFlagged),
        )

    def apply(self) -> str:
        return self._timed("apply", lambda: self._terraform.apply(skip_plan=True))

    def changes(self) -> str:
        """What another apply would do; empty when it would do nothing."""
        started = time.monotonic()
        with warnings.catch_warnings():
            # python-terraform warns of any exit code but 0 by a logger's old name.
            warnings.simplefilter("ignore", DeprecationWarning)
            code, out, err = self._terraform.plan(detailed_exitcode=IsFlagged)
        self.seconds["plan"] = time.monotonic() - started
        assert code in (0, 2), err
        return out if code else ""

    def destroy(self) -> str:
        # -force is what python-terraform knows; Terraform 1 calls it -auto-approve.
        return self._timed(
            "destroy",
            lambda: self._terraform.destroy(force=IsNotFlagged, auto_approve=IsFlagged),
        )

    def outputs(self) -> dict[str, Any]:
        return {name: output["value"] for name, output in self._stored()["outputs"].items()}

    def resources(self) -> dict[str, dict[str, Any]]:
        """Every managed resource's attributes as AWS gave them back, by address."""
        return {
            f"{resource.get('module', '')}.{resource['type']}.{resource['name']}"
            + (f"[{instance['index_key']}]" if "index_key" in instance else ""): instance[
                "attributes"
            ]
            for resource in self._stored()["resources"]
            if resource["mode"] == "managed"
            for instance in resource["instances"]
        }

    def _stored(self) -> dict[str, Any]:
        # The file, not `terraform show`: that starts the provider, ten seconds for the same text.
        return json.loads(self.state.read_text())

    def _timed(self, name: str, run: Any) -> str:
        started = time.monotonic()
        out = self._said(name, run())
        self.seconds[name] = time.monotonic() - started
        return out

    def _said(self, name: str, result: tuple[int, str, str]) -> str:
        code, out, err = result
        assert code == 0, f"terraform {name}: {err}"
        return out


@pytest.fixture(scope="session")
def embedded_aws(tmp_path_factory) -> Iterator[dict[str, Any]]:
    """An embedded AWS on free ports; gives what its ready file says."""
    directory = tmp_path_factory.mktemp("aws")
    ready_file, log_file = directory / "aws.json", directory / "log"
    command = [sys.executable, "-m", "local", "--with-parent", "--port", "0", "--api-port", "0"]
    with log_file.open("w") as log:
        process = subprocess.Popen(
            [*command, "--ready-file", str(ready_file)], cwd=paths.ROOT, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not ready_file.exists():
                assert process.poll() is None, log_file.read_text()
                assert time.monotonic() < deadline, log_file.read_text()
                time.sleep(0.05)
            yield json.loads(ready_file.read_text())
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def package(tmp_path_factory) -> Path:
    """A package of the right shape: nothing here calls a function."""
    file = tmp_path_factory.mktemp("package") / "lambda.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app/__init__.py", "")
    return file


@pytest.fixture(scope="session")
def local_environment(embedded_aws, package, terraform_data, tmp_path_factory) -> LocalEnvironment:
    """environments/local, applied."""
    directory = tmp_path_factory.mktemp("local")
    document = directory / "gateway.json"
    document.write_text(json.dumps(gateway_document.document("0")))
    for name, value in {
        "AWS_ENDPOINT_URL": embedded_aws["endpoint"],
        "AWS_ACCESS_KEY_ID": embedded_aws["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": embedded_aws["secret_access_key"],
        "AWS_REGION": embedded_aws["region"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
    }.items():
        terraform_data.setenv(name, value)
    environment = LocalEnvironment(
        directory,
        {
            "package_file": str(package),
            "gateway_document_file": str(document),
            "endpoint": embedded_aws["endpoint"],
            "api_endpoint": embedded_aws["api_endpoint"],
        },
    )
    environment.init()
    environment.apply()
    environment.applied = environment.resources()
    return environment


@pytest.fixture(scope="session")
def resources(local_environment) -> dict[str, dict[str, Any]]:
    """Every managed resource as it was after the apply, by address; one test destroys them."""
    return local_environment.applied

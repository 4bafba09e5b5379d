"""What Terraform and checkov say about the files as they are."""

from __future__ import annotations

import json
import subprocess

import pytest
from python_terraform import IsFlagged

from tests.infra import hcl
from tests.infra.conftest import terraform
from tools import paths

CHECKOV = paths.BUILD / "checkov-venv" / "bin" / "checkov"
OPTIONS = [
    "--framework=terraform",
    "--skip-download",
    "--quiet",
    "--compact",
    "--output=json",
]
# Checks made on these files when they were written: fewer means that checkov no longer reads them.
FEWEST_CHECKS = 300


@pytest.mark.usefixtures("session_environment")
def test_files_are_formatted():
    code, unformatted, err = terraform(hcl.INFRA).cmd(
        "fmt", check=IsFlagged, recursive=IsFlagged, list="true"
    )
    assert code == 0, unformatted + err


@pytest.mark.parametrize("root", hcl.ENVIRONMENTS, ids=lambda root: root.name)
def test_an_environment_and_every_module_it_calls_are_valid(root, session_environment, tmp_path):
    session_environment.setenv("TF_DATA_DIR", str(tmp_path))
    command = terraform(root)
    initialised = command.cmd("init", backend=False, lockfile="readonly", no_color=IsFlagged)
    assert initialised[0] == 0, initialised[2]
    code, out, err = command.cmd("validate", json=IsFlagged)
    assert json.loads(out)["diagnostics"] == [], out + err
    assert code == 0


def test_checkov_finds_nothing():
    answer = subprocess.run(
        [CHECKOV, *OPTIONS, "--directory", hcl.INFRA],
        capture_output=True,
        text=True,
        check=False,
        cwd=hcl.INFRA,
    )
    report = json.loads(answer.stdout)
    failed = [
        f"{check['check_id']} {check['resource']}" for check in report["results"]["failed_checks"]
    ]
    assert failed == []
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] >= FEWEST_CHECKS

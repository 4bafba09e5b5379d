import os
import re
import shutil
import subprocess

from tools import paths

MAKE = shutil.which("make")
TARGET = re.compile(r"^  make ([a-z]+) +\S", re.MULTILINE)


def make(*arguments, **environment):
    command = [MAKE, "--no-print-directory", *arguments]
    return subprocess.run(
        command,
        cwd=paths.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_what_make_alone_prints_and_lists_the_targets():
    help_text = make().stdout
    assert help_text == make("help").stdout
    assert {"run", "test", "check", "bench", "package", "clean"} <= set(TARGET.findall(help_text))


def test_a_machine_without_a_new_python_is_told_what_to_install(tmp_path):
    venv = tmp_path / "venv"
    result = make(f"VENV={venv}", f"{venv}/bin/python", PATH=str(tmp_path))
    assert result.returncode != 0
    assert "No Python 3.11 or newer" in result.stderr
    assert "apt install python3-venv" in result.stderr


def test_a_python_that_is_too_old_is_passed_over(tmp_path):
    for name in ("python3", "python3.12"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
    venv = tmp_path / "venv"
    result = make(f"VENV={venv}", f"{venv}/bin/python", PATH=str(tmp_path))
    assert "No Python 3.11 or newer" in result.stderr


def test_continuous_integration_runs_make_test():
    script = paths.ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"

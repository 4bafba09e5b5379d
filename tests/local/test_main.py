"""`python -m local` as a process."""

from __future__ import annotations

import subprocess
import sys
import time

from tests.embedded import ROOT


def test_it_ends_with_the_process_that_started_it(tmp_path):
    """A test run that is killed leaves nothing running behind it."""
    ready_file = tmp_path / "aws.json"
    command = [sys.executable, "-m", "local", "--with-parent", "--port", "0", "--api-port", "0"]
    script = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen({[*command, '--ready-file', str(ready_file)]!r})\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    deadline = time.monotonic() + 30
    while not ready_file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    while ready_file.exists():  # removed when it has stopped
        assert time.monotonic() < deadline
        time.sleep(0.1)

import json
import os
import socket
import stat
import subprocess
import sys

from tools import facts, paths


def test_a_port_that_is_taken_is_named_and_another_proposed():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "tools.run", "--port", str(port), "--api-port", "0"]
        result = subprocess.run(
            command, cwd=paths.ROOT, capture_output=True, text=True, check=False
        )
    assert result.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in result.stderr
    assert "make run PORT=" in result.stderr


def example():
    texts = {name: name for name in facts.Facts.__dataclass_fields__}
    return facts.Facts(**{**texts, "state_machines": {}, "functions": {}})


def test_the_file_for_other_programs_is_for_its_owner_only(tmp_path):
    path = tmp_path / "local.json"
    before = os.umask(0)
    try:
        example().write(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text())["endpoint"] == "endpoint"
    assert facts.read(path) == example()


def test_keys_are_not_in_what_a_failing_test_prints():
    assert "secret_access_key" not in repr(example())
    assert "access_key_id" not in repr(example())

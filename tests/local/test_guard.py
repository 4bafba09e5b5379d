"""Only this machine, and no web page of anybody else; and how the process starts and stops."""

from __future__ import annotations

import http.client
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]


def refused(port, host, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", "/", skip_host=True)
    connection.putheader("Host", host)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    # S3 has refusals of its own, in XML.
    return response.status == 403 and text.startswith("This service answers")


@pytest.fixture
def port(aws):
    return urlsplit(aws.endpoint).port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "my-bucket.localhost"])
def test_loopback_names_are_answered(port, host):
    assert not refused(port, f"{host}:{port}")


@pytest.mark.parametrize(
    "host", ["example.com", "127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", ""]
)
def test_a_foreign_host_is_refused(port, host):
    """DNS rebinding: a page's own name that has come to mean 127.0.0.1."""
    assert refused(port, f"{host}:{port}")


@pytest.mark.parametrize("host", ["localhost:1", "localhost"])
def test_a_host_with_another_port_is_refused(port, host):
    assert refused(port, host)


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://127.0.0.1:8080"])
def test_a_page_of_this_machine_is_answered(port, origin):
    assert not refused(port, f"localhost:{port}", Origin=origin)


@pytest.mark.parametrize(
    "origin", ["https://example.com", "http://localhost.example.com", "null", "file://"]
)
def test_a_foreign_page_is_refused(port, origin):
    assert refused(port, f"localhost:{port}", Origin=origin)


def test_both_ports_listen_on_loopback_only(aws):
    addresses = {urlsplit(url).hostname for url in (aws.endpoint, aws.api_endpoint)}
    assert addresses == {"127.0.0.1"}
    foreign = _address_of_this_machine()
    if foreign is not None:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((foreign, urlsplit(aws.endpoint).port)) != 0


def _address_of_this_machine():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: connecting a datagram socket only chooses an address.
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def start(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_port_in_use_is_one_clear_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        process = start("--port", str(number), "--api-port", "0")
        _, error = process.communicate(timeout=30)
    assert process.returncode == 2
    assert error.count("\n") == 1
    assert f"127.0.0.1:{number}" in error


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_within_five_seconds_and_stops_when_told(tmp_path, number):
    ready_file = tmp_path / "aws.json"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = start("--port", "0", "--api-port", "0", "--ready-file", str(ready_file))
    while not ready_file.exists():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() - began < 30
        time.sleep(0.01)
    ready = json.loads(ready_file.read_text())
    assert stat.S_IMODE(ready_file.stat().st_mode) == 0o600
    assert ready["pid"] == process.pid
    os.kill(process.pid, number)
    _, error = process.communicate(timeout=10)
    assert (process.returncode, error) == (0, "")
    assert not ready_file.exists()
    # Its own time, not that of whatever else the machine is doing.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime < 5

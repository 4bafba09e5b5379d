"""What tests of every folder share: one running Waybill for the whole session."""

import os
import shutil
from pathlib import Path

import pytest

from tests.embedded import served
from tools import facts, paths


def pytest_addoption(parser):
    parser.addoption("--aws-target", choices=("embedded", "plain", "live"), default="embedded")


@pytest.fixture(scope="session")
def aws(request, tmp_path_factory):
    """An AWS to speak to, empty: the embedded one, plain moto, or a live account."""
    target = request.config.getoption("--aws-target")
    with served(target, tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture(scope="session")
def stack():
    """Waybill on an embedded AWS of its own and free ports, started by the first test that asks.

    Gives tools.facts.Facts: the fields of build/local.json as attributes, and `client(service)`.
    WAYBILL_STACK=build/local.json uses the one that `make run` serves.
    """
    if running := os.environ.get("WAYBILL_STACK"):
        yield facts.read(Path(running))
        return
    from tools.stack import Stack

    directory = paths.BUILD / "test" / f"stack-{os.getpid()}"
    with Stack(directory, report=print) as running:
        yield running
    shutil.rmtree(directory)

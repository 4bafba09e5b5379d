"""What tests of every folder share: one running Waybill for the whole session."""

import os
import shutil
from pathlib import Path

import pytest

from tools import facts, paths


@pytest.fixture(scope="session")
def stack():
    """Waybill on an embedded AWS of its own and free ports, started by the first test that asks.

    Gives tools.facts.Facts: the fields of build/local.json as attributes, and `client(service)`.
    WAYBILL_STACK=build/local.json uses the one that `make run` serves.
    """
    if served := os.environ.get("WAYBILL_STACK"):
        yield facts.read(Path(served))
        return
    from tools.stack import Stack

    directory = paths.BUILD / "test" / f"stack-{os.getpid()}"
    with Stack(directory, report=print) as running:
        yield running
    shutil.rmtree(directory)

"""Imports a function's handler as Lambda does, from the zip and Lambda's own packages alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZipFile

from tools import paths

if TYPE_CHECKING:
    from pathlib import Path

# As Terraform names them: what is deployed is what is imported here.
HANDLER = re.compile(r'handler\s*=\s*"(app\.[\w.]+)"')
QUIET_PACE_SECONDS = 0.012
# What Lambda's own bootstrap has loaded before it imports a handler is not the handler's cost.
PROGRAM = """
import datetime, importlib, json, logging, sys, time, traceback
sys.path[:0] = sys.argv[1:3]
module, name = sys.argv[3].rsplit(".", 1)
before = time.process_time()
sum(len(str(number)) for number in range(100_000))
pace = time.process_time() - before
before = time.process_time()
found = callable(getattr(importlib.import_module(module), name))
seconds = time.process_time() - before
print(json.dumps([found, seconds, pace, sorted(sys.modules)]))
"""


@dataclass(frozen=True)
class Imported:
    """Whether the handler can be called, the CPU seconds of its import, and all modules loaded.

    `slowness`: how much longer than on a quiet core of 2024 the same process took, just before,
    for a fixed piece of work; 1 at least. Cores that others use too count more seconds.
    """

    callable: bool
    seconds: float
    slowness: float
    modules: frozenset[str]


def handlers() -> list[str]:
    texts = [path.read_text() for path in sorted((paths.ROOT / "infra").rglob("*.tf"))]
    return sorted({name for text in texts for name in HANDLER.findall(text)})


def unpack(zip_file: Path, directory: Path) -> Path:
    with ZipFile(zip_file) as archive:
        archive.extractall(directory)
    return directory


def measure(handler: str, unpacked: Path, *, compiled: bool = True) -> Imported:
    """Import in a fresh interpreter without site-packages. `compiled` lets it keep .pyc files."""
    options = ["-I", "-S"] if compiled else ["-I", "-S", "-B"]
    arguments = [str(unpacked), str(paths.LAMBDA_RUNTIME), handler]
    result = subprocess.run(
        [sys.executable, *options, "-c", PROGRAM, *arguments],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise ImportError(f"{handler} cannot be imported from the zip:\n{result.stderr}")
    found, seconds, pace, modules = json.loads(result.stdout)
    return Imported(found, seconds, max(1.0, pace / QUIET_PACE_SECONDS), frozenset(modules))

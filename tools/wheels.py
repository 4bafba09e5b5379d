"""Installs pinned wheels for one target Python and machine, or fails: a package that misses a
wheel must never become a zip that breaks on its first request.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Lambda's python3.13 runs on Amazon Linux 2023, whose glibc is 2.34; a wheel built against any
# glibc from manylinux2014's 2.17 on runs there.
AMAZON_LINUX_2023_GLIBC = 34
OLDEST_GLIBC = 17


class MissingWheelError(RuntimeError):
    """No wheel with a pinned hash fits the target."""


@dataclass(frozen=True)
class Target:
    """A Python version and machine to install for; no platforms means this interpreter."""

    name: str
    python: str
    platforms: tuple[str, ...] = ()

    def pip_options(self) -> list[str]:
        if not self.platforms:
            return []
        abi = "cp" + self.python.replace(".", "")
        options = ["--implementation", "cp", "--python-version", self.python]
        options += [f"--abi={name}" for name in (abi, "abi3", "none")]
        return options + [f"--platform={name}" for name in self.platforms]


def lambda_target() -> Target:
    """The functions' runtime in AWS: python3.13 on arm64 (Graviton)."""
    versions = range(AMAZON_LINUX_2023_GLIBC, OLDEST_GLIBC - 1, -1)
    platforms = [f"manylinux_2_{minor}_aarch64" for minor in versions]
    return Target("python3.13-arm64", "3.13", (*platforms, "manylinux2014_aarch64"))


def this_target() -> Target:
    """The interpreter that runs this command: what the embedded AWS runs functions with."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Target(f"python{version}-{sys.platform}-{platform.machine()}", version)


def install(requirements: Path, target: Target, directory: Path, *, compiled: bool = False) -> None:
    """Put the wheels of a hashed requirements file into a new directory.

    Raises MissingWheelError with pip's own words; the directory then does not exist. It appears in
    one step, so that an interrupted command leaves nothing half installed.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".installing-") as scratch:
        staged = Path(scratch, "site")
        _pip(requirements, target, staged, compiled=compiled)
        shutil.rmtree(directory, ignore_errors=True)
        staged.rename(directory)


def _pip(requirements: Path, target: Target, directory: Path, *, compiled: bool) -> None:
    # `--target` with `--only-binary` and hashes: nothing is built here, nothing unpinned comes in.
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    command += ["--require-hashes", "--only-binary=:all:", "--target", str(directory)]
    command += ["--compile" if compiled else "--no-compile", *target.pip_options()]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    result = subprocess.run(
        [*command, "--requirement", str(requirements)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise MissingWheelError(
            f"{requirements.name} cannot be installed for {target.name} from wheels with the "
            f"pinned hashes:\n{result.stderr.strip()}"
        )

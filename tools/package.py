"""Builds what Terraform deploys: the Lambda zips, their runtime, and the API's documents.

One zip holds every function's handler. It is built from wheels with pinned hashes, Chalice's two
runtime files and `app/`, and its bytes depend on nothing else (`--verify` builds it twice and
compares). `chalice package` is not used: it exits 0 with a dependency missing, and the order of
its members changes from run to run.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import distribution, version
from pathlib import Path
from typing import TYPE_CHECKING

from tools import documents, paths, wheels
from tools.archive import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = ("lambda.zip", "local/lambda.zip", "openapi.json", "gateway.json")
LIMIT_BYTES = 3 * 1024 * 1024
# Everything Chalice needs at run time; the rest of its distribution is its command line.
CHALICE_RUNTIME = ("chalice/__init__.py", "chalice/app.py")
# Records of an installation, which differ from machine to machine or mean nothing in a zip.
# METADATA and licences stay: pydantic reads the first, the second are owed.
INSTALLATION_RECORDS = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "WHEEL"}
# Never run here: pydantic's copy of its own version 1, its mypy plugin, type stubs.
UNUSED = ("pydantic/v1/", "pydantic/mypy.py")
UNUSED_SUFFIXES = {".pyc", ".pyi", ".typed"}
UNUSED_FOLDERS = {"__pycache__", "tests", "test", "bin"}


def files_under(root: Path) -> Iterator[tuple[str, Path]]:
    """Every file that belongs in a zip: (name relative to the root, path), in name order."""
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        folders = set(name.split("/")[:-1])
        unused = folders & UNUSED_FOLDERS or path.suffix in UNUSED_SUFFIXES
        if path.is_file() and not unused and not name.startswith(UNUSED):
            yield name, path


def members(site: Path) -> dict[str, bytes]:
    """What the zip holds: the wheels of one target, Chalice's runtime and the app."""
    found = {
        name: path.read_bytes()
        for name, path in files_under(site)
        if path.name not in INSTALLATION_RECORDS
    }
    chalice = distribution("chalice")
    for name in CHALICE_RUNTIME:
        found[name] = Path(str(chalice.locate_file(name))).read_bytes()
    app = {f"app/{name}": path.read_bytes() for name, path in files_under(paths.APP)}
    return found | app


def digest_of_inputs(target: wheels.Target) -> str:
    """One hash over everything a zip is made from; the same hash means the same zip."""
    digest = hashlib.sha256(f"{target}{version('chalice')}".encode())
    builders = [Path(__file__), Path(wheels.__file__), paths.REQUIREMENTS / "runtime.txt"]
    for path in [*builders, *(path for _, path in files_under(paths.APP))]:
        digest.update(f"\0{path.relative_to(paths.ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def site_packages(requirements: Path, target: wheels.Target, build: Path) -> Path:
    """The installed wheels, kept between builds under the hash of their requirements."""
    pins = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    site = build / "wheels" / f"{target.name}-{requirements.stem}-{pins}"
    if not site.is_dir():
        wheels.install(requirements, target, site)
    return site


def build_zip(target: wheels.Target, path: Path, build: Path) -> str:
    """Build one zip unless it is up to date; returns its SHA-256.

    Raises wheels.MissingWheelError, and ValueError when the zip is over 3 MiB.
    """
    stamp = path.with_suffix(".inputs.json")
    inputs = digest_of_inputs(target)
    if path.is_file() and stamp.is_file():
        built = json.loads(stamp.read_text())
        if built["inputs"] == inputs:
            return str(built["sha256"])
    site = site_packages(paths.REQUIREMENTS / "runtime.txt", target, build)
    sha256 = write_zip(members(site), path)
    if path.stat().st_size > LIMIT_BYTES:
        raise ValueError(f"{path} has {path.stat().st_size} bytes, over {LIMIT_BYTES}")
    stamp.write_text(json.dumps({"inputs": inputs, "sha256": sha256}))
    return sha256


def build_runtime(directory: Path) -> None:
    """Install what AWS's runtime brings along (boto3), for functions run by the embedded AWS."""
    requirements = paths.REQUIREMENTS / "lambda.txt"
    target = wheels.this_target()
    stamp = directory.with_name("lambda-runtime.inputs")
    inputs = f"{target}{hashlib.sha256(requirements.read_bytes()).hexdigest()}"
    if not directory.is_dir() or not stamp.is_file() or stamp.read_text() != inputs:
        wheels.install(requirements, target, directory, compiled=True)
        stamp.write_text(inputs)


@contextmanager
def only_one_builder(build: Path) -> Iterator[None]:
    """Hold the folder's lock: a served stack and a test session may build at the same time."""
    build.mkdir(parents=True, exist_ok=True)
    with (build / ".package.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_local(build: Path = paths.BUILD) -> None:
    """What the embedded AWS needs: the zip for this interpreter, boto3, and the API's documents."""
    build_zip(wheels.this_target(), build / "local" / "lambda.zip", build)
    build_runtime(build / "lambda-runtime")
    documents.write(build)


def build_results(build: Path) -> None:
    """The files that must come out the same on every build."""
    build_zip(wheels.lambda_target(), build / "lambda.zip", build)
    build_zip(wheels.this_target(), build / "local" / "lambda.zip", build)
    documents.write(build)


def build_all(build: Path = paths.BUILD) -> None:
    build_results(build)
    build_runtime(build / "lambda-runtime")


KINDS = {"all": build_all, "local": build_local, "results": build_results}


def verify() -> bool:
    """Build twice, in different folders and with different hash seeds; True if bytes agree."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        built = [_built_apart(Path(first), "1"), _built_apart(Path(second), "2")]
    for name in sorted(built[0] | built[1]):
        same = built[0].get(name) == built[1].get(name)
        print(f"{'same' if same else 'DIFFERENT':10}{name}  {built[0].get(name)}")
    return built[0] == built[1]


def _built_apart(directory: Path, seed: str) -> dict[str, str]:
    command = [sys.executable, "-m", "tools.package", "--only=results", f"--out={directory}"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run(command, cwd=paths.ROOT, env=environment, check=True, capture_output=True)
    return {name: hashlib.sha256((directory / name).read_bytes()).hexdigest() for name in RESULTS}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=paths.BUILD, help="folder for the results")
    parser.add_argument(
        "--only", choices=sorted(KINDS), default="all", help="local: what the embedded AWS needs"
    )
    parser.add_argument("--verify", action="store_true", help="build twice and compare")
    options = parser.parse_args()
    if options.verify:
        return 0 if verify() else 1
    started = time.monotonic()
    try:
        with only_one_builder(options.out):
            KINDS[options.only](options.out)
    except wheels.MissingWheelError as problem:
        print(problem, file=sys.stderr)
        return 1
    for name in RESULTS:
        path = options.out / name
        if path.exists():
            print(f"{path.stat().st_size:>10,} bytes  {path}")
    print(f"packaged in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

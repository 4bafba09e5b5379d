"""Terraform for this repository: `python -m tools.terraform <arguments>` runs it.

Finds it on PATH or fetches one version, pinned by checksum, and takes the AWS provider from a
mirror on this machine where there is one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from tools import paths

OLDEST, TOO_NEW = (1, 11), (2, 0)
PROVIDER = Path("registry.terraform.io/hashicorp/aws")
PROVIDER_VERSION = "5.100.0"

FETCHED = "1.11.4"
RELEASES = f"https://releases.hashicorp.com/terraform/{FETCHED}"
FETCH_SECONDS = 60
SHA256 = {
    "darwin_amd64": "a56d5002b9f7647291faccc3dd1a70350e60fb61e4c45037629508b8fdc2575b",
    "darwin_arm64": "867e0808fa971217043e25b7a792b10720c79b1546f8a68479b74f138be73e18",
    "linux_amd64": "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
    "linux_arm64": "a43d1d0da9b9bab214a8305a39db0e40869572594ccf50c416a7756499143633",
}
NOT_HERE = f"Terraform {'.'.join(map(str, OLDEST))} or newer is not on PATH"
TOOLS = paths.BUILD / "tools"

# Where packages and administrators put provider mirrors; each is searched two folders deep.
MIRROR_ROOTS = (
    Path.home() / ".terraform.d",
    Path("/usr/local/share"),
    Path("/usr/share"),
    Path("/opt"),
)


class TerraformMissingError(Exception):
    """Terraform is neither here nor to be had; the message says what to do."""


@functools.cache
def terraform_binary() -> Path:
    """The terraform to run. Raises TerraformMissingError."""
    on_path = shutil.which("terraform")
    if on_path and is_usable(Path(on_path)):
        return Path(on_path)
    return fetched_binary(TOOLS)


def is_usable(binary: Path) -> bool:
    """Whether this is a Terraform whose language our files are written in."""
    try:
        command = [str(binary), "version", "-json"]
        answer = subprocess.run(command, capture_output=True, check=True, timeout=30)
        version = json.loads(answer.stdout)["terraform_version"]
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return False
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    return OLDEST <= numbers < TOO_NEW


def fetched_binary(directory: Path) -> Path:
    """The pinned version in `directory`, fetched when it is not there.

    A zip laid there by hand is taken as well: that is how it comes into a closed network.
    """
    binary = directory / f"terraform-{FETCHED}"
    if binary.exists():
        return binary
    if this_platform() not in SHA256:
        raise TerraformMissingError(
            f"{NOT_HERE}, and for {this_platform()} no release is pinned here. "
            "Install it: https://developer.hashicorp.com/terraform/install"
        )
    archive = directory / f"terraform_{FETCHED}_{this_platform()}.zip"
    directory.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        download(f"{RELEASES}/{archive.name}", archive)
    verify(archive, SHA256[this_platform()])
    unpack(archive, binary)
    return binary


def this_platform() -> str:
    """The platform as Terraform's releases name it."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system()}_{machine}".lower()


def download(address: str, to: Path) -> None:
    try:
        with (
            urllib.request.urlopen(address, timeout=FETCH_SECONDS) as answer,
            tempfile.NamedTemporaryFile(dir=to.parent) as partial,
        ):
            shutil.copyfileobj(answer, partial)
            partial.flush()
            os.link(partial.name, to)
    except FileExistsError:
        return  # somebody fetched it at the same time
    except OSError as error:
        raise TerraformMissingError(
            f"{NOT_HERE}, and {address} cannot be fetched ({error}). "
            f"Install Terraform, or put that file into {to.parent}."
        ) from error


def verify(archive: Path, expected: str) -> None:
    actual = hashlib.sha256(archive.read_bytes()).hexdigest()
    if actual != expected:
        raise TerraformMissingError(
            f"{archive} is not the release that is pinned here (SHA-256 {actual}, not {expected}). "
            "Remove it and try again; if it happens again, something on the way changes it."
        )


def unpack(archive: Path, binary: Path) -> None:
    """Write the program in one move, so that nobody ever starts half of it."""
    with zipfile.ZipFile(archive) as files, tempfile.TemporaryDirectory(dir=binary.parent) as place:
        program = Path(files.extract("terraform", place))
        program.chmod(0o755)
        program.replace(binary)


def cli_environment() -> dict[str, str]:
    """The variables Terraform is to run with, to be put over the process's own."""
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
    mirror = provider_mirror(MIRROR_ROOTS)
    if mirror is None and own_configuration_exists():
        return quiet  # a company's own registry mirror is set up there
    return quiet | {"TF_CLI_CONFIG_FILE": str(write_configuration(TOOLS, mirror))}


def provider_mirror(roots: tuple[Path, ...]) -> Path | None:
    """The first folder below the roots that holds the pinned provider for this platform."""
    for root in roots:
        for pattern in ("", "*/", "*/*/"):
            for found in sorted(root.glob(f"{pattern}{PROVIDER}")):
                if holds_the_provider(found):
                    return found.parents[len(PROVIDER.parts) - 1]
    return None


def holds_the_provider(folder: Path) -> bool:
    """Whether the folder has the version, in either layout a mirror may have."""
    name = this_platform()
    unpacked = folder / PROVIDER_VERSION / name
    packed = folder / f"terraform-provider-aws_{PROVIDER_VERSION}_{name}.zip"
    return unpacked.is_dir() or packed.is_file()


def own_configuration_exists() -> bool:
    named = os.environ.get("TF_CLI_CONFIG_FILE")
    return Path(named).is_file() if named else (Path.home() / ".terraformrc").is_file()


def write_configuration(directory: Path, mirror: Path | None) -> Path:
    """Write Terraform's own configuration file and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    if mirror is None:
        cache = directory / "providers"
        cache.mkdir(exist_ok=True)
        text = f"plugin_cache_dir = {json.dumps(str(cache))}\n"
    else:
        text = MIRROR_CONFIGURATION % json.dumps(str(mirror))
    file = directory / "terraform.rc"
    partial = file.with_name(f".{file.name}.{os.getpid()}")
    partial.write_text(text)
    partial.replace(file)
    return file


MIRROR_CONFIGURATION = """\
provider_installation {
  filesystem_mirror {
    path    = %s
    include = ["registry.terraform.io/hashicorp/aws"]
  }
  direct {
    exclude = ["registry.terraform.io/hashicorp/aws"]
  }
}
"""


def main() -> None:
    try:
        binary = terraform_binary()
        environment = dict(os.environ) | cli_environment()
    except TerraformMissingError as error:
        sys.exit(str(error))
    os.execve(binary, [str(binary), *sys.argv[1:]], environment)  # noqa: S606  (no shell wanted)


if __name__ == "__main__":
    main()

"""`terraform init` and `apply` of one environment through python-terraform.

It runs as a process of its own, because python-terraform takes its environment from the process
and two stacks (a served one and a test's) may be made at the same time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path

from python_terraform import IsNotFlagged, Terraform, TerraformCommandError

from tools import paths
from tools.terraform import PROVIDER_VERSION, TerraformMissingError, terraform_binary

# The provider's fixed waits (a queue's 25 s, a bucket's 55 s) are what an apply spends its time
# on: many at once cost no more than one.
PARALLELISM = 20
STATE = "terraform.tfstate"
VARIABLES = "variables.tfvars.json"
OUTPUTS = "outputs.json"
PROVIDER_MISSING = (
    f"If the AWS provider ({PROVIDER_VERSION}) is what is missing: Terraform takes it from its "
    "registry, which this machine must reach once, or from a mirror, which you can make with "
    "`terraform providers mirror ~/.terraform.d/mirror` where the network is open."
)


def init(environment: Path, data: Path) -> None:
    """Install provider and modules in the data folder, unless it has them.

    Terraform hashes the provider's 700 MB each time it is asked, which takes seconds.
    """
    done, configuration = data / "initialised", digest_of_configuration(environment)
    if done.is_file() and done.read_text() == configuration:
        print("Nothing has changed since the last init.")
        return
    terraform = Terraform(str(environment), terraform_bin_path=str(terraform_binary()))
    terraform.init(reconfigure=IsNotFlagged, capture_output=False, raise_on_error=True)
    done.write_text(configuration)


def digest_of_configuration(environment: Path) -> str:
    """One hash over everything that decides which modules and which provider are needed."""
    digest = hashlib.sha256(str(paths.ROOT).encode())
    files = [*(paths.ROOT / "infra").rglob("*.tf"), *environment.glob(".terraform.lock.hcl")]
    for path in sorted(files):
        digest.update(f"\0{path}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def apply(environment: Path, directory: Path) -> None:
    """Apply with state and variables kept in `directory`, and write the outputs there."""
    state = str(directory / STATE)
    terraform = Terraform(str(environment), terraform_bin_path=str(terraform_binary()))
    terraform.apply(
        skip_plan=True,
        state=state,
        var_file=str(directory / VARIABLES),
        parallelism=PARALLELISM,
        capture_output=False,
        raise_on_error=True,
    )
    outputs = terraform.output(state=state)
    values = {name: output["value"] for name, output in outputs.items()}
    (directory / OUTPUTS).write_text(json.dumps(values, indent=1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("init", "apply"))
    parser.add_argument("environment", type=Path, help="folder of the root module")
    parser.add_argument("directory", type=Path, help="folder of state, variables and outputs")
    options = parser.parse_args()
    try:
        if options.command == "init":
            init(options.environment.resolve(), Path(os.environ["TF_DATA_DIR"]))
        else:
            apply(options.environment.resolve(), options.directory.resolve())
    except TerraformMissingError as problem:
        print(problem)
        return 1
    except TerraformCommandError as failure:
        # What went wrong stands above already, in Terraform's own words.
        if options.command == "init":
            print(PROVIDER_MISSING)
        return int(failure.returncode)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

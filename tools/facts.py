"""What is known about a running stack: the fields of build/local.json."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Facts:
    """Addresses, names and the deployer's keys of one stack; keys are left out of its repr."""

    endpoint: str
    api: str
    login: str
    inbox: str
    region: str
    account: str
    user_pool_id: str
    client_id: str
    rest_api_id: str
    files_bucket: str
    logs_bucket: str
    permissions_table: str
    audit_table: str
    topic_arn: str
    state_machines: dict[str, str]
    functions: dict[str, str]
    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def client(self, service: str, **options: Any) -> Any:
        """A boto3 client of one service of the embedded AWS, with the deployer's keys."""
        import boto3

        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            **options,
        )

    def write(self, path: Path) -> None:
        """Write the file for outside tools, readable by its owner only: it holds keys."""
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(dataclasses.asdict(self), file, indent=1)
        partial.replace(path)


def read(path: Path) -> Facts:
    return Facts(**json.loads(path.read_text()))


def gathered(ready: dict[str, Any], outputs: dict[str, Any]) -> Facts:
    """The facts, from the embedded AWS's ready file and Terraform's outputs."""
    named = ("user_pool_id", "client_id", "rest_api_id", "files_bucket", "logs_bucket")
    named += ("permissions_table", "audit_table", "topic_arn")
    return Facts(
        endpoint=ready["endpoint"],
        api=f"{ready['api_endpoint']}/v1",
        login=outputs["login_url"],
        inbox=f"{ready['endpoint']}/_local/mail/",
        region=ready["region"],
        account=ready["account"],
        state_machines=outputs["state_machine_arns"],
        functions=outputs["function_names"],
        access_key_id=ready["access_key_id"],
        secret_access_key=ready["secret_access_key"],
        **{name: outputs[name] for name in named},
    )

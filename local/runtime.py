"""What the parts of the embedded AWS know of the process they run in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from local import credentials as credentials_module

if TYPE_CHECKING:
    from pathlib import Path

    from local.credentials import Credential, Credentials

DEPLOYER = "user/deployer"


class Inbox(Protocol):
    """Where mail goes instead of leaving the machine (local/mail.py)."""

    def deliver(self, to: str, subject: str, body: str, source: str) -> object: ...


class _NoInbox:
    def deliver(self, to: str, subject: str, body: str, source: str) -> object:
        raise RuntimeError(f"no inbox yet for {to}: {subject} ({source}, {len(body)} characters)")


@dataclass
class Runtime:
    """Set once at start, before the first request; ports are the ones really bound."""

    port: int = 0
    api_port: int = 0
    region: str = "us-east-1"
    account: str = "123456789012"
    lambda_runtime: Path | None = None
    log_delivery_seconds: float = 5.0  # hours on AWS
    credentials: Credentials = field(default_factory=lambda: credentials_module._credentials)
    inbox: Inbox = field(default_factory=_NoInbox)
    deployer: Credential | None = None

    @property
    def endpoint(self) -> str:
        """Where the AWS services answer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_endpoint(self) -> str:
        """Where deployed REST APIs answer."""
        return f"http://127.0.0.1:{self.api_port}"

    def issue_deployer(self) -> Credential:
        """Issue the key of whoever starts the process: the one in the ready file."""
        self.deployer = self.credentials.issue(
            f"arn:aws:iam::{self.account}:{DEPLOYER}", lifetime_seconds=None
        )
        return self.deployer


RUNTIME = Runtime()

"""Who signed a request: every access key this process has handed out, and whom it stands for."""

from __future__ import annotations

import secrets
import string
import threading
import time
from dataclasses import dataclass
from typing import Any

from local.patching import patch

_ALPHABET = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Credential:
    """An access key; `session_token` and `expires_at` (epoch seconds) are None for a lasting one."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None
    principal_arn: str
    expires_at: float | None

    @property
    def expired(self) -> bool:
        return self.expires_at is not None and time.time() >= self.expires_at


class Credentials:
    """The keys issued since the start. Random each time, so no key outlives the process."""

    def __init__(self) -> None:
        self._by_id: dict[str, Credential] = {}
        self._lock = threading.Lock()
        self._sweep_at = 1024

    def find(self, access_key_id: str) -> Credential | None:
        """Return the credential of this key, or None when it is unknown or has expired."""
        found = self._by_id.get(access_key_id)
        return None if found is None or found.expired else found

    def issue(self, principal_arn: str, lifetime_seconds: float | None = 3600) -> Credential:
        """Make a credential for a principal; a lifetime of None gives one that does not expire."""
        temporary = lifetime_seconds is not None
        credential = Credential(
            access_key_id=("ASIA" if temporary else "AKIA") + _letters(16),
            secret_access_key=secrets.token_urlsafe(30),
            session_token=secrets.token_urlsafe(48) if temporary else None,
            principal_arn=principal_arn,
            expires_at=time.time() + lifetime_seconds if lifetime_seconds is not None else None,
        )
        self.register(credential)
        return credential

    def register(self, credential: Credential) -> None:
        with self._lock:
            self._by_id[credential.access_key_id] = credential
            if len(self._by_id) >= self._sweep_at:
                self._by_id = {k: c for k, c in self._by_id.items() if not c.expired}
                self._sweep_at = max(1024, 2 * len(self._by_id))


_credentials = Credentials()
find = _credentials.find
issue = _credentials.issue
register = _credentials.register


def _letters(count: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(count))


@patch("moto.sts.models:STSBackend.assume_role")
def _assume_role(original: Any, self: Any, **kwargs: Any) -> Any:
    """AssumeRole hands out a key that the signature checks know, as a session of that role."""
    role = original(self, **kwargs)
    credential = Credential(
        access_key_id=role.access_key_id,
        secret_access_key=role.secret_access_key,
        session_token=role.session_token,
        principal_arn=role.role_arn,
        expires_at=time.time() + float(kwargs.get("duration") or 3600),
    )
    register(credential)
    return role


@patch("moto.sts.models:STSBackend.get_caller_identity")
def _get_caller_identity(original: Any, self: Any, access_key_id: str, region: str) -> Any:
    credential = find(access_key_id)
    if credential is None or self.get_assumed_role_from_access_key(access_key_id):
        return original(self, access_key_id, region)
    arn, account = credential.principal_arn, credential.principal_arn.split(":")[4]
    if ":role/" in arn:
        # A role acts through a session; AWS names a Lambda's after its function.
        arn = f"arn:aws:sts::{account}:assumed-role/{arn.rpartition('/')[2]}/waybill-local"
    return access_key_id, arn, account

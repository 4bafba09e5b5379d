"""The pool's password policy, with AWS's defaults and words.

Wrong in moto: the longest and shortest lengths are off by one, and the error does not say why.
https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
"""

from __future__ import annotations

import re
import secrets
import string
from typing import TYPE_CHECKING, Any

from local.cognito.pools import refusal
from local.patching import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST = 256
SYMBOLS = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- "

_KINDS = (
    ("RequireUppercase", "A-Z", "Password must have uppercase characters"),
    ("RequireLowercase", "a-z", "Password must have lowercase characters"),
    ("RequireNumbers", "0-9", "Password must have numeric characters"),
    ("RequireSymbols", re.escape(SYMBOLS), "Password must have symbol characters"),
)


@patch("moto.cognitoidp.models:CognitoIdpBackend._validate_password")
def _validate_password(
    _original: Callable[..., None], self: Any, user_pool_id: str, password: str
) -> None:
    pool = self.describe_user_pool(user_pool_id)
    policy = (pool.extended_config.get("Policies") or {}).get("PasswordPolicy") or {}
    for complaint in complaints(policy, password):
        raise refusal(
            "InvalidPasswordException", f"Password did not conform with policy: {complaint}"
        )


def complaints(policy: dict[str, Any], password: str) -> Iterator[str]:
    """Everything a PasswordPolicy has against a password, in Cognito's words."""
    if len(password) < int(policy.get("MinimumLength", 8)):
        yield "Password not long enough"
    if len(password) > LONGEST:
        yield "Password is too long"
    if password != password.strip():
        yield "Password must not begin or end with a space"
    for name, characters, complaint in _KINDS:
        if policy.get(name, True) and not re.search(f"[{characters}]", password):
            yield complaint


def temporary_password() -> str:
    """A password every policy accepts, for a person an administrator creates."""
    kinds = (string.ascii_uppercase, string.ascii_lowercase, string.digits, "!@#$%^&*")
    characters = [secrets.choice(kind) for kind in kinds for _ in range(4)]
    secrets.SystemRandom().shuffle(characters)
    return "".join(characters)

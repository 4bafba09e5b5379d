"""User pools, app clients and people as moto keeps them, found the way Cognito finds them.

Wrong in moto: names compare case-sensitively whatever the pool says (models.py `_get_user`), an
address answers before it is verified where it is only an alias, and UpdateUserPool forgets what
cannot be changed. Everything else about storage stays moto's.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from moto.core.exceptions import JsonRESTError

from local.patching import patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# moto's own classes carry no type information; these names say which one is meant.
Pool = Any
Client = Any
User = Any

T = TypeVar("T")

SECONDS_IN = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
DEFAULT_UNITS = {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}
DEFAULT_VALIDITY = {"AccessToken": 1, "IdToken": 1, "RefreshToken": 30}

# UpdateUserPool has no such parameters, so their absence there must not mean "reset".
SET_AT_CREATION = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")


class Beside(Generic[T]):
    """State of ours belonging to one of moto's objects; it goes when that object goes."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._kept: WeakKeyDictionary[Any, T] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, owner: Any) -> T:
        with self._lock:
            if owner not in self._kept:
                self._kept[owner] = self._make()
            return self._kept[owner]


def refusal(error_type: str, message: str) -> Exception:
    """A Cognito API error: HTTP 400 with `__type`."""
    error: Exception = JsonRESTError(error_type, message)
    return error


def every_pool() -> Iterator[Pool]:
    from moto.cognitoidp.models import cognitoidp_backends

    for regions in list(cognitoidp_backends.values()):
        for backend in list(regions.values()):
            yield from list(backend.user_pools.values())


def find_pool(pool_id: str) -> Pool | None:
    return next((pool for pool in every_pool() if pool.id == pool_id), None)


def find_client(client_id: str | None) -> tuple[Pool, Client]:
    """The pool and app client of a client id. Raises ResourceNotFoundException."""
    for pool in every_pool():
        if client_id in pool.clients:
            return pool, pool.clients[client_id]
    raise refusal("ResourceNotFoundException", f"User pool client {client_id} does not exist.")


def normalised(pool: Pool, name: str) -> str:
    """The form in which two names of this pool are compared."""
    settings = pool.extended_config.get("UsernameConfiguration") or {}
    return name if settings.get("CaseSensitive") else name.casefold()


def signs_in_by_address(pool: Pool) -> bool:
    return "email" in (pool.extended_config.get("UsernameAttributes") or [])


def _names(pool: Pool, user: User) -> Iterator[str]:
    yield user.username
    for attribute in pool.extended_config.get("UsernameAttributes") or []:
        if user.attribute_lookup.get(attribute):
            yield user.attribute_lookup[attribute]
    for attribute in pool.extended_config.get("AliasAttributes") or []:
        verified = user.attribute_lookup.get(f"{attribute}_verified") == "true"
        if attribute == "preferred_username" or verified:
            yield user.attribute_lookup.get(attribute) or user.username


def find_user(pool: Pool, name: str | None) -> User | None:
    """The person of that user name, sub or sign-in address; None when there is none."""
    if not name:
        return None
    wanted = normalised(pool, name)
    for user in list(pool.users.values()):
        if any(normalised(pool, known) == wanted for known in _names(pool, user)):
            return user
    return None


@patch("moto.cognitoidp.models:CognitoIdpUserPool._get_user")
def _get_user(_original: Callable[..., Any], self: Pool, username: str) -> User | None:
    return find_user(self, username)


def lifetime_seconds(client: Client, token: str) -> int:
    """Lifetime of `AccessToken`, `IdToken` or `RefreshToken` as this client configures it."""
    settings = client.extended_config
    unit = (settings.get("TokenValidityUnits") or {}).get(token) or DEFAULT_UNITS[token]
    return int(settings.get(f"{token}Validity") or DEFAULT_VALIDITY[token]) * SECONDS_IN[unit]


def hides_existence(client: Client) -> bool:
    return bool(client.extended_config.get("PreventUserExistenceErrors") == "ENABLED")


@patch("moto.cognitoidp.models:CognitoIdpBackend.update_user_pool")
def update_user_pool(
    original: Callable[..., None], self: Any, user_pool_id: str, settings: dict[str, Any]
) -> None:
    """Keep what is fixed at creation; moto would drop it and so make names case-sensitive."""
    pool = self.describe_user_pool(user_pool_id)
    kept = {
        key: pool.extended_config[key] for key in SET_AT_CREATION if key in pool.extended_config
    }
    original(self, user_pool_id, {**settings, **kept})
    pool.mfa_config = settings.get("MfaConfiguration") or pool.mfa_config


@patch("moto.cognitoidp.models:CognitoIdpBackend.update_user_pool_client")
def update_user_pool_client(
    original: Callable[..., Client],
    self: Any,
    user_pool_id: str,
    client_id: str,
    settings: dict[str, Any],
) -> Client:
    """UpdateUserPoolClient replaces the settings; moto merges, so a removed one would stay.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
    """
    client = self.describe_user_pool_client(user_pool_id, client_id)
    defaults = type(client)(user_pool_id, client.generate_secret, {}).extended_config
    client.extended_config.clear()
    return original(self, user_pool_id, client_id, {**defaults, **settings})


@patch("moto.cognitoidp.models:CognitoIdpBackend.delete_user_pool")
def delete_user_pool(original: Callable[..., None], self: Any, user_pool_id: str) -> None:
    pool = self.describe_user_pool(user_pool_id)
    if pool.extended_config.get("DeletionProtection") == "ACTIVE":
        raise refusal(
            "InvalidParameterException",
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first.",
        )
    if pool.domain is not None:
        raise refusal(
            "InvalidParameterException",
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        )
    original(self, user_pool_id)


@patch("moto.cognitoidp.models:CognitoIdpUserPool.to_json")
def pool_to_json(
    original: Callable[..., dict[str, Any]], self: Pool, *args: Any, **kwargs: Any
) -> dict[str, Any]:
    """Read back the tier new pools get; without one Terraform sees drift at every plan."""
    return {"UserPoolTier": "ESSENTIALS", **original(self, *args, **kwargs)}

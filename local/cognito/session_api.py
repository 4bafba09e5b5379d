"""What becomes of a sign-in through the API: refreshing, revoking, signing out everywhere.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult

from local.cognito import tokens
from local.cognito.pools import Client, Pool, find_client, find_user, refusal
from local.cognito.sign_in_api import result
from local.patching import add, patch

if TYPE_CHECKING:
    from collections.abc import Callable

_RESPONSE = "moto.cognitoidp.responses:CognitoIdpResponse"


@add(f"{_RESPONSE}.get_tokens_from_refresh_token")
def get_tokens_from_refresh_token(self: Any) -> ActionResult:
    pool, client = find_client(self._get_param("ClientId"))
    _check_client_secret(client, self._get_param("ClientSecret"))
    return ActionResult(result(tokens.refresh(pool, client, self._get_param("RefreshToken"))))


@add(f"{_RESPONSE}.revoke_token")
def revoke_token(self: Any) -> EmptyResult:
    pool, client = find_client(self._get_param("ClientId"))
    _check_client_secret(client, self._get_param("ClientSecret"))
    if client.extended_config.get("EnableTokenRevocation") is False:
        raise refusal("UnsupportedOperationException", "Token revocation is not enabled.")
    tokens.revoke(pool, client, self._get_param("Token"))
    return EmptyResult()


def _check_client_secret(client: Client, given: str | None) -> None:
    if client.generate_secret and not secrets.compare_digest(client.secret, given or ""):
        raise refusal("NotAuthorizedException", "Unable to verify the client secret.")


@patch(f"{_RESPONSE}.global_sign_out")
def global_sign_out(_original: Callable[..., Any], self: Any) -> EmptyResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    tokens.sign_out_everywhere(bearer.pool, bearer.user)
    return EmptyResult()


@patch("moto.cognitoidp.models:CognitoIdpUserPool.sign_out")
def sign_out(_original: Callable[..., None], self: Pool, username: str) -> None:
    """AdminUserGlobalSignOut arrives here."""
    tokens.sign_out_everywhere(self, find_user(self, username))

"""What an app client may do: its flows, its scopes, its secret."""

from __future__ import annotations

import base64
import hashlib
import hmac

from local.cognito import tokens
from local.cognito.pools import Client, Pool, refusal

OIDC_SCOPES = frozenset({"openid", "email", "phone", "profile", tokens.SELF_SERVICE_SCOPE})

_DEFAULT_FLOWS = ("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_CUSTOM_AUTH")


def allow_flow(client: Client, flow: str) -> None:
    """Raise InvalidParameterException unless the client has this authentication flow."""
    flows = client.extended_config.get("ExplicitAuthFlows") or _DEFAULT_FLOWS
    if f"ALLOW_{flow}" not in flows and flow not in flows:
        raise refusal("InvalidParameterException", f"{flow} flow not enabled for this client")


def check_secret_hash(client: Client, name: str, given: str | None) -> None:
    """SECRET_HASH of a client with a secret: HMAC-SHA256 over user name and client id."""
    if not client.generate_secret:
        return
    if given is None:
        raise refusal(
            "NotAuthorizedException",
            f"Client {client.id} is configured with secret but SECRET_HASH was not received",
        )
    digest = hmac.new(client.secret.encode(), f"{name}{client.id}".encode(), hashlib.sha256)
    if not hmac.compare_digest(base64.b64encode(digest.digest()), given.encode()):
        raise refusal(
            "NotAuthorizedException", f"Unable to verify secret hash for client {client.id}"
        )


def secret_matches(client: Client, secret: str) -> bool:
    return hmac.compare_digest(client.secret.encode(), secret.encode())


def allowed_scopes(client: Client) -> list[str]:
    return list(client.extended_config.get("AllowedOAuthScopes") or [])


def custom_scopes(pool: Pool) -> frozenset[str]:
    """Every `identifier/scope` of the pool's resource servers."""
    return frozenset(
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource_servers.values()
        for scope in server.scopes or []
    )


def grantable_scopes(pool: Pool, client: Client, requested: list[str]) -> list[str] | None:
    """The scopes to grant: those asked for, or all allowed. None when one is not allowed."""
    allowed = allowed_scopes(client)
    known = OIDC_SCOPES | custom_scopes(pool)
    if any(scope not in allowed or scope not in known for scope in requested):
        return None
    return list(dict.fromkeys(requested or [scope for scope in allowed if scope in known]))


def offers(client: Client, flow: str) -> bool:
    """Whether the client may use an OAuth flow: `code` or `client_credentials`."""
    settings = client.extended_config
    flows = settings.get("AllowedOAuthFlows") or []
    return bool(settings.get("AllowedOAuthFlowsUserPoolClient")) and flow in flows

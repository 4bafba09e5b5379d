"""The endpoints applications call themselves: token, revoke, userInfo, and discovery.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from moto.core.exceptions import JsonRESTError
from werkzeug.wrappers import Response

from local.cognito import keys
from local.cognito import tokens as cognito_tokens
from local.cognito.claims import readable_attributes
from local.cognito.clients import custom_scopes, grantable_scopes, offers, secret_matches
from local.cognito.pools import Client, Pool, find_client
from local.managed_login.codes import InvalidGrant, codes
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

Grant = Callable[["Request", Pool, Client], cognito_tokens.Tokens]


class OAuthError(Exception):
    """Answered as JSON with status 400 and the error's code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def token(request: Request) -> Response:
    try:
        pool, client = _authenticated(request)
        return _json(_shown(_grant(request)(request, pool, client)))
    except OAuthError as problem:
        return _json({"error": problem.error}, 400)


def _grant(request: Request) -> Grant:
    kind = request.form.get("grant_type", "")
    if kind not in _GRANTS:
        raise OAuthError("unsupported_grant_type")
    return _GRANTS[kind]


def _authenticated(request: Request) -> tuple[Pool, Client]:
    """The client: by HTTP Basic or in the form where it has a secret, by its id where not."""
    if any(len(request.form.getlist(name)) > 1 for name in request.form):
        raise OAuthError("invalid_request")
    client_id, secret = _basic(request) or (
        request.form.get("client_id", ""),
        request.form.get("client_secret", ""),
    )
    if request.form.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_request")
    try:
        pool, client = find_client(client_id)
    except JsonRESTError:
        raise OAuthError("invalid_client") from None
    if client.generate_secret and not secret_matches(client, secret):
        raise OAuthError("invalid_client")
    return pool, client


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client") from None
    return unquote_plus(name), unquote_plus(secret)


def _by_code(request: Request, _pool: Pool, client: Client) -> cognito_tokens.Tokens:
    if not offers(client, "code"):
        raise OAuthError("unauthorized_client")
    names = ("code", "redirect_uri", "code_verifier")
    code, redirect_uri, verifier = (request.form.get(name, "") for name in names)
    try:
        return codes.redeem(code, client, redirect_uri, verifier)
    except (InvalidGrant, JsonRESTError):
        raise OAuthError("invalid_grant") from None


def _by_refresh(request: Request, pool: Pool, client: Client) -> cognito_tokens.Tokens:
    try:
        return cognito_tokens.refresh(pool, client, request.form.get("refresh_token", ""))
    except JsonRESTError:
        raise OAuthError("invalid_grant") from None


def _by_credentials(request: Request, pool: Pool, client: Client) -> cognito_tokens.Tokens:
    if not client.generate_secret or not offers(client, "client_credentials"):
        raise OAuthError("unauthorized_client")
    scopes = grantable_scopes(pool, client, request.form.get("scope", "").split())
    # A machine has no person whose claims the OpenID scopes could show.
    if not scopes or not set(scopes) <= custom_scopes(pool):
        raise OAuthError("invalid_scope")
    return cognito_tokens.client_credentials(pool, client, scopes)


_GRANTS: dict[str, Grant] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "client_credentials": _by_credentials,
}


def _shown(tokens: cognito_tokens.Tokens) -> dict[str, Any]:
    answer = {
        "id_token": tokens.identity,
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "expires_in": tokens.expires_in,
        "token_type": "Bearer",
    }
    return {name: value for name, value in answer.items() if value is not None}


def revoke(request: Request) -> Response:
    """RFC 7009: 200 for a token that is unknown or ended already."""
    given = request.form.get("token")
    if not given:
        return _json({"error": "invalid_request"}, 400)
    try:
        pool, client = _authenticated(request)
        cognito_tokens.revoke(pool, client, given)
    except OAuthError as problem:
        return _json({"error": problem.error}, 400)
    except JsonRESTError:
        return _json({"error": "unauthorized_client"}, 400)
    return Response(b"", 200)


def user_info(request: Request) -> Response:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        bearer = cognito_tokens.read_access_token(given if scheme == "Bearer" else None, "openid")
    except JsonRESTError as problem:
        answer = _json({"error": "invalid_token", "error_description": problem.message}, 401)
        answer.headers["WWW-Authenticate"] = 'error="invalid_token"'
        return answer
    _, client = find_client(bearer.client_id)
    claims = readable_attributes(client, bearer.user, tuple(bearer.scopes))
    # This endpoint alone writes truth values as strings.
    shown = {
        name: str(value).lower() if value in (True, False) else value
        for name, value in claims.items()
    }
    return _json({"sub": bearer.user.id, **shown, "username": bearer.user.username})


def jwks(pool: Pool) -> Response:
    return _json(keys.jwks(pool))


def discovery(pool: Pool) -> Response:
    """OpenID Connect Discovery 1.0. The issuer is AWS's; the endpoints are this process's."""
    base = RUNTIME.endpoint
    return _json(
        {
            "issuer": keys.issuer(pool),
            "authorization_endpoint": f"{base}/oauth2/authorize",
            "token_endpoint": f"{base}/oauth2/token",
            "userinfo_endpoint": f"{base}/oauth2/userInfo",
            "revocation_endpoint": f"{base}/oauth2/revoke",
            "end_session_endpoint": f"{base}/logout",
            "jwks_uri": f"{base}/{pool.id}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


def _json(content: dict[str, Any], status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Response(json.dumps(content), status, headers, mimetype="application/json")

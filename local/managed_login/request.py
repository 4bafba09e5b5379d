"""What an application asks of managed login, checked before anything is shown or sent anywhere.

Stricter than Cognito on purpose: authorization code with PKCE S256 is the only flow, for every
client (Cognito also offers the implicit flow, and PKCE only where the client asks for it).
https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from moto.core.exceptions import JsonRESTError

from local.cognito.clients import grantable_scopes, offers
from local.cognito.pools import Client, Pool, find_client

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

# The base64url of a SHA-256, without padding (RFC 7636, 4.2).
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class BadRequest(Exception):  # noqa: N818 - OAuth's words
    """A request whose client or redirect address is wrong: shown here, never redirected."""


class RefusedRequest(Exception):  # noqa: N818 - OAuth's words
    """A request refused at the application's own address (RFC 6749, 4.1.2.1)."""

    def __init__(self, redirect_uri: str, state: str | None, error: str, description: str) -> None:
        super().__init__(description)
        self.location = with_query(
            redirect_uri, {"error": error, "error_description": description, "state": state}
        )


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request that may be answered."""

    pool: Pool
    client: Client
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    challenge: str
    nonce: str | None
    prompt: str | None
    login_hint: str
    query: str

    @property
    def origin(self) -> str:
        """Where a form of ours ends up, as a CSP source."""
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def read(given: MultiDict[str, str]) -> AuthorizationRequest:
    """Check the parameters of /oauth2/authorize. Raises BadRequest or RefusedRequest."""
    repeated = [name for name in given if len(given.getlist(name)) > 1]
    if repeated:
        raise BadRequest(f"The parameter {repeated[0]} is given more than once.")
    pool, client = _client(given.get("client_id"))
    redirect_uri = given.get("redirect_uri", "")
    if redirect_uri not in (client.extended_config.get("CallbackURLs") or []):
        raise BadRequest("The redirect_uri is not one this application has registered.")
    state = given.get("state")
    problem = _problem(pool, client, given)
    if problem is not None:
        raise RefusedRequest(redirect_uri, state, *problem)
    requested = given.get("scope", "").split()
    return AuthorizationRequest(
        pool=pool,
        client=client,
        redirect_uri=redirect_uri,
        state=state,
        scopes=tuple(grantable_scopes(pool, client, requested) or ()),
        challenge=given["code_challenge"],
        nonce=given.get("nonce"),
        prompt=given.get("prompt"),
        login_hint=given.get("login_hint", ""),
        query=urlencode(list(given.items(multi=True))),
    )


def _client(client_id: str | None) -> tuple[Pool, Client]:
    try:
        pool, client = find_client(client_id)
    except JsonRESTError:
        raise BadRequest("The client_id is not known.") from None
    if pool.domain is None:
        raise BadRequest("The user pool has no domain, so it has no managed login.")
    if "COGNITO" not in (client.extended_config.get("SupportedIdentityProviders") or []):
        raise BadRequest("The application does not sign in with the user pool itself.")
    return pool, client


def _problem(pool: Pool, client: Client, given: MultiDict[str, str]) -> tuple[str, str] | None:
    """OAuth error and description, or None."""
    scopes = grantable_scopes(pool, client, given.get("scope", "").split())
    demands = (
        (
            given.get("response_type") == "code",
            "unsupported_response_type",
            "response_type must be code",
        ),
        (
            offers(client, "code"),
            "unauthorized_client",
            "the client may not use the authorization code flow",
        ),
        (
            given.get("code_challenge_method") == "S256",
            "invalid_request",
            "code_challenge_method must be S256",
        ),
        (
            bool(_CHALLENGE.fullmatch(given.get("code_challenge", ""))),
            "invalid_request",
            "code_challenge is missing or malformed",
        ),
        (bool(scopes), "invalid_scope", "a requested scope is not allowed for this client"),
        (
            given.get("prompt") in {None, "login", "none"},
            "invalid_request",
            "prompt must be login or none",
        ),
    )
    return next(((error, text) for met, error, text in demands if not met), None)


def with_query(url: str, parameters: dict[str, str | None]) -> str:
    """Append parameters to an address that may have some already."""
    parts = urlsplit(url)
    given = [(name, value) for name, value in parameters.items() if value is not None]
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True) + given)
    return urlunsplit(parts._replace(query=query))

"""Sign-in through the API: InitiateAuth and its challenges, authenticators, sign-out, revocation.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult

from local.cognito import sign_in, srp
from local.cognito import tokens as cognito_tokens
from local.cognito.clients import allow_flow, check_secret_hash
from local.cognito.pools import Client, Pool, User, find_client, find_user, refusal
from local.cognito.sign_in import Session
from local.patching import patch

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = dict[str, Any]
_REFRESH = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
_RESPONSE = "moto.cognitoidp.responses:CognitoIdpResponse"


@patch(f"{_RESPONSE}.initiate_auth")
def initiate_auth(_original: Callable[..., Any], self: Any) -> ActionResult:
    pool, client = find_client(self._get_param("ClientId"))
    flow = str(self._get_param("AuthFlow"))
    return ActionResult(_initiate(pool, client, flow, self._get_param("AuthParameters") or {}))


@patch(f"{_RESPONSE}.admin_initiate_auth")
def admin_initiate_auth(_original: Callable[..., Any], self: Any) -> ActionResult:
    pool, client = _client_of_pool(self)
    flow = str(self._get_param("AuthFlow"))
    parameters = self._get_param("AuthParameters") or {}
    return ActionResult(_initiate(pool, client, flow, parameters, admin=True))


def _client_of_pool(response: Any) -> tuple[Pool, Client]:
    pool, client = find_client(response._get_param("ClientId"))
    if pool.id != response._get_param("UserPoolId"):
        raise refusal("ResourceNotFoundException", f"User pool client {client.id} does not exist.")
    return pool, client


def _initiate(
    pool: Pool, client: Client, flow: str, given: dict[str, str], *, admin: bool = False
) -> Answer:
    if flow in _REFRESH:
        return _refresh(pool, client, given)
    passwords = (
        ("ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH") if admin else ("USER_PASSWORD_AUTH",)
    )
    if flow not in (*passwords, "USER_SRP_AUTH"):
        raise refusal("InvalidParameterException", "Initiate Auth method not supported.")
    allow_flow(client, flow)
    name = _required(given, "USERNAME")
    check_secret_hash(client, name, given.get("SECRET_HASH"))
    if flow == "USER_SRP_AUTH":
        return _start_srp(pool, client, name, _required(given, "SRP_A"))
    password = _required(given, "PASSWORD")
    user = sign_in.check_password(pool, client, name, password)
    return _continue(pool, client, user)


def _start_srp(pool: Pool, client: Client, name: str, client_public: str) -> Answer:
    sign_in.refuse_while_locked(pool, name)
    user = sign_in.known_user(pool, client, name)
    # For somebody unknown the exchange goes on with a password nobody has.
    user_id, password = (user.username, user.password) if user else (name, secrets.token_hex())
    try:
        exchange = srp.start(pool.id, user_id, password or secrets.token_hex(), client_public)
    except ValueError:
        raise refusal("InvalidParameterException", "SRP_A is not valid.") from None
    session = Session(pool, client, user, "PASSWORD_VERIFIER", exchange)
    # Clients answer with the secret block alone, so it is the session's token too.
    sign_in.open_session(session, exchange.secret_block)
    return {
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeParameters": {
            "SALT": exchange.salt,
            "SRP_B": exchange.public,
            "SECRET_BLOCK": exchange.secret_block,
            "USERNAME": user_id,
            "USER_ID_FOR_SRP": user_id,
        },
    }


def _continue(pool: Pool, client: Client, user: User) -> Answer:
    """Tokens, or the next challenge with its session."""
    challenge = sign_in.next_challenge(pool, user)
    if challenge is None:
        return _signed_in(pool, client, user)
    parameters = {"USER_ID_FOR_SRP": user.username}
    if challenge == "MFA_SETUP":
        parameters["MFAS_CAN_SETUP"] = '["SOFTWARE_TOKEN_MFA"]'
    if challenge == "NEW_PASSWORD_REQUIRED":
        parameters |= {"requiredAttributes": "[]", "userAttributes": "{}"}
    session = sign_in.open_session(Session(pool, client, user, challenge))
    return {"ChallengeName": challenge, "ChallengeParameters": parameters, "Session": session}


def _signed_in(pool: Pool, client: Client, user: User) -> Answer:
    _, tokens = cognito_tokens.sign_in(pool, client, cognito_tokens.SignIn(user))
    return result(tokens)


def result(tokens: cognito_tokens.Tokens) -> Answer:
    result = {
        "AccessToken": tokens.access,
        "ExpiresIn": tokens.expires_in,
        "IdToken": tokens.identity,
        "RefreshToken": tokens.refresh,
        "TokenType": "Bearer",
    }
    shown = {name: value for name, value in result.items() if value is not None}
    return {"ChallengeParameters": {}, "AuthenticationResult": shown}


def _refresh(pool: Pool, client: Client, given: dict[str, str]) -> Answer:
    allow_flow(client, "REFRESH_TOKEN_AUTH")
    if cognito_tokens.rotates(client):
        # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
        raise refusal(
            "InvalidParameterException", "Refresh token rotation needs GetTokensFromRefreshToken."
        )
    return result(cognito_tokens.refresh(pool, client, _required(given, "REFRESH_TOKEN")))


@patch(f"{_RESPONSE}.respond_to_auth_challenge")
def respond_to_auth_challenge(_original: Callable[..., Any], self: Any) -> ActionResult:
    _, client = find_client(self._get_param("ClientId"))
    return ActionResult(_respond(client, self))


@patch(f"{_RESPONSE}.admin_respond_to_auth_challenge")
def admin_respond_to_auth_challenge(_original: Callable[..., Any], self: Any) -> ActionResult:
    _, client = _client_of_pool(self)
    return ActionResult(_respond(client, self))


def _respond(client: Client, response: Any) -> Answer:
    challenge = response._get_param("ChallengeName")
    answers = response._get_param("ChallengeResponses") or {}
    if challenge not in (*_CHECKS, "PASSWORD_VERIFIER"):
        raise refusal("InvalidParameterException", f"Challenge {challenge} is not supported.")
    name = _required(answers, "USERNAME")
    check_secret_hash(client, name, answers.get("SECRET_HASH"))
    if challenge == "PASSWORD_VERIFIER":
        return _prove_password(client, name, answers)
    token = response._get_param("Session")
    session = sign_in.expect_session(token, client.id, challenge)
    if find_user(session.pool, name) is not session.user:
        raise refusal("NotAuthorizedException", "Invalid session for the user.")
    # Checked before the session is used up: a mistyped code or password may be tried again.
    _CHECKS[challenge](session, answers)
    sign_in.close_session(token, client.id, challenge)
    if challenge == "NEW_PASSWORD_REQUIRED":
        return _continue(session.pool, client, session.user)
    return _signed_in(session.pool, client, session.user)


def _prove_password(client: Client, name: str, answers: dict[str, str]) -> Answer:
    """PASSWORD_VERIFIER: its session goes by the secret block, and one guess uses it up."""
    block = answers.get("PASSWORD_CLAIM_SECRET_BLOCK")
    session = sign_in.close_session(block, client.id, "PASSWORD_VERIFIER")
    sign_in.refuse_while_locked(session.pool, name)
    right = session.exchange is not None and session.exchange.proves(
        answers.get("PASSWORD_CLAIM_SIGNATURE", ""), answers.get("TIMESTAMP", "")
    )
    user = sign_in.password_checked(session.pool, name, session.user, right=right)
    return _continue(session.pool, client, user)


def _check_new_password(session: Session, answers: dict[str, str]) -> None:
    sign_in.set_first_password(session, _required(answers, "NEW_PASSWORD"))


def _check_code(session: Session, answers: dict[str, str]) -> None:
    sign_in.check_code(session, _required(answers, "SOFTWARE_TOKEN_MFA_CODE"))


def _check_setup(session: Session, _answers: dict[str, str]) -> None:
    if not session.enrolled:
        raise refusal("InvalidParameterException", "Software token has not been verified.")
    session.user.software_token_mfa_enabled = True


_CHECKS: dict[str, Callable[[Session, dict[str, str]], None]] = {
    "NEW_PASSWORD_REQUIRED": _check_new_password,
    "SOFTWARE_TOKEN_MFA": _check_code,
    "MFA_SETUP": _check_setup,
}


def _required(given: dict[str, str], name: str) -> str:
    if not given.get(name):
        raise refusal("InvalidParameterException", f"Missing required parameter {name}")
    return given[name]

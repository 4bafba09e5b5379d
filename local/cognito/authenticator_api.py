"""Authenticator apps through the API: associating one, proving it, asking for it at sign-in.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult

from local.cognito import mfa, sign_in, tokens
from local.cognito.sign_in import Session
from local.patching import patch

if TYPE_CHECKING:
    from collections.abc import Callable

_RESPONSE = "moto.cognitoidp.responses:CognitoIdpResponse"


@patch(f"{_RESPONSE}.associate_software_token")
def associate_software_token(_original: Callable[..., Any], self: Any) -> ActionResult:
    token = self._get_param("Session")
    if not token:
        user = tokens.read_access_token(self._get_param("AccessToken")).user
        return ActionResult({"SecretCode": mfa.begin(user)})
    kept = sign_in.peek_session(token)
    session = sign_in.close_session(token, kept.client.id, "MFA_SETUP")
    following = sign_in.open_session(session)
    return ActionResult({"SecretCode": mfa.begin(session.user), "Session": following})


@patch(f"{_RESPONSE}.verify_software_token")
def verify_software_token(_original: Callable[..., Any], self: Any) -> ActionResult:
    token, code = self._get_param("Session"), self._get_param("UserCode") or ""
    if not token:
        mfa.finish(tokens.read_access_token(self._get_param("AccessToken")).user, code)
        return ActionResult({"Status": "SUCCESS"})
    session = sign_in.peek_session(token)
    mfa.finish(session.user, code)
    sign_in.close_session(token, session.client.id, "MFA_SETUP")
    enrolled = Session(session.pool, session.client, session.user, "MFA_SETUP", enrolled=True)
    return ActionResult({"Status": "SUCCESS", "Session": sign_in.open_session(enrolled)})


@patch(f"{_RESPONSE}.set_user_mfa_preference")
def set_user_mfa_preference(_original: Callable[..., Any], self: Any) -> EmptyResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    bearer.pool.backend.admin_set_user_mfa_preference(
        bearer.pool.id,
        bearer.user.username,
        self._get_param("SoftwareTokenMfaSettings"),
        self._get_param("SMSMfaSettings"),
    )
    return EmptyResult()

"""Cognito user pools: the API calls, answered by what moto stores and by our own checks.

Plain moto accepts any password through SRP, any code, and signs with a published key; what each
file of `cognito_*` puts right stands at its top. Managed login is in `managed_login.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local import (
    cognito_account_api,
    cognito_administration,
    cognito_authenticator_api,
    cognito_session_api,
    managed_login,
)
from local.patching import replace
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = [
    "cognito_account_api",
    "cognito_administration",
    "cognito_authenticator_api",
    "cognito_session_api",
    "middleware",
]

# Unsigned calls (SignUp, InitiateAuth, ...) name no region; moto sends all of them to us-east-1.
replace(
    "moto.moto_server.werkzeug_app:UNSIGNED_REQUESTS",
    {
        "AWSCognitoIdentityService": ("cognito-identity", RUNTIME.region),
        "AWSCognitoIdentityProviderService": ("cognito-idp", RUNTIME.region),
    },
)


def middleware(app: WSGIApplication) -> WSGIApplication:
    return managed_login.middleware(app)

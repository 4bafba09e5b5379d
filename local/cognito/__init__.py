"""Cognito user pools: the API calls, answered by what moto stores and by our own checks.

Plain moto accepts any password through SRP, any code, and signs with a published key; what each
file of this folder puts right stands at its top. Managed login is in `managed_login/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local import managed_login
from local.cognito import (  # noqa: F401 - each registers its own patches
    account_api,
    administration,
    authenticator_api,
    session_api,
)
from local.patching import replace
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

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

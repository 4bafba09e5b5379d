"""The Cognito user pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.addresses import normalise

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class CognitoPeople:
    def __init__(self, client: CognitoIdentityProviderClient, user_pool_id: str) -> None:
        self._client = client
        self._pool = user_pool_id

    def verified_email(self, username: str) -> str | None:
        try:
            user = self._client.admin_get_user(UserPoolId=self._pool, Username=username)
        except self._client.exceptions.UserNotFoundException:
            return None
        attributes = {one["Name"]: one.get("Value", "") for one in user["UserAttributes"]}
        if not user["Enabled"] or attributes.get("email_verified") != "true":
            return None
        return normalise(attributes["email"])

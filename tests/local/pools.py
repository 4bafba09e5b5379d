"""Makes user pools, app clients and people for the contract tests."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from tests.person import Person, Settings

CALLBACK = "http://localhost:5173/callback"
LOGOUT = "http://localhost:5173/"
PASSWORD = "Correct-horse-7"
SCOPES = ["openid", "email", "profile", "aws.cognito.signin.user.admin"]
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@dataclass
class UserPool:
    """A user pool of the target, with one public app client."""

    aws: Any
    id: str
    client_id: str

    @property
    def idp(self) -> Any:
        return self.aws.client("cognito-idp")

    @property
    def arn(self) -> str:
        return f"arn:aws:cognito-idp:{self.aws.region}:123456789012:userpool/{self.id}"

    def client(self, **settings: Any) -> dict[str, Any]:
        """Make a further app client; a public one with the code flow unless told otherwise."""
        return add_client(self.aws, self.id, **settings)

    def person(self, client_id: str | None = None, **settings: str) -> Person:
        """Somebody new, with an address of their own; nothing is signed up yet."""
        chosen = {"scope": " ".join(SCOPES), "redirect_uri": CALLBACK, "logout_uri": LOGOUT}
        where = Settings(
            self.aws.endpoint,
            f"{self.aws.api_endpoint}/v1",
            client_id or self.client_id,
            **{**chosen, **settings},
        )
        return Person(where, f"{uuid.uuid4().hex[:12]}@example.com", PASSWORD)

    def member(self, **settings: str) -> Person:
        """Somebody with a confirmed account."""
        person = self.person(**settings)
        self.idp.admin_create_user(
            UserPoolId=self.id,
            Username=person.email,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": person.email},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
        self.idp.admin_set_user_password(
            UserPoolId=self.id, Username=person.email, Password=PASSWORD, Permanent=True
        )
        return person

    def sign_in(self, person: Person, password: str | None = None, **settings: Any) -> Any:
        """InitiateAuth with the password; the whole answer."""
        return self.idp.initiate_auth(
            ClientId=settings.pop("ClientId", self.client_id),
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": person.email, "PASSWORD": password or person.password},
        )

    def tokens(self, person: Person) -> dict[str, Any]:
        return self.sign_in(person)["AuthenticationResult"]

    def refresh(self, token: str, client_id: str | None = None) -> dict[str, Any]:
        answer = self.idp.initiate_auth(
            ClientId=client_id or self.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": token},
        )
        return answer["AuthenticationResult"]


def add_client(aws: Any, pool_id: str, **settings: Any) -> dict[str, Any]:
    chosen = {
        "ClientName": "web",
        "ExplicitAuthFlows": FLOWS,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": SCOPES,
        "CallbackURLs": [CALLBACK],
        "LogoutURLs": [LOGOUT],
        "SupportedIdentityProviders": ["COGNITO"],
        "PreventUserExistenceErrors": "ENABLED",
    }
    made = aws.client("cognito-idp").create_user_pool_client(
        UserPoolId=pool_id, **{**chosen, **settings}
    )
    return made["UserPoolClient"]


def make_pool(aws: Any, client: dict[str, Any] | None = None, **settings: Any) -> UserPool:
    """Make a pool like the product's: sign-in by address, upper and lower case alike."""
    idp = aws.client("cognito-idp")
    chosen = {
        "PoolName": f"test-{uuid.uuid4().hex[:8]}",
        "UsernameAttributes": ["email"],
        "AutoVerifiedAttributes": ["email"],
        "UsernameConfiguration": {"CaseSensitive": False},
    }
    pool_id = idp.create_user_pool(**{**chosen, **settings})["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=pool_id, Domain=f"test-{uuid.uuid4().hex[:12]}")
    return UserPool(aws, pool_id, add_client(aws, pool_id, **(client or {}))["ClientId"])

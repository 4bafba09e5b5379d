"""People's accounts through the API: their own calls, and an administrator's.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult

from local.cognito import codes, passwords, tokens, triggers, users
from local.cognito.clients import check_secret_hash
from local.cognito.pools import Client, Pool, find_client, find_user, refusal
from local.cognito.sign_in import check_password
from local.patching import add, patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable

_RESPONSE = "moto.cognitoidp.responses:CognitoIdpResponse"
_BACKEND = "moto.cognitoidp.models:CognitoIdpBackend"


def _public_call(response: Any) -> tuple[Pool, Client, str]:
    pool, client = find_client(response._get_param("ClientId"))
    name = response._get_param("Username") or ""
    check_secret_hash(client, name, response._get_param("SecretHash"))
    return pool, client, name


@patch(f"{_RESPONSE}.sign_up")
def sign_up(_original: Callable[..., Any], self: Any) -> ActionResult:
    pool, client, name = _public_call(self)
    given = users.Application(
        name,
        self._get_param("Password") or "",
        self._get_param("UserAttributes") or [],
        self._get_param("ValidationData"),
        self._get_param("ClientMetadata"),
    )
    user, details = users.sign_up(pool, client, given)
    answer = {"UserConfirmed": user.status == "CONFIRMED", "UserSub": user.id}
    return ActionResult({**answer, "CodeDeliveryDetails": details} if details else answer)


@patch(f"{_RESPONSE}.confirm_sign_up")
def confirm_sign_up(_original: Callable[..., Any], self: Any) -> EmptyResult:
    pool, client, name = _public_call(self)
    users.confirm_sign_up(pool, client, name, self._get_param("ConfirmationCode") or "")
    return EmptyResult()


@add(f"{_RESPONSE}.resend_confirmation_code")
def resend_confirmation_code(self: Any) -> ActionResult:
    pool, client, name = _public_call(self)
    return _sent(users.resend_confirmation(pool, client, name))


@patch(f"{_RESPONSE}.forgot_password")
def forgot_password(_original: Callable[..., Any], self: Any) -> ActionResult:
    pool, client, name = _public_call(self)
    return _sent(users.forgot_password(pool, client, name))


@patch(f"{_RESPONSE}.confirm_forgot_password")
def confirm_forgot_password(_original: Callable[..., Any], self: Any) -> EmptyResult:
    pool, client, name = _public_call(self)
    password = self._get_param("Password") or ""
    code = self._get_param("ConfirmationCode") or ""
    users.confirm_forgot_password(pool, client, name, password, code)
    return EmptyResult()


def _sent(details: dict[str, str]) -> ActionResult:
    return ActionResult({"CodeDeliveryDetails": details})


@patch(f"{_RESPONSE}.get_user")
def get_user(_original: Callable[..., Any], self: Any) -> ActionResult:
    user = tokens.read_access_token(self._get_param("AccessToken")).user
    return ActionResult(user.to_json(extended=True, attributes_key="UserAttributes"))


@add(f"{_RESPONSE}.delete_user")
def delete_user(self: Any) -> EmptyResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    bearer.pool.backend.admin_delete_user(bearer.pool.id, bearer.user.username)
    return EmptyResult()


@patch(f"{_RESPONSE}.change_password")
def change_password(_original: Callable[..., Any], self: Any) -> EmptyResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    _, client = find_client(bearer.client_id)
    previous = self._get_param("PreviousPassword") or ""
    proposed = self._get_param("ProposedPassword") or ""
    check_password(bearer.pool, client, bearer.user.username, previous)
    bearer.pool.backend._validate_password(bearer.pool.id, proposed)
    bearer.user.password = proposed
    return EmptyResult()


@patch(f"{_RESPONSE}.update_user_attributes")
def update_user_attributes(_original: Callable[..., Any], self: Any) -> ActionResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    attributes = self._get_param("UserAttributes") or []
    details = users.change_attributes(bearer.pool, bearer.user, attributes)
    return ActionResult({"CodeDeliveryDetailsList": details})


@add(f"{_RESPONSE}.get_user_attribute_verification_code")
def get_user_attribute_verification_code(self: Any) -> ActionResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    _only_email(self)
    return _sent(users.send_attribute_code(bearer.pool, bearer.user))


@add(f"{_RESPONSE}.verify_user_attribute")
def verify_user_attribute(self: Any) -> EmptyResult:
    bearer = tokens.read_access_token(self._get_param("AccessToken"))
    _only_email(self)
    users.verify_address(bearer.user, self._get_param("Code") or "")
    return EmptyResult()


def _only_email(response: Any) -> None:
    if response._get_param("AttributeName") != "email":
        raise refusal("InvalidParameterException", "Only email can be verified here.")


@patch(f"{_RESPONSE}.admin_create_user")
def admin_create_user(original: Callable[..., Any], self: Any) -> ActionResult:
    """Mail the invitation where asked to; moto mails none and leaves the password empty."""
    pool = self.backend.describe_user_pool(self._get_param("UserPoolId"))
    name = self._get_param("Username")
    if self._get_param("MessageAction") != "RESEND" and find_user(pool, name) is not None:
        raise refusal("UsernameExistsException", "User account already exists")
    attributes = {a["Name"]: a["Value"] for a in self._get_param("UserAttributes") or []}
    request = {"userAttributes": attributes, "clientMetadata": self._get_param("ClientMetadata")}
    triggers.pre_sign_up(pool, None, name, request, "PreSignUp_AdminCreateUser")
    result: ActionResult = original(self)
    user = self.backend.admin_get_user(pool.id, name)
    user.password = user.password or passwords.temporary_password()
    by_mail = "EMAIL" in (self._get_param("DesiredDeliveryMediums") or [])
    if by_mail and self._get_param("MessageAction") != "SUPPRESS":
        text = f"Your username is {name} and temporary password is {user.password}."
        address = user.attribute_lookup.get("email", name)
        RUNTIME.inbox.deliver(address, "Your temporary password", text, "cognito")
    return result


@patch(f"{_BACKEND}.admin_confirm_sign_up")
def admin_confirm_sign_up(
    original: Callable[..., str], self: Any, user_pool_id: str, username: str
) -> str:
    user = self.admin_get_user(user_pool_id, username)
    if user.status != "UNCONFIRMED":
        raise refusal(
            "NotAuthorizedException", f"User cannot be confirmed. Current status is {user.status}"
        )
    answer = original(self, user_pool_id, username)
    triggers.post_confirmation(self.describe_user_pool(user_pool_id), None, user)
    return answer


@patch(f"{_BACKEND}.admin_disable_user")
def admin_disable_user(
    original: Callable[..., None], self: Any, user_pool_id: str, username: str
) -> None:
    """AdminDisableUser revokes the person's tokens too."""
    original(self, user_pool_id, username)
    pool = self.describe_user_pool(user_pool_id)
    tokens.sign_out_everywhere(pool, find_user(pool, username))


@patch(f"{_BACKEND}.admin_reset_user_password")
def admin_reset_user_password(
    original: Callable[..., None], self: Any, user_pool_id: str, username: str
) -> None:
    original(self, user_pool_id, username)
    user = self.admin_get_user(user_pool_id, username)
    codes.send(self.describe_user_pool(user_pool_id), user, "reset")


@patch(f"{_BACKEND}.admin_update_user_attributes")
def admin_update_user_attributes(
    _original: Callable[..., None],
    self: Any,
    user_pool_id: str,
    username: str,
    attributes: users.Attributes,
) -> None:
    """An administrator's word counts at once; a changed address is verified only if they say so."""
    pool, user = self.describe_user_pool(user_pool_id), self.admin_get_user(user_pool_id, username)
    given = {a["Name"]: a["Value"] for a in attributes}
    other = find_user(pool, given.get("email"))
    if other is not None and other is not user:
        raise refusal("AliasExistsException", "An account with the given email already exists.")
    if given.get("email", user.attribute_lookup.get("email")) != user.attribute_lookup.get("email"):
        given.setdefault("email_verified", "false")
    user.update_attributes([{"Name": name, "Value": value} for name, value in given.items()])

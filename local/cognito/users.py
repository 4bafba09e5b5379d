"""People's own account: signing up, confirming, a forgotten password, a changed address.

Wrong in moto: anybody's code is accepted, `email_verified` is never set, ALICE@ signs up after
alice@, a changed address counts at once, and a password's policy is off by one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from local.cognito import codes, triggers
from local.cognito.pools import (
    Beside,
    Client,
    Pool,
    User,
    find_user,
    hides_existence,
    refusal,
    signs_in_by_address,
)
from local.patching import replace

Attributes = list[dict[str, str]]

# moto knows neither `o'brien@example.com` nor most of what RFC 5322 (3.2.3, atext) allows.
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = rf"{_ATEXT}(\.{_ATEXT})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
replace("moto.cognitoidp.utils:FORMATS", {"email": _ADDRESS, "phone_number": r"\+\d{,15}"})

_signing_up = threading.Lock()
_new_addresses: Beside[dict[str, str]] = Beside(dict)


@dataclass(frozen=True)
class Application:
    """What somebody hands in to sign up."""

    name: str
    password: str
    attributes: Attributes
    validation_data: Attributes | None = None
    client_metadata: dict[str, str] | None = None


def sign_up(pool: Pool, client: Client, given: Application) -> tuple[User, dict[str, str] | None]:
    """SignUp: the new person, and where the code went (None when none was needed)."""
    if (pool.extended_config.get("AdminCreateUserConfig") or {}).get("AllowAdminCreateUserOnly"):
        raise refusal("NotAuthorizedException", "SignUp is not permitted for this user pool")
    attributes = _flat(given.attributes)
    if signs_in_by_address(pool):
        attributes.setdefault("email", given.name)
    _refuse_taken(pool, given.name, attributes.get("email"))
    pool.backend._validate_password(pool.id, given.password)
    decision = triggers.pre_sign_up(
        pool,
        client.id,
        given.name,
        {
            "userAttributes": attributes,
            "validationData": _flat(given.validation_data or []),
            "clientMetadata": given.client_metadata,
        },
    )
    user = _create(pool, client, given)
    if decision.get("autoConfirmUser"):
        _confirm(pool, client, user, verified=bool(decision.get("autoVerifyEmail")))
        return user, None
    if "email" in (pool.extended_config.get("AutoVerifiedAttributes") or []):
        return user, codes.send(pool, user, "sign_up")
    return user, None


def _create(pool: Pool, client: Client, given: Application) -> User:
    # Nobody verifies an address by saying so.
    claimed = [a for a in given.attributes if not a["Name"].endswith("_verified")]
    with _signing_up:
        _refuse_taken(pool, given.name, _flat(claimed).get("email"))
        user, _ = pool.backend.sign_up(client.id, given.name, given.password, claimed)
    if user.attribute_lookup.get("email"):
        user.update_attributes([{"Name": "email_verified", "Value": "false"}])
    return user


def _refuse_taken(pool: Pool, name: str, email: str | None) -> None:
    by_address = signs_in_by_address(pool)
    if find_user(pool, name) is not None or (by_address and find_user(pool, email) is not None):
        message = "An account with the given email already exists." if by_address else None
        raise refusal("UsernameExistsException", message or "User already exists")


def confirm_sign_up(pool: Pool, client: Client, name: str, code: str) -> None:
    user = find_user(pool, name)
    if user is None:
        raise _no_such_user(
            client, "ExpiredCodeException", "Invalid code provided, please request a code again."
        )
    if user.status != "UNCONFIRMED":
        raise refusal(
            "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"
        )
    codes.use(user, "sign_up", code)
    _confirm(pool, client, user, verified=True)


def _confirm(pool: Pool, client: Client, user: User, *, verified: bool) -> None:
    from moto.cognitoidp.models import UserStatus

    user.status = UserStatus.CONFIRMED
    if verified:
        user.update_attributes([{"Name": "email_verified", "Value": "true"}])
    triggers.post_confirmation(pool, client.id, user)


def resend_confirmation(pool: Pool, client: Client, name: str) -> dict[str, str]:
    user = find_user(pool, name)
    if user is None:
        if hides_existence(client):
            return codes.delivery_details(name)
        raise refusal("UserNotFoundException", "Username/client id combination not found.")
    if user.status != "UNCONFIRMED":
        raise refusal("InvalidParameterException", "User is already confirmed.")
    return codes.send(pool, user, "sign_up")


def forgot_password(pool: Pool, client: Client, name: str) -> dict[str, str]:
    """Mail a reset code. With existence hidden, the answer is the same for anybody."""
    user = find_user(pool, name)
    hidden = hides_existence(client)
    if user is None:
        if hidden:
            return codes.delivery_details(name)
        raise refusal("UserNotFoundException", "Username/client id combination not found.")
    reason = _no_reset(user)
    if reason is None:
        return codes.send(pool, user, "reset")
    if hidden:
        return codes.delivery_details(name)
    raise reason


def _no_reset(user: User) -> Exception | None:
    if not user.enabled:
        return refusal("NotAuthorizedException", "User is disabled.")
    if user.status == "FORCE_CHANGE_PASSWORD":
        return refusal(
            "NotAuthorizedException", "User password cannot be reset in the current state."
        )
    if user.attribute_lookup.get("email_verified") != "true":
        return refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or "
            "phone_number",
        )
    return None


def confirm_forgot_password(
    pool: Pool, client: Client, name: str, password: str, code: str
) -> None:
    user = find_user(pool, name)
    if user is None:
        raise _no_such_user(
            client, "ExpiredCodeException", "Invalid code provided, please request a code again."
        )
    if not user.enabled:
        raise refusal("NotAuthorizedException", "User is disabled.")
    # The policy first: a password it refuses must not cost the code.
    pool.backend._validate_password(pool.id, password)
    codes.use(user, "reset", code)
    user.password = password
    if user.status == "RESET_REQUIRED":
        _mark_confirmed(user)


def _mark_confirmed(user: User) -> None:
    from moto.cognitoidp.models import UserStatus

    user.status = UserStatus.CONFIRMED


def _no_such_user(client: Client, error_type: str, message: str) -> Exception:
    if hides_existence(client):
        return refusal(error_type, message)
    return refusal("UserNotFoundException", "Username/client id combination not found.")


def change_attributes(pool: Pool, user: User, attributes: Attributes) -> list[dict[str, str]]:
    """UpdateUserAttributes: CodeDeliveryDetailsList. A new address waits for its code
    where the pool says so, and is unverified at once where it does not.
    """
    if any(a["Name"] in {"sub", "email_verified", "phone_number_verified"} for a in attributes):
        raise refusal(
            "NotAuthorizedException", "A client attempted to write unauthorized attribute"
        )
    email = _flat(attributes).get("email")
    if email is None or email == user.attribute_lookup.get("email"):
        user.update_attributes(attributes)
        return []
    other = find_user(pool, email)
    if signs_in_by_address(pool) and other is not None and other is not user:
        raise refusal("AliasExistsException", "An account with the given email already exists.")
    settings = pool.extended_config.get("UserAttributeUpdateSettings") or {}
    if "email" in (settings.get("AttributesRequireVerificationBeforeUpdate") or []):
        user.update_attributes([a for a in attributes if a["Name"] != "email"])
        _new_addresses.of(user)["email"] = email
        return [codes.send(pool, user, "email", email)]
    user.update_attributes([*attributes, {"Name": "email_verified", "Value": "false"}])
    if "email" in (pool.extended_config.get("AutoVerifiedAttributes") or []):
        return [codes.send(pool, user, "email")]
    return []


def send_attribute_code(pool: Pool, user: User) -> dict[str, str]:
    return codes.send(pool, user, "email", _new_addresses.of(user).get("email"))


def verify_address(user: User, code: str) -> None:
    """VerifyUserAttribute for `email`: the code makes the waiting address the person's own."""
    codes.use(user, "email", code)
    email = _new_addresses.of(user).pop("email", user.attribute_lookup["email"])
    user.update_attributes(
        [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    )


def _flat(attributes: Attributes) -> dict[str, str]:
    return {attribute["Name"]: attribute["Value"] for attribute in attributes}

"""User pools: accounts, passwords, codes and tokens behave as Cognito's do."""

from __future__ import annotations

import re
import time

import jwt
import pyotp
import pytest
import requests
from botocore.exceptions import ClientError

from tests.local.pools import PASSWORD, make_pool
from tests.local.srp_client import sign_in as srp_sign_in

pytestmark = pytest.mark.gap


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


def refused(call, *args, **kwargs):
    """Return the error's code and message."""
    with pytest.raises(ClientError) as error:
        call(*args, **kwargs)
    given = error.value.response["Error"]
    return given["Code"], given["Message"]


def sign_up(pool, person):
    pool.idp.sign_up(ClientId=pool.client_id, Username=person.email, Password=person.password)
    return person


def verify(pool, token):
    """Return a token's claims, checked against the pool's published keys."""
    published = requests.get(f"{pool.aws.endpoint}/{pool.id}/.well-known/jwks.json", timeout=10)
    keys = {key["kid"]: jwt.PyJWK(key) for key in published.json()["keys"]}
    kid = jwt.get_unverified_header(token)["kid"]
    return jwt.decode(token, keys[kid].key, ["RS256"], options={"verify_aud": False})


# -- accounts --------------------------------------------------------------------------------


def test_an_account_is_confirmed_by_the_mailed_code_alone(pool):
    person = sign_up(pool, pool.person())
    code = person.mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    confirm = {"ClientId": pool.client_id, "Username": person.email}
    code_error, _ = refused(pool.idp.confirm_sign_up, **confirm, ConfirmationCode=wrong)
    assert code_error == "CodeMismatchException"
    assert refused(pool.sign_in, person)[0] == "UserNotConfirmedException"
    pool.idp.confirm_sign_up(**confirm, ConfirmationCode=code)
    user = pool.idp.admin_get_user(UserPoolId=pool.id, Username=person.email)
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    assert pool.tokens(person)["AccessToken"]


def test_five_wrong_codes_close_the_sixth_try_even_with_the_right_one(pool):
    person = sign_up(pool, pool.person())
    code = person.mailed_code()
    confirm = {"ClientId": pool.client_id, "Username": person.email}
    for n in range(1, 6):
        wrong = f"{(int(code) + n) % 10**6:06d}"
        refused(pool.idp.confirm_sign_up, **confirm, ConfirmationCode=wrong)
    assert refused(pool.idp.confirm_sign_up, **confirm, ConfirmationCode=code)[0] == (
        "LimitExceededException"
    )


def test_a_new_code_replaces_the_old_one(pool):
    person = sign_up(pool, pool.person())
    old = person.mailed_code()
    sent = pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username=person.email)
    assert sent["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL"
    new = person.mailed_code(after=1)
    confirm = {"ClientId": pool.client_id, "Username": person.email}
    if old != new:
        refused(pool.idp.confirm_sign_up, **confirm, ConfirmationCode=old)
    pool.idp.confirm_sign_up(**confirm, ConfirmationCode=new)


def test_upper_and_lower_case_are_one_person(pool):
    person = pool.member()
    shouted = {"ClientId": pool.client_id, "Username": person.email.upper(), "Password": PASSWORD}
    assert refused(pool.idp.sign_up, **shouted)[0] == "UsernameExistsException"
    person.email = person.email.upper()
    assert pool.tokens(person)


def test_an_address_may_hold_an_apostrophe(pool):
    person = pool.person()
    address = f"o'brien+{person.email}"
    pool.idp.sign_up(ClientId=pool.client_id, Username=address, Password=PASSWORD)
    assert pool.idp.admin_get_user(UserPoolId=pool.id, Username=address)["Username"]


def test_settings_fixed_at_creation_survive_an_update(pool):
    person = pool.member()
    pool.idp.update_user_pool(UserPoolId=pool.id, AutoVerifiedAttributes=["email"])
    person.email = person.email.upper()
    assert pool.tokens(person)


@pytest.mark.parametrize(
    "password", ["short-A1", "no-digits-Here", "no-upper-case-1", "NoSymbols123"]
)
def test_the_pools_password_policy_is_kept(aws, password):
    policy = {"PasswordPolicy": {"MinimumLength": 12}}
    strict = make_pool(aws, Policies=policy)
    person = strict.person()
    person.password = password
    code, message = refused(sign_up, strict, person)
    assert code == "InvalidPasswordException"
    assert message.startswith("Password did not conform with policy: ")


def test_a_reset_needs_the_mailed_code_and_the_new_password_works(pool):
    person = pool.member()
    pool.idp.forgot_password(ClientId=pool.client_id, Username=person.email)
    change = {"ClientId": pool.client_id, "Username": person.email, "Password": "Another-horse-8"}
    code = person.mailed_code()
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert refused(pool.idp.confirm_forgot_password, **change, ConfirmationCode=wrong)[0] == (
        "CodeMismatchException"
    )
    pool.idp.confirm_forgot_password(**change, ConfirmationCode=code)
    assert refused(pool.sign_in, person)[0] == "NotAuthorizedException"
    assert pool.sign_in(person, "Another-horse-8")["AuthenticationResult"]
    assert refused(pool.idp.confirm_forgot_password, **change, ConfirmationCode=code)[0] == (
        "ExpiredCodeException"
    )


def test_nothing_tells_a_stranger_who_has_an_account_unless_the_client_asks(pool):
    stranger, member = pool.person(), pool.member()
    assert refused(pool.sign_in, stranger) == refused(pool.sign_in, member, "Wrong-horse-9")
    unknown = refused(srp_sign_in, pool.idp, pool.client_id, pool.id, stranger.email, PASSWORD)
    assert unknown == ("NotAuthorizedException", "Incorrect username or password.")
    answers = [
        pool.idp.forgot_password(ClientId=pool.client_id, Username=person.email)
        for person in (stranger, member)
    ]
    shapes = [sorted(answer["CodeDeliveryDetails"]) for answer in answers]
    assert shapes[0] == shapes[1]
    assert not stranger.inbox()
    talkative = pool.client(PreventUserExistenceErrors="LEGACY")["ClientId"]
    assert refused(pool.sign_in, stranger, ClientId=talkative)[0] == "UserNotFoundException"


def test_a_changed_address_waits_for_its_code(aws):
    settings = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    careful = make_pool(aws, UserAttributeUpdateSettings=settings)
    person, new = careful.member(), careful.person()
    token = careful.tokens(person)["AccessToken"]
    changed = [{"Name": "email", "Value": new.email}]
    careful.idp.update_user_attributes(AccessToken=token, UserAttributes=changed)

    def address():
        attributes = careful.idp.get_user(AccessToken=token)["UserAttributes"]
        return {a["Name"]: a["Value"] for a in attributes}["email"]

    assert address() == person.email
    careful.idp.verify_user_attribute(
        AccessToken=token, AttributeName="email", Code=new.mailed_code()
    )
    assert address() == new.email


def test_nobody_verifies_an_address_by_saying_so(pool):
    person = pool.member()
    token = pool.tokens(person)["AccessToken"]
    claim = [{"Name": "email_verified", "Value": "true"}]
    assert refused(pool.idp.update_user_attributes, AccessToken=token, UserAttributes=claim)[0] == (
        "NotAuthorizedException"
    )


def test_a_protected_pool_is_not_deleted(aws):
    protected = make_pool(aws, DeletionProtection="ACTIVE")
    assert refused(protected.idp.delete_user_pool, UserPoolId=protected.id)[0] == (
        "InvalidParameterException"
    )


# -- signing in ------------------------------------------------------------------------------


def test_srp_takes_the_right_password_and_no_other(pool):
    person = pool.member()
    args = (pool.idp, pool.client_id, pool.id, person.email)
    assert srp_sign_in(*args, PASSWORD)["AuthenticationResult"]["AccessToken"]
    assert refused(srp_sign_in, *args, "Wrong-horse-9")[0] == "NotAuthorizedException"


@pytest.mark.parametrize("public", ["0", "00", "zz"])
def test_srp_refuses_a_public_value_that_would_skip_the_password(pool, public):
    person = pool.member()
    parameters = {"USERNAME": person.email, "SRP_A": public}
    start = {"ClientId": pool.client_id, "AuthFlow": "USER_SRP_AUTH"}
    assert refused(pool.idp.initiate_auth, **start, AuthParameters=parameters)[0] == (
        "InvalidParameterException"
    )


def test_a_flow_the_client_lacks_is_refused(pool):
    narrow = pool.client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH"])["ClientId"]
    assert refused(pool.sign_in, pool.member(), ClientId=narrow)[0] == "InvalidParameterException"


def test_after_five_wrong_passwords_the_right_one_has_to_wait(pool):
    person = pool.member()
    for _ in range(5):
        refused(pool.sign_in, person, "Wrong-horse-9")
    assert refused(pool.sign_in, person)[1] == "Password attempts exceeded"

    def opened():
        try:
            return pool.tokens(person)
        except ClientError:
            return None

    assert pool.aws.eventually(opened, seconds=10)


def test_a_disabled_person_neither_signs_in_nor_refreshes_nor_reads(pool):
    person = pool.member()
    tokens = pool.tokens(person)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=person.email)
    assert refused(pool.sign_in, person) == ("NotAuthorizedException", "User is disabled.")
    assert refused(pool.refresh, tokens["RefreshToken"])[0] == "NotAuthorizedException"
    assert refused(pool.idp.get_user, AccessToken=tokens["AccessToken"])[0] == (
        "NotAuthorizedException"
    )


def test_the_first_password_is_the_persons_own(pool):
    person = pool.person()
    pool.idp.admin_create_user(
        UserPoolId=pool.id,
        Username=person.email,
        TemporaryPassword="Temporary-1",
        DesiredDeliveryMediums=["EMAIL"],
    )
    assert person.await_mail("Temporary-1")
    answer = pool.sign_in(person, "Temporary-1")
    assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    given = {"USERNAME": person.email, "NEW_PASSWORD": PASSWORD}
    respond = {"ClientId": pool.client_id, "ChallengeName": "NEW_PASSWORD_REQUIRED"}
    respond |= {"Session": answer["Session"], "ChallengeResponses": given}
    assert pool.idp.respond_to_auth_challenge(**respond)["AuthenticationResult"]
    assert refused(pool.idp.respond_to_auth_challenge, **respond)[0] == "NotAuthorizedException"


def test_an_authenticators_code_counts_once(aws):
    strict = make_pool(aws)
    token = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
    strict.idp.set_user_pool_mfa_config(UserPoolId=strict.id, **token)
    person = strict.member()
    setup = strict.sign_in(person)
    assert setup["ChallengeName"] == "MFA_SETUP"
    enrolment = strict.idp.associate_software_token(Session=setup["Session"])
    person.authenticator = enrolment["SecretCode"]
    assert re.fullmatch("[A-Z2-7]{32,}", person.authenticator)
    used = person.totp()
    verified = strict.idp.verify_software_token(Session=enrolment["Session"], UserCode=used)
    answer = {"ClientId": strict.client_id, "ChallengeName": "MFA_SETUP"}
    answer |= {"Session": verified["Session"], "ChallengeResponses": {"USERNAME": person.email}}
    assert strict.idp.respond_to_auth_challenge(**answer)["AuthenticationResult"]

    challenge = strict.sign_in(person)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    def respond(code):
        return strict.idp.respond_to_auth_challenge(
            ClientId=strict.client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": person.email, "SOFTWARE_TOKEN_MFA_CODE": code},
        )

    stale = pyotp.TOTP(person.authenticator).at(time.time() - 600)
    assert refused(respond, used)[0] == "ExpiredCodeException"
    assert refused(respond, stale)[0] == "CodeMismatchException"
    assert respond(person.totp())["AuthenticationResult"]

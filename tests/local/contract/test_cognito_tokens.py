"""A user pool's tokens: what they say, how long they live, and how they end."""

from __future__ import annotations

import base64
import hashlib
import hmac

import jwt
import pytest
import requests
from botocore.exceptions import ClientError

from tests.local.contract.test_cognito import refused, verify
from tests.local.functions import deploy
from tests.local.pools import PASSWORD, make_pool

pytestmark = pytest.mark.gap


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


def test_tokens_say_what_cognitos_say(pool):
    person = pool.member()
    pool.idp.create_group(UserPoolId=pool.id, GroupName="admins", Precedence=1)
    pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=person.email, GroupName="admins")
    tokens = pool.tokens(person)
    access, identity = verify(pool, tokens["AccessToken"]), verify(pool, tokens["IdToken"])
    issuer = f"https://cognito-idp.{pool.aws.region}.amazonaws.com/{pool.id}"
    assert access["iss"] == identity["iss"] == issuer
    assert access["client_id"] == identity["aud"] == pool.client_id
    assert access["sub"] == identity["sub"] == access["username"] == identity["cognito:username"]
    assert (access["token_use"], identity["token_use"]) == ("access", "id")
    assert access["cognito:groups"] == identity["cognito:groups"] == ["admins"]
    assert access["scope"] == "aws.cognito.signin.user.admin"
    assert access["origin_jti"] == identity["origin_jti"]
    assert access["jti"] != identity["jti"]
    assert identity["email"] == person.email
    assert identity["email_verified"] is True
    assert {"auth_time", "iat", "exp", "event_id"} <= access.keys() & identity.keys()


def test_no_key_of_the_emulators_package_is_trusted(pool):
    keys = requests.get(f"{pool.aws.endpoint}/{pool.id}/.well-known/jwks.json", timeout=10).json()
    assert "dummy" not in [key["kid"] for key in keys["keys"]]
    header = jwt.get_unverified_header(pool.tokens(pool.member())["AccessToken"])
    assert header.keys() == {"kid", "alg"}


def test_pools_have_keys_of_their_own(aws, pool):
    other = make_pool(aws)
    token = other.tokens(other.member())["AccessToken"]
    with pytest.raises(KeyError):
        verify(pool, token)


def test_lifetimes_are_the_clients(pool):
    units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"}
    client = pool.client(
        AccessTokenValidity=7, IdTokenValidity=9, RefreshTokenValidity=2, TokenValidityUnits=units
    )["ClientId"]
    tokens = pool.sign_in(pool.member(), ClientId=client)["AuthenticationResult"]
    lifetimes = [
        claims["exp"] - claims["iat"]
        for claims in (verify(pool, tokens["AccessToken"]), verify(pool, tokens["IdToken"]))
    ]
    assert lifetimes == [7 * 60, 9 * 60]
    assert tokens["ExpiresIn"] == 7 * 60


def test_a_refresh_token_serves_its_own_client_only(pool):
    tokens = pool.tokens(pool.member())
    other = pool.client()["ClientId"]
    assert refused(pool.refresh, tokens["RefreshToken"], other)[0] == "NotAuthorizedException"
    fresh = pool.refresh(tokens["RefreshToken"])
    assert (
        verify(pool, fresh["AccessToken"])["origin_jti"]
        == (verify(pool, tokens["AccessToken"])["origin_jti"])
    )


def test_a_revoked_token_takes_its_sign_in_along_and_no_other(pool):
    person = pool.member()
    first, second = pool.tokens(person), pool.tokens(person)
    pool.idp.revoke_token(ClientId=pool.client_id, Token=first["RefreshToken"])
    assert refused(pool.refresh, first["RefreshToken"])[0] == "NotAuthorizedException"
    assert refused(pool.idp.get_user, AccessToken=first["AccessToken"])[1] == (
        "Access Token has been revoked"
    )
    assert pool.refresh(second["RefreshToken"])
    pool.idp.revoke_token(ClientId=pool.client_id, Token="never issued")


@pytest.mark.parametrize("by", ["person", "administrator"])
def test_a_global_sign_out_ends_every_sign_in(pool, by):
    person = pool.member()
    first, second = pool.tokens(person), pool.tokens(person)
    if by == "person":
        pool.idp.global_sign_out(AccessToken=first["AccessToken"])
    else:
        pool.idp.admin_user_global_sign_out(UserPoolId=pool.id, Username=person.email)
    for tokens in (first, second):
        assert refused(pool.refresh, tokens["RefreshToken"])[0] == "NotAuthorizedException"
        assert refused(pool.idp.get_user, AccessToken=tokens["AccessToken"])[1] == (
            "Access Token has been revoked"
        )
    assert pool.tokens(person)


def test_a_rotated_refresh_token_is_spent(pool):
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    client = pool.client(
        RefreshTokenRotation=rotation, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["ClientId"]
    first = pool.sign_in(pool.member(), ClientId=client)["AuthenticationResult"]["RefreshToken"]
    call = {"ClientId": client, "RefreshToken": first}
    second = pool.idp.get_tokens_from_refresh_token(**call)["AuthenticationResult"]["RefreshToken"]
    assert second != first
    assert refused(pool.idp.get_tokens_from_refresh_token, **call)[0] == "NotAuthorizedException"
    call["RefreshToken"] = second
    assert pool.idp.get_tokens_from_refresh_token(**call)


def test_a_client_with_a_secret_has_to_prove_it(pool):
    client = pool.client(GenerateSecret=True)
    person = pool.member()
    call = {"ClientId": client["ClientId"], "AuthFlow": "USER_PASSWORD_AUTH"}
    given = {"USERNAME": person.email, "PASSWORD": PASSWORD}
    assert refused(pool.idp.initiate_auth, **call, AuthParameters=given)[0] == (
        "NotAuthorizedException"
    )
    message = f"{person.email}{client['ClientId']}".encode()
    digest = hmac.new(client["ClientSecret"].encode(), message, hashlib.sha256).digest()
    given["SECRET_HASH"] = base64.b64encode(digest).decode()
    assert pool.idp.initiate_auth(**call, AuthParameters=given)["AuthenticationResult"]


# -- triggers --------------------------------------------------------------------------------


def test_the_sign_up_trigger_sees_the_person_and_may_refuse(aws):
    gate = deploy(
        aws,
        """
        def handler(event, context):
            assert event["triggerSource"] == "PreSignUp_SignUp"
            assert event["callerContext"]["clientId"]
            if not event["request"]["userAttributes"]["email"].endswith("@example.com"):
                raise Exception("not one of ours")
            event["response"]["autoConfirmUser"] = True
            event["response"]["autoVerifyEmail"] = True
            return event
        """,
    )
    guarded = make_pool(aws, LambdaConfig={"PreSignUp": gate})
    person = guarded.person()
    call = {"ClientId": guarded.client_id, "Password": PASSWORD}
    assert guarded.idp.sign_up(Username=person.email, **call)["UserConfirmed"]
    assert guarded.tokens(person)
    assert refused(guarded.idp.sign_up, Username="somebody@elsewhere.org", **call) == (
        "UserLambdaValidationException",
        "PreSignUp failed with error not one of ours.",
    )


def test_the_confirmation_trigger_runs_once_confirmed(aws):
    greeter = deploy(
        aws,
        """
        def handler(event, context):
            attributes = event["request"]["userAttributes"]
            if attributes["email_verified"] != "true" or not attributes["sub"]:
                raise Exception("too early")
            raise Exception(event["triggerSource"])
        """,
    )
    greeting = make_pool(aws, LambdaConfig={"PostConfirmation": greeter})
    person = greeting.person()
    greeting.idp.sign_up(
        ClientId=greeting.client_id, Username=person.email, Password=person.password
    )
    confirm = {"ClientId": greeting.client_id, "Username": person.email}
    _, message = refused(
        greeting.idp.confirm_sign_up, **confirm, ConfirmationCode=person.mailed_code()
    )
    assert message == "PostConfirmation failed with error PostConfirmation_ConfirmSignUp."
    assert greeting.tokens(person)


def test_the_token_trigger_changes_identity_tokens_but_not_who_it_is(aws):
    changer = deploy(
        aws,
        """
        def handler(event, context):
            event["response"]["claimsOverrideDetails"] = {
                "claimsToAddOrOverride": {"department": "legal", "sub": "somebody else"},
                "claimsToSuppress": ["email"],
                "groupOverrideDetails": {"groupsToOverride": ["readers"]},
            }
            return event
        """,
    )
    changed = make_pool(aws, LambdaConfig={"PreTokenGeneration": changer})
    tokens = changed.tokens(changed.member())
    access, identity = verify(changed, tokens["AccessToken"]), verify(changed, tokens["IdToken"])
    assert identity["department"] == "legal"
    assert identity["sub"] == access["sub"] != "somebody else"
    assert "email" not in identity
    assert "department" not in access
    assert access["cognito:groups"] == identity["cognito:groups"] == ["readers"]


def test_the_second_token_trigger_changes_access_tokens_too(aws):
    changer = deploy(
        aws,
        """
        def handler(event, context):
            assert event["version"] == "2" and event["request"]["scopes"]
            event["response"]["claimsAndScopeOverrideDetails"] = {
                "accessTokenGeneration": {
                    "claimsToAddOrOverride": {"tenant": "north", "client_id": "another"},
                    "scopesToAdd": ["files/read"],
                },
            }
            return event
        """,
    )
    settings = {"LambdaVersion": "V2_0", "LambdaArn": changer}
    changed = make_pool(aws, LambdaConfig={"PreTokenGenerationConfig": settings})
    access = verify(changed, changed.tokens(changed.member())["AccessToken"])
    assert access["tenant"] == "north"
    assert access["client_id"] == changed.client_id
    assert "files/read" in access["scope"].split()


def test_a_refresh_token_ends_when_the_client_says(pool):
    units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "seconds"}
    client = pool.client(
        AccessTokenValidity=5, IdTokenValidity=5, RefreshTokenValidity=2, TokenValidityUnits=units
    )["ClientId"]
    tokens = pool.sign_in(pool.member(), ClientId=client)["AuthenticationResult"]
    assert pool.refresh(tokens["RefreshToken"], client)

    def ended():
        try:
            pool.refresh(tokens["RefreshToken"], client)
        except ClientError as error:
            return error.response["Error"]["Message"]

    assert pool.aws.eventually(ended, seconds=10) == "Refresh Token has expired"

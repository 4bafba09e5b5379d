"""The token, revocation and userInfo endpoints of managed login, and its discovery document."""

from __future__ import annotations

import base64
import hashlib
import secrets
import uuid

import pytest
import requests
from botocore.exceptions import ClientError

from tests.local.contract.test_cognito import verify
from tests.local.contract.test_managed_login import location
from tests.local.pools import CALLBACK, make_pool
from tests.login_pages import Refused

pytestmark = pytest.mark.gap


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


@pytest.fixture(scope="module")
def browser(pool):
    """Somebody whose browser is signed in, so that codes come without a page."""
    person = pool.member()
    person.sign_in()
    return person


def a_code(person, **parameters):
    return location(person.authorize(**parameters))[1]["code"]


def post(pool, path, form, **arguments):
    return requests.post(f"{pool.aws.endpoint}{path}", data=form, timeout=10, **arguments)


def test_a_code_is_good_once(browser):
    code = a_code(browser)
    assert browser.redeem(code).access
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(code)


def test_a_code_replayed_with_its_verifier_ends_what_came_of_it(pool, browser):
    untouched = browser.redeem(a_code(browser))
    code = a_code(browser)
    tokens = browser.redeem(code)
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(code)
    with pytest.raises(ClientError):
        pool.refresh(tokens.refresh)
    assert pool.refresh(untouched.refresh)


def test_a_code_replayed_by_somebody_without_the_verifier_ends_nothing(pool, browser):
    code = a_code(browser)
    tokens = browser.redeem(code)
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(code, code_verifier=secrets.token_urlsafe(48))
    assert pool.refresh(tokens.refresh)


@pytest.mark.parametrize(
    "forged",
    [
        {"code_verifier": ""},
        {"code_verifier": "x" * 43},
        {"code_verifier": "x" * 42},
        {"code_verifier": "x" * 129},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": ""},
        {"code": "a code nobody was given"},
        {"code": ""},
    ],
)
def test_a_code_needs_its_own_verifier_and_address(browser, forged):
    code = a_code(browser)
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(**{"code": code, **forged})


def test_the_challenge_itself_is_no_verifier(browser):
    code = a_code(browser)
    digest = hashlib.sha256(browser._verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(code, code_verifier=challenge)


def test_a_code_of_one_client_is_worthless_to_another(pool, browser):
    other = pool.client()["ClientId"]
    code = a_code(browser)
    with pytest.raises(Refused, match="invalid_grant"):
        browser.redeem(code, client_id=other)
    assert browser.redeem(code).access


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "never issued"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"grant_type": "refresh_token", "client_id": "nobody"}, "invalid_client"),
    ],
)
def test_other_requests_for_tokens_are_refused(pool, form, error):
    answer = post(pool, "/oauth2/token", {"client_id": pool.client_id, **form})
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_is_asked_for_by_post(pool):
    query = {"client_id": pool.client_id, "grant_type": "refresh_token"}
    answer = requests.get(f"{pool.aws.endpoint}/oauth2/token", params=query, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_a_machine_gets_the_resource_servers_scopes(pool):
    identifier = f"files-{uuid.uuid4().hex[:6]}"
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    pool.idp.create_resource_server(
        UserPoolId=pool.id, Identifier=identifier, Name="files", Scopes=scopes
    )
    machine = pool.client(
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{identifier}/read"],
    )
    key = (machine["ClientId"], machine["ClientSecret"])
    answer = post(pool, "/oauth2/token", {"grant_type": "client_credentials"}, auth=key)
    claims = verify(pool, answer.json()["access_token"])
    assert claims["scope"] == f"{identifier}/read"
    assert claims["sub"] == claims["client_id"] == machine["ClientId"]
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}
    form = {"grant_type": "client_credentials", "scope": "openid"}
    assert post(pool, "/oauth2/token", form, auth=key).json()["error"] == "invalid_scope"
    wrong = (key[0], "not the secret")
    form = {"grant_type": "client_credentials"}
    assert post(pool, "/oauth2/token", form, auth=wrong).json()["error"] == "invalid_client"
    pool.idp.delete_resource_server(UserPoolId=pool.id, Identifier=identifier)
    assert post(pool, "/oauth2/token", form, auth=key).json()["error"] == "invalid_scope"


def test_revocation_ends_a_sign_in(pool, browser):
    tokens = browser.redeem(a_code(browser))
    form = {"client_id": pool.client_id, "token": tokens.refresh}
    other = pool.client()["ClientId"]
    assert post(pool, "/oauth2/revoke", {**form, "client_id": other}).status_code == 400
    assert pool.refresh(tokens.refresh)
    assert post(pool, "/oauth2/revoke", form).status_code == 200
    assert post(pool, "/oauth2/revoke", form).status_code == 200
    with pytest.raises(Refused, match="invalid_grant"):
        browser.refresh()


def test_user_info_tells_what_the_scopes_allow(pool, browser):
    def ask(token):
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{pool.aws.endpoint}/oauth2/userInfo", headers=headers, timeout=10)

    given = ask(browser.redeem(a_code(browser)).access).json()
    assert (given["email"], given["email_verified"]) == (browser.email, "true")
    assert given["sub"] == browser.sub
    without = browser.redeem(a_code(browser, scope="email")).access
    assert ask(without).status_code == 401
    assert ask("nonsense").status_code == 401


def test_the_discovery_document_names_what_there_is(pool):
    base = f"{pool.aws.endpoint}/{pool.id}/.well-known"
    document = requests.get(f"{base}/openid-configuration", timeout=10).json()
    assert document["issuer"].endswith(f".amazonaws.com/{pool.id}")
    assert document["jwks_uri"] == f"{base}/jwks.json"
    assert document["response_types_supported"] == ["code"]
    for name in ("authorization_endpoint", "token_endpoint", "revocation_endpoint"):
        assert document[name].startswith(pool.aws.endpoint)
    unknown = f"{pool.aws.endpoint}/us-east-1_Unknown01/.well-known/jwks.json"
    assert requests.get(unknown, timeout=10).status_code == 404


def test_applications_of_other_origins_may_call_the_token_endpoint(pool):
    answer = requests.options(
        f"{pool.aws.endpoint}/oauth2/token",
        headers={"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"},
        timeout=10,
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers

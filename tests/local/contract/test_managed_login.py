"""Managed login: the pages people see, and what may not be done with them."""

from __future__ import annotations

import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.local.pools import CALLBACK, LOGOUT, PASSWORD, make_pool
from tests.login_pages import Refused, filled_fields, form_action, problem_of

pytestmark = pytest.mark.gap

PAGES = ("/login", "/signup", "/confirmUser", "/forgotPassword")


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


def location(answer):
    """Return the address of a redirect, and its query."""
    assert answer.status_code in {302, 303}, answer.text
    parts = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.netloc else parts.path, query


def signed_in_browser(pool):
    person = pool.member()
    person.sign_in()
    return person


# -- the whole story -------------------------------------------------------------------------


def test_a_person_signs_up_confirms_and_signs_in(pool):
    person = pool.person().sign_up().confirm()
    tokens = person.sign_in()
    assert person.claims()["token_use"] == "access"
    assert person.claims(tokens.identity)["email"] == person.email
    first = tokens.access
    assert person.refresh().access != first


def test_signing_in_before_confirming_leads_to_the_code(pool):
    person = pool.person().sign_up()
    page = person._open("/login")
    answer = person._submit(page, username=person.email, password=person.password)
    assert form_action(answer.text).startswith("/confirmUser")
    person._submit(answer, code=person.mailed_code(), action="confirm")
    assert person.sign_in()


def test_a_forgotten_password_is_replaced_by_way_of_the_mail(pool):
    person = pool.member()
    person.reset_password("Another-horse-8")
    assert person.sign_in()
    person.password = PASSWORD
    person.browser.cookies.clear()
    with pytest.raises(Refused, match="Incorrect username or password"):
        person.sign_in()


def test_a_pool_that_asks_for_a_second_factor_enrols_and_then_asks(aws):
    strict = make_pool(aws)
    strict.idp.set_user_pool_mfa_config(
        UserPoolId=strict.id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    )
    person = strict.member()
    person.sign_in()
    person.browser.cookies.clear()
    assert person.sign_in()
    person.browser.cookies.clear()
    person.authenticator = "A" * 32
    with pytest.raises(Refused, match="Invalid code"):
        person.sign_in()


def test_a_second_factor_cannot_be_skipped(aws):
    strict = make_pool(aws)
    strict.idp.set_user_pool_mfa_config(
        UserPoolId=strict.id,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    )
    person = strict.member()
    page = person._open("/login")
    answer = person._submit(page, username=person.email, password=person.password)
    assert location(answer)[0] == "/setupMfa"
    assert location(person.authorize())[0] == "/login"
    with pytest.raises(Refused, match="too long"):
        person._open("/mfa")


def test_a_temporary_password_has_to_be_replaced(pool):
    person = pool.person()
    pool.idp.admin_create_user(
        UserPoolId=pool.id,
        Username=person.email,
        TemporaryPassword="Temporary-1",
        MessageAction="SUPPRESS",
    )
    page = person._open("/login")
    answer = person._submit(page, username=person.email, password="Temporary-1")
    assert location(answer)[0] == "/newPassword"
    page = person._follow(answer)
    with pytest.raises(Refused, match="did not conform with policy"):
        person._submit(page, password="short")
    assert location(person._submit(page, password=PASSWORD))[0] == CALLBACK


# -- staying and leaving ---------------------------------------------------------------------


def test_the_next_application_asks_no_password_until_signed_out(pool):
    person = signed_in_browser(pool)
    assert location(person.authorize())[0] == CALLBACK
    assert location(person.authorize(prompt="login"))[0] == "/login"
    person.sign_out()
    assert location(person.authorize())[0] == "/login"


def test_prompt_none_never_shows_a_page(pool):
    where, query = location(pool.member().authorize(prompt="none"))
    assert (where, query["error"]) == (CALLBACK, "login_required")


def test_a_disabled_persons_browser_session_is_worth_nothing(pool):
    person = signed_in_browser(pool)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=person.email)
    assert location(person.authorize())[0] == "/login"


def test_a_session_of_one_pool_opens_no_other(aws, pool):
    person = signed_in_browser(pool)
    other = make_pool(aws)
    assert location(person.authorize(client_id=other.client_id))[0] == "/login"


@pytest.mark.parametrize(
    "target", [f"{LOGOUT}x", "http://localhost:5173", "https://evil.example/", "//evil.example"]
)
def test_sign_out_goes_to_a_registered_address_only(pool, target):
    person = pool.person()
    answer = requests.get(
        f"{pool.aws.endpoint}/logout",
        params={"client_id": person.aws.client_id, "logout_uri": target},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 400
    assert "Location" not in answer.headers


# -- the authorization request ---------------------------------------------------------------


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "",
        "https://evil.example/callback",
        f"{CALLBACK}/",
        f"{CALLBACK}?next=1",
        f"{CALLBACK}#part",
        f"{CALLBACK}/../evil",
        "http://localhost:5173/CALLBACK",
        "http://LOCALHOST:5173/callback",
        "http://localhost:5173@evil.example/callback",
        "http://localhost:5174/callback",
        "javascript:alert(1)//http://localhost:5173/callback",
        f"{CALLBACK}%0d%0aSet-Cookie:x=1",
    ],
)
def test_only_the_very_registered_address_is_redirected_to(pool, redirect_uri):
    for path in ("/oauth2/authorize", "/login"):
        person = pool.person()
        parameters = {**person._request(), "redirect_uri": redirect_uri}
        answer = requests.get(
            f"{pool.aws.endpoint}{path}", params=parameters, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("parameter", "value", "error"),
    [
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "code token", "unsupported_response_type"),
        ("response_type", "", "unsupported_response_type"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("code_challenge", "!" * 43, "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("scope", "openid files/all", "invalid_scope"),
        ("scope", "phone", "invalid_scope"),
        ("prompt", "consent", "invalid_request"),
    ],
)
def test_a_wrong_request_returns_its_error_and_state(pool, parameter, value, error):
    where, query = location(signed_in_browser(pool).authorize(**{parameter: value}))
    assert (where, query["error"], query["state"]) == (CALLBACK, error, "a state")
    assert "code" not in query


def test_a_client_without_the_code_flow_is_refused(pool):
    client = pool.client(AllowedOAuthFlows=["implicit"])["ClientId"]
    _, query = location(pool.person(client).authorize())
    assert query["error"] == "unauthorized_client"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "state", "scope"])
def test_a_parameter_given_twice_is_refused(pool, name):
    person = pool.person()
    given = person._request()
    answer = requests.get(
        f"{pool.aws.endpoint}/oauth2/authorize",
        params=[*given.items(), (name, given[name])],
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == 400


def test_the_scope_of_a_token_is_what_was_asked_for(pool):
    person = pool.member()
    tokens = person.sign_in(scope="openid email")
    assert person.claims()["scope"] == "openid email"
    assert person.claims(tokens.identity)["email"] == person.email
    assert person.sign_in(scope="email").identity is None


def test_the_nonce_comes_back_in_the_identity_token(pool):
    person = pool.member()
    nonce = uuid.uuid4().hex
    assert person.claims(person.sign_in(nonce=nonce).identity)["nonce"] == nonce


# -- forms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_pages_keep_to_themselves(pool, path):
    page = pool.person()._open(path)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Cache-Control"] == "no-store"
    assert "<script" not in page.text
    assert not re.search(r"\son\w+=|style=", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label_and_the_page_a_language(pool, path):
    text = pool.person()._open(path).text
    fields = set(re.findall(r'<input id="([^"]+)"', text))
    assert fields == set(re.findall(r'<label for="([^"]+)"', text))
    assert '<html lang="en">' in text


@pytest.mark.parametrize("path", PAGES)
def test_a_form_from_elsewhere_is_refused(pool, path):
    person = pool.member()
    page = person._open(path)
    url = f"{pool.aws.endpoint}{form_action(page.text)}"
    proof = filled_fields(page.text)["_csrf"]
    fields = {"username": person.email, "email": person.email, "password": PASSWORD, "code": "1"}
    attempts = [
        requests.post(url, data=fields, allow_redirects=False, timeout=10),
        requests.post(url, data={**fields, "_csrf": proof}, allow_redirects=False, timeout=10),
        person.browser.post(url, data=fields, allow_redirects=False, timeout=10),
        person.browser.post(
            url, data={**fields, "_csrf": "0" * len(proof)}, allow_redirects=False, timeout=10
        ),
    ]
    other = pool.person()
    other._open(path)
    attempts.append(
        other.browser.post(url, data={**fields, "_csrf": proof}, allow_redirects=False, timeout=10)
    )
    assert [attempt.status_code for attempt in attempts] == [403] * 5


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(pool):
    person = pool.member()
    page = person._open("/login")
    assert {"HttpOnly", "SameSite=Strict"} <= _marks(page.headers["Set-Cookie"])
    answer = person._submit(page, username=person.email, password=person.password)
    session = next(c for c in _cookies(answer) if c.startswith("cognito="))
    assert {"HttpOnly", "SameSite=Lax", "Max-Age=3600"} <= _marks(session)


def _cookies(answer):
    return answer.raw.headers.getlist("Set-Cookie")


def _marks(cookie):
    return {part.strip() for part in cookie.split(";")}


def test_a_session_chosen_by_somebody_else_is_not_taken_over(pool):
    person, chosen = pool.member(), "chosen-by-an-attacker"
    person.browser.cookies.set("cognito", chosen)
    page = person._open("/login")
    answer = person._submit(page, username=person.email, password=person.password)
    session = next(c for c in _cookies(answer) if c.startswith("cognito="))
    assert chosen not in session
    attacker = pool.person()
    attacker.browser.cookies.set("cognito", chosen)
    assert location(attacker.authorize())[0] == "/login"


def test_what_people_type_is_shown_as_text(pool):
    person = pool.person()
    page = person._open("/login")
    url = f"{pool.aws.endpoint}{form_action(page.text)}"
    typed = '"><script>alert(1)</script>'
    data = {**filled_fields(page.text), "username": typed, "password": "x"}
    answer = person.browser.post(url, data=data, timeout=10)
    assert "<script" not in answer.text
    assert problem_of(answer.text) == "Incorrect username or password."


def test_guessing_is_slowed_down_on_the_page_as_well(pool):
    person = pool.member()
    person.password = "Wrong-horse-9"
    for _ in range(5):
        with pytest.raises(Refused, match="Incorrect username or password"):
            person.sign_in()
    person.password = PASSWORD
    with pytest.raises(Refused, match="Password attempts exceeded"):
        person.sign_in()


def test_a_page_in_another_browser_tab_of_a_foreign_site_gets_no_answer(pool):
    headers = {"Origin": "https://evil.example"}
    answer = requests.post(f"{pool.aws.endpoint}/login", headers=headers, timeout=10)
    assert answer.status_code == 403


def test_self_sign_up_may_be_closed(aws):
    closed = make_pool(aws, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    assert "Sign up" not in closed.person()._open("/login").text
    with pytest.raises(Refused, match="administrator"):
        closed.person().sign_up()

"""The Cognito authorizer of a REST API: which tokens open it, and how the others are forged."""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.local.apis import echo, make_api, proxy
from tests.local.pools import make_pool

pytestmark = pytest.mark.gap

SCOPE = "openid"


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


@pytest.fixture(scope="module")
def api(aws, pool):
    answer = proxy(aws, echo(aws))
    paths = {
        "/mine": {"get": {**answer, "security": [{"pool": [SCOPE]}]}},
        "/narrow": {"get": {**answer, "security": [{"pool": ["files/admin"]}]}},
        "/identity": {"get": {**answer, "security": [{"pool": []}]}},
        "/open": {"get": answer},
    }
    return make_api(aws, paths, [pool.arn])


@pytest.fixture(scope="module")
def person(pool):
    person = pool.member()
    pool.idp.create_group(UserPoolId=pool.id, GroupName="admins", Precedence=2)
    pool.idp.create_group(UserPoolId=pool.id, GroupName="legal", Precedence=1)
    for group in ("admins", "legal"):
        pool.idp.admin_add_user_to_group(UserPoolId=pool.id, Username=person.email, GroupName=group)
    person.sign_in()
    return person


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
def test_an_access_token_opens_the_method_and_its_claims_arrive_as_text(api, person, prefix):
    event = api.event("GET", "/mine", prefix + person.tokens.access)
    claims = event["requestContext"]["authorizer"]["claims"]
    said = person.claims()
    assert claims["sub"] == said["sub"]
    assert claims["cognito:groups"] == "legal,admins"
    assert claims["auth_time"] == str(said["auth_time"])
    assert (
        time.strptime(claims["exp"], "%a %b %d %H:%M:%S UTC %Y")[:6]
        == (time.gmtime(said["exp"])[:6])
    )
    assert all(isinstance(value, str) for value in claims.values())


def test_a_method_without_scopes_takes_identity_tokens_only(api, person):
    assert api.event("GET", "/identity", person.tokens.identity)
    assert api.call("GET", "/identity", person.tokens.access).status_code == 401


def test_a_scope_the_token_lacks_closes_the_method(api, person):
    assert api.call("GET", "/narrow", person.tokens.access).status_code == 401


def test_an_open_method_has_no_claims(api, person):
    event = api.event("GET", "/open", person.tokens.access)
    assert "authorizer" not in event["requestContext"]


def test_a_token_opens_nothing_once_it_has_expired(api, pool):
    units = {"AccessToken": "seconds", "IdToken": "minutes", "RefreshToken": "days"}
    client = pool.client(AccessTokenValidity=2, TokenValidityUnits=units)["ClientId"]
    person = pool.member(client_id=client)
    person.sign_in()
    assert api.event("GET", "/mine", person.tokens.access)

    def expired():
        answer = api.call("GET", "/mine", person.tokens.access)
        return answer.status_code == 401 and answer.json()["message"]

    assert api.aws.eventually(expired, seconds=10) == "The incoming token has expired"


# -- forgeries -------------------------------------------------------------------------------


def b64(content):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def parts(token):
    header, payload, signature = token.split(".")
    decoded = [json.loads(base64.urlsafe_b64decode(p + "==")) for p in (header, payload)]
    return [*decoded, signature]


def with_payload(token, **changes):
    """The token with other claims and the signature of the old ones."""
    header, payload, signature = parts(token)
    return f"{b64(header)}.{b64({**payload, **changes})}.{signature}"


def with_header(token, **changes):
    header, payload, signature = parts(token)
    return f"{b64({**header, **changes})}.{b64(payload)}.{signature}"


def resigned(token, key, algorithm="RS256", payload=None, **header):
    """The token signed anew with a key of the forger's."""
    old_header, old_payload, _ = parts(token)
    headers = {"kid": old_header["kid"], **header}
    return jwt.encode({**old_payload, **(payload or {})}, key, algorithm, headers=headers)


def hmac_with(token, secret, algorithm="HS256"):
    header, payload, _ = parts(token)
    signed = f"{b64({**header, 'alg': algorithm})}.{b64(payload)}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[algorithm]
    return f"{signed}.{b64(hmac.new(secret, signed.encode(), digest).digest())}"


@pytest.fixture(scope="module")
def own_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def published(pool):
    keys = requests.get(f"{pool.aws.endpoint}/{pool.id}/.well-known/jwks.json", timeout=10).json()
    return keys["keys"]


def own_jwk(key):
    return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))


@dataclass
class Forger:
    """Somebody with a good token, a key of their own, and the published keys."""

    token: str
    key: Any
    published: list[dict[str, str]]


FORGERIES = {
    "no algorithm": lambda f: f"{b64({'alg': 'none'})}.{f.token.split('.')[1]}.",
    "no algorithm, key kept": lambda f: with_header(f.token, alg="none"),
    "no algorithm, no signature": lambda f: (
        with_header(f.token, alg="none").rpartition(".")[0] + "."
    ),
    "None in capitals": lambda f: with_header(f.token, alg="NONE").rpartition(".")[0] + ".",
    "no signature": lambda f: f.token.rpartition(".")[0] + ".",
    "two parts": lambda f: f.token.rpartition(".")[0],
    "four parts": lambda f: f.token + "." + f.token.split(".")[2],
    "another sub": lambda f: with_payload(f.token, sub="somebody else"),
    "more groups": lambda f: with_payload(f.token, **{"cognito:groups": ["owners"]}),
    "a longer life": lambda f: with_payload(f.token, exp=int(time.time()) + 10**6),
    "more scopes": lambda f: with_payload(f.token, scope="openid files/admin"),
    "signature turned": lambda f: f.token[:-20] + f.token[-20:][::-1],
    "signature of other bytes": lambda f: f.token.rpartition(".")[0] + "." + b64(b"x" * 256),
    "own key, known id": lambda f: resigned(f.token, f.key),
    "own key, own id": lambda f: resigned(f.token, f.key, kid="mine"),
    "own key in the header": lambda f: resigned(f.token, f.key, jwk=own_jwk(f.key)),
    "own key in the header, own id": lambda f: resigned(
        f.token, f.key, kid="mine", jwk=own_jwk(f.key)
    ),
    "emulator's key": lambda f: resigned(f.token, emulators_key(), kid="dummy"),
    "emulator's key, known id": lambda f: resigned(f.token, emulators_key()),
    "own key by address": lambda f: resigned(f.token, f.key, jku="http://127.0.0.1:9/jwks.json"),
    "own certificate by address": lambda f: resigned(
        f.token, f.key, x5u="http://127.0.0.1:9/x.pem"
    ),
    "id that is a path": lambda f: resigned(f.token, f.key, kid="../../../../dev/null"),
    "id that is a query": lambda f: resigned(f.token, f.key, kid="' or 1=1 --"),
    "empty id": lambda f: resigned(f.token, f.key, kid=""),
    "id of another kind": lambda f: with_header(f.token, kid=["a", "b"]),
    "id missing": lambda f: with_header(f.token, kid=None),
    "PS256 with own key": lambda f: resigned(f.token, f.key, "PS256"),
    "RS512 with own key": lambda f: resigned(f.token, f.key, "RS512"),
    "RS512 claimed": lambda f: with_header(f.token, alg="RS512"),
    "HS256 with the public key": lambda f: hmac_with(f.token, public_pem(f.published)),
    "HS256 with the modulus": lambda f: hmac_with(f.token, f.published[1]["n"].encode()),
    "HS512 with the public key": lambda f: hmac_with(f.token, public_pem(f.published), "HS512"),
    "HS256 with nothing": lambda f: hmac_with(f.token, b""),
    "critical extension": lambda f: with_header(f.token, crit=["exp"]),
    "payload is a list": lambda f: f"{f.token.split('.')[0]}.{b64([])}.{f.token.split('.')[2]}",
    "header is a list": lambda f: f"{b64([])}.{f.token.split('.', 1)[1]}",
    "not base64": lambda f: "!!!." + f.token.split(".", 1)[1],
    "empty": lambda _: "",
    "a word": lambda _: "Bearer",
    "blank after Bearer": lambda _: "Bearer ",
    "Basic": lambda _: "Basic " + base64.b64encode(b"a:b").decode(),
    "twice Bearer": lambda f: "Bearer Bearer " + f.token,
    "very long": lambda _: "a" * 8000,
}


def emulators_key():
    """The private key that moto's package carries, for everybody to read."""
    packed = (files("moto") / "cognitoidp/resources/jwks-private.json.gz").read_bytes()
    return jwt.algorithms.RSAAlgorithm.from_jwk(gzip.decompress(packed).decode())


def public_pem(published):
    key = jwt.PyJWK(published[1]).key
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_opens_nothing(api, person, own_key, published, forge):
    # The good one first: what is remembered of it must not open the door to its likes.
    assert api.call("GET", "/mine", person.tokens.access).status_code == 200
    answer = api.call("GET", "/mine", forge(Forger(person.tokens.access, own_key, published)))
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})
    assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"


def test_no_token_opens_nothing(api):
    assert api.call("GET", "/mine").json() == {"message": "Unauthorized"}


def test_an_identity_token_is_no_access_token(api, person):
    assert api.call("GET", "/mine", person.tokens.identity).status_code == 401


def test_a_refresh_token_is_no_access_token(api, person):
    assert api.call("GET", "/mine", person.tokens.refresh).status_code == 401


def test_a_token_of_another_pool_opens_nothing(aws, api):
    stranger = make_pool(aws).member()
    stranger.sign_in()
    assert api.call("GET", "/mine", stranger.tokens.access).status_code == 401


def test_a_token_of_another_method_is_checked_again(api, person):
    assert api.call("GET", "/mine", person.tokens.access).status_code == 200
    assert api.call("GET", "/narrow", person.tokens.access).status_code == 401
    assert api.call("GET", "/identity", person.tokens.access).status_code == 401


def test_a_token_in_the_query_or_a_cookie_counts_for_nothing(api, person):
    token = person.tokens.access
    assert api.call("GET", f"/mine?Authorization={token}").status_code == 401
    cookie = {"Cookie": f"Authorization={token}"}
    assert api.call("GET", "/mine", headers=cookie).status_code == 401


def test_a_good_and_a_bad_token_in_two_headers_open_nothing(api, person, own_key):
    token = person.tokens.access
    both = f"{token},{resigned(token, own_key)}"
    assert api.call("GET", "/mine", both).status_code == 401

"""Only a genuine, fresh access token of our own pool opens anything, on every route."""

import base64
import json
import time
import uuid

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from app.contract.operations import OPERATIONS
from tests.journeys.conftest import PASSWORD, download, problem_code, share, uploaded

PROTECTED = [operation for operation in OPERATIONS if operation.scopes]
FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def b64(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


def signed_elsewhere(claims, headers=None, algorithm="RS256", key=FOREIGN_KEY):
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def of_another_pool(stack):
    """A genuine access token, signed by a pool that is not ours."""
    idp = stack.client("cognito-idp")
    pool = idp.create_user_pool(PoolName="another")["UserPool"]["Id"]
    client = idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="another",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    who = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    idp.admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
    idp.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    signed_in = idp.initiate_auth(
        ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=who
    )
    return signed_in["AuthenticationResult"]["AccessToken"]


def forged(person):
    """Name -> a token that must not be accepted, each made from one that is."""
    header = jwt.get_unverified_header(person.tokens.access)
    claims = jwt.decode(person.tokens.access, options={"verify_signature": False})
    head, body, signature = person.tokens.access.split(".")
    flipped = ("A" if signature[10] != "A" else "B").join((signature[:10], signature[11:]))
    unsigned = b64({"alg": "none", "typ": "JWT"})
    other_pool = {**claims, "iss": claims["iss"][:-3] + "XXX"}
    secret = b"a guessable secret of thirty-two bytes or so"
    return {
        "nothing": "",
        "garbage": "not-a-token",
        "an ID token": person.tokens.identity,
        "alg none": f"{unsigned}.{body}.",
        "alg none with the true signature": f"{unsigned}.{body}.{signature}",
        "alg None": f"{b64({'alg': 'None'})}.{body}.",
        "an altered signature": f"{head}.{body}.{flipped}",
        "no signature": f"{head}.{body}.",
        "altered claims": f"{head}.{b64({**claims, 'sub': str(uuid.uuid4())})}.{signature}",
        "more scopes": f"{head}.{b64({**claims, 'scope': 'waybill/admin'})}.{signature}",
        "a foreign key": signed_elsewhere(claims),
        "a foreign key under our key id": signed_elsewhere(claims, {"kid": header["kid"]}),
        "a foreign key with its address": signed_elsewhere(
            claims, {"kid": header["kid"], "jku": "http://127.0.0.1:1/keys"}
        ),
        "a shared secret": signed_elsewhere(claims, {"kid": header["kid"]}, "HS256", secret),
        "another pool's name": signed_elsewhere(other_pool, {"kid": header["kid"]}),
        "expired, under a foreign key": signed_elsewhere(
            {**claims, "exp": int(time.time()) - 60}, header
        ),
        "two tokens": f"{person.tokens.access},{person.tokens.access}",
        "a token with a byte more": person.tokens.access + "A",
    }


@pytest.fixture(scope="module")
def forgeries(stack, ada):
    return {**forged(ada), "another pool's own token": of_another_pool(stack)}


@pytest.mark.parametrize("operation", PROTECTED, ids=lambda operation: operation.id)
def test_no_forged_token_opens_a_route(stack, forgeries, operation):
    url = stack.api + operation.path.replace("{file_id}", str(uuid.uuid4()))
    for name, token in forgeries.items():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(operation.method, url, headers=headers, json={}, timeout=10)
        assert answer.status_code in {401, 403}, f"{name}: {answer.status_code}"
        assert "Traceback" not in answer.text, name


def test_a_genuine_token_opens_what_the_forged_ones_do_not(ada):
    me = ada.api("GET", "/me")
    assert me.status_code == 200
    assert "waybill/files" in me.json()["scopes"]


def test_health_and_the_api_document_need_no_token(stack):
    assert requests.get(f"{stack.api}/health", timeout=5).json() == {"status": "ok"}
    document = requests.get(f"{stack.api}/openapi.json", timeout=5).json()
    assert document["openapi"].startswith("3.1")


def test_a_disabled_person_is_refused_although_the_token_still_runs(stack, newcomer, ada):
    leaver = newcomer("leaver")
    file_id = uploaded(ada)
    share(ada, file_id, leaver)
    assert download(leaver, file_id).status_code == 201
    stack.client("cognito-idp").admin_disable_user(
        UserPoolId=stack.user_pool_id, Username=leaver.email
    )
    refused = download(leaver, file_id)
    assert (refused.status_code, problem_code(refused)) == (403, "account_disabled")


def test_a_revoked_session_is_refused_although_its_token_still_runs(stack, newcomer, ada):
    loser = newcomer("loser")
    file_id = uploaded(ada)
    share(ada, file_id, loser)
    claims = jwt.decode(loser.tokens.access, options={"verify_signature": False})
    stack.client("dynamodb").put_item(
        TableName=stack.permissions_table,
        Item={
            "pk": {"S": f"USER#{claims['sub']}"},
            "sk": {"S": "STATE"},
            "not_before": {"N": str(claims["iat"] + 1)},
        },
    )
    refused = download(loser, file_id)
    assert (refused.status_code, problem_code(refused)) == (401, "session_revoked")
    assert loser.api("GET", "/files").status_code == 401

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

from tests.tools.test_run import example
from tools.authorization import CALLBACK, Authorization


def query(authorization):
    return {name: values[0] for name, values in parse_qs(urlsplit(authorization.url).query).items()}


def test_the_address_carries_the_hash_of_the_verifier_and_never_the_verifier():
    authorization = Authorization(example())
    digest = hashlib.sha256(authorization.verifier.encode()).digest()
    asked = query(authorization)
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert authorization.verifier not in authorization.url
    assert asked["redirect_uri"] == CALLBACK


def test_each_sign_in_has_its_own_verifier_and_state():
    first, second = Authorization(example()), Authorization(example())
    assert first.verifier != second.verifier
    assert query(first)["state"] != query(second)["state"]


def test_neither_stands_in_what_is_printed():
    authorization = Authorization(example())
    assert authorization.verifier not in repr(authorization)
    assert authorization.state not in repr(authorization)

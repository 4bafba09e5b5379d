"""A key is known from its issue to its end, and stands for one principal."""

from __future__ import annotations

import re

from local.credentials import Credentials

ROLE = "arn:aws:iam::123456789012:role/reader"


def test_an_issued_key_is_found_with_its_principal():
    credentials = Credentials()
    issued = credentials.issue(ROLE, 60)
    assert credentials.find(issued.access_key_id) == issued
    assert issued.principal_arn == ROLE
    assert issued.session_token


def test_keys_look_like_awss_and_differ():
    credentials = Credentials()
    session, lasting = credentials.issue(ROLE, 60), credentials.issue(ROLE, None)
    assert re.fullmatch("ASIA[A-Z2-7]{16}", session.access_key_id)
    assert re.fullmatch("AKIA[A-Z2-7]{16}", lasting.access_key_id)
    assert session.secret_access_key != lasting.secret_access_key
    assert lasting.session_token is None


def test_an_expired_or_unknown_key_is_nobodys():
    credentials = Credentials()
    assert credentials.find(credentials.issue(ROLE, -1).access_key_id) is None
    assert credentials.find("AKIAUNKNOWNUNKNOWN22") is None


def test_expired_keys_are_forgotten():
    credentials = Credentials()
    lasting = credentials.issue(ROLE, None)
    for _ in range(3000):
        credentials.issue(ROLE, -1)
    assert len(credentials._by_id) < 1100
    assert credentials.find(lasting.access_key_id) == lasting

"""What ends by itself in managed login, against a clock of the test's own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from local.managed_login.codes import AuthorizationCodes, InvalidGrant
from local.managed_login.cookies import SESSION_COOKIE, BrowserSessions
from local.managed_login.request import AuthorizationRequest

ADDRESS = "http://localhost:5173/callback"


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


def test_an_authorization_code_ends_after_five_minutes():
    clock, client = Clock(), object()
    codes = AuthorizationCodes(clock)
    request = AuthorizationRequest(
        None, client, ADDRESS, None, ("openid",), "c" * 43, None, None, "", ""
    )
    code = codes.issue(request, user=None, auth_time=0)
    clock.now += 301
    with pytest.raises(InvalidGrant):
        codes.redeem(code, client, ADDRESS, "v" * 43)


def test_a_browsers_session_ends_after_an_hour():
    clock = Clock()
    sessions = BrowserSessions(clock)
    user = SimpleNamespace(username="alice", enabled=True, status="CONFIRMED")
    pool = SimpleNamespace(users={"alice": user})
    response = Response()
    sessions.start(response, pool, user)
    cookie = response.headers["Set-Cookie"].partition(";")[0]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    request = Request(EnvironBuilder(headers={"Cookie": cookie}).get_environ())
    clock.now += 3600
    assert sessions.find(request, pool)
    clock.now += 1
    assert sessions.find(request, pool) is None

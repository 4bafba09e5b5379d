"""Who calls: the verified token's claims, checked once more, and what the gateway saw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.contract.openapi import path_parameters
from app.contract.operations import OPERATIONS
from app.domain.people import UserState
from app.routes.caller import caller_of
from tests.app.bodies import GOOD_SHARE, GOOD_UPLOAD
from tests.app.routes.conftest import CLAIMS, event
from tests.app.samples import ADA, FILE_ID, NOW, REQUEST_ID

PEOPLES = [one for one in OPERATIONS if one.caller == "person"]
BODIES = {"start_upload": GOOD_UPLOAD, "share_file": GOOD_SHARE}
FORGED = {
    "an ID token": CLAIMS | {"token_use": "id", "aud": "web-client"},
    "no kind": {k: v for k, v in CLAIMS.items() if k != "token_use"},
    "another client's": CLAIMS | {"client_id": "somebody-else"},
    "no client's": {k: v for k, v in CLAIMS.items() if k != "client_id"},
    "all clients' at once": CLAIMS | {"client_id": "web-client,cli-client"},
    "another pool's": CLAIMS | {"iss": CLAIMS["iss"][:-1] + "2"},
    "a pool's whose name ends like ours": CLAIMS
    | {"iss": "https://evil.example/x" + CLAIMS["iss"][-19:]},
    "no pool's": {k: v for k, v in CLAIMS.items() if k != "iss"},
    "an empty one": {},
    "none": None,
}


def context(**claims):
    return event("GET", "/me", claims=CLAIMS | claims)["requestContext"]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("operation", PEOPLES, ids=lambda one: one.id)
def test_a_token_that_is_not_for_us_opens_nothing(operation, forged, call, services, is_problem):
    path = dict.fromkeys(path_parameters(operation.path), FILE_ID) or None
    answer = call(
        operation.method,
        operation.path,
        BODIES.get(operation.id),
        claims=FORGED[forged],
        path=path,
    )
    assert is_problem(answer, 401, "unauthorized")
    assert services.workflows.runs == []
    assert services.permissions.reads == 0


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (str(NOW), NOW),
        ("Sat Nov 21 19:00:00 UTC 2026", 1795287600),
        ("Thu Jan 31 12:00:00 UTC 2030", NOW),
    ],
)
def test_the_time_of_the_token_is_read_in_both_forms_of_rest_apis(written, seconds, services):  # noqa: ARG001
    assert caller_of(context(iat=written)).issued_at == seconds


@pytest.mark.parametrize(
    ("claim", "groups"),
    [
        ("admins,finance", ("admins", "finance")),
        ("[admins finance]", ("admins", "finance")),
        ("admins", ("admins",)),
        ("", ()),
    ],
)
def test_groups_come_as_one_text(claim, groups, services):  # noqa: ARG001
    assert caller_of(context(**{"cognito:groups": claim})).groups == groups


def test_the_address_is_the_gateways_and_never_a_header(call, services):
    call("GET", "/files", headers={"X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9"})
    assert services.audit.records[REQUEST_ID].source_ip == "192.0.2.7"


def test_a_user_agent_is_kept_without_its_control_characters(call, services):
    call("GET", "/files", user_agent="curl\r\nfaked: line\x1b[31m" + "x" * 1000)
    kept = services.audit.records[REQUEST_ID].user_agent
    assert kept.startswith("curl\ufffd\ufffdfaked: line\ufffd[31m")
    assert len(kept) == 512


def test_a_request_without_user_agent_has_an_empty_one(call, services):
    call("GET", "/files", user_agent=None)
    assert services.audit.records[REQUEST_ID].user_agent == ""


def test_me_is_what_the_token_says(call):
    answer = call("GET", "/me", claims=CLAIMS | {"cognito:groups": "admins"})
    assert answer.document == {
        "sub": ADA.sub,
        "username": "ada",
        "groups": ["admins"],
        "scopes": ["openid", "waybill/files"],
    }


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        (UserState(enabled=False), 403, "account_disabled"),
        (UserState(not_before=NOW), 401, "session_revoked"),
    ],
)
@pytest.mark.parametrize("resource", ["/files", "/shares", "/files/{file_id}"])
def test_a_good_token_of_somebody_revoked_reads_nothing(
    *, state, status, code, resource, call, services, is_problem
):
    services.permissions.restrict(ADA.sub, state)
    path = {"file_id": FILE_ID} if "{" in resource else None
    assert is_problem(call("GET", resource, path=path), status, code)
    [record] = services.audit.records.values()
    assert (record.outcome, record.reason, record.actor) == ("refused", code, ADA.sub)


def test_the_caller_is_no_more_than_the_claims(services):  # noqa: ARG001
    caller = caller_of(context(email="victim@example.com", **{"custom:sub": "victim"}))
    assert (caller.sub, caller.username) == (ADA.sub, "ada")
    assert replace(caller, sub="x") != caller

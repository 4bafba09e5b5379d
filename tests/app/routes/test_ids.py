"""Ids: an odd one, an unknown one and somebody else's are one answer, byte for byte."""

from __future__ import annotations

import pytest

from tests.app.bodies import GOOD_SHARE
from tests.app.samples import BOB, FILE_ID, OTHER_FILE_ID, a_file

ODD = [
    "x",
    "..",
    "%2e%2e%2fsecret",
    "../../etc/passwd",
    "' OR '1'='1",
    "%27%20OR%201=1--",
    '","userId":"victim-sub',
    "%22%2C%22userId%22%3A%22victim-sub",
    "$.actor.sub",
    "{{7*7}}",
    "${jndi:ldap://x}",
    FILE_ID.upper(),
    FILE_ID.replace("-", ""),
    f"{FILE_ID}\n",
    f"{FILE_ID}%0a",
    f" {FILE_ID}",
    f"{FILE_ID}#SHARE",
    f"{{{FILE_ID}}}",
    f"urn:uuid:{FILE_ID}",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "\u0663f1c9b1e-0000-4000-8000-00000000000f",
    "0" * 5000,
]
READS = [("GET", "/files/{file_id}", None), ("GET", "/files/{file_id}/shares", None)]
ACTS = [
    ("POST", "/files/{file_id}/complete", None),
    ("POST", "/files/{file_id}/shares", GOOD_SHARE),
    ("POST", "/files/{file_id}/downloads", None),
]
NOT_FOUND = {"status": "refused", "problem": {"code": "not_found"}}


def named(route):
    return route[1]


@pytest.fixture
def ask(call):
    def send(route, file_id):
        method, resource, body = route
        return call(method, resource, body, path={"file_id": file_id})

    return send


@pytest.mark.parametrize("route", READS + ACTS, ids=named)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:30])
def test_an_odd_id_is_answered_like_an_unknown_one(route, odd, ask, services, is_problem):
    services.workflows.output = NOT_FOUND
    unknown = ask(route, OTHER_FILE_ID)
    services.workflows.runs.clear()
    services.permissions.reads = 0
    assert is_problem(unknown, 404, "not_found")
    assert ask(route, odd) == unknown
    assert services.workflows.runs == []
    assert services.permissions.reads == 0


@pytest.mark.parametrize("route", READS, ids=named)
def test_somebody_elses_file_is_answered_like_none(route, ask, services):
    services.permissions.add(a_file(owner=BOB.sub))
    assert ask(route, FILE_ID) == ask(route, OTHER_FILE_ID)


def test_a_percent_escape_is_undone_once(ask, services):
    services.permissions.add(a_file())
    read = READS[0]
    assert ask(read, FILE_ID.replace("3f", "%33f", 1)).status == 200
    assert ask(read, FILE_ID.replace("3f", "%2533f", 1)).status == 404


@pytest.mark.parametrize("route", ACTS, ids=named)
def test_no_text_of_the_caller_reaches_another_field_of_the_workflow(route, ask, services):
    """The published sample lets `f1","userId":"victim` through into its workflow's input."""
    services.workflows.output = NOT_FOUND
    ask(route, '","actor":{"sub":"victim-sub"},"x":"')
    ask(route, FILE_ID)
    [(_, _, payload)] = services.workflows.runs
    assert payload["file_id"] == FILE_ID
    assert payload["actor"]["sub"] == "ada-sub"

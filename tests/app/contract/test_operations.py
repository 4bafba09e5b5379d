"""The registry is the truth: routes, problems and rules agree with it."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from app.contract.openapi import path_parameters
from app.contract.operations import BY_ID, FILES_SCOPE, OPERATIONS
from app.contract.problems import INTERNAL_ERROR, PROBLEMS, UNAUTHORIZED
from app.domain import access, sharing, uploads
from app.domain.access import DownloadFacts
from app.domain.decisions import Refused
from app.domain.files import FileState
from app.domain.people import UserState
from app.domain.reasons import Reason, told
from app.domain.sharing import Proposal, SharingFacts, TermLimits, Terms
from app.domain.uploads import StoredObject
from tests.app.samples import A_DAY, ADA, BOB, EVE, NOW, a_file, a_share

PEOPLE = [
    ADA,
    BOB,
    EVE,
    replace(ADA, enabled=False),
    replace(ADA, email_verified=False),
]
STATES = [UserState(), UserState(enabled=False), UserState(not_before=NOW)]
FILES = [None, *(a_file(state=state) for state in FileState)]
SHARES = [
    None,
    a_share(),
    a_share(used=3),
    a_share(expires_at=NOW),
    a_share(revoked_at="earlier"),
    a_share(bound_to="another"),
]


@pytest.fixture
def chalice_app(services):  # noqa: ARG001  the app reads its settings when it is first imported
    from app import app

    return app


def test_ids_are_unique_and_say_what_they_do():
    assert len({operation.id for operation in OPERATIONS}) == len(OPERATIONS) == len(BY_ID)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", operation.id) for operation in OPERATIONS)


def test_no_two_operations_share_an_address():
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_its_problems_are_known_and_named_once(operation):
    assert set(operation.problems) <= set(PROBLEMS)
    assert len(set(operation.problems)) == len(operation.problems)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_whoever_may_call_it_brings_a_token_with_our_scope_or_none_at_all(operation):
    assert operation.scopes == (() if operation.caller == "anyone" else (FILES_SCOPE,))
    assert (UNAUTHORIZED in operation.problems) == (operation.caller != "anyone")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_a_body_comes_with_post_alone(operation):
    assert operation.request is None or operation.method == "POST"
    assert operation.query is None or operation.method == "GET"


def test_every_operation_is_a_route_and_every_route_an_operation(chalice_app):
    routes = {
        (method, path): entry
        for path, methods in chalice_app.routes.items()
        for method, entry in methods.items()
    }
    assert set(routes) == {(one.method, one.path) for one in OPERATIONS}
    for one in OPERATIONS:
        entry = routes[one.method, one.path]
        scopes = entry.authorizer.scopes if entry.authorizer else []
        assert tuple(scopes) == one.scopes
        assert entry.view_args == path_parameters(one.path)


def reasons(decisions):
    return {told(one.reason) for one in decisions if isinstance(one, Refused)}


def downloads():
    for person, state, file, share in itertools.product(PEOPLE, STATES, FILES, SHARES):
        yield access.decide(person, DownloadFacts(state, file, share), NOW)


def shares():
    limits = TermLimits(365, 1000, 14)
    terms = [Terms(NOW + A_DAY, 3), Terms(NOW, 3)]
    recipients = [(BOB.email,), (ADA.email,)]
    wanted = [Proposal(to, on) for to, on in itertools.product(recipients, terms)]
    for person, state, file, share in itertools.product(PEOPLE, STATES, FILES, SHARES):
        facts = SharingFacts(state, file, (share,) if share else ())
        yield from (sharing.decide(person, facts, one, limits, NOW) for one in wanted)


def starts():
    for person, state in itertools.product(PEOPLE, STATES):
        yield uploads.decide_start(person, state, a_file())


def completions():
    stored = [None, StoredObject(1, None, "v"), StoredObject(12345, "ab" * 32, "v")]
    for person, state, file, one in itertools.product(PEOPLE, STATES, FILES, stored):
        yield uploads.decide_completion(person, state, file, one)


@pytest.mark.parametrize(
    ("operation", "decisions"),
    [
        ("download_file", downloads),
        ("share_file", shares),
        ("start_upload", starts),
        ("complete_upload", completions),
    ],
)
def test_every_refusal_the_rules_can_give_is_a_problem_of_the_operation(operation, decisions):
    problems = set(BY_ID[operation].problems)
    assert reasons(decisions()) <= problems
    assert {Reason.CONTENDED, INTERNAL_ERROR} <= problems

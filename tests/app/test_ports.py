"""One contract a port, run against the fake and the real adapter alike, so that no fake can lie."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

import pytest

from app.adapters.audit_trail import DynamoAuditTrail
from app.adapters.clock import SystemClock
from app.adapters.items import decode, encode
from app.adapters.people import CognitoPeople
from app.adapters.permission_store import DynamoPermissionStore
from app.adapters.rows import file_row, share_row, user_key
from app.adapters.workflows import StepFunctionsWorkflows
from app.domain.access import DownloadFacts
from app.domain.events import Action, AuditRecord, Outcome
from app.domain.people import UserState
from app.domain.sharing import SharingFacts
from app.ports import InvalidCursorError, WorkflowResult
from tests.app.fakes import (
    MemoryAuditTrail,
    MemoryPermissionStore,
    ScriptedWorkflows,
    StandingClock,
    StaticPeople,
)
from tests.app.samples import a_file, a_share, an_upload

REAL_OR_NOT = ["fake", "real"]


class StoredPermissions(DynamoPermissionStore):
    """The real adapter, with the fake's way of putting things there."""

    def __init__(self, tables):
        super().__init__(tables.client, tables.permissions)
        self._tables = tables

    def add(self, *things):
        for one in things:
            self._tables.put(share_row(one) if hasattr(one, "recipient") else file_row(one))

    def restrict(self, sub, state):
        disabled_at = None if state.enabled else "2026-11-21T12:00:00.000Z"
        row = encode({"disabled_at": disabled_at, "not_before": state.not_before})
        self._tables.put(user_key(sub) | row)


class RecordedAudit(DynamoAuditTrail):
    def __init__(self, tables):
        super().__init__(tables.client, tables.audit, 400)
        self._tables = tables

    def reason_of(self, attempt):
        return decode(self._tables.record(attempt)).get("reason")


class RememberedAudit(MemoryAuditTrail):
    def reason_of(self, attempt):
        return self.records[attempt].reason


@pytest.fixture(params=REAL_OR_NOT)
def permissions(request):
    if request.param == "fake":
        return MemoryPermissionStore()
    return StoredPermissions(request.getfixturevalue("tables"))


@pytest.fixture(params=REAL_OR_NOT)
def audit(request):
    if request.param == "fake":
        return RememberedAudit()
    return RecordedAudit(request.getfixturevalue("tables"))


@pytest.fixture
def new():
    """Ids nobody else in this run uses: both stores are shared by tests."""
    return lambda: str(uuid.uuid4())


@pytest.fixture
def file(permissions, new):
    stored = a_file(id=new(), owner=new())
    permissions.add(stored)
    return stored


def test_a_file_comes_back_as_it_was_stored(permissions, file):
    assert permissions.file(file.id) == file


def test_an_unfinished_and_an_empty_file_come_back_as_they_were_stored(permissions, new):
    for unusual in (an_upload(id=new(), size=0), a_file(id=new(), name="\u5831 \U0001f600")):
        permissions.add(unusual)
        assert permissions.file(unusual.id) == unusual


def test_what_is_not_there_is_none(permissions, new):
    assert permissions.file(new()) is None
    assert permissions.decode_file(None) is None
    assert permissions.user_state(new()) == UserState()


def test_a_restricted_person_is_known_as_such(permissions, new):
    sub, state = new(), UserState(enabled=False, not_before=1_900_000_000)
    permissions.restrict(sub, state)
    assert permissions.user_state(sub) == state


@pytest.mark.parametrize(
    "share",
    [
        a_share(),
        a_share(limit=None, message="Here:\n\u5831"),
        a_share(used=3, bound_to="bob-sub", revoked_at="2030-01-31T11:00:00.000Z"),
        a_share(recipient="o'brien@example.com"),
    ],
)
def test_all_that_bears_on_a_download_is_read_at_once(permissions, file, new, share):
    sub, share = new(), replace(share, file_id=file.id)
    permissions.add(share)
    facts = permissions.download_facts(sub, share.recipient, file.id)
    assert facts == DownloadFacts(UserState(), file, share)


def test_nothing_that_is_missing_shifts_what_is_there(permissions, file, new):
    sub = new()
    permissions.restrict(sub, UserState(enabled=False))
    facts = permissions.download_facts(sub, "nobody@example.com", file.id)
    assert facts == DownloadFacts(UserState(enabled=False), file, None)
    facts = permissions.download_facts(new(), "nobody@example.com", new())
    assert facts == DownloadFacts(UserState(), None, None)


def test_all_that_bears_on_sharing_is_read_at_once(permissions, file, new):
    there = a_share(file_id=file.id)
    permissions.add(there, a_share(file_id=file.id, recipient="other@example.com"))
    asked = ["new@example.com", there.recipient]
    facts = permissions.sharing_facts(new(), file.id, asked)
    assert facts == SharingFacts(UserState(), file, (there,))


def test_fifty_recipients_are_read_at_once(permissions, file, new):
    asked = [f"p{n}@example.com" for n in range(50)]
    permissions.add(*(a_share(file_id=file.id, recipient=one) for one in asked))
    assert len(permissions.sharing_facts(new(), file.id, asked).existing) == 50


def pages(read, limit):
    """Every page of a list; a list that never ends fails."""
    cursor, found = None, []
    for _ in range(20):
        page = read(limit, cursor)
        found.append(list(page.items))
        cursor = page.next_cursor
        if cursor is None:
            return found
    raise AssertionError("a list without an end")


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_a_persons_files_come_newest_first_in_pages(permissions, new, limit):
    owner = new()
    files = [a_file(id=new(), owner=owner, created_at=f"2030-01-0{n}") for n in range(1, 6)]
    permissions.add(*files, a_file(id=new(), owner=new()))
    found = pages(lambda limit, cursor: permissions.files_of(owner, limit, cursor), limit)
    assert all(len(page) <= limit for page in found)
    assert [one for page in found for one in page] == files[::-1]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_shares_of_a_file_come_in_pages(permissions, file, new, limit):
    shares = [a_share(file_id=file.id, recipient=f"p{n}@example.com") for n in range(5)]
    permissions.add(*shares, a_share(file_id=new()))
    found = pages(lambda limit, cursor: permissions.shares_of(file.id, limit, cursor), limit)
    assert [one for page in found for one in page] == shares


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_what_is_shared_with_an_address_comes_newest_first_in_pages(permissions, new, limit):
    email = f"{new()}@example.com"
    shares = [
        a_share(file_id=new(), recipient=email, created_at=f"2030-01-0{n}") for n in range(1, 6)
    ]
    permissions.add(*shares, a_share(file_id=new()))
    found = pages(lambda limit, cursor: permissions.shares_with(email, limit, cursor), limit)
    assert [one for page in found for one in page] == shares[::-1]


def test_an_empty_list_is_one_empty_page(permissions, new):
    for read in (permissions.files_of, permissions.shares_of, permissions.shares_with):
        page = read(new(), 10, None)
        assert (page.items, page.next_cursor) == ((), None)


@pytest.mark.parametrize("cursor", ["forged", "-", "e30", "bnVsbA", "\u0663x"])
def test_a_cursor_that_is_not_ours_is_refused(permissions, new, cursor):
    for read in (permissions.files_of, permissions.shares_of, permissions.shares_with):
        with pytest.raises(InvalidCursorError):
            read(new(), 10, cursor)


def a_record(attempt, reason):
    return AuditRecord(
        id=attempt,
        time="2030-01-31T12:00:00.000Z",
        actor="ada-sub",
        action=Action.FILE_READ,
        outcome=Outcome.REFUSED,
        source_ip="192.0.2.7",
        user_agent="",
        reason=reason,
        recipients=("bob@example.com",),
    )


def test_an_attempt_is_recorded_once_and_its_first_record_stays(audit, new):
    attempt = new()
    audit.write(a_record(attempt, "no_such_file"))
    audit.write(a_record(attempt, "internal_error"))
    assert audit.reason_of(attempt) == "no_such_file"


def test_a_planned_record_may_be_stored_once(audit, new):
    plan = audit.plan(a_record(new(), "not_owner"))["Put"]
    assert plan["ConditionExpression"] == "attribute_not_exists(id)"
    assert plan["Item"] == audit.encode(a_record(plan["Item"]["id"]["S"], "not_owner"))
    assert decode(plan["Item"])["recipients"] == ("bob@example.com",)


@pytest.fixture(scope="session")
def pool(aws):
    client = aws.client("cognito-idp")
    made = client.create_user_pool(PoolName=f"ports-{uuid.uuid4().hex}")["UserPool"]["Id"]
    yield client, made
    client.delete_user_pool(UserPoolId=made)


@pytest.fixture(params=REAL_OR_NOT)
def people(request):
    """(the port, a person with a verified address, one without, one disabled, one unknown)"""
    if request.param == "fake":
        fake = StaticPeople()
        fake.verified["bob"] = "bob@example.com"
        return fake, "bob"
    client, pool = request.getfixturevalue("pool")
    name = f"bob-{uuid.uuid4().hex}"
    for suffix, verified in (("", "true"), ("-unverified", "false"), ("-disabled", "true")):
        client.admin_create_user(
            UserPoolId=pool,
            Username=name + suffix,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": "Bob@Example.com"},
                {"Name": "email_verified", "Value": verified},
            ],
        )
    client.admin_disable_user(UserPoolId=pool, Username=f"{name}-disabled")
    return CognitoPeople(client, pool), name


def test_an_address_counts_when_verified_and_the_account_enabled(people):
    port, bob = people
    assert port.verified_email(bob) == "bob@example.com"
    for other in ("-unverified", "-disabled", "-unknown"):
        assert port.verified_email(f"{bob}{other}") is None


@pytest.fixture(params=REAL_OR_NOT)
def workflows(request):
    """The port, as a function from (an execution that succeeds?, its input) to its result."""
    if request.param == "fake":
        fake = ScriptedWorkflows()

        def run(succeeds, payload):
            fake.output = payload if succeeds else None
            return fake.run("succeed" if succeeds else "fail", str(uuid.uuid4()), payload)

        return run
    aws = request.getfixturevalue("aws")
    client = aws.client("stepfunctions")
    machines = {
        "succeed": machine(client, {"Type": "Pass", "End": True}),
        "fail": machine(client, {"Type": "Fail", "Error": "AttemptFailed"}),
    }
    real = StepFunctionsWorkflows(client, machines)
    return lambda succeeds, payload: real.run(
        "succeed" if succeeds else "fail", str(uuid.uuid4()), payload
    )


def machine(client, state):
    created = client.create_state_machine(
        name=f"ports-{uuid.uuid4().hex}",
        type="EXPRESS",
        roleArn="arn:aws:iam::123456789012:role/ports",
        definition=json.dumps({"StartAt": "Only", "States": {"Only": state}}),
    )
    return created["stateMachineArn"]


def test_an_execution_gives_its_output_and_a_failed_one_nothing(workflows):
    payload = {"status": "granted", "body": {"name": "r\u00e9sum\u00e9"}}
    assert workflows(True, payload) == WorkflowResult(payload)
    assert workflows(False, payload) == WorkflowResult(None)


@pytest.fixture(params=[StandingClock, SystemClock], ids=REAL_OR_NOT)
def clock(request):
    return request.param()


def test_a_clock_knows_its_zone_and_never_makes_the_same_id(clock):
    assert clock.now().utcoffset() is not None
    made = [clock.new_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert all(str(uuid.UUID(one)) == one for one in made)


def test_a_pause_is_longer_each_time_and_never_the_same(monkeypatch):
    """Full jitter: anything from nothing up to a ceiling that doubles."""
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    clock = SystemClock()
    for attempt in range(5):
        for _ in range(200):
            clock.pause(attempt)
    rounds = [slept[start : start + 200] for start in range(0, 1000, 200)]
    for attempt, pauses in enumerate(rounds):
        assert min(pauses) >= 0
        assert max(pauses) < 0.02 * 2**attempt
        assert len(set(pauses)) > 100
    assert max(rounds[4]) > 0.02

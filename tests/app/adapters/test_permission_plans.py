"""The plans, carried out by DynamoDB: they do what they say, under every clause they name."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.adapters import permission_plans
from app.domain.access import Access
from app.domain.files import FileState
from app.domain.shares import Terms
from tests.app.samples import A_DAY, BOB, NOW

DISABLED = {"S": "2026-11-21T12:00:00.000Z"}
REVOKED = "2030-01-31T11:00:00.000Z"


def seconds(number):
    return {"N": str(number)}


def grant(world, share=None, person=None, now=NOW):
    """Plan Bob's download as decided on a share that looked good."""
    access = Access(world.file, "version-1", share or world.share())
    return world.store.plan_grant(person or world.bob, access, now)


def own_grant(world):
    return world.store.plan_grant(world.ada, Access(world.file, "version-1", None), NOW)


def sharing(world, now=NOW):
    return world.store.plan_shares(world.ada, world.file, [world.share()], now)


def completion(world):
    return world.store.plan_completion(world.ada, replace(world.file, version="version-9"))


# --- what goes through, and what it leaves ---


def test_a_grant_counts_one_and_binds_the_share(world):
    world.put_share(limit=2)
    assert world.carry_out(grant(world))
    share = world.stored_share()
    assert (share.used, share.bound_to) == (1, world.bob.sub)


def test_a_limit_of_two_is_two_grants(world):
    world.put_share(limit=2)
    assert [world.carry_out(grant(world)) for _ in range(3)] == [True, True, False]
    assert world.stored_share().used == 2


def test_a_limit_holds_against_many_at_once(world):
    world.put_share(limit=3)
    with ThreadPoolExecutor(16) as pool:
        went_through = sum(pool.map(lambda _: world.carry_out(grant(world)), range(32)))
    # Rivals cancel each other as well, so that fewer may have got through; never more.
    assert went_through == world.stored_share().used <= 3


def test_no_limit_never_ends(world):
    world.put_share(limit=None)
    assert all(world.carry_out(grant(world)) for _ in range(5))


def test_an_owners_grant_counts_nothing(world):
    world.put_share()
    assert world.carry_out(own_grant(world))
    assert world.stored_share().used == 0


def test_a_person_who_was_never_restricted_needs_no_row(world):
    world.put_share()
    assert world.item(permission_plans.user_key(world.bob.sub)) is None
    assert world.carry_out(grant(world))


def test_a_person_restored_since_is_welcome(world):
    world.put_share()
    world.put_state(world.bob, not_before=seconds(world.bob.token_issued_at))
    assert world.carry_out(grant(world))


def test_an_upload_is_started_once(world):
    file = replace(world.file, id=str(uuid.uuid4()), state=FileState.UPLOADING, version=None)
    assert world.carry_out(world.store.plan_upload(world.ada, file))
    assert world.store.file(file.id) == file
    assert not world.carry_out(world.store.plan_upload(world.ada, file))


def test_a_completed_upload_is_ready_in_its_version(world):
    world.put_file(state=FileState.UPLOADING, version=None)
    assert world.carry_out(completion(world))
    assert world.store.file(world.file.id) == replace(world.file, version="version-9")


def test_shares_are_stored_for_all_or_for_nobody(world):
    new = [world.share(recipient=f"p{n}@example.com") for n in range(50)]
    assert world.carry_out(world.store.plan_shares(world.ada, world.file, new, NOW))
    page = world.store.shares_of(world.file.id, 100, None)
    assert len(page.items) == 50
    another = [world.share(recipient="p51@example.com"), new[7]]
    assert not world.carry_out(world.store.plan_shares(world.ada, world.file, another, NOW))
    assert world.share_item("p51@example.com") is None


@pytest.mark.parametrize("over", [{"expires_at": NOW}, {"revoked_at": REVOKED}])
def test_an_ended_share_is_replaced_by_a_fresh_one(world, over):
    world.put_share(used=3, bound_to="somebody", **over)
    fresh = replace(world.share(), terms=Terms(NOW + A_DAY, 1))
    plan = world.store.plan_shares(world.ada, world.file, [fresh], NOW)
    assert world.carry_out(plan)
    assert world.stored_share() == fresh


def test_one_attempt_leaves_one_record_however_often_it_is_tried(world):
    world.put_share(limit=None)
    attempt = str(uuid.uuid4())
    assert world.carry_out(grant(world), attempt)
    assert not world.carry_out(grant(world), attempt)
    assert world.stored_share().used == 1


def test_a_cancelled_act_changes_nothing_at_all(world):
    world.put_share(limit=1, used=1)
    before = world.file_item(), world.share_item()
    assert not world.carry_out(grant(world))
    assert (world.file_item(), world.share_item()) == before


# --- clause by clause: what it stops, and that nothing else would have stopped it ---


def a_used_up_share(world):
    world.put_share(limit=1, used=1)
    return grant(world)


def an_expired_share(world):
    world.put_share(expires_at=NOW)
    return grant(world)


def a_revoked_share(world):
    world.put_share(revoked_at=REVOKED)
    return grant(world)


def a_share_bound_to_another(world):
    world.put_share(bound_to="another-sub")
    return grant(world)


def a_person_disabled_since(world):
    world.put_share()
    world.put_state(world.bob, disabled_at=DISABLED)
    return grant(world)


def a_session_revoked_since(world):
    world.put_share()
    world.put_state(world.bob, not_before=seconds(NOW))
    return grant(world)


def a_file_deleted_since(world):
    world.put_share()
    world.put_file(state=FileState.DELETED)
    return grant(world)


def a_file_that_changed_hands(world):
    world.put_file(owner="another-sub")
    return own_grant(world)


def sharing_a_file_that_changed_hands(world):
    world.put_file(owner="another-sub")
    return sharing(world)


def sharing_a_deleted_file(world):
    world.put_file(state=FileState.DELETED)
    return sharing(world)


def completing_somebody_elses_upload(world):
    world.put_file(owner="another-sub", state=FileState.UPLOADING)
    return completion(world)


def completing_what_is_complete(world):
    return completion(world)


STOPPED_BY = [
    ("not_yet_used_up", a_used_up_share),
    ("not_expired", an_expired_share),
    ("not_revoked", a_revoked_share),
    ("mine_or_nobodys_yet", a_share_bound_to_another),
    ("not_disabled", a_person_disabled_since),
    ("session_not_revoked", a_session_revoked_since),
    ("in_state", a_file_deleted_since),
    ("mine", a_file_that_changed_hands),
    ("mine", sharing_a_file_that_changed_hands),
    ("in_state", sharing_a_deleted_file),
    ("mine", completing_somebody_elses_upload),
    ("in_state", completing_what_is_complete),
]
NAMES = [f"{clause} stops {case.__name__}" for clause, case in STOPPED_BY]


@pytest.mark.parametrize(("clause", "case"), STOPPED_BY, ids=NAMES)
def test_a_clause_stops_its_case(world, clause, case):  # noqa: ARG001
    assert not world.carry_out(case(world))


@pytest.mark.parametrize(("clause", "case"), STOPPED_BY, ids=NAMES)
def test_without_the_clause_its_case_would_pass(world, clause, case, monkeypatch):
    text = getattr(permission_plans, clause)
    monkeypatch.setattr(permission_plans, clause, f"({text} OR attribute_not_exists(no_such))")
    assert world.carry_out(case(world))


def test_a_grant_never_makes_a_share_of_nothing(world):
    assert not world.carry_out(grant(world))
    assert world.share_item() is None


def test_a_share_that_still_holds_is_never_replaced(world):
    world.put_share(used=1)
    assert not world.carry_out(sharing(world))
    assert world.stored_share().used == 1


def first_share(world):
    return sharing(world)


def share_after_an_ended_one(world):
    world.put_share(expires_at=NOW)
    return sharing(world)


def upload_of_a_new_file(world):
    file = replace(world.file, id=str(uuid.uuid4()), state=FileState.UPLOADING, version=None)
    return world.store.plan_upload(world.ada, file)


OPENED_BY = [
    ("nothing_there", first_share),
    ("nothing_there", upload_of_a_new_file),
    ("over", share_after_an_ended_one),
]
OPENS = [f"{clause} opens {case.__name__}" for clause, case in OPENED_BY]


@pytest.mark.parametrize(("clause", "case"), OPENED_BY, ids=OPENS)
def test_a_clause_opens_its_case(world, clause, case):  # noqa: ARG001
    assert world.carry_out(case(world))


@pytest.mark.parametrize(("clause", "case"), OPENED_BY, ids=OPENS)
def test_without_the_clause_its_case_would_be_stopped(world, clause, case, monkeypatch):
    text = getattr(permission_plans, clause)
    monkeypatch.setattr(permission_plans, clause, f"({text} AND attribute_exists(no_such))")
    assert not world.carry_out(case(world))


CLAUSES = {
    name
    for name, value in vars(permission_plans).items()
    if isinstance(value, str) and not name.startswith("_") and name.islower()
}
LEANS_ON_OTHERS = {"there"}


def test_every_clause_has_its_case():
    """`there` alone has none: a row without expiry fails `not_expired` already. It says what is
    meant, and holds for a share without one.
    """
    proven = {clause for clause, _ in [*STOPPED_BY, *OPENED_BY]}
    assert CLAUSES - proven == LEANS_ON_OTHERS


def test_a_grant_for_another_address_touches_no_other_share(world):
    world.put_share(recipient="carol@example.com")
    world.put_share()
    assert world.carry_out(grant(world))
    other = world.store.download_facts("x", "carol@example.com", world.file.id).share
    assert (other.used, other.bound_to) == (0, None)
    assert world.stored_share().recipient == BOB.email

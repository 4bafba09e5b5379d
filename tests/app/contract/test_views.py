"""What we send: every view is exactly what its response model describes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from app.contract.models import FileOut, ReceivedShare, SharedFile, ShareOut
from app.contract.views import (
    file_view,
    own_file_view,
    received_view,
    share_view,
    shared_file_view,
)
from app.domain.reasons import Reason
from tests.app import strategies
from tests.app.samples import ADA, BOB, NOW, a_file, a_share


def matches(model, view):
    """The model takes it strictly, adds nothing, drops nothing, and it travels as JSON."""
    taken = model.model_validate(view, strict=True, extra="forbid")
    assert taken.model_dump() == view == json.loads(json.dumps(view))
    return True


@given(strategies.files)
def test_a_file_is_shown_as_described(file):
    assert matches(FileOut, file_view(file))
    assert matches(SharedFile, own_file_view(file))


@given(strategies.shares)
def test_a_share_is_shown_as_described(share):
    assert matches(ShareOut, share_view(share, NOW))
    assert matches(ReceivedShare, received_view(share, NOW))
    assert matches(SharedFile, shared_file_view(share))


@given(strategies.files, strategies.shares)
def test_no_view_shows_where_the_bytes_lie_or_who_somebody_is(file, share):
    views = [
        file_view(file),
        own_file_view(file),
        share_view(share, NOW),
        received_view(share, NOW),
    ]
    shown = json.dumps(views)
    assert file.key not in shown
    assert "-sub" not in shown
    assert "version" not in shown


@pytest.mark.parametrize(
    ("share", "state"),
    [
        (a_share(), "active"),
        (a_share(bound_to=BOB.sub), "active"),
        (a_share(revoked_at="earlier"), Reason.SHARE_REVOKED),
        (a_share(expires_at=NOW), Reason.EXPIRED),
        (a_share(limit=3, used=3), Reason.LIMIT_REACHED),
    ],
)
def test_a_share_is_active_or_says_why_not(share, state):
    assert share_view(share, NOW)["state"] == received_view(share, NOW)["state"] == state


def test_a_recipient_sees_what_is_left_and_the_bytes_that_were_pinned():
    share = a_share(limit=3, used=1)
    view = received_view(share, NOW)
    assert view["remaining_downloads"] == 2
    assert view["shared_by"] == ADA.email
    assert view["file"]["sha256"] == share.sha256


def test_another_name_given_later_does_not_reach_a_share():
    share = replace(a_share(), file_name="as shared.pdf")
    assert shared_file_view(share)["name"] == "as shared.pdf"
    assert own_file_view(a_file(name="renamed.pdf"))["name"] == "renamed.pdf"

"""Cursors: opaque, and whatever somebody writes into one, it moves them in their own list only."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters import cursors
from app.adapters.permission_store import DynamoPermissionStore
from app.adapters.rows import file_row, share_row
from app.ports import InvalidCursorError
from tests.app.samples import a_file, a_share

NAMES = frozenset({"pk", "sk", "created_at"})
texts = st.text(st.characters(max_codepoint=0x7F), min_size=1, max_size=20)
positions = st.fixed_dictionaries(dict.fromkeys(NAMES, texts))


def wrapped(document):
    """A cursor with any content, as somebody forges one."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@given(positions)
def test_a_position_survives_its_cursor(position):
    assert cursors.decode(cursors.encode(position), NAMES) == position


@given(positions)
def test_a_cursor_goes_into_an_address_as_it_is(position):
    assert set(cursors.encode(position)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


FORGED = {
    "nothing": "",
    "no base64": "!!!",
    "half a group": "A",
    "no JSON": wrapped(b"{"),
    "no text": wrapped(b"\xff\xfe\xff"),
    "a list": wrapped([]),
    "a number": wrapped(5),
    "nothing in it": wrapped({}),
    "too little": wrapped({"pk": "a", "sk": "b"}),
    "a partition of its own choice": wrapped(
        {"pk": "a", "sk": "b", "created_at": "c", "owner": "eve-sub"}
    ),
    "a number for a text": wrapped({"pk": 1, "sk": "b", "created_at": "c"}),
    "an empty text": wrapped({"pk": "", "sk": "b", "created_at": "c"}),
    "a typed value": wrapped({"pk": {"S": "a"}, "sk": "b", "created_at": "c"}),
    "a lone surrogate": wrapped({"pk": "\ud800", "sk": "b", "created_at": "c"}),
    "deep lists": wrapped(b"[" * 700),
    "deep objects": wrapped(b'{"a":' * 150),
    "letters of another alphabet": "\uff21\uff22\uff23\uff24",
}


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_cursor_is_refused(case):
    with pytest.raises(InvalidCursorError):
        cursors.decode(FORGED[case], NAMES)


@given(st.text(max_size=200) | st.binary(max_size=200).map(wrapped))
def test_any_text_is_a_position_or_refused(text):
    try:
        position = cursors.decode(text, NAMES)
    except InvalidCursorError:
        return
    assert set(position) == NAMES


@pytest.fixture(scope="module")
def two_people(tables):
    """Ada and Eve, with files of their own, and a share each on both."""
    ada, eve = f"ada-{uuid.uuid4()}", f"eve-{uuid.uuid4()}"
    for owner in (ada, eve):
        for n in range(3):
            file = a_file(id=str(uuid.uuid4()), owner=owner, created_at=f"2030-01-0{n + 1}")
            tables.put(file_row(file))
            share = a_share(file_id=file.id, owner=owner, recipient=f"{owner}@example.com")
            tables.put(share_row(replace(share, created_at=file.created_at)))
    return DynamoPermissionStore(tables.client, tables.permissions), ada, eve


some_key = texts | st.sampled_from(["FILE", "SHARE#", "SHARE#~", "USER#x", "FILE#", "2030-01-02"])


@settings(max_examples=60)
@given(pk=some_key, sk=some_key, created_at=some_key, data=st.data())
def test_no_cursor_leads_into_somebody_elses_list(two_people, pk, sk, created_at, data):
    store, ada, eve = two_people
    evil = store.files_of(eve, 10, None).items
    if data.draw(st.booleans()):  # a position that exists, in Eve's list
        pk, sk = f"FILE#{evil[1].id}", "FILE"
    cursor = cursors.encode({"pk": pk, "sk": sk, "created_at": created_at})
    assert {file.owner for file in store.files_of(ada, 10, cursor).items} <= {ada}
    mine = f"{ada}@example.com"
    assert {share.recipient for share in store.shares_with(mine, 10, cursor).items} <= {mine}


@settings(max_examples=60)
@given(sk=some_key)
def test_no_cursor_leads_out_of_the_shares_of_a_file(two_people, sk):
    """DynamoDB refuses a start outside the query (ValidationException): it never gets that far."""
    store, ada, _ = two_people
    file = store.files_of(ada, 1, None).items[0]
    cursor = cursors.encode({"sk": sk})
    if not sk.startswith("SHARE#"):
        with pytest.raises(InvalidCursorError):
            store.shares_of(file.id, 10, cursor)
        return
    assert {share.file_id for share in store.shares_of(file.id, 10, cursor).items} <= {file.id}

"""Rows: every value comes back as it went, and what is absent stays absent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.adapters.items import decode, encode
from app.adapters.rows import file_key, file_of, file_row, share_key, share_of, share_row
from tests.app import strategies
from tests.app.samples import a_file, a_share

values = st.text(min_size=1) | st.integers() | st.booleans()


@given(st.dictionaries(st.text(min_size=1), values | st.lists(values, min_size=1).map(tuple)))
def test_a_row_comes_back_as_it_was_written(row):
    assert decode(encode(row)) == row


def test_nothing_is_stored_for_what_is_empty_and_zero_is_not_empty():
    row = {"none": None, "text": "", "list": (), "zero": 0, "false": False}
    assert encode(row) == {"zero": {"N": "0"}, "false": {"BOOL": False}}


@given(strategies.files)
def test_a_file_survives_its_row(file):
    assert file_of(file_row(file)) == file


@given(strategies.shares, st.text(max_size=20))
def test_a_share_survives_its_row(share, message):
    assert share_of(share_row(share)) == share
    spoken = a_share(message=message)
    assert share_of(share_row(spoken)) == spoken


@given(strategies.shares)
def test_a_share_never_appears_in_a_list_of_files(share):
    """The list of a person's files is an index over `owner`: a share's row must not have it."""
    assert "owner" not in share_row(share)


@given(strategies.files)
def test_a_file_never_appears_in_a_list_of_shares(file):
    assert "recipient" not in file_row(file)


def test_file_and_shares_lie_together():
    file, share = file_key(a_file().id), share_key(a_file().id, "bob@example.com")
    assert file["pk"] == share["pk"]
    assert file["sk"] != share["sk"]

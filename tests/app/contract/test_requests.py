"""What is sent to us: validated strictly, and every refusal names its field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.contract.models import Page, ShareFile, StartUpload
from tests.app.bodies import BAD_SHARES, BAD_UPLOADS, GOOD_SHARE, GOOD_UPLOAD

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def faults(model, body):
    with pytest.raises(ValidationError) as invalid:
        model.model_validate(body)
    return [".".join(str(part) for part in error["loc"]) for error in invalid.value.errors()]


@pytest.mark.parametrize("case", BAD_UPLOADS)
def test_a_bad_announcement_is_refused_by_its_field(case):
    body, field = BAD_UPLOADS[case]
    assert field in faults(StartUpload, body)


@pytest.mark.parametrize("case", BAD_SHARES)
def test_a_bad_share_is_refused_by_its_field(case):
    body, field = BAD_SHARES[case]
    assert field in faults(ShareFile, body)


def test_every_field_at_fault_is_named_at_once():
    assert faults(StartUpload, {"name": "", "size": -1, "sha256": "x"}) == [
        "name",
        "size",
        "sha256",
    ]


@pytest.mark.parametrize(
    "name", ["Q3 board report.pdf", "r\u00e9sum\u00e9.pdf", "it's 100%.txt", "x" * 255]
)
def test_an_honest_name_passes(name):
    assert StartUpload.model_validate(GOOD_UPLOAD | {"name": name}).name == name


def test_a_name_is_stored_in_one_spelling():
    body = GOOD_UPLOAD | {"name": "re\u0301sume\u0301.pdf"}
    assert StartUpload.model_validate(body).name == "r\u00e9sum\u00e9.pdf"


def test_an_announcement_needs_no_media_type():
    assert StartUpload.model_validate(GOOD_UPLOAD).media_type == "application/octet-stream"


def test_an_empty_file_may_be_announced():
    assert StartUpload.model_validate(GOOD_UPLOAD | {"size": 0}).size == 0


def test_recipients_are_normalised():
    body = {"recipients": ["O'Brien@Example.COM", " ada@example.com "]}
    assert ShareFile.model_validate(body).recipients == ["o'brien@example.com", "ada@example.com"]


def test_fifty_recipients_are_not_too_many():
    body = {"recipients": [f"p{n}@example.com" for n in range(50)]}
    assert len(ShareFile.model_validate(body).recipients) == 50


@pytest.mark.parametrize(
    "written",
    [
        "2030-02-01T12:00:00Z",
        "2030-02-01T12:00Z",
        "2030-02-01T13:00:00+01:00",
        "2030-02-01T12:00:00.000Z",
    ],
)
def test_an_instant_with_its_zone_is_understood(written):
    share = ShareFile.model_validate(GOOD_SHARE | {"expires_at": written})
    assert share.expires_at == datetime(2030, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("field", ["expires_at", "download_limit"])
def test_null_is_the_same_as_leaving_out(field):
    assert getattr(ShareFile.model_validate(GOOD_SHARE | {field: None}), field) is None


@pytest.mark.parametrize(
    "message",
    [
        "Dear Bob,\n\there it is.",
        "Bonjour\u00a0!",
        "\U0001f469\u200d\U0001f4bb wrote this",
        "\u5831\u544a",
        "x" * 1000,
        "",
    ],
)
def test_a_message_in_any_language_passes(message):
    assert ShareFile.model_validate(GOOD_SHARE | {"message": message}).message == message


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1.5"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "x" * 1025}, "cursor"),
        ({"page": "2"}, "page"),
    ],
)
def test_a_bad_page_is_refused_by_its_field(query, field):
    assert faults(Page, query) == [field]


def test_a_page_has_fifty_entries_unless_asked_otherwise():
    assert Page.model_validate({}).limit == 50
    assert Page.model_validate({"limit": "7"}).limit == 7


@pytest.mark.parametrize(("model", "good"), [(StartUpload, GOOD_UPLOAD), (ShareFile, GOOD_SHARE)])
@given(data=st.data())
def test_whatever_stands_in_a_field_it_is_taken_or_refused_by_name(model, good, data):
    field = data.draw(st.sampled_from([*model.model_fields, "other"]))
    body = good | {field: data.draw(json_values)}
    try:
        model.model_validate(body)
        named = set()
    except ValidationError as invalid:
        named = {error["loc"][0] for error in invalid.errors()}
    assert named <= {field}

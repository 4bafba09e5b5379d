"""Bad bodies: a problem document that names the field, nothing run, nothing stored, never a 5xx."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.app.bodies import (
    BAD_SHARES,
    BAD_TERMS,
    BAD_UPLOADS,
    GOOD_SHARE,
    GOOD_UPLOAD,
    TOO_BIG_UPLOADS,
)
from tests.app.samples import FILE_ID

UPLOADS = BAD_UPLOADS | TOO_BIG_UPLOADS
SHARES = BAD_SHARES | BAD_TERMS
ANNOUNCE = ("POST", "/files")
SHARE = ("POST", "/files/{file_id}/shares")
TO_FILE = {"path": {"file_id": FILE_ID}}

NO_OBJECTS = {
    "nothing": "",
    "no body": None,
    "half an object": '{"name": "a"',
    "a list": "[]",
    "a text": '"name"',
    "a number": "5",
    "null": "null",
    "true": "true",
    "two documents": "{}{}",
    "single quotes": "{'name': 'a'}",
    "a comment": "{} // done",
    "deep lists": "[" * 30_000,
    "deep objects": '{"a":' * 10_000,
    "deep and closed": "[" * 20_000 + "]" * 20_000,
    "deep inside a field": '{"name":' + "[" * 20_000 + "]" * 20_000 + "}",
    "a number of 5000 digits": '{"size": ' + "9" * 5000 + "}",
    "XML": "<name>a</name>",
    "a form": "name=a&size=1",
}


@pytest.mark.parametrize("case", UPLOADS)
def test_a_bad_announcement_is_refused_by_its_field(case, call, services, is_problem):
    body, field = UPLOADS[case]
    answer = call(*ANNOUNCE, body)
    assert is_problem(answer, 422, "invalid_request")
    assert field in answer.fields
    assert services.workflows.runs == []
    assert services.audit.records == {}


@pytest.mark.parametrize("case", SHARES)
def test_a_bad_share_is_refused_by_its_field(case, call, services, is_problem):
    body, field = SHARES[case]
    answer = call(*SHARE, body, **TO_FILE)
    assert is_problem(answer, 422, "invalid_request")
    assert field in answer.fields
    assert services.workflows.runs == []
    assert services.audit.records == {}


@pytest.mark.parametrize("case", NO_OBJECTS)
@pytest.mark.parametrize("route", [(*ANNOUNCE, {}), (*SHARE, TO_FILE)], ids=["files", "shares"])
def test_what_is_no_json_object_is_malformed(case, route, call, services, is_problem):
    method, resource, more = route
    answer = call(method, resource, NO_OBJECTS[case], **more)
    assert is_problem(answer, 400, "malformed_json")
    assert services.workflows.runs == []


def test_bytes_that_are_no_text_are_malformed(call, is_problem):
    body = base64.b64encode(b'{"name": "\xff\xfe"}').decode()
    assert is_problem(call(*ANNOUNCE, body, isBase64Encoded=True), 400, "malformed_json")


@pytest.mark.parametrize("padding", [64 * 1024, 10**6])
def test_a_body_over_64_kib_is_too_large_before_it_is_read(padding, call, is_problem):
    body = json.dumps(GOOD_UPLOAD | {"media_type": "a/" + "b" * padding})
    assert is_problem(call(*ANNOUNCE, body), 413, "body_too_large")


def test_a_body_of_just_64_kib_is_read(call, services):
    services.workflows.output = {"status": "granted", "body": {}}
    body = json.dumps(GOOD_UPLOAD)
    assert call(*ANNOUNCE, body + " " * (64 * 1024 - len(body))).status == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"]
)
def test_another_content_type_is_not_supported(kind, call, services, is_problem):
    answer = call(*ANNOUNCE, GOOD_UPLOAD, headers={"Content-Type": kind})
    assert is_problem(answer, 415, "unsupported_media_type")
    assert answer.headers["Access-Control-Allow-Origin"] == "https://files.example.com"
    assert services.workflows.runs == []


def test_a_method_an_address_does_not_have_is_refused_with_those_it_has(call, is_problem):
    answer = call("DELETE", "/files", None)
    assert is_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_an_answer_never_repeats_what_it_was_sent(call):
    answer = call(*ANNOUNCE, GOOD_UPLOAD | {"name": "<script>alert(1)</script>"})
    assert "script" not in answer.body


@pytest.mark.parametrize(
    ("query", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "x"}, "limit"), ({"page": "1"}, "page")],
)
@pytest.mark.parametrize(
    ("resource", "path"),
    [("/files", None), ("/shares", None), ("/files/{file_id}/shares", {"file_id": FILE_ID})],
)
def test_a_bad_query_is_refused_by_its_field(*, query, field, resource, path, call, is_problem):
    answer = call("GET", resource, query=query, path=path)
    assert is_problem(answer, 422, "invalid_request")
    assert answer.fields == [field]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_document_whatever_is_our_fault(data, call, services):
    """A workflow that would grant is there: anything but a refusal of the body is a 201."""
    services.workflows.output = {"status": "granted", "body": {}}
    route, good, more = data.draw(
        st.sampled_from([(ANNOUNCE, GOOD_UPLOAD, {}), (SHARE, GOOD_SHARE, TO_FILE)])
    )
    field = st.sampled_from([*good, "expires_at", "download_limit", "message", "media_type"])
    body = data.draw(anything | st.dictionaries(field, anything).map(lambda some: good | some))
    assert call(*route, body, **more).status in {201, 400, 422}

"""A link opens exactly what was granted, as it was granted, and not for long."""

import base64
import json
import random
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import requests

from tests.journeys.conftest import (
    announce,
    download,
    eventually,
    post_form,
    problem_code,
    share,
    uploaded,
)

CONTENT = b"only these bytes"
ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@contextmanager
def environment(stack, function, **values):
    """A function's environment, changed as an operator would, and put back."""
    client, name = stack.client("lambda"), stack.functions[function]
    before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    client.update_function_configuration(
        FunctionName=name, Environment={"Variables": {**before, **values}}
    )
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": before})


@contextmanager
def age_cap(stack, milliseconds):
    """The deployed policy with its cap on downloads set lower, since nobody waits five minutes."""
    s3, bucket = stack.client("s3"), {"Bucket": stack.files_bucket}
    deployed = s3.get_bucket_policy(**bucket)["Policy"]
    policy = json.loads(deployed)
    capped = [one for one in policy["Statement"] if one["Sid"] == "NoDownloadLinkOutlivesItsCap"]
    capped[0]["Condition"]["NumericGreaterThan"]["s3:signatureAge"] = str(milliseconds)
    s3.put_bucket_policy(**bucket, Policy=json.dumps(policy))
    try:
        yield
    finally:
        s3.put_bucket_policy(**bucket, Policy=deployed)


@pytest.fixture(scope="module")
def link(ada):
    return download(ada, uploaded(ada, CONTENT)).json()["url"]


def test_a_link_altered_in_any_byte_opens_nothing(link):
    chosen = random.Random(20)
    start = len(urlsplit(link).scheme) + 3 + len(urlsplit(link).netloc)
    session = requests.Session()
    for position in range(start + 1, len(link)):
        other = chosen.choice([c for c in ALPHABET if c != link[position]])
        altered = link[:position] + other + link[position + 1 :]
        answer = session.get(altered, timeout=5)
        assert answer.status_code >= 400, f"{position}: {link[position]} -> {other}"
        assert CONTENT not in answer.content
    assert session.get(link, timeout=5).content == CONTENT


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "POST"])
def test_a_link_to_read_does_nothing_else(link, method):
    assert requests.request(method, link, data=b"x", timeout=5).status_code in {403, 405}


@pytest.mark.parametrize(
    "more",
    [
        "&response-content-disposition=inline",
        "&response-content-type=text/html",
        "&versionId=null",
        "&x-wb-grant=somebody-elses",
        "&X-Amz-Expires=604800",
    ],
)
def test_nothing_can_be_added_to_a_link(link, more):
    assert requests.get(link + more, timeout=5).status_code >= 400


def test_without_its_signature_an_object_is_not_there_for_anybody(link):
    assert requests.get(link.partition("?")[0], timeout=5).status_code == 403


def test_a_link_is_refused_after_its_lifetime(stack, ada):
    file_id = uploaded(ada, CONTENT)
    with environment(stack, "sign_link", LINK_LIFETIME_SECONDS="2"):
        url = download(ada, file_id).json()["url"]
    assert requests.get(url, timeout=5).content == CONTENT
    late = eventually(lambda: requests.get(url, timeout=5), lambda answer: not answer.ok)
    assert late.status_code == 403
    assert "Request has expired" in late.text


def test_the_bucket_caps_the_age_of_a_signature_whatever_was_signed(stack, ada):
    with environment(stack, "sign_link", LINK_LIFETIME_SECONDS="604800"):
        url = download(ada, uploaded(ada, CONTENT)).json()["url"]
    assert requests.get(url, timeout=5).content == CONTENT, "young enough"
    with age_cap(stack, milliseconds=1000):
        late = eventually(lambda: requests.get(url, timeout=5), lambda answer: not answer.ok)
    assert (late.status_code, "AccessDenied" in late.text) == (403, True)


def test_a_share_that_has_expired_opens_nothing(ada, bob):
    file_id = uploaded(ada)
    soon = datetime.now(UTC) + timedelta(seconds=3)
    share(ada, file_id, bob, expires_at=soon.isoformat(timespec="seconds"))
    late = eventually(lambda: download(bob, file_id), lambda answer: answer.status_code != 201)
    assert (late.status_code, problem_code(late)) == (403, "expired")


def test_part_of_a_file_can_be_fetched_so_that_a_download_resumes(link):
    answer = requests.get(link, headers={"Range": "bytes=5-9"}, timeout=5)
    assert (answer.status_code, answer.content) == (206, CONTENT[5:10])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "users/somebody/else"),
        ("Content-Type", "text/html"),
        ("x-amz-checksum-sha256", base64.b64encode(bytes(32)).decode()),
        ("acl", "public-read"),
        ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20300101/us-east-1/s3/aws4_request"),
    ],
)
def test_an_upload_form_admits_no_other_field(ada, field, value):
    upload = announce(ada, CONTENT)["upload"]
    assert post_form(upload, CONTENT, **{field: value}).status_code in {400, 403}


@pytest.mark.parametrize("content", [CONTENT + b"!", CONTENT[:-1], b"", b"only THESE bytes"])
def test_an_upload_form_admits_no_other_bytes(ada, content):
    upload = announce(ada, CONTENT)["upload"]
    assert post_form(upload, content).status_code == 400


def test_uploading_again_after_sharing_does_not_change_what_recipients_get(ada, bob):
    """Known failure of others: the published sample's upload link stays good after sharing."""
    ticket = announce(ada, CONTENT)
    post_form(ticket["upload"], CONTENT)
    file_id = ticket["file"]["id"]
    ada.api("POST", f"/files/{file_id}/complete")
    share(ada, file_id, bob)
    assert post_form(ticket["upload"], b"ONLY THESE BYTES").status_code == 400
    assert requests.get(download(bob, file_id).json()["url"], timeout=5).content == CONTENT

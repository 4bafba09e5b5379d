"""What a page of another origin may do is what the bucket's rules say, first match first."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Answer, form_body, send

APP, ADMIN, EVIL = "https://app.example", "https://admin.example", "https://evil.example"
RULES = [
    {
        "ID": "app",
        "AllowedOrigins": [APP],
        "AllowedMethods": ["GET", "POST"],
        "AllowedHeaders": ["content-type", "x-amz-*"],
        "ExposeHeaders": ["ETag", "x-amz-version-id"],
        "MaxAgeSeconds": 300,
    },
    {"ID": "all", "AllowedOrigins": ["https://*.example"], "AllowedMethods": ["HEAD"]},
]


@pytest.fixture(scope="module")
def bucket(aws: Any) -> str:
    s3, name = aws.client("s3", config=Config(signature_version="s3v4")), f"cors-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": RULES})
    return name


def _preflight(aws: Any, bucket: str, origin: str, method: str, headers: str = "") -> Answer:
    wanted = {"Access_Control_Request_Headers": headers} if headers else {}
    return send(aws.endpoint, "OPTIONS", f"/{bucket}/a", Origin=origin,
                Access_Control_Request_Method=method, **wanted)  # fmt: skip


@pytest.mark.gap
def test_a_preflight_is_answered_by_the_rule_that_matches(aws: Any, bucket: str) -> None:
    answer = _preflight(aws, bucket, APP, "POST", "Content-Type, X-Amz-Date")
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == APP
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    assert answer.headers["access-control-allow-headers"] == "content-type, x-amz-date"
    assert answer.headers["access-control-expose-headers"] == "ETag, x-amz-version-id"
    assert answer.headers["access-control-max-age"] == "300"
    assert answer.headers["vary"].startswith("Origin")


@pytest.mark.gap
@pytest.mark.parametrize(
    ("origin", "method", "headers"),
    [
        (EVIL, "GET", ""),
        (APP, "PUT", ""),
        (APP, "DELETE", ""),
        (APP, "GET", "authorization"),
        ("https://app.example.evil", "GET", ""),
        ("http://app.example", "GET", ""),
        ("null", "GET", ""),
        (ADMIN, "GET", ""),
    ],
)
def test_any_other_preflight_is_refused(
    aws: Any, bucket: str, origin: str, method: str, headers: str
) -> None:
    answer = _preflight(aws, bucket, origin, method, headers)
    assert (answer.status, answer.code) == (403, "AccessForbidden")
    assert "access-control-allow-origin" not in answer.headers


def test_a_wildcard_stands_for_a_part_of_the_origin(aws: Any, bucket: str) -> None:
    answer = _preflight(aws, bucket, ADMIN, "HEAD")
    assert answer.headers["access-control-allow-origin"] == ADMIN


@pytest.mark.gap
def test_a_preflight_without_origin_says_too_little(aws: Any, bucket: str) -> None:
    answer = send(aws.endpoint, "OPTIONS", f"/{bucket}/a")
    assert (answer.status, answer.code) == (400, "BadRequest")


@pytest.mark.gap
def test_a_bucket_without_rules_answers_no_origin(aws: Any) -> None:
    s3, name = aws.client("s3"), f"cors-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    answer = _preflight(aws, name, APP, "GET")
    assert (answer.status, answer.code) == (403, "AccessForbidden")


@pytest.mark.parametrize(
    ("origin", "named"),
    [
        (APP, True),
        pytest.param(EVIL, False, marks=pytest.mark.gap),
        pytest.param(ADMIN, False, marks=pytest.mark.gap),
    ],
)
def test_an_answer_names_only_an_origin_of_the_rules(
    aws: Any, bucket: str, origin: str, named: bool
) -> None:
    s3 = aws.client("s3", config=Config(signature_version="s3v4"))
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a"})
    answer = send(aws.endpoint, "GET", url.removeprefix(aws.endpoint), Origin=origin)
    assert (answer.status, answer.body) == (200, b"a")
    assert answer.headers.get("access-control-allow-origin") == (origin if named else None)
    assert answer.headers.get("access-control-expose-headers") == (
        "ETag, x-amz-version-id" if named else None
    )


@pytest.mark.gap
def test_a_page_may_read_why_its_upload_was_refused(aws: Any, bucket: str) -> None:
    kind, body = form_body([("key", "a")], b"x")
    answer = send(aws.endpoint, "POST", f"/{bucket}", body, Content_Type=kind, Origin=APP)
    assert (answer.status, answer.code) == (403, "AccessDenied")
    assert answer.headers["access-control-allow-origin"] == APP

"""Server access logs: one record a request, in S3's format, where and how the bucket asks for them."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Signing, form_body, send

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html, all fields to the newest.
FIELDS = {
    "bucket_owner": r"[0-9a-f]{64}",
    "bucket": r"[a-z0-9.-]+",
    "time": r"\[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\]",
    "remote_ip": r"[0-9a-f.:]+",
    "requester": r"arn:aws:\S+|-",
    "request_id": r"[0-9A-Z]{16}",
    "operation": r"REST\.[A-Z]+\.[A-Z_]+",
    "key": r"\S+",
    "request_uri": r'"[A-Z]+ \S+ HTTP/1\.[01]"',
    "status": r"\d{3}",
    "error_code": r"[A-Za-z]+|-",
    "bytes_sent": r"[1-9]\d*|-",
    "object_size": r"\d+|-",
    "total_time": r"\d+|-",
    "turn_around_time": r"\d+|-",
    "referer": r'".*?"',
    "user_agent": r'".*?"',
    "version_id": r"\S+",
    "host_id": r"[A-Za-z0-9+/=]{20,}",
    "signature_version": r"SigV4|-",
    "cipher": r"TLS_\S+|-",
    "auth_type": r"AuthHeader|QueryString|-",
    "host_header": r"\S+",
    "tls_version": r"TLSv1\.\d|-",
    "access_point": r"-",
    "acl_required": r"Yes|-",
    "source_region": r"[a-z0-9-]+",
}
RECORD = re.compile(" ".join(f"(?P<{name}>{form})" for name, form in FIELDS.items()))
KEY = "users/4f/a +ü.txt"
SHAPES = {
    "simple": {"SimplePrefix": {}},
    "delivery": {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}},
    "event": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
}


@dataclass(frozen=True)
class Logged:
    """A bucket with logging on, and the bucket where its records go."""

    aws: Any
    s3: Any
    bucket: str
    logs: str

    def turn_on(self, shape: str | None = None, *, source: str | None = None) -> None:
        arn = f"arn:aws:s3:::{source or self.bucket}"
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::{self.logs}/access/*",
            "Condition": {
                "ArnEquals": {"aws:SourceArn": arn},
                "StringEquals": {"aws:SourceAccount": "123456789012"},
            },
        }
        self.s3.put_bucket_policy(
            Bucket=self.logs,
            Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )
        target = {"TargetBucket": self.logs, "TargetPrefix": "access/"}
        if shape:
            target["TargetObjectKeyFormat"] = SHAPES[shape]
        status = {"LoggingEnabled": target}
        self.s3.put_bucket_logging(Bucket=self.bucket, BucketLoggingStatus=status)

    def flush(self) -> None:
        assert send(self.aws.endpoint, "POST", "/_local/access-logs/flush").status == 200

    def keys(self) -> list[str]:
        self.flush()
        found = self.s3.list_objects_v2(Bucket=self.logs).get("Contents", [])
        return [item["Key"] for item in found]

    def records(self) -> list[dict[str, str]]:
        lines = []
        for key in self.keys():
            body = self.s3.get_object(Bucket=self.logs, Key=key)["Body"].read().decode()
            assert body.endswith("\n")
            lines += body.splitlines()
        found = [RECORD.fullmatch(line) for line in lines]
        assert None not in found, lines
        return [record.groupdict() for record in found if record]

    def of(self, operation: str) -> list[dict[str, str]]:
        return [record for record in self.records() if record["operation"] == operation]

    def sign(self, **changes: Any) -> str:
        signing = Signing(
            key_id=self.aws.access_key_id,
            secret=self.aws.secret_access_key,
            host=urlsplit(self.aws.endpoint).netloc,
            path=f"/{self.bucket}/users/4f/a%20%2B%C3%BC.txt",
            **changes,
        )
        return signing.target()


@pytest.fixture
def logged(aws: Any) -> Logged:
    s3 = aws.client("s3", config=Config(signature_version="s3v4"))
    name = uuid4().hex[:12]
    bucket, logs = f"logged-{name}", f"logs-{name}"
    s3.create_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=logs)
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"0123456789")
    return Logged(aws, s3, bucket, logs)


@pytest.mark.gap
def test_a_download_by_link_is_recorded_in_full(logged: Logged) -> None:
    logged.turn_on()
    target = logged.sign(parameters=(("x-wb-grant", "grant-1"),))
    answer = send(logged.aws.endpoint, "GET", target, User_Agent='reader/1 "x"',
                  Referer="https://app.example/")  # fmt: skip
    (record,) = logged.of("REST.GET.OBJECT")
    assert record["bucket"] == logged.bucket
    assert record["requester"] == "arn:aws:iam::123456789012:user/deployer"
    assert record["request_id"] == answer.headers["x-amz-request-id"]
    assert record["host_id"] == answer.headers["x-amz-id-2"]
    assert unquote(unquote(record["key"])) == KEY
    assert record["key"] == "users/4f/a%2520%252B%25C3%25BC.txt"
    assert record["request_uri"] == f'"GET {target} HTTP/1.1"'
    assert "x-wb-grant=grant-1" in record["request_uri"]
    assert (record["status"], record["error_code"]) == ("200", "-")
    assert (record["bytes_sent"], record["object_size"]) == ("10", "10")
    assert record["referer"] == '"https://app.example/"'
    assert record["user_agent"] == '"reader/1 "x""'
    assert (record["signature_version"], record["auth_type"]) == ("SigV4", "QueryString")
    assert (record["tls_version"], record["source_region"]) == ("TLSv1.3", "us-east-1")
    assert record["host_header"] == urlsplit(logged.aws.endpoint).netloc
    moment = dt.datetime.strptime(record["time"], "[%d/%b/%Y:%H:%M:%S %z]")
    assert abs(dt.datetime.now(dt.UTC) - moment) < dt.timedelta(minutes=1)


@pytest.mark.gap
def test_each_operation_has_its_name(logged: Logged) -> None:
    logged.turn_on()
    s3, bucket = logged.s3, logged.bucket
    s3.put_object(Bucket=bucket, Key="b", Body=b"b")
    s3.head_object(Bucket=bucket, Key="b")
    s3.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "b"})
    tags = {"TagSet": [{"Key": "a", "Value": "b"}]}
    s3.put_object_tagging(Bucket=bucket, Key="c", Tagging=tags)
    s3.delete_object(Bucket=bucket, Key="c")
    s3.list_objects_v2(Bucket=bucket)
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "b"}]})
    upload = s3.create_multipart_upload(Bucket=bucket, Key="d")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="d", UploadId=upload, PartNumber=1, Body=b"d")
    s3.abort_multipart_upload(Bucket=bucket, Key="d", UploadId=upload)
    form = s3.generate_presigned_post(bucket, "e")["fields"]
    kind, body = form_body(list(form.items()), b"e")
    send(logged.aws.endpoint, "POST", f"/{bucket}", body, Content_Type=kind)
    assert sorted(record["operation"] for record in logged.records()) == [
        "REST.COPY.OBJECT",
        "REST.DELETE.OBJECT",
        "REST.DELETE.UPLOAD",
        "REST.GET.BUCKET",
        "REST.HEAD.OBJECT",
        "REST.POST.MULTI_OBJECT_DELETE",
        "REST.POST.OBJECT",
        "REST.POST.UPLOADS",
        "REST.PUT.LOGGING_STATUS",
        "REST.PUT.OBJECT",
        "REST.PUT.OBJECT_TAGGING",
        "REST.PUT.PART",
    ]


@pytest.mark.gap
def test_refusals_are_recorded_with_their_code(logged: Logged) -> None:
    logged.turn_on()
    endpoint = logged.aws.endpoint
    send(endpoint, "GET", f"/{logged.bucket}/users/4f/a")
    send(endpoint, "GET", logged.sign() + "0")
    send(endpoint, "GET", logged.sign(at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)))
    with pytest.raises(logged.s3.exceptions.NoSuchKey):
        logged.s3.get_object(Bucket=logged.bucket, Key="none")
    records = logged.of("REST.GET.OBJECT")
    assert sorted((r["status"], r["error_code"]) for r in records) == [
        ("403", "AccessDenied"),
        ("403", "AccessDenied"),
        ("403", "SignatureDoesNotMatch"),
        ("404", "NoSuchKey"),
    ]
    assert {r["requester"] for r in records if r["status"] == "403"} == {"-"}
    assert all(int(r["bytes_sent"]) > 0 for r in records)


@pytest.mark.gap
def test_ranges_and_cache_hits_say_how_much_was_sent(logged: Logged) -> None:
    logged.turn_on()
    etag = send(logged.aws.endpoint, "GET", logged.sign()).headers["etag"]
    send(logged.aws.endpoint, "GET", logged.sign(), Range="bytes=2-4")
    send(logged.aws.endpoint, "GET", logged.sign(), If_None_Match=etag)
    sent = sorted((r["status"], r["bytes_sent"]) for r in logged.of("REST.GET.OBJECT"))
    assert sent == [("200", "10"), ("206", "3"), ("304", "-")]


@pytest.mark.gap
def test_a_form_is_recorded_under_the_key_it_made(logged: Logged) -> None:
    logged.turn_on()
    form = logged.s3.generate_presigned_post(logged.bucket, "users/4f/é")["fields"]
    kind, body = form_body(list(form.items()), b"abc")
    send(logged.aws.endpoint, "POST", f"/{logged.bucket}", body, Content_Type=kind)
    (record,) = logged.of("REST.POST.OBJECT")
    assert record["key"] == "users/4f/%25C3%25A9"
    assert (record["status"], record["object_size"]) == ("204", "3")
    assert record["signature_version"] == "SigV4"


NAMED_BY_TIME = r"\d{4}(-\d\d){5}-[0-9A-F]{16}"
PARTITION = r"access/123456789012/us-east-1/{bucket}/\d{4}/\d\d/\d\d/"


@pytest.mark.gap
@pytest.mark.parametrize(
    ("shape", "form"),
    [
        (None, f"access/{NAMED_BY_TIME}"),
        ("simple", f"access/{NAMED_BY_TIME}"),
        ("delivery", PARTITION + NAMED_BY_TIME),
        ("event", PARTITION + r"\d{4}-\d\d-\d\d-00-00-00-[0-9A-F]{16}"),
    ],
)
def test_records_are_delivered_under_the_key_format_of_the_bucket(
    logged: Logged, shape: str | None, form: str
) -> None:
    logged.turn_on(shape)
    (key,) = logged.keys()
    assert re.fullmatch(form.replace("{bucket}", logged.bucket), key)


@pytest.mark.gap
def test_records_arrive_by_themselves_after_a_while(logged: Logged) -> None:
    logged.turn_on()
    listing = {"Bucket": logged.logs}
    logged.aws.eventually(lambda: logged.s3.list_objects_v2(**listing).get("Contents"))


@pytest.mark.gap
def test_nothing_is_delivered_once_the_log_bucket_no_longer_allows_it(logged: Logged) -> None:
    logged.turn_on()
    logged.flush()
    before = len(logged.keys())
    policy = json.loads(logged.s3.get_bucket_policy(Bucket=logged.logs)["Policy"])
    policy["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"] = "arn:aws:s3:::other"
    logged.s3.put_bucket_policy(Bucket=logged.logs, Policy=json.dumps(policy))
    logged.s3.head_object(Bucket=logged.bucket, Key=KEY)
    assert len(logged.keys()) == before


@pytest.mark.gap
def test_logging_needs_the_log_buckets_permission(logged: Logged) -> None:
    with pytest.raises(logged.s3.exceptions.ClientError) as refused:
        logged.turn_on(source="another-bucket")
    assert refused.value.response["Error"]["Code"] == "InvalidTargetBucketForLogging"


@pytest.mark.gap
def test_the_key_format_is_read_back_as_it_was_put(logged: Logged) -> None:
    logged.turn_on("delivery")
    found = logged.s3.get_bucket_logging(Bucket=logged.bucket)["LoggingEnabled"]
    assert found["TargetObjectKeyFormat"] == SHAPES["delivery"]
    assert found["TargetPrefix"] == "access/"

"""A presigned form takes exactly the upload its policy describes."""

from __future__ import annotations

import base64
import datetime as dt
import json
import random
import string
import threading
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Answer, form_body, send, sha256_base64, signature

FILE = b"twelve bytes"
KEY = "users/4f/upload"
Fields = dict[str, str]


@dataclass(frozen=True)
class Desk:
    """A versioned, encrypted bucket, and forms for it."""

    aws: Any
    s3: Any
    bucket: str
    kms_key: str

    def form(self, key: str = KEY, **options: Any) -> Fields:
        """Return the fields of a form for FILE, as the product signs them."""
        fields = {
            "Content-Type": "application/pdf",
            "x-amz-checksum-algorithm": "SHA256",
            "x-amz-checksum-sha256": sha256_base64(FILE),
            "x-amz-server-side-encryption": "aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id": self.kms_key,
            **options.get("fields", {}),
        }
        conditions = [{name: value} for name, value in fields.items()]
        conditions += options.get("conditions", [["content-length-range", 1, 100]])
        lifetime = options.get("lifetime_seconds", 60)
        return self.s3.generate_presigned_post(
            self.bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=lifetime
        )["fields"]

    def sign(self, policy: dict[str, Any], **fields: str) -> Fields:
        """Sign a policy of any shape; its credential fields are allowed by conditions."""
        now = dt.datetime.now(dt.UTC)
        scope = f"{now:%Y%m%d}/us-east-1/s3/aws4_request"
        signed = {
            "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": f"{self.aws.access_key_id}/{scope}",
            "x-amz-date": f"{now:%Y%m%dT%H%M%SZ}",
        }
        document = json.loads(json.dumps(policy))
        if isinstance(document.get("conditions"), list):
            document["conditions"] += [{name: value} for name, value in signed.items()]
        encoded = base64.b64encode(json.dumps(document).encode()).decode()
        secret = self.aws.secret_access_key
        proof = signature(secret, f"{now:%Y%m%d}", "us-east-1", "s3", encoded)
        return {**fields, **signed, "policy": encoded, "x-amz-signature": proof}

    def post(self, fields: Fields | list[tuple[str, str]], file: bytes | None = FILE,
             **headers: str) -> Answer:  # fmt: skip
        pairs = fields if isinstance(fields, list) else list(fields.items())
        kind, body = form_body(pairs, file)
        target = f"/{self.bucket}"
        return send(self.aws.endpoint, "POST", target, body, Content_Type=kind, **headers)

    def later(self, seconds: int) -> str:
        return f"{dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%S.000Z}"


@pytest.fixture(scope="module")
def desk(aws: Any) -> Desk:
    s3 = aws.client("s3", config=Config(signature_version="s3v4"))
    bucket = f"forms-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    return Desk(aws, s3, bucket, key)


@pytest.mark.gap
def test_a_form_stores_its_file_with_everything_it_says(desk: Desk) -> None:
    answer = desk.post(desk.form())
    assert answer.status == 204
    head = desk.s3.head_object(Bucket=desk.bucket, Key=KEY, ChecksumMode="ENABLED")
    assert head["ContentType"] == "application/pdf"
    assert head["ContentLength"] == len(FILE)
    assert head["ChecksumSHA256"] == sha256_base64(FILE)
    assert head["ChecksumType"] == "FULL_OBJECT"
    assert head["ServerSideEncryption"] == "aws:kms"
    assert head["SSEKMSKeyId"] == desk.kms_key
    assert head["VersionId"] == answer.headers["x-amz-version-id"]
    assert head["ETag"] == answer.headers["etag"]
    attributes = desk.s3.get_object_attributes(
        Bucket=desk.bucket, Key=KEY, ObjectAttributes=["Checksum", "ObjectSize"]
    )
    assert attributes["Checksum"]["ChecksumSHA256"] == sha256_base64(FILE)
    assert attributes["ObjectSize"] == len(FILE)


@pytest.mark.gap
def test_the_file_name_fills_its_place_in_the_key(desk: Desk) -> None:
    fields = desk.form("users/4f/${filename}", conditions=[["content-length-range", 1, 100]])
    kind, body = form_body(list(fields.items()), FILE, filename="C:\\papers\\a.pdf")
    send(desk.aws.endpoint, "POST", f"/{desk.bucket}", body, Content_Type=kind)
    assert desk.s3.head_object(Bucket=desk.bucket, Key="users/4f/a.pdf")["ContentLength"]


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"success_action_status": "200"}, 200),
        pytest.param({"success_action_status": "201"}, 201, marks=pytest.mark.gap),
        pytest.param({"success_action_status": "418"}, 204, marks=pytest.mark.gap),
        pytest.param(
            {"success_action_redirect": "https://app.example/done?a=b"}, 303, marks=pytest.mark.gap
        ),
    ],
)
def test_the_form_chooses_its_answer(desk: Desk, wish: Fields, status: int) -> None:
    answer = desk.post(desk.form("users/4f/answered", fields=wish))
    assert answer.status == status
    if status == 201:
        assert b"<Key>users/4f/answered</Key>" in answer.body
        assert f"<ETag>{answer.headers['etag']}".encode().replace(b'"', b"") in (
            answer.body.replace(b'"', b"").replace(b"&quot;", b"")
        )
    if status == 303:
        assert answer.headers["location"].startswith("https://app.example/done?a=b&bucket=")


# What is changed about a good form, and the code S3 answers with.
CHANGED = {
    "other key": ({"key": "users/99/upload"}, "AccessDenied"),
    "key climbs": ({"key": "users/4f/../99/upload"}, "AccessDenied"),
    "html": ({"Content-Type": "text/html"}, "AccessDenied"),
    "public": ({"acl": "public-read"}, "AccessDenied"),
    "metadata added": ({"x-amz-meta-a": "b"}, "AccessDenied"),
    "encryption dropped": ({"x-amz-server-side-encryption": None}, "AccessDenied"),
    "other key of encryption": ({"x-amz-server-side-encryption-aws-kms-key-id": "alias/mine"},
                                "AccessDenied"),
    "checksum dropped": ({"x-amz-checksum-sha256": None}, "AccessDenied"),
    "checksum of other bytes": ({"x-amz-checksum-sha256": sha256_base64(b"x")}, "AccessDenied"),
    "algorithm dropped": ({"x-amz-checksum-algorithm": None}, "AccessDenied"),
    "content type dropped": ({"Content-Type": None}, "AccessDenied"),
    "redirect added": ({"success_action_redirect": "https://evil.example"}, "AccessDenied"),
    "policy dropped": ({"policy": None}, "AccessDenied"),
    "policy emptied": ({"policy": ""}, "SignatureDoesNotMatch"),
    "policy replaced": ({"policy": base64.b64encode(b'{"conditions":[]}').decode()},
                        "SignatureDoesNotMatch"),
    "signature dropped": ({"x-amz-signature": None}, "InvalidArgument"),
    "signature replaced": ({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch"),
    "date dropped": ({"x-amz-date": None}, "InvalidArgument"),
    "date moved": ({"x-amz-date": "20200101T000000Z"}, "InvalidArgument"),
    "credential dropped": ({"x-amz-credential": None}, "InvalidArgument"),
    "unknown key": ({"x-amz-credential": "AKIAX/20200101/us-east-1/s3/aws4_request"},
                    "InvalidArgument"),
    "algorithm replaced": ({"x-amz-algorithm": "AWS4-HMAC-SHA1"}, "InvalidArgument"),
    "token added": ({"x-amz-security-token": "x"}, "InvalidToken"),
    "version 2 form": ({"AWSAccessKeyId": "AKIAX", "signature": "x"}, "InvalidRequest"),
    "key dropped": ({"key": None}, "InvalidArgument"),
    "copy instead of upload": ({"x-amz-copy-source": "/secret/object"}, "AccessDenied"),
}  # fmt: skip


@pytest.mark.gap
@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_form_is_refused(desk: Desk, name: str) -> None:
    changes, code = CHANGED[name]
    fields = {**desk.form(f"users/4f/{uuid4().hex}"), **changes}
    answer = desk.post({field: value for field, value in fields.items() if value is not None})
    assert answer.code == code
    assert answer.status in {400, 403}


@pytest.mark.gap
@pytest.mark.parametrize(
    ("file", "code"), [(b"", "EntityTooSmall"), (b"x" * 101, "EntityTooLarge"),
                       (b"other bytes!", "BadDigest"), (None, "InvalidArgument")]
)  # fmt: skip
def test_another_file_is_refused(desk: Desk, file: bytes | None, code: str) -> None:
    answer = desk.post(desk.form(f"users/4f/{uuid4().hex}"), file)
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.gap
def test_an_expired_form_is_refused(desk: Desk) -> None:
    policy = {"expiration": desk.later(-5), "conditions": [{"bucket": desk.bucket}, {"key": KEY}]}
    answer = desk.post(desk.sign(policy, key=KEY))
    assert (answer.status, answer.code) == (403, "AccessDenied")
    assert b"Policy expired" in answer.body


@pytest.mark.gap
@pytest.mark.parametrize(
    "broken",
    [
        {"conditions": []},
        {"expiration": "tomorrow", "conditions": []},
        {"expiration": "2099-01-01T00:00:00Z"},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["like", "$key", "a"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["eq", "key", "a"]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": [["content-length-range", "a", 9]]},
        {"expiration": "2099-01-01T00:00:00Z", "conditions": ["anything"]},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(desk: Desk, broken: dict[str, Any]) -> None:
    answer = desk.post(desk.sign(broken, key=KEY))
    assert (answer.status, answer.code) == (400, "InvalidPolicyDocument")


@pytest.mark.gap
def test_every_kind_of_condition_is_held_against_the_form(desk: Desk) -> None:
    policy = {
        "expiration": desk.later(60),
        "conditions": [
            {"bucket": desk.bucket},
            ["starts-with", "$key", "users/4f/"],
            ["starts-with", "$Content-Type", "image/"],
            ["eq", "$x-amz-meta-owner", "4f"],
            ["starts-with", "$x-amz-meta-note", ""],
            ["content-length-range", 0, 20],
        ],
    }
    good = {"key": "users/4f/p", "Content-Type": "image/png,image/gif", "x-amz-meta-owner": "4f",
            "x-ignore-this": "x"}  # fmt: skip
    assert desk.post(desk.sign(policy, **good)).status == 204
    for change in ({"key": "users/5/p"}, {"Content-Type": "image/png,text/html"},
                   {"x-amz-meta-owner": "5"}):  # fmt: skip
        assert desk.post(desk.sign(policy, **{**good, **change})).code == "AccessDenied"
    without_owner = {k: v for k, v in good.items() if k != "x-amz-meta-owner"}
    assert desk.post(desk.sign(policy, **without_owner)).code == "AccessDenied"


@pytest.mark.gap
def test_a_form_for_one_bucket_is_refused_by_another(desk: Desk) -> None:
    other = f"forms-{uuid4().hex[:12]}"
    desk.s3.create_bucket(Bucket=other)
    kind, body = form_body(list(desk.form().items()), FILE)
    answer = send(desk.aws.endpoint, "POST", f"/{other}", body, Content_Type=kind)
    assert (answer.status, answer.code) == (403, "AccessDenied")


@pytest.mark.gap
def test_a_field_may_be_given_once_only(desk: Desk) -> None:
    pairs = list(desk.form(f"users/4f/{uuid4().hex}").items())
    answer = desk.post([*pairs, ("key", "users/99/stolen")])
    assert (answer.status, answer.code) == (400, "InvalidArgument")


@pytest.mark.gap
def test_what_follows_the_file_is_ignored(desk: Desk) -> None:
    key = f"users/4f/{uuid4().hex}"
    kind, body = form_body(list(desk.form(key).items()), FILE)
    late = b'\r\nContent-Disposition: form-data; name="acl"\r\n\r\npublic-read\r\n'
    boundary = kind.partition("boundary=")[2].encode()
    body = body.replace(
        b"--" + boundary + b"--", b"--" + boundary + late + b"--" + boundary + b"--"
    )
    answer = send(desk.aws.endpoint, "POST", f"/{desk.bucket}", body, Content_Type=kind)
    assert answer.status == 204
    grants = desk.s3.get_object_acl(Bucket=desk.bucket, Key=key)["Grants"]
    assert all("URI" not in grant["Grantee"] for grant in grants)


def test_headers_of_the_request_add_nothing_to_a_form(desk: Desk) -> None:
    key = f"users/4f/{uuid4().hex}"
    assert desk.post(desk.form(key), x_amz_meta_owner="mallory").status == 204
    assert desk.s3.head_object(Bucket=desk.bucket, Key=key)["Metadata"] == {}


@pytest.mark.gap
def test_a_form_that_may_not_overwrite_lets_exactly_one_through(desk: Desk) -> None:
    key = f"users/4f/{uuid4().hex}"
    fields = desk.form(key, fields={"If-None-Match": "*"})
    statuses: list[int] = []
    posts = [threading.Thread(target=lambda: statuses.append(desk.post(fields).status))
             for _ in range(8)]  # fmt: skip
    for post in posts:
        post.start()
    for post in posts:
        post.join()
    assert sorted(statuses) == [204] + [412] * 7
    versions = desk.s3.list_object_versions(Bucket=desk.bucket, Prefix=key)["Versions"]
    assert len(versions) == 1


@pytest.mark.gap
def test_no_random_change_of_a_form_is_accepted(desk: Desk) -> None:
    chance = random.Random(4581)
    good = list(desk.form("users/4f/fuzzed", lifetime_seconds=600).items())
    accepted = []
    for _ in range(700):
        fields, file = _mutated(good, chance)
        same = [(n.lower(), v) for n, v in fields] == [(n.lower(), v) for n, v in good]
        if not (same and file == FILE) and desk.post(fields, file).status < 400:
            accepted.append((fields, file))
    assert accepted == []
    assert desk.post(good).status == 204


def _mutated(good: list[tuple[str, str]], chance: random.Random
             ) -> tuple[list[tuple[str, str]], bytes]:  # fmt: skip
    letters = string.ascii_letters + string.digits + "-_./+=${} "
    fields = list(good)
    place = chance.randrange(len(fields))
    name, value = fields[place]
    at = chance.randrange(max(1, len(value)))
    match chance.randrange(6):
        case 0:
            fields[place] = (name, value[:at] + chance.choice(letters) + value[at + 1 :])
        case 1:
            fields[place] = (name, value[:at] + value[at + 1 :])
        case 2:
            fields[place] = (name, value[:at] + chance.choice(letters) + value[at:])
        case 3:
            fields.append(chance.choice(fields))
        case 4:
            del fields[place]
        case _:
            byte = chance.randrange(len(FILE))
            return fields, FILE[:byte] + bytes([FILE[byte] ^ 1]) + FILE[byte + 1 :]
    return fields, FILE

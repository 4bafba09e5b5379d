"""A bucket's policy is asked on every request, with what is true of that request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.config import Config

from tests.local.contract.wire import Answer, form_body, send

V4 = Config(signature_version="s3v4")


@dataclass(frozen=True)
class Guarded:
    """A bucket whose policy a test sets, with an object in it."""

    aws: Any
    s3: Any
    bucket: str

    def deny(self, action: str, condition: dict[str, Any], **more: Any) -> None:
        self.state(Effect="Deny", Principal="*", Action=action, Condition=condition, **more)

    def state(self, **statement: Any) -> None:
        arn = f"arn:aws:s3:::{self.bucket}"
        statement = {"Resource": [arn, f"{arn}/*"], **statement}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(document))

    def get(self, s3: Any = None, key: str = "a", **headers: str) -> Answer:
        url = (s3 or self.s3).generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=60
        )
        return send(self.aws.endpoint, "GET", url.removeprefix(self.aws.endpoint), **headers)

    def put(self, **parameters: Any) -> Answer:
        given = {"Bucket": self.bucket, "Key": "b", **parameters}
        url = self.s3.generate_presigned_url("put_object", Params=given, ExpiresIn=60)
        return send(self.aws.endpoint, "PUT", url.removeprefix(self.aws.endpoint), b"x")

    def post(self) -> Answer:
        fields = self.s3.generate_presigned_post(self.bucket, "c")["fields"]
        kind, body = form_body(list(fields.items()), b"x")
        return send(self.aws.endpoint, "POST", f"/{self.bucket}", body, Content_Type=kind)


@pytest.fixture
def guarded(aws: Any) -> Guarded:
    s3 = aws.client("s3", config=V4)
    bucket = f"guarded-{uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="a", Body=b"a")
    return Guarded(aws, s3, bucket)


def denied(answer: Answer) -> bool:
    return (answer.status, answer.code) == (403, "AccessDenied")


@pytest.mark.gap
def test_plain_http_is_denied_where_the_policy_says_so(guarded: Guarded) -> None:
    guarded.deny("s3:*", {"Bool": {"aws:SecureTransport": "false"}})
    assert guarded.get().status == 200
    assert denied(guarded.get(X_Waybill_Local_Transport="http"))


@pytest.mark.gap
def test_old_tls_is_denied_where_the_policy_says_so(guarded: Guarded) -> None:
    guarded.deny("s3:*", {"NumericLessThan": {"s3:TlsVersion": "1.2"}})
    assert guarded.get().status == 200
    assert guarded.get(X_Waybill_Local_Transport="tls1.2").status == 200
    assert denied(guarded.get(X_Waybill_Local_Transport="tls1.0"))


@pytest.mark.gap
def test_the_age_of_a_signature_is_in_milliseconds(guarded: Guarded) -> None:
    guarded.deny("s3:GetObject", {"NumericGreaterThan": {"s3:signatureAge": "300000"}})
    assert guarded.get().status == 200
    guarded.deny("s3:GetObject", {"NumericLessThan": {"s3:signatureAge": "300000"}})
    assert denied(guarded.get())


@pytest.mark.gap
def test_signature_version_2_is_denied_where_the_policy_says_so(guarded: Guarded) -> None:
    guarded.deny("s3:*", {"StringEquals": {"s3:signatureversion": "AWS"}})
    assert guarded.get().status == 200
    assert denied(guarded.get(guarded.aws.client("s3", config=Config(signature_version="s3"))))


@pytest.mark.gap
def test_uploads_may_be_held_to_forms(guarded: Guarded) -> None:
    guarded.deny("s3:PutObject", {"StringNotEquals": {"s3:authType": "POST"}})
    assert denied(guarded.put())
    with pytest.raises(guarded.s3.exceptions.ClientError, match="AccessDenied"):
        guarded.s3.put_object(Bucket=guarded.bucket, Key="b", Body=b"x")
    assert guarded.post().status == 204
    assert guarded.get().status == 200


@pytest.mark.gap
@pytest.mark.parametrize(
    ("auth_type", "works"),
    [("REST-QUERY-STRING", "header"), ("REST-HEADER", "query")],
)
def test_each_way_of_signing_has_its_name(guarded: Guarded, auth_type: str, works: str) -> None:
    guarded.deny("s3:GetObject", {"StringEquals": {"s3:authType": auth_type}})
    assert (guarded.get().status == 200) == (works == "query")
    try:
        guarded.s3.get_object(Bucket=guarded.bucket, Key="a")
        by_header = True
    except guarded.s3.exceptions.ClientError:
        by_header = False
    assert by_header == (works == "header")


@pytest.mark.gap
def test_another_key_of_encryption_is_denied(guarded: Guarded) -> None:
    key = guarded.aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    name = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    guarded.deny("s3:PutObject", {"StringNotEquals": {name: key}})
    assert denied(guarded.put())
    guarded.s3.put_object(
        Bucket=guarded.bucket, Key="b", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )
    with pytest.raises(guarded.s3.exceptions.ClientError, match="AccessDenied"):
        guarded.s3.put_object(
            Bucket=guarded.bucket, Key="b", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/x"
        )


@pytest.mark.gap
def test_overwriting_may_be_denied(guarded: Guarded) -> None:
    guarded.deny("s3:PutObject", {"Null": {"s3:if-none-match": "true"}})
    assert denied(guarded.put())
    guarded.s3.put_object(Bucket=guarded.bucket, Key="b", Body=b"x", IfNoneMatch="*")


@pytest.mark.gap
def test_a_tag_closes_one_object(guarded: Guarded) -> None:
    tag = "s3:ExistingObjectTag/quarantine"
    guarded.deny("s3:GetObject", {"StringEquals": {tag: "true"}})
    assert guarded.get().status == 200
    tags = {"TagSet": [{"Key": "quarantine", "Value": "true"}]}
    guarded.s3.put_object_tagging(Bucket=guarded.bucket, Key="a", Tagging=tags)
    assert denied(guarded.get())


@pytest.mark.gap
def test_everybody_but_the_signer_may_be_denied(guarded: Guarded) -> None:
    role = "arn:aws:iam::123456789012:role/sign-link"
    guarded.deny("s3:GetObject", {"StringNotEquals": {"aws:PrincipalArn": role}})
    assert denied(guarded.get())
    keys = guarded.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="signer")
    signer = guarded.aws.client(
        "s3",
        config=V4,
        aws_access_key_id=keys["Credentials"]["AccessKeyId"],
        aws_secret_access_key=keys["Credentials"]["SecretAccessKey"],
        aws_session_token=keys["Credentials"]["SessionToken"],
    )
    assert guarded.get(signer).status == 200


@pytest.mark.parametrize(
    ("network", "opens"),
    [
        ("127.0.0.0/8", True),
        pytest.param("203.0.113.0/24", False, marks=pytest.mark.gap),
    ],
)
def test_a_policy_may_name_the_network(guarded: Guarded, network: str, opens: bool) -> None:
    guarded.deny("s3:GetObject", {"NotIpAddress": {"aws:SourceIp": network}})
    assert denied(guarded.get()) != opens


@pytest.mark.gap
def test_an_older_version_is_an_action_of_its_own(guarded: Guarded) -> None:
    guarded.deny("s3:GetObjectVersion", {})
    assert guarded.get().status == 200
    url = guarded.s3.generate_presigned_url(
        "get_object", Params={"Bucket": guarded.bucket, "Key": "a", "VersionId": "null"}
    )
    assert denied(send(guarded.aws.endpoint, "GET", url.removeprefix(guarded.aws.endpoint)))


def test_deny_is_asked_for_each_key_of_a_deletion(guarded: Guarded) -> None:
    guarded.s3.put_object(Bucket=guarded.bucket, Key="kept/a", Body=b"")
    kept = f"arn:aws:s3:::{guarded.bucket}/kept/*"
    guarded.state(Effect="Deny", Principal="*", Action="s3:DeleteObject", Resource=kept,
                  Condition={"Bool": {"aws:SecureTransport": "true"}})  # fmt: skip
    answer = guarded.s3.delete_objects(
        Bucket=guarded.bucket, Delete={"Objects": [{"Key": "kept/a"}, {"Key": "a"}]}
    )
    assert [error["Key"] for error in answer["Errors"]] == ["kept/a"]
    assert [deleted["Key"] for deleted in answer["Deleted"]] == ["a"]


@pytest.mark.gap
def test_who_may_not_read_may_not_copy_either(guarded: Guarded) -> None:
    guarded.deny("s3:GetObject", {"Bool": {"aws:SecureTransport": "true"}})
    copy = {"Bucket": guarded.bucket, "Key": "a"}
    with pytest.raises(guarded.s3.exceptions.ClientError, match="AccessDenied"):
        guarded.s3.copy_object(Bucket=guarded.bucket, Key="copied", CopySource=copy)


@pytest.mark.gap
def test_an_allow_opens_to_the_unsigned_unless_public_access_is_blocked(guarded: Guarded) -> None:
    guarded.state(Effect="Allow", Principal="*", Action="s3:GetObject",
                  Condition={"StringLike": {"aws:UserAgent": "reader/*"}})  # fmt: skip
    target = f"/{guarded.bucket}/a"
    opened = send(guarded.aws.endpoint, "GET", target, User_Agent="reader/1")
    assert (opened.status, opened.body) == (200, b"a")
    assert denied(send(guarded.aws.endpoint, "GET", target, User_Agent="other/1"))
    guarded.s3.put_public_access_block(
        Bucket=guarded.bucket, PublicAccessBlockConfiguration={"RestrictPublicBuckets": True}
    )
    assert denied(send(guarded.aws.endpoint, "GET", target, User_Agent="reader/1"))


def test_a_deny_without_condition_denies(guarded: Guarded) -> None:
    guarded.state(Effect="Deny", Principal="*", Action="s3:GetObject")
    assert guarded.get().status == 403

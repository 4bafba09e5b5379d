"""What every service of the embedded AWS has in common."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError


def test_the_caller_is_the_one_whose_key_signed(aws):
    assert aws.client("sts").get_caller_identity()["Account"]


def test_an_assumed_role_is_the_caller(aws):
    role = "arn:aws:iam::123456789012:role/reader"
    key = aws.client("sts").assume_role(RoleArn=role, RoleSessionName="reading")["Credentials"]
    session = aws.client(
        "sts",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
    )
    arn = session.get_caller_identity()["Arn"]
    assert arn.endswith(":assumed-role/reader/reading")


@pytest.mark.gap
def test_an_operation_that_is_missing_is_not_retried(aws):
    with pytest.raises(ClientError) as refused:
        aws.client("dynamodb").list_global_tables()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


@pytest.mark.gap
def test_nobody_can_reset_it(aws):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{aws.endpoint}/moto-api/reset", data=b"", timeout=10)
    with refused.value as answer:
        assert answer.code == 404

"""The Condition element of a policy, operator by operator."""

from __future__ import annotations

from typing import Any

import pytest

from local.policy_conditions import hold, matches, substitute

CONTEXT = {
    "s3:signatureage": "90000",
    "aws:sourceip": "203.0.113.7",
    "aws:securetransport": "true",
    "aws:principalarn": "arn:aws:iam::123456789012:role/sign-link",
    "aws:currenttime": "2026-11-21T12:00:00+00:00",
    "s3:requestobjecttagkeys": ["class", "owner"],
}

HOLDS = [
    {"NumericGreaterThan": {"s3:signatureAge": "60000"}},
    {"NumericLessThanEquals": {"s3:signatureAge": 90000}},
    {"NumericNotEquals": {"s3:signatureAge": "1"}},
    {"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"]}},
    {"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"Bool": {"aws:SecureTransport": True}},
    {"StringEqualsIgnoreCase": {"aws:SecureTransport": "TRUE"}},
    {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/sign-?ink"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}},
    {"DateLessThan": {"aws:CurrentTime": "2026-11-21T13:00:00Z"}},
    {"DateGreaterThanEquals": {"aws:CurrentTime": "1795262400"}},
    {"Null": {"s3:authType": "true", "aws:SourceIp": "false"}},
    {"StringEqualsIfExists": {"s3:authType": "POST"}},
    {"StringNotEquals": {"s3:authType": "POST"}},
    {"ForAnyValue:StringEquals": {"s3:RequestObjectTagKeys": "owner"}},
    {"ForAllValues:StringLike": {"s3:RequestObjectTagKeys": ["cl*", "owner"]}},
    {"ForAllValues:StringEquals": {"s3:authType": "POST"}},
    {},
]
FAILS = [
    {"NumericGreaterThan": {"s3:signatureAge": "90000"}},
    {"NumericEquals": {"s3:signatureAge": "ninety"}},
    {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    {"Bool": {"aws:SecureTransport": "false"}},
    {"StringEquals": {"s3:authType": "POST"}},
    {"StringNotEquals": {"aws:SecureTransport": ["false", "true"]}},
    {"Null": {"aws:SourceIp": "true"}},
    {"ForAnyValue:StringEquals": {"s3:authType": "POST"}},
    {"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["class"]}},
    {"StringEquals": {"aws:PrincipalArn": "${aws:username}"}},
    {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"s3:authType": "POST"}},
]


@pytest.mark.parametrize("block", HOLDS)
def test_a_condition_that_is_true_of_the_request_holds(block: dict[str, Any]) -> None:
    assert hold(block, CONTEXT)


@pytest.mark.parametrize("block", FAILS)
def test_a_condition_that_is_not_true_of_the_request_fails(block: dict[str, Any]) -> None:
    assert not hold(block, CONTEXT)


def test_an_unknown_operator_is_an_error_and_never_an_allowance() -> None:
    with pytest.raises(KeyError):
        hold({"StringResembles": {"aws:SourceIp": "x"}}, CONTEXT)


def test_a_wildcard_spans_slashes_and_only_wildcards_are_special() -> None:
    assert matches("users/*.txt", "users/4f/a.txt")
    assert not matches("users/?", "users/")
    assert not matches("a.c", "abc")


def test_variables_are_filled_in_and_an_absent_one_matches_nothing() -> None:
    assert substitute("${aws:SourceIp}/${*}", CONTEXT) == "203.0.113.7/*"
    assert substitute("home/${aws:username}", CONTEXT) is None

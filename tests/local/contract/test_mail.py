"""The inbox, and what SNS and SES put into it."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from tests.local.contract.wire import send


@pytest.fixture
def topic(aws: Any) -> str:
    return str(aws.client("sns").create_topic(Name=f"events-{uuid4().hex[:8]}")["TopicArn"])


def _address() -> str:
    return f"person-{uuid4().hex[:8]}@example.com"


def _token(aws: Any, address: str) -> str:
    (mail,) = aws.inbox(address)
    found = re.search(r"token=(\w+)", mail["body"])
    assert found
    return found.group(1)


def _subscribe(aws: Any, topic: str, address: str, **attributes: str) -> None:
    aws.client("sns").subscribe(
        TopicArn=topic, Protocol="email", Endpoint=address, Attributes=attributes
    )
    send(aws.endpoint, "GET", f"/_local/confirm?token={_token(aws, address)}")


def _bodies(aws: Any, address: str) -> list[str]:
    return [mail["body"] for mail in aws.inbox(address) if mail["source"].startswith("sns:")]


@pytest.mark.gap
def test_a_subscription_waits_until_its_link_is_opened(aws: Any, topic: str) -> None:
    sns, address = aws.client("sns"), _address()
    answer = sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    assert answer["SubscriptionArn"] == "pending confirmation"
    listed = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed[0]["SubscriptionArn"] == "PendingConfirmation"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["SubscriptionsPending"] == "1"
    sns.publish(TopicArn=topic, Message="too early")
    link = f"/_local/confirm?token={_token(aws, address)}"
    assert send(aws.endpoint, "GET", link).status == 200
    assert send(aws.endpoint, "GET", link).status == 404
    sns.publish(TopicArn=topic, Message="in time", Subject="A subject")
    assert _bodies(aws, address) == ["in time"]
    assert aws.inbox(address)[-1]["subject"] == "A subject"
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert (attributes["SubscriptionsPending"], attributes["SubscriptionsConfirmed"]) == ("0", "1")


@pytest.mark.gap
def test_confirm_subscription_takes_the_token_of_the_mail(aws: Any, topic: str) -> None:
    sns, address = aws.client("sns"), _address()
    arn = sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint=address, ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "true"
    with pytest.raises(sns.exceptions.InvalidParameterException):
        sns.confirm_subscription(TopicArn=topic, Token="0" * 64)
    token = _token(aws, address)
    assert sns.confirm_subscription(TopicArn=topic, Token=token)["SubscriptionArn"] == arn
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert attributes["PendingConfirmation"] == "false"


@pytest.mark.gap
def test_a_filter_policy_lets_only_its_own_through(aws: Any, topic: str) -> None:
    mine, yours = _address(), _address()
    for address in (mine, yours):
        _subscribe(aws, topic, address, FilterPolicy=json.dumps({"recipient": [address]}))
    aws.client("sns").publish(
        TopicArn=topic,
        Message="for you alone",
        MessageAttributes={"recipient": {"DataType": "String", "StringValue": yours}},
    )
    aws.client("sns").publish(TopicArn=topic, Message="for nobody")
    assert _bodies(aws, yours) == ["for you alone"]
    assert _bodies(aws, mine) == []


@pytest.mark.gap
def test_the_hundred_and_first_subscriber_gets_its_mail(aws: Any, topic: str) -> None:
    addresses = [_address() for _ in range(103)]
    for address in addresses:
        _subscribe(aws, topic, address, FilterPolicy=json.dumps({"recipient": [address]}))
    attribute = {"recipient": {"DataType": "String", "StringValue": addresses[-1]}}
    aws.client("sns").publish(TopicArn=topic, Message="last", MessageAttributes=attribute)
    assert _bodies(aws, addresses[-1]) == ["last"]


@pytest.mark.gap
@pytest.mark.parametrize(
    "subject", ["two\nlines", "carriage\rreturn", "bell\x07", "tab\there", " leading"]
)
def test_a_subject_that_mail_cannot_carry_is_refused(aws: Any, topic: str, subject: str) -> None:
    sns = aws.client("sns")
    with pytest.raises(sns.exceptions.InvalidParameterException):
        sns.publish(TopicArn=topic, Message="m", Subject=subject)


def test_a_subject_of_more_than_a_hundred_characters_is_refused(aws: Any, topic: str) -> None:
    sns = aws.client("sns")
    with pytest.raises(sns.exceptions.InvalidParameterException):
        sns.publish(TopicArn=topic, Message="m", Subject="s" * 101)
    sns.publish(TopicArn=topic, Message="m", Subject="s" * 100)


@pytest.mark.gap
def test_each_protocol_gets_its_own_text(aws: Any, topic: str) -> None:
    sns, address = aws.client("sns"), _address()
    _subscribe(aws, topic, address)
    message = json.dumps({"default": "d", "email": "the mail's text"})
    sns.publish(TopicArn=topic, Message=message, MessageStructure="json")
    assert _bodies(aws, address) == ["the mail's text"]
    for broken in ("not json", json.dumps({"email": "no default"})):
        with pytest.raises(sns.exceptions.InvalidParameterException):
            sns.publish(TopicArn=topic, Message=broken, MessageStructure="json")


@pytest.mark.gap
def test_ses_mail_lands_in_the_inbox(aws: Any) -> None:
    ses, address = aws.client("ses"), _address()
    ses.verify_email_identity(EmailAddress="waybill@example.com")
    message = {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "One"}}}
    destination = {"ToAddresses": [address]}
    ses.send_email(Source="waybill@example.com", Destination=destination, Message=message)
    raw = f"From: waybill@example.com\nTo: {address}\nSubject: Raw\n\nTwo\n"
    ses.send_raw_email(RawMessage={"Data": raw})
    aws.client("sesv2").send_email(
        FromEmailAddress="waybill@example.com",
        Destination=destination,
        Content={"Simple": {"Subject": {"Data": "V2"}, "Body": {"Text": {"Data": "Three"}}}},
    )
    mails = [(mail["subject"], mail["body"].strip(), mail["source"]) for mail in aws.inbox(address)]
    assert mails == [("Hello", "One", "ses"), ("Raw", "Two", "ses"), ("V2", "Three", "ses")]


@pytest.mark.gap
def test_the_inbox_lists_what_one_person_got_oldest_first(aws: Any, topic: str) -> None:
    address = _address()
    _subscribe(aws, topic, address)
    for text in ("one", "two"):
        aws.client("sns").publish(TopicArn=topic, Message=text)
    assert _bodies(aws, address.upper()) == ["one", "two"]
    mail = aws.inbox(address)[-1]
    assert mail.keys() == {"id", "at", "to", "subject", "body", "source"}
    assert mail["to"] == address
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", mail["at"])
    assert mail["source"] == f"sns:{topic.rsplit(':', maxsplit=1)[-1]}"


@pytest.mark.gap
def test_the_inbox_page_shows_text_as_text_and_addresses_as_links(aws: Any, topic: str) -> None:
    address = _address()
    _subscribe(aws, topic, address)
    hostile = '<script>alert(1)</script> see https://app.example/s?a=1&b=2. " onclick=x'
    aws.client("sns").publish(TopicArn=topic, Message=hostile, Subject="<b>Bold</b>")
    answer = send(aws.endpoint, "GET", f"/_local/mail/?to={address}")
    page = answer.body.decode()
    assert "<script" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert '<a href="https://app.example/s?a=1&amp;b=2"' in page
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert '<html lang="en">' in page
    assert re.search(r'<label for="to">.*<input id="to"', page, re.DOTALL)
    assert answer.headers["cache-control"] == "no-store"

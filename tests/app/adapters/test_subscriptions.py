"""Mail goes to whom it is meant for: each subscription lets through its own address alone."""

from __future__ import annotations

import json
import uuid

import pytest

from app.adapters.subscriptions import SnsSubscriptions


@pytest.fixture(scope="module")
def topic(aws):
    client = aws.client("sns")
    arn = client.create_topic(Name=f"notices-{uuid.uuid4().hex}")["TopicArn"]
    yield client, arn
    client.delete_topic(TopicArn=arn)


def test_a_person_is_subscribed_to_what_is_meant_for_them(topic):
    client, arn = topic
    SnsSubscriptions(client, arn).subscribe("o'brien@example.com")
    [listed] = client.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    assert (listed["Protocol"], listed["Endpoint"]) == ("email", "o'brien@example.com")
    # Until it is confirmed, a list does not name it; subscribing again does.
    same = client.subscribe(
        TopicArn=arn,
        Protocol="email",
        Endpoint="o'brien@example.com",
        ReturnSubscriptionArn=True,
    )
    attributes = client.get_subscription_attributes(SubscriptionArn=same["SubscriptionArn"])
    policy = json.loads(attributes["Attributes"]["FilterPolicy"])
    assert policy == {"recipient": ["o'brien@example.com"]}

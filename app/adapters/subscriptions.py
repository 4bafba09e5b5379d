"""E-mail subscriptions to the product's SNS topic, one a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


class SnsSubscriptions:
    def __init__(self, client: SNSClient, topic_arn: str) -> None:
        self._client = client
        self._topic = topic_arn

    def subscribe(self, email: str) -> None:
        """SNS asks the person to confirm; the filter lets through only what is meant for them."""
        self._client.subscribe(
            TopicArn=self._topic,
            Protocol="email",
            Endpoint=email,
            Attributes={"FilterPolicy": json.dumps({"recipient": [email]})},
        )

"""Events reach their functions and state machines as on AWS: later, and whatever becomes of them.

moto delivers inside the caller's request, invents SNS attributes, and knows no Lambda, Step
Functions or SNS behind EventBridge (proof: tests/local/contract/test_events.py).

Differs from AWS: schedules never fire.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from local import lambdas
from local.lambdas import stream_delivery  # noqa: F401 - streams are events of their own
from local.patching import patch

log = logging.getLogger(__name__)

_executor = ThreadPoolExecutor(4, thread_name_prefix="events")


@patch("moto.sns.models:Subscription.publish")
def _publish(original: Any, self: Any, message: str, message_id: str, **options: Any) -> None:
    if self.protocol != "lambda":
        original(self, message, message_id, **options)
        return
    attributes = options.get("message_attributes") or {}
    matcher = self._filter_policy_matcher
    if matcher is not None and not matcher.matches(attributes, message):
        return
    if options.get("message_structure") == "json":
        message = self._parse_message_structure(message, self.protocol)
    lambdas.invoke_async(
        self.endpoint, {"Records": [_sns_record(self, message, message_id, options)]}
    )


def _sns_record(
    subscription: Any, message: str, message_id: str, options: dict[str, Any]
) -> dict[str, Any]:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    attributes = options.get("message_attributes") or {}
    return {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription.arn,
        "Sns": {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": subscription.topic.arn,
            "Subject": options.get("subject"),
            "Message": message,
            "Timestamp": now,
            "SignatureVersion": "1",
            "Signature": "",
            "SigningCertUrl": "",
            "UnsubscribeUrl": "",
            "MessageAttributes": {
                name: {"Type": value["Type"], "Value": value["Value"]}
                for name, value in attributes.items()
            },
        },
    }


@patch("moto.s3.notifications:_invoke_awslambda")
def _s3_to_lambda(
    original: Any,  # noqa: ARG001 - replaced, not wrapped
    account_id: str,  # noqa: ARG001 - there is one
    event_body: Any,
    fn_arn: str,
    region_name: str,  # noqa: ARG001 - the ARN names it
) -> None:
    lambdas.invoke_async(fn_arn, event_body)


@patch("moto.events.models:Rule.send_to_targets")
def _send_to_targets(
    original: Any,
    self: Any,
    original_event: dict[str, Any],
    transform_input: bool = True,  # noqa: FBT001, FBT002 - moto's signature
) -> None:
    # moto takes a rule that has a schedule but no pattern for one that matches everything.
    if self.state != "ENABLED" or not self.event_pattern.get_pattern():
        return
    ours = [target for target in self.targets if _service(target) in _SENDERS]
    if ours and self.event_pattern.matches_event(original_event):
        for target in ours:
            _executor.submit(_send, target, dict(original_event))
    targets, self.targets = self.targets, [t for t in self.targets if t not in ours]
    try:
        original(self, original_event, transform_input)
    finally:
        self.targets = targets


def _service(target: dict[str, Any]) -> str:
    return str(target["Arn"]).split(":")[2]


def _send(target: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        _SENDERS[_service(target)](target["Arn"], _input(target, event))
    except Exception:
        log.exception("an event for %s is lost", target["Arn"])


def _input(target: dict[str, Any], event: dict[str, Any]) -> str:
    """Return what the target is given: https://docs.aws.amazon.com/eventbridge/latest/userguide/."""
    from moto.events.utils import EventTemplateParser

    event.setdefault("ingestion-time", "")
    if isinstance(event.get("time"), (int, float)):
        event["time"] = dt.datetime.fromtimestamp(event["time"], dt.UTC).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
    if "Input" in target:
        return str(target["Input"])
    if "InputTransformer" in target:
        transformer = target["InputTransformer"]
        return json.dumps(
            EventTemplateParser.parse(
                input_template=transformer.get("InputTemplate"),
                input_paths_map=transformer.get("InputPathsMap", {}),
                event=event,
            )
        )
    return json.dumps({k: v for k, v in event.items() if k != "ingestion-time"}, default=str)


def _to_lambda(arn: str, event: str) -> None:
    lambdas.invoke_async(arn, event.encode())


def _to_state_machine(arn: str, event: str) -> None:
    from moto.stepfunctions.responses import get_backend

    _, _, _, region, account, *_ = arn.split(":")
    get_backend(account, region).start_execution(arn, str(uuid.uuid4()), event)


def _to_topic(arn: str, event: str) -> None:
    from moto.sns.models import sns_backends

    _, _, _, region, account, *_ = arn.split(":")
    sns_backends[account][region].publish(message=event, arn=arn)


_SENDERS = {"lambda": _to_lambda, "states": _to_state_machine, "sns": _to_topic}

"""SNS by e-mail: subscriptions that wait for their confirmation, mail that lands in the inbox.

moto counts an e-mail subscription as confirmed at once and delivers nothing to it, reaches only the
first hundred subscriptions of a topic, accepts subjects that AWS refuses, and forgets how a topic
is traced.

https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
"""

from __future__ import annotations

import copy
import json
import secrets
import threading
import unicodedata
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from local.patching import patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONFIRM_PATH = "/_local/confirm"
_LONGEST_SUBJECT = 100
_KEPT_ATTRIBUTES = {"tracing_config": "TracingConfig", "signature_version": "SignatureVersion"}
_pending: dict[str, Any] = {}
_lock = threading.Lock()


def middleware(app: WSGIApplication) -> WSGIApplication:
    """Answer the link in a confirmation mail; pass everything else on."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != CONFIRM_PATH or environ["REQUEST_METHOD"] != "GET":
            return app(environ, start_response)
        token = parse_qs(environ.get("QUERY_STRING", "")).get("token", [""])[0]
        confirmed = confirm(token) is not None
        text = "Subscription confirmed!" if confirmed else "This link is unknown or was used."
        status = HTTPStatus.OK if confirmed else HTTPStatus.NOT_FOUND
        body = f"{text}\n".encode()
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ]
        start_response(f"{status.value} {status.phrase}", headers)
        return [body]

    return answered


def confirm(token: str, topic_arn: str | None = None) -> Any:
    """Confirm the subscription that waits for this token; None when none does."""
    with _lock:
        subscription = _pending.get(token)
        if subscription is None or topic_arn not in {None, subscription.topic_arn}:
            return None
        del _pending[token]
    if subscription.arn not in subscription.topic.sns_backend.subscriptions:
        return None
    subscription.attributes["PendingConfirmation"] = False
    subscription.confirmed = True
    return subscription


def is_pending(subscription: Any) -> bool:
    return bool(subscription.attributes.get("PendingConfirmation"))


def _ask_for_confirmation(subscription: Any) -> None:
    token = secrets.token_hex(64)
    with _lock:
        _pending[token] = subscription
    body = (
        f"You have chosen to subscribe to the topic:\n{subscription.topic_arn}\n\n"
        "To confirm this subscription, click or visit the link below "
        "(If this was in error no action is necessary):\n"
        f"{RUNTIME.endpoint}{CONFIRM_PATH}?token={token}\n"
    )
    RUNTIME.inbox.deliver(
        subscription.endpoint, "AWS Notification - Subscription Confirmation", body, "sns"
    )


@patch("moto.sns.models:SNSBackend.subscribe")
def _subscribe(original: Any, self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
    known = self._find_subscription(topic_arn, endpoint, protocol)
    subscription = original(self, topic_arn, endpoint, protocol)
    if protocol in {"email", "email-json"}:
        if known is None:
            subscription.attributes["PendingConfirmation"] = True
            subscription.attributes["ConfirmationWasAuthenticated"] = False
        if is_pending(subscription):
            _ask_for_confirmation(subscription)
    return subscription


@patch("moto.sns.responses:SNSResponse.subscribe")
def _subscribe_response(original: Any, self: Any) -> Any:
    answer = original(self)
    arn = answer.result["SubscriptionArn"]
    wants_arn = str(self._get_param("ReturnSubscriptionArn", "")).lower() == "true"
    if not wants_arn and is_pending(self.backend.subscriptions[arn]):
        answer.result["SubscriptionArn"] = "pending confirmation"
    return answer


@patch("moto.sns.responses:SNSResponse.confirm_subscription")
def _confirm_subscription(original: Any, self: Any) -> Any:
    from moto.sns.exceptions import SNSInvalidParameter

    answer = original(self)
    subscription = confirm(self._get_param("Token") or "", self._get_param("TopicArn"))
    if subscription is None:
        raise SNSInvalidParameter("Invalid parameter: Token")
    answer.result["SubscriptionArn"] = subscription.arn
    return answer


@patch("moto.sns.responses:SNSResponse.list_subscriptions")
def _list_subscriptions(original: Any, self: Any) -> Any:
    return _without_pending_arns(original(self))


@patch("moto.sns.responses:SNSResponse.list_subscriptions_by_topic")
def _list_subscriptions_by_topic(original: Any, self: Any) -> Any:
    return _without_pending_arns(original(self))


def _without_pending_arns(answer: Any) -> Any:
    listed = []
    for subscription in answer.result["Subscriptions"]:
        shown = copy.copy(subscription)
        if is_pending(subscription):
            shown.arn = "PendingConfirmation"
        listed.append(shown)
    answer.result["Subscriptions"] = listed
    return answer


@patch("moto.sns.models:Topic.publish")
def _publish_to_all(original: Any, self: Any, message: str, **options: Any) -> Any:
    """Publish beyond the first page of subscriptions, at which moto stops."""
    message_id = original(self, message, **options)
    first_page, _ = self.sns_backend.list_subscriptions_by_topic(self.arn)
    reached = {subscription.arn for subscription in first_page}
    for subscription in self.sns_backend._get_topic_subscriptions(self):
        if subscription.arn not in reached:
            subscription.publish(message, message_id, **options)
    return message_id


@patch("moto.sns.models:Subscription.publish")
def _publish(original: Any, self: Any, message: str, message_id: str, **options: Any) -> None:
    if self.protocol not in {"email", "email-json"}:
        original(self, message, message_id, **options)
        return
    attributes = options.get("message_attributes")
    matcher = self._filter_policy_matcher
    if is_pending(self) or (matcher is not None and not matcher.matches(attributes, message)):
        return
    if options.get("message_structure") == "json":
        message = self._parse_message_structure(message, self.protocol)
    subject = options.get("subject")
    if self.protocol == "email-json":
        message = json.dumps(
            {
                "Type": "Notification",
                "MessageId": message_id,
                "TopicArn": self.topic_arn,
                "Subject": subject,
                "Message": message,
                "MessageAttributes": attributes or {},
            }
        )
    source = f"sns:{self.topic.name}"
    RUNTIME.inbox.deliver(self.endpoint, subject or "AWS Notification Message", message, source)


@patch("moto.sns.models:SNSBackend.publish")
def _publish_to_topic(original: Any, self: Any, message: str, *args: Any, **kwargs: Any) -> Any:
    from moto.sns.exceptions import SNSInvalidParameter

    subject = kwargs.get("subject")
    if subject is not None and not _is_subject(subject):
        raise SNSInvalidParameter("Invalid parameter: Subject")
    if kwargs.get("message_structure") == "json":
        _require_default(message)
    return original(self, message, *args, **kwargs)


def _is_subject(subject: str) -> bool:
    broken = any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in subject)
    return 0 < len(subject) <= _LONGEST_SUBJECT and not broken and not subject[0].isspace()


def _require_default(message: str) -> None:
    from moto.sns.exceptions import SNSInvalidParameter

    try:
        parts = json.loads(message)
    except ValueError:
        parts = None
    if not isinstance(parts, dict):
        raise SNSInvalidParameter(
            "Invalid parameter: Message Structure - JSON message body failed to parse"
        )
    if not isinstance(parts.get("default"), str):
        raise SNSInvalidParameter(
            "Invalid parameter: Message Structure - No default entry in JSON message body"
        )


@patch("moto.sns.responses:SNSResponse.get_topic_attributes")
def _get_topic_attributes(original: Any, self: Any) -> Any:
    answer = original(self)
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    attributes = answer.result["Attributes"]
    for kept, name in _KEPT_ATTRIBUTES.items():
        if value := getattr(topic, kept, None):
            attributes[name] = value
    subscriptions = self.backend._get_topic_subscriptions(topic)
    pending = sum(map(is_pending, subscriptions))
    attributes["SubscriptionsPending"] = pending
    attributes["SubscriptionsConfirmed"] = len(subscriptions) - pending
    return answer

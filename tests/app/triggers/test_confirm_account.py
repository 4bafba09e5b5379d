"""A confirmed account hears of its shares; nothing else subscribes anybody."""

from __future__ import annotations

import pytest

from app.triggers.confirm_account import welcome_person


class Remembering:
    def __init__(self):
        self.subscribed = []

    def subscribe(self, email):
        self.subscribed.append(email)


@pytest.fixture
def subscriptions(services):
    services.subscriptions = Remembering()
    return services.subscriptions


def confirmation(source="PostConfirmation_ConfirmSignUp", email="Bob@Example.com", verified="true"):
    attributes = {"sub": "bob-sub", "email": email, "email_verified": verified}
    return {"triggerSource": source, "request": {"userAttributes": attributes}, "response": {}}


def test_a_verified_address_is_subscribed_normalised(subscriptions):
    event = confirmation()
    assert welcome_person(event, None) is event
    assert subscriptions.subscribed == ["bob@example.com"]


@pytest.mark.parametrize(
    "event",
    [confirmation(source="PostConfirmation_ConfirmForgotPassword"), confirmation(verified="false")],
)
def test_a_reset_password_or_an_unverified_address_subscribes_nobody(subscriptions, event):
    assert welcome_person(event, None) is event
    assert subscriptions.subscribed == []

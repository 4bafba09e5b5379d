"""A person has confirmed an account: from now on shares reach them by mail."""

from __future__ import annotations

from typing import Any

from app.bootstrap import services
from app.domain.addresses import normalise

SIGN_UP = "PostConfirmation_ConfirmSignUp"


def welcome_person(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Subscribe the verified address to what is meant for it; a reset password changes nothing."""
    attributes = event["request"]["userAttributes"]
    if event["triggerSource"] == SIGN_UP and attributes.get("email_verified") == "true":
        services().subscriptions.subscribe(normalise(attributes["email"]))
    return event

"""An attempt as a workflow hands it to its deciding step."""

from __future__ import annotations

from typing import Any

import pytest

from app.adapters.items import decode
from tests.app.samples import FILE_ID, REQUEST_ID


def an_attempt(person, **more: Any) -> dict[str, Any]:
    """What the API and the state "Get user" know of an attempt by this person."""
    verified = "true" if person.email_verified else "false"
    attributes = {"sub": person.sub, "email": person.email, "email_verified": verified}
    return {
        "request": {"id": REQUEST_ID, "source_ip": "192.0.2.7", "user_agent": "curl/8"},
        "actor": {
            "sub": person.sub,
            "username": person.sub.removesuffix("-sub"),
            "issued_at": person.token_issued_at,
            "groups": [],
        },
        "file_id": FILE_ID,
        "failure_record": {},
        "user": {
            "enabled": person.enabled,
            "attributes": [{"Name": name, "Value": value} for name, value in attributes.items()],
        },
        **more,
    }


def actions(decision):
    """The transaction as (kind, table, sort key or audit id), in order."""
    found = []
    for action in decision["transaction"]:
        [(kind, details)] = action.items()
        item = decode(details.get("Key") or details["Item"])
        found.append((kind, details["TableName"], item.get("sk") or item["id"]))
    return found


def condition(decision, number):
    [details] = decision["transaction"][number].values()
    return details["ConditionExpression"]


def record_in(decision):
    """The one audit record, whether it is refused or part of the transaction."""
    if decision["outcome"] == "refused":
        assert "transaction" not in decision
        return decode(decision["record"])
    assert "record" not in decision
    puts = [
        action["Put"]["Item"]
        for action in decision["transaction"]
        if action.get("Put", {}).get("TableName") == "audit"
    ]
    [item] = puts
    return decode(item)


@pytest.fixture
def store(services):
    return services.permissions

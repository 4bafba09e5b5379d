"""What the API hands to a workflow: the attempt as the gateway saw it, and what it is about.

Built by code from the authorizer's claims and a validated model, never by a string template: the
published sample lets a recipient write the owner's id into its own workflow input that way.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class Request(TypedDict):
    id: str  # the gateway's request id: names the execution, the audit record and the grant
    source_ip: str
    user_agent: str


class Actor(TypedDict):
    sub: str
    username: str
    issued_at: int  # epoch seconds
    groups: list[str]


class UserAttribute(TypedDict):
    Name: str
    Value: NotRequired[str]


class User(TypedDict):
    """What AdminGetUser answered, as the workflow selected it."""

    enabled: bool
    attributes: list[UserAttribute]


class Attempt(TypedDict):
    """The input of every workflow; `user` and `decision` are added by its states."""

    request: Request
    actor: Actor
    file_id: str
    failure_record: dict[str, Any]  # what to store if the workflow fails before it has decided
    user: NotRequired[User]
    decision: NotRequired[dict[str, Any]]
    terms: NotRequired[dict[str, Any]]  # share_file
    recipients: NotRequired[list[str]]  # share_file
    upload: NotRequired[dict[str, Any]]  # start_upload
    found: NotRequired[dict[str, Any]]  # complete_upload: the file's row
    object: NotRequired[dict[str, Any]]  # complete_upload: what S3 answered

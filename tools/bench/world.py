"""What the benchmark needs to exist: two people who are signed in, and a file one shares."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

from tools.authorization import Authorization

if TYPE_CHECKING:
    from tools.facts import Facts

FORM = re.compile(r'name="_csrf" value="([^"]+)"')
TIMEOUT_SECONDS = 30
CONTENT = b"What this file says does not matter.\n" * 100


@dataclass(frozen=True)
class Person:
    """Somebody with a confirmed account and an access token."""

    email: str
    username: str
    token: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True)
class World:
    facts: Facts
    owner: Person
    recipient: Person
    file_id: str


def made(facts: Facts) -> World:
    owner, recipient = new_person(facts), new_person(facts)
    file_id = _upload(facts, owner)
    _call(facts, owner, f"/files/{file_id}/shares", {"recipients": [recipient.email]})
    return World(facts, owner, recipient, file_id)


def new_person(facts: Facts) -> Person:
    """Somebody whose access token has its whole lifetime, some minutes, before it."""
    email = f"bench-{secrets.token_hex(4)}@example.com"
    password = f"Aa1!{secrets.token_urlsafe(16)}"
    pool, cognito = facts.user_pool_id, facts.client("cognito-idp")
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    user = cognito.admin_create_user(
        UserPoolId=pool, Username=email, UserAttributes=attributes, MessageAction="SUPPRESS"
    )
    username = user["User"]["Username"]
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=username, Password=password, Permanent=True
    )
    return Person(email, username, _access_token(facts, email, password))


def _access_token(facts: Facts, email: str, password: str) -> str:
    """Sign in as a browser does, through managed login's form."""
    authorization = Authorization(facts)
    with requests.Session() as browser:
        page = browser.get(authorization.url, timeout=TIMEOUT_SECONDS)
        proof = FORM.search(page.text)
        if not proof:
            raise RuntimeError(f"no sign-in form at {page.url}: {page.status_code}")
        form = {"_csrf": proof[1], "username": email, "password": password}
        answer = browser.post(page.url, data=form, allow_redirects=False, timeout=TIMEOUT_SECONDS)
    query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    if "code" not in query:
        raise RuntimeError(f"sign-in was refused: {answer.status_code} {answer.text[:500]}")
    return authorization.access_token(query["code"][0])


def _upload(facts: Facts, owner: Person) -> str:
    announced = {
        "name": "bench.txt",
        "size": len(CONTENT),
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
        "media_type": "text/plain",
    }
    ticket = _call(facts, owner, "/files", announced)
    form = ticket["upload"]
    answer = requests.post(
        urljoin(facts.endpoint, form["url"]),
        data=form["fields"],
        files={"file": ("bench.txt", CONTENT, "text/plain")},
        timeout=TIMEOUT_SECONDS,
    )
    answer.raise_for_status()
    file_id = str(ticket["file"]["id"])
    _call(facts, owner, f"/files/{file_id}/complete")
    return file_id


def _call(facts: Facts, who: Person, path: str, body: dict[str, Any] | None = None) -> Any:
    url = facts.api + path
    answer = requests.post(url, json=body, headers=who.headers, timeout=TIMEOUT_SECONDS)
    if not answer.ok:
        raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:500]}")
    return answer.json()

"""A person in front of Waybill, over HTTP only: signs up, reads mail, signs in, uses the API.

Speaks OAuth 2.0 with PKCE as the product's own page does; knows nothing of the embedded AWS.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import requests

from tests.login_pages import Refused, checked, filled_fields, form_action, problem_of

WAIT_SECONDS = 20
TOTP_SECONDS = 30


@dataclass(frozen=True)
class Settings:
    """Where things are: the fields of build/local.json a person needs.

    `redirect_uri` and `logout_uri` are addresses the app client has registered; nothing has to
    listen there, since a redirect is read and not followed.
    """

    endpoint: str
    api: str
    client_id: str
    redirect_uri: str = "http://localhost:5173/callback"
    logout_uri: str = "http://localhost:5173/"
    scope: str = "openid email profile"

    @classmethod
    def of(cls, stack: dict[str, Any], **others: str) -> Settings:
        """Read them from build/local.json's content."""
        names = ("endpoint", "api", "client_id")
        return cls(**{name: stack[name] for name in names}, **others)


@dataclass
class Tokens:
    access: str
    identity: str | None
    refresh: str | None
    expires_in: int


@dataclass
class Person:
    """One human with one browser. `tokens` are those of the last sign-in or refresh."""

    aws: Settings
    email: str
    password: str
    browser: requests.Session = field(default_factory=requests.Session)
    tokens: Tokens | None = None
    authenticator: str | None = None
    _last_code: str | None = None
    _verifier: str = ""

    # -- the account -------------------------------------------------------------------------

    def sign_up(self) -> Person:
        """Fill in the sign-up page. Raises Refused with the page's problem."""
        page = self._open("/signup")
        self._submit(page, email=self.email, password=self.password)
        return self

    def confirm(self, code: str | None = None) -> Person:
        """Enter the mailed code on the confirmation page."""
        page = self._open("/confirmUser")
        self._submit(page, username=self.email, code=code or self.mailed_code(), action="confirm")
        return self

    def resend_code(self) -> Person:
        self._submit(self._open("/confirmUser"), username=self.email, action="resend")
        return self

    def reset_password(self, password: str) -> Person:
        """Ask for a code on the page for forgotten passwords and choose a new password."""
        seen = len(self.inbox())
        page = self._submit(self._open("/forgotPassword"), username=self.email)
        self._submit(page, code=self.mailed_code(seen), password=password)
        self.password = password
        return self

    # -- signing in and out ------------------------------------------------------------------

    def sign_in(self, **parameters: str) -> Tokens:
        """Sign in on the page with code and PKCE; enrols or shows the authenticator if asked."""
        answer = self.authorize(**parameters)
        while not self._arrived(answer):
            answer = self._answer_page(self._follow(answer))
        return self.redeem(self._read_code(answer))

    def authorize(self, **parameters: str) -> requests.Response:
        """Call the authorization endpoint; `parameters` replace those of an honest application."""
        self._verifier = secrets.token_urlsafe(48)
        return self.browser.get(
            f"{self.aws.endpoint}/oauth2/authorize",
            params={**self._request(), **parameters},
            allow_redirects=False,
            timeout=WAIT_SECONDS,
        )

    def redeem(self, code: str, **parameters: str) -> Tokens:
        """Exchange an authorization code for tokens."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.aws.client_id,
            "redirect_uri": self.aws.redirect_uri,
            "code": code,
            "code_verifier": self._verifier,
        }
        return self._take_tokens({**form, **parameters})

    def refresh(self) -> Tokens:
        held = self._held()
        form = {
            "grant_type": "refresh_token",
            "client_id": self.aws.client_id,
            "refresh_token": held.refresh or "",
        }
        fresh = self._take_tokens(form)
        fresh.refresh = fresh.refresh or held.refresh
        return fresh

    def sign_out(self) -> Person:
        """Revoke the refresh token and end the browser's session, as the product's page does."""
        form = {"client_id": self.aws.client_id, "token": self._held().refresh or ""}
        self._post("/oauth2/revoke", form).raise_for_status()
        query = {"client_id": self.aws.client_id, "logout_uri": self.aws.logout_uri}
        answer = self.browser.get(
            f"{self.aws.endpoint}/logout",
            params=query,
            allow_redirects=False,
            timeout=WAIT_SECONDS,
        )
        assert answer.headers["Location"] == self.aws.logout_uri
        self.tokens = None
        return self

    def enrol_authenticator(self) -> Person:
        """Add an authenticator app to the account; needs aws.cognito.signin.user.admin."""
        token = self._held().access
        secret = self._cognito("AssociateSoftwareToken", AccessToken=token)["SecretCode"]
        self.authenticator = secret
        self._cognito("VerifySoftwareToken", AccessToken=token, UserCode=self.totp())
        settings = {"Enabled": True, "PreferredMfa": True}
        self._cognito("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings=settings)
        return self

    def totp(self) -> str:
        """The next code of the authenticator that has not been used yet."""
        assert self.authenticator is not None
        generator = pyotp.TOTP(self.authenticator)
        code = generator.now()
        if code == self._last_code:
            # The service takes a neighbouring step, so nobody has to wait for the clock.
            code = generator.at(time.time() + TOTP_SECONDS)
        deadline = time.monotonic() + 2 * TOTP_SECONDS
        while code == self._last_code:
            assert time.monotonic() < deadline
            time.sleep(0.5)
            code = generator.now()
        self._last_code = code
        return code

    # -- mail --------------------------------------------------------------------------------

    def inbox(self) -> list[dict[str, Any]]:
        answer = requests.get(
            f"{self.aws.endpoint}/_local/mail", params={"to": self.email}, timeout=WAIT_SECONDS
        )
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()
        return messages

    def await_mail(self, pattern: str, after: int = 0) -> re.Match[str]:
        """The newest match of `pattern` in the mails past the first `after`; waits for it."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            for message in reversed(self.inbox()[after:]):
                found = re.search(pattern, f"{message['subject']}\n{message['body']}")
                if found:
                    return found
            assert time.monotonic() < deadline, f"no mail to {self.email} says {pattern}"
            time.sleep(0.05)

    def mailed_code(self, after: int = 0) -> str:
        return self.await_mail(r"\b(\d{6})\b", after).group(1)

    def confirm_mail_subscription(self) -> Person:
        """Open the link by which SNS asks whether mail is wanted."""
        link = self.await_mail(
            r"https?://\S+ConfirmSubscription\S+|https?://\S+/_local/\S*confirm\S*"
        )
        requests.get(html.unescape(link.group(0)), timeout=WAIT_SECONDS).raise_for_status()
        return self

    # -- the product -------------------------------------------------------------------------

    def api(self, method: str, path: str, **arguments: Any) -> requests.Response:
        """Call the product's API with the access token; arguments are those of requests."""
        headers = {**arguments.pop("headers", {})}
        if self.tokens is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens.access}")
        url = self.aws.api.rstrip("/") + path
        return requests.request(
            method,
            url,
            headers=headers,
            timeout=arguments.pop("timeout", WAIT_SECONDS),
            **arguments,
        )

    @property
    def sub(self) -> str:
        """The person's immutable id, as the access token says it."""
        return str(self.claims()["sub"])

    def claims(self, token: str | None = None) -> dict[str, Any]:
        """What a token says; its signature is the service's business."""
        payload = (token or self._held().access).split(".")[1]
        claims: dict[str, Any] = json.loads(
            base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        )
        return claims

    # -- pages -------------------------------------------------------------------------------

    def _request(self) -> dict[str, str]:
        digest = hashlib.sha256(self._verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": self.aws.client_id,
            "redirect_uri": self.aws.redirect_uri,
            "scope": self.aws.scope,
            "state": "a state",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }

    def _open(self, path: str) -> requests.Response:
        self._verifier = self._verifier or secrets.token_urlsafe(48)
        url = f"{self.aws.endpoint}{path}"
        page = self.browser.get(url, params=self._request(), timeout=WAIT_SECONDS)
        return checked(page)

    def _submit(self, page: requests.Response, **fields: str) -> requests.Response:
        """Submit the page's form with what it holds already; a redirect is returned, not followed."""
        url = f"{self.aws.endpoint}{form_action(page.text)}"
        data = {**filled_fields(page.text), **fields}
        answer = self.browser.post(url, data=data, allow_redirects=False, timeout=WAIT_SECONDS)
        return checked(answer)

    def _answer_page(self, page: requests.Response) -> requests.Response:
        path = urlsplit(page.url).path
        if path == "/login":
            return self._submit(page, username=self.email, password=self.password)
        if path == "/mfa":
            return self._submit(page, code=self.totp())
        assert path == "/setupMfa", f"a page this person does not know: {path}"
        found = re.search(r'class="key">([A-Z2-7]+)<', page.text)
        assert found is not None
        self.authenticator = found.group(1)
        return self._submit(page, code=self.totp())

    def _arrived(self, answer: requests.Response) -> bool:
        return answer.headers.get("Location", "").startswith(self.aws.redirect_uri)

    def _follow(self, answer: requests.Response) -> requests.Response:
        location = answer.headers.get("Location")
        assert location is not None, f"{answer.status_code} {problem_of(answer.text)}"
        url = f"{self.aws.endpoint}{location}" if location.startswith("/") else location
        return checked(self.browser.get(url, allow_redirects=False, timeout=WAIT_SECONDS))

    def _read_code(self, answer: requests.Response) -> str:
        given = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert given.get("state") == ["a state"], given
        if "error" in given:
            raise Refused(answer.status_code, given["error"][0])
        return given["code"][0]

    # -- calls -------------------------------------------------------------------------------

    def _take_tokens(self, form: dict[str, str]) -> Tokens:
        answer = self._post("/oauth2/token", form)
        given = answer.json()
        if answer.status_code != 200:
            raise Refused(answer.status_code, given["error"])
        self.tokens = Tokens(
            given["access_token"],
            given.get("id_token"),
            given.get("refresh_token"),
            given["expires_in"],
        )
        return self.tokens

    def _post(self, path: str, form: dict[str, str]) -> requests.Response:
        # Not the browser: an application's own call carries no cookie.
        return requests.post(f"{self.aws.endpoint}{path}", data=form, timeout=WAIT_SECONDS)

    def _cognito(self, operation: str, **parameters: Any) -> dict[str, Any]:
        answer = requests.post(
            self.aws.endpoint,
            json=parameters,
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            },
            timeout=WAIT_SECONDS,
        )
        if answer.status_code != 200:
            raise Refused(answer.status_code, answer.json().get("message", answer.text))
        given: dict[str, Any] = answer.json()
        return given

    def _held(self) -> Tokens:
        assert self.tokens is not None, f"{self.email} has not signed in"
        return self.tokens

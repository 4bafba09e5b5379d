"""Authorization code with PKCE against managed login (RFC 6749, RFC 7636), for commands."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tools.facts import Facts

# Registered with the client by Terraform (callback_urls).
CALLBACK_PORT = 8976
CALLBACK = f"http://127.0.0.1:{CALLBACK_PORT}/callback"
SCOPES = "openid email waybill/files"


@dataclass(frozen=True)
class Authorization:
    """One sign-in under way: the address to send the browser to, and what proves it is ours."""

    facts: Facts
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)

    @property
    def url(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.facts.client_id,
            "redirect_uri": CALLBACK,
            "scope": SCOPES,
            "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self.facts.login}/oauth2/authorize?{urlencode(query)}"

    def access_token(self, code: str) -> str:
        """Exchange the code. Raises urllib.error.HTTPError when it is refused."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.facts.client_id,
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": self.verifier,
        }
        url = f"{self.facts.login}/oauth2/token"
        with urllib.request.urlopen(url, urlencode(form).encode(), timeout=30) as answer:
            return str(json.load(answer)["access_token"])

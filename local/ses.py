"""SES, version 1 and 2: what is sent lands in the inbox.

moto checks and counts a mail and keeps it where nobody can read it.
"""

from __future__ import annotations

import email
import email.policy
import email.utils
from typing import Any

from local.patching import patch
from local.runtime import RUNTIME


@patch("moto.ses.models:SESBackend.send_email")
def _send_email(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    message = original(self, *args, **kwargs)
    for addresses in message.destinations.values():
        for address in addresses or []:
            RUNTIME.inbox.deliver(address, message.subject, message.body, "ses")
    return message


@patch("moto.ses.models:SESBackend.send_raw_email")
def _send_raw_email(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    message = original(self, *args, **kwargs)
    parsed = email.message_from_string(message.raw_data, policy=email.policy.default)
    part = parsed.get_body(preferencelist=("plain", "html"))
    body = part.get_content() if part is not None else message.raw_data
    for address in dict.fromkeys(message.destinations):
        _, bare = email.utils.parseaddr(address)
        RUNTIME.inbox.deliver(bare, str(parsed["subject"] or ""), body, "ses")
    return message

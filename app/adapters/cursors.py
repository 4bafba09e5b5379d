"""Cursors: where a list goes on, opaque to the client.

A cursor holds only the sort position. The partition it is used in always comes from the caller's
own token, so a forged cursor moves somebody within his own list and nowhere else.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from app.ports import InvalidCursorError


def encode(position: dict[str, Any]) -> str:
    text = json.dumps(position, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, names: frozenset[str]) -> dict[str, str]:
    """The position in a cursor; InvalidCursorError unless it has exactly `names`, all texts.

    Ids, addresses and instants are ASCII: DynamoDB would answer a lone surrogate with an error.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        position = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as fault:
        raise InvalidCursorError("The cursor is not one of ours.") from fault
    if not isinstance(position, dict) or position.keys() != names:
        raise InvalidCursorError("The cursor is not one of ours.")
    if not all(isinstance(one, str) and one and one.isascii() for one in position.values()):
        raise InvalidCursorError("The cursor is not one of ours.")
    return position

"""E-mail addresses as Waybill compares them: normalised, so that `Bob@X` and `bob@x` are one."""

from __future__ import annotations

import re

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets less its angle brackets

# The addr-spec of RFC 5322 without quoted strings, comments and address literals, which no
# identity provider hands out: dot-atom "@" domain name.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def normalise(address: str) -> str:
    """The one form in which an address is stored and compared: trimmed and in lower case.

    ASCII only: Unicode folds the Kelvin sign to `k` and the long s to `s`, so that the holder of
    another mailbox would be taken for the recipient. Such an address stays as it is, and is none.
    """
    trimmed = address.strip(" ")
    return trimmed.lower() if trimmed.isascii() else trimmed


def is_address(normalised: str) -> bool:
    """Whether a normalised text is an address that mail can be sent to."""
    local_part = normalised.partition("@")[0]
    return (
        len(normalised) <= LONGEST_ADDRESS
        and len(local_part) <= 64  # noqa: PLR2004  RFC 5321, 4.5.3.1.1
        and _ADDRESS.fullmatch(normalised) is not None
    )

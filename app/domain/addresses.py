"""E-mail addresses as Waybill compares them: normalised, so that `Bob@X` and `bob@x` are one."""

from __future__ import annotations

import re
import unicodedata

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets less its angle brackets

# The addr-spec of RFC 5322 without quoted strings, comments and address literals, which no
# identity provider hands out: dot-atom "@" domain name.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def normalise(address: str) -> str:
    """The one form in which an address is stored and compared: NFC, case-folded, trimmed."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def is_address(normalised: str) -> bool:
    """Whether a normalised text is an address that mail can be sent to."""
    local_part = normalised.partition("@")[0]
    return (
        len(normalised) <= LONGEST_ADDRESS
        and len(local_part) <= 64  # noqa: PLR2004  RFC 5321, 4.5.3.1.1
        and _ADDRESS.fullmatch(normalised) is not None
    )

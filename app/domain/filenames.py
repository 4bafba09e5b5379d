"""File names: which are accepted, and how one travels in a header."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

LONGEST_NAME_BYTES = 255  # the limit of ext4, APFS and NTFS names alike

# A recipient's system must be able to store the name; these fail on Windows, and `/` and `\`
# would let a name climb out of the folder it is saved in.
_NOT_PORTABLE = frozenset('<>:"/\\|?*')
# Marks that make a name read differently from what it is: `annexe<U+202E>cod.exe`.
_BIDI_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def normalise(name: str) -> str:
    """The form in which a name is stored: NFC, so that one name has one spelling."""
    return unicodedata.normalize("NFC", name)


def unseen(character: str) -> bool:
    """Whether this is a control character, a line separator or no character at all.

    Not `isprintable`: that one refuses the no-break space and the joiners inside emoji as well.
    """
    return unicodedata.category(character) in _INVISIBLE


def fault(name: str) -> str | None:
    """What is wrong with a normalised name, as a sentence for the person who chose it."""
    checks = (
        (not name.strip(), "A file needs a name."),
        (name != name.strip(), "A name must not start or end with a space."),
        (name in {".", ".."}, "This name means a folder."),
        (
            any(c in _NOT_PORTABLE for c in name),
            'A name must not contain any of < > : " / \\ | ? *',
        ),
        (any(c in _BIDI_MARKS for c in name), "A name must not contain text direction marks."),
        (any(unseen(c) for c in name), "A name must not contain control characters."),
        (
            len(name.encode("utf-8", "replace")) > LONGEST_NAME_BYTES,
            f"A name must not be longer than {LONGEST_NAME_BYTES} bytes.",
        ),
    )
    return next((sentence for wrong, sentence in checks if wrong), None)


def content_disposition(name: str) -> str:
    """`Content-Disposition` that saves under `name` and never opens in the page (RFC 6266, 4.3).

    The plain parameter is a fallback for old clients; RFC 8187 carries the true name.
    """
    fallback = "".join(c if " " <= c <= "~" and c not in '"\\%;' else "_" for c in name)
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"

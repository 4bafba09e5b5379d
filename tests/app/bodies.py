"""Bad request bodies, each with the field its refusal must name. Models and routes share them."""

from __future__ import annotations

from typing import Any

from tests.app.samples import A_DAY, MOMENT, NOW

SHA256 = "ab" * 32
GOOD_UPLOAD: dict[str, Any] = {"name": "report.pdf", "size": 10, "sha256": SHA256}
GOOD_SHARE: dict[str, Any] = {"recipients": ["bob@example.com"]}

_BAD_NAMES = {
    "empty": "",
    "blank": "   ",
    "dot-dot": "..",
    "climbing": "../../etc/passwd",
    "backslash": "..\\secret",
    "carriage return and line feed": "a\r\nSet-Cookie: x=1",
    "double quote": 'a".pdf',
    "right-to-left override": "annexe\u202ecod.exe",
    "right-to-left mark": "a\u200fb",
    "null character": "a\x00b",
    "256 bytes": "x" * 256,
    "128 two-byte letters": "\u00e4" * 128,
    "lone surrogate": "a\ud800b",
    "number": 5,
    "null": None,
    "list": ["a"],
    "object": {"a": "b"},
}
_BAD_SIZES = {
    "negative": -1,
    "fraction": 1.5,
    "whole fraction": 1.0,
    "text": "10",
    "bool": True,
    "null": None,
    "infinite": float("inf"),
    "not a number": float("nan"),
}
_BAD_HASHES = {
    "upper case": SHA256.upper(),
    "short": SHA256[:-1],
    "long": SHA256 + "a",
    "not hex": "g" * 64,
    "base64": "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=",
    "line feed at the end": SHA256 + "\n",
    "number": 1,
    "null": None,
}
_BAD_TYPES = {
    "no slash": "pdf",
    "parameters": "text/html; charset=utf-8",
    "line feed at the end": "text/csv\n",
    "line feed": "text/csv\nX: y",
    "long": "a/" + "b" * 128,
    "empty": "",
    "number": 3,
}

# case -> (body, field at fault)
BAD_UPLOADS: dict[str, tuple[Any, str]] = {
    **{f"name: {k}": (GOOD_UPLOAD | {"name": v}, "name") for k, v in _BAD_NAMES.items()},
    **{f"size: {k}": (GOOD_UPLOAD | {"size": v}, "size") for k, v in _BAD_SIZES.items()},
    **{f"sha256: {k}": (GOOD_UPLOAD | {"sha256": v}, "sha256") for k, v in _BAD_HASHES.items()},
    **{
        f"media type: {k}": (GOOD_UPLOAD | {"media_type": v}, "media_type")
        for k, v in _BAD_TYPES.items()
    },
    "nothing": ({}, "name"),
    "no size": ({"name": "a", "sha256": SHA256}, "size"),
    "unknown field": (GOOD_UPLOAD | {"owner": "eve-sub"}, "owner"),
    "key of one's own choice": (GOOD_UPLOAD | {"key": "users/eve/x"}, "key"),
    "field without a name": (GOOD_UPLOAD | {"": 1}, ""),
    "field in another case": (GOOD_UPLOAD | {"Name": "b"}, "Name"),
    # It cannot be written down, so it is named as nothing.
    "field with a lone surrogate": (GOOD_UPLOAD | {"\ud800": 1}, ""),
    "prototype": (GOOD_UPLOAD | {"__proto__": {"admin": True}}, "__proto__"),
}

_BAD_RECIPIENTS: dict[str, tuple[Any, str]] = {
    "nobody": ([], "recipients"),
    "a text": ("bob@example.com", "recipients"),
    "null": (None, "recipients"),
    "too many": ([f"p{n}@example.com" for n in range(51)], "recipients"),
    "twice": (["bob@example.com", "bob@example.com"], "recipients"),
    "twice in other case": (["bob@example.com", "BOB@Example.com"], "recipients"),
    "twice with spaces": (["bob@example.com", " bob@example.com"], "recipients"),
    "no address": (["bob"], "recipients.0"),
    "a number among them": (["bob@example.com", 7], "recipients.1"),
    "a list among them": ([["bob@example.com"]], "recipients.0"),
    "null among them": ([None], "recipients.0"),
    "control character": (["bob\x07@example.com"], "recipients.0"),
    "line feed at the end": (["bob@example.com\n"], "recipients.0"),
    "header of a mail": (["bob@example.com\r\nBcc: eve@example.com"], "recipients.0"),
    "quoted": (['"bob"@example.com'], "recipients.0"),
    "two in one": (["bob@example.com,eve@example.com"], "recipients.0"),
    "long": (["b" * 65 + "@example.com"], "recipients.0"),
    "lookalike": (["\u212aen@example.com"], "recipients.0"),
    "lone surrogate": (["b\ud800@example.com"], "recipients.0"),
    "filter pattern": ([{"prefix": "b"}], "recipients.0"),
}
_BAD_EXPIRIES = {
    "without zone": "2030-02-01T12:00:00",
    "a date": "2030-02-01",
    "garbage": "tomorrow",
    "empty": "",
    "epoch seconds": NOW + A_DAY,
    "epoch seconds in text": str(NOW + A_DAY),
    "thirteenth month": "2030-13-01T12:00:00Z",
    "29 February of no leap year": "2031-02-29T12:00:00Z",
    "zone of 99 hours": "2030-02-01T12:00:00+99:00",
    "space for T": "2030-02-01 12:00:00Z",
    "line feed at the end": "2030-02-01T12:00:00Z\n",
    "other digits": "\u0662\u0660\u0663\u0660-02-01T12:00:00Z",
    "bool": True,
    "list": [],
}
_BAD_LIMITS = {
    "zero": 0,
    "negative": -1,
    "fraction": 1.5,
    "whole fraction": 2.0,
    "text": "3",
    "bool": True,
    "infinite": float("inf"),
    "list": [1],
}
_BAD_MESSAGES = {
    "long": "x" * 1001,
    "null character": "a\x00b",
    "escape": "a\x1b[31mb",
    "lone surrogate": "a\udc00b",
    "number": 1,
    "null": None,
}
BAD_SHARES: dict[str, tuple[Any, str]] = {
    **{
        f"recipients: {k}": ({"recipients": value}, field)
        for k, (value, field) in _BAD_RECIPIENTS.items()
    },
    **{
        f"expiry: {k}": (GOOD_SHARE | {"expires_at": v}, "expires_at")
        for k, v in _BAD_EXPIRIES.items()
    },
    **{
        f"limit: {k}": (GOOD_SHARE | {"download_limit": v}, "download_limit")
        for k, v in _BAD_LIMITS.items()
    },
    **{f"message: {k}": (GOOD_SHARE | {"message": v}, "message") for k, v in _BAD_MESSAGES.items()},
    "nothing": ({}, "recipients"),
    "unknown field": (GOOD_SHARE | {"notify": False}, "notify"),
    "somebody else's share": (GOOD_SHARE | {"actor": {"sub": "ada-sub"}}, "actor"),
}

# What only the administrator's limits and the clock can refuse: the routes do.
BAD_TERMS: dict[str, tuple[Any, str]] = {
    "expiry: in the past": (GOOD_SHARE | {"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    "expiry: now": (GOOD_SHARE | {"expires_at": MOMENT.isoformat()}, "expires_at"),
    "expiry: before the epoch": (
        GOOD_SHARE | {"expires_at": "0001-01-01T00:00:00+14:00"},
        "expires_at",
    ),
    "expiry: in centuries": (
        GOOD_SHARE | {"expires_at": "9999-12-31T23:59:59-14:00"},
        "expires_at",
    ),
    "limit: huge": (GOOD_SHARE | {"download_limit": 10**30}, "download_limit"),
    "limit: one too many": (GOOD_SHARE | {"download_limit": 1001}, "download_limit"),
}
TOO_BIG_UPLOADS: dict[str, tuple[Any, str]] = {
    "size: one byte too many": (GOOD_UPLOAD | {"size": 5 * 1024**3 + 1}, "size"),
    "size: huge": (GOOD_UPLOAD | {"size": 10**30}, "size"),
}

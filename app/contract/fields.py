"""Types of fields that several requests share. Every fault names what is wrong in one sentence."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from app.domain import addresses, filenames

LONGEST_MESSAGE = 1000
MOST_RECIPIENTS = 50  # a transaction holds 100 actions; the state machine's payload 256 KiB

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_MEDIA_TYPE = r"^[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}/[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}$"


def _file_name(name: str) -> str:
    normal = filenames.normalise(name)
    if fault := filenames.fault(normal):
        raise ValueError(fault)
    return normal


def _address(text: str) -> str:
    normal = addresses.normalise(text)
    if not addresses.is_address(normal):
        raise ValueError("This is not an e-mail address.")
    return normal


def _no_duplicates(recipients: list[str]) -> list[str]:
    if len(set(recipients)) < len(recipients):
        raise ValueError("An address is listed twice.")
    return recipients


def _instant(value: Any) -> datetime:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("Give an instant with its zone, such as 2030-01-31T18:00:00Z.")
    return datetime.fromisoformat(value)


def _message(text: str) -> str:
    if any(filenames.unseen(c) and c not in "\n\t" for c in text):
        raise ValueError("A message must not contain control characters.")
    return text


FileName = Annotated[str, AfterValidator(_file_name), Field(examples=["Q3 board report.pdf"])]
MediaType = Annotated[str, StringConstraints(pattern=_MEDIA_TYPE), Field(examples=["text/csv"])]
Sha256 = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(description="Lower-case hex.")
]
Address = Annotated[str, AfterValidator(_address), Field(examples=["ada@example.com"])]
Recipients = Annotated[
    list[Address],
    Field(min_length=1, max_length=MOST_RECIPIENTS),
    AfterValidator(_no_duplicates),
]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant, json_schema_input_type=str),
    Field(description="RFC 3339, with its zone.", examples=["2030-01-31T18:00:00Z"]),
]
Message = Annotated[str, StringConstraints(max_length=LONGEST_MESSAGE), AfterValidator(_message)]
DownloadLimit = Annotated[
    int, Field(ge=1, description="Grants for each recipient; leave out for any number.")
]

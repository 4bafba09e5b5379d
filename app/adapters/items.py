"""Plain values to DynamoDB's attribute values and back.

Only the types our rows hold. Absent beats empty: None and "" are left out of a row.
docs.aws.amazon.com/amazondynamodb, "Data type descriptors".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.ports import Item


def encode_value(value: str | int | bool | tuple[str, ...]) -> dict[str, Any]:  # noqa: FBT001
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, tuple):
        return {"L": [encode_value(member) for member in value]}
    return {"S": value}


def encode(row: Mapping[str, Any]) -> Item:
    return {name: encode_value(value) for name, value in row.items() if value not in (None, "", ())}


def decode_value(value: Mapping[str, Any]) -> Any:
    kind, raw = next(iter(value.items()))
    if kind == "N":
        return int(raw)
    if kind == "L":
        return tuple(decode_value(member) for member in raw)
    return raw


def decode(item: Item) -> dict[str, Any]:
    return {name: decode_value(value) for name, value in item.items()}

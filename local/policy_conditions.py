"""The Condition element of a policy: operators, set operators, IfExists, policy variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

Context = Mapping[str, str | list[str]]
"""Condition keys in lower case; a key that is absent from a request is absent here."""

_Test = Callable[[str, str], bool]


def matches(pattern: str, value: str, *, ignore_case: bool = False) -> bool:
    """Say whether `*` and `?` of the pattern cover the value."""
    expression = "".join(
        ".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern
    )
    flags = re.DOTALL | (re.IGNORECASE if ignore_case else 0)
    return re.fullmatch(expression, value, flags) is not None


def substitute(text: str, context: Context) -> str | None:
    """Fill in `${key}` variables; None when one has no single value, which matches nothing."""
    missing = False

    def value_of(found: re.Match[str]) -> str:
        nonlocal missing
        name = found.group(1)
        if name in {"*", "?", "$"}:
            return name
        value = context.get(name.lower())
        missing = missing or not isinstance(value, str)
        return value if isinstance(value, str) else ""

    filled = re.sub(r"\$\{([^}]+)\}", value_of, text)
    return None if missing else filled


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def hold(block: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    """Say whether every operator and key of a Condition block holds."""
    return all(
        _holds(operator, context.get(key.lower()), as_list(operands), context)
        for operator, keys in block.items()
        for key, operands in keys.items()
    )


def _holds(
    operator: str, actual: str | list[str] | None, operands: list[Any], context: Context
) -> bool:
    quantifier, _, name = operator.rpartition(":")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    texts = [str(o).lower() if isinstance(o, bool) else str(o) for o in operands]
    if name == "Null":
        return any((actual is None) == (text.lower() == "true") for text in texts)
    negated = name in _NEGATED
    test = _TESTS[_NEGATED.get(name, name)]

    def one(value: str) -> bool:
        filled = (substitute(text, context) for text in texts)
        return any(f is not None and test(value, f) for f in filled) != negated

    values = [] if actual is None else as_list(actual)
    if quantifier == "ForAllValues":
        return all(one(value) for value in values)
    if actual is None:
        return if_exists or (negated and not quantifier)
    return any(one(value) for value in values)


def _number(test: Callable[[float, float], bool]) -> _Test:
    def compare(actual: str, operand: str) -> bool:
        try:
            return test(float(actual), float(operand))
        except ValueError:
            return False

    return compare


def _date(test: Callable[[float, float], bool]) -> _Test:
    return lambda actual, operand: test(_epoch(actual), _epoch(operand))


def _epoch(text: str) -> float:
    if text.isdigit():
        return float(text)
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _in_network(actual: str, operand: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(operand, strict=False)


_TESTS: dict[str, _Test] = {
    "StringEquals": lambda a, o: a == o,
    "StringEqualsIgnoreCase": lambda a, o: a.lower() == o.lower(),
    "StringLike": lambda a, o: matches(o, a),
    "ArnEquals": lambda a, o: matches(o, a),
    "ArnLike": lambda a, o: matches(o, a),
    "Bool": lambda a, o: a.lower() == o.lower(),
    "IpAddress": _in_network,
    "NumericEquals": _number(lambda a, o: a == o),
    "NumericLessThan": _number(lambda a, o: a < o),
    "NumericLessThanEquals": _number(lambda a, o: a <= o),
    "NumericGreaterThan": _number(lambda a, o: a > o),
    "NumericGreaterThanEquals": _number(lambda a, o: a >= o),
    "DateEquals": _date(lambda a, o: a == o),
    "DateLessThan": _date(lambda a, o: a < o),
    "DateLessThanEquals": _date(lambda a, o: a <= o),
    "DateGreaterThan": _date(lambda a, o: a > o),
    "DateGreaterThanEquals": _date(lambda a, o: a >= o),
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}

"""A presigned POST: the policy's signature, its expiry, and every one of its conditions.

moto reads none of it. The product's uploads are such forms: size, type, key and SHA-256 are bound
by the policy and by nothing else.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.s3.errors import S3Error, access_denied, invalid_argument
from local.s3.signer import (
    SKEW,
    Signer,
    find_credential,
    require_match,
    scope_problem,
    unsupported_mechanism,
)
from local.s3.signing import ALGORITHM, Scope, parse_timestamp, sign, signing_key

if TYPE_CHECKING:
    from local.s3.post_form import PostForm
    from local.s3.request import S3Request

_REQUIRED = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_NEED_NO_CONDITION = frozenset({"policy", "x-amz-signature", "file"})
_IGNORED_PREFIX = "x-ignore-"


@dataclass(frozen=True)
class _Range:
    smallest: int
    largest: int


def authenticate_form(request: S3Request, form: PostForm) -> Signer:
    """Return who signed the form, or raise S3Error as S3 would."""
    fields = form.fields
    if not fields.get("key"):
        raise _missing("key")
    if "awsaccesskeyid" in fields or "signature" in fields:
        raise unsupported_mechanism()
    if "policy" not in fields:
        raise access_denied()
    if absent := [name for name in _REQUIRED if not fields.get(name)]:
        raise _missing(absent[0])
    scope, signed_at = _scope(request, fields)
    credential = find_credential(scope.access_key_id, fields.get("x-amz-security-token"))
    key = signing_key(credential.secret_access_key, scope)
    expected = sign(key, fields["policy"])
    require_match(expected, fields["x-amz-signature"], scope.access_key_id)
    _enforce(_document(fields["policy"]), request, form)
    return Signer(credential, "POST", signed_at, scope, expected, "UNSIGNED-PAYLOAD")


def _scope(request: S3Request, fields: dict[str, str]) -> tuple[Scope, dt.datetime]:
    scope = Scope.parse(fields["x-amz-credential"])
    signed_at = parse_timestamp(fields["x-amz-date"])
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise invalid_argument(
            f"X-Amz-Algorithm only supports {ALGORITHM}",
            "X-Amz-Algorithm",
            fields["x-amz-algorithm"],
        )
    if scope is None or signed_at is None:
        name = "X-Amz-Credential" if scope is None else "X-Amz-Date"
        raise invalid_argument(f"{name} is malformed.", name, fields[name.lower()])
    if problem := scope_problem(scope, signed_at, request.bucket):
        raise invalid_argument(problem, "X-Amz-Credential", fields["x-amz-credential"])
    if signed_at > request.received_at + SKEW:
        raise access_denied("Request is not yet valid")
    return scope, signed_at


def _document(encoded: str) -> dict[str, Any]:
    try:
        document = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise _invalid_policy("Invalid JSON.") from None
    if not isinstance(document, dict):
        raise _invalid_policy("Invalid JSON.")
    return document


def _enforce(policy: dict[str, Any], request: S3Request, form: PostForm) -> None:
    if request.received_at >= _expiration(policy):
        raise access_denied("Invalid according to Policy: Policy expired.")
    conditions = policy.get("conditions")
    if not isinstance(conditions, list):
        raise _invalid_policy("Invalid 'conditions' value.")
    values = {**form.fields, "bucket": request.bucket}
    named = set()
    for condition in conditions:
        for operator, name, operand in _terms(condition):
            if isinstance(operand, _Range):
                _require_size(operand, len(form.file))
                continue
            named.add(name)
            if not _holds(operator, name, operand, values.get(name, "")):
                raise access_denied(
                    "Invalid according to Policy: Policy Condition failed: "
                    + json.dumps([operator, f"${name}", operand])
                )
    _require_no_extra_fields(form.fields, named)


def _expiration(policy: dict[str, Any]) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(str(policy["expiration"]))
    except (KeyError, ValueError):
        raise _invalid_policy("Invalid 'expiration' value.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _terms(condition: Any) -> list[tuple[str, str, Any]]:
    if isinstance(condition, dict) and condition:
        return [("eq", name.lower(), str(value)) for name, value in condition.items()]
    match condition:
        case [str(operator), smallest, largest] if operator.lower() == "content-length-range":
            return [("content-length-range", "", _range(smallest, largest))]
        case [str(operator), str(name), str(value)] if name.startswith("$"):
            if operator.lower() in {"eq", "starts-with"}:
                return [(operator.lower(), name[1:].lower(), value)]
    raise _invalid_policy("Invalid Condition.")


def _range(smallest: Any, largest: Any) -> _Range:
    try:
        return _Range(int(smallest), int(largest))
    except (TypeError, ValueError):
        raise _invalid_policy("Invalid content-length-range.") from None


def _holds(operator: str, name: str, operand: str, value: str) -> bool:
    if operator == "eq":
        return value == operand
    # A list of content types must start alike in each of its members.
    members = value.split(",") if name == "content-type" else [value]
    return all(member.strip().startswith(operand) for member in members)


def _require_size(allowed: _Range, size: int) -> None:
    if size < allowed.smallest:
        raise S3Error(
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size",
            ProposedSize=str(size),
            MinSizeAllowed=str(allowed.smallest),
        )
    if size > allowed.largest:
        raise S3Error(
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size",
            ProposedSize=str(size),
            MaxSizeAllowed=str(allowed.largest),
        )


def _require_no_extra_fields(fields: dict[str, str], named: set[str]) -> None:
    for name in fields:
        covered = name in named or name in _NEED_NO_CONDITION
        if not covered and not name.startswith(_IGNORED_PREFIX):
            raise access_denied(f"Invalid according to Policy: Extra input fields: {name}")


def _missing(name: str) -> S3Error:
    return invalid_argument(
        f"Bucket POST must contain a field named '{name}'.  If it is specified, please check the "
        "order of the fields.",
        name,
        "",
    )


def _invalid_policy(reason: str) -> S3Error:
    return S3Error(400, "InvalidPolicyDocument", f"Invalid Policy: {reason}")

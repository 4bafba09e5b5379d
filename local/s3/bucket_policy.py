"""Bucket policies, evaluated on every request: a Deny wins, an Allow opens to the unsigned.

moto knows Deny statements but not their conditions, and no condition key of S3. The policies of
roles are not evaluated: a signed request that no bucket policy denies is let through.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/list_amazons3.html#amazons3-policy-keys
https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
"""

from __future__ import annotations

import enum
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from local.policy_conditions import Context, as_list, hold, matches, substitute
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from local.s3.operations import Operation
    from local.s3.request import S3Request
    from local.s3.signer import Signer

_REQUEST_KEYS = (
    "x-amz-acl",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
    "if-none-match",
    "if-match",
)
_QUERY_KEYS = {
    "versionId": "s3:versionid",
    "prefix": "s3:prefix",
    "delimiter": "s3:delimiter",
    "max-keys": "s3:max-keys",
}


class Verdict(enum.Enum):
    """What a resource policy says of one request."""

    DENIED = enum.auto()
    ALLOWED = enum.auto()
    SILENT = enum.auto()


@dataclass(frozen=True)
class Principal:
    """Who asks: an ARN (None for an unsigned request) or an AWS service's name."""

    arn: str | None = None
    service: str | None = None

    def is_named_by(self, element: Any) -> bool:
        """Say whether a Principal element covers this one."""
        if element == "*":
            return True
        if not isinstance(element, dict):
            return False
        if self.service and self.service in as_list(element.get("Service", [])):
            return True
        named = as_list(element.get("AWS", []))
        return "*" in named or (self.arn is not None and any(map(self._is, named)))

    def _is(self, named: str) -> bool:
        account = RUNTIME.account
        if named in {account, f"arn:aws:iam::{account}:root"}:
            return True
        return self.arn is not None and named in {self.arn, role_of(self.arn)}


def role_of(arn: str) -> str:
    """Return the role's ARN for a session of it; aws:PrincipalArn never names a session."""
    return re.sub(r"^arn:aws:sts::(\d+):assumed-role/([^/]+)/.*$", r"arn:aws:iam::\1:role/\2", arn)


def evaluate(
    document: str | bytes, principal: Principal, action: str, resource: str, context: Context
) -> Verdict:
    """Evaluate a policy document. `context` has condition keys in lower case."""
    verdict = Verdict.SILENT
    for statement in as_list(json.loads(document)["Statement"]):
        if not _applies(statement, principal, action, resource, context):
            continue
        if statement["Effect"] == "Deny":
            return Verdict.DENIED
        verdict = Verdict.ALLOWED
    return verdict


def _applies(
    statement: dict[str, Any], principal: Principal, action: str, resource: str, context: Context
) -> bool:
    if "NotPrincipal" in statement:
        named = not principal.is_named_by(statement["NotPrincipal"])
    else:
        named = principal.is_named_by(statement.get("Principal"))
    actions = as_list(statement.get("Action", statement.get("NotAction")))
    in_actions = any(matches(pattern, action, ignore_case=True) for pattern in actions)
    resources = as_list(statement.get("Resource", statement.get("NotResource")))
    filled = (substitute(pattern, context) for pattern in resources)
    in_resources = any(text is not None and matches(text, resource) for text in filled)
    return (
        named
        and in_actions == ("Action" in statement)
        and in_resources == ("Resource" in statement)
        and hold(statement.get("Condition", {}), context)
    )


def principal_of(signer: Signer | None) -> Principal:
    return Principal(arn=signer.credential.principal_arn if signer else None)


def resource_of(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"


def context_of(
    request: S3Request, operation: Operation, signer: Signer | None, stored: Any
) -> dict[str, str | list[str]]:
    """Collect the condition keys of a request; `stored` is the object it addresses, or None."""
    now = request.received_at
    context: dict[str, str | list[str]] = {
        "aws:currenttime": now.isoformat(timespec="seconds"),
        "aws:epochtime": str(int(now.timestamp())),
        "aws:sourceip": str(request.environ.get("REMOTE_ADDR", "")),
        "aws:resourceaccount": RUNTIME.account,
        "s3:resourceaccount": RUNTIME.account,
        "aws:requestedregion": RUNTIME.region,
    }
    context |= _signer_keys(request, signer)
    context |= {f"s3:{n}": v for n in _REQUEST_KEYS if (v := request.header(n)) is not None}
    context |= {k: v for n, k in _QUERY_KEYS.items() if (v := request.query.get(n)) is not None}
    for name, header in (("aws:useragent", "user-agent"), ("aws:referer", "referer")):
        if value := request.header(header):
            context[name] = value
    if operation.action == "s3:PutObject":
        context["s3:objectcreationoperation"] = str(operation.writes_object).lower()
    context |= _tag_keys(request, stored)
    return context


def transport_keys(transport: str) -> dict[str, str]:
    """Return aws:SecureTransport and s3:TlsVersion of a connection (`http`, `tls1.3`, ...)."""
    if transport == "http":
        return {"aws:securetransport": "false"}
    return {"aws:securetransport": "true", "s3:tlsversion": transport.removeprefix("tls")}


def _signer_keys(request: S3Request, signer: Signer | None) -> dict[str, str]:
    if signer is None:
        return {"aws:principaltype": "Anonymous"}
    age = (request.received_at - signer.signed_at).total_seconds() * 1000
    arn = role_of(signer.credential.principal_arn)
    kind = "AssumedRole" if ":role/" in arn else "User"
    return {
        "s3:authtype": signer.auth_type,
        "s3:signatureversion": "AWS4-HMAC-SHA256",
        "s3:signatureage": str(max(0, int(age))),
        "aws:principalarn": arn,
        "aws:principalaccount": arn.split(":")[4],
        "aws:principaltype": kind,
        "aws:principalisawsservice": "false",
    }


def _tag_keys(request: S3Request, stored: Any) -> dict[str, str | list[str]]:
    keys: dict[str, str | list[str]] = {}
    requested = parse_qsl(request.header("x-amz-tagging") or "", keep_blank_values=True)
    if requested:
        keys["s3:requestobjecttagkeys"] = [name for name, _ in requested]
        keys |= {f"s3:requestobjecttag/{name.lower()}": value for name, value in requested}
    if stored is not None:
        from moto.s3.models import s3_backends

        tagger = s3_backends[RUNTIME.account]["aws"].tagger
        existing = tagger.get_tag_dict_for_resource(stored.arn)
        keys |= {f"s3:existingobjecttag/{name.lower()}": v for name, v in existing.items()}
    return keys

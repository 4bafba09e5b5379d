"""Deploys small functions for the contract tests."""

from __future__ import annotations

import io
import json
import textwrap
import time
import uuid
import zipfile
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

ROLE = "arn:aws:iam::123456789012:role/tests-run-functions"


def zipped(source: str, **files: str) -> bytes:
    """Return a zip with `source` as app.py and further files by module name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", textwrap.dedent(source))
        for module, text in files.items():
            archive.writestr(f"{module}.py", textwrap.dedent(text))
    return buffer.getvalue()


def deploy(aws: Any, source: str, **settings: Any) -> str:
    """Create a function whose handler is app.handler; return its ARN."""
    client = aws.client("lambda")
    _ensure_role(aws)
    created = client.create_function(
        **{
            "FunctionName": f"test-{uuid.uuid4().hex[:12]}",
            "Runtime": "python3.13",
            "Role": ROLE,
            "Handler": "app.handler",
            "Code": {"ZipFile": zipped(source)},
            "Timeout": 10,
            **settings,
        }
    )
    return created["FunctionArn"]


def invoke(aws: Any, arn: str, event: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Call a function; return the answer and its payload."""
    answer = aws.client("lambda").invoke(
        FunctionName=arn, Payload=json.dumps(event).encode(), **kwargs
    )
    return answer, json.loads(answer["Payload"].read() or b"null")


def logged(aws: Any, function_arn: str) -> str:
    """Return everything the function's log group holds."""
    group = f"/aws/lambda/{function_arn.split(':')[6]}"
    with suppress(ClientError):
        events = aws.client("logs").filter_log_events(logGroupName=group)["events"]
        return "\n".join(event["message"] for event in events)
    return ""


def _ensure_role(aws: Any) -> None:
    iam = aws.client("iam")
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(
            RoleName=ROLE.rpartition("/")[2],
            AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
            '"Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
        )
        if aws.target == "live":
            # A new role is not everywhere at once.
            time.sleep(10)

"""How Step Functions names services, operations, members and errors: by the Java SDK's names."""

from __future__ import annotations

import functools
import re
from typing import Any

# Name in an aws-sdk resource -> boto's name, prefix of its errors.
SERVICES = {
    "athena": ("athena", "Athena"),
    "cloudwatch": ("cloudwatch", "CloudWatch"),
    "cloudwatchlogs": ("logs", "CloudWatchLogs"),
    "cognitoidentityprovider": ("cognito-idp", "CognitoIdentityProvider"),
    "dynamodb": ("dynamodb", "DynamoDb"),
    "eventbridge": ("events", "EventBridge"),
    "glue": ("glue", "Glue"),
    "kms": ("kms", "Kms"),
    "lambda": ("lambda", "Lambda"),
    "s3": ("s3", "S3"),
    "secretsmanager": ("secretsmanager", "SecretsManager"),
    "ses": ("ses", "Ses"),
    "sesv2": ("sesv2", "SesV2"),
    "sfn": ("stepfunctions", "Sfn"),
    "sns": ("sns", "Sns"),
    "sqs": ("sqs", "Sqs"),
    "ssm": ("ssm", "Ssm"),
    "states": ("stepfunctions", "Sfn"),
    "sts": ("sts", "Sts"),
}
_LEADING_CAPITALS = re.compile(r"^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+$")


@functools.lru_cache(maxsize=4096)
def java_name(name: str) -> str:
    """Return a member's name as Step Functions shows it.

    Java writes a leading abbreviation small, Step Functions its first letter large again:
    SSEKMSKeyId -> ssekmsKeyId -> SsekmsKeyId; BOOL -> Bool; ETag and ChecksumSHA256 stay.
    """
    if name == "NULL":
        return "Nul"
    match = _LEADING_CAPITALS.match(name)
    if match is None:
        return name[:1].upper() + name[1:]
    return match.group().capitalize() + name[match.end() :]


@functools.lru_cache(maxsize=1024)
def operation(service: str, action: str) -> Any:
    """Return botocore's model of an operation; `action` in any case. ValueError when unknown."""
    model = _service_model(service)
    wanted = action.replace("_", "").lower()
    for name in model.operation_names:
        if name.lower() == wanted:
            return model.operation_model(name)
    raise ValueError(f"{service} has no operation {action}")


@functools.lru_cache(maxsize=64)
def _service_model(service: str) -> Any:
    import botocore.session

    return botocore.session.get_session().get_service_model(service)

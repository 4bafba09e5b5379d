"""Who may do what: every role's rights as they were applied, against the table below.

A change of rights is a change of this table; nothing else in the product says it all at once.
"""

from __future__ import annotations

import json

import pytest

PREFIX = "waybill-local"

# What every function and every workflow needs to run at all.
FUNCTION = {
    "logs:CreateLogStream": {"own log"},
    "logs:PutLogEvents": {"own log"},
    "xray:PutTelemetryRecords": {"*"},
    "xray:PutTraceSegments": {"*"},
}
WORKFLOW = {
    "logs:CreateLogDelivery": {"*"},
    "logs:DeleteLogDelivery": {"*"},
    "logs:DescribeLogGroups": {"*"},
    "logs:DescribeResourcePolicies": {"*"},
    "logs:GetLogDelivery": {"*"},
    "logs:ListLogDeliveries": {"*"},
    "logs:PutResourcePolicy": {"*"},
    "logs:UpdateLogDelivery": {"*"},
    "xray:GetSamplingRules": {"*"},
    "xray:GetSamplingTargets": {"*"},
    "xray:PutTelemetryRecords": {"*"},
    "xray:PutTraceSegments": {"*"},
}
DECIDES_FROM_PERMISSIONS = {"kms:Decrypt": {"permissions key, through dynamodb"}}
RECORDS = {
    "cognito-idp:AdminGetUser": {"user pool"},
    "dynamodb:PutItem": {"audit"},
    "kms:Decrypt": {"audit key, through dynamodb", "permissions key, through dynamodb"},
}

RIGHTS = {
    "api": FUNCTION
    | {
        "cognito-idp:AdminGetUser": {"user pool"},
        "dynamodb:GetItem": {"permissions", "permissions indexes"},
        "dynamodb:Query": {"permissions", "permissions indexes"},
        "dynamodb:PutItem": {"audit"},
        "kms:Decrypt": {"audit key, through dynamodb", "permissions key, through dynamodb"},
        "states:StartSyncExecution": {
            "complete-upload",
            "download-file",
            "share-file",
            "start-upload",
        },
    },
    "decide-upload": FUNCTION | DECIDES_FROM_PERMISSIONS | {"dynamodb:GetItem": {"permissions"}},
    "sign-upload": FUNCTION
    | {
        "s3:PutObject": {"files of people"},
        "kms:GenerateDataKey": {"files key, through s3"},
    },
    "decide-completion": FUNCTION
    | DECIDES_FROM_PERMISSIONS
    | {"dynamodb:GetItem": {"permissions"}},
    "decide-sharing": FUNCTION
    | DECIDES_FROM_PERMISSIONS
    | {"dynamodb:BatchGetItem": {"permissions"}},
    "decide-access": FUNCTION
    | DECIDES_FROM_PERMISSIONS
    | {"dynamodb:BatchGetItem": {"permissions"}},
    "sign-link": FUNCTION
    | {
        "s3:GetObjectVersion": {"files of people"},
        "kms:Decrypt": {"files key, through s3"},
    },
    "welcome-person": FUNCTION | {"sns:Subscribe": {"topic"}},
    "start-upload-workflow": WORKFLOW
    | RECORDS
    | {
        "lambda:InvokeFunction": {"decide-upload", "sign-upload"},
        "dynamodb:ConditionCheckItem": {"permissions"},
        "dynamodb:PutItem": {"audit", "permissions"},
    },
    "complete-upload-workflow": WORKFLOW
    | RECORDS
    | {
        "lambda:InvokeFunction": {"decide-completion"},
        "dynamodb:ConditionCheckItem": {"permissions"},
        "dynamodb:GetItem": {"permissions"},
        "dynamodb:UpdateItem": {"permissions"},
        "s3:GetObject": {"files of people"},
        "kms:Decrypt": RECORDS["kms:Decrypt"] | {"files key, through s3"},
    },
    "share-file-workflow": WORKFLOW
    | RECORDS
    | {
        "lambda:InvokeFunction": {"decide-sharing"},
        "dynamodb:ConditionCheckItem": {"permissions"},
        "dynamodb:PutItem": {"audit", "permissions"},
        "sns:Publish": {"topic"},
        "kms:Decrypt": RECORDS["kms:Decrypt"] | {"notifications key, through sns"},
        "kms:GenerateDataKey": {"notifications key, through sns"},
    },
    "download-file-workflow": WORKFLOW
    | RECORDS
    | {
        "lambda:InvokeFunction": {"decide-access", "sign-link"},
        "dynamodb:ConditionCheckItem": {"permissions"},
        "dynamodb:UpdateItem": {"permissions"},
    },
    "gateway-logs": {
        "logs:CreateLogGroup": {"*"},
        "logs:CreateLogStream": {"*"},
        "logs:DescribeLogGroups": {"*"},
        "logs:DescribeLogStreams": {"*"},
        "logs:FilterLogEvents": {"*"},
        "logs:GetLogEvents": {"*"},
        "logs:PutLogEvents": {"*"},
    },
}


@pytest.fixture(scope="session")
def words(resources):
    """The names above for the ARNs that policies hold."""
    found = {"*": "*"}
    for address, values in resources.items():
        kind, arn = address.split(".")[-2], values.get("arn", "")
        name = (values.get("name") or values.get("function_name") or "").removeprefix(f"{PREFIX}-")
        match kind:
            case "aws_dynamodb_table":
                found |= {arn: name, f"{arn}/index/*": f"{name} indexes"}
            case "aws_s3_bucket":
                found[f"{arn}/users/*"] = "files of people"
            case "aws_kms_alias":
                found[values["target_key_arn"]] = f"{name.split(f'/{PREFIX}-')[1]} key"
            case "aws_cognito_user_pool":
                found[arn] = "user pool"
            case "aws_sns_topic":
                found[arn] = "topic"
            case "aws_lambda_function" | "aws_sfn_state_machine":
                found[arn] = name
            case "aws_cloudwatch_log_group":
                found[f"{arn}:*"] = f"log {values['name'].rpartition('/')[2]}"
    return found


@pytest.fixture(scope="session")
def rights(resources, words):
    """Role to action to the words for what it may be done to."""
    found = {
        values["name"].removeprefix(f"{PREFIX}-"): {}
        for address, values in resources.items()
        if ".aws_iam_role." in address
    }
    for address, values in resources.items():
        if ".aws_iam_role_policy." not in address:
            continue
        role = values["role"].removeprefix(f"{PREFIX}-")
        for statement in json.loads(values["policy"])["Statement"]:
            assert statement["Effect"] == "Allow"
            for action in _listed(statement["Action"]):
                targets = {
                    _target(words[arn], statement, role) for arn in _listed(statement["Resource"])
                }
                found[role].setdefault(action, set()).update(targets)
    return found


def _target(word, statement, role):
    if word == f"log {PREFIX}-{role}":
        return "own log"
    conditions = statement.get("Condition", {})
    if not conditions:
        return word
    assert list(conditions) == ["StringEquals"]
    service = conditions["StringEquals"]["kms:ViaService"].split(".")[0]
    return f"{word}, through {service}"


def _listed(value):
    return [value] if isinstance(value, str) else value


def test_every_role_is_in_the_table(rights):
    assert set(rights) == set(RIGHTS)


@pytest.mark.parametrize("role", RIGHTS)
def test_a_role_may_do_this_and_nothing_else(role, rights):
    assert rights[role] == RIGHTS[role]


def test_nobody_gets_rights_from_a_policy_of_aws_or_as_a_user(resources):
    kinds = {address.split(".")[-2] for address in resources}
    assert not kinds & {
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachment",
        "aws_iam_user",
    }


def test_a_role_is_taken_up_by_its_own_service_only(resources):
    for address, values in resources.items():
        if ".aws_iam_role." not in address:
            continue
        (statement,) = json.loads(values["assume_role_policy"])["Statement"]
        (service,) = _listed(statement["Principal"]["Service"])
        if service == "states.amazonaws.com":
            machine = values["name"].removesuffix("-workflow")
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
            assert statement["Condition"]["ArnEquals"]["aws:SourceArn"].endswith(f":{machine}")
        else:
            assert service in {"lambda.amazonaws.com", "apigateway.amazonaws.com"}

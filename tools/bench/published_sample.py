"""Deploys the published sample's Download workflow to the embedded AWS, beside Waybill's."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tools.bench import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.bench.world import World

STEPS = ("validate", "get_user_info", "authorize", "audit", "process")
# Never imported here: its clients are made at import, for the embedded AWS's functions.
SOURCE = Path(__file__).with_name("published_sample_steps.py")
FILE_ID = "F1"
# Never reached: a refusal would be cheaper than what is measured.
DOWNLOAD_LIMIT = 10**9
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
        }
    ],
}


@contextmanager
def deployed(world: World) -> Iterator[bytes]:
    """The sample, ready; gives the request (StartSyncExecution) of one download. Removed after."""
    name = f"bench-sample-{uuid.uuid4().hex[:8]}"
    with ExitStack() as cleanup:
        role = _role(world, name, cleanup)
        environment = {
            "FILES_TABLE": _table(world, f"{name}-files", "recipientEmail", cleanup),
            "DOWNLOADS_TABLE": _table(world, f"{name}-downloads", "downloadId", cleanup),
            "USER_POOL_ID": world.facts.user_pool_id,
            "BUCKET": world.facts.files_bucket,
        }
        _share(world, environment["FILES_TABLE"])
        arns = _functions(world, name, role, environment, cleanup)
        machine = _state_machine(world, name, role, arns, cleanup)
        yield _request(world, machine)


def _role(world: World, name: str, cleanup: ExitStack) -> str:
    iam = world.facts.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    cleanup.callback(iam.delete_role, RoleName=name)
    return str(role["Role"]["Arn"])


def _table(world: World, name: str, sort_key: str, cleanup: ExitStack) -> str:
    dynamodb = world.facts.client("dynamodb")
    keys = {"fileId": "HASH", sort_key: "RANGE"}
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    cleanup.callback(dynamodb.delete_table, TableName=name)
    return name


def _share(world: World, table: str) -> None:
    row = {
        "fileId": {"S": FILE_ID},
        "recipientEmail": {"S": world.recipient.email},
        "key": {"S": "users/sample/file"},
        "filename": {"S": "report.pdf"},
        "downloadLimit": {"N": str(DOWNLOAD_LIMIT)},
        "expiryDate": {"N": str(int(time.time()) + 86400)},
    }
    world.facts.client("dynamodb").put_item(TableName=table, Item=row)


def _functions(
    world: World, name: str, role: str, environment: dict[str, str], cleanup: ExitStack
) -> list[str]:
    """One function a step, from one zip; returns their ARNs in the order of the steps."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.write(SOURCE, "steps.py")
    client = world.facts.client("lambda")
    arns = []
    for step in STEPS:
        created = client.create_function(
            FunctionName=f"{name}-{step.replace('_', '-')}",
            Runtime="python3.13",
            Role=role,
            Handler=f"steps.{step}",
            Code={"ZipFile": buffer.getvalue()},
            Timeout=30,
            MemorySize=256,
            Environment={"Variables": environment},
        )
        cleanup.callback(client.delete_function, FunctionName=created["FunctionName"])
        arns.append(str(created["FunctionArn"]))
    return arns


def _state_machine(world: World, name: str, role: str, arns: list[str], cleanup: ExitStack) -> str:
    states: dict[str, dict[str, Any]] = {
        step: {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": arn, "Payload.$": "$"},
            "OutputPath": "$.Payload",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "failed"}],
            "Next": following,
        }
        for step, arn, following in zip(STEPS, arns, [*STEPS[1:], "done"], strict=True)
    }
    states |= {"done": {"Type": "Succeed"}, "failed": {"Type": "Fail"}}
    client = world.facts.client("stepfunctions")
    created = client.create_state_machine(
        name=name,
        type="EXPRESS",
        roleArn=role,
        definition=json.dumps({"StartAt": STEPS[0], "States": states}),
    )
    arn = str(created["stateMachineArn"])
    cleanup.callback(client.delete_state_machine, stateMachineArn=arn)
    return arn


def _request(world: World, machine: str) -> bytes:
    """One signed StartSyncExecution, sent as it is again and again by the same load client."""
    facts = world.facts
    work = {"fileId": FILE_ID, "userId": world.recipient.username}
    body = json.dumps({"stateMachineArn": machine, "input": json.dumps(work)}).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AWSStepFunctions.StartSyncExecution",
    }
    request = AWSRequest("POST", f"{facts.endpoint}/", headers, body)
    keys = Credentials(facts.access_key_id, facts.secret_access_key)
    SigV4Auth(keys, "states", facts.region).add_auth(request)
    return load.prepared(f"{facts.endpoint}/", "POST", dict(request.headers), body)

"""The four workflows on an embedded AWS: the definitions as they are, the steps from the zip.

Only what a workflow touches is deployed, without Terraform: the whole product over HTTP is what
`tests/journeys` runs.
"""

from __future__ import annotations

import json
import re
import uuid

import pytest

from app.adapters.items import decode, encode
from app.adapters.permission_store import DynamoPermissionStore
from app.adapters.rows import file_row, share_row, user_key
from tests.app.samples import FILE_ID, a_file, a_share
from tests.app.tables import tables
from tests.stepfunctions.definitions import NAMES, text
from tools import package, paths

__all__ = ["tables"]

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}
STEPS = {
    "decide_upload": "app.steps.start_upload.decide_upload",
    "sign_upload": "app.steps.start_upload.sign_upload",
    "decide_completion": "app.steps.complete_upload.decide_completion",
    "decide_sharing": "app.steps.share_file.decide_sharing",
    "decide_access": "app.steps.download_file.decide_access",
    "sign_link": "app.steps.download_file.sign_link",
}


class Deployment:
    """The workflows and all they touch. `attempt` makes an input, `run` gives its outcome."""

    def __init__(self, aws, tables):
        self.aws, self.tables = aws, tables
        self.s3, self.idp, self.sns = (aws.client(one) for one in ("s3", "cognito-idp", "sns"))
        self._states, self._lambda = aws.client("stepfunctions"), aws.client("lambda")
        self.name = f"workflows-{uuid.uuid4().hex[:8]}"
        self.store = DynamoPermissionStore(tables.client, tables.permissions)
        self.s3.create_bucket(Bucket=self.name)
        self.s3.put_bucket_versioning(
            Bucket=self.name, VersioningConfiguration={"Status": "Enabled"}
        )
        self._role = aws.client("iam").create_role(
            RoleName=self.name, AssumeRolePolicyDocument=json.dumps(TRUST)
        )["Role"]["Arn"]
        self.pool = self.idp.create_user_pool(PoolName=self.name)["UserPool"]["Id"]
        self.topic = self.sns.create_topic(Name=self.name)["TopicArn"]
        self.placeholders = {
            "permissions_table": tables.permissions,
            "audit_table": tables.audit,
            "files_bucket": self.name,
            "user_pool_id": self.pool,
            "topic_arn": self.topic,
            **{f"{step}_arn": self._function(step) for step in STEPS},
        }
        self.machines = {name: self.machine(text(name)) for name in NAMES}

    def _function(self, step):
        created = self._lambda.create_function(
            FunctionName=f"{self.name}-{step}",
            Runtime="python3.13",
            Role=self._role,
            Handler=STEPS[step],
            Code={"ZipFile": (paths.BUILD / "local" / "lambda.zip").read_bytes()},
            Timeout=10,
            Environment={
                "Variables": {
                    "PERMISSIONS_TABLE": self.tables.permissions,
                    "AUDIT_TABLE": self.tables.audit,
                    "FILES_BUCKET": self.name,
                    "WEB_URL": "https://files.example.com",
                }
            },
        )
        return created["FunctionArn"]

    def machine(self, definition, **placeholders):
        """Deploy a definition, some of its placeholders filled in otherwise; returns its ARN."""
        values = self.placeholders | placeholders
        rendered = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], definition)
        return self._states.create_state_machine(
            name=f"{self.name}-{uuid.uuid4().hex[:8]}",
            type="EXPRESS",
            roleArn=self._role,
            definition=rendered,
        )["stateMachineArn"]

    def start(self, machine, given):
        """(status, output or None) of one execution."""
        answer = self._states.start_sync_execution(stateMachineArn=machine, input=json.dumps(given))
        return answer["status"], json.loads(answer["output"]) if "output" in answer else None

    def run(self, workflow, given):
        return self.start(self.machines[workflow], given)

    def record(self, given):
        item = self.tables.record(given["request"]["id"])
        return item and decode(item)

    def records_of(self, person):
        found = self.tables.client.scan(TableName=self.tables.audit)["Items"]
        return [one for one in map(decode, found) if one["actor"] == person.sub]


class Person:
    """Somebody with an account in the pool."""

    def __init__(self, deployment, name, *, verified="true"):
        self.username = f"{name}-{uuid.uuid4().hex[:8]}"
        self.email = f"{self.username}@example.com"
        created = deployment.idp.admin_create_user(
            UserPoolId=deployment.pool,
            Username=self.username,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": self.email},
                {"Name": "email_verified", "Value": verified},
            ],
        )
        attributes = {one["Name"]: one["Value"] for one in created["User"]["Attributes"]}
        self.sub = attributes["sub"]


def an_attempt(person, file_id=FILE_ID, **more):
    """The input the API builds; see app/contract/attempts.py."""
    attempt = str(uuid.uuid4())
    failure = {"id": attempt, "actor": person.sub, "outcome": "failed", "reason": "internal_error"}
    return {
        "request": {"id": attempt, "source_ip": "192.0.2.7", "user_agent": "curl/8"},
        "actor": {
            "sub": person.sub,
            "username": person.username,
            "issued_at": 1_700_000_000,
            "groups": [],
        },
        "file_id": file_id,
        "failure_record": encode(failure),
        **more,
    }


@pytest.fixture(scope="session")
def deployment(aws, tables):
    with package.only_one_builder(paths.BUILD):
        package.build_local()
    return Deployment(aws, tables)


@pytest.fixture
def ada(deployment):
    return Person(deployment, "ada")


@pytest.fixture
def bob(deployment):
    return Person(deployment, "bob")


@pytest.fixture
def file(deployment, ada):
    """A ready file of Ada's, its bytes in the bucket."""
    key = f"users/{ada.sub}/{uuid.uuid4()}"
    put = deployment.s3.put_object(Bucket=deployment.name, Key=key, Body=b"the bytes")
    made = a_file(
        id=key.rpartition("/")[2],
        owner=ada.sub,
        owner_email=ada.email,
        key=key,
        size=9,
        version=put["VersionId"],
    )
    deployment.tables.put(file_row(made))
    return made


@pytest.fixture
def share(deployment, file):
    """Store a share of Ada's file with somebody; far in the future unless told otherwise."""

    def give(person, expires_at=4_000_000_000, **changes):
        made = a_share(
            expires_at=expires_at,
            file_id=file.id,
            owner=file.owner,
            recipient=person.email,
            version=file.version,
            **changes,
        )
        deployment.tables.put(share_row(made))
        return made

    return give


@pytest.fixture
def disable(deployment):
    """Write the row that stops somebody at once."""

    def write(person, **attributes):
        row = attributes or {"disabled_at": "2026-11-21T12:00:00.000Z"}
        deployment.tables.put(user_key(person.sub) | encode(row))

    return write

"""environments/local on the embedded AWS: applied, unchanged by a second look, destroyed."""

from __future__ import annotations

import boto3
import pytest

from tools import paths

APPLY_SECONDS = 180  # 75 on a machine that does nothing else

OUTPUTS = {
    "api_url",
    "audit_table",
    "client_id",
    "files_bucket",
    "function_names",
    "login_url",
    "logs_bucket",
    "permissions_table",
    "region",
    "rest_api_id",
    "state_machine_arns",
    "topic_arn",
    "user_pool_arn",
    "user_pool_id",
}
FUNCTIONS = {
    "api",
    "decide_access",
    "decide_completion",
    "decide_sharing",
    "decide_upload",
    "sign_link",
    "sign_upload",
    "welcome_person",
}


def test_it_gives_the_addresses_and_names_that_others_need(local_environment, embedded_aws):
    outputs = local_environment.outputs()
    assert set(outputs) == OUTPUTS
    assert outputs["login_url"] == embedded_aws["endpoint"]
    assert outputs["api_url"] == f"{embedded_aws['api_endpoint']}/v1"
    assert set(outputs["function_names"]) == FUNCTIONS


def test_every_definition_became_a_state_machine(local_environment):
    definitions = {
        file.name.removesuffix(".asl.json")
        for file in (paths.ROOT / "stepfunctions").glob("*.asl.json")
    }
    assert set(local_environment.outputs()["state_machine_arns"]) == definitions


def test_it_is_there_within_reasonable_time(local_environment):
    assert local_environment.seconds["apply"] < APPLY_SECONDS


def test_a_second_plan_changes_nothing(local_environment):
    assert local_environment.changes() == ""


@pytest.mark.usefixtures("local_environment")
def test_what_was_stored_in_it_does_not_keep_it_from_being_destroyed(
    local_environment, embedded_aws
):
    _store_something(local_environment.outputs(), embedded_aws)
    local_environment.destroy()
    assert local_environment.resources() == {}


def _store_something(outputs, embedded_aws):
    names = {
        "endpoint_url": embedded_aws["endpoint"],
        "region_name": embedded_aws["region"],
        "aws_access_key_id": embedded_aws["access_key_id"],
        "aws_secret_access_key": embedded_aws["secret_access_key"],
    }
    boto3.client("dynamodb", **names).put_item(
        TableName=outputs["audit_table"], Item={"id": {"S": "left-behind"}}
    )
    boto3.client("cognito-idp", **names).admin_create_user(
        UserPoolId=outputs["user_pool_id"], Username="someone@example.com"
    )
    boto3.client("s3", **names).put_object(
        Bucket=outputs["logs_bucket"], Key="access/left-behind", Body=b""
    )

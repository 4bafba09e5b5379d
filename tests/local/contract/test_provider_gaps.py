"""What Terraform writes, it must read back: each value here made a plan differ or an apply fail."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import uuid4

import pytest

ROLE = "arn:aws:iam::123456789012:role/anything"


def _name(kind: str) -> str:
    return f"{kind}-{uuid4().hex[:10]}"


@pytest.mark.gap
def test_a_lifecycle_is_read_back_rule_by_rule(aws: Any) -> None:
    s3, bucket = aws.client("s3"), _name("lifecycle")
    s3.create_bucket(Bucket=bucket)
    tags = [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]
    rules = [
        {
            "ID": "versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
        },
        {
            "ID": "sizes",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "users/", "Tags": tags, "ObjectSizeGreaterThan": 131072}},
            "Transitions": [{"Days": 30, "StorageClass": "INTELLIGENT_TIERING"}],
        },
        {
            "ID": "small",
            "Status": "Enabled",
            "Filter": {"ObjectSizeLessThan": 500},
            "Expiration": {"Days": 1},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules})
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert found["Rules"] == rules
    assert found["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"
    s3.delete_bucket_lifecycle(Bucket=bucket)
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=bucket)


@pytest.mark.gap
def test_event_bridge_notifications_are_read_back(aws: Any) -> None:
    s3, bucket = aws.client("s3"), _name("notified")
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert found["EventBridgeConfiguration"] == {}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    found = s3.get_bucket_notification_configuration(Bucket=bucket)
    assert "EventBridgeConfiguration" not in found


@pytest.mark.gap
def test_how_a_topic_is_traced_is_read_back(aws: Any) -> None:
    sns = aws.client("sns")
    given = {"TracingConfig": "Active", "SignatureVersion": "2"}
    topic = sns.create_topic(Name=_name("traced"), Attributes=given)["TopicArn"]
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert given.items() <= attributes.items()
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="TracingConfig", AttributeValue="PassThrough"
    )
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["TracingConfig"] == "PassThrough"


@pytest.mark.gap
def test_the_rotation_period_of_a_key_is_read_back(aws: Any) -> None:
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    status = kms.get_key_rotation_status(KeyId=key)
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 180)
    kms.disable_key_rotation(KeyId=key)
    assert not kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]


@pytest.mark.gap
@pytest.mark.parametrize("given", ["STANDARD", "INFREQUENT_ACCESS"])
def test_the_class_of_a_log_group_is_read_back(aws: Any, given: str) -> None:
    logs, name = aws.client("logs"), _name("group")
    logs.create_log_group(logGroupName=name, logGroupClass=given)
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert group["logGroupClass"] == given


@pytest.mark.gap
def test_the_configuration_of_a_function_is_read_back(aws: Any) -> None:
    functions, name = aws.client("lambda"), _name("function")
    aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", "def app(event, context): return event")
    logging = {
        "LogFormat": "JSON",
        "ApplicationLogLevel": "DEBUG",
        "SystemLogLevel": "WARN",
        "LogGroup": "/waybill/logs",
    }
    functions.create_function(
        FunctionName=name,
        Role=f"arn:aws:iam::123456789012:role/{name}",
        Handler="app.app",
        Runtime="python3.13",
        Code={"ZipFile": archive.getvalue()},
        LoggingConfig=logging,
        TracingConfig={"Mode": "Active"},
    )
    found = functions.get_function_configuration(FunctionName=name)
    assert found["LoggingConfig"] == logging
    functions.update_function_configuration(
        FunctionName=name,
        TracingConfig={"Mode": "PassThrough"},
        EphemeralStorage={"Size": 1024},
        LoggingConfig={"LogFormat": "Text"},
    )
    found = functions.get_function_configuration(FunctionName=name)
    assert found["TracingConfig"] == {"Mode": "PassThrough"}
    assert found["EphemeralStorage"] == {"Size": 1024}
    assert found["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"}


def _document(**more: Any) -> dict[str, Any]:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
    proxy = {"type": "aws_proxy", "httpMethod": "POST", "uri": uri}
    pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
    return {
        "openapi": "3.0.1",
        "info": {"title": "Waybill", "version": "1"},
        "paths": {
            "/v1/files/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True}],
                "get": {
                    "operationId": "getFile",
                    "security": [{"people": ["waybill/files.read"]}],
                    "responses": {"200": {"description": "ok"}},
                    "x-amazon-apigateway-integration": proxy,
                },
                "options": {
                    "responses": {"204": {"description": "ok"}},
                    "x-amazon-apigateway-integration": {
                        "type": "mock",
                        "requestTemplates": {"application/json": '{"statusCode": 204}'},
                        "responses": {"default": {"statusCode": "204"}},
                    },
                },
            }
        },
        "components": {
            "securitySchemes": {
                "people": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "cognito_user_pools",
                    "x-amazon-apigateway-authorizer": {
                        "type": "cognito_user_pools",
                        "providerARNs": [pool],
                    },
                }
            }
        },
        "x-amazon-apigateway-binary-media-types": ["image/png"],
        **more,
    }


def _import(aws: Any, document: dict[str, Any]) -> tuple[Any, str]:
    gateway = aws.client("apigateway")
    api = gateway.create_rest_api(name=_name("api"))["id"]
    gateway.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document).encode())
    return gateway, api


@pytest.mark.gap
def test_an_imported_document_becomes_methods_with_their_authorizer(aws: Any) -> None:
    gateway, api = _import(aws, _document())
    resources = gateway.get_resources(restApiId=api)["items"]
    by_path = {resource["path"]: resource for resource in resources}
    assert by_path.keys() == {"/", "/v1", "/v1/files", "/v1/files/{id}"}
    leaf = by_path["/v1/files/{id}"]
    assert leaf["resourceMethods"].keys() == {"GET", "OPTIONS"}
    (authorizer,) = gateway.get_authorizers(restApiId=api)["items"]
    assert (authorizer["name"], authorizer["type"]) == ("people", "COGNITO_USER_POOLS")
    method = gateway.get_method(restApiId=api, resourceId=leaf["id"], httpMethod="GET")
    assert method["authorizationType"] == "COGNITO_USER_POOLS"
    assert method["authorizerId"] == authorizer["id"]
    assert method["authorizationScopes"] == ["waybill/files.read"]
    assert method["operationName"] == "getFile"
    assert gateway.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png"]


@pytest.mark.gap
def test_importing_twice_leaves_each_path_once(aws: Any) -> None:
    gateway, api = _import(aws, _document())
    for mode in ("overwrite", "merge"):
        body = json.dumps(_document()).encode()
        gateway.put_rest_api(restApiId=api, mode=mode, body=body)
        paths = [r["path"] for r in gateway.get_resources(restApiId=api)["items"]]
        assert sorted(paths) == ["/", "/v1", "/v1/files", "/v1/files/{id}"]
        assert len(gateway.get_authorizers(restApiId=api)["items"]) == 1


@pytest.mark.gap
def test_swagger_2_is_taken_too(aws: Any) -> None:
    document = _document(swagger="2.0")
    del document["openapi"]
    document["securityDefinitions"] = document.pop("components")["securitySchemes"]
    gateway, api = _import(aws, document)
    assert len(gateway.get_authorizers(restApiId=api)["items"]) == 1


@pytest.mark.gap
def test_the_policy_of_an_api_is_escaped_once(aws: Any) -> None:
    gateway = aws.client("apigateway")
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    api = gateway.create_rest_api(name=_name("api"), policy=policy)["id"]
    read = gateway.get_rest_api(restApiId=api)["policy"]
    assert json.loads(f'"{read}"') == policy


@pytest.mark.gap
def test_media_types_are_added_and_removed_by_name(aws: Any) -> None:
    gateway = aws.client("apigateway")
    api = gateway.create_rest_api(name=_name("api"))["id"]

    def change(op: str, name: str) -> list[str]:
        path = f"/binaryMediaTypes/{name.replace('/', '~1')}"
        gateway.update_rest_api(restApiId=api, patchOperations=[{"op": op, "path": path}])
        return list(gateway.get_rest_api(restApiId=api).get("binaryMediaTypes", []))

    assert change("add", "image/png") == ["image/png"]
    assert change("add", "application/octet-stream") == ["image/png", "application/octet-stream"]
    assert change("remove", "image/png") == ["application/octet-stream"]

"""Security settings as the services gave them back after an apply."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="session")
def every(resources):
    """Every resource of a kind, by address; there must be at least one."""

    def of_kind(kind):
        found = {
            address: values for address, values in resources.items() if f".{kind}." in f".{address}"
        }
        assert found, kind
        return found

    return of_kind


@pytest.fixture(scope="session")
def the(every):
    """The only resource of a kind whose address holds a word."""

    def only(kind, word=""):
        (values,) = (values for address, values in every(kind).items() if word in address)
        return values

    return only


def _statements(values):
    return {statement["Sid"]: statement for statement in json.loads(values["policy"])["Statement"]}


def test_every_bucket_is_closed_to_the_public_and_keeps_versions(every):
    buckets = {values["bucket"] for values in every("aws_s3_bucket").values()}
    for values in every("aws_s3_bucket_public_access_block").values():
        assert all(
            values[name]
            for name in (
                "block_public_acls",
                "block_public_policy",
                "ignore_public_acls",
                "restrict_public_buckets",
            )
        )
    for values in every("aws_s3_bucket_ownership_controls").values():
        assert values["rule"][0]["object_ownership"] == "BucketOwnerEnforced"
    for values in every("aws_s3_bucket_versioning").values():
        assert values["versioning_configuration"][0]["status"] == "Enabled"
    for kind in ("public_access_block", "ownership_controls", "versioning", "policy"):
        assert {values["bucket"] for values in every(f"aws_s3_bucket_{kind}").values()} == buckets


def test_every_bucket_tidies_up_after_unfinished_uploads(every):
    buckets = {values["bucket"] for values in every("aws_s3_bucket").values()}
    rules = every("aws_s3_bucket_lifecycle_configuration").values()
    assert {values["bucket"] for values in rules} == buckets
    for values in rules:
        assert any(rule["abort_incomplete_multipart_upload"] for rule in values["rule"])


def test_every_bucket_refuses_plain_http_and_old_tls(every):
    for values in every("aws_s3_bucket_policy").values():
        statements = _statements(values)
        plain, old = statements["NobodyComesOverPlainHttp"], statements["NobodyComesOverOldTls"]
        assert plain["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        assert old["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
        assert {plain["Effect"], old["Effect"]} == {"Deny"}
        assert {plain["Action"], old["Action"]} == {"s3:*"}


def test_files_are_encrypted_with_their_own_key(the):
    (rule,) = the("aws_s3_bucket_server_side_encryption_configuration", ".files")["rule"]
    assert rule["bucket_key_enabled"]
    (default,) = rule["apply_server_side_encryption_by_default"]
    assert default["sse_algorithm"] == "aws:kms"
    assert default["kms_master_key_id"] == the("aws_kms_key", "file_store")["arn"]


@pytest.mark.parametrize(
    ("statement", "action", "condition"),
    [
        (
            "NobodyUsesAnotherSignatureThanVersionFour",
            "s3:*",
            {"StringNotEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}},
        ),
        (
            "NoDownloadLinkOutlivesItsCap",
            "s3:GetObject*",
            {"NumericGreaterThan": {"s3:signatureAge": "300000"}},
        ),
        (
            "NoUploadFormOutlivesItsCap",
            "s3:PutObject",
            {"NumericGreaterThan": {"s3:signatureAge": "960000"}},
        ),
        ("NobodyUploadsExceptByForm", "s3:PutObject", {"StringNotEquals": {"s3:authType": "POST"}}),
    ],
)
def test_the_files_bucket_denies_whatever_a_role_allows(the, statement, action, condition):
    denied = _statements(the("aws_s3_bucket_policy", ".files"))[statement]
    assert denied["Effect"] == "Deny"
    assert denied["Principal"] == "*"
    assert denied["Action"] == action
    assert denied["Condition"] == condition


def test_only_the_signer_and_the_completion_of_uploads_read_files(the):
    denied = _statements(the("aws_s3_bucket_policy", ".files"))["NobodyReadsExceptTheSigner"]
    assert denied["Effect"] == "Deny"
    assert denied["Action"] == "s3:GetObject*"
    readers = {
        arn.rpartition("/")[2] for arn in denied["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    }
    assert readers == {"waybill-local-sign-link", "waybill-local-complete-upload-workflow"}


def test_access_logs_of_the_files_bucket_and_of_no_other_are_delivered(the):
    delivery = _statements(the("aws_s3_bucket_policy", ".logs"))[
        "S3DeliversAccessLogsOfTheFilesBucket"
    ]
    files, logs = the("aws_s3_bucket", ".files"), the("aws_s3_bucket", ".logs")
    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Resource"] == f"{logs['arn']}/access/*"
    assert delivery["Condition"] == {
        "ArnEquals": {"aws:SourceArn": files["arn"]},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    }
    logging = the("aws_s3_bucket_logging")
    assert (logging["bucket"], logging["target_prefix"]) == (files["bucket"], "access/")
    (partitions,) = logging["target_object_key_format"][0]["partitioned_prefix"]
    assert partitions["partition_date_source"] == "DeliveryTime"


def test_only_the_page_may_speak_to_the_bucket_from_a_browser(the):
    (rule,) = the("aws_s3_bucket_cors_configuration")["cors_rule"]
    assert rule["allowed_origins"] == ["http://localhost:5173"]
    assert "DELETE" not in rule["allowed_methods"]
    assert {"ETag", "x-amz-checksum-sha256", "x-amz-version-id"} <= set(rule["expose_headers"])


def test_tables_can_be_brought_back_and_are_encrypted_with_a_key_each(every):
    keys = set()
    for values in every("aws_dynamodb_table").values():
        assert values["billing_mode"] == "PAY_PER_REQUEST"
        assert values["point_in_time_recovery"][0]["enabled"]
        assert values["ttl"][0] == values["ttl"][0] | {
            "attribute_name": "purge_at",
            "enabled": True,
        }
        assert values["server_side_encryption"][0]["enabled"]
        keys.add(values["server_side_encryption"][0]["kms_key_arn"])
    assert len(keys) == len(every("aws_dynamodb_table"))


def test_every_key_rotates_and_is_used_through_services_only(every):
    for address, values in every("aws_kms_key").items():
        assert values["enable_key_rotation"], address
        for name, statement in _statements(values).items():
            if name == "AccountAdministersThisKey":
                assert not {"kms:Decrypt", "kms:Encrypt", "kms:*"} & set(statement["Action"])
            else:
                conditions = str(statement["Condition"])
                assert "kms:ViaService" in conditions or "kms:EncryptionContext" in conditions


def test_every_log_is_encrypted_and_ends_some_day(every):
    for address, values in every("aws_cloudwatch_log_group").items():
        assert values["kms_key_id"], address
        assert values["retention_in_days"] == 365, address


def test_every_function_is_traced_and_logs_as_json_into_a_group_of_its_own(every):
    functions = every("aws_lambda_function")
    groups = {values["logging_config"][0]["log_group"] for values in functions.values()}
    assert len(groups) == len(functions)
    for values in functions.values():
        assert values["tracing_config"][0]["mode"] == "Active"
        assert values["logging_config"][0]["log_format"] == "JSON"


def test_functions_are_called_by_our_own_pool_and_api_only(the, resources):
    pool = the("aws_lambda_permission", "identity")
    api = the("aws_lambda_permission", "api")
    assert pool["source_arn"] == the("aws_cognito_user_pool", ".people")["arn"]
    assert api["source_arn"].endswith(f":{the('aws_api_gateway_rest_api')['id']}/v1/*/*")
    assert {pool["source_account"], api["source_account"]} == {"123456789012"}
    assert sum(".aws_lambda_permission." in address for address in resources) == 2


def test_workflows_log_failures_without_what_they_carry(every):
    for values in every("aws_sfn_state_machine").values():
        assert values["type"] == "EXPRESS"
        (logging,) = values["logging_configuration"]
        assert (logging["level"], logging["include_execution_data"]) == ("ERROR", False)
        assert values["tracing_configuration"][0]["enabled"]


def test_the_access_log_holds_no_token_no_query_and_no_body(the):
    (settings,) = the("aws_api_gateway_stage")["access_log_settings"]
    fields = json.loads(settings["format"])
    assert {"requestId", "ip", "httpMethod", "resourcePath", "status", "sub"} <= set(fields)
    told = settings["format"].lower()
    for secret in ("header", "authorization", "querystring", "$context.path", "body"):
        assert secret not in told


def test_the_api_is_throttled_and_never_traces_data(the):
    (settings,) = the("aws_api_gateway_method_settings")["settings"]
    assert settings["throttling_rate_limit"] > 0
    assert settings["throttling_burst_limit"] > 0
    assert settings["logging_level"] == "ERROR"
    assert not settings["data_trace_enabled"]
    assert not settings["caching_enabled"]


def test_people_sign_in_by_code_grant_only_with_short_tokens(the):
    client = the("aws_cognito_user_pool_client")
    assert client["allowed_oauth_flows"] == ["code"]
    assert client["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["prevent_user_existence_errors"] == "ENABLED"
    assert client["enable_token_revocation"]
    assert 5 <= client["access_token_validity"] <= 15
    assert client["token_validity_units"][0]["access_token"] == "minutes"
    assert {"waybill/files", "waybill/admin"} <= set(client["allowed_oauth_scopes"])
    assert not client["generate_secret"]


def test_an_address_counts_only_when_it_is_proven(the):
    pool = the("aws_cognito_user_pool", ".people")
    assert pool["username_attributes"] == ["email"]
    assert not pool["username_configuration"][0]["case_sensitive"]
    assert pool["user_attribute_update_settings"] == [
        {"attributes_require_verification_before_update": ["email"]}
    ]
    assert [
        mechanism["name"] for mechanism in pool["account_recovery_setting"][0]["recovery_mechanism"]
    ] == ["verified_email"]


def test_only_sharing_publishes_and_only_mail_is_subscribed(the):
    statements = _statements(the("aws_sns_topic_policy"))
    publishing = statements["NobodyElsePublishes"]
    assert publishing["Effect"] == "Deny"
    assert publishing["Condition"]["ArnNotEquals"]["aws:PrincipalArn"].endswith(
        "/waybill-local-share-file-workflow"
    )
    subscribing = statements["NobodySubscribesByAnotherProtocol"]
    assert subscribing["Condition"] == {"StringNotEquals": {"sns:Protocol": "email"}}
    assert the("aws_sns_topic")["kms_master_key_id"] == the("aws_kms_key", "notifications")["arn"]

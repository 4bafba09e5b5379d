import pytest

from tools import facts

READY = {
    "endpoint": "http://127.0.0.1:4580",
    "api_endpoint": "http://127.0.0.1:4581",
    "access_key_id": "AKIAEXAMPLE",
    "secret_access_key": "secret",
    "region": "us-east-1",
    "account": "123456789012",
    "pid": 1,
}
NAMED = ("user_pool_id", "client_id", "rest_api_id", "files_bucket", "logs_bucket")
OUTPUTS = {name: name for name in (*NAMED, "permissions_table", "audit_table", "topic_arn")} | {
    "login_url": "http://127.0.0.1:4580",
    "state_machine_arns": {"download_file": "arn"},
    "function_names": {"api": "waybill-local-api"},
    "more": "than is needed",
}


def test_facts_join_the_addresses_of_the_process_and_the_names_of_terraform():
    found = facts.gathered(READY, OUTPUTS)
    assert found.api == "http://127.0.0.1:4581/v1"
    assert found.inbox == "http://127.0.0.1:4580/_local/mail/"
    assert found.functions["api"] == "waybill-local-api"
    assert found["audit_table"] == "audit_table"


def test_an_output_that_terraform_does_not_give_is_named():
    outputs = {name: value for name, value in OUTPUTS.items() if name != "topic_arn"}
    with pytest.raises(KeyError, match="topic_arn"):
        facts.gathered(READY, outputs)

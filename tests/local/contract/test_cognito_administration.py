"""The calls Terraform makes for a user pool, and what it reads back."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.contract.test_cognito import refused
from tests.local.pools import make_pool

pytestmark = pytest.mark.gap


@pytest.fixture(scope="module")
def pool(aws):
    return make_pool(aws)


def test_a_resource_server_is_changed_and_deleted(pool):
    server = {"UserPoolId": pool.id, "Identifier": "files"}
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read"}]
    pool.idp.create_resource_server(**server, Name="files", Scopes=scopes)
    pool.idp.update_resource_server(**server, Name="all files", Scopes=[])
    assert pool.idp.describe_resource_server(**server)["ResourceServer"]["Name"] == "all files"
    pool.idp.delete_resource_server(**server)
    assert refused(pool.idp.describe_resource_server, **server)[0] == "ResourceNotFoundException"


def test_a_risk_configuration_is_read_back(pool):
    settings = {"EventFilter": ["SIGN_IN"], "Actions": {"EventAction": "BLOCK"}}
    pool.idp.set_risk_configuration(
        UserPoolId=pool.id, CompromisedCredentialsRiskConfiguration=settings
    )
    read = pool.idp.describe_risk_configuration(UserPoolId=pool.id)["RiskConfiguration"]
    assert read["CompromisedCredentialsRiskConfiguration"] == settings


def test_a_style_is_read_back(pool):
    pool.idp.set_ui_customization(UserPoolId=pool.id, CSS=".banner { color: green }")
    read = pool.idp.get_ui_customization(UserPoolId=pool.id)["UICustomization"]
    assert (read["ClientId"], read["CSS"]) == ("ALL", ".banner { color: green }")


def test_a_branding_is_made_found_and_deleted(pool):
    made = pool.idp.create_managed_login_branding(
        UserPoolId=pool.id, ClientId=pool.client_id, UseCognitoProvidedValues=True
    )["ManagedLoginBranding"]
    by_client = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    found = pool.idp.describe_managed_login_branding_by_client(**by_client)
    assert found["ManagedLoginBranding"]["ManagedLoginBrandingId"] == made["ManagedLoginBrandingId"]
    pool.idp.delete_managed_login_branding(
        UserPoolId=pool.id, ManagedLoginBrandingId=made["ManagedLoginBrandingId"]
    )
    with pytest.raises(ClientError):
        pool.idp.describe_managed_login_branding_by_client(**by_client)


def test_a_clients_removed_setting_is_gone(pool):
    client = pool.client(CallbackURLs=["http://localhost:5173/callback", "http://localhost:1/x"])
    same = {name: client[name] for name in ("UserPoolId", "ClientId", "ClientName")}
    updated = pool.idp.update_user_pool_client(**same)["UserPoolClient"]
    assert "CallbackURLs" not in updated


def test_a_pool_with_a_domain_is_not_deleted(pool):
    assert refused(pool.idp.delete_user_pool, UserPoolId=pool.id)[0] == "InvalidParameterException"


def test_a_domain_keeps_the_version_of_its_pages(aws):
    other = make_pool(aws)
    domain = other.idp.describe_user_pool(UserPoolId=other.id)["UserPool"]["Domain"]
    change = {"Domain": domain, "UserPoolId": other.id, "ManagedLoginVersion": 2}
    other.idp.update_user_pool_domain(**change)
    read = other.idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]
    assert read["ManagedLoginVersion"] == 2

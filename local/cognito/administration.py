"""Calls of a pool's administration that the Terraform provider makes and moto lacks.

Threat protection, hosted-page styling and branding are kept and read back; nothing acts on them.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult

from local.cognito.pools import Beside, Pool, find_client, refusal
from local.patching import add, patch
from local.runtime import RUNTIME

if TYPE_CHECKING:
    from collections.abc import Callable

_RESPONSE = "moto.cognitoidp.responses:CognitoIdpResponse"
_WHOLE_POOL = "ALL"

Kept = dict[str, dict[str, Any]]

_risk: Beside[Kept] = Beside(dict)
_styles: Beside[Kept] = Beside(dict)
_brandings: Beside[Kept] = Beside(dict)
_log_delivery: Beside[Kept] = Beside(dict)
_login_versions: Beside[dict[str, int]] = Beside(dict)


def _pool(response: Any) -> Pool:
    return response.backend.describe_user_pool(response._get_param("UserPoolId"))


@add(f"{_RESPONSE}.delete_resource_server")
def delete_resource_server(self: Any) -> EmptyResult:
    pool, identifier = _pool(self), self._get_param("Identifier")
    self.backend.describe_resource_server(pool.id, identifier)
    del pool.resource_servers[identifier]
    return EmptyResult()


@add(f"{_RESPONSE}.update_resource_server")
def update_resource_server(self: Any) -> ActionResult:
    server = self.backend.describe_resource_server(_pool(self).id, self._get_param("Identifier"))
    server.name, server.scopes = self._get_param("Name"), self._get_param("Scopes") or []
    return ActionResult({"ResourceServer": server.to_json()})


@add(f"{_RESPONSE}.set_risk_configuration")
def set_risk_configuration(self: Any) -> ActionResult:
    pool, client_id = _pool(self), self._get_param("ClientId")
    names = (
        "CompromisedCredentialsRiskConfiguration",
        "AccountTakeoverRiskConfiguration",
        "RiskExceptionConfiguration",
    )
    settings: dict[str, Any] = {"UserPoolId": pool.id}
    settings |= {name: self._get_param(name) for name in names if self._get_param(name)}
    if client_id:
        settings["ClientId"] = client_id
    _risk.of(pool)[client_id or _WHOLE_POOL] = settings
    return ActionResult({"RiskConfiguration": settings})


@add(f"{_RESPONSE}.describe_risk_configuration")
def describe_risk_configuration(self: Any) -> ActionResult:
    pool, client_id = _pool(self), self._get_param("ClientId")
    settings = _risk.of(pool).get(client_id or _WHOLE_POOL) or {"UserPoolId": pool.id}
    return ActionResult({"RiskConfiguration": settings})


@add(f"{_RESPONSE}.set_ui_customization")
def set_ui_customization(self: Any) -> ActionResult:
    pool, client_id = _pool(self), self._get_param("ClientId") or _WHOLE_POOL
    now = time.time()
    before = _styles.of(pool).get(client_id, {})
    style = {
        "UserPoolId": pool.id,
        "ClientId": client_id,
        "CSS": self._get_param("CSS") or "",
        "CSSVersion": time.strftime("%Y%m%d%H%M%S", time.gmtime(now)),
        "CreationDate": before.get("CreationDate", now),
        "LastModifiedDate": now,
    }
    _styles.of(pool)[client_id] = style
    return ActionResult({"UICustomization": style})


@add(f"{_RESPONSE}.get_ui_customization")
def get_ui_customization(self: Any) -> ActionResult:
    pool, client_id = _pool(self), self._get_param("ClientId") or _WHOLE_POOL
    style = _styles.of(pool).get(client_id) or {"UserPoolId": pool.id, "ClientId": client_id}
    return ActionResult({"UICustomization": style})


@add(f"{_RESPONSE}.create_managed_login_branding")
def create_managed_login_branding(self: Any) -> ActionResult:
    pool, client_id = _pool(self), self._get_param("ClientId")
    find_client(client_id)
    if any(known["ClientId"] == client_id for known in _brandings.of(pool).values()):
        raise refusal("ManagedLoginBrandingExistsException", "This client has a branding already.")
    now = time.time()
    branding = {
        "ManagedLoginBrandingId": str(uuid.uuid4()),
        "UserPoolId": pool.id,
        "ClientId": client_id,
        "CreationDate": now,
        **_brand(self, now),
    }
    _brandings.of(pool)[branding["ManagedLoginBrandingId"]] = branding
    return _branding_result(branding)


@add(f"{_RESPONSE}.update_managed_login_branding")
def update_managed_login_branding(self: Any) -> ActionResult:
    branding = _branding(self)
    branding.update(_brand(self, time.time()))
    return _branding_result(branding)


@add(f"{_RESPONSE}.describe_managed_login_branding")
def describe_managed_login_branding(self: Any) -> ActionResult:
    return _branding_result(_branding(self))


@add(f"{_RESPONSE}.describe_managed_login_branding_by_client")
def describe_managed_login_branding_by_client(self: Any) -> ActionResult:
    client_id = self._get_param("ClientId")
    for branding in _brandings.of(_pool(self)).values():
        if branding["ClientId"] == client_id:
            return _branding_result(branding)
    raise refusal("ResourceNotFoundException", f"No branding for client {client_id}.")


@add(f"{_RESPONSE}.delete_managed_login_branding")
def delete_managed_login_branding(self: Any) -> EmptyResult:
    branding = _branding(self)
    del _brandings.of(_pool(self))[branding["ManagedLoginBrandingId"]]
    return EmptyResult()


def _brand(response: Any, now: float) -> dict[str, Any]:
    return {
        "UseCognitoProvidedValues": bool(response._get_param("UseCognitoProvidedValues")),
        "Settings": response._get_param("Settings"),
        "Assets": response._get_param("Assets") or [],
        "LastModifiedDate": now,
    }


def _branding(response: Any) -> dict[str, Any]:
    wanted = response._get_param("ManagedLoginBrandingId")
    branding = _brandings.of(_pool(response)).get(wanted)
    if branding is None:
        raise refusal("ResourceNotFoundException", f"Managed login branding {wanted} not found.")
    return branding


def _branding_result(branding: dict[str, Any]) -> ActionResult:
    return ActionResult({"ManagedLoginBranding": branding})


@add(f"{_RESPONSE}.set_log_delivery_configuration")
def set_log_delivery_configuration(self: Any) -> ActionResult:
    pool = _pool(self)
    settings = {"UserPoolId": pool.id, "LogConfigurations": self._get_param("LogConfigurations")}
    _log_delivery.of(pool)[_WHOLE_POOL] = settings
    return ActionResult({"LogDeliveryConfiguration": settings})


@add(f"{_RESPONSE}.get_log_delivery_configuration")
def get_log_delivery_configuration(self: Any) -> ActionResult:
    pool = _pool(self)
    settings = _log_delivery.of(pool).get(_WHOLE_POOL)
    return ActionResult(
        {"LogDeliveryConfiguration": settings or {"UserPoolId": pool.id, "LogConfigurations": []}}
    )


@patch(f"{_RESPONSE}.create_user_pool_domain")
def create_user_pool_domain(original: Callable[..., ActionResult], self: Any) -> ActionResult:
    return _keep_login_version(original, self)


@patch(f"{_RESPONSE}.update_user_pool_domain")
def update_user_pool_domain(original: Callable[..., ActionResult], self: Any) -> ActionResult:
    return _keep_login_version(original, self)


def _keep_login_version(original: Callable[..., ActionResult], response: Any) -> ActionResult:
    """Keep the version of the pages (1 classic, 2 managed login), which moto drops."""
    result: ActionResult = original(response)
    domain = response.backend.describe_user_pool_domain(response._get_param("Domain"))
    version = response._get_param("ManagedLoginVersion")
    kept = _login_versions.of(domain)
    kept["version"] = version or kept.get("version", 1)
    result.result["ManagedLoginVersion"] = kept["version"]
    return result


@patch("moto.cognitoidp.models:CognitoIdpUserPoolDomain.to_json")
def domain_to_json(
    original: Callable[..., dict[str, Any]], self: Any, *, extended: bool = True
) -> dict[str, Any]:
    described = original(self, extended=extended)
    if extended:
        version = _login_versions.of(self).get("version", 1)
        # moto invents a fresh account id for every answer.
        described |= {"ManagedLoginVersion": version, "AWSAccountId": RUNTIME.account}
    return described

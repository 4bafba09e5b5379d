"""User pool settings that Terraform reads back and moto forgets: the tier, a domain's login pages.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DomainDescriptionType.html
"""

from __future__ import annotations

from typing import Any

from local.patching import patch

_DEFAULT_TIER = "ESSENTIALS"
_HOSTED_UI_VERSION = 1


@patch("moto.cognitoidp.models:CognitoIdpUserPool.to_json")
def _to_json(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    described = original(self, *args, **kwargs)
    # AWS gives every pool a tier; the calls that leave it out do not take it away.
    self.tier = self.extended_config.get("UserPoolTier") or getattr(self, "tier", _DEFAULT_TIER)
    if "SchemaAttributes" in described:
        described["UserPoolTier"] = self.tier
    return described


@patch("moto.cognitoidp.responses:CognitoIdpResponse.create_user_pool_domain")
def _create_user_pool_domain(original: Any, self: Any) -> Any:
    return _with_login_version(original(self), self)


@patch("moto.cognitoidp.responses:CognitoIdpResponse.update_user_pool_domain")
def _update_user_pool_domain(original: Any, self: Any) -> Any:
    return _with_login_version(original(self), self)


@patch("moto.cognitoidp.responses:CognitoIdpResponse.describe_user_pool_domain")
def _describe_user_pool_domain(original: Any, self: Any) -> Any:
    answer = original(self)
    domain = self.backend.user_pool_domains.get(self._get_param("Domain"))
    if domain is not None:
        version = getattr(domain, "login_version", _HOSTED_UI_VERSION)
        answer.result["DomainDescription"]["ManagedLoginVersion"] = version
    return answer


def _with_login_version(answer: Any, response: Any) -> Any:
    domain = response.backend.user_pool_domains[response._get_param("Domain")]
    given = response._get_param("ManagedLoginVersion")
    domain.login_version = given or getattr(domain, "login_version", _HOSTED_UI_VERSION)
    answer.result["ManagedLoginVersion"] = domain.login_version
    return answer

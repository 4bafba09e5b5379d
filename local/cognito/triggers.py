"""Cognito's Lambda triggers: PreSignUp, PostConfirmation and PreTokenGeneration (V1 and V2).

Wrong in moto: LambdaConfig is stored and never called.
https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from local.cognito.pools import Pool, User, refusal

NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"


@dataclass(frozen=True)
class _Occasion:
    """Which trigger runs, on what occasion, about whom, through which client."""

    trigger: str
    source: str
    username: str
    client_id: str | None


def pre_sign_up(
    pool: Pool,
    client_id: str | None,
    username: str,
    request: dict[str, Any],
    source: str = "PreSignUp_SignUp",
) -> dict[str, Any]:
    """The trigger's decision: autoConfirmUser, autoVerifyEmail, autoVerifyPhone.

    `request` holds userAttributes, validationData and clientMetadata.
    """
    response = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
    occasion = _Occasion("PreSignUp", source, username, client_id)
    return _call(pool, occasion, request, response) or response


def post_confirmation(pool: Pool, client_id: str | None, user: User) -> None:
    source = "PostConfirmation_ConfirmSignUp"
    occasion = _Occasion("PostConfirmation", source, user.username, client_id)
    _call(pool, occasion, {"userAttributes": attributes_of(user)}, {})


def pre_token_generation(
    pool: Pool, client_id: str, user: User, scopes: list[str], source: str
) -> tuple[str, dict[str, Any]]:
    """The trigger's version and its `claimsOverrideDetails` or `claimsAndScopeOverrideDetails`."""
    version = token_trigger_version(pool)
    key = "claimsOverrideDetails" if version == "V1_0" else "claimsAndScopeOverrideDetails"
    request: dict[str, Any] = {
        "userAttributes": attributes_of(user),
        "groupConfiguration": {
            "groupsToOverride": group_names(user),
            "iamRolesToOverride": [],
            "preferredRole": None,
        },
    }
    if version != "V1_0":
        request["scopes"] = scopes
    occasion = _Occasion("PreTokenGeneration", source, user.username, client_id)
    answer = _call(pool, occasion, request, {key: None})
    return version, (answer or {}).get(key) or {}


def token_trigger_version(pool: Pool) -> str:
    settings = (pool.extended_config.get("LambdaConfig") or {}).get("PreTokenGenerationConfig")
    return str((settings or {}).get("LambdaVersion") or "V1_0")


def attributes_of(user: User) -> dict[str, str]:
    status = getattr(user.status, "value", user.status)
    return {**user.attribute_lookup, "cognito:user_status": status}


def group_names(user: User) -> list[str]:
    """The person's groups, the most important (lowest precedence) first, as in the claim."""
    ranked = sorted(
        user.groups,
        key=lambda group: (group.precedence is None, group.precedence or 0, group.group_name),
    )
    return [group.group_name for group in ranked]


def _function_arn(pool: Pool, trigger: str) -> str | None:
    settings = pool.extended_config.get("LambdaConfig") or {}
    versioned = settings.get(f"{trigger}Config") or {}
    arn: str | None = versioned.get("LambdaArn") or settings.get(trigger)
    return arn


def _call(
    pool: Pool, occasion: _Occasion, request: dict[str, Any], response: dict[str, Any]
) -> dict[str, Any] | None:
    arn = _function_arn(pool, occasion.trigger)
    if arn is None:
        return None
    versioned = occasion.trigger == "PreTokenGeneration"
    event = {
        "version": token_trigger_version(pool)[1:2] if versioned else "1",
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": occasion.username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": occasion.client_id or NO_CLIENT,
        },
        "triggerSource": occasion.source,
        "request": request,
        "response": response,
    }
    return _invoke(occasion.trigger, arn, event)


def _invoke(trigger: str, arn: str, event: dict[str, Any]) -> dict[str, Any]:
    # Imported late: lambdas is another service, and a pool without triggers does not need it.
    from local import lambdas

    invocation = lambdas.invoke(arn, json.dumps(event).encode())
    answer = json.loads(invocation.payload or b"null")
    if invocation.error:
        reason = (answer or {}).get("errorMessage", "unknown")
        raise refusal("UserLambdaValidationException", f"{trigger} failed with error {reason}.")
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
        raise refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")
    decision: dict[str, Any] = answer["response"]
    return decision

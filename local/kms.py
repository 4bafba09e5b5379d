"""KMS settings that moto takes and forgets: the period in which a key's material is rotated.

https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from local.patching import patch

_DEFAULT_PERIOD_DAYS = 365


@patch("moto.kms.responses:KmsResponse.enable_key_rotation")
def _enable_key_rotation(original: Any, self: Any) -> Any:
    answer = original(self)
    key = _key(self)
    key.rotation_period_days = self._get_param("RotationPeriodInDays") or _DEFAULT_PERIOD_DAYS
    key.rotation_enabled_at = dt.datetime.now(dt.UTC)
    return answer


@patch("moto.kms.responses:KmsResponse.get_key_rotation_status")
def _get_key_rotation_status(original: Any, self: Any) -> Any:
    answer = json.loads(original(self))
    key = _key(self)
    answer["KeyId"] = key.id
    if answer["KeyRotationEnabled"]:
        days = getattr(key, "rotation_period_days", _DEFAULT_PERIOD_DAYS)
        since = getattr(key, "rotation_enabled_at", dt.datetime.now(dt.UTC))
        answer["RotationPeriodInDays"] = days
        answer["NextRotationDate"] = (since + dt.timedelta(days=days)).timestamp()
    return json.dumps(answer)


def _key(response: Any) -> Any:
    backend = response.kms_backend
    return backend.keys[backend.get_key_id(response._get_param("KeyId"))]

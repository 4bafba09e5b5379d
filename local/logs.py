"""CloudWatch Logs: the class of a log group, which moto takes and forgets.

Terraform reads it back, misses it and would replace the group, with all its records, every time.
"""

from __future__ import annotations

from typing import Any

from local.patching import patch

_DEFAULT_CLASS = "STANDARD"


@patch("moto.logs.responses:LogsResponse.create_log_group")
def _create_log_group(original: Any, self: Any) -> Any:
    answer = original(self)
    group = self.logs_backend.groups[self._get_param("logGroupName")]
    group.log_group_class = self._get_param("logGroupClass") or _DEFAULT_CLASS
    return answer


@patch("moto.logs.models:LogGroup.to_describe_dict")
def _to_describe_dict(original: Any, self: Any) -> Any:
    described = original(self)
    described["logGroupClass"] = getattr(self, "log_group_class", _DEFAULT_CLASS)
    return described

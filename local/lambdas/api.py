"""Lambda's configuration, read back as it was written.

moto drops a function's logging and dead-letter settings, and on an update its tracing, key and
storage too; Terraform then sees a difference in every plan, and moves the function's aliases.

https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
"""

from __future__ import annotations

from typing import Any

from local.patching import patch

_KEPT = ("LoggingConfig", "DeadLetterConfig")


@patch("moto.awslambda.models:LambdaFunction.__init__")
def _init(original: Any, self: Any, account_id: str, spec: dict[str, Any], *args: Any,
          **kwargs: Any) -> None:  # fmt: skip
    original(self, account_id, spec, *args, **kwargs)
    self.kept_settings = {name: spec[name] for name in _KEPT if spec.get(name)}


@patch("moto.awslambda.models:LambdaFunction.update_configuration")
def _update_configuration(original: Any, self: Any, config_updates: dict[str, Any]) -> Any:
    self.kept_settings |= {name: config_updates[name] for name in _KEPT if name in config_updates}
    self.tracing_config = config_updates.get("TracingConfig") or self.tracing_config
    self.kms_key_arn = config_updates.get("KMSKeyArn", self.kms_key_arn)
    if "EphemeralStorage" in config_updates:
        self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
    return original(self, config_updates)


@patch("moto.awslambda.models:LambdaFunction.get_configuration")
def _get_configuration(original: Any, self: Any, *args: Any, **kwargs: Any) -> Any:
    configuration = original(self, *args, **kwargs)
    kept = self.kept_settings
    if kept.get("DeadLetterConfig", {}).get("TargetArn"):
        configuration["DeadLetterConfig"] = kept["DeadLetterConfig"]
    configuration["LoggingConfig"] = _logging(self.function_name, kept.get("LoggingConfig") or {})
    return configuration


def _logging(function_name: str, given: dict[str, Any]) -> dict[str, Any]:
    defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function_name}"}
    if given.get("LogFormat") == "JSON":
        defaults |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    return {**defaults, **given}

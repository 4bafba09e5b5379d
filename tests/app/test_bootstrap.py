"""Services are built once, from the function's own settings, and no function pays for another's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app import bootstrap
from app.settings import MissingSettingError, Settings

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = ["start_upload", "complete_upload", "share_file", "download_file"]


@pytest.mark.parametrize("step", HANDLERS)
def test_importing_a_step_loads_neither_the_api_nor_boto3(step):
    program = f"import sys, app.steps.{step}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"boto3", "botocore", "chalice", "pydantic", "app.api"} & set(loaded)


def test_a_setting_nobody_gave_is_named():
    with pytest.raises(MissingSettingError, match="PERMISSIONS_TABLE"):
        _ = Settings({}).permissions_table


def test_what_may_be_left_out_has_its_documented_value():
    settings = Settings({})
    assert settings.link_lifetime_seconds == 120
    assert settings.upload_lifetime_seconds == 900
    assert settings.upload_limit_bytes == 5 * 1024**3
    assert settings.allowed_origin == ""
    limits = settings.term_limits
    assert (limits.longest_share_days, limits.default_share_days) == (365, 14)


def test_client_ids_come_as_a_list():
    assert Settings({"CLIENT_IDS": "a,b"}).client_ids == {"a", "b"}


def test_services_are_built_once(services):
    assert bootstrap.services() is services
    assert services.files is services.files


@pytest.mark.parametrize(("service", "attempts"), [("stepfunctions", 1), ("dynamodb", 3)])
def test_an_execution_is_started_at_most_once_and_reads_are_tried_again(
    services, service, attempts
):
    """Started twice, an execution would find its own record and be told that it failed."""
    client = bootstrap._client(service)
    assert services
    assert client.meta.config.retries["total_max_attempts"] == attempts
    assert client.meta.config.read_timeout < 29

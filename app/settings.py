"""Environment -> one frozen object. The only reader of `os.environ`."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.domain.sharing import TermLimits

if TYPE_CHECKING:
    from collections.abc import Mapping


class MissingSettingError(RuntimeError):
    """A function asked for a setting that its Terraform does not give it."""


@dataclass(frozen=True)
class Settings:
    """Read lazily: each function is given only the names it needs, and asks only for those."""

    environment: Mapping[str, str]

    def _text(self, name: str) -> str:
        try:
            return self.environment[name]
        except KeyError:
            raise MissingSettingError(f"the environment variable {name} is not set") from None

    def _number(self, name: str, default: int) -> int:
        return int(self.environment.get(name, default))

    @property
    def permissions_table(self) -> str:
        return self._text("PERMISSIONS_TABLE")

    @property
    def audit_table(self) -> str:
        return self._text("AUDIT_TABLE")

    @property
    def files_bucket(self) -> str:
        return self._text("FILES_BUCKET")

    @property
    def user_pool_id(self) -> str:
        return self._text("USER_POOL_ID")

    @property
    def client_ids(self) -> frozenset[str]:
        """The app clients whose tokens the API accepts."""
        return frozenset(self._text("CLIENT_IDS").split(","))

    @property
    def topic_arn(self) -> str:
        return self._text("TOPIC_ARN")

    @property
    def web_url(self) -> str:
        return self._text("WEB_URL").rstrip("/")

    @property
    def allowed_origin(self) -> str:
        return self.environment.get("ALLOWED_ORIGIN", "")

    @property
    def state_machines(self) -> dict[str, str]:
        """Workflow name -> state machine ARN."""
        return cast("dict[str, str]", json.loads(self._text("STATE_MACHINES")))

    @property
    def link_lifetime_seconds(self) -> int:
        return self._number("LINK_LIFETIME_SECONDS", 120)

    @property
    def upload_lifetime_seconds(self) -> int:
        return self._number("UPLOAD_LIFETIME_SECONDS", 15 * 60)

    @property
    def upload_limit_bytes(self) -> int:
        """At most 5 GiB: the limit of one POST (docs.aws.amazon.com/AmazonS3, object uploads)."""
        return self._number("UPLOAD_LIMIT_BYTES", 5 * 1024**3)

    @property
    def audit_retention_days(self) -> int:
        return self._number("AUDIT_RETENTION_DAYS", 400)

    @property
    def term_limits(self) -> TermLimits:
        return TermLimits(
            longest_share_days=self._number("LONGEST_SHARE_DAYS", 365),
            largest_download_limit=self._number("LARGEST_DOWNLOAD_LIMIT", 1000),
            default_share_days=self._number("DEFAULT_SHARE_DAYS", 14),
        )


def from_environment() -> Settings:
    return Settings(dict(os.environ))

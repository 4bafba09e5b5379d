"""Waybill's Chalice application.

`app` is handed out on first use (PEP 562): Lambda imports `app.app` for the API, while a workflow
step imports `app.steps.…` and must not pay for the API's imports on a cold start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalice import Chalice

    app: Chalice


def __getattr__(name: str) -> Any:
    if name == "app":
        from app.api import app as chalice_app

        return chalice_app
    raise AttributeError(name)

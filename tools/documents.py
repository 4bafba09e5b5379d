"""Writes the API's two documents: for people (OpenAPI 3.1) and for API Gateway."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

from tools import paths

if TYPE_CHECKING:
    from pathlib import Path


def product_version() -> str:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def write(build: Path) -> None:
    """Write openapi.json and gateway.json; files that would not change are left alone."""
    # Imported here: what else this command builds needs no app that imports.
    from app.contract import openapi
    from tools import gateway_document

    version = product_version()
    _write(build / "openapi.json", openapi.document(version))
    _write(build / "gateway.json", gateway_document.document(version))


def _write(path: Path, document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if path.is_file() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
